/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections with steps, on their way into a program. */
#ifndef STEPS_OPERATION_H
#define STEPS_OPERATION_H

#include "driver/steps/program.h"

/* The section of this kind, if there is one: *ret stays NULL otherwise. */
int operation_read(struct program *program, const char *kind_name, enum operation_kind kind,
		   struct operation **ret);
/* All [KIND NAME] sections, without their steps. */
int operation_collect(struct program *program, const char *kind_name, enum operation_kind kind,
		      struct operation ***ret, size_t *ret_n);
/* `keys`: what else the section may hold, for the finding about others. */
int operation_read_steps(struct program *program, struct section *section,
			 struct operation *operation, const char *keys);

#endif
