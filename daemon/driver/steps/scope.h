/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line that is compiled: its tokens, its context, and the names that it may use. */
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
	const char *loop;    /* variable of the enclosing loop; NULL: none */
	unsigned loop_max;   /* the variable's largest value + 1 */
	unsigned loop_step;  /* index of the loop's for */
	bool registers;	     /* expressions may read registers */
	bool incomplete;     /* an earlier line failed, so names may be missing */
	unsigned stray_ends; /* number of loops whose for failed, so their ends are ignored */
	char hint[NAMES_HINT_SIZE];
	bool failed; /* a finding was reported: later ones could be consequences */
};

/* Starts with the first token of this entry's value. */
void scope_line(struct scope *scope, const struct entry *entry);
/* Reports a finding on the line unless there is one. Returns NULL. */
void *scope_fault(struct scope *scope, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Reports "expected WHAT" and the current token. Returns NULL. */
void *scope_expected(struct scope *scope, const char *what);
bool scope_expect(struct scope *scope, const char *sign);
/* Nothing may follow. */
bool scope_expect_end(struct scope *scope);
void *scope_alloc(struct scope *scope, size_t size);

/* For a line outside of the sections with steps. */
struct scope scope_of(struct program *program, const struct entry *entry);

/* Reports a finding about the description. Returns -EINVAL. */
#define program_fault(program, line, ...)                                                          \
	report_add((program)->report, (program)->description->document->path, line, __VA_ARGS__)
/* The functions of section.h for the description. */
struct section *program_section(struct program *program, const char *kind, const char *name);
struct section *program_next(struct program *program, const char *kind,
			     const struct section *previous);
struct entry *program_entry(struct program *program, struct section *section, const char *key);
int program_unused(struct program *program, const struct section *section, const char *keys);

/* The section's name, for messages. */
static inline const char *operation_section(const struct operation *operation)
{
	return section_kinds[operation->kind].title;
}

static inline bool operation_has_file(const struct operation *operation)
{
	return section_kinds[operation->kind].has_file;
}

/* The index of `name` in a list of structs whose first member is their name; -1: not found. */
#define name_find(list, n, name) name_find_sized(list, n, sizeof(*(list)), name)
int name_find_sized(const void *list, size_t n, size_t size, const char *name);
/* The same for the token, which is consumed if it is found. */
#define scope_take(scope, list, n) scope_take_sized(scope, list, n, sizeof(*(list)))
int scope_take_sized(struct scope *scope, const void *list, size_t n, size_t size);
/* The same for a list that has an index. */
int scope_take_indexed(struct scope *scope, const struct name_index *index);
/* Adds the names of such a list to the names for a finding. */
#define names_add_list(names, list, n) names_add_sized(names, list, n, sizeof(*(list)))
void names_add_sized(struct names *names, const void *list, size_t n, size_t size);

/* Adds a name to an index. false, with a finding, if there is no memory. */
bool scope_index(struct scope *scope, struct name_index *index, const char *name, size_t at);

const struct constant *program_constant(const struct program *program, const char *name);
/* -1 if there is none. */
int operation_local(const struct operation *operation, const char *name);
/* Adds a local; -1 after a finding if there are too many or the name is in use. */
int scope_new_local(struct scope *scope, const char *name);

/* Returns a hint for the token, which is none of these names. Valid until the next call. Frees
 * `names`. */
const char *scope_hint(struct scope *scope, struct names *names);

/* expression.c: NULL after a finding */
struct node *parse_expression(struct scope *scope);
/* Parses one value with unary operators, at `depth` nested brackets (0 outside of expressions). */
struct node *parse_unary(struct scope *scope, unsigned depth);
/* Parses an optional "[first]" or "[first:length]". */
bool parse_index(struct scope *scope, struct node **ret_first, struct node **ret_length);

/* operand.c: NULL after a finding. `set`: a step sets the operand. */
/* A new name that is set becomes a local. */
struct operand *parse_value(struct scope *scope, bool set);
/* Whether a value starts here: arg, dev, file.NAME, data, or a local. */
bool value_starts(const struct scope *scope);
struct operand *parse_register(struct scope *scope, bool set);

/* step.c: the next step of the operation; false after a finding */
bool parse_step(struct scope *scope, struct step *step);
/* Parses the name of an errno; returns a positive number, 0 after a finding. */
int parse_errno(struct scope *scope);

/* flow.c: checks that need all steps */
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
/* Checks the numbers against each other and the device's mode, after all were read. */
int program_check_numbers(struct program *program, bool unrestricted);

/* device.c */
int program_read_device(struct program *program);
int program_read_cause(struct program *program);

/* watchdog.c: the sections of Class=watchdog. The first function places the class's state, before
 * steps that may name variables are compiled. */
int program_place_watchdog(struct program *program);
int program_read_watchdog(struct program *program);

/* sections.c: timers and ioctls are collected before steps that may name them are compiled */
int program_collect_operations(struct program *program);
int program_read_operations(struct program *program);
int program_read_operation(struct program *program, enum operation_kind kind);
int program_read_poll(struct program *program);

/* constant.c */
int program_read_constants(struct program *program);
int program_read_node_constants(struct program *program);

#endif
