// SPDX-License-Identifier: GPL-2.0-or-later
/* An instance for "cuioctl list". */
#include "config.h"
#include "base/cleanup.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

void config_load(const struct config_folders *folders, const char *name, struct config *ret)
{
	struct document *document = NULL;
	struct report report = { 0 };
	auto_free char *path = NULL;
	int r = -ENOMEM;

	*ret = (struct config){ .outline.backend = "uio" };
	snprintf(ret->instance, sizeof(ret->instance), "%s", name);
	if (asprintf(&path, "%s/%s.conf", folders->instances, name) >= 0)
		r = document_load_partly(path, &report, &document);
	if (r >= 0)
		r = outline_read(folders, document, &report, &ret->outline);
	if (report.text)
		snprintf(ret->problem, sizeof(ret->problem), "%.*s",
			 (int)strcspn(report.text, "\n"), report.text);
	else if (r < 0)
		snprintf(ret->problem, sizeof(ret->problem), "%s", strerror(-r));
	document_free(document);
	report_done(&report);
}
