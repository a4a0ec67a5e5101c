// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks whether a register or field may be accessed, and reports the daemon's refusals. */
#include "access.h"
#include "message.h"
#include "number.h"
#include <errno.h>

int access_check(const struct target *target, unsigned way)
{
	const char *done = way == CUIO_REGISTER_READ ? "read" : "written";
	const char *other = way == CUIO_REGISTER_READ ? "write-only" : "read-only";
	char text[TARGET_TEXT_SIZE];

	if (!(target->reg->about.flags & way))
		return message_failed("%s cannot be %s: it is %s", target->reg->name, done, other);
	if (target->field && !(target->field->flags & way))
		return message_failed("%s cannot be %s: it is %s", target_text(text, target), done,
				      other);
	return 0;
}

int access_refused(const struct node *node, const struct target *target, unsigned way, int error)
{
	char text[TARGET_TEXT_SIZE];

	target_text(text, target);
	if (error == -EACCES)
		return message_failed("%s cannot be %s: the device's description excepts it", text,
				      way == CUIO_REGISTER_READ ? "read" : "written");
	if (error == -EOPNOTSUPP)
		return message_failed("%s cannot be written alone: register %s cannot be read for "
				      "its other bits without harm; write it whole",
				      text, target->reg->name);
	return node_refused(node, text, error);
}

static unsigned lowest_bit(const struct target *target)
{
	return target->field && target_bits(target) ? target->field->shift : 0;
}

struct cuio_access access_of(const struct target *target)
{
	return (struct cuio_access){
		.register_index = target->reg->about.index,
		.element = target->element,
		.mask = number_mask(target_bits(target)) << lowest_bit(target),
	};
}

int access_assign(const struct target *target, const char *text, struct cuio_access *ret)
{
	unsigned bits = target_bits(target);
	char name[TARGET_TEXT_SIZE];
	uint64_t value;
	int r = number_parse(text, bits, NUMBER_UNSIGNED, &value);

	if (r < 0)
		return number_wrong(target_text(name, target), text, bits, NUMBER_UNSIGNED, r);
	*ret = access_of(target);
	ret->value = value << lowest_bit(target);
	return 0;
}
