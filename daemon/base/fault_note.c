// SPDX-License-Identifier: GPL-2.0-or-later
// A handler for the signals of faults.
#include "base/fault_note.h"
#include <signal.h>
#include <stddef.h>

static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS };

static volatile uint32_t *volatile place;
static uint32_t note;
static char stack[16384]; /* the fault may be a stack that is full */

/* The signal is blocked until this returns; then it has its default effect, where the fault was. */
static void take_note(int fault)
{
	if (place)
		*place = note;
	signal(fault, SIG_DFL);
	raise(fault);
}

void fault_note_start(uint32_t *where, uint32_t value)
{
	const struct sigaction action = { .sa_handler = take_note, .sa_flags = SA_ONSTACK };
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };

	note = value;
	place = where;
	(void)sigaltstack(&own, NULL);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct sigaction before;

		if (sigaction(faults[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			(void)sigaction(faults[i], &action, NULL);
	}
}

void fault_note_stop(void)
{
	place = NULL;
}
