/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Number= and Arg= of an [Ioctl]: the number as in a vendor's C header, and the direction and type
 * of the argument. In restricted mode the kernel copies what the number says, so both must agree.
 */
#include "base/names.h"
#include "driver/steps/scope.h"
#include <errno.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <string.h>
#include <sys/ioctl.h>

/* Parses the type in a number or an Arg=. `ret_pointer` is for numbers, which may say "ptr": their
 * size is a pointer's, and Arg= describes the argument. */
static bool parse_shape(struct scope *scope, struct shape *shape, bool *ret_pointer)
{
	static const char *const known[] = { "u8", "u16", "u32", "u64", "ptr" };
	const struct token *token = &scope->lexer.token;
	struct names names = { 0 };
	const struct program *program = scope->program;
	struct type type;
	int i;

	lexer_take(&scope->lexer, "struct");
	if (token->kind != TOKEN_NAME)
		return scope_expected(scope, "a type or the name of a [Struct]");
	i = (int)name_index_find(&program->structure_index, "", token->text);
	if (i >= 0) {
		shape->structure = &program->structures[i];
		shape->size = shape->structure->layout.size;
		shape->compat_size = shape->structure->compat.size;
	} else if (type_find(token->text, &type)) {
		shape->scalar = (struct cuio_driver_member){
			.name = "", .width = type.width, .is_signed = type.is_signed, .count = 1
		};
		shape->size = type.width;
		shape->compat_size = type.compat_width;
	} else if (ret_pointer && lexer_is(&scope->lexer, "ptr")) {
		*ret_pointer = true;
		shape->size = sizeof(void *);
		shape->compat_size = 4;
	} else {
		names_add_list(&names, program->structures, program->n_structures);
		names_add_list(&names, known, ret_pointer ? 5 : 4);
		return scope_fault(scope, "no type %s, %s", token->text, scope_hint(scope, &names));
	}
	lexer_next(&scope->lexer);
	return true;
}

static bool parse_limited(struct scope *scope, const char *what, uint64_t max, unsigned *ret)
{
	const struct token *token = &scope->lexer.token;

	if (token->kind != TOKEN_NUMBER || token->number > max)
		return scope_expected(scope, what);
	*ret = (unsigned)token->number;
	lexer_next(&scope->lexer);
	return true;
}

/* Parses r, w, rw, none, or the names of the kernel's header. */
static bool parse_direction(struct scope *scope, unsigned *ret)
{
	static const struct {
		const char *name;
		unsigned direction;
	} directions[] = {
		{ "none", _IOC_NONE },	      { "r", _IOC_READ },
		{ "w", _IOC_WRITE },	      { "rw", _IOC_READ | _IOC_WRITE },
		{ "_IOC_NONE", _IOC_NONE },   { "_IOC_READ", _IOC_READ },
		{ "_IOC_WRITE", _IOC_WRITE },
	};

	*ret = 0;
	do {
		int i = scope_take(scope, directions, sizeof(directions) / sizeof(*directions));

		if (i < 0)
			return scope_expected(scope, "a direction: r, w, rw or none");
		*ret |= directions[i].direction;
	} while (lexer_take(&scope->lexer, "|"));
	return true;
}

static uint32_t encode(unsigned direction, unsigned type, unsigned nr, size_t size)
{
	return _IOC(direction, type, nr, (uint32_t)size);
}

/* Parses _IO('e', 4), _IOWR('e', 3, u32), _IOC(w, 'e', 5, 0) or a plain number. */
static bool parse_number(struct scope *scope, struct operation *operation, bool *ret_pointer)
{
	static const uint32_t ways[] = {
		[_IOC_NONE] = CUIO_ARGUMENT_NONE,
		[_IOC_WRITE] = CUIO_ARGUMENT_IN,
		[_IOC_READ] = CUIO_ARGUMENT_OUT,
		[_IOC_READ | _IOC_WRITE] = CUIO_ARGUMENT_INOUT,
	};
	static const struct {
		const char *name;
		unsigned direction;
		bool typed;
	} macros[] = { { "_IO", _IOC_NONE, false },
		       { "_IOR", _IOC_READ, true },
		       { "_IOW", _IOC_WRITE, true },
		       { "_IOWR", _IOC_READ | _IOC_WRITE, true },
		       { "_IOC", 0, false } };
	unsigned direction, type = 0, nr = 0, size = 0;
	struct shape shape = { 0 };
	int i;

	if (scope->lexer.token.kind == TOKEN_NUMBER) {
		if (!parse_limited(scope, "a number up to 0xffffffff", 0xffffffff, &nr))
			return false;
		operation->number = operation->compat_number = nr;
		return true;
	}
	i = scope_take(scope, macros, 5);
	if (i < 0)
		return scope_expected(scope, "_IO(), _IOR(), _IOW(), _IOWR(), _IOC() or a number");
	direction = macros[i].direction;
	if (!scope_expect(scope, "("))
		return false;
	if (i == 4 && (!parse_direction(scope, &direction) || !scope_expect(scope, ",")))
		return false;
	if (!parse_limited(scope, "a character or a number 0..255", 255, &type) ||
	    !scope_expect(scope, ",") || !parse_limited(scope, "a number 0..255", 255, &nr))
		return false;
	if (macros[i].typed &&
	    (!scope_expect(scope, ",") || !parse_shape(scope, &shape, ret_pointer)))
		return false;
	if (i == 4 && (!scope_expect(scope, ",") ||
		       !parse_limited(scope, "a size 0..16383", _IOC_SIZEMASK, &size)))
		return false;
	if (!scope_expect(scope, ")"))
		return false;
	operation->number = encode(direction, type, nr, macros[i].typed ? shape.size : size);
	operation->compat_number =
		encode(direction, type, nr, macros[i].typed ? shape.compat_size : size);
	if (!*ret_pointer) {
		operation->argument = shape.size ? ways[direction] : CUIO_ARGUMENT_NONE;
		operation->shape = shape;
	}
	return true;
}

/* Parses none, value:TYPE, in:TYPE, out:TYPE or inout:TYPE. */
static bool parse_argument(struct scope *scope, struct operation *operation)
{
	static const char *const ways[] = {
		[CUIO_ARGUMENT_NONE] = "none",	 [CUIO_ARGUMENT_VALUE] = "value",
		[CUIO_ARGUMENT_IN] = "in",	 [CUIO_ARGUMENT_OUT] = "out",
		[CUIO_ARGUMENT_INOUT] = "inout",
	};
	struct shape shape = { 0 };
	int way = scope_take(scope, ways, 5);

	if (way < 0)
		return scope_expected(scope, "none, value:TYPE, in:TYPE, out:TYPE or inout:TYPE");
	if (way != CUIO_ARGUMENT_NONE &&
	    (!scope_expect(scope, ":") || !parse_shape(scope, &shape, NULL)))
		return false;
	if (way == CUIO_ARGUMENT_VALUE && shape.structure)
		return scope_fault(scope, "a struct is no value, expected value:TYPE");
	operation->argument = (uint32_t)way;
	operation->shape = shape;
	return true;
}

int operation_read_number(struct program *program, struct section *section,
			  struct operation *operation)
{
	struct entry *entry = program_entry(program, section, "Number");
	struct scope scope = { .program = program, .operation = operation };
	bool pointer = false;

	if (!entry)
		return program_fault(
			program, section->line,
			"[Ioctl %s] lacks Number=, expected one such as _IOR('e', 1, u32)",
			section->name);
	operation->line = entry->line;
	scope_line(&scope, entry);
	if (!parse_number(&scope, operation, &pointer) || !scope_expect_end(&scope))
		return -EINVAL;
	entry = program_entry(program, section, "Arg");
	if (entry) {
		scope_line(&scope, entry);
		if (!parse_argument(&scope, operation) || !scope_expect_end(&scope))
			return -EINVAL;
	} else if (pointer) {
		return program_fault(program, scope.line,
				     "the number says ptr, expected Arg= to say what it points to");
	}
	return 0;
}

/* The kernel answers these numbers itself for every file. */
static bool number_is_eaten(uint32_t number)
{
	static const uint32_t eaten[] = {
		FIOCLEX,
		FIONCLEX,
		FIONBIO,
		FIOASYNC,
		FIOQSIZE,
		FIGETBSZ,
		FIFREEZE,
		FITHAW,
		FS_IOC_FIEMAP,
		FICLONE,
		FICLONERANGE,
		FIDEDUPERANGE,
		_IOR(0x15, 0, char[17]),  /* FS_IOC_GETFSUUID */
		_IOR(0x15, 1, char[129]), /* FS_IOC_GETFSSYSFSPATH */
	};

	for (size_t i = 0; i < sizeof(eaten) / sizeof(*eaten); i++) {
		if (eaten[i] == number)
			return true;
	}
	return false;
}

static int check_restricted(const struct program *program, const struct operation *operation)
{
	static const unsigned directions[] = {
		[CUIO_ARGUMENT_IN] = _IOC_WRITE,
		[CUIO_ARGUMENT_OUT] = _IOC_READ,
		[CUIO_ARGUMENT_INOUT] = _IOC_READ | _IOC_WRITE,
	};
	unsigned direction = _IOC_DIR(operation->number), size = _IOC_SIZE(operation->number);
	bool by_pointer = operation->argument != CUIO_ARGUMENT_NONE &&
			  operation->argument != CUIO_ARGUMENT_VALUE;

	if (!by_pointer) {
		if ((direction & _IOC_WRITE) && size)
			return program_fault(
				program, operation->line,
				"the kernel fetches %u bytes for this number and fails "
				"with EFAULT before it is served: expected Arg=in:TYPE, or "
				"Ioctl=unrestricted in [Device]",
				size);
		return 0;
	}
	if (size != operation->shape.size ||
	    _IOC_SIZE(operation->compat_number) != operation->shape.compat_size)
		return program_fault(
			program, operation->line,
			"ioctl number 0x%x says %u bytes, but the argument has %zu (%zu "
			"for 32-bit programs): expected the same, or "
			"Ioctl=unrestricted in [Device]",
			operation->number, size, operation->shape.size,
			operation->shape.compat_size);
	if (direction != directions[operation->argument])
		return program_fault(
			program, operation->line,
			"the direction of ioctl number 0x%x is not that of Arg=: expected "
			"_IOW for in, _IOR for out, _IOWR for inout, or "
			"Ioctl=unrestricted in [Device]",
			operation->number);
	return 0;
}

int program_check_numbers(struct program *program, bool unrestricted)
{
	int r = 0;

	for (size_t i = 0; i < program->n_ioctls; i++) {
		const struct operation *operation = program->ioctls[i];

		if (number_is_eaten(operation->number))
			r = program_fault(program, operation->line,
					  "ioctl number 0x%x is answered by the kernel itself and "
					  "never arrives",
					  operation->number);
		else if (!unrestricted && check_restricted(program, operation) < 0)
			r = -EINVAL;
		for (size_t j = 0; j < i; j++) {
			const struct operation *other = program->ioctls[j];

			if (operation->number != other->number &&
			    operation->compat_number != other->compat_number)
				continue;
			r = program_fault(program, operation->line,
					  "ioctl number 0x%x is that of %s on line %u already",
					  operation->number, other->name, other->line);
			break;
		}
	}
	return r;
}
