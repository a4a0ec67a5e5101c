/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of struct front, for the files of this floor. */
#ifndef FRONT_INTERNAL_H
#define FRONT_INTERNAL_H

#include "base/alarm.h"
#include "front/affinity.h"
#include "front/channel.h"
#include "front/front.h"
#include "front/journal.h"

struct fuse_session;
struct fuse_req;

struct node {
	struct front *front;
	uint32_t index; /* of the instance's nodes; also the slot where its requests land */
	const struct instance_node *settings;
	struct channel channel;
	struct fuse_session *session; /* libfuse's decoder and encoder for this channel */
	bool there;		      /* in /dev, as configured */
	bool aborted;		      /* the kernel has given it up */
};

struct front {
	const struct instance *instance;
	struct device *device;
	struct saved *saved;
	struct fds *fds;
	struct loop *loop;
	struct front_listener *listener;
	struct journal *journal;
	unsigned n_nodes;
	struct node nodes[RECORD_NODES];
	struct fuse_req *requests[RECORD_SLOTS]; /* libfuse's side of unanswered requests */
	struct device_listener changed;
	bool retrying, retry_again; /* parked requests are being gone through */
	struct affinity affinity;
	uint32_t decoding; /* slot whose bytes libfuse is decoding */
	bool adopting;	   /* only to have its fuse_req again */
	/* Waiting for udev: */
	struct loop_source watch;
	struct alarm patience;
	bool announced;
};

/* cuse.c: from the kernel's bytes to records. */
int cuse_session_new(struct node *node);
void cuse_session_free(struct node *node);
/* Feeds the bytes of a slot to libfuse, which calls back: serves the request. */
void cuse_decode(struct node *node, uint32_t slot, void *bytes, uint32_t size);
/* The same for a request whose record there is already: only libfuse's side of it is made anew. */
void cuse_adopt(struct node *node, uint32_t slot, void *bytes, uint32_t size);
void cuse_decode_init(struct node *node, void *bytes, uint32_t size);

/* reply.c: sends the answer that the device has committed for the request of this slot. */
void reply_send(struct front *front, uint32_t slot);
/* Asks the kernel to bring an ioctl's argument, and to send the request once more. */
struct argument_fetch;
void reply_fetch(struct front *front, uint32_t slot, const struct argument_fetch *fetch);

/* serve.c: requests that were decoded. */
/* Returns the slot in which the request waits; SLOT_NONE: it was answered. */
uint32_t serve_request(struct front *front, uint32_t slot);
/* The same for one that was just decoded, whether it has just come or lay there after a crash. */
uint32_t serve_new(struct front *front, uint32_t slot);
void serve_interrupted(struct front *front, uint32_t slot);
void serve_cancel(struct front *front, uint32_t slot, int error);
void serve_answered(struct front *front, uint32_t slot);
void serve_changed(struct front *front);

/* resume.c: what a predecessor left is looked at before anything comes of it; the sessions are
 * given back what they knew, and a committed answer is sent, before the driver is called; the
 * requests are taken up again when the service is ready. */
int resume_verify(struct front *front);
void resume_sessions(struct front *front);
void resume_requests(struct front *front);
/* A request inside which processes have died is not to be done again: it is answered EIO. */
bool resume_gives_up(struct front *front, uint32_t slot);

/* node.c: one channel. */
int node_start(struct node *node, struct report *report);
void node_stop(struct node *node);
int node_listen(struct node *node);

/* dev.c: the node in /dev. Whether it is there, as configured: */
bool dev_look(struct node *node);
/* The owner may have changed since: asked when a control file is opened. */
void dev_refresh_owner(struct node *node);

#endif
