/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: any bytes as an instance file, and the same split at the first NUL into an
 * instance file and its description.
 */
#include "config/instance.h"
#include "config/kept_files.h"
#include "driver/table.h"
#include <stdlib.h>
#include <string.h>

static const char device[] =
	"[Device]\nDescription=test\n[Window w]\nBar=0\n[Register r]\nOffset=0\n"
	"[Node a]\nName=x/a\n[Node b]\nName=x/b\n";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const uint8_t *end = memchr(bytes, '\0', size);
	struct kept_files files = {
		.plugin_fd = -1,
		.instance = { "fuzz.conf", (const char *)bytes,
			      end ? (size_t)(end - bytes) : size },
		.description = { "fuzz.device", device, strlen(device) },
	};
	const struct cuio_driver *driver = NULL;
	struct instance *instance = NULL;
	struct report report = { 0 };
	int r;

	if (end)
		files.description = (struct kept_file){ "fuzz.device", (const char *)end + 1,
							size - files.instance.size - 1 };
	r = instance_load_kept("fuzz", &files, &report, &instance);
	if ((r < 0) != (report.count > 0))
		abort();
	if (r >= 0 && !instance->description->plugin &&
	    driver_is_built_in(instance->description->driver) &&
	    driver_load(instance->description, &report, &driver) >= 0)
		description_check_rest(instance->description, &report);
	driver_unload(driver);
	instance_free(instance);
	report_done(&report);
	return 0;
}
