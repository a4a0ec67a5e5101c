/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unit of commit: one call into the driver. The call works on copies of the device's, the
 * file's and the request's records that lie in saved memory; one store of `phase` makes them the
 * truth, and applying them to their homes can be done again after a crash as often as needed.
 *
 * A call's answer is committed with them and sent afterwards; the transaction ends when it was
 * sent.
 */
#ifndef DEVICE_TRANSACTION_H
#define DEVICE_TRANSACTION_H

#include "device/layout.h"

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
	SUBJECT_CAUSE,
	SUBJECT_INTERRUPT,
	SUBJECT_TIMER,
	SUBJECT_CANCEL,
};

struct transaction {
	uint32_t phase;
	uint32_t subject;
	uint32_t slot;	  /* the request served; SLOT_NONE */
	uint32_t to_slot; /* where it goes on waiting; SLOT_NONE: it is answered */
	uint32_t file;	  /* its file; FILE_NONE */
	uint32_t reply_size;
	int64_t result;
};

/* The reply's data: what a read returns, or an ioctl's argument. */
#define TRANSACTION_REPLY_MAX (DRIVER_TRANSFER_MAX + 4096U)

size_t transaction_saved_size(const struct layout *layout);
void *transaction_reply(const struct layout *layout);

/* The private copies. */
struct device_record *transaction_device(const struct layout *layout);
struct file_record *transaction_file(const struct layout *layout);
struct request_record *transaction_request(const struct layout *layout);

/* Copies what the call may change. slot and file may be NONE. */
void transaction_begin(const struct layout *layout, enum transaction_subject subject, uint32_t slot,
		       uint32_t file);
/* Commits and applies. The result of an answered request stays until transaction_end(). */
void transaction_commit(const struct layout *layout, uint32_t to_slot, int64_t result,
			uint32_t reply_size);
void transaction_checkpoint(const struct layout *layout);
/* Drops the copies of a call that shall not count. */
void transaction_drop(const struct layout *layout);
/* The answer was sent. */
void transaction_end(const struct layout *layout);
/*
 * After a crash: applies what was committed. Returns the phase that was found; RUNNING: the process
 * died inside the driver (the transaction is dropped, its subject and slot can still be read).
 */
enum transaction_phase transaction_recover(const struct layout *layout);

#endif
