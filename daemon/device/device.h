/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One card as it is served: its driver, its records in saved memory, its open files, interrupts and
 * timers. The front calls down with requests; upward there are return values and one listener.
 *
 * The life of a request: the front fills device_request(slot), calls device_call(), then either
 * device_park() (the answer was "not yet") or device_answer(), sends what was committed, and
 * device_answered(). Nothing here blocks.
 */
#ifndef DEVICE_DEVICE_H
#define DEVICE_DEVICE_H

#include "base/loop.h"
#include "base/report.h"
#include "base/saved.h"
#include "config/instance.h"
#include "device/record.h"
#include "hardware/hardware.h"
#include <cuio/driver.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cuio_device;

/* Told after something happened that may let parked requests go on or poll waiters wake up:
 * an interrupt, a timer, a finished operation. May call back into the device. */
struct device_listener {
	void (*changed)(struct device_listener *listener);
};

/* All owned by the caller and outliving the device. */
struct device_setup {
	const struct instance *instance;
	const struct cuio_driver *driver;
	struct hardware *hardware;
	struct saved *saved;
	bool fresh; /* the saved memory is new */
};

/* The areas of saved memory that a device with this driver needs. */
void device_plan(const struct cuio_driver *driver, struct saved_plan *plan);
/* Takes its areas of saved memory and binds the driver's registers. -EBADMSG: what lies there is
 * not what was committed. */
int device_new(const struct device_setup *setup, struct report *report, struct cuio_device **ret);
void device_free(struct cuio_device *device);
void device_listen(struct cuio_device *device, struct device_listener *listener);

/* How many processes in a row have crashed inside the driver's start, or its interrupt, or a timer.
 */
uint32_t device_crashes(const struct cuio_device *device);
/* Calls the driver's start, cold or warm, as the saved memory says, and enters the interrupt and
 * the timers into the loop. */
int device_start(struct cuio_device *device, struct loop *loop);
/* Why the driver's start failed, in its own words; "" if it had none. */
const char *device_error(const struct cuio_device *device);
/* An orderly end: calls the driver's stop, and masks the interrupt. */
void device_stop(struct cuio_device *device);
/* Leaves the loop; the hardware stays as it is, for a successor. */
void device_leave(struct cuio_device *device);

struct request_record *device_request(struct cuio_device *device, uint32_t slot);
/* How many requests wait. */
uint32_t device_parked(const struct cuio_device *device);
const struct cuio_driver *device_driver(const struct cuio_device *device);
/* Bytes of a node that is a file; 0: it is a stream. */
uint64_t device_size(struct cuio_device *device, uint32_t node);

/* What device_call() says besides results and errors of the driver. */
#define DEVICE_NOT_BEGUN                                                                           \
	(-4096) /* another request has the device's lock: park this one in any case */

/* Whether the kernel brings ioctls' arguments only when it is told what to bring. */
bool device_fetches(const struct cuio_device *device);
/* Of such an ioctl in `slot`, with the bytes at `in`: 1, and what the kernel is to bring before it
 * asks once more; 0: all is there; or the error that is its answer. Changes nothing. */
struct argument_fetch;
int device_fetch(const struct cuio_device *device, uint32_t slot, const void *in,
		 struct argument_fetch *ret);

/*
 * Calls the driver for the request in `slot` with the caller's data at `in`. Returns what the
 * system call shall return (cuio_not_yet: not yet; DEVICE_NOT_BEGUN). Nothing counts before one of
 * the next three, which must follow.
 */
ssize_t device_call(struct cuio_device *device, uint32_t slot, const void *in);
/* Whether the call that just said cuio_not_yet has the device's lock: then it must be parked. */
bool device_is_locked(const struct cuio_device *device);
/* Whether a request other than the one in `slot` has the device's lock: asking again is of no use.
 */
bool device_is_locked_for(const struct cuio_device *device, uint32_t slot);
/* Commits "not yet": the request waits on in `to_slot`, and `slot` is free if it is another. */
void device_park(struct cuio_device *device, uint32_t to_slot);
/* Commits the answer: device_result() and device_reply() are what is to be sent. */
void device_answer(struct cuio_device *device, ssize_t result);
/* Commits an answer without a call: a signal (-EINTR), no room (-EBUSY), a crash (-EIO). What the
 * request held is given up. */
void device_cancel(struct cuio_device *device, uint32_t slot, int error);
/* The committed answer was sent. The listener is told if others may go on now. */
void device_answered(struct cuio_device *device);

/* The committed answer, until device_answered(). */
ssize_t device_result(const struct cuio_device *device);
const void *device_reply(const struct cuio_device *device, size_t *ret_size);
/* The request it is for, also when its slot is free already. */
const struct request_record *device_answered_request(const struct cuio_device *device,
						     uint32_t *ret_slot);

/* Goes through poll waiters that something new is ready for: each is disarmed and given out once.
 * *index starts at 0; false at the end. */
bool device_poll_ready(struct cuio_device *device, uint32_t *index, uint32_t *ret_node,
		       uint64_t *ret_handle);
/* Every file that anybody ever slept on, whatever is ready: after a crash nobody knows what they
 * have missed, and one who was disarmed may not have been woken. */
bool device_poll_known(struct cuio_device *device, uint32_t *index, uint32_t *ret_node,
		       uint64_t *ret_handle);

/* Parked requests are asked again when this time has come: TIME_NEVER or CLOCK_MONOTONIC ns. */
void device_update_alarm(struct cuio_device *device);

/* How the predecessor ended; found, and committed calls applied, by device_new(). */
enum device_recovery {
	DEVICE_CLEAN,	 /* no call was under way */
	DEVICE_ANSWERED, /* an answer is committed and may not have been sent */
	DEVICE_CRASHED,	 /* the process crashed inside the driver */
};
/* *ret_slot: the request it was about, or SLOT_NONE. A committed answer must be given out by
 * device_answered() before the next call. */
enum device_recovery device_recovery(const struct cuio_device *device, uint32_t *ret_slot);
/* Whether this request may be done again after a crash inside it: the driver declares so, or the
 * hardware has seen nothing of it yet. */
bool device_may_do_again(const struct cuio_device *device, uint32_t slot);

/* Who owns the node, for the register access of control files. */
void device_set_owner(struct cuio_device *device, uint32_t node, uid_t owner);
const struct instance *device_instance(const struct cuio_device *device);

#endif
