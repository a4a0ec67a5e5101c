/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the device layer keeps in saved memory: plain records without pointers, each with the
 * driver's state behind it. Fields are only ever added, at the end: base/saved.h says why.
 *
 * Committed records have a sum: their `sum` tells a successor that nobody has scribbled on them.
 * Only a commit writes them. What is written beside, by one store each, carries a check of its own.
 *
 * A request has a slot. The first RECORD_NODES slots are receive buffers, one for each node, where
 * the next request arrives; the others hold parked requests.
 */
#ifndef DEVICE_RECORD_H
#define DEVICE_RECORD_H

#include <cuio/driver.h>
#include <stdbool.h>
#include <stdint.h>

#define RECORD_NODES   16U
#define RECORD_WAITING 256U
#define RECORD_PARKED  (RECORD_WAITING + 1U) /* the last is for one that has the device's lock */
#define RECORD_SLOTS   (RECORD_NODES + RECORD_PARKED)
#define RECORD_FILES   1024U
#define SLOT_NONE      UINT32_MAX
#define FILE_NONE      UINT32_MAX
#define TIME_NEVER     UINT64_MAX

/* Whether it is a receive buffer, whose request was just received. */
static inline bool slot_is_received(uint32_t slot)
{
	return slot < RECORD_NODES;
}

static inline bool slot_is_parked(uint32_t slot)
{
	return !slot_is_received(slot);
}

#define for_each_parked_slot(slot) for (uint32_t slot = RECORD_NODES; slot < RECORD_SLOTS; slot++)

enum request_operation {
	REQUEST_NONE,
	REQUEST_OPEN,
	REQUEST_RELEASE,
	REQUEST_READ,
	REQUEST_WRITE,
	REQUEST_IOCTL,
	REQUEST_POLL,
};

/* One system call being served. */
struct request_record {
	uint32_t operation; /* REQUEST_NONE: the slot is free */
	uint32_t node;
	uint64_t unique; /* the kernel's number for it, on its node's channel */
	uint64_t turn;	 /* parked ones are asked again in this order */
	uint64_t offset;
	uint64_t argument; /* the third of ioctl(2); the handle of a poll waiter */
	uint64_t deadline; /* asked again no later than this; TIME_NEVER */
	uint32_t file;
	uint32_t flags; /* of open(2), as they are for this request */
	uint32_t pid, uid;
	uint32_t size; /* bytes asked for by a read; events by a poll */
	uint32_t command;
	uint32_t in_size, out_size; /* bytes from and to the caller */
	uint32_t compat;	    /* a 32-bit caller */
	uint32_t begun;		    /* the driver has seen it; somebody will sleep in a poll */
	uint32_t crashes; /* how often the process crashed inside it; with its check, not in the sum
			   */
	uint16_t survived; /* calls since then that came back with "not yet"; not in the sum */
	uint8_t touched;   /* the hardware may have seen something of it; not in the sum */
	uint8_t replays;   /* of its crashes, those that are counted as replayed */
	uint64_t sum;
	uint32_t positioned; /* `offset` is a position in the node, which is a file */
	uint32_t progress;   /* bytes of a write that are done, while it waits for the rest */
	uint64_t state[];
};

struct file_record {
	uint32_t used;
	uint32_t node;
	uint32_t flags;
	uint32_t control;    /* opened with access mode 3: never reached the driver */
	uint32_t poll_armed; /* somebody sleeps in poll on it */
	uint32_t poll_events;
	uint32_t poll_seen; /* what the last answer or notification said */
	uint32_t reserved;
	uint64_t poll_handle; /* the kernel's name for the poll waiters */
	uint64_t sum;
	uint64_t state[];
};

struct device_record {
	uint64_t requests; /* answered */
	uint64_t interrupts;
	uint64_t replayed;
	uint64_t crash_errors;
	uint64_t next_turn;
	uint64_t cause;			  /* of an interrupt: read, saved, not yet handled */
	uint64_t last_cause;		  /* of the last one handled */
	uint64_t timers[CUIO_TIMERS_MAX]; /* TIME_NEVER: off */
	uint32_t lock_owner; /* slot of the request that has the device's lock; SLOT_NONE */
	uint32_t open_files;
	uint32_t started; /* start() has set the hardware up */
	uint32_t reserved;
	uint64_t sum;
	uint64_t state[];
};

enum transaction_phase {
	PHASE_IDLE,
	PHASE_RUNNING,	 /* inside the driver: after a crash it never was */
	PHASE_COMMITTED, /* to be applied, and answered unless it was parked */
	PHASE_APPLYING,	 /* a checkpoint: to be applied, and the driver goes on */
};

/* What the call was for. */
enum transaction_subject {
	SUBJECT_REQUEST,
	SUBJECT_START,
	SUBJECT_CAUSE, /* of an interrupt, when that was a call of its own */
	SUBJECT_INTERRUPT,
	SUBJECT_TIMER,
	SUBJECT_CANCEL,
	SUBJECT_POLL, /* whether a poll waiter is to be woken */
};

struct transaction {
	uint32_t phase; /* with its check, not in the sum */
	uint32_t subject;
	uint32_t slot;	  /* the request served; SLOT_NONE */
	uint32_t to_slot; /* where it goes on waiting; SLOT_NONE: it is answered */
	uint32_t file;	  /* its file; FILE_NONE */
	uint32_t reply_size;
	int64_t result;
	uint64_t sum;	  /* once committed */
	uint32_t touched; /* the call may have changed the hardware; not in the sum */
	uint32_t reserved;
	uint64_t cause; /* of the interrupt that is being handled; not in the sum */
};

/* One word, for the log: "read"; "interrupt". */
const char *request_operation_name(uint32_t operation);
const char *transaction_subject_name(uint32_t subject);

/* The reply's data: what a read returns, or an ioctl's argument. */
#define TRANSACTION_REPLY_MAX (CUIO_TRANSFER_MAX + 4096U)

#endif
