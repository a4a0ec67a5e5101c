// SPDX-License-Identifier: GPL-2.0-or-later
// Accesses to bound registers, by the driver and by cuio's own ioctls. An access that the hardware
// may notice is recorded before it happens: a successor must not repeat such a call.
#include "device/internal.h"
#include "regmap/regmap.h"
#include <stdatomic.h>

void access_note(struct cuio_device *device)
{
	*(volatile uint32_t *)&device->layout.transaction->touched = 1;
	atomic_signal_fence(memory_order_seq_cst);
}

uint64_t access_read(struct cuio_device *device, const struct reg *reg, uint64_t element)
{
	device->looked = true;
	if (reg->side_effect)
		access_note(device);
	return reg_read(reg, element);
}

void access_write(struct cuio_device *device, const struct reg *reg, uint64_t element,
		  uint64_t value)
{
	access_note(device);
	reg_write(reg, element, value);
}

void access_read_rep(struct cuio_device *device, const struct reg *reg, void *to, size_t count)
{
	device->looked = true;
	if (reg->side_effect)
		access_note(device);
	reg_read_many(reg, to, count);
}

void access_write_rep(struct cuio_device *device, const struct reg *reg, const void *from,
		      size_t count)
{
	access_note(device);
	reg_write_many(reg, from, count);
}
