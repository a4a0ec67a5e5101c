/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The definition of struct front, for the files of this layer. */
#ifndef FRONT_INTERNAL_H
#define FRONT_INTERNAL_H

#include "base/alarm.h"
#include "device/quota.h"
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

/* A channel with libfuse's decoder. */
struct connection {
	struct front *front;
	uint32_t index; /* the slot that receives its requests; for CUSE also the node */
	struct channel channel;
	struct fuse_session *session;
	uint32_t thread; /* that sent the last request */
	unsigned alone;	 /* rounds in a row with one request each */
};

struct front_node {
	struct front *front;
	uint32_t index; /* in the instance's nodes */
	const struct instance_node *settings;
	char *path; /* as programs see it */
	bool there; /* exists as configured */
	/* For a file: */
	uid_t owner;
	gid_t group;
	mode_t mode;
};

/* The differences between nodes in /dev and files in a mount. */
struct front_ops {
	uint32_t init;		/* the opcode of a channel's first request */
	bool shared_connection; /* one connection for all nodes, not one per node */
	/* Implements front_check(). */
	int (*check)(const struct instance *instance, struct report *report);
	/* Opens a new channel if none was handed over. Returns its descriptor, or reports and
	 * returns -errno. */
	int (*open)(struct connection *connection, struct report *report);
	int (*session_new)(struct connection *connection);
	/* FOPEN_ flags of linux/fuse.h for each opened file. */
	uint32_t (*open_flags)(const struct front *front);
	/* Whether the node exists as configured. */
	bool (*look)(struct front_node *node);
	/* Called when a control file is opened, because the owner may have changed. */
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
	bool restricted; /* the kernel copies of an argument only what the ioctl's number says */
	unsigned n_nodes, n_connections;
	struct front_node nodes[RECORD_NODES];
	struct connection connections[RECORD_NODES];
	struct tree *tree;	       /* of a mount; else NULL */
	struct mountpoint *mountpoint; /* made by this process; else NULL */
	time_t start_time;	       /* of this process: the files' times */
	struct device_listener changed;
	struct loop_work turns; /* the rest of serve_changed() */
	struct quota_told told; /* whose calls could not wait */
	unsigned parts;		/* of it since poll waiters were last asked */
	struct affinity affinity;
	/* While waiting for udev: */
	struct loop_source watch;
	struct alarm udev_timeout;
	bool announced;
};

static inline struct connection *front_connection(struct front *front, uint32_t node)
{
	return &front->connections[front->ops->shared_connection ? 0 : node];
}

/* decode.c: converts the kernel's bytes to records. */
/* Sets the connection's session and owns it. NULL returns -ENOMEM. */
int decode_attach(struct connection *connection, struct fuse_session *session);
void decode_detach(struct connection *connection);
/* Passes the request in the connection's receive buffer to libfuse, whose callbacks fill the record
 * of that slot. False: libfuse has answered it, it is not for the device. */
bool decode(struct connection *connection, void *bytes, uint32_t size);
/* Passes the channel's first request to the session. `answered`: a predecessor has answered it, so
 * no answer is sent. */
int decode_init(struct connection *connection, void *bytes, uint32_t size, bool answered);
/* Called by libfuse's callbacks. They end libfuse's part of the request. */
void decode_open(struct fuse_req *req, uint32_t node, struct fuse_file_info *info);
void decode_release(struct fuse_req *req, uint32_t node, struct fuse_file_info *info);
/* `positioned`: the offset is a file position. */
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
/* Answers the ioctl that was just received: the kernel must copy its argument and repeat it. */
struct argument_fetch;
void reply_fetch(const struct connection *connection, const struct argument_fetch *fetch);
/* Answers the interrupt message that was just received: the kernel must repeat it if its request
 * still waits. */
void reply_again(const struct connection *connection);

/* serve.c */
/* Serves the request in the connection's receive buffer, whether it was just received or is left
 * from a crash, and empties the buffer. */
void serve_received(struct connection *connection, void *bytes, uint32_t size);
/* Answers EIO to that request, which a crash follows whenever it is decoded. */
void serve_undecoded(struct connection *connection, const void *bytes);
/* Logs that a request is answered EIO because of crashes outside of calls. */
void serve_tell_given_up(const struct request_record *record);
/* Calls the device for a decoded request. */
void serve_request(struct front *front, uint32_t slot);
/* Answers EIO if the request must not be called again. Returns whether it did. */
bool serve_poisoned(struct front *front, uint32_t slot);
/* Sends a committed answer. */
void serve_answer(struct front *front, const struct device_answer *answer);
/* Calls parked requests that may be able to continue, in order of their turn, and wakes poll
 * waiters: a bounded part of them, and the others from the loop, after what is ready by then. */
void serve_changed(struct front *front);

/* resume.c: recovery of a predecessor's requests. resume_verify() checks them first,
 * resume_answer() sends a committed answer before the driver is called, and resume_requests()
 * serves the others when the service is ready. */
int resume_verify(struct front *front);
void resume_answer(struct front *front);
void resume_requests(struct front *front);

/* connection.c */
int connection_start(struct connection *connection, struct report *report);
void connection_stop(struct connection *connection);
int connection_listen(struct connection *connection);

/* dev.c: nodes in /dev, for CUSE. */
int dev_check(const struct instance *instance, struct report *report);
bool dev_look(struct front_node *node);
void dev_refresh_owner(struct front_node *node);
/* The group that a node must have; false: none is configured, or it does not exist. */
bool dev_group(const struct instance_node *settings, gid_t *ret);

#endif
