/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens what only root may open and hands it to systemd's store, where cuiod finds it. Once: the
 * mark in the runtime directory (base/mark.h) says that the store has it, over restarts and
 * crashes.
 */
#include "base/cleanup.h"
#include "base/fds.h"
#include "base/log.h"
#include "base/mark.h"
#include "hardware/hardware.h"
#include "helper/helper.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <syslog.h>

static void cleanup_instance(struct instance **instance)
{
	instance_free(*instance);
}

static void cleanup_fds(struct fds **fds)
{
	fds_free(*fds);
}

/* What an earlier life left under this name goes first: a second entry would stay beside it. */
static int hand_over(void *context, const char *name, int fd)
{
	struct fds *fds = context;
	int r = fds_remove(fds, name);

	return r < 0 ? r : fds_store(fds, name, fd);
}

static int open_channel(struct fds *fds, size_t index, struct report *report)
{
	char name[32];
	auto_close int fd = open("/dev/cuse", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		int error = errno;

		report_add(report, NULL, 0, "cannot open /dev/cuse: %s%s", strerror(error),
			   error == ENOENT || error == ENODEV ? ": the module cuse is not loaded"
							      : "");
		return -error;
	}
	snprintf(name, sizeof(name), "channel%zu", index);
	return hand_over(fds, name, fd);
}

static int open_all(const struct instance *instance, struct report *report)
{
	cleanup(cleanup_fds) struct fds *fds = NULL;
	struct hardware_spec spec;
	int r = fds_new(&fds);

	/* cuio-bind@ has done this, but a card that went away and came back since is bound no more.
	 */
	if (r >= 0 && instance->card)
		r = bind_card(instance, report);
	if (r < 0)
		return r;
	instance_hardware(instance, &spec);
	r = hardware_open_files(&spec, report, hand_over, fds);
	for (size_t i = 0; i < instance->n_nodes && r >= 0; i++)
		r = open_channel(fds, i, report);
	return r < 0 ? r : mark_set();
}

/* cuiod finds the same mistakes and says so, once, at the service's own end. */
static int open_instance(const char *name)
{
	cleanup(cleanup_instance) struct instance *instance = NULL;
	struct report report = { 0 };
	int r = instance_load(name, NULL, &report, &instance);

	if (r == 0)
		r = open_all(instance, &report);
	if (r < 0)
		log_notice("nothing handed over to cuiod@%s, which will say more%s%.*s", name,
			   report.text ? ": " : "",
			   report.text ? (int)strcspn(report.text, "\n") : 0,
			   report.text ? report.text : "");
	report_done(&report);
	return r;
}

/* All was handed over; only for whom the nodes are may have been edited. Mistakes are cuiod's. */
static void refresh_rights(const char *name)
{
	cleanup(cleanup_instance) struct instance *instance = NULL;
	struct report report = { 0 };

	if (instance_load(name, NULL, &report, &instance) == 0)
		rights_refresh(instance);
	report_done(&report);
}

int verb_open(char **arguments)
{
	if (!fds_supervised()) {
		log_error("open hands files to systemd, for cuiod@%s.service alone: start that, or "
			  "run cuiod as root",
			  arguments[0]);
		return -ENOENT;
	}
	if (mark_present())
		refresh_rights(arguments[0]);
	else
		return open_instance(arguments[0]);
	return 0;
}
