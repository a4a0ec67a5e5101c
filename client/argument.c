// SPDX-License-Identifier: GPL-2.0-or-later
/* Converts an ioctl's argument between VALUE or MEMBER=VALUE and bytes. */
#include "argument.h"
#include "message.h"
#include "number.h"
#include "suggest.h"
#include "target.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_PREFIX "hex:"

bool argument_is_number(size_t width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

uint64_t argument_load(const unsigned char *bytes, unsigned width)
{
	uint64_t value8 = 0;
	uint32_t value4;
	uint16_t value2;

	switch (width) {
	case 1:
		return bytes[0];
	case 2:
		memcpy(&value2, bytes, sizeof(value2));
		return value2;
	case 4:
		memcpy(&value4, bytes, sizeof(value4));
		return value4;
	case 8:
		memcpy(&value8, bytes, sizeof(value8));
	}
	return value8;
}

void argument_store(unsigned char *bytes, unsigned width, uint64_t value)
{
	uint32_t value4 = (uint32_t)value;
	uint16_t value2 = (uint16_t)value;

	switch (width) {
	case 1:
		bytes[0] = (unsigned char)value;
		break;
	case 2:
		memcpy(bytes, &value2, sizeof(value2));
		break;
	case 4:
		memcpy(bytes, &value4, sizeof(value4));
		break;
	case 8:
		memcpy(bytes, &value, sizeof(value));
	}
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Parses "hex:00ff12", exactly `size` bytes in memory order. */
static int parse_bytes(const char *what, const char *text, unsigned char *bytes, size_t size)
{
	const char *at = text + strlen(BYTES_PREFIX);

	if (strlen(at) != 2 * size)
		return message_usage("%s: '%s' has %zu hex digits, %zu are needed: two for each of "
				     "%zu bytes",
				     what, text, strlen(at), 2 * size, size);
	for (size_t i = 0; i < size; i++) {
		int high = hex_digit(at[2 * i]), low = hex_digit(at[2 * i + 1]);

		if (high < 0 || low < 0)
			return message_usage("%s: '%s' is not " BYTES_PREFIX
					     " and two hex digits a byte",
					     what, text);
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	return 0;
}

static bool is_bytes(const char *text)
{
	return !strncmp(text, BYTES_PREFIX, strlen(BYTES_PREFIX));
}

static int no_member(const struct operation *operation, const char *name)
{
	char text[SUGGEST_SIZE];
	const char *first = operation->members[0].name;

	return message_usage(
		"%s has no member '%s'; members: %s", operation->name, name,
		suggest(text, name, first, sizeof(*operation->members), operation->n_members));
}

static int parse_element(const struct operation *operation, const struct cuio_member *member,
			 const struct target_name *name, const char *value, struct argument *ret)
{
	enum number_sign sign = member->is_signed ? NUMBER_SIGNED : NUMBER_UNSIGNED;
	unsigned char *at = ret->bytes + member->offset + (size_t)member->width * name->index;
	uint64_t number;
	int r;

	if (member->count > 1 && !name->indexed)
		return message_usage(
			"%s: member %s is an array: say %s[0] to %s[%u], or " BYTES_PREFIX
			"BYTES for all",
			operation->name, member->name, member->name, member->name,
			member->count - 1);
	if (name->index >= member->count)
		return message_usage("%s: member %s[%u] does not exist: it has %u element%s",
				     operation->name, member->name, name->index, member->count,
				     member->count == 1 ? "" : "s");
	r = number_parse(value, member->width * 8, sign, &number);
	if (r < 0)
		return number_wrong(member->name, value, member->width * 8, sign, r);
	argument_store(at, member->width, number);
	return 0;
}

static int parse_member(const struct operation *operation, const char *word, struct argument *ret)
{
	const struct cuio_member *member;
	const char *equals = strchr(word, '=');
	struct target_name name;
	char text[SUGGEST_SIZE];

	if (!equals)
		return message_usage("%s takes MEMBER=VALUE, not '%s'; members: %s",
				     operation->name, word,
				     suggest(text, word, operation->members[0].name,
					     sizeof(*operation->members), operation->n_members));
	if (target_parse(word, (size_t)(equals - word), &name) < 0 || name.part[0])
		return message_usage("'%.*s' is not of the form MEMBER or MEMBER[3]",
				     (int)(equals - word), word);
	member = operation_member(operation, name.name);
	if (!member)
		return no_member(operation, name.name);
	if (is_bytes(equals + 1) && !name.indexed)
		return parse_bytes(member->name, equals + 1, ret->bytes + member->offset,
				   (size_t)member->width * member->count);
	return parse_element(operation, member, &name, equals + 1, ret);
}

static int parse_number(const struct operation *operation, const char *word, unsigned bits,
			uint64_t *ret)
{
	int r = number_parse(word, bits, NUMBER_EITHER, ret);

	return r < 0 ? number_wrong(operation->name, word, bits, NUMBER_EITHER, r) : 0;
}

static int parse_whole(const struct operation *operation, const char *word, struct argument *ret)
{
	unsigned size = operation->about.size;
	uint64_t value;
	int r;

	if (is_bytes(word))
		return parse_bytes(operation->name, word, ret->bytes, size);
	if (!argument_is_number(size))
		return message_usage("%s takes %u bytes: give them as " BYTES_PREFIX
				     " and two digits a byte, not '%s'",
				     operation->name, size, word);
	r = parse_number(operation, word, size * 8, &value);
	if (r == 0)
		argument_store(ret->bytes, size, value);
	return r;
}

static int parse_value(const struct operation *operation, char *const *words, size_t n,
		       struct argument *ret)
{
	unsigned size = operation->about.size;

	/* An ioctl that the daemon does not describe may have no argument. */
	if (n == 0 && !operation->about.name[0])
		return 0;
	if (n != 1)
		return message_usage("%s takes one VALUE", operation->name);
	return parse_number(operation, words[0], size && size < 8 ? size * 8 : 64, &ret->value);
}

static int parse_words(const struct operation *operation, char *const *words, size_t n,
		       struct argument *ret)
{
	int r = 0;

	if (operation->n_members && !(n == 1 && is_bytes(words[0]))) {
		for (size_t i = 0; r == 0 && i < n; i++)
			r = parse_member(operation, words[i], ret);
		return r;
	}
	if (n != 1)
		return message_usage("%s takes one VALUE", operation->name);
	return parse_whole(operation, words[0], ret);
}

int argument_parse(const struct operation *operation, char *const *words, size_t n,
		   struct argument *ret)
{
	size_t encoded = _IOC_SIZE(operation->about.number);

	*ret = (struct argument){ .size = operation->about.size };
	if (operation->about.argument == CUIO_ARGUMENT_VALUE)
		return parse_value(operation, words, n, ret);
	if (operation->about.argument == CUIO_ARGUMENT_NONE ||
	    operation->about.argument == CUIO_ARGUMENT_OUT) {
		if (n)
			return message_usage("%s takes no VALUE", operation->name);
	}
	if (operation->about.argument == CUIO_ARGUMENT_NONE)
		return 0;
	/* The kernel copies as many bytes as the number encodes, even if the table has fewer. */
	ret->bytes = calloc(1, (encoded > ret->size ? encoded : ret->size) + 1);
	if (!ret->bytes)
		return message_memory();
	if (operation->about.argument == CUIO_ARGUMENT_OUT)
		return 0;
	return parse_words(operation, words, n, ret);
}

void argument_done(struct argument *argument)
{
	free(argument->bytes);
	argument->bytes = NULL;
}

void *argument_pointer(const struct argument *argument)
{
	return argument->bytes ? argument->bytes : (void *)(uintptr_t)argument->value;
}

bool argument_returns(const struct operation *operation)
{
	return operation->about.argument == CUIO_ARGUMENT_OUT ||
	       operation->about.argument == CUIO_ARGUMENT_INOUT;
}
