// SPDX-License-Identifier: GPL-2.0-or-later
// The names of what a process can be in the middle of.
#include "device/record.h"

const char *request_operation_name(uint32_t operation)
{
	static const char *const names[] = {
		[REQUEST_NONE] = "none", [REQUEST_OPEN] = "open",   [REQUEST_RELEASE] = "release",
		[REQUEST_READ] = "read", [REQUEST_WRITE] = "write", [REQUEST_IOCTL] = "ioctl",
		[REQUEST_POLL] = "poll",
	};

	return operation < sizeof(names) / sizeof(names[0]) ? names[operation] : "?";
}

const char *transaction_subject_name(uint32_t subject)
{
	static const char *const names[] = {
		[SUBJECT_REQUEST] = "request", [SUBJECT_START] = "start",
		[SUBJECT_CAUSE] = "cause",     [SUBJECT_INTERRUPT] = "interrupt",
		[SUBJECT_TIMER] = "timer",     [SUBJECT_CANCEL] = "cancel",
		[SUBJECT_POLL] = "poll",
	};

	return subject < sizeof(names) / sizeof(names[0]) ? names[subject] : "?";
}
