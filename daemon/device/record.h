/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device layer's saved memory: plain records without pointers, each followed by the driver's
 * state. Fields are only added, at the end; base/saved.h says why.
 *
 * Committed records have a checksum, `sum`, by which a successor detects overwritten memory. Only a
 * commit writes them. Fields that are written between commits, by one store each, carry their own
 * check.
 *
 * A request has a slot. The first RECORD_NODES slots are receive buffers, one per node, where the
 * next request arrives; the others hold parked requests.
 */
#ifndef DEVICE_RECORD_H
#define DEVICE_RECORD_H

#include <cuio/driver.h>
#include <stdbool.h>
#include <stdint.h>

#define RECORD_NODES   16U
#define RECORD_WAITING 256U
#define RECORD_PARKED  (RECORD_WAITING + 1U) /* the last is for the owner of the device's lock */
#define RECORD_SLOTS   (RECORD_NODES + RECORD_PARKED)
#define RECORD_OPENS   1024U /* files that the driver sees */
#define RECORD_CONTROL 128U  /* files opened with access mode 3 */
#define RECORD_FILES   (RECORD_OPENS + RECORD_CONTROL)
#define SLOT_NONE      UINT32_MAX
#define FILE_NONE      UINT32_MAX
#define TIME_NEVER     UINT64_MAX

/* Whether the slot is a receive buffer. */
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

/* Slots of parked requests by an index that starts at 0. */
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

/* A system call that is being served. */
struct request_record {
	uint32_t operation; /* REQUEST_NONE: the slot is free */
	uint32_t node;
	uint64_t unique;      /* the kernel's number of the request, on its node's channel */
	uint64_t turn;	      /* parked requests are tried again in this order */
	uint64_t deadline;    /* tried again at this time at the latest, ns; TIME_NEVER */
	uint64_t offset;      /* of this piece of a large read or write of a stream */
	uint64_t position;    /* file position, if `positioned` */
	uint64_t argument;    /* the third argument of ioctl(2) */
	uint64_t poll_handle; /* the kernel's handle of the poll waiters */
	uint32_t file;
	uint32_t flags; /* of open(2), as they are at this request */
	uint32_t pid, uid;
	uint32_t size; /* bytes that a read asks for */
	uint32_t command;
	uint32_t in_size, out_size; /* bytes from and to the caller */
	uint32_t poll_events;
	uint32_t progress;   /* bytes of a waiting write that are done */
	uint32_t compat;     /* a 32-bit caller */
	uint16_t positioned; /* the node is a file */
	uint8_t poll_waits;  /* the caller waits until the file is ready */
	uint8_t acted;	     /* it has changed the hardware or the state, and waits */
	/* Written between commits, and not in the sum: */
	uint32_t crashes;  /* crashes inside this request; check16() */
	uint8_t survived;  /* calls since the last crash that returned cuio_not_yet */
	uint8_t signalled; /* a signal came while the request held the device's lock */
	uint8_t touched;   /* the hardware may have noticed a call */
	uint8_t replays;   /* crashes that `replayed` already counts */
	uint64_t sum;
	uint64_t state[];
};

struct file_record {
	uint32_t used;
	uint32_t node;
	uint32_t flags;
	uint32_t control;    /* opened with access mode 3: the driver does not see it */
	uint32_t poll_armed; /* a caller waits in poll */
	uint32_t poll_events;
	uint32_t poll_seen;   /* events in the last answer or notification */
	uint32_t raw_io;      /* a control file that root of the machine has opened */
	uint64_t poll_handle; /* the kernel's handle of the poll waiters */
	uint64_t sum;
	uint32_t uid; /* who has opened it */
	uint32_t reserved;
	uint64_t state[];
};

struct device_record {
	uint64_t requests; /* answered, without polls */
	uint64_t interrupts;
	uint64_t replayed;
	uint64_t crash_errors;
	uint64_t next_turn;
	uint64_t cause;			  /* of an interrupt: read and saved, not yet handled */
	uint64_t last_cause;		  /* of the last handled interrupt */
	uint64_t timers[CUIO_TIMERS_MAX]; /* CLOCK_MONOTONIC ns; TIME_NEVER: off */
	uint32_t lock_owner; /* slot of the request that holds the device's lock; SLOT_NONE */
	uint32_t open_files;
	uint32_t started; /* start() has set up the hardware */
	uint32_t reserved;
	uint64_t sum;
	uint64_t state[];
};

enum transaction_phase {
	PHASE_IDLE,
	PHASE_RUNNING,	 /* inside the driver: after a crash the call is void */
	PHASE_COMMITTED, /* to be applied, and answered unless it was parked */
	PHASE_APPLYING,	 /* to be applied at a checkpoint; the driver's call continues */
};

/* The reason of a call into the driver. */
enum transaction_subject {
	SUBJECT_REQUEST,
	SUBJECT_START,
	SUBJECT_INTERRUPT,
	SUBJECT_TIMER,
	SUBJECT_CANCEL,
	SUBJECT_POLL,	 /* whether to wake poll waiters */
	SUBJECT_OUTSIDE, /* none: for the count of crashes */
};

/* A result: the kernel shall repeat the ioctl, which a signal has ended before it did anything. */
#define DEVICE_REPEAT (-513)

struct transaction {
	uint32_t phase; /* check16(), not in the sum */
	uint32_t subject;
	uint32_t slot;	  /* the request being served; SLOT_NONE */
	uint32_t to_slot; /* where the request waits; SLOT_NONE: it is answered */
	uint32_t file;	  /* the file that the call changes; FILE_NONE */
	uint32_t reply_size;
	int64_t result;
	uint64_t sum;	  /* valid once committed */
	uint32_t touched; /* the hardware may have noticed the call; not in the sum */
	uint32_t reserved;
	uint64_t cause; /* of the interrupt being handled; not in the sum */
};

/* device/outside.h, and what is no part of a commit. Written by one store each. */
struct outside_record {
	uint64_t started; /* when the last process began, CLOCK_MONOTONIC ns */
	uint64_t unique;  /* the request that was in hand at the last crash, ... */
	uint32_t slot;	  /* ... and where it is */
	uint32_t crashes; /* with it in hand; check16() */
	uint32_t in_hand; /* it is again */
	uint32_t reserved;
	uint64_t slept; /* sleep_clock_read() when the card was last set up; 0: not known */
};

/* Clears the record for the request with this number. If it is the same request as before, its
 * crash counts are kept; a crash at any instruction loses none. */
void request_record_reset(struct request_record *record, uint64_t unique);

/* For messages: "read"; "an interrupt". */
const char *request_operation_name(uint32_t operation);
const char *transaction_subject_name(uint32_t subject);

/* Size of a reply's data: of a read, or of an ioctl's argument. */
#define TRANSACTION_REPLY_MAX (CUIO_TRANSFER_MAX + 4096U)

#endif
