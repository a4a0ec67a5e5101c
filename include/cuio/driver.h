/* SPDX-License-Identifier: MIT */
/*
 * The contract between the core of cuiod and a driver: all that a driver needs to include, in this
 * tree or outside of it. cuio-driver(3) has a complete driver and its life cycle.
 *
 * A driver is one `struct cuio_driver`: a table of functions, the sizes of its state, and its
 * ioctls. It corresponds to struct file_operations of a kernel module. The rules:
 *
 * - One thread makes all calls. A driver needs no locks and must not block: it returns
 *   cuio_not_yet. The core then parks the request (EAGAIN for O_NONBLOCK, EINTR on a signal), and
 *   calls the same function again after each interrupt or timer, and after each other operation of
 *   the card that has changed what this one can see: state, or registers if it reads them.
 * - A driver keeps nothing in its own memory. Data that must last are in the three kinds of state
 *   below: plain data without pointers, zeroed at first, which outlive the process.
 * - The unit of commit is the call. A call works on a private copy of the state; when it returns,
 *   the core commits state and result together, also with cuio_not_yet. If the process crashes in
 *   a call, nothing of the call remains except its effects on the hardware.
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

struct cuio_device;  /* a card */
struct cuio_file;    /* an open file of a node of the card */
struct cuio_request; /* a system call until it is answered */

/* Limits of a driver's state, in bytes (every call copies it), and of its tables. */
#define CUIO_DEVICE_STATE_MAX  4096U
#define CUIO_FILE_STATE_MAX    512U
#define CUIO_REQUEST_STATE_MAX 512U
#define CUIO_TIMERS_MAX	       8U
#define CUIO_OPTIONS_MAX       16U
#define CUIO_WINDOWS_MAX       6U
#define CUIO_PIECES_MAX	       64U
#define CUIO_TRANSFER_MAX      131072U /* bytes of one read or write; more is split */

/* The version of this contract. A driver that was built for another one is rejected at start. */
#define CUIO_CONTRACT_VERSION 1U

/* Returned by a call that cannot be answered yet. It is not an error; -EAGAIN is an answer, which
 * the caller gets. Not allowed for open(), release() and poll(). */
enum {
	cuio_not_yet = -512
};

enum cuio_start {
	CUIO_START_COLD,  /* the hardware's state is unknown: set it up */
	CUIO_START_WARM,  /* state is as last committed, the hardware as after a crash */
	CUIO_START_RESET, /* state is as last committed, but the registers may be as after power-on:
			     the machine has slept. Set again all that was set, also in a card
			     that has kept it. Open files and waiting calls go on. */
};

/* Mask of operations that may be called again after a crash inside them. release() is always called
 * again: a file that is never released would be worse. */
enum cuio_restart {
	CUIO_RESTART_OPEN = 1U << 0,
	CUIO_RESTART_READ = 1U << 1,
	CUIO_RESTART_WRITE = 1U << 2,
};

/* Results of poll(): the same bits as EPOLLIN and so on. */
enum cuio_ready {
	CUIO_READY_IN = 0x001,
	CUIO_READY_PRI = 0x002,
	CUIO_READY_OUT = 0x004,
	CUIO_READY_ERR = 0x008,
	CUIO_READY_HUP = 0x010,
};

/* A member of an ioctl's struct, for cuioctl; optional for drivers in C. */
struct cuio_driver_member {
	const char *name;
	uint16_t offset; /* bytes from the start of the argument */
	uint8_t width;	 /* bytes of one element: 1, 2, 4 or 8 */
	bool is_signed;
	uint16_t count; /* elements; 1 for a scalar */
};

/* A part of the caller's memory that an ioctl's argument points to. */
struct cuio_driver_piece {
	uint64_t address; /* in the caller's memory */
	uint32_t size;	  /* bytes; 0 is allowed */
	bool to_caller;	  /* the call fills it; false: it is fetched before the call */
};

struct cuio_driver_ioctl {
	const char *name;
	/* Any number for an unrestricted driver; else one made by _IO(), _IOR(), _IOW() or _IOWR(),
	 * because the kernel copies the argument by its direction and size. */
	uint32_t number;
	uint32_t argument; /* CUIO_ARGUMENT_NONE, _VALUE, _IN, _OUT or _INOUT, see cuio/ioctl.h */
	uint16_t size;	   /* bytes of the argument; the core checks and copies it */
	bool compat;	   /* the layout for 32-bit callers, if it differs */
	bool restartable;  /* may be called again after a crash inside it; false: the caller then
			      gets EIO */
	bool looks;	   /* changes nothing that the program which uses the device could notice:
			      of an exclusive driver only these are allowed on a control file (see
			      cuio/ioctl.h) while the device is open; others are EBUSY */
	const struct cuio_driver_member *members;
	size_t n_members;
	const void *context; /* for the driver's use, such as a function for several entries */
	/*
	 * For an unrestricted driver whose argument points to more memory: lists the pieces of the
	 * caller's memory. `arg` is the content of a CUIO_ARGUMENT_IN or _INOUT. Called again in
	 * each round of fetching, without state, and the caller may have changed its memory
	 * meanwhile: check every count and length. All pieces and the argument together are at most
	 * CUIO_TRANSFER_MAX bytes in each direction. Returns the number of pieces, at most
	 * CUIO_PIECES_MAX, or a negative errno.
	 */
	int (*pieces)(const struct cuio_driver_ioctl *entry, const void *arg,
		      struct cuio_driver_piece *ret_pieces);
	/*
	 * `entry` may be a copy of the driver's entry: identify it by `context`, not by its
	 * address. `arg` is `size` bytes of private memory; for CUIO_ARGUMENT_VALUE it is a
	 * uint64_t. Returns the result of ioctl(2), 0 or more, or cuio_not_yet, or a negative
	 * errno. Each call gets the argument as the caller passed it.
	 */
	int (*call)(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		    struct cuio_request *request, void *arg);
};

/* A register that the driver uses, by its name in the description. */
struct cuio_driver_register {
	const char *name;
	uint8_t width; /* bytes: 1, 2, 4 or 8; must match the description */
	bool read, write;
};

/* A field of one of the driver's registers, by its name in the description. */
struct cuio_driver_field {
	unsigned reg; /* index in the driver's `registers` */
	const char *name;
};

/* An interrupt of a card that has several: [Interrupt NAME]. */
struct cuio_driver_interrupt {
	const char *name;
};

/* Memory that the card and the driver share: [Buffer NAME]. */
struct cuio_driver_buffer {
	const char *name;
	uint64_t size;	      /* bytes */
	uint32_t alignment;   /* bytes, of the bus address; a power of two; 0: a page */
	uint8_t address_bits; /* number of bits of a bus address in the card; 0: 64 */
};

/* A setting of the driver. An instance file sets it in [Driver]; a description may set a default
 * that suits the card. */
struct cuio_driver_option {
	const char *name;	/* "NoWayOut" */
	uint64_t min, max;	/* 0 and 1: yes or no */
	uint64_t default_value; /* if neither file sets it */
};

/* The version that a driver's tables were compiled for, and the sizes in bytes of the driver and of
 * one entry of each table. */
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
	struct cuio_contract contract; /* CUIO_CONTRACT; the first member in every version */
	const char *name;

	uint32_t device_state;	/* bytes of cuio_device_state(), one per card */
	uint32_t file_state;	/* bytes of cuio_file_state(), one per open file */
	uint32_t request_state; /* bytes of cuio_request_state(), one per request; kept while it is
				   parked */
	uint32_t device_data;	/* bytes of cuio_device_data(): not copied, valid as far as the
				   state says */
	uint64_t state_version; /* change it when the meaning of state or data changes: a successor
				   with another one gets a new node */
	uint32_t n_timers;	/* timers 0..n_timers-1 exist */
	uint32_t restartable;	/* mask of enum cuio_restart */
	int32_t unknown_ioctl;	/* errno for an ioctl that is not in the table; 0: ENOTTY */
	bool exclusive;		/* the core answers EBUSY to a second open of the card, and to
				   ioctls on a control file that do more than look */
	/* For ioctl numbers that do not encode direction and size (termios) or encode wrong ones,
	 * or arguments that point to more memory. Costs one more round for each argument. */
	bool unrestricted;
	/* Of an unrestricted driver that is of use without the ioctls which need it: they fail with
	 * ENOTTY unless the instance file says Ioctl=unrestricted. */
	bool unrestricted_on_request;
	/* The node has positions: if it is a file (Front=file), reads and writes have one. False:
	 * the node is a stream in any case. */
	bool seekable;
	/* read() sets each byte that it returns. False: the core zeroes `data` before each call, so
	 * that bytes which the driver does not set are not those of an earlier caller. */
	bool fills_reads;

	const struct cuio_driver_ioctl *ioctls;
	size_t n_ioctls;
	const struct cuio_driver_register *registers; /* indexed by cuio_reg_read() */
	size_t n_registers;
	const struct cuio_driver_field *fields; /* indexed by cuio_field_read() */
	size_t n_fields;
	const char *const *windows; /* names in the description; indexed by cuio_window_read() */
	size_t n_windows;
	const struct cuio_driver_option *options; /* indexed by cuio_device_option() */
	size_t n_options;
	const void *context; /* for the driver's use: cuio_device_context() */

	/*
	 * For several interrupts, DMA, mmap(2), removal and suspend of a card. No back-end supports
	 * these five yet: a driver that sets one is rejected at start.
	 */
	const struct cuio_driver_interrupt *interrupts;
	size_t n_interrupts;
	const struct cuio_driver_buffer *buffers;
	size_t n_buffers;
	/* Returns the window or buffer that a program may map with `node`: an index in `windows`,
	 * or n_windows + an index in `buffers`; or a negative errno. */
	int (*map)(const struct cuio_device *device, unsigned node);
	/* The card was removed and must not be accessed any more. */
	void (*removed)(struct cuio_device *device);
	/* The card is about to lose its registers. start() with CUIO_START_RESET follows. */
	int (*suspend)(struct cuio_device *device);

	/* No function is mandatory. The default for NULL is stated with each. */

	/* Sets up the hardware (COLD), takes it over while it runs (WARM), or sets it up again from
	 * the state (RESET). An error makes the start fail. */
	int (*start)(struct cuio_device *device, enum cuio_start how);
	/* Makes the hardware idle. Called when the service is stopped, but not at an upgrade. */
	void (*stop)(struct cuio_device *device);
	/* NULL: every open succeeds. Must not return cuio_not_yet. */
	int (*open)(struct cuio_file *file);
	void (*release)(struct cuio_file *file);
	/* Return the number of bytes moved, 0 (end of file), cuio_not_yet, or an error. NULL:
	 * EINVAL. */
	ssize_t (*read)(struct cuio_file *file, struct cuio_request *request, void *data,
			size_t size);
	ssize_t (*write)(struct cuio_file *file, struct cuio_request *request, const void *data,
			 size_t size);
	/* Returns a mask of enum cuio_ready, from the state or from registers without read side
	 * effects. NULL: always ready for reading and writing. Called often. */
	unsigned (*poll)(struct cuio_file *file);
	/*
	 * Reads the cause of interrupt `vector` (index in `interrupts`; 0 without that table)
	 * without clearing it. The core saves the cause before it calls interrupt(); after a crash
	 * a successor passes the saved and the new bits together. 0: the interrupt is not from this
	 * card. NULL: the cause is 1.
	 */
	int (*cause)(struct cuio_device *device, unsigned vector, uint64_t *ret_cause);
	/* Acknowledges `cause` in the hardware and records it in the device's state, the only state
	 * it may use. The core unmasks the interrupt afterwards. */
	void (*interrupt)(struct cuio_device *device, unsigned vector, uint64_t cause);
	/* `timer` has expired and is off. */
	void (*timer)(struct cuio_device *device, unsigned timer);
	/* For a seekable driver: the size of the node in bytes, as stat(2) shows it for a file.
	 * Called outside of other calls: it may only use windows and options. */
	uint64_t (*node_size)(const struct cuio_device *device, unsigned node);
};

/*
 * A plug-in is a shared object with one driver, my_driver, which it names once:
 *
 *     CUIO_PLUGIN(my_driver);
 *
 * cuio-driver(3) says which folders are searched for NAME.so.
 */
#define CUIO_PLUGIN(DRIVER)                                                                        \
	extern const struct cuio_driver *const cuio_plugin;                                        \
	__attribute__((visibility("default"))) const struct cuio_driver *const cuio_plugin =       \
		&(DRIVER)

/* State: private copies, valid during the call only. Changes are committed when the call
 * returns. */
void *cuio_device_state(struct cuio_device *device);
void *cuio_file_state(struct cuio_file *file);
void *cuio_request_state(struct cuio_request *request);
/* Bulk data of the card. They are not copied: write them before the state that makes them valid. */
void *cuio_device_data(struct cuio_device *device);
const void *cuio_device_context(const struct cuio_device *device);

struct cuio_device *cuio_file_device(struct cuio_file *file);
/* The flags of open(2). O_NONBLOCK may change with every request. */
unsigned cuio_file_flags(const struct cuio_file *file);
/* The index of the opened node in the description; 0 for the first. */
unsigned cuio_file_node(const struct cuio_file *file);
/* The offset of this piece in a large read or write (0 for the first); see cuio.device(5). */
uint64_t cuio_request_offset(const struct cuio_request *request);
/* Whether the node is a file, so that a read or write has the caller's position, from lseek(2) or
 * pread(2). If not, the driver may keep one in the state of each open file. */
bool cuio_request_position(const struct cuio_request *request, uint64_t *ret_position);
/* The user who made the current call (not valid in release()); 0 is root, maybe that of
 * a container. */
uint32_t cuio_file_caller_uid(const struct cuio_file *file);
/* The memory of the ioctl's i-th piece, in the order of pieces(): fetched data (do not write), or
 * zeroes to fill. */
void *cuio_request_piece(struct cuio_request *request, unsigned index);

/* The value of the driver's options[index]. It may change with every start, also a warm one. */
uint64_t cuio_device_option(const struct cuio_device *device, unsigned index);

/* Sets the reason why start() fails, as one line for the log ("edu.device:12: ..."). Call it before
 * returning the error. */
void cuio_device_set_error(struct cuio_device *device, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Logs one line as a warning, for administrators. A call that is repeated after a crash may log it
 * twice. */
void cuio_device_warn(struct cuio_device *device, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* CLOCK_MONOTONIC in nanoseconds, constant during a call. */
uint64_t cuio_device_now(const struct cuio_device *device);
/* Before cuio_not_yet: requests the next call at this CLOCK_MONOTONIC time, in nanoseconds, at the
 * latest. */
void cuio_request_set_deadline(struct cuio_request *request, uint64_t when);
/*
 * For a write, before cuio_not_yet: sets the number of bytes that are done. write(2) returns it if
 * the caller cannot wait for the rest (O_NONBLOCK, a signal, too many waiting requests).
 */
void cuio_request_set_progress(struct cuio_request *request, size_t done);
/*
 * Before cuio_not_yet: locks the device. No other operation of the card starts until this request
 * is called again and ends, or returns cuio_not_yet without the lock. Interrupts and timers still
 * run. A signal does not end the request meanwhile, so limit the time for which it holds the lock.
 * Requires cuio_request_set_deadline().
 */
void cuio_request_lock_device(struct cuio_request *request);
/* Sets a timer to an absolute CLOCK_MONOTONIC time in nanoseconds; 0 switches it off. */
void cuio_device_set_timer(struct cuio_device *device, unsigned timer, uint64_t when);
/* Commits the changes of the current call so far, for example after each byte of a FIFO. */
void cuio_device_checkpoint(struct cuio_device *device);

/*
 * Registers of the driver's `registers` table, bound at start: an access cannot leave its window or
 * have a wrong width. A read returns all ones if the hardware is gone, as on PCI.
 */
uint64_t cuio_reg_read(struct cuio_device *device, unsigned index);
void cuio_reg_write(struct cuio_device *device, unsigned index, uint64_t value);
/* One element of a register with Count=, 0..cuio_reg_count()-1. An element out of range, or
 * excluded by Except=, is a bug in the driver and aborts the process like assert(3). */
uint32_t cuio_reg_count(const struct cuio_device *device, unsigned index);
uint64_t cuio_element_read(struct cuio_device *device, unsigned index, uint64_t element);
void cuio_element_write(struct cuio_device *device, unsigned index, uint64_t element,
			uint64_t value);
/* Checks elements that a caller chose. 0; -EINVAL: `count` elements from `first` are out of range;
 * -EACCES: Except= excludes one of them. Accesses no hardware. */
int cuio_element_check(const struct cuio_device *device, unsigned index, uint64_t first,
		       uint64_t count);
/* `count` accesses to one register that is a FIFO or a data port, each of the register's width, in
 * memory order, like the kernel's ioread32_rep() and iowrite32_rep(). */
void cuio_reg_read_rep(struct cuio_device *device, unsigned index, void *to, size_t count);
void cuio_reg_write_rep(struct cuio_device *device, unsigned index, const void *from, size_t count);
/* A field of the driver's `fields` table, shifted to bit 0. A write reads the register first and
 * writes its other bits back unchanged. */
uint64_t cuio_field_read(struct cuio_device *device, unsigned index);
void cuio_field_write(struct cuio_device *device, unsigned index, uint64_t value);
/* The same for a register value that the driver has read. Accesses no hardware. */
uint64_t cuio_field_get(const struct cuio_device *device, unsigned index, uint64_t reg_value);
uint64_t cuio_field_set(const struct cuio_device *device, unsigned index, uint64_t reg_value,
			uint64_t value);

/*
 * Windows of the driver's `windows` table in bulk, without the order or width of register accesses:
 * for memory only. An access stops at the window's end; the number of moved bytes is returned. When
 * a write returns, the data have reached the hardware's memory, also with write-combining.
 */
uint64_t cuio_window_size(const struct cuio_device *device,
			  unsigned index); /* bytes of the window */
size_t cuio_window_read(struct cuio_device *device, unsigned index, uint64_t offset, void *to,
			size_t size);
size_t cuio_window_write(struct cuio_device *device, unsigned index, uint64_t offset,
			 const void *from, size_t size);

/* A plug-in may have been built by another compiler than cuiod. */
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
_Static_assert(sizeof(struct cuio_contract) == 24, "the head of a driver of any version");
_Static_assert(sizeof(struct cuio_driver_piece) == 16, "the layout of a piece");
_Static_assert(sizeof(bool) == 1 && sizeof(enum cuio_start) == 4, "the sizes of the contract");
#endif

#endif
