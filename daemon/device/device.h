/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card: its driver, its records in saved memory, open files, interrupts and timers. The front
 * passes requests down; upward there are return values and one listener.
 *
 * The life of a request: the front fills device_request(slot) and calls device_call(). If there is
 * an answer, it is committed already: the front sends it and calls device_answered(). A request
 * that must wait is parked by device_park(), and device_call() is tried again later. No function
 * blocks.
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

/* Called after an interrupt or a timer; see device_has_turns(). May call into the device. */
struct device_listener {
	void (*changed)(struct device_listener *listener);
};

/* The caller owns all of these; they must outlive the device. */
struct device_setup {
	const struct instance *instance;
	const struct cuio_driver *driver;
	struct hardware *hardware;
	struct saved *saved;
	bool fresh;	/* the saved memory is new */
	uint64_t slept; /* base/sleep_clock.h; 0: not known */
	/* Whether a thread that runs as root is root of the machine. NULL: as /proc tells. */
	bool (*raw_access)(uint32_t thread);
};

/* Plans the areas of saved memory that a device with this driver needs. */
void device_plan(const struct cuio_driver *driver, struct saved_plan *plan);
/* Attaches to the areas of saved memory and binds the driver's registers. -EBADMSG: the records
 * differ from what was committed. */
int device_new(const struct device_setup *setup, struct report *report, struct cuio_device **ret);
void device_free(struct cuio_device *device);
void device_listen(struct cuio_device *device, struct device_listener *listener);

/* The number of processes in a row that crashed in the same kind of call that serves no request:
 * start, interrupt, timer or poll; or, by a fault and soon, outside of calls. */
uint32_t device_crashes(const struct cuio_device *device);
/* Calls the driver's start, cold or warm as the saved memory says, or to set the card up again
 * after a sleep of the machine; and adds the interrupt and the timers to the loop. */
int device_start(struct cuio_device *device, struct loop *loop);
/* Calls the driver's start again if the machine has slept since: the card has lost its registers.
 * 1: it was called; 0: the machine has not slept. An error means that it could not be set up again.
 */
int device_wake(struct cuio_device *device, uint64_t slept);
/* The driver's own reason for a failed start; "" if it gave none. */
const char *device_error(const struct cuio_device *device);
/* For a final stop: calls the driver's stop and masks the interrupt. */
void device_stop(struct cuio_device *device);
/* Leaves the loop; the hardware is unchanged, for a successor. */
void device_leave(struct cuio_device *device);

struct request_record *device_request(struct cuio_device *device, uint32_t slot);
/* The number of parked requests. */
uint32_t device_parked(const struct cuio_device *device);
const struct cuio_driver *device_driver(const struct cuio_device *device);
/* The size in bytes of a node that is a file; 0: it is a stream. */
uint64_t device_size(struct cuio_device *device, uint32_t node);

/* Whether the kernel must be told which memory of an ioctl's argument to copy. */
bool device_fetches(const struct cuio_device *device);
/* For such an ioctl in `slot`, with the bytes at `in`. 1: the kernel must copy *ret and repeat the
 * ioctl; 0: the argument is complete; -errno: the ioctl's answer. Changes nothing. */
struct argument_fetch;
int device_fetch(const struct cuio_device *device, uint32_t slot, const void *in,
		 struct argument_fetch *ret);

/* The result of a call. */
struct device_answer {
	bool waits; /* there is no answer yet, the fields below `locks` are not set */
	bool locks; /* with `waits`: it takes the device's lock, and a slot is reserved for it */
	uint32_t slot;
	/* Valid until device_answered(): the request, whose slot may already be free, ... */
	const struct request_record *request;
	/* ... and its committed answer: the system call's return value, and the data of a read or
	 * an ioctl. */
	ssize_t result;
	const void *data;
	size_t size;
};

/* Calls the driver for the request in `slot` with the caller's data at `in`. If it waits,
 * device_park() must follow; nothing is committed before that. */
struct device_answer device_call(struct cuio_device *device, uint32_t slot, const void *in);
/* Commits that the request of the last device_call() waits in `to_slot`, and frees its former slot
 * if that is another. SLOT_NONE: there is no free slot, the answer is EBUSY. */
struct device_answer device_park(struct cuio_device *device, uint32_t to_slot);
/*
 * A signal came for a parked request. Commits the answer: DEVICE_REPEAT for an ioctl that has not
 * done anything yet, else -EINTR. If the request holds the device's lock, it notes the signal and
 * lets the request wait instead: the hardware is in the middle of a sequence, and the next caller
 * would get its result. Such a request is answered when it ends, or as above when it would wait
 * without the lock.
 */
struct device_answer device_signal(struct cuio_device *device, uint32_t slot);
/* Commits an answer without calling the driver, such as -EIO after crashes. Releases the device's
 * lock if the request holds it. */
struct device_answer device_cancel(struct cuio_device *device, uint32_t slot, int error);
/* Ends the transaction of an answer that was sent. */
void device_answered(struct cuio_device *device);

/* Whether there are parked requests or poll waiters that an interrupt, a timer or a finished
 * operation may let continue, and that were not asked since. */
bool device_has_turns(const struct cuio_device *device);
/* The next of these requests, to be called at once; SLOT_NONE: there is none. In the order of
 * turns, and after an interrupt or a timer from the oldest on. While a request holds the device's
 * lock, only that one. */
uint32_t device_next_turn(struct cuio_device *device);
/* Whether a request other than the one in `slot` holds the device's lock, so that a call would only
 * wait. */
bool device_is_locked_for(const struct cuio_device *device, uint32_t slot);

/* Finds the next of these files whose poll waiters must be woken, and disarms it. Asks the driver
 * about *left files at most, which are subtracted. False: there is none. */
bool device_poll_ready(struct cuio_device *device, unsigned *left, uint32_t *ret_node,
		       uint64_t *ret_handle);
/* Likewise for every file that was ever polled, ready or not: after a crash, events and wake-ups
 * may have been missed. *index starts at 0. */
bool device_poll_known(struct cuio_device *device, uint32_t *index, uint32_t *ret_node,
		       uint64_t *ret_handle);

/* Sets the alarm for the next timer or the next deadline of a parked request. */
void device_update_alarm(struct cuio_device *device);

/* The request that the predecessor was serving, found by device_new(); SLOT_NONE. */
uint32_t device_recovered_slot(const struct cuio_device *device);
/* Whether the predecessor has committed an answer to that request, which may not have been sent.
 * The caller must send it and call device_answered() before the next call. */
bool device_recovered_answer(const struct cuio_device *device, struct device_answer *ret);
/* The number of crashes inside this request. */
uint32_t device_crashes_inside(const struct cuio_device *device, uint32_t slot);
#define DEVICE_CRASHES_MAX 3U
/* Takes the request with this number in `slot` in hand again, after a predecessor. Returns the
 * number of crashes outside of calls while it was in hand: while it was decoded or answered. */
uint32_t device_take_in_hand(struct cuio_device *device, uint32_t slot, uint64_t unique);
/* It has been answered, with EIO because of that (`given_up`) or as usual. */
void device_put_down(struct cuio_device *device, bool given_up);
/* Whether the request must not be called again: after DEVICE_CRASHES_MAX crashes, or after one if
 * the hardware may have noticed the call and the driver does not declare it restartable. */
bool device_is_poisoned(const struct cuio_device *device, uint32_t slot);

/* Sets the node's owner, for access control of the register ioctls on control files. */
bool device_is_owner(const struct cuio_device *device, uint32_t node, uid_t user); /* or root */
void device_set_owner(struct cuio_device *device, uint32_t node, uid_t owner);
const struct instance *device_instance(const struct cuio_device *device);

#endif
