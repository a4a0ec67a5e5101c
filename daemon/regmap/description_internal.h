/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that read the sections of a description. */
#ifndef REGMAP_DESCRIPTION_INTERNAL_H
#define REGMAP_DESCRIPTION_INTERNAL_H

#include "regmap/description.h"

/* Limits above what any description needs; they bound the work that a bad file can cause. */
#define DESCRIPTION_REGISTERS_MAX 1024U
#define DESCRIPTION_FIELDS_MAX	  64U
#define DESCRIPTION_EXCEPTS_MAX	  256U /* each access is compared with all */
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
/* Checks overlaps and window sizes, and sets the simulator's values. Needs all registers. */
int description_check_registers(struct description *description, struct report *report);

/* Checks for a name of letters, digits and '_'; else reports and returns -EINVAL. */
int description_check_name(const struct document *document, unsigned line, const char *what,
			   const char *name, struct report *report);
/* The same for a name that steps use: it may not be a word of their language. */
int description_check_word(const struct document *document, unsigned line, const char *what,
			   const char *name, struct report *report);
/* A copy of the value, "" if `entry` is NULL; to be freed. NULL: out of memory. */
char *description_text(const struct entry *entry);

#endif
