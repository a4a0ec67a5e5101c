/* SPDX-License-Identifier: MIT */
/*
 * The contract between the core of cuiod and a driver: everything a driver includes.
 *
 * A driver is one `struct driver`: a table of functions, the sizes of the plain data it keeps, and
 * its ioctls. Whoever ported a kernel module will recognise struct file_operations in it. The
 * rules:
 *
 * - One thread calls. A driver needs no locks and never blocks: "not yet" is -EAGAIN. The core
 * makes of it a parked request, EAGAIN for O_NONBLOCK, EINTR on a signal, and calls the same
 * function again after each interrupt, timer, or other finished operation of the card.
 * - A driver keeps no memory of its own. What it must remember lives in the three kinds of state
 *   below: plain data without pointers, zeroed when new, which outlives the process.
 * - The unit of commit is the call. A call works on a private copy of the state; the core commits
 *   state and result together when it returns, and -EAGAIN commits too. A call that did not finish
 *   (the process crashed) never was, except for what it did to the hardware.
 * - Errors are negative errno values in -1..-511 (the kernel refuses others); 0 or more is success.
 */
#ifndef CUIO_DRIVER_H
#define CUIO_DRIVER_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct device;	/* one card */
struct file;	/* one open file of a node of the card */
struct request; /* one system call being served: it lives until it is answered */

/* Most bytes of state a driver may declare (a call copies them; keep them small). */
#define DRIVER_DEVICE_STATE_MAX	 4096U
#define DRIVER_FILE_STATE_MAX	 512U
#define DRIVER_REQUEST_STATE_MAX 512U
#define DRIVER_TIMERS_MAX	 8U
#define DRIVER_OPTIONS_MAX	 16U
#define DRIVER_WINDOWS_MAX	 6U
#define DRIVER_PIECES_MAX	 64U
#define DRIVER_TRANSFER_MAX	 131072U /* bytes of one read or write; more is split */

enum driver_start {
	START_COLD, /* nothing is known of the hardware: set it up */
	START_WARM, /* state is as last committed, the hardware as a crash or an upgrade left it */
};

/* Operations, for the mask of those that may be done again when the process crashed inside them. */
enum driver_operation {
	OPERATION_OPEN = 1U << 0,
	OPERATION_RELEASE = 1U << 1,
	OPERATION_READ = 1U << 2,
	OPERATION_WRITE = 1U << 3,
};

/* What poll() says: the same bits as EPOLLIN and friends. */
enum driver_ready {
	READY_IN = 0x001,
	READY_PRI = 0x002,
	READY_OUT = 0x004,
	READY_ERR = 0x008,
	READY_HUP = 0x010,
};

/* How an ioctl's argument travels. */
enum driver_argument {
	ARGUMENT_NONE,	/* ignored */
	ARGUMENT_VALUE, /* the third argument itself: `arg` points to a uint64_t */
	ARGUMENT_IN,	/* `size` bytes from the caller */
	ARGUMENT_OUT,	/* `size` bytes to the caller, zeroed before the call */
	ARGUMENT_INOUT, /* both ways */
};

/* A member of an ioctl's struct, for people (cuioctl): drivers in C may leave it out. */
struct driver_member {
	const char *name;
	uint16_t offset; /* bytes from the start of the argument */
	uint8_t width;	 /* bytes of one element: 1, 2, 4 or 8 */
	bool is_signed;
	uint16_t count; /* elements; 1 for a scalar */
};

/* Memory of the caller that an ioctl's argument points to. */
struct driver_piece {
	uint64_t address; /* in the caller */
	uint32_t size;	  /* bytes; 0 is allowed */
	bool to_caller;	  /* filled by the call; else fetched before it */
};

struct driver_ioctl {
	const char *name;
	/* Of an unrestricted driver any number; else one made by _IO(), _IOR(), _IOW() or _IOWR(),
	 * by whose direction and size the kernel moves the argument. */
	uint32_t number;
	enum driver_argument argument;
	uint16_t size;	  /* bytes of the argument; the core checks and fetches them */
	bool compat;	  /* this entry is the layout of 32-bit callers where it differs */
	bool restartable; /* done again when the process crashed inside it; else the caller gets EIO
			   */
	const struct driver_member *members;
	size_t n_members;
	const void *context; /* the driver's own, for a function that serves several entries */
	/*
	 * Of an unrestricted driver, where the argument points to more: says which pieces of the
	 * caller's memory are meant. `arg` is what an ARGUMENT_IN or INOUT gave. Asked anew in each
	 * round of fetching, without state, and of what the caller may have changed meanwhile: it
	 * checks every count and length. All pieces and the argument together are at most
	 * DRIVER_TRANSFER_MAX bytes each way. Returns the number of pieces, at most
	 * DRIVER_PIECES_MAX, or a negative errno.
	 */
	int (*pieces)(const struct driver_ioctl *entry, const void *arg,
		      struct driver_piece *ret_pieces);
	/*
	 * `arg` is `size` bytes of private memory (see enum driver_argument). Returns what ioctl(2)
	 * shall return, 0 or more, or a negative errno. -EAGAIN parks the request; the argument is
	 * as the caller gave it at every call.
	 */
	int (*call)(const struct driver_ioctl *entry, struct file *file, struct request *request,
		    void *arg);
};

/* A register that a driver written in C uses, by the name the description gives it. */
struct driver_register {
	const char *name;
	uint8_t width; /* bytes: 1, 2, 4 or 8; must be the description's */
	bool read, write;
};

/* A setting of the driver: an instance file gives it in [Driver], a description may do so before
 * it, as what is right for the card. */
struct driver_option {
	const char *name;	/* "NoWayOut" */
	uint64_t min, max;	/* 0 and 1: yes or no */
	uint64_t default_value; /* where neither file says anything */
};

struct driver {
	const char *name;

	size_t device_state;  /* bytes of device_state(): one per card */
	size_t file_state;    /* bytes of file_state(): one per open file */
	size_t request_state; /* bytes of request_state(): one per request, where a parked one goes
				 on */
	size_t device_data; /* bytes of device_data(): bulk, not copied, valid as far as state says
			     */
	uint64_t state_version; /* raised when state or data mean something else than before: a
				   successor with another one starts afresh */
	unsigned n_timers;	/* timers 0..n_timers-1 may be set */
	unsigned restartable;	/* mask of enum driver_operation */
	bool exclusive;		/* a second open of the card gets EBUSY (done by the core) */
	/* ioctl numbers do not encode direction and size (as those of termios), or not the true
	 * ones, or arguments point to more memory. Costs a second round for each argument. */
	bool unrestricted;
	/* Bytes have a place: where the node is a file (Front=file), reads and writes come with a
	 * position. Without it a node is a stream everywhere. */
	bool seekable;
	int unknown_ioctl; /* errno for an ioctl not in the table; 0: ENOTTY */

	const struct driver_ioctl *ioctls;
	size_t n_ioctls;
	const struct driver_register *registers; /* reg_get(device, i) is registers[i] */
	size_t n_registers;
	const char *const *windows; /* bulk_get(device, i, ...) is the description's windows[i] */
	size_t n_windows;
	const struct driver_option *options; /* device_option(device, i) is options[i] */
	size_t n_options;
	const void *context; /* the driver's own: device_context() */

	/* Mandatory: none. Every function may be NULL; what happens then is said with it. */

	/* Sets the hardware up (COLD) or finds it running (WARM). An error ends the start. */
	int (*start)(struct device *device, enum driver_start how);
	/* Leaves the hardware quiet. Called at an orderly stop of the service, not at an upgrade.
	 */
	void (*stop)(struct device *device);
	/* NULL: every open succeeds. May not return -EAGAIN. */
	int (*open)(struct file *file);
	void (*release)(struct file *file);
	/* Bytes moved, 0 (end of file), or an error. NULL: EINVAL. */
	ssize_t (*read)(struct file *file, struct request *request, void *data, size_t size);
	ssize_t (*write)(struct file *file, struct request *request, const void *data, size_t size);
	/* Mask of enum driver_ready, from state alone or by registers whose read has no side
	 * effect. NULL: always ready. Called often. */
	unsigned (*poll)(struct file *file);
	/*
	 * Reads the cause of an interrupt without clearing it. The core saves it before it calls
	 * interrupt(); after a crash the successor is given `saved | fresh`. 0: not this card's.
	 * NULL: the cause is 1.
	 */
	int (*cause)(struct device *device, uint64_t *ret_cause);
	/* Acknowledges `cause` in the hardware and notes it in the device's state. Touches device
	 * state only. The line is unmasked by the core afterwards. */
	void (*interrupt)(struct device *device, uint64_t cause);
	/* The deadline of `timer` has passed; the timer is off. */
	void (*timer)(struct device *device, unsigned timer);
	/* Of a seekable driver: bytes of the node that was opened, as stat(2) shows them where it
	 * is a file. Outside a call: from the hardware's windows and the options alone. */
	uint64_t (*size)(struct device *device, unsigned node);
};

/* State: private copies, valid during the call only; what is written is committed on return. */
void *device_state(struct device *device);
void *file_state(struct file *file);
void *request_state(struct request *request);
/* Bulk data of the card; not copied, so write it before the state that says it is valid. */
void *device_data(struct device *device);
const void *device_context(const struct device *device);

struct device *file_device(struct file *file);
/* open(2) flags as the kernel passed them; O_NONBLOCK may change with every request. */
unsigned file_flags(const struct file *file);
/* Which of the description's nodes was opened: 0 for the first. */
unsigned file_node(const struct file *file);
/* Position of this piece in one oversized read or write (0 for the first); see cuio.device(5). */
uint64_t request_offset(const struct request *request);
/* Whether a read or write has a position in the node, which is a file then: the caller's, from
 * lseek(2) or pread(2). Else the driver keeps one for each open file, if it wants to. */
bool request_position(const struct request *request, uint64_t *ret_position);
/* The user who makes the call that is being served (not of a release): 0 is root. */
uint32_t caller_uid(const struct file *file);
/* The memory of the ioctl's i-th piece, in the order of pieces(): what was fetched (do not write),
 * or zeroes to be filled. */
void *request_piece(struct request *request, unsigned index);

/* The value of the driver's options[index]. May change with every start, also a warm one. */
uint64_t device_option(const struct device *device, unsigned index);

/* Why start() fails, as one line for the log ("edu.device:12: ..."). Before it returns the error.
 */
void device_set_error(struct device *device, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One line for the log, as a warning: what an administrator should know and no caller is told. Of a
 * call that is done again after a crash it may be there twice. */
void device_warn(struct device *device, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* CLOCK_MONOTONIC in nanoseconds, the same value during one call. */
uint64_t device_now(const struct device *device);
/* Before -EAGAIN: call again no later than at this CLOCK_MONOTONIC time, in nanoseconds. */
void request_deadline(struct request *request, uint64_t when);
/*
 * Of a write, before -EAGAIN: so many of its bytes are done. Where the caller cannot wait on for
 * the rest (O_NONBLOCK, a signal, no room for one more to wait), that number is what write(2)
 * returns.
 */
void request_progress(struct request *request, size_t done);
/*
 * Before -EAGAIN: keep the device. No other operation of the card is begun until this one is called
 * again and ends, or gives the device up by returning -EAGAIN without this. Interrupts and timers
 * run all the same. Needs a request_deadline().
 */
void request_lock_device(struct request *request);
/* Timers are absolute CLOCK_MONOTONIC deadlines in nanoseconds; 0 switches the timer off. */
void device_timer(struct device *device, unsigned timer, uint64_t when);
/* Commits what the current call has done so far and goes on: for drains of a FIFO, unit by unit. */
void device_checkpoint(struct device *device);

/*
 * Registers of a driver's `registers` table, bound at start: an access cannot leave its window or
 * have a wrong width. A read returns all ones when the hardware is gone, as PCI does.
 */
uint64_t reg_get(struct device *device, unsigned index);
void reg_set(struct device *device, unsigned index, uint64_t value);
/* `count` accesses to one register that is a FIFO's or a data port, each of the register's width,
 * in the order of memory: what the kernel's ioread32_rep() and iowrite32_rep() do. */
void reg_read_rep(struct device *device, unsigned index, void *to, size_t count);
void reg_write_rep(struct device *device, unsigned index, const void *from, size_t count);

/*
 * Memory windows of the driver's `windows` table in bulk, without a register's order or width: for
 * memory only. An access ends at the window's end; returned is how many bytes were moved. A write
 * has reached the hardware's memory when the call returns, also through write-combining.
 */
uint64_t bulk_size(const struct device *device, unsigned index); /* bytes of the window */
size_t bulk_get(struct device *device, unsigned index, uint64_t offset, void *to, size_t size);
size_t bulk_put(struct device *device, unsigned index, uint64_t offset, const void *from,
		size_t size);

#endif
