/* SPDX-License-Identifier: MIT */
/*
 * The ioctls that cuiod itself answers on every node of every device.
 *
 * They are answered on a *control file* only: a node opened with access mode 3 (O_WRONLY | O_RDWR,
 * "for ioctl alone"), which needs read and write permission for the node and never reaches the
 * driver's open. On any other open file they are ENOTTY, or what the device's own ABI says. The
 * device's own ioctls work on a control file too. While a program has an exclusive device open,
 * they are EBUSY unless they only look.
 *
 * CUIO_IOCTL_INFO, _REGISTER, _FIELD, _OPERATION and _MEMBER describe; _READ, _WRITE, _CHECK, _WAIT
 * and _BATCH work on the hardware and answer EPERM to callers that are neither the node's owner nor
 * root of the machine: user 0 with CAP_SYS_RAWIO, outside of any user namespace, when the file was
 * opened. Only _WAIT and a _BATCH with CUIO_STEP_UNTIL block. Layouts are the same for 32-bit and
 * 64-bit callers. Strings end with a NUL. An index past the last one is ENOENT: that is how a list
 * ends.
 */
#ifndef CUIO_IOCTL_H
#define CUIO_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define CUIO_IOCTL_TYPE	   0xC7
#define CUIO_IOCTL_VERSION 1

#define CUIO_NAME_SIZE 64
#define CUIO_TEXT_SIZE 256

/* What serves this node, and its history. */
struct cuio_info {
	__u32 version;	       /* CUIO_IOCTL_VERSION of the daemon */
	__u32 pid;	       /* of the daemon, in its own PID namespace */
	__u64 generation;      /* number of restarts by crashes and upgrades */
	__u64 replayed;	       /* requests done again after a crash */
	__u64 crash_errors;    /* requests answered EIO because the process crashed inside them */
	__u64 requests;	       /* requests answered since the node was made */
	__u64 interrupts;      /* interrupts served since the node was made */
	__u64 last_crash_time; /* CLOCK_REALTIME seconds; 0: never */
	__u32 open_files;      /* of all nodes of the card, control files included */
	__u32 parked;	       /* requests waiting */
	__u32 n_registers;
	__u32 n_operations; /* the device's own ioctls */
	__u32 n_nodes;
	__u32 node;			       /* which of the card's nodes this is */
	char instance[CUIO_NAME_SIZE];	       /* NAME of cuiod@NAME */
	char node_name[CUIO_NAME_SIZE];	       /* below /dev */
	char driver[CUIO_NAME_SIZE];	       /* "registers" for a description with steps */
	char description[CUIO_TEXT_SIZE];      /* path of the .device file */
	char title[CUIO_TEXT_SIZE];	       /* its Description= */
	char backend[CUIO_NAME_SIZE];	       /* "uio", "sim" */
	char card[CUIO_NAME_SIZE];	       /* "pci:0000:00:04.0"; empty for the simulator */
	char last_crash_cause[CUIO_TEXT_SIZE]; /* such as "in read"; empty: never */
	char daemon_version[CUIO_NAME_SIZE - 4];
	__u32 storm_pause; /* of an interrupt storm: ms between two trials; 0: there is none */
};

#define CUIO_REGISTER_READ	  (1U << 0) /* may be read */
#define CUIO_REGISTER_WRITE	  (1U << 1) /* may be written */
#define CUIO_REGISTER_SIDE_EFFECT (1U << 2) /* a read changes the hardware: dumps skip it */

struct cuio_register {
	__u32 index; /* in: 0..n_registers-1 */
	__u32 flags;
	__u64 offset; /* bytes from the start of the window */
	__u64 stride; /* bytes from one element to the next; 0: a FIFO */
	__u32 width;  /* bytes */
	__u32 count;  /* elements; 1 for a single register */
	__u32 n_fields;
	__u32 reserved;
	char name[CUIO_NAME_SIZE];
	char window[CUIO_NAME_SIZE];
	char title[CUIO_TEXT_SIZE];
};

struct cuio_field {
	__u32 register_index; /* in */
	__u32 index;	      /* in */
	__u32 shift;	      /* number of the lowest bit */
	__u32 bits;	      /* how many */
	__u32 flags;	      /* CUIO_REGISTER_READ, _WRITE */
	__u32 reserved;
	char name[CUIO_NAME_SIZE];
	char title[CUIO_TEXT_SIZE];
};

/*
 * One access to one element of a register. A write changes the bits of `mask` alone; where these
 * are not all bits of the register, it is read first (EOPNOTSUPP if it cannot be read without
 * harm). ENOENT: no such register; EINVAL: no such element; EACCES: not readable (_READ), not
 * writable (_WRITE), or an excepted element; ERANGE: a value wider than the register.
 */
struct cuio_access {
	__u32 register_index; /* in */
	__u32 element;	      /* in: 0 for a single register */
	__u64 value;	      /* in for _WRITE, out for _READ */
	__u64 mask;	      /* in for _WRITE: bits to change */
};

/* Waits for the next interrupt of the card. ETIMEDOUT, EINTR; ENOTCONN without an interrupt. */
struct cuio_wait {
	__u64 timeout; /* in: nanoseconds; 0: no limit */
	__u64 cause;   /* out: value of the hardware's cause register, or 1 */
	__u64 count;   /* out: cuio_info.interrupts, this one included */
};

/*
 * A batch: register accesses that the daemon carries out in their order, in one ioctl. All are
 * checked before the first is carried out. No other request reaches the card between two steps;
 * interrupts and timers of the card do.
 *
 * READ puts the register's bits of `mask` into `value`; WRITE writes the bits of `mask` of `value`
 * (as CUIO_IOCTL_WRITE does). UNTIL reads until the bits of `mask` are those of `value`, for at
 * most `timeout` microseconds (0: it reads once), and puts the bits read last into `value`.
 *
 * <cuio/batch.h> fills and runs one.
 */
#define CUIO_STEP_NONE	0 /* invalid (EINVAL): a batch that ends with it is only checked */
#define CUIO_STEP_READ	1
#define CUIO_STEP_WRITE 2
#define CUIO_STEP_UNTIL 3

struct cuio_step {
	__u32 kind; /* CUIO_STEP_* */
	__u32 register_index;
	__u32 element; /* 0 for a single register */
	__u32 timeout; /* of UNTIL: microseconds, at most CUIO_STEP_TIMEOUT_MAX */
	__u64 value;   /* in for WRITE and UNTIL, out for READ and UNTIL */
	__u64 mask;    /* bits to read, write or compare */
};

#define CUIO_STEP_TIMEOUT_MAX 10000000U /* 10 s */
#define CUIO_BATCH_STEPS_MAX  511U	/* an ioctl's argument has at most 16383 bytes */

/*
 * The ioctl returns how many steps were done. If these are fewer than `n_steps`, `error` says why
 * the next one was not: -ETIMEDOUT of an UNTIL (its `value` is what was read last). A step that can
 * never be done is found before the first step: 0 is returned, `stopped` says which and `error`
 * why, as for CUIO_IOCTL_READ and _WRITE. Fails with EINVAL when `n_steps` and the size of the
 * argument do not fit together, EPERM for callers who are neither root nor the node's owner, EINTR
 * when a signal comes before the first step, while another request has the card (a batch that has
 * begun is finished), and EIO when the daemon crashed in the batch after a step other than a
 * harmless read; how many steps were done is not known then.
 */
struct cuio_batch {
	__u32 n_steps; /* in: steps that follow */
	__u32 stopped; /* out: index of the step that was not done; n_steps: all are done */
	__s32 error;   /* out: 0, or a negative errno */
	__u32 reserved;
};

/* How the argument of one of the device's own ioctls travels, here and in <cuio/driver.h>. */
#define CUIO_ARGUMENT_NONE  0 /* ignored */
#define CUIO_ARGUMENT_VALUE 1 /* the third argument of ioctl(2) itself */
#define CUIO_ARGUMENT_IN    2 /* `size` bytes from the caller */
#define CUIO_ARGUMENT_OUT   3 /* `size` bytes to the caller; zeroed before the driver is called */
#define CUIO_ARGUMENT_INOUT 4 /* both ways */

/* One ioctl of the device's own ABI. */
struct cuio_operation {
	__u32 index;	 /* in: 0..n_operations-1 */
	__u32 number;	 /* what ioctl(2) takes */
	__u32 argument;	 /* CUIO_ARGUMENT_* */
	__u32 size;	 /* bytes of the argument */
	__u32 n_members; /* 0: the argument is one value of `size` bytes, or opaque */
	__u32 restartable;
	char name[CUIO_NAME_SIZE];
};

struct cuio_member {
	__u32 operation_index; /* in */
	__u32 index;	       /* in */
	__u32 offset;	       /* bytes from the start of the argument */
	__u32 width;	       /* bytes of one element */
	__u32 count;	       /* elements; 1 for a scalar */
	__u32 is_signed;
	char name[CUIO_NAME_SIZE];
};

#define CUIO_IOCTL_INFO	     _IOR(CUIO_IOCTL_TYPE, 0, struct cuio_info)
#define CUIO_IOCTL_REGISTER  _IOWR(CUIO_IOCTL_TYPE, 1, struct cuio_register)
#define CUIO_IOCTL_FIELD     _IOWR(CUIO_IOCTL_TYPE, 2, struct cuio_field)
#define CUIO_IOCTL_READ	     _IOWR(CUIO_IOCTL_TYPE, 3, struct cuio_access)
#define CUIO_IOCTL_WRITE     _IOWR(CUIO_IOCTL_TYPE, 4, struct cuio_access)
#define CUIO_IOCTL_WAIT	     _IOWR(CUIO_IOCTL_TYPE, 5, struct cuio_wait)
#define CUIO_IOCTL_OPERATION _IOWR(CUIO_IOCTL_TYPE, 6, struct cuio_operation)
#define CUIO_IOCTL_MEMBER    _IOWR(CUIO_IOCTL_TYPE, 7, struct cuio_member)
/* Returns what _WRITE would return for the same argument, without touching the hardware: a program
 * that sets several registers checks all of them before it writes the first. */
#define CUIO_IOCTL_CHECK _IOWR(CUIO_IOCTL_TYPE, 8, struct cuio_access)
/* Argument: a struct cuio_batch followed by `n` struct cuio_step. */
#define CUIO_IOCTL_BATCH_NUMBER 9
#define CUIO_IOCTL_BATCH(n)                                                                        \
	_IOC(_IOC_READ | _IOC_WRITE, CUIO_IOCTL_TYPE, CUIO_IOCTL_BATCH_NUMBER,                     \
	     sizeof(struct cuio_batch) + (n) * sizeof(struct cuio_step))

#endif
