/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A description's steps, compiled: operations that consist of steps, with expressions as trees
 * whose leaves refer to registers, variables and members. The files of this folder compile it at
 * load, and run.c runs it; it is constant afterwards.
 */
#ifndef STEPS_PROGRAM_H
#define STEPS_PROGRAM_H

#include "base/name_index.h"
#include "base/report.h"
#include "driver/class/watchdog.h"
#include "driver/steps/arena.h"
#include "driver/steps/node.h"
#include "regmap/description.h"
#include <cuio/driver.h>

#define PROGRAM_STEPS_MAX	   64U /* per operation */
#define PROGRAM_LOCALS_MAX	   16U /* per operation, with hidden ones */
#define PROGRAM_NODE_CONSTANTS_MAX 32U
#define PROGRAM_CONSTANTS_MAX	   4096U
#define PROGRAM_IOCTLS_MAX	   1024U
#define PROGRAM_MEMBERS_MAX	   4096U  /* of a struct, and variables of device or file */
#define PROGRAM_LOOP_MAX	   4096U  /* rounds of a for */
#define PROGRAM_ACCESSES_MAX	   65536U /* register accesses per call */
#define PROGRAM_ARGUMENT_MAX	   16376U /* bytes; limited by ioctl numbers, a multiple of 8 */
#define PROGRAM_SAVED_MAX	   256U	  /* bytes of an argument that is saved during a wait */
#define PROGRAM_HOLD_MAX	   UINT64_C(10000000000) /* ns; the longest until, sleep or start */

/* Offset and type of members or variables. For a single value `offset` is 0. */
struct value_layout {
	struct cuio_driver_member *members;
	size_t n_members;
	size_t size;
	struct name_index index; /* of the members; empty in a compat layout */
};

/* [Struct NAME] in the native layout and in that of 32-bit programs. */
struct structure {
	const char *name;
	struct value_layout layout, compat;
};

struct constant {
	const char *name;
	uint64_t value;
	unsigned line;
};

/* [Node] Const=: one value per node. */
struct node_constant {
	const char *name;
	uint64_t *values;
};

enum step_kind {
	STEP_READ,
	STEP_WRITE,
	STEP_LET,
	STEP_UNTIL,
	STEP_WAIT,
	STEP_SLEEP,
	STEP_ARM,
	STEP_FOR,
	STEP_END,
	STEP_RETURN,
	STEP_FAIL,
};

struct step {
	enum step_kind kind;
	unsigned line;
	struct node *condition;	 /* if */
	struct operand *operand; /* read, write: the register; let: the variable */
	struct operand *other;	 /* read: the variable; write: a slice; NULL: `value` is used */
	struct node *value;	 /* write, let, until, wait, for, return */
	uint64_t time;		 /* within, sleep, arm: ns; 0: none */
	uint64_t every;		 /* wait: ns; 0: none */
	struct step *otherwise;	 /* else: STEP_RETURN or STEP_FAIL */
	unsigned slot;		 /* for: local of the variable, slot + 1: limit; arm: timer */
	unsigned limit;		 /* for: max */
	unsigned jump;		 /* for, end: index of the other one */
	int error;		 /* fail: negative errno */
};

/* Kinds of sections with steps or expressions. */
enum operation_kind {
	KIND_START,
	KIND_RESUME,
	KIND_RESET,
	KIND_STOP,
	KIND_OPEN,
	KIND_RELEASE,
	KIND_READ,
	KIND_WRITE,
	KIND_INTERRUPT,
	KIND_WATCHDOG_START,
	KIND_WATCHDOG_STOP,
	KIND_WATCHDOG_PING,
	KIND_WATCHDOG_SET_TIMEOUT,
	KIND_WATCHDOG_TIME_LEFT,
	KIND_WATCHDOG_STATUS,
	KIND_WATCHDOG_RUNNING,
	KIND_SINGLE, /* the kinds above have at most one section */
	KIND_IOCTL = KIND_SINGLE,
	KIND_TIMER,
	KIND_POLL,
	KIND_CONST,
};

/* sections.c: the properties of each kind. */
extern const struct section_kind {
	const char *title; /* "Read" of [Read], "Watchdog Start" */
	const char *name;  /* "Start" of [Watchdog Start]; else NULL */
	const char *keys;
	const char *given;   /* variable with a value before the first step; NULL: none */
	const char *returns; /* the value that the last step must return; NULL: none */
	bool has_file;	     /* serves an open file: file state, flags and node exist */
	bool holds;	     /* may use until and sleep */
	bool parks;	     /* serves a request, which may wait */
	bool required;	     /* mandatory with Class= */
} section_kinds[];

/* The type of an ioctl's argument. */
struct shape {
	const struct structure *structure; /* NULL: a scalar */
	struct cuio_driver_member scalar;
	size_t size, compat_size;
};

struct operation {
	enum operation_kind kind;
	const char *name; /* of an ioctl or a timer */
	unsigned line;
	struct step *steps;
	unsigned n_steps;
	const char *locals[PROGRAM_LOCALS_MAX]; /* hidden ones are "" */
	unsigned n_locals;
	bool parks;	    /* contains wait, until or sleep */
	bool sets_argument; /* and must save it during a wait */
	bool restartable;
	bool looks;	      /* as in struct cuio_driver_ioctl */
	uint32_t fingerprint; /* of its text: requests parked by another text cannot continue */

	/* For an ioctl: */
	uint32_t argument;
	uint32_t number, compat_number;
	struct shape shape;
};

/* The context of an ioctl's table entry: the layout of its callers. */
struct binding {
	const struct operation *operation;
	const struct cuio_driver_member *members;
	struct cuio_driver_member scalar; /* the only member of an argument that is not a struct */
};

enum poll_line {
	POLL_IN,
	POLL_OUT,
	POLL_ERR,
	POLL_PRI,
	POLL_HUP,
	POLL_LINES,
};

struct program {
	struct watchdog_chip chip; /* the first member: it is the driver's context, too */
	struct cuio_driver_option options[WATCHDOG_N_OPTIONS];
	bool is_watchdog;
	unsigned class_line; /* of Class= */

	struct arena arena;
	struct description *description;
	struct report *report; /* only while loading */

	struct constant *constants;
	size_t n_constants;
	struct name_index constant_index;
	struct node_constant node_constants[PROGRAM_NODE_CONSTANTS_MAX];
	size_t n_node_constants;
	struct structure *structures;
	size_t n_structures;
	struct name_index structure_index;
	struct value_layout device, file; /* [State] */
	uint16_t *shadows;		  /* by register: offset in the device's state; 0: none */
	size_t device_size;		  /* header, shadows and variables */
	uint64_t state_fingerprint;

	struct operation *operations[KIND_SINGLE]; /* NULL: there is no such section */
	struct operation **ioctls;
	size_t n_ioctls;
	struct operation **timers;
	size_t n_timers;
	bool has_poll;
	struct node *poll[POLL_LINES];
	struct operation poll_scope, const_scope; /* scopes of expressions outside of steps */
	struct operand *cause;
	size_t request_size;

	struct cuio_driver driver; /* made from the members above */
	struct cuio_driver_ioctl *entries;
};

/* The device's state begins with this; shadows and variables follow. */
struct state_header {
	uint64_t fingerprint; /* of the layout that follows */
};

/* Compiles the steps of a description. Reports findings on failure; 0 or -errno. */
int program_load(struct description *description, struct report *report, struct program **ret);
void program_free(struct program *program);

/* watchdog_chip.c: the first fills the program's chip with the functions that have sections. The
 * second reads the chip's state before the service from [Watchdog Running] and [Watchdog
 * Status]. */
void watchdog_chip_fill(struct program *program);
int watchdog_chip_find(struct cuio_device *device);

#endif
