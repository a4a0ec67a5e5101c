/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line being compiled: its tokens, where it stands, and what it may name. */
#ifndef STEPS_SCOPE_H
#define STEPS_SCOPE_H

#include "base/names.h"
#include "driver/steps/program.h"
#include "driver/steps/token.h"

struct scope {
	struct program *program;
	struct operation *operation;
	struct lexer lexer;
	unsigned line;
	const char *loop;    /* variable of the loop around the line, NULL outside */
	unsigned loop_max;   /* its largest value + 1 */
	unsigned loop_step;  /* its for */
	bool registers;	     /* expressions may read registers */
	bool incomplete;     /* an earlier line failed: names may be missing for that */
	unsigned stray_ends; /* ends of loops whose for failed */
	char hint[NAMES_HINT_SIZE];
	bool failed; /* a finding was reported: later ones would only follow from it */
};

/* Goes on with this entry's value, from its first token. */
void scope_line(struct scope *scope, const struct entry *entry);
/* Reports a finding on the line unless there is one already. Returns NULL. */
void *scope_fault(struct scope *scope, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* "expected X" where something else stands. */
void *scope_expected(struct scope *scope, const char *what);
bool scope_expect(struct scope *scope, const char *sign);
/* Nothing may follow. */
bool scope_expect_end(struct scope *scope);
void *scope_alloc(struct scope *scope, size_t size);

/* A line outside of the sections with steps. */
struct scope scope_of(struct program *program, const struct entry *entry);

/* A finding about the description: -EINVAL. */
#define program_fault(program, line, ...)                                                          \
	report_add((program)->report, (program)->description->document->path, line, __VA_ARGS__)
/* document.h's functions, of the description. */
struct section *program_section(struct program *program, const char *kind, const char *name);
struct section *program_next(struct program *program, const char *kind,
			     const struct section *previous);
struct entry *program_entry(struct program *program, struct section *section, const char *key);
int program_unused(struct program *program, const struct section *section, const char *keys);

/* What the operation's section is called, for messages. */
static inline const char *operation_section(const struct operation *operation)
{
	return section_kinds[operation->kind].title;
}

static inline bool operation_has_file(const struct operation *operation)
{
	return section_kinds[operation->kind].has_file;
}

/* The place of `name` in a list of structs whose first member is their name; -1: not there. */
#define name_find(list, n, name) name_find_sized(list, n, sizeof(*(list)), name)
int name_find_sized(const void *list, size_t n, size_t size, const char *name);
/* The same of the token, which is taken if it is there. */
#define scope_take(scope, list, n) scope_take_sized(scope, list, n, sizeof(*(list)))
int scope_take_sized(struct scope *scope, const void *list, size_t n, size_t size);
/* Names of such a list as findings want them. */
#define names_add_list(names, list, n) names_add_sized(names, list, n, sizeof(*(list)))
void names_add_sized(struct names *names, const void *list, size_t n, size_t size);

const struct constant *program_constant(const struct program *program, const char *name);
/* -1 if there is none. */
int operation_local(const struct operation *operation, const char *name);
/* A new local; -1 with a finding if there are too many or the name is taken. */
int scope_new_local(struct scope *scope, const char *name);

/* What to say instead of the token, which is none of these names: until the next call. Frees them.
 */
const char *scope_hint(struct scope *scope, struct names *names);

/* expression.c: NULL after a finding */
struct node *parse_expression(struct scope *scope);
/* Without operators between values, `depth` brackets deep: 0 outside of expressions. */
struct node *parse_unary(struct scope *scope, unsigned depth);
/* "[first]" or "[first:length]", if there is one. */
bool parse_index(struct scope *scope, struct node **ret_first, struct node **ret_length);

/* operand.c: NULL after a finding. `set`: it will be assigned to. */
/* A new name that is set makes a local. */
struct operand *parse_value(struct scope *scope, bool set);
/* Whether the token begins a value: arg, dev, file.NAME, data, or a local. */
bool value_starts(const struct scope *scope);
struct operand *parse_register(struct scope *scope, bool set);

/* step.c: the next step of the operation; false after a finding */
bool parse_step(struct scope *scope, struct step *step);
/* An errno by name, as a positive number; 0 after a finding. */
int parse_errno(struct scope *scope);

/* flow.c: what only shows when all steps are there */
void check_flow(struct program *program, struct operation *operation);

/* type.c */
struct type {
	uint8_t width, compat_width;
	uint8_t compat_align;
	bool is_signed;
};
#define TYPE_NAMES "u8, u16, u32, u64, s8, s16, s32, s64, int, uint, long or ulong"
bool type_find(const char *name, struct type *ret);

/* layout.c */
int program_read_structures(struct program *program);
int program_read_state(struct program *program);

/* number.c: Number= and Arg= of an [Ioctl] */
int operation_read_number(struct program *program, struct section *section,
			  struct operation *operation);
/* Numbers that go with each other and with the device's mode, once all are known. */
int program_check_numbers(struct program *program, bool unrestricted);

/* device.c */
int program_read_device(struct program *program);
int program_read_cause(struct program *program);

/* watchdog.c: with Class=watchdog the sections that are the class's; the state comes before the
 * sections with steps, which may name its variables */
int program_place_watchdog(struct program *program);
int program_read_watchdog(struct program *program);

/* sections.c: timers and ioctls are collected before any steps are read, which may name them */
int program_collect_operations(struct program *program);
int program_read_operations(struct program *program);
int program_read_operation(struct program *program, enum operation_kind kind);
int program_read_poll(struct program *program);

/* constant.c */
int program_read_constants(struct program *program);
int program_read_node_constants(struct program *program);

#endif
