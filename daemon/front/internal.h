/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of struct front, for the files of this layer. */
#ifndef FRONT_INTERNAL_H
#define FRONT_INTERNAL_H

#include "base/alarm.h"
#include "front/affinity.h"
#include "front/channel.h"
#include "front/front.h"
#include "front/request_store.h"
#include <time.h>

struct fuse_session;
struct fuse_req;
struct fuse_file_info;
struct fuse_pollhandle;
struct mountpoint;
struct tree;

/* One channel, with libfuse's decoder for it. */
struct connection {
	struct front *front;
	uint32_t index; /* the slot where its requests land; of CUSE also the node */
	struct channel channel;
	struct fuse_session *session;
	uint32_t thread; /* who has asked last */
	unsigned alone;	 /* rounds in a row that had one request each */
};

struct front_node {
	struct front *front;
	uint32_t index; /* of the instance's nodes */
	const struct instance_node *settings;
	char *path; /* where programs find it */
	bool there; /* as configured */
	/* Of a file: */
	uid_t owner;
	gid_t group;
	mode_t mode;
};

/* What is different between nodes in /dev and files in a mount. */
struct front_ops {
	uint32_t init;		/* the opcode of a channel's first request */
	bool shared_connection; /* one connection for all nodes, not one for each */
	uint32_t refuse_fetch;	/* an ioctl whose argument the kernel has not brought; 0: it can */
	/* Before anything is made: see front_check(). */
	int (*check)(const struct instance *instance, struct report *report);
	/* A fresh channel, where none was handed over. Returns its descriptor, or reports. */
	int (*open)(struct connection *connection, struct report *report);
	int (*session_new)(struct connection *connection);
	/* FOPEN_ of linux/fuse.h, for each file that is opened. */
	uint32_t (*open_flags)(const struct front *front);
	/* Whether programs find the node, as configured. */
	bool (*look)(struct front_node *node);
	/* The owner may have changed since: asked when a control file is opened. */
	void (*refresh_owner)(struct front_node *node);
};

extern const struct front_ops cuse_ops; /* cuse.c */
extern const struct front_ops file_ops; /* file.c */

struct front {
	const struct instance *instance;
	struct cuio_device *device;
	struct saved *saved;
	struct fds *fds;
	struct loop *loop;
	struct front_listener *listener;
	struct request_store *store;
	const struct front_ops *ops;
	unsigned n_nodes, n_connections;
	struct front_node nodes[RECORD_NODES];
	struct connection connections[RECORD_NODES];
	struct tree *tree;	       /* of a mount; else NULL */
	struct mountpoint *mountpoint; /* made by this process; else NULL */
	time_t start_time;	       /* of this process: the files' times */
	struct device_listener changed;
	struct affinity affinity;
	/* Waiting for udev: */
	struct loop_source watch;
	struct alarm udev_timeout;
	bool announced;
};

static inline struct connection *front_connection(struct front *front, uint32_t node)
{
	return &front->connections[front->ops->shared_connection ? 0 : node];
}

/* decode.c: from the kernel's bytes to records. */
/* Gives the connection its session, which may be NULL: no memory. */
int decode_attach(struct connection *connection, struct fuse_session *session);
void decode_detach(struct connection *connection);
/* Feeds what lies in the connection's receive buffer to libfuse, which calls back: fills the record
 * of that slot. False: it is no request for the device, libfuse has answered it. */
bool decode(struct connection *connection, void *bytes, uint32_t size);
/* Feeds the session the request that opened the channel. `answered`: by a predecessor, so that the
 * session is only told what it once agreed to. */
int decode_init(struct connection *connection, void *bytes, uint32_t size, bool answered);
/* What libfuse's callbacks for a node's requests come to. libfuse's side of the request ends here.
 */
void decode_open(struct fuse_req *req, uint32_t node, struct fuse_file_info *info);
void decode_release(struct fuse_req *req, uint32_t node, struct fuse_file_info *info);
/* `positioned`: the offset is a position in the node. */
void decode_read(struct fuse_req *req, uint32_t node, size_t size, off_t offset, bool positioned,
		 struct fuse_file_info *info);
void decode_write(struct fuse_req *req, uint32_t node, size_t size, off_t offset, bool positioned,
		  struct fuse_file_info *info);
void decode_ioctl(struct fuse_req *req, uint32_t node, unsigned command, void *argument,
		  struct fuse_file_info *info, unsigned flags, size_t in_size, size_t out_size);
void decode_poll(struct fuse_req *req, uint32_t node, struct fuse_file_info *info,
		 struct fuse_pollhandle *poll);

/* reply.c: sends the answer that the device has committed. */
void reply_send(struct front *front, const struct device_answer *answer);
/* To the ioctl that was just received: the kernel is to bring its argument, and to send it once
 * more. */
struct argument_fetch;
void reply_fetch(const struct connection *connection, const struct argument_fetch *fetch);
/* To the notice of a signal that was just received: send it once more if its request still waits.
 */
void reply_again(const struct connection *connection);

/* serve.c */
/* What lies in the connection's receive buffer, whether it has just come or lay there after a
 * crash. The buffer is free then. */
void serve_received(struct connection *connection, void *bytes, uint32_t size);
/* Calls the device for a request that is decoded. */
void serve_request(struct front *front, uint32_t slot);
/* A request that must not be done again is answered EIO; whether it was. */
bool serve_poisoned(struct front *front, uint32_t slot);
/* Sends what is committed. */
void serve_answer(struct front *front, const struct device_answer *answer);
/* If something has changed: asks parked requests again, in their turn, and wakes poll waiters. */
void serve_changed(struct front *front);

/* resume.c: what a predecessor left is looked at before anything comes of it; a committed answer is
 * sent before the driver is called; the requests are taken up again when the service is ready. */
int resume_verify(struct front *front);
void resume_answer(struct front *front);
void resume_requests(struct front *front);

/* connection.c */
int connection_start(struct connection *connection, struct report *report);
void connection_stop(struct connection *connection);
int connection_listen(struct connection *connection);

/* dev.c: the node in /dev, for CUSE. */
int dev_check(const struct instance *instance, struct report *report);
bool dev_look(struct front_node *node);
void dev_refresh_owner(struct front_node *node);
/* The group that a node is to have; false: none is asked for, or it is gone. */
bool dev_group(const struct instance_node *settings, gid_t *ret);

#endif
