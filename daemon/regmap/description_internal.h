/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read a description's parts share. */
#ifndef REGMAP_DESCRIPTION_INTERNAL_H
#define REGMAP_DESCRIPTION_INTERNAL_H

#include "regmap/description.h"

/* No description needs more; they bound what a bad file can make us do. */
#define DESCRIPTION_REGISTERS_MAX 1024U
#define DESCRIPTION_FIELDS_MAX	  64U
#define DESCRIPTION_NODES_MAX	  16U
#define DESCRIPTION_NAME_MAX	  63U
#define DESCRIPTION_TEXT_MAX	  255U
#define DESCRIPTION_ELEMENTS_MAX  (1ULL << 24)
#define DESCRIPTION_WINDOW_MAX	  (1ULL << 30) /* bytes */
#define DESCRIPTION_RESETS_MAX	  65536U       /* elements with a Reset=; more stay 0 */

/* Each reads its sections into `description`, reporting what is wrong; 0 or -errno. */
int description_read_windows(struct description *description, struct report *report);
int description_read_nodes(struct description *description, struct report *report);
int description_read_registers(struct description *description, struct report *report);
int description_read_fields(const struct document *document, struct section *section,
			    struct reg *reg, struct report *report);
/* Overlaps, window sizes, and the simulator's values: once all registers are known. */
int description_check_registers(struct description *description, struct report *report);

/* A name of letters, digits and '_'; else reports and returns -EINVAL. */
int description_check_name(const struct document *document, unsigned line, const char *what,
			   const char *name, struct report *report);
/* A name that steps may use: no word of their language either. */
int description_check_word(const struct document *document, unsigned line, const char *what,
			   const char *name, struct report *report);
/* A copy of an entry's value, "" without one; NULL without memory. */
char *description_text(const struct entry *entry);

#endif
