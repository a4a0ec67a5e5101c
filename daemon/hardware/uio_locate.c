/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the uio device of a card and what it maps. */
#include "base/cleanup.h"
#include "base/stored.h"
#include "hardware/card.h"
#include "hardware/uio_files.h"
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int check_bound(const struct uio_files *files, struct fds *fds, struct report *report)
{
	const struct hardware_spec *spec = files->spec;
	const char *name = spec->instance ? spec->instance : "NAME";

	if (strcmp(files->card.driver, PCI_CARD_USER_DRIVER) == 0)
		return 0;
	if (fds && fds_stored(fds, stored_name(STORED_UIO)))
		return uio_files_stale(files, fds, report);
	if (*files->card.driver)
		report_add(report, spec->file, spec->line,
			   "card pci:%s is owned by the kernel driver \"%s\"; `systemctl start "
			   "cuio-bind@%s` takes it over until it is stopped",
			   files->card.slot, files->card.driver, name);
	else
		report_add(report, spec->file, spec->line,
			   "card pci:%s is not bound to %s; `systemctl start cuio-bind@%s` does it",
			   files->card.slot, PCI_CARD_USER_DRIVER, name);
	return -EBUSY;
}

static int find_device(struct uio_files *files, struct report *report)
{
	cleanup(auto_closedir) DIR *dir = NULL;
	const struct dirent *entry;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/devices/%s/uio", pci_card_root(), files->card.slot);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "uio", 3) != 0)
			continue;
		snprintf(files->device, sizeof(files->device), "/dev/%.20s", entry->d_name);
		return 0;
	}
	report_add(report, files->spec->file, files->spec->line,
		   "card pci:%s is bound, but %s is not there: see `dmesg`", files->card.slot,
		   path);
	return -ENODEV;
}

/* Reads a number from a file of one of the uio device's maps; -errno if there is no such map. */
static int map_value(const struct uio_files *files, int map, const char *what, uint64_t *ret)
{
	auto_fclose FILE *file = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/devices/%s/uio/%s/maps/map%d/%s", pci_card_root(),
		 files->card.slot, files->device + strlen("/dev/"), map, what);
	file = fopen(path, "re");
	if (!file)
		return -ENOENT;
	return fscanf(file, "%" SCNx64, ret) == 1 ? 0 : -EINVAL;
}

/* The kernel numbers the maps without gaps, so map N need not be BAR N: compare addresses. */
static void find_maps(struct uio_files *files)
{
	for (unsigned bar = 0; bar < PCI_CARD_BARS; bar++) {
		files->map[bar] = UIO_NO_MAP;
		for (int map = 0; map < (int)PCI_CARD_BARS; map++) {
			uint64_t address, offset = 0;

			if (map_value(files, map, "addr", &address) < 0)
				break;
			(void)map_value(files, map, "offset", &offset);
			if (files->card.bars[bar].size && !files->card.bars[bar].ports &&
			    address + offset == files->card.bars[bar].start)
				files->map[bar] = map;
		}
	}
}

/*
 * The slot of the card whose /dev/uioN is in the store. A successor stays with that card even if
 * another one of its kind was added.
 */
static const char *slot_of(const struct fds *fds, char slot[static PCI_CARD_SLOT_SIZE])
{
	int fd = fds ? fds_peek(fds, stored_name(STORED_UIO)) : -1;
	char path[64], target[PATH_MAX];
	struct stat status;
	const char *name;
	ssize_t n;

	if (fd < 0 || fstat(fd, &status) < 0)
		return NULL;
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/device", major(status.st_rdev),
		 minor(status.st_rdev));
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return NULL;
	target[n] = '\0';
	name = strrchr(target, '/');
	snprintf(slot, PCI_CARD_SLOT_SIZE, "%.*s", (int)PCI_CARD_SLOT_SIZE - 1,
		 name ? name + 1 : target);
	return slot;
}

int uio_files_locate(const struct hardware_spec *spec, struct fds *fds, struct report *report,
		     struct uio_files *ret)
{
	struct uio_files files = { .spec = spec };
	char slot[PCI_CARD_SLOT_SIZE];
	int r;

	r = card_check_again(spec, slot_of(fds, slot), report, &files.card);
	if (r < 0)
		return r;
	r = check_bound(&files, fds, report);
	if (r < 0)
		return r;
	r = find_device(&files, report);
	if (r < 0)
		return r;
	find_maps(&files);
	*ret = files;
	return 0;
}

bool uio_files_mapped(const struct uio_files *files, const struct window_spec *window)
{
	return !window->write_combine && window->type == WINDOW_MEMORY &&
	       files->map[window->bar] != UIO_NO_MAP;
}

bool uio_files_wants_bar(const struct uio_files *files, const struct window_spec *window)
{
	return window->type != WINDOW_CONFIG && !uio_files_mapped(files, window);
}

bool uio_files_wants_config(const struct uio_files *files)
{
	const struct hardware_spec *spec = files->spec;
	bool wanted = spec->interrupt;

	for (size_t i = 0; i < spec->n_windows; i++)
		wanted = wanted || spec->windows[i].type == WINDOW_CONFIG;
	return wanted;
}
