/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A description's steps, compiled: operations of steps, with expressions as trees whose leaves are
 * bound to registers, variables and members. Made by the files of this folder at load, run by
 * run.c; nothing changes after that.
 */
#ifndef STEPS_PROGRAM_H
#define STEPS_PROGRAM_H

#include "base/report.h"
#include "driver/class/watchdog.h"
#include "driver/steps/arena.h"
#include "driver/steps/node.h"
#include "regmap/description.h"
#include <cuio/driver.h>

#define PROGRAM_STEPS_MAX	   64U /* of one operation */
#define PROGRAM_LOCALS_MAX	   16U /* of one operation, hidden ones included */
#define PROGRAM_NODE_CONSTANTS_MAX 32U
#define PROGRAM_LOOP_MAX	   4096U  /* rounds of a for */
#define PROGRAM_ACCESSES_MAX	   65536U /* register accesses of one call */
#define PROGRAM_ARGUMENT_MAX	   16376U /* bytes: what an ioctl number can encode, in words of 8 */
#define PROGRAM_SAVED_MAX	   256U	  /* bytes of an argument kept over a wait */
#define PROGRAM_HOLD_MAX	   UINT64_C(10000000000) /* ns: the longest until, sleep or start */

/* A member's or variable's place and type; `offset` is 0 where there is but one value. */
struct value_layout {
	struct cuio_driver_member *members;
	size_t n_members;
	size_t size;
};

/* [Struct NAME] as programs of this machine see it, and as 32-bit ones do. */
struct structure {
	const char *name;
	struct value_layout layout, compat;
};

struct constant {
	const char *name;
	uint64_t value;
	unsigned line;
};

/* [Node] Const=: one value for each node. */
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
	struct operand *operand; /* read, write: the register; let: what is set */
	struct operand *other;	 /* read: what is set; write: a slice; NULL: value */
	struct node *value;	 /* write, let, until, wait, for, return */
	uint64_t time;		 /* within, sleep, arm: ns; 0: none */
	uint64_t every;		 /* wait: ns; 0: none */
	struct step *otherwise;	 /* else: STEP_RETURN or STEP_FAIL */
	unsigned slot;		 /* for: local of the variable, its limit in slot + 1; arm: timer */
	unsigned limit;		 /* for: max */
	unsigned jump;		 /* for, end: index of the other one */
	int error;		 /* fail: negative errno */
};

/* Of sections with steps, and of others with expressions. */
enum operation_kind {
	KIND_START,
	KIND_RESUME,
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
	KIND_SINGLE, /* these are there once at most */
	KIND_IOCTL = KIND_SINGLE,
	KIND_TIMER,
	KIND_POLL,
	KIND_CONST,
};

/* sections.c: what each of them is. */
extern const struct section_kind {
	const char *title; /* "Read" of [Read], "Watchdog Start" */
	const char *name;  /* "Start" of [Watchdog Start]; else NULL */
	const char *keys;
	const char *given;   /* the variable that is set before the first step; NULL: none */
	const char *returns; /* what the last step must return; NULL: nothing that anybody needs */
	bool has_file;	     /* serves an open file: file state, flags and node are known */
	bool holds;	     /* may hold the device: until and sleep */
	bool parks;	     /* serves a request, which may wait */
	bool required;	     /* by its class */
} section_kinds[];

/* What an ioctl's argument is. */
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
	bool parks;	    /* has a wait, until or sleep */
	bool sets_argument; /* which must then be kept over a wait */
	bool restartable;
	uint32_t fingerprint; /* of its text: a parked request of another one cannot go on */

	/* Of an ioctl: */
	uint32_t argument;
	uint32_t number, compat_number;
	struct shape shape;
};

/* What an ioctl's entry in the driver's table points to: the layout of its callers. */
struct binding {
	const struct operation *operation;
	const struct cuio_driver_member *members;
	struct cuio_driver_member scalar; /* the only member of an argument that is no struct */
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
	struct watchdog_chip chip; /* first, so that the class finds it as the driver's context */
	struct cuio_driver_option options[WATCHDOG_N_OPTIONS];
	bool is_watchdog;
	unsigned class_line; /* of Class= */

	struct arena arena;
	struct description *description;
	struct report *report; /* while loading */

	struct constant *constants;
	size_t n_constants;
	struct node_constant node_constants[PROGRAM_NODE_CONSTANTS_MAX];
	size_t n_node_constants;
	struct structure *structures;
	size_t n_structures;
	struct value_layout device, file; /* [State] */
	uint16_t *shadows;		  /* by register: offset in the device's state; 0: none */
	size_t device_size;		  /* header, shadows and variables */
	uint64_t state_fingerprint;

	struct operation *operations[KIND_SINGLE]; /* NULL if the section is not there */
	struct operation **ioctls;
	size_t n_ioctls;
	struct operation **timers;
	size_t n_timers;
	bool has_poll;
	struct node *poll[POLL_LINES];
	struct operation poll_scope, const_scope; /* what expressions outside of steps may name */
	struct operand *cause;
	size_t request_size;

	struct cuio_driver driver; /* made of all this */
	struct cuio_driver_ioctl *entries;
};

/* The device's state begins with this; shadows and variables follow. */
struct state_header {
	uint64_t fingerprint; /* of the layout that follows */
};

/* Compiles all of the description that is steps. Reports findings on failure. */
int program_load(struct description *description, struct report *report, struct program **ret);
void program_free(struct program *program);

/* watchdog_chip.c: fills the program's chip with what there are sections for; and asks the chip, by
 * [Watchdog Running] and [Watchdog Status], what it did before the service. */
void watchdog_chip_fill(struct program *program);
int watchdog_chip_find(struct cuio_device *device);

#endif
