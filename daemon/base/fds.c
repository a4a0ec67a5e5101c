/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named descriptors and systemd's store (sd_pid_notify_with_fds(3)). Every descriptor is stored
 * with FDPOLL=0: otherwise systemd would wake up for each request on a channel, and remove sysfs
 * files.
 */
#include "base/fds.h"
#include "base/cleanup.h"
#include "base/stored.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#define LISTEN_FDS_START SD_LISTEN_FDS_START
#define BARRIER_TIMEOUT	 (5U * 1000000U) /* microseconds */

struct fds_entry {
	char *name;
	int fd; /* kept after it was taken, for is_same() */
	bool taken;
	bool stored;
	dev_t device; /* identify the file, because a descriptor's number may be reused */
	ino_t inode;
};

struct fds {
	struct fds_entry *entries;
	size_t n_entries;
};

static struct fds_entry *find(const struct fds *fds, const char *name)
{
	for (size_t i = 0; i < fds->n_entries; i++) {
		if (strcmp(fds->entries[i].name, name) == 0)
			return &fds->entries[i];
	}
	return NULL;
}

static struct fds_entry *find_or_add(struct fds *fds, const char *name)
{
	struct fds_entry *entry = find(fds, name);
	struct fds_entry *entries;

	if (entry)
		return entry;
	entries = realloc(fds->entries, (fds->n_entries + 1) * sizeof(*entries));
	if (!entries)
		return NULL;
	fds->entries = entries;
	entry = &entries[fds->n_entries];
	*entry = (struct fds_entry){ .name = strdup(name), .fd = -1, .taken = true };
	if (!entry->name)
		return NULL;
	fds->n_entries++;
	return entry;
}

static void entry_set(struct fds_entry *entry, int fd, bool taken)
{
	struct stat status = { 0 };

	if (fstat(fd, &status) < 0)
		status.st_ino = 0;
	entry->fd = fd;
	entry->taken = taken;
	entry->stored = true;
	entry->device = status.st_dev;
	entry->inode = status.st_ino;
}

int fds_new(struct fds **ret)
{
	struct fds *fds = calloc(1, sizeof(*fds));

	if (!fds)
		return -ENOMEM;
	*ret = fds;
	return 0;
}

void fds_free(struct fds *fds)
{
	if (!fds)
		return;
	for (size_t i = 0; i < fds->n_entries; i++) {
		if (!fds->entries[i].taken)
			close(fds->entries[i].fd);
		free(fds->entries[i].name);
	}
	free(fds->entries);
	free(fds);
}

static void cleanup_fds(struct fds **fds)
{
	fds_free(*fds);
}

static void cleanup_names(char ***names)
{
	for (char **name = *names; name && *name; name++)
		free(*name);
	free(*names);
}

/* The store may hold a name twice, after a crash while it was replaced: the later one is valid. */
int fds_add(struct fds *fds, const char *name, int fd)
{
	struct fds_entry *entry = find_or_add(fds, name);

	if (!entry) {
		close(fd);
		return -ENOMEM;
	}
	if (!entry->taken)
		close(entry->fd);
	entry_set(entry, fd, false);
	return 0;
}

int fds_inherit(struct fds **ret)
{
	cleanup(cleanup_fds) struct fds *fds = NULL;
	cleanup(cleanup_names) char **names = NULL;
	int n, r = fds_new(&fds);

	if (r < 0)
		return r;
	n = sd_listen_fds_with_names(true, &names);
	if (n < 0)
		return n;
	for (int i = 0; i < n; i++) {
		r = fds_add(fds, names[i], LISTEN_FDS_START + i);
		if (r < 0)
			return r;
	}
	*ret = take_ptr(fds);
	return 0;
}

int fds_take(struct fds *fds, const char *name)
{
	struct fds_entry *entry = find(fds, name);

	if (!entry || entry->taken)
		return -1;
	entry->taken = true;
	return entry->fd;
}

int fds_peek(const struct fds *fds, const char *name)
{
	const struct fds_entry *entry = find(fds, name);

	return entry && !entry->taken ? entry->fd : -1;
}

bool fds_has(const struct fds *fds, const char *name)
{
	const struct fds_entry *entry = find(fds, name);

	return entry && !entry->taken;
}

bool fds_stored(const struct fds *fds, const char *name)
{
	const struct fds_entry *entry = find(fds, name);

	return entry && entry->stored;
}

size_t fds_count(const struct fds *fds)
{
	size_t n = 0;

	for (size_t i = 0; i < fds->n_entries; i++)
		n += !fds->entries[i].taken;
	return n;
}

bool fds_have_saved_memory(const struct fds *fds)
{
	return fds_has(fds, stored_name(STORED_SAVED)) ||
	       fds_has(fds, stored_name(STORED_SAVED_ALT));
}

bool fds_supervised(void)
{
	const char *socket = getenv("NOTIFY_SOCKET");

	return socket && *socket;
}

/* Returns only when systemd has processed the message. */
static int systemd_send(const char *state, const int *fds, unsigned n_fds)
{
	int r = sd_pid_notify_with_fds(0, 0, state, fds, n_fds);

	if (r < 0)
		return r;
	r = sd_notify_barrier(0, BARRIER_TIMEOUT);
	return r < 0 ? r : 0;
}

static bool name_valid(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < length; i++) {
		if (name[i] <= ' ' || name[i] > '~' || name[i] == ':')
			return false;
	}
	return length > 0 && length < 64;
}

static bool is_same(const struct fds_entry *entry, int fd)
{
	struct stat status;

	return entry->stored && entry->taken && entry->fd == fd && fstat(fd, &status) == 0 &&
	       status.st_dev == entry->device && status.st_ino == entry->inode;
}

int fds_store(struct fds *fds, const char *name, int fd)
{
	struct fds_entry *entry;
	char state[128];
	int r;

	if (!stored_is_known(name))
		return -EINVAL;
	if (!fds_supervised())
		return 0;
	entry = find(fds, name);
	if (entry && is_same(entry, fd))
		return 0;
	if (entry && entry->stored) {
		r = fds_remove(fds, name);
		if (r < 0)
			return r;
	}
	snprintf(state, sizeof(state), "FDSTORE=1\nFDNAME=%s\nFDPOLL=0", name);
	r = systemd_send(state, &fd, 1);
	if (r < 0)
		return r;
	entry = find_or_add(fds, name);
	if (!entry)
		return -ENOMEM;
	entry_set(entry, fd, true);
	return 0;
}

int fds_remove(struct fds *fds, const char *name)
{
	struct fds_entry *entry = find(fds, name);
	char state[128];

	if (!name_valid(name))
		return -EINVAL;
	if (entry) {
		entry->stored = false;
		if (!entry->taken)
			close(entry->fd);
		entry->taken = true;
	}
	if (!fds_supervised())
		return 0;
	snprintf(state, sizeof(state), "FDSTOREREMOVE=1\nFDNAME=%s", name);
	return systemd_send(state, NULL, 0);
}

int fds_remove_all(struct fds *fds)
{
	int result = 0;

	for (size_t i = 0; i < fds->n_entries; i++) {
		int r = fds->entries[i].stored ? fds_remove(fds, fds->entries[i].name) : 0;

		if (r < 0 && result == 0)
			result = r;
	}
	return result;
}

int fds_forget_all(void)
{
	char state[128];
	int r;

	if (!fds_supervised())
		return 0;
	for (unsigned i = 0; i < N_STORED; i++) {
		snprintf(state, sizeof(state), "FDSTOREREMOVE=1\nFDNAME=%s", stored_name(i));
		r = sd_pid_notify_with_fds(0, 0, state, NULL, 0);
		if (r < 0)
			return r;
	}
	r = sd_notify_barrier(0, BARRIER_TIMEOUT);
	return r < 0 ? r : 0;
}
