// SPDX-License-Identifier: GPL-2.0-or-later
// Saved memory in a memfd.
#include "base/saved.h"
#include "base/cleanup.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define SAVED_MAGIC "cuiosave"
#define SAVED_PAGE  4096U

size_t saved_area_size(size_t size)
{
	return (size + SAVED_PAGE - 1) / SAVED_PAGE * SAVED_PAGE;
}

static size_t whole_size(size_t areas)
{
	return saved_area_size(sizeof(struct saved_header)) + areas;
}

/* FNV-1a: enough to notice damage, which is all that is asked. */
static uint32_t checksum(const char *text, size_t size)
{
	uint32_t sum = 2166136261U;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ (uint8_t)text[i]) * 16777619U;
	return sum;
}

static int map(int fd, size_t size, struct saved **ret)
{
	auto_free struct saved *saved = calloc(1, sizeof(*saved));
	void *memory;

	if (!saved)
		return -ENOMEM;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	*saved = (struct saved){ .fd = fd,
				 .header = memory,
				 .size = size,
				 .used = saved_area_size(sizeof(struct saved_header)) };
	*ret = take_ptr(saved);
	return 0;
}

int saved_create(size_t areas, const char *identity, struct saved **ret)
{
	size_t size = whole_size(areas);
	auto_close int fd = -1;
	struct saved *saved;
	int r;

	if (strlen(identity) >= SAVED_IDENTITY_SIZE)
		return -ENAMETOOLONG;
	fd = memfd_create("cuio-saved", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || ftruncate(fd, (off_t)size) < 0)
		return -errno;
	/* Nobody may shorten it under a mapping that is in use. */
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) < 0)
		return -errno;
	r = map(fd, size, &saved);
	if (r < 0)
		return r;
	take_fd(&fd);
	memcpy(saved->header->magic, SAVED_MAGIC, sizeof(saved->header->magic));
	saved->header->layout = SAVED_LAYOUT;
	saved->header->size = size;
	strcpy(saved->header->identity, identity);
	saved->header->identity_checksum = checksum(saved->header->identity, SAVED_IDENTITY_SIZE);
	*ret = saved;
	return 0;
}

/* The first line in which the two differ, as "OLD became NEW". */
static char *difference(const char *old, const char *new)
{
	char *text = NULL;

	while (*old && *new) {
		size_t old_length = strcspn(old, "\n"), new_length = strcspn(new, "\n");

		if (old_length != new_length || strncmp(old, new, old_length) != 0) {
			if (asprintf(&text, "%.*s became %.*s", (int)old_length, old,
				     (int)new_length, new) < 0)
				return NULL;
			return text;
		}
		old += old_length + (old[old_length] == '\n');
		new += new_length + (new[new_length] == '\n');
	}
	return strdup(*old ? "fewer settings than before" : "more settings than before");
}

int saved_adopt(int fd, size_t areas, const char *identity, struct saved **ret,
		char **ret_difference)
{
	size_t size = whole_size(areas);
	struct saved *saved;
	struct stat status;
	int r;

	if (fstat(fd, &status) < 0 || (size_t)status.st_size < sizeof(struct saved_header)) {
		close(fd);
		return -EBADMSG;
	}
	r = map(fd, (size_t)status.st_size, &saved);
	if (r < 0) {
		close(fd);
		return r;
	}
	if (memcmp(saved->header->magic, SAVED_MAGIC, sizeof(saved->header->magic)) != 0 ||
	    saved->header->layout != SAVED_LAYOUT || saved->header->size != saved->size ||
	    saved->header->identity[SAVED_IDENTITY_SIZE - 1] != '\0' ||
	    saved->header->identity_checksum !=
		    checksum(saved->header->identity, SAVED_IDENTITY_SIZE)) {
		saved_free(saved);
		return -EBADMSG;
	}
	if (strcmp(saved->header->identity, identity) != 0) {
		*ret_difference = difference(saved->header->identity, identity);
		saved_free(saved);
		return -ESTALE;
	}
	if (saved->size != size) {
		saved_free(saved);
		return -EBADMSG;
	}
	*ret = saved;
	return 0;
}

void saved_free(struct saved *saved)
{
	if (!saved)
		return;
	munmap(saved->header, saved->size);
	close(saved->fd);
	free(saved);
}

void *saved_area(struct saved *saved, size_t size)
{
	void *area = (char *)saved->header + saved->used;

	saved->used += saved_area_size(size);
	assert(saved->used <= saved->size);
	return area;
}
