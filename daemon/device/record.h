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

static inline bool slot_is_valid(uint32_t slot)
{
	return slot < RECORD_SLOTS;
}

/* The slots of parked requests, counted from 0. */
static inline uint32_t slot_parked(uint32_t index)
{
	return RECORD_NODES + index;
}

static inline uint32_t slot_parked_index(uint32_t slot)
{
	return slot - RECORD_NODES;
}

#define for_each_slot(slot)	   for (uint32_t slot = 0; slot_is_valid(slot); slot++)
#define for_each_parked_slot(slot) for (uint32_t slot = slot_parked(0); slot_is_valid(slot); slot++)

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
	uint32_t operation; /* REQUEST_NONE: there is no request in this slot */
	uint32_t node;
	uint64_t unique;      /* the kernel's number for it, on its node's channel */
	uint64_t turn;	      /* parked ones are asked again in this order */
	uint64_t deadline;    /* asked again no later than this; TIME_NEVER */
	uint64_t offset;      /* of this piece, in a stream's read or write that comes in several */
	uint64_t position;    /* in the node, if `positioned` */
	uint64_t argument;    /* the third of ioctl(2) */
	uint64_t poll_handle; /* the kernel's name for the poll waiters */
	uint32_t file;
	uint32_t flags; /* of open(2), as they are for this request */
	uint32_t pid, uid;
	uint32_t size; /* bytes asked for by a read */
	uint32_t command;
	uint32_t in_size, out_size; /* bytes from and to the caller */
	uint32_t poll_events;
	uint32_t progress;   /* bytes of a write that are done, while it waits for the rest */
	uint32_t compat;     /* a 32-bit caller */
	uint16_t positioned; /* the node is a file */
	uint16_t poll_waits; /* somebody sleeps until the file is ready */
	/* Written beside the commits, so not in the sum: */
	uint32_t crashes;  /* how often the process crashed inside it; with its check */
	uint16_t survived; /* calls since then that came back with "not yet" */
	uint8_t touched;   /* the hardware may have seen something of it */
	uint8_t replays;   /* of its crashes, those that are counted as replayed */
	uint64_t sum;
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

/* Empties the record for the request with this number. What is known of crashes inside this very
 * request stays, at any moment. */
void request_record_reset(struct request_record *record, uint64_t unique);

/* For people: "read"; "an interrupt". */
const char *request_operation_name(uint32_t operation);
const char *transaction_subject_name(uint32_t subject);

/* The reply's data: what a read returns, or an ioctl's argument. */
#define TRANSACTION_REPLY_MAX (CUIO_TRANSFER_MAX + 4096U)

#endif
