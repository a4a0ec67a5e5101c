// SPDX-License-Identifier: GPL-2.0-or-later
// Register accesses of cuio's own ioctls: by index, checked each time.
#include "device/internal.h"
#include "regmap/regmap.h"
#include <cuio/ioctl.h>
#include <errno.h>

const struct reg *control_register(const struct cuio_device *device, uint32_t index)
{
	const struct regmap *map = &device->instance->description->regmap;

	return index < map->n_regs ? &map->regs[index] : NULL;
}

/* Finds the register of an access and checks the element. */
static int find_element(const struct cuio_device *device, const struct cuio_access *access,
			const struct reg **ret)
{
	const struct reg *reg = control_register(device, access->register_index);
	int r = reg ? reg_check(reg, access->element) : -ENOENT;

	if (r >= 0)
		*ret = reg;
	return r;
}

ssize_t control_check_read(const struct cuio_device *device, const struct cuio_access *access)
{
	const struct reg *reg;
	int r = find_element(device, access, &reg);

	if (r < 0)
		return r;
	return reg->read ? 0 : -EACCES;
}

ssize_t control_read(struct cuio_device *device, struct cuio_access *access)
{
	ssize_t r = control_check_read(device, access);

	if (r >= 0)
		access->value = access_read(
			device, control_register(device, access->register_index), access->element);
	return r;
}

ssize_t control_check_write(const struct cuio_device *device, const struct cuio_access *access)
{
	const struct reg *reg;
	int r = find_element(device, access, &reg);

	if (r < 0)
		return r;
	if (!reg->write)
		return -EACCES;
	if ((access->value | access->mask) & ~reg_mask(reg))
		return -ERANGE;
	if (access->mask != reg_mask(reg) && (!reg->read || reg->side_effect))
		return -EOPNOTSUPP;
	return 0;
}

ssize_t control_write(struct cuio_device *device, const struct cuio_access *access)
{
	const struct reg *reg = control_register(device, access->register_index);
	uint64_t value = access->value & access->mask;
	ssize_t r = control_check_write(device, access);

	if (r < 0)
		return r;
	if (access->mask != reg_mask(reg))
		value |= access_read(device, reg, access->element) & ~access->mask;
	access_write(device, reg, access->element, value);
	return 0;
}
