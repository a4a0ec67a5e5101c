/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ioctl= of an instance file: whether the daemon may name the memory of its callers. */
#include "config/instance_internal.h"
#include <errno.h>

int instance_read_ioctl(struct instance *instance, struct section *section, struct report *report)
{
	static const char *const words[] = { "restricted", "unrestricted", NULL };
	struct entry *entry = section_entry(instance->document, section, "Ioctl", report);
	unsigned index;
	int r;

	if (!entry)
		return 0;
	r = value_word(instance->document, entry, words, report, &index);
	if (r < 0)
		return r;
	instance->ioctl = index == 0 ? INSTANCE_IOCTL_RESTRICTED : INSTANCE_IOCTL_UNRESTRICTED;
	instance->ioctl_line = entry->line;
	return 0;
}

bool instance_is_unrestricted(const struct instance *instance, const struct cuio_driver *driver)
{
	if (!driver->unrestricted || instance->front == INSTANCE_FILE)
		return false;
	if (instance->ioctl == INSTANCE_IOCTL_DEFAULT)
		return !driver->unrestricted_on_request;
	return instance->ioctl == INSTANCE_IOCTL_UNRESTRICTED;
}

int instance_check_ioctl(const struct instance *instance, const struct cuio_driver *driver,
			 struct report *report)
{
	if (instance->ioctl != INSTANCE_IOCTL_UNRESTRICTED ||
	    instance_is_unrestricted(instance, driver))
		return 0;
	return report_add(report, instance->document->path, instance->ioctl_line,
			  "Ioctl=unrestricted: %s, expected no Ioctl=",
			  driver->unrestricted
				  ? "the nodes are files (Front=file), whose ioctls the kernel "
				    "always restricts"
				  : "the driver has no ioctl that needs it");
}
