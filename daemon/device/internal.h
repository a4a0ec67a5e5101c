/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of struct cuio_device, for the files of this layer. */
#ifndef DEVICE_INTERNAL_H
#define DEVICE_INTERNAL_H

#include "base/alarm.h"
#include "device/argument.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/transaction.h"

/* The handles a driver sees. One thread runs one call at a time, so one of each is enough. */
struct cuio_file {
	struct cuio_device *device;
	uint32_t index;
	const struct file_record *record; /* home, or once it changes the private copy */
};

struct cuio_request {
	struct cuio_device *device;
	struct request_record *record;	 /* the private copy during a call */
	bool hold;			 /* asked to keep the device */
	bool stateless;			 /* it was just received; see call_need_state() */
	const struct argument *argument; /* of the ioctl that is being called */
};

struct cuio_device {
	const struct instance *instance;
	const struct cuio_driver *driver;
	struct hardware *hardware;
	struct saved *saved;
	struct layout layout;
	struct device_record *record; /* home, or the private copy during a call */
	struct cuio_file file;
	struct cuio_request request;
	uint64_t now;					/* of the current call; 0: not asked yet */
	char explanation[512];				/* of a failed start, by the driver; "" */
	const struct reg **registers;			/* the driver's table, bound */
	const struct field **fields;			/* so is this */
	const struct window *windows[CUIO_WINDOWS_MAX]; /* so is this */
	uint64_t options[CUIO_OPTIONS_MAX];
	uid_t owners[RECORD_NODES];

	struct device_listener *listener;
	struct loop *loop;
	struct loop_source interrupt;
	uint64_t storm_began;  /* when the last STORM interrupts in a row began */
	uint32_t storm_length; /* interrupts since */
	bool storm_told;
	struct alarm alarm;
	uint32_t recovered_slot;
	bool recovered_answer;
	/* Of the records, so that nobody scans for nothing: */
	uint32_t n_parked, n_armed;
	uint64_t armed[RECORD_FILES / 64]; /* a bit for each file that has poll waiters */
	uint64_t armed_words;		   /* a bit for each word of these that is not zero */
	bool changed; /* something that may let others go on; see device_take_changed() */
};

/* call.c: enter puts the handles on the private copies, exit back on the records. */
void call_enter(struct cuio_device *device, enum transaction_subject subject, uint32_t slot,
		uint32_t file);
void call_exit(struct cuio_device *device);
/* The private copy of the call's file. */
struct file_record *call_change_file(struct cuio_device *device);
/* Few requests have a use for their state, so it is zeroed only for those that ask for it or wait.
 */
void call_need_state(struct cuio_device *device);
/* Commits a call that was for no request. */
void call_finish(struct cuio_device *device);
/* Something happened that may let others go on: tells the listener. */
void call_changed(struct cuio_device *device);

/* file.c */
uint32_t file_find_free(const struct cuio_device *device);
/* Of the file with this index, while its record or the copy of it says the same. */
void file_note_armed(struct cuio_device *device, uint32_t index, bool armed);
/* Inside a call for a poll: what the file is ready for, and who sleeps until it is. */
unsigned file_poll(struct cuio_device *device, const struct request_record *request);

/* bind.c: gives the driver's registers, windows and options what the description and the instance
 * say of them. Reports what does not fit. */
int bind_driver(struct cuio_device *device, struct report *report);

/* access.c: to a register at an element that was checked. Every access of a call goes through
 * these, so that the transaction knows what the hardware may have seen. */
struct reg;
void access_note(struct cuio_device *device); /* for windows: of a write, before it */
uint64_t access_read(struct cuio_device *device, const struct reg *reg, uint64_t element);
void access_write(struct cuio_device *device, const struct reg *reg, uint64_t element,
		  uint64_t value);
void access_read_rep(struct cuio_device *device, const struct reg *reg, void *to, size_t count);
void access_write_rep(struct cuio_device *device, const struct reg *reg, const void *from,
		      size_t count);

/* control.c: cuio's own ioctls. `data` is the argument, in and out. */
bool control_is_command(uint32_t command);
bool control_only_looks(uint32_t command); /* touches no register */
bool control_is_batch(uint32_t command);
ssize_t control_ioctl(struct cuio_device *device, struct request_record *request, void *data);

/* control_access.c: the registers behind them. NULL past the last one. */
struct cuio_access;
const struct reg *control_register(const struct cuio_device *device, uint32_t index);
ssize_t control_read(struct cuio_device *device, struct cuio_access *access);
ssize_t control_write(struct cuio_device *device, const struct cuio_access *access);
/* What these would be answered, without a touch of the hardware. */
ssize_t control_check_read(const struct cuio_device *device, const struct cuio_access *access);
ssize_t control_check_write(const struct cuio_device *device, const struct cuio_access *access);

/* batch.c: many of them in one ioctl. */
struct cuio_batch;
ssize_t batch_run(struct cuio_device *device, struct request_record *request,
		  struct cuio_batch *batch);

/* events.c */
int events_start(struct cuio_device *device, struct loop *loop);
void events_stop(struct cuio_device *device);

#endif
