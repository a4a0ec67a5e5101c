/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device description (cuio.device(5)): what the device is. This layer reads the parts that every
 * description has (device, windows, registers, nodes, interrupt); a driver with steps reads the
 * rest of the document itself.
 */
#ifndef REGMAP_DESCRIPTION_H
#define REGMAP_DESCRIPTION_H

#include "base/document.h"
#include "regmap/regmap.h"

/* A node the device has: [Node KEY] of the description. */
struct description_node {
	char *key;  /* "" for the only node of a description without [Node] */
	char *name; /* default name below /dev */
	unsigned line;
};

struct description {
	struct document *document;
	char *title;			/* [Device] Description=, "" if none */
	char *driver;			/* [Device] Driver=, "registers" by default */
	char *match;			/* [Device] Match=, "pci:1234:11e8"; NULL if none */
	bool restores_driver;		/* [Device] RestoreDriver=, yes by default */
	char *model;			/* [Simulator] Model=, NULL if none */
	bool interrupt;			/* the device has an interrupt: [Interrupt] is there */
	struct description_node *nodes; /* at least one */
	size_t n_nodes;
	struct window_spec *windows;
	size_t n_windows;
	struct sim_value *values; /* Reset= values, for the simulator */
	size_t n_values;
	struct regmap regmap;
};

/*
 * Loads and checks the parts of `path` that this layer reads. The driver reads the others. After
 * that, description_check_rest() reports what was not read.
 */
int description_load(const char *path, struct report *report, struct description **ret);
int description_parse(const char *path, const char *text, size_t size, struct report *report,
		      struct description **ret);
int description_check_rest(const struct description *description, struct report *report);
void description_free(struct description *description);

/* Whether `name` is a word of the step language, and so cannot name a register, node or
 * constant. */
bool description_reserved(const char *name);
/* The fault of a node's name below /dev, such as "is empty"; NULL if there is none. */
const char *description_node_fault(const char *name);

#endif
