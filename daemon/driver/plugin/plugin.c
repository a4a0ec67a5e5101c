/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads a plug-in from an open file: its code, and full-size copies of its tables. */
#include "driver/plugin/plugin.h"
#include "base/cleanup.h"
#include "driver/contract.h"
#include "driver/plugin/internal.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

void *plugin_alloc(struct plugin *plugin, size_t n, size_t size)
{
	void **owned = reallocarray(plugin->owned, plugin->n_owned + 1, sizeof(*owned));

	if (!owned)
		return NULL;
	plugin->owned = owned;
	owned[plugin->n_owned] = calloc(n, size);
	return owned[plugin->n_owned] ? owned[plugin->n_owned++] : NULL;
}

static void plugin_done(struct plugin *plugin)
{
	if (!plugin)
		return;
	for (size_t i = 0; i < plugin->n_owned; i++)
		free(plugin->owned[i]);
	free(plugin->owned);
	free(plugin);
}

void plugin_free(const struct cuio_driver *driver)
{
	plugin_done((struct plugin *)(uintptr_t)driver);
}

static void cleanup_plugin(struct plugin **plugin)
{
	plugin_done(*plugin);
}

int plugin_tell(const struct description *description, const char *path, const char *findings,
		struct report *report)
{
	while (*findings) {
		size_t length = strcspn(findings, "\n");

		report_add(report, description->driver_file, description->driver_line,
			   "plug-in %s: %.*s", path, (int)length, findings);
		findings += length + (findings[length] == '\n');
	}
	return -EINVAL;
}

/* --- tables ----------------------------------------------------------------------------------- */

/*
 * Replaces the table that `*place` points to, a pointer to an object, by a full-size copy. Members
 * that were added later are zero. A table that is too long is left to contract_check_driver().
 */
static int copy_table(struct plugin *plugin, void *place, size_t n, size_t built_size, size_t size)
{
	const uint8_t *from;
	uint8_t *to;

	memcpy(&from, place, sizeof(from));
	if (!from || n == 0 || n > CONTRACT_TABLE_MAX)
		return 0;
	to = plugin_alloc(plugin, n, size);
	if (!to)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		memcpy(to + i * size, from + i * built_size, built_size);
	memcpy(place, &to, sizeof(to));
	return 0;
}

/* Copies all tables, even of full size, so that no plug-in relies on the address of an entry. */
static int copy_tables(struct plugin *plugin, const struct cuio_contract *built)
{
	struct cuio_driver *driver = &plugin->driver;
#define TABLE(NAME, SIZE)                                                                          \
	{                                                                                          \
		&driver->NAME, driver->n_##NAME, SIZE, sizeof(*driver->NAME)                       \
	}
	const struct {
		void *place;
		size_t n, built_size, size;
	} tables[] = {
		TABLE(ioctls, built->ioctl_size),	  TABLE(registers, built->register_size),
		TABLE(fields, built->field_size),	  TABLE(windows, sizeof(*driver->windows)),
		TABLE(options, built->option_size),	  TABLE(buffers, built->buffer_size),
		TABLE(interrupts, built->interrupt_size),
	};
#undef TABLE
	struct cuio_driver_ioctl *ioctls;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < sizeof(tables) / sizeof(tables[0]); i++)
		r = copy_table(plugin, tables[i].place, tables[i].n, tables[i].built_size,
			       tables[i].size);
	if (r < 0 || !driver->ioctls || driver->n_ioctls > CONTRACT_TABLE_MAX)
		return r;
	ioctls = (struct cuio_driver_ioctl *)(uintptr_t)driver->ioctls;
	for (size_t i = 0; r >= 0 && i < driver->n_ioctls; i++)
		r = copy_table(plugin, &ioctls[i].members, ioctls[i].n_members, built->member_size,
			       sizeof(*ioctls[i].members));
	return r;
}

static int take_driver(const struct cuio_driver *driver, const char *name, struct report *report,
		       struct plugin **ret)
{
	cleanup(cleanup_plugin) struct plugin *plugin = NULL;
	int r = contract_check_build(&driver->contract, report);

	if (r < 0)
		return r;
	plugin = calloc(1, sizeof(*plugin));
	if (!plugin)
		return -ENOMEM;
	memcpy(&plugin->driver, driver, driver->contract.driver_size);
	r = copy_tables(plugin, &driver->contract);
	if (r >= 0)
		r = contract_check_driver(&plugin->driver, report);
	if (r >= 0 && strcmp(plugin->driver.name, name) != 0)
		r = report_add(report, NULL, 0,
			       "the driver's name is %s, expected %s, as its file is called",
			       plugin->driver.name, name);
	if (r < 0)
		return r;
	plugin->driver.contract = (struct cuio_contract)CUIO_CONTRACT;
	*ret = take_ptr(plugin);
	return 0;
}

/* --- code ------------------------------------------------------------------------------------- */

/* Loads by the descriptor: the file's name may refer to another file by now. */
static int open_library(int fd, struct report *report, void **ret)
{
	char path[64];
	const char *error;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*ret = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (*ret)
		return 0;
	error = dlerror();
	if (error && strncmp(error, path, strlen(path)) == 0)
		error += strlen(path) + strspn(error + strlen(path), ": ");
	return report_add(report, NULL, 0,
			  "%s; expected a shared object for this machine, whose every symbol this "
			  "cuio or its own libraries have",
			  error ? error : "it cannot be loaded");
}

int plugin_open(int fd, const char *name, struct report *report, struct plugin **ret)
{
	const struct cuio_driver *const *symbol;
	void *library;
	int r = open_library(fd, report, &library);

	if (r < 0)
		return r;
	symbol = dlsym(library, "cuio_plugin");
	if (!symbol || !*symbol)
		return report_add(report, NULL, 0,
				  "it has no symbol cuio_plugin: its source lacks "
				  "CUIO_PLUGIN(driver), see cuio/driver.h");
	return take_driver(*symbol, name, report, ret);
}

static int load(const struct description *description, const char *path, int fd,
		struct report *report, struct plugin **ret)
{
	struct report findings = { 0 };
	const struct cuio_driver *asked;
	int copy, r;

	if (geteuid() == 0)
		return plugin_tell(description, path,
				   "root does not run plug-ins: start the service, systemctl start "
				   "cuiod@NAME, which runs as a user of its own",
				   report);
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	r = copy < 0 ? -errno : plugin_ask(description, path, copy, report, &asked);
	if (r < 0)
		return r;
	plugin_free(asked);
	r = plugin_open(fd, description->driver, &findings, ret);
	if (findings.text)
		plugin_tell(description, path, findings.text, report);
	report_done(&findings);
	return r;
}

int plugin_load(const struct description *description, const char *path, int fd,
		struct report *report, const struct cuio_driver **ret)
{
	struct plugin *plugin;
	int r = load(description, path, fd, report, &plugin);

	/* The descriptor stays open, also on failure: the loader would take a file that gets the
	 * same number later for the same library. */
	if (r < 0)
		return r;
	plugin->fd = fd;
	*ret = &plugin->driver;
	return 0;
}

int plugin_file(const struct cuio_driver *driver)
{
	return ((const struct plugin *)(uintptr_t)driver)->fd;
}
