// SPDX-License-Identifier: GPL-2.0-or-later
// Loads descriptions and instance files, and checks them without touching hardware.
#include "config/configuration.h"
#include "base/cleanup.h"
#include "base/config_path.h"
#include "base/handover_mark.h"
#include "base/log.h"
#include "base/stored.h"
#include "config/identity.h"
#include "config/kept_files.h"
#include "config/options.h"
#include "driver/table.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int get_driver(struct description *description, const struct instance *instance,
		      int (*get)(struct description *, struct report *,
				 const struct cuio_driver **),
		      struct report *report, const struct cuio_driver **ret)
{
	uint64_t options[CUIO_OPTIONS_MAX];
	const struct cuio_driver *driver;
	int r = get(description, report, &driver);
	bool loaded = r >= 0;

	if (loaded)
		r = options_read(driver, description->document,
				 instance ? instance->document : NULL, report, options);
	if (loaded && instance && instance_check_ioctl(instance, driver, report) < 0)
		r = -EINVAL;

	/* Runs even after an earlier error, so that the user sees all findings at once. */
	if (description_check_rest(description, report) < 0)
		r = -EINVAL;
	if (r < 0) {
		if (loaded)
			driver_unload(driver);
		return r;
	}
	*ret = driver;
	return 0;
}

int configuration_load_driver(struct description *description, const struct instance *instance,
			      struct report *report, const struct cuio_driver **ret)
{
	return get_driver(description, instance, driver_load, report, ret);
}

int configuration_ask_driver(struct description *description, const struct instance *instance,
			     struct report *report, const struct cuio_driver **ret)
{
	return get_driver(description, instance, driver_ask, report, ret);
}

int configuration_check_driver(struct description *description, const struct instance *instance,
			       struct report *report)
{
	const struct cuio_driver *driver;
	int r = configuration_ask_driver(description, instance, report, &driver);

	if (r >= 0)
		driver_unload(driver);
	return r;
}

static int check_description_file(const char *path, struct report *report)
{
	struct description *description;
	int r = description_load(path, report, &description);

	if (r < 0)
		return r;
	r = configuration_check_driver(description, NULL, report);
	description_free(description);
	return r;
}

static int check_instance_file(const char *path, struct report *report)
{
	auto_free char *name = config_path_stem(path, ".conf");
	struct instance *instance;
	int r;

	if (!name)
		return -ENOMEM;
	if (instance_check_name(name) < 0)
		return report_add(
			report, path, 0,
			"an instance file is called NAME.conf, NAME of " INSTANCE_NAME_RULE
			"; a description NAME.device");
	r = instance_load(name, path, report, &instance);
	if (r < 0)
		return r;
	r = configuration_check_driver(instance->description, instance, report);
	instance_free(instance);
	return r;
}

static bool is_description(const char *path)
{
	size_t length = strlen(path);

	return length > 7 && strcmp(path + length - 7, ".device") == 0;
}

int configuration_check(char **paths)
{
	int result = 0;

	for (; *paths; paths++) {
		struct report report = { 0 };
		int r = is_description(*paths) ? check_description_file(*paths, &report)
					       : check_instance_file(*paths, &report);

		if (r < 0) {
			result = -EINVAL;
			if (report.count == 0)
				report_add(&report, *paths, 0, "%s", strerror(-r));
			fputs(report.text, stderr);
		} else {
			printf("%s: good\n", *paths);
		}
		if (report.warnings)
			fprintf(stderr, "%s", report.warnings);
		report_done(&report);
	}
	return result;
}

/* --- at the start of the service -------------------------------------------------------------- */

static int load_files(const char *name, const char *path, const struct kept_files *kept,
		      struct instance **ret, const struct cuio_driver **ret_driver)
{
	struct report report = { 0 };
	struct instance *instance = NULL;
	int r = kept ? instance_load_kept(name, kept, &report, &instance)
		     : instance_load(name, path, &report, &instance);

	if (r >= 0)
		r = configuration_load_driver(instance->description, instance, &report, ret_driver);
	if (r < 0 && report.count == 0)
		report_add(&report, path, 0, "%s: %s", name, strerror(-r));
	log_lines(LOG_WARNING, report.warnings);
	log_lines(LOG_ERR, report.text);
	report_done(&report);
	if (r < 0)
		instance_free(instance);
	else
		*ret = instance;
	return r;
}

static int load_kept(const char *name, struct fds *fds, struct instance **ret,
		     const struct cuio_driver **ret_driver)
{
	struct kept_files kept;
	int r = kept_files_read(fds_peek(fds, stored_name(STORED_FILES)), &kept);

	if (r < 0)
		return r;
	kept.plugin_fd = fds_peek(fds, stored_name(STORED_PLUGIN));
	r = load_files(name, NULL, &kept, ret, ret_driver);
	kept_files_done(&kept);
	return r;
}

/* The line in which the files differ from what the helper has handed over; NULL if none does. To be
 * freed. */
static char *handover_difference(const struct instance *instance, const struct cuio_driver *driver)
{
	auto_free char *asked = identity_make(instance, driver, instance->card), *mark = NULL;

	if (!asked || handover_mark_read(&mark) != HANDOVER_COMPLETE)
		return NULL;
	identity_cut_slot(mark);
	return identity_difference(mark, asked);
}

static void unload(struct instance *instance, const struct cuio_driver *driver)
{
	driver_unload(driver);
	instance_free(instance);
}

/*
 * Replaces valid files by the kept ones if the valid files need a new node. Only the helper makes a
 * new node: not after a crash, because programs would lose the node that they hold, and not if its
 * checks found that the new node cannot be made.
 */
static void prefer_kept(const char *name, struct fds *fds, struct instance **instance,
			const struct cuio_driver **driver)
{
	auto_free char *difference = handover_difference(*instance, *driver), *another = NULL;
	struct instance *kept;
	const struct cuio_driver *kept_driver;

	if (!difference || load_kept(name, fds, &kept, &kept_driver) < 0)
		return;
	another = handover_difference(kept, kept_driver);
	if (another) { /* cuiod has changed, not the files */
		unload(kept, kept_driver);
		return;
	}
	log_warning(
		"%s: change needs a new node; deferred until \"systemctl restart\", which applies "
		"it or says why not; going on with the files as they were before",
		difference);
	unload(*instance, *driver);
	*instance = kept;
	*driver = kept_driver;
}

int configuration_load(const char *name, const char *path, struct fds *fds, struct instance **ret,
		       const struct cuio_driver **ret_driver)
{
	bool kept = fds_have_saved_memory(fds) && fds_has(fds, stored_name(STORED_FILES));
	int r = load_files(name, path, NULL, ret, ret_driver);

	if (r >= 0 && kept)
		prefer_kept(name, fds, ret, ret_driver);
	if (r >= 0 || !kept)
		return r;
	/* A mistake in a file must not cost programs the node that they hold. */
	r = load_kept(name, fds, ret, ret_driver);
	if (r >= 0)
		log_error("going on with the files as they were before; fix them, check them "
			  "with \"cuiod --check\", and restart");
	return r;
}

static bool is_kept(const struct instance *instance, const struct fds *fds)
{
	struct kept_files kept;
	bool same;

	if (!fds_has(fds, stored_name(STORED_FILES)) ||
	    kept_files_read(fds_peek(fds, stored_name(STORED_FILES)), &kept) < 0)
		return false;
	same = kept_files_match(&kept, instance);
	kept_files_done(&kept);
	return same;
}

static bool is_same_file(int one, int other)
{
	struct stat status, other_status;

	return one >= 0 && other >= 0 && fstat(one, &status) == 0 &&
	       fstat(other, &other_status) == 0 && status.st_dev == other_status.st_dev &&
	       status.st_ino == other_status.st_ino;
}

/* The file itself, which is there also when another has its name. */
static int keep_plugin(const struct cuio_driver *driver, struct fds *fds)
{
	const char *name = stored_name(STORED_PLUGIN);
	int fd = driver_file(driver);

	if (fd < 0)
		return fds_stored(fds, name) ? fds_remove(fds, name) : 0;
	return is_same_file(fds_peek(fds, name), fd) ? 0 : fds_store(fds, name, fd);
}

int configuration_keep(const struct instance *instance, const struct cuio_driver *driver,
		       struct fds *fds)
{
	int fd, r;

	if (!fds_supervised())
		return 0;
	r = keep_plugin(driver, fds);
	/* Files from the store (which have no text), and files equal to them, are kept already. */
	if (r < 0 || !instance->document->text || is_kept(instance, fds))
		return r;
	r = kept_files_write(instance, &fd);
	if (r < 0)
		return r;
	r = fds_store(fds, stored_name(STORED_FILES), fd);
	close(fd);
	return r;
}
