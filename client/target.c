// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses REG, REG[3], REG.FIELD or REG[3].FIELD and finds the register. */
#include "target.h"
#include "message.h"
#include "number.h"
#include "suggest.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int take_word(char word[CUIO_NAME_SIZE], const char *text, size_t length)
{
	if (length == 0 || length >= CUIO_NAME_SIZE)
		return -EINVAL;
	memcpy(word, text, length);
	word[length] = 0;
	return 0;
}

static int take_index(const char *text, size_t length, uint32_t *ret)
{
	char digits[NUMBER_TEXT_SIZE];
	uint64_t index;
	int r;

	if (length >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, text, length);
	digits[length] = 0;
	if (digits[0] == '-')
		return -ERANGE;
	r = number_parse(digits, 32, NUMBER_UNSIGNED, &index);
	if (r < 0)
		return r;
	*ret = (uint32_t)index;
	return 0;
}

int target_parse(const char *text, size_t length, struct target_name *ret)
{
	const char *end = text + length, *at = text;
	struct target_name name = { 0 };
	int r;

	while (at < end && *at != '[' && *at != '.')
		at++;
	r = take_word(name.name, text, (size_t)(at - text));
	if (r == 0 && at < end && *at == '[') {
		const char *close = memchr(at, ']', (size_t)(end - at));

		if (!close)
			return -EINVAL;
		name.indexed = true;
		r = take_index(at + 1, (size_t)(close - at) - 1, &name.index);
		at = close + 1;
	}
	if (r == 0 && at < end && *at == '.') {
		r = take_word(name.part, at + 1, (size_t)(end - at) - 1);
		at = end;
	}
	if (r < 0)
		return r;
	if (at != end || strchr(name.part, '[') || strchr(name.part, '.'))
		return -EINVAL;
	*ret = name;
	return 0;
}

static int find_element(const struct map_register *reg, const struct target_name *name,
			uint32_t *ret)
{
	uint32_t count = reg->about.count;

	if (!name->indexed && count > 1)
		return message_usage("%s is an array: say which element, %s[0] to %s[%u]",
				     reg->name, reg->name, reg->name, count - 1);
	if (name->indexed && name->index >= count) {
		if (count <= 1)
			return message_usage("%s[%u] does not exist: %s is a single register",
					     reg->name, name->index, reg->name);
		return message_usage("%s[%u] does not exist: elements are %s[0] to %s[%u]",
				     reg->name, name->index, reg->name, reg->name, count - 1);
	}
	*ret = name->indexed ? name->index : 0;
	return 0;
}

static int find_field(const struct map_register *reg, const struct target_name *name,
		      const struct cuio_field **ret)
{
	char text[SUGGEST_SIZE];

	*ret = NULL;
	if (!name->part[0])
		return 0;
	*ret = map_field(reg, name->part);
	if (*ret)
		return 0;
	if (!reg->n_fields)
		return message_usage("register %s has no field '%s': it has no fields", reg->name,
				     name->part);
	return message_usage("register %s has no field '%s'; fields: %s", reg->name, name->part,
			     suggest(text, name->part, reg->fields[0].name, sizeof(*reg->fields),
				     reg->n_fields));
}

int target_find(const struct node *node, const struct map *map, const char *text, size_t length,
		struct target *ret)
{
	struct target target = { 0 };
	struct target_name name;
	char known[SUGGEST_SIZE];
	int r;

	r = target_parse(text, length, &name);
	if (r == -ERANGE)
		return message_usage("'%.*s': no register has so many elements", (int)length, text);
	if (r < 0)
		return message_usage("'%.*s' is not of the form REG, REG[3], REG.FIELD or "
				     "REG[3].FIELD",
				     (int)length, text);
	target.reg = map_register(map, name.name);
	if (!target.reg)
		return message_usage("%s has no register '%s'; registers: %s", node->name,
				     name.name,
				     suggest(known, name.name, (const char *)map->registers,
					     sizeof(*map->registers), map->n_registers));
	r = find_element(target.reg, &name, &target.element);
	if (r == 0)
		r = find_field(target.reg, &name, &target.field);
	if (r == 0)
		*ret = target;
	return r;
}

const char *target_text(char text[TARGET_TEXT_SIZE], const struct target *target)
{
	int n = snprintf(text, TARGET_TEXT_SIZE, "%s", target->reg->name);

	if (target->reg->about.count > 1)
		n += snprintf(text + n, TARGET_TEXT_SIZE - (size_t)n, "[%u]", target->element);
	if (target->field)
		snprintf(text + n, TARGET_TEXT_SIZE - (size_t)n, ".%s", target->field->name);
	return text;
}

unsigned target_bits(const struct target *target)
{
	if (target->field)
		return map_field_bits(target->reg, target->field);
	return map_bits(target->reg);
}
