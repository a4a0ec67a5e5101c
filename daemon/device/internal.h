/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The definition of struct cuio_device, for the files of this layer. */
#ifndef DEVICE_INTERNAL_H
#define DEVICE_INTERNAL_H

#include "base/alarm.h"
#include "device/argument.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/quota.h"
#include "device/storm.h"
#include "device/transaction.h"
#include "device/turns.h"

/* The driver's handles. There is one of each, because one thread runs one call at a time. */
struct cuio_file {
	struct cuio_device *device;
	uint32_t index;
	const struct file_record *record; /* the record, or its private copy once it was changed */
};

struct cuio_request {
	struct cuio_device *device;
	struct request_record *record;	 /* the private copy during a call */
	bool hold;			 /* the driver asked for the device's lock */
	bool stateless;			 /* its state is not zeroed yet; see call_need_state() */
	const struct argument *argument; /* of the current ioctl */
};

struct cuio_device {
	const struct instance *instance;
	const struct cuio_driver *driver;
	struct hardware *hardware;
	struct saved *saved;
	struct layout layout;
	struct device_record *record; /* the record, or its private copy during a call */
	struct cuio_file file;
	struct cuio_request request;
	uint64_t now;					/* of the current call; 0: not read yet */
	char explanation[512];				/* by the driver, of a failed start; "" */
	const struct reg **registers;			/* bound, in the driver's order */
	const struct field **fields;			/* likewise */
	const struct window *windows[CUIO_WINDOWS_MAX]; /* likewise */
	uint64_t options[CUIO_OPTIONS_MAX];
	uid_t owners[RECORD_NODES];
	bool (*raw_access)(uint32_t thread);

	struct device_listener *listener;
	struct loop *loop;
	struct loop_source interrupt;
	struct storm storm;
	bool interrupt_changed; /* the last one changed the driver's state */
	struct alarm alarm;
	uint64_t slept;	      /* when the process began */
	bool crashed_outside; /* the predecessor, of a call */
	uint32_t recovered_slot;
	bool recovered_answer;
	struct quota_told told; /* who has opened too many files */
	struct turns turns;	/* of parked requests */
	bool looked;		/* the current call has read the hardware */
	bool checkpointed;	/* the current call has committed a part already */
	bool polls_look;	/* a poll of this driver has read the hardware */
	/* Counts over the records, so that idle paths need not scan them: */
	uint32_t n_parked, n_armed;
	uint32_t n_opens, n_controls;	   /* open files that the driver sees, and others */
	uint64_t armed[RECORD_FILES / 64]; /* one bit per file with poll waiters */
	uint64_t armed_words;		   /* one bit per word of `armed` that is not zero */
	/* Likewise for files whose poll waiters may have to be woken: */
	uint64_t due[RECORD_FILES / 64], due_words;
	uint32_t next_due;  /* the file that is asked next */
	bool alarm_is_late; /* a timer or a deadline has changed since the alarm was set */
};

/* call.c: enter sets the handles to the private copies, exit to the records. */
void call_enter(struct cuio_device *device, enum transaction_subject subject, uint32_t slot,
		uint32_t file);
void call_exit(struct cuio_device *device);
/* Returns the private copy of the call's file, for changes. */
struct file_record *call_change_file(struct cuio_device *device);
/* Zeroes the state of a new request. Done only for requests that use their state or wait. */
void call_need_state(struct cuio_device *device);
/* Commits a call that served no request. */
void call_finish(struct cuio_device *device);
/* After an interrupt or a timer: tells the listener that parked requests may be able to continue.
 */
void call_changed(struct cuio_device *device);

/* request.c: the driver's entry for an ioctl; NULL: it has none. */
const struct cuio_driver_ioctl *request_find_ioctl(const struct cuio_driver *driver,
						   const struct request_record *request);

/* changes.c */
/* In a call: whether it has changed the driver's state until now. */
bool changes_state(const struct cuio_device *device);
/* Before the commit of a request's answer: notes who is due for what the call has changed. */
/* Whether the call has changed the device's state, or that of its file. */
bool changes_any(const struct layout *layout);
void changes_note_call(struct cuio_device *device);
/* After an interrupt, a timer or a start: everybody is. */
void changes_note_event(struct cuio_device *device);

/* deadline.c */
/* Whether the alarm is set to this deadline. */
bool deadline_is_next(const struct cuio_device *device, uint64_t deadline);
/* Sets the alarm earlier if this deadline is. */
void deadline_add(struct cuio_device *device, uint64_t deadline);

/* file.c */
ssize_t file_open(struct cuio_device *device, const struct request_record *request);
ssize_t file_release(struct cuio_device *device);
/* Also without the driver. */
void file_close(struct cuio_device *device);
bool file_is_control(uint32_t flags); /* of open(2) */
/* A free file for this open, within the user's quota; FILE_NONE: there is none. */
uint32_t file_find_free(struct cuio_device *device, const struct request_record *request);
/* Must be called for each file that is opened (+1) or closed (-1). */
void file_note_used(struct cuio_device *device, const struct file_record *file, int change);
/* Must be called when the `poll_armed` of this file changes. */
void file_note_armed(struct cuio_device *device, uint32_t index, bool armed);
/* Make poll waiters due: of all files, or of one. */
void file_set_all_due(struct cuio_device *device);
void file_set_due(struct cuio_device *device, uint32_t index);
/* In a poll call: returns the events that are ready, and records a poll waiter. */
unsigned file_poll(struct cuio_device *device, const struct request_record *request);

/* bind.c: binds the driver's registers, fields, windows and options to the description and the
 * instance file. Reports what does not fit. */
int bind_driver(struct cuio_device *device, struct report *report);

/* access.c: accesses to a checked element of a register. All accesses of a call use these
 * functions, which record in the transaction what the hardware may have noticed. */
struct reg;
void access_note(struct cuio_device *device); /* before a write to a window */
uint64_t access_read(struct cuio_device *device, const struct reg *reg, uint64_t element);
void access_write(struct cuio_device *device, const struct reg *reg, uint64_t element,
		  uint64_t value);
void access_read_rep(struct cuio_device *device, const struct reg *reg, void *to, size_t count);
void access_write_rep(struct cuio_device *device, const struct reg *reg, const void *from,
		      size_t count);

/* signal.c */
/* Before the request waits: whether its call has changed the hardware or the state. */
void signal_note_acts(const struct cuio_device *device, struct request_record *request);
/* The answer to a request in a call that a signal shall end: DEVICE_REPEAT or -EINTR. */
ssize_t signal_result(const struct cuio_device *device, struct request_record *request);

/* control.c: cuio's own ioctls. `data` is the argument, in and out. */
bool control_is_command(uint32_t command);
bool control_only_looks(uint32_t command); /* accesses no register */
bool control_is_batch(uint32_t command);
ssize_t control_ioctl(struct cuio_device *device, struct request_record *request, void *data);

/* control_access.c: register accesses of these ioctls. NULL if the index is too large. */
struct cuio_access;
const struct reg *control_register(const struct cuio_device *device, uint32_t index);
ssize_t control_read(struct cuio_device *device, struct cuio_access *access);
ssize_t control_write(struct cuio_device *device, const struct cuio_access *access);
/* The results of these, without an access to the hardware. */
ssize_t control_check_read(const struct cuio_device *device, const struct cuio_access *access);
ssize_t control_check_write(const struct cuio_device *device, const struct cuio_access *access);

/* batch.c: several accesses in one ioctl. */
struct cuio_batch;
ssize_t batch_run(struct cuio_device *device, struct request_record *request,
		  struct cuio_batch *batch);

/* events.c */
int events_start(struct cuio_device *device, struct loop *loop);
void events_stop(struct cuio_device *device);

#endif
