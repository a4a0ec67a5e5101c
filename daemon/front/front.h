/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The front: the kernel's side of a card's nodes. It makes them, takes what programs ask of them
 * down to the device, parks what cannot be answered yet, and answers.
 */
#ifndef FRONT_FRONT_H
#define FRONT_FRONT_H

#include "base/fds.h"
#include "base/loop.h"
#include "base/report.h"
#include "base/saved.h"
#include "device/device.h"

struct front;

/* Told once all nodes are there with number, group and mode as configured, or that they never
 * will be (error < 0, with the reason in the log). */
struct front_listener {
	void (*ready)(struct front_listener *listener, int error);
};

/* All owned by the caller and outliving the front. */
struct front_setup {
	const struct instance *instance;
	struct cuio_device *device;
	struct saved *saved;
	struct fds *fds;
	struct loop *loop;
	struct front_listener *listener;
	bool fresh; /* the saved memory is new: make the nodes */
};

/* The areas of saved memory that its nodes need. */
void front_plan(const struct instance *instance, struct saved_plan *plan);

/*
 * Before anything is touched: whether nodes of these names can be made (nothing else is called so
 * in /dev, CUSE is there). Reports cause and cure.
 */
int front_check(const struct instance *instance, struct report *report);

/* Opens or takes over the nodes' channels (reports why not) and starts to make the nodes. -EBADMSG:
 * what lies in saved memory is not what was put there; -ESTALE: it does not fit the channel. */
int front_new(const struct front_setup *setup, struct report *report, struct front **ret);
/* With what a predecessor left, before the driver is called: an answer it committed is sent. */
void front_resume(struct front *front);
/* After READY: goes on with what a predecessor left unanswered, then serves. */
int front_serve(struct front *front);
/* Closes the channels: without another holder the nodes go. */
void front_free(struct front *front);

#endif
