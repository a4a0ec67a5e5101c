/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One card as it is served: its driver, its records in saved memory, its open files, interrupts and
 * timers. The front calls down with requests; upward there are return values and one listener.
 *
 * The life of a request: the front fills device_request(slot) and calls device_call(). An answer is
 * committed already: the front sends it and says device_answered(). One that must wait is parked by
 * device_park(), and device_call() is tried again. Nothing here blocks.
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

/* Told at the end of an interrupt or a timer; see device_take_changed(). May call into the device.
 */
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

/* Whether the kernel brings ioctls' arguments only when it is told what to bring. */
bool device_fetches(const struct cuio_device *device);
/* Of such an ioctl in `slot`, with the bytes at `in`: 1, and what the kernel is to bring before it
 * asks once more; 0: all is there; or the error that is its answer. Changes nothing. */
struct argument_fetch;
int device_fetch(const struct cuio_device *device, uint32_t slot, const void *in,
		 struct argument_fetch *ret);

/* What came of a call. */
struct device_answer {
	bool waits; /* there is no answer yet: the rest is not set */
	bool locks; /* of one that waits: it has the device's lock, and room is kept for it */
	uint32_t slot;
	/* Until device_answered(): the request, whose slot may be free already, ... */
	const struct request_record *request;
	/* ... and what is committed for it: what the system call returns, and the data of a read or
	 * an ioctl. */
	ssize_t result;
	const void *data;
	size_t size;
};

/* Calls the driver for the request in `slot` with the caller's data at `in`. If it waits, nothing
 * is committed before device_park(), which must follow. */
struct device_answer device_call(struct cuio_device *device, uint32_t slot, const void *in);
/* Commits that the request which was just called waits in `to_slot`: its own is free if it is
 * another. SLOT_NONE: there is no room, it is answered EBUSY. */
struct device_answer device_park(struct cuio_device *device, uint32_t to_slot);
/* Commits an answer without a call: a signal (-EINTR), a crash (-EIO). What the request held is
 * given up. */
struct device_answer device_cancel(struct cuio_device *device, uint32_t slot, int error);
/* The committed answer was sent. */
void device_answered(struct cuio_device *device);

/* Whether something happened, since this was last asked, that may let parked requests go on or wake
 * poll waiters: an interrupt, a timer, a finished operation; and whether there are any. */
bool device_take_changed(struct cuio_device *device);
/* Whether a request other than the one in `slot` has the device's lock: asking again is of no use.
 */
bool device_is_locked_for(const struct cuio_device *device, uint32_t slot);

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

/* The request that the predecessor was in the middle of, found by device_new(); SLOT_NONE. */
uint32_t device_recovered_slot(const struct cuio_device *device);
/* Whether the predecessor has committed an answer for it that may not have been sent: it is to be
 * given out by device_answered() before the next call. */
bool device_recovered_answer(const struct cuio_device *device, struct device_answer *ret);
/* How many processes have crashed inside this request. */
uint32_t device_crashes_inside(const struct cuio_device *device, uint32_t slot);
#define DEVICE_CRASHES_MAX 3U
/* Whether it may not be done again: that many have, or one, if the hardware may have seen something
 * of it and the driver does not declare it restartable. */
bool device_is_poisoned(const struct cuio_device *device, uint32_t slot);

/* Who owns the node, for the register access of control files. */
void device_set_owner(struct cuio_device *device, uint32_t node, uid_t owner);
const struct instance *device_instance(const struct cuio_device *device);

#endif
