/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the back-end and passes calls on to it. */
#include "hardware/hardware.h"
#include "hardware/backend.h"
#include <errno.h>
#include <string.h>

static const struct hardware_ops *backend_find(const char *name)
{
	for (size_t i = 0; hardware_backends[i]; i++) {
		if (strcmp(hardware_backends[i]->name, name) == 0)
			return hardware_backends[i];
	}
	return NULL;
}

static const struct hardware_ops *backend_of(const struct hardware_spec *spec,
					     struct report *report)
{
	const struct hardware_ops *ops = backend_find(spec->backend);

	if (!ops)
		report_add(report, spec->file, spec->line,
			   "unknown back-end \"%s\", expected uio or sim", spec->backend);
	return ops;
}

int hardware_open(const struct hardware_spec *spec, struct fds *fds, struct report *report,
		  struct hardware **ret)
{
	const struct hardware_ops *ops = backend_of(spec, report);

	return ops ? ops->open(spec, fds, report, ret) : -EINVAL;
}

int hardware_open_files(const struct hardware_spec *spec, struct report *report,
			int (*each)(void *context, const char *name, int fd), void *context)
{
	const struct hardware_ops *ops = backend_of(spec, report);

	if (!ops)
		return -EINVAL;
	return ops->open_files ? ops->open_files(spec, report, each, context) : 0;
}

void hardware_close(struct hardware *hardware)
{
	if (hardware)
		hardware->ops->close(hardware);
}

const char *hardware_card(const struct hardware *hardware)
{
	return hardware->card;
}

const struct window *hardware_window(const struct hardware *hardware, const char *name)
{
	for (size_t i = 0; i < hardware->n_windows; i++) {
		if (strcmp(hardware->windows[i].name, name) == 0)
			return &hardware->windows[i];
	}
	return NULL;
}

int hardware_each_fd(const struct hardware *hardware,
		     int (*each)(void *context, const char *name, int fd), void *context)
{
	return hardware->ops->each_fd(hardware, each, context);
}

int hardware_interrupt_fd(const struct hardware *hardware)
{
	return hardware->ops->interrupt_fd(hardware);
}

int hardware_interrupt_take(struct hardware *hardware)
{
	return hardware->ops->interrupt_take(hardware);
}

int hardware_interrupt_unmask(struct hardware *hardware)
{
	return hardware->ops->interrupt_mask(hardware, false);
}

int hardware_interrupt_mask(struct hardware *hardware)
{
	return hardware->ops->interrupt_mask(hardware, true);
}
