/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiles the steps of a description, in the order of the parts' dependencies. */
#include "driver/steps/program.h"
#include "driver/steps/run.h"
#include "driver/steps/scope.h"
#include <errno.h>
#include <stdlib.h>

/* The size of a request's state is a multiple of this, so that it seldom changes when a step that
 * waits is edited: with another size a service cannot keep its nodes. */
#define REQUEST_SIZE_STEP 192U

static void request_size(struct program *program, const struct operation *operation)
{
	size_t size = REQUEST_SIZE_STEP;

	if (operation && operation->parks)
		size = run_state_size(operation);
	size = (size + REQUEST_SIZE_STEP - 1) / REQUEST_SIZE_STEP * REQUEST_SIZE_STEP;
	if (size > program->request_size)
		program->request_size = size;
}

static int program_read(struct program *program)
{
	int r = 0;

	r |= program_read_device(program);
	r |= program_read_constants(program);
	r |= program_read_node_constants(program);
	r |= program_read_structures(program);
	r |= program_read_state(program);
	r |= program_place_watchdog(program);
	r |= program_collect_operations(program);
	if (!program->shadows || !program->structures || !program->timers || !program->ioctls)
		return -ENOMEM;
	r |= program_read_cause(program);
	r |= program_read_operations(program);
	r |= program_read_poll(program);
	r |= program_read_watchdog(program);
	if (!r)
		r = program_check_numbers(program, program->driver.unrestricted);
	request_size(program, program->operations[KIND_READ]);
	request_size(program, program->operations[KIND_WRITE]);
	for (size_t i = 0; i < program->n_ioctls; i++)
		request_size(program, program->ioctls[i]);
	return r ? -EINVAL : 0;
}

int program_load(struct description *description, struct report *report, struct program **ret)
{
	struct program *program = calloc(1, sizeof(*program));
	unsigned before = report->count;
	int r;

	if (!program)
		return -ENOMEM;
	program->driver.contract = (struct cuio_contract)CUIO_CONTRACT;
	program->description = description;
	program->report = report;
	program->poll_scope.kind = KIND_POLL;
	program->const_scope.kind = KIND_CONST;
	r = program_read(program);
	if (!r && report->count != before)
		r = -EINVAL;
	program->report = NULL;
	if (r < 0) {
		program_free(program);
		return r;
	}
	*ret = program;
	return 0;
}

void program_free(struct program *program)
{
	if (!program)
		return;
	for (size_t i = 0; i < program->n_structures; i++)
		name_index_done(&program->structures[i].layout.index);
	name_index_done(&program->structure_index);
	name_index_done(&program->constant_index);
	name_index_done(&program->device.index);
	name_index_done(&program->file.index);
	arena_done(&program->arena);
	free(program);
}
