/* SPDX-License-Identifier: MIT */
/*
 * The contract between the core of cuiod and a driver: everything that a driver includes, in this
 * tree or outside of it. cuio-driver(3) has a complete driver and its life cycle.
 *
 * A driver is one `struct cuio_driver`: a table of functions, the sizes of the plain data it keeps,
 * and its ioctls. It is to a driver here what struct file_operations is to a kernel module. The
 * rules:
 *
 * - One thread calls. A driver needs no locks and never blocks: it returns cuio_not_yet. The core
 *   parks the request (EAGAIN for O_NONBLOCK, EINTR on a signal), and calls the same function again
 *   after each interrupt, timer, or other finished operation of the card.
 * - A driver keeps no memory of its own. What it must remember lives in the three kinds of state
 *   below: plain data without pointers, zeroed when new, which outlives the process.
 * - The unit of commit is the call. A call works on a private copy of the state; the core commits
 *   state and result together when it returns, and cuio_not_yet commits too. A call that did not
 *   finish (the process crashed) never was, except for what it did to the hardware.
 * - Errors are negative errno values in -1..-511 (the kernel refuses others); 0 or more is success.
 */
#ifndef CUIO_DRIVER_H
#define CUIO_DRIVER_H

#include <cuio/ioctl.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cuio_device;  /* one card */
struct cuio_file;    /* one open file of a node of the card */
struct cuio_request; /* one system call being served: it lives until it is answered */

/* Most bytes of state a driver may declare (a call copies them; keep them small). */
#define CUIO_DEVICE_STATE_MAX  4096U
#define CUIO_FILE_STATE_MAX    512U
#define CUIO_REQUEST_STATE_MAX 512U
#define CUIO_TIMERS_MAX	       8U
#define CUIO_OPTIONS_MAX       16U
#define CUIO_WINDOWS_MAX       6U
#define CUIO_PIECES_MAX	       64U
#define CUIO_TRANSFER_MAX      131072U /* bytes of one read or write; more is split */

/* The version of this contract. A driver that was built for another one is refused at start. */
#define CUIO_CONTRACT_VERSION 1U

/* What a call that cannot be answered yet returns. It is no error: -EAGAIN is an answer, which the
 * caller gets. Not for open(), release() and poll(). */
enum {
	cuio_not_yet = -512
};

enum cuio_start {
	CUIO_START_COLD,  /* nothing is known of the hardware: set it up */
	CUIO_START_WARM,  /* state is as last committed, the hardware as a crash left it */
	CUIO_START_RESET, /* state is as last committed, the hardware has lost its registers: after
			     a reset or a sleep of the card. No back-end reports one yet. */
};

/* Operations, for the mask of those that may be done again when the process crashed inside them. A
 * release is always done again: a file that cannot be closed would be worse. */
enum cuio_restart {
	CUIO_RESTART_OPEN = 1U << 0,
	CUIO_RESTART_READ = 1U << 1,
	CUIO_RESTART_WRITE = 1U << 2,
};

/* What poll() says: the same bits as EPOLLIN and friends. */
enum cuio_ready {
	CUIO_READY_IN = 0x001,
	CUIO_READY_PRI = 0x002,
	CUIO_READY_OUT = 0x004,
	CUIO_READY_ERR = 0x008,
	CUIO_READY_HUP = 0x010,
};

/* A member of an ioctl's struct, for people (cuioctl): drivers in C may leave it out. */
struct cuio_driver_member {
	const char *name;
	uint16_t offset; /* bytes from the start of the argument */
	uint8_t width;	 /* bytes of one element: 1, 2, 4 or 8 */
	bool is_signed;
	uint16_t count; /* elements; 1 for a scalar */
};

/* Memory of the caller that an ioctl's argument points to. */
struct cuio_driver_piece {
	uint64_t address; /* in the caller */
	uint32_t size;	  /* bytes; 0 is allowed */
	bool to_caller;	  /* filled by the call; else fetched before it */
};

struct cuio_driver_ioctl {
	const char *name;
	/* Of an unrestricted driver any number; else one made by _IO(), _IOR(), _IOW() or _IOWR(),
	 * by whose direction and size the kernel moves the argument. */
	uint32_t number;
	uint32_t argument; /* CUIO_ARGUMENT_NONE, _VALUE, _IN, _OUT or _INOUT, see cuio/ioctl.h */
	uint16_t size;	   /* bytes of the argument; the core checks and fetches them */
	bool compat;	   /* this entry is the layout of 32-bit callers where it differs */
	bool restartable; /* done again when the process crashed inside it; else the caller gets EIO
			   */
	const struct cuio_driver_member *members;
	size_t n_members;
	const void *context; /* the driver's own, for a function that serves several entries */
	/*
	 * Of an unrestricted driver, where the argument points to more: says which pieces of the
	 * caller's memory are meant. `arg` is what a CUIO_ARGUMENT_IN or _INOUT gave. Asked anew in
	 * each round of fetching, without state, and of what the caller may have changed meanwhile:
	 * it checks every count and length. All pieces and the argument together are at most
	 * CUIO_TRANSFER_MAX bytes each way. Returns the number of pieces, at most
	 * CUIO_PIECES_MAX, or a negative errno.
	 */
	int (*pieces)(const struct cuio_driver_ioctl *entry, const void *arg,
		      struct cuio_driver_piece *ret_pieces);
	/*
	 * `entry` may be a copy of the driver's own: `context` says which one it is, its place does
	 * not. `arg` is `size` bytes of private memory, of a CUIO_ARGUMENT_VALUE a uint64_t.
	 * Returns what ioctl(2) shall return, 0 or more, cuio_not_yet, or a negative errno. The
	 * argument is as the caller gave it at every call.
	 */
	int (*call)(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		    struct cuio_request *request, void *arg);
};

/* A register that a driver uses, by the name the description gives it. */
struct cuio_driver_register {
	const char *name;
	uint8_t width; /* bytes: 1, 2, 4 or 8; must be the description's */
	bool read, write;
};

/* A field of one of the driver's registers, by the names the description gives both. */
struct cuio_driver_field {
	unsigned reg; /* index in the driver's `registers` */
	const char *name;
};

/* An interrupt of a card that has several, by the name of its [Interrupt NAME]. */
struct cuio_driver_interrupt {
	const char *name;
};

/* Memory that card and driver share, by the name of its [Buffer NAME]. */
struct cuio_driver_buffer {
	const char *name;
	uint64_t size;	      /* bytes */
	uint32_t alignment;   /* bytes of the bus address, a power of two; 0: a page */
	uint8_t address_bits; /* of the bus address that the card can hold; 0: 64 */
};

/* A setting of the driver: an instance file gives it in [Driver], a description may do so before
 * it, as what is right for the card. */
struct cuio_driver_option {
	const char *name;	/* "NoWayOut" */
	uint64_t min, max;	/* 0 and 1: yes or no */
	uint64_t default_value; /* where neither file says anything */
};

/* What a driver's tables were compiled as: the version, and bytes of the driver and of one entry of
 * each table. */
struct cuio_contract {
	uint32_t version, driver_size;
	uint16_t ioctl_size, member_size, register_size, field_size;
	uint16_t interrupt_size, buffer_size, option_size, reserved;
};

#define CUIO_CONTRACT                                                                              \
	{                                                                                          \
		.version = CUIO_CONTRACT_VERSION, .driver_size = sizeof(struct cuio_driver),       \
		.ioctl_size = sizeof(struct cuio_driver_ioctl),                                    \
		.member_size = sizeof(struct cuio_driver_member),                                  \
		.register_size = sizeof(struct cuio_driver_register),                              \
		.field_size = sizeof(struct cuio_driver_field),                                    \
		.interrupt_size = sizeof(struct cuio_driver_interrupt),                            \
		.buffer_size = sizeof(struct cuio_driver_buffer),                                  \
		.option_size = sizeof(struct cuio_driver_option),                                  \
	}

struct cuio_driver {
	struct cuio_contract contract; /* CUIO_CONTRACT, and the first member in every version */
	const char *name;

	uint32_t device_state;	/* bytes of cuio_device_state(): one per card */
	uint32_t file_state;	/* bytes of cuio_file_state(): one per open file */
	uint32_t request_state; /* bytes of cuio_request_state(): one per request, where a parked
				   one goes on */
	uint32_t device_data;	/* bytes of cuio_device_data(): bulk, not copied, valid as far as
				   state says */
	uint64_t state_version; /* raised when state or data mean something else than before: a
				   successor with another one starts afresh */
	uint32_t n_timers;	/* timers 0..n_timers-1 may be set */
	uint32_t restartable;	/* mask of enum cuio_restart */
	int32_t unknown_ioctl;	/* errno for an ioctl not in the table; 0: ENOTTY */
	bool exclusive;		/* a second open of the card gets EBUSY (done by the core) */
	/* ioctl numbers do not encode direction and size (as those of termios), or not the true
	 * ones, or arguments point to more memory. Costs a second round for each argument. */
	bool unrestricted;
	/* Bytes have a place: where the node is a file (Front=file), reads and writes come with a
	 * position. Without it a node is a stream everywhere. */
	bool seekable;

	const struct cuio_driver_ioctl *ioctls;
	size_t n_ioctls;
	const struct cuio_driver_register *registers; /* index of cuio_reg_read() */
	size_t n_registers;
	const struct cuio_driver_field *fields; /* index of cuio_field_read() */
	size_t n_fields;
	const char *const *windows; /* the description's names; index of cuio_window_read() */
	size_t n_windows;
	const struct cuio_driver_option *options; /* index of cuio_device_option() */
	size_t n_options;
	const void *context; /* the driver's own: cuio_device_context() */

	/*
	 * For cards with several interrupts or DMA, for programs that map, for a card that is
	 * removed or sleeps. No back-end serves these five yet: a driver that has any of them is
	 * refused at start.
	 */
	const struct cuio_driver_interrupt *interrupts;
	size_t n_interrupts;
	const struct cuio_driver_buffer *buffers;
	size_t n_buffers;
	/* Which window or buffer a program that opened `node` may map: index in `windows`, or
	 * n_windows + index in `buffers`; or a negative errno. */
	int (*map)(const struct cuio_device *device, unsigned node);
	/* The card is gone: nothing may be asked of it any more. */
	void (*removed)(struct cuio_device *device);
	/* The card is about to lose its registers. start() with CUIO_START_RESET follows. */
	int (*suspend)(struct cuio_device *device);

	/* Mandatory: none. Every function may be NULL; what happens then is said with it. */

	/* Sets the hardware up (COLD), finds it running (WARM), or sets it up again as the state
	 * says (RESET). An error ends the start. */
	int (*start)(struct cuio_device *device, enum cuio_start how);
	/* Leaves the hardware quiet. Called at an orderly stop of the service, not at an upgrade.
	 */
	void (*stop)(struct cuio_device *device);
	/* NULL: every open succeeds. May not return cuio_not_yet. */
	int (*open)(struct cuio_file *file);
	void (*release)(struct cuio_file *file);
	/* Bytes moved, 0 (end of file), cuio_not_yet, or an error. NULL: EINVAL. */
	ssize_t (*read)(struct cuio_file *file, struct cuio_request *request, void *data,
			size_t size);
	ssize_t (*write)(struct cuio_file *file, struct cuio_request *request, const void *data,
			 size_t size);
	/* Mask of enum cuio_ready, from state alone or by registers whose read has no side
	 * effect. NULL: always ready. Called often. */
	unsigned (*poll)(struct cuio_file *file);
	/*
	 * Reads the cause of interrupt `vector` (index in `interrupts`; 0 without that table)
	 * without clearing it. The core saves it before it calls interrupt(); after a crash the
	 * successor is given `saved | fresh`. 0: not this card's. NULL: the cause is 1.
	 */
	int (*cause)(struct cuio_device *device, unsigned vector, uint64_t *ret_cause);
	/* Acknowledges `cause` in the hardware and notes it in the device's state. Touches device
	 * state only. The line is unmasked by the core afterwards. */
	void (*interrupt)(struct cuio_device *device, unsigned vector, uint64_t cause);
	/* The deadline of `timer` has passed; the timer is off. */
	void (*timer)(struct cuio_device *device, unsigned timer);
	/* Of a seekable driver: bytes of the node that was opened, as stat(2) shows them where it
	 * is a file. Outside a call: from the hardware's windows and the options alone. */
	uint64_t (*node_size)(const struct cuio_device *device, unsigned node);
};

/*
 * A plug-in is a shared object with one driver, which it names once:
 *
 *	CUIO_PLUGIN(my_driver);
 *
 * where my_driver is its struct cuio_driver. cuio-driver(3) says where NAME.so is looked for.
 */
#define CUIO_PLUGIN(DRIVER)                                                                        \
	extern const struct cuio_driver *const cuio_plugin;                                        \
	__attribute__((visibility("default"))) const struct cuio_driver *const cuio_plugin =       \
		&(DRIVER)

/* State: private copies, valid during the call only; what is written is committed on return. */
void *cuio_device_state(struct cuio_device *device);
void *cuio_file_state(struct cuio_file *file);
void *cuio_request_state(struct cuio_request *request);
/* Bulk data of the card; not copied, so write it before the state that says it is valid. */
void *cuio_device_data(struct cuio_device *device);
const void *cuio_device_context(const struct cuio_device *device);

struct cuio_device *cuio_file_device(struct cuio_file *file);
/* open(2) flags as the kernel passed them; O_NONBLOCK may change with every request. */
unsigned cuio_file_flags(const struct cuio_file *file);
/* Which of the description's nodes was opened: 0 for the first. */
unsigned cuio_file_node(const struct cuio_file *file);
/* Position of this piece in one oversized read or write (0 for the first); see cuio.device(5). */
uint64_t cuio_request_offset(const struct cuio_request *request);
/* Whether a read or write has a position in the node, which is a file then: the caller's, from
 * lseek(2) or pread(2). Else the driver keeps one for each open file, if it wants to. */
bool cuio_request_position(const struct cuio_request *request, uint64_t *ret_position);
/* The user who makes the call that is being served (not of a release): 0 is root. */
uint32_t cuio_file_caller_uid(const struct cuio_file *file);
/* The memory of the ioctl's i-th piece, in the order of pieces(): what was fetched (do not write),
 * or zeroes to be filled. */
void *cuio_request_piece(struct cuio_request *request, unsigned index);

/* The value of the driver's options[index]. May change with every start, also a warm one. */
uint64_t cuio_device_option(const struct cuio_device *device, unsigned index);

/* Why start() fails, as one line for the log ("edu.device:12: ..."). Before it returns the error.
 */
void cuio_device_set_error(struct cuio_device *device, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One line for the log, as a warning: what an administrator should know and no caller is told. Of a
 * call that is done again after a crash it may be there twice. */
void cuio_device_warn(struct cuio_device *device, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* CLOCK_MONOTONIC in nanoseconds, the same value during one call. */
uint64_t cuio_device_now(const struct cuio_device *device);
/* Before cuio_not_yet: call again no later than at this CLOCK_MONOTONIC time, in nanoseconds. */
void cuio_request_set_deadline(struct cuio_request *request, uint64_t when);
/*
 * Of a write, before cuio_not_yet: so many of its bytes are done. Where the caller cannot wait on
 * for the rest (O_NONBLOCK, a signal, no room for one more to wait), that number is what write(2)
 * returns.
 */
void cuio_request_set_progress(struct cuio_request *request, size_t done);
/*
 * Before cuio_not_yet: keep the device. No other operation of the card is begun until this one is
 * called again and ends, or gives the device up by returning cuio_not_yet without this. Interrupts
 * and timers run all the same. Needs a cuio_request_set_deadline().
 */
void cuio_request_lock_device(struct cuio_request *request);
/* Timers are absolute CLOCK_MONOTONIC deadlines in nanoseconds; 0 switches the timer off. */
void cuio_device_set_timer(struct cuio_device *device, unsigned timer, uint64_t when);
/* Commits what the current call has done so far and goes on: for drains of a FIFO, unit by unit. */
void cuio_device_checkpoint(struct cuio_device *device);

/*
 * Registers of a driver's `registers` table, bound at start: an access cannot leave its window or
 * have a wrong width. A read returns all ones when the hardware is gone, as PCI does.
 */
uint64_t cuio_reg_read(struct cuio_device *device, unsigned index);
void cuio_reg_write(struct cuio_device *device, unsigned index, uint64_t value);
/* One element of a register with Count=, 0..cuio_reg_count()-1. Another one, or one that Except=
 * takes out, is a bug of the driver, which ends the process as assert(3) does. */
uint32_t cuio_reg_count(const struct cuio_device *device, unsigned index);
uint64_t cuio_element_read(struct cuio_device *device, unsigned index, uint64_t element);
void cuio_element_write(struct cuio_device *device, unsigned index, uint64_t element,
			uint64_t value);
/* For elements that somebody else chose: 0; -EINVAL: `count` elements from `first` are not all
 * there; -EACCES: Except= takes one of them out. Touches no hardware. */
int cuio_element_check(const struct cuio_device *device, unsigned index, uint64_t first,
		       uint64_t count);
/* `count` accesses to one register that is a FIFO's or a data port, each of the register's width,
 * in the order of memory: what the kernel's ioread32_rep() and iowrite32_rep() do. */
void cuio_reg_read_rep(struct cuio_device *device, unsigned index, void *to, size_t count);
void cuio_reg_write_rep(struct cuio_device *device, unsigned index, const void *from, size_t count);
/* A field of the driver's `fields` table, from bit 0. A write reads its register first and writes
 * the other bits back as they were. */
uint64_t cuio_field_read(struct cuio_device *device, unsigned index);
void cuio_field_write(struct cuio_device *device, unsigned index, uint64_t value);
/* The same in a value of the register that the driver has read: touches no hardware. */
uint64_t cuio_field_get(const struct cuio_device *device, unsigned index, uint64_t reg_value);
uint64_t cuio_field_set(const struct cuio_device *device, unsigned index, uint64_t reg_value,
			uint64_t value);

/*
 * Memory windows of the driver's `windows` table in bulk, without a register's order or width: for
 * memory only. An access ends at the window's end; returned is how many bytes were moved. A write
 * has reached the hardware's memory when the call returns, also through write-combining.
 */
uint64_t cuio_window_size(const struct cuio_device *device,
			  unsigned index); /* bytes of the window */
size_t cuio_window_read(struct cuio_device *device, unsigned index, uint64_t offset, void *to,
			size_t size);
size_t cuio_window_write(struct cuio_device *device, unsigned index, uint64_t offset,
			 const void *from, size_t size);

/* A plug-in's tables are read by a cuiod that another compiler may have made. */
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
_Static_assert(sizeof(struct cuio_contract) == 24, "the head of a driver of any version");
_Static_assert(sizeof(struct cuio_driver_piece) == 16, "the layout of a piece");
_Static_assert(sizeof(bool) == 1 && sizeof(enum cuio_start) == 4, "the sizes of the contract");
#endif

#endif
