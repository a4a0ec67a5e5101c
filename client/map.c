// SPDX-License-Identifier: GPL-2.0-or-later
/* The registers and fields of a node, as its daemon describes them. */
#include "map.h"
#include "message.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int load_fields(struct node *node, struct map_register *reg)
{
	if (reg->about.n_fields > MAP_FIELDS_MAX)
		return -EPROTO;
	reg->fields = calloc(reg->about.n_fields, sizeof(*reg->fields));
	if (reg->about.n_fields && !reg->fields)
		return -ENOMEM;
	for (; reg->n_fields < reg->about.n_fields; reg->n_fields++) {
		struct cuio_field *field = &reg->fields[reg->n_fields];
		int r;

		field->register_index = reg->about.index;
		field->index = (__u32)reg->n_fields;
		r = node_call(node, CUIO_IOCTL_FIELD, field);
		if (r == -ENOENT)
			break;
		if (r < 0)
			return r;
		field->name[sizeof(field->name) - 1] = 0;
		field->title[sizeof(field->title) - 1] = 0;
	}
	return 0;
}

static int load_register(struct node *node, struct map_register *reg, size_t index)
{
	int r;

	reg->about.index = (__u32)index;
	r = node_call(node, CUIO_IOCTL_REGISTER, &reg->about);
	if (r < 0)
		return r;
	reg->about.name[sizeof(reg->about.name) - 1] = 0;
	reg->about.window[sizeof(reg->about.window) - 1] = 0;
	reg->about.title[sizeof(reg->about.title) - 1] = 0;
	memcpy(reg->name, reg->about.name, sizeof(reg->name));
	return load_fields(node, reg);
}

int map_load(struct node *node, struct map *map)
{
	size_t n = node->info.n_registers;
	int r = 0;

	*map = (struct map){ 0 };
	if (n > MAP_REGISTERS_MAX)
		return message_failed("%s: its daemon tells of %zu registers, expected at most %u: "
				      "is it cuiod?",
				      node->name, n, MAP_REGISTERS_MAX);
	*map = (struct map){ .registers = calloc(n, sizeof(*map->registers)) };
	if (n && !map->registers)
		return message_memory();
	while (r == 0 && map->n_registers < n) {
		r = load_register(node, &map->registers[map->n_registers], map->n_registers);
		/* The daemon may have restarted with a description that has fewer registers. */
		if (r != -ENOENT)
			map->n_registers++;
	}
	if (r < 0 && r != -ENOENT)
		return message_failed("%s: its registers: %s", node->name, strerror(-r));
	return 0;
}

void map_done(struct map *map)
{
	for (size_t i = 0; i < map->n_registers; i++)
		free(map->registers[i].fields);
	free(map->registers);
	*map = (struct map){ 0 };
}

const struct map_register *map_register(const struct map *map, const char *name)
{
	for (size_t i = 0; i < map->n_registers; i++)
		if (!strcmp(map->registers[i].name, name))
			return &map->registers[i];
	return NULL;
}

const struct cuio_field *map_field(const struct map_register *reg, const char *name)
{
	for (size_t i = 0; i < reg->n_fields; i++)
		if (!strcmp(reg->fields[i].name, name))
			return &reg->fields[i];
	return NULL;
}

unsigned map_bits(const struct map_register *reg)
{
	return reg->about.width > 8 ? 64 : reg->about.width * 8;
}

unsigned map_field_bits(const struct map_register *reg, const struct cuio_field *field)
{
	unsigned bits = map_bits(reg);

	if (field->shift >= bits)
		return 0;
	return field->bits < bits - field->shift ? field->bits : bits - field->shift;
}
