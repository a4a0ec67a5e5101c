// SPDX-License-Identifier: GPL-2.0-or-later
// Files kept in a memfd: a header with all sizes, then path and text of each file.
#include "config/kept_files.h"
#include "base/cleanup.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>

struct kept_header {
	char magic[8];
	uint32_t path_size[2]; /* with the NUL */
	uint32_t text_size[2];
};

/* Nobody can change the files, or cut them off under who reads them. */
#define SEALS	      (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)
#define KEPT_SIZE_MAX (sizeof(struct kept_header) + 2 * (DOCUMENT_SIZE_MAX + (size_t)PATH_MAX))

static const char magic[] = "cuiofile"; /* kept without its NUL */

int kept_files_write(const struct instance *instance, int *ret_fd)
{
	const struct document *documents[2] = { instance->document,
						instance->description->document };
	auto_close int fd = memfd_create("cuio-files", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct kept_header header;
	struct iovec parts[5] = { { &header, sizeof(header) } };
	ssize_t size = sizeof(header);

	if (fd < 0)
		return -errno;
	memcpy(header.magic, magic, sizeof(header.magic));
	for (unsigned i = 0; i < 2; i++) {
		header.path_size[i] = (uint32_t)strlen(documents[i]->path) + 1;
		header.text_size[i] = (uint32_t)documents[i]->size;
		parts[1 + 2 * i] = (struct iovec){ documents[i]->path, header.path_size[i] };
		parts[2 + 2 * i] = (struct iovec){ documents[i]->text, header.text_size[i] };
		size += header.path_size[i] + header.text_size[i];
	}
	if (writev(fd, parts, 5) != size)
		return errno ? -errno : -EIO;
	if (fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return -errno;
	*ret_fd = take_fd(&fd);
	return 0;
}

/* Takes `size` bytes from *rest; NULL if fewer are left. */
static const char *take(const char **rest, size_t *left, size_t size)
{
	const char *taken = *rest;

	if (size > *left)
		return NULL;
	*rest += size;
	*left -= size;
	return taken;
}

static int parse(struct kept_files *files)
{
	struct kept_file *file[2] = { &files->instance, &files->description };
	const char *rest = files->memory;
	size_t left = files->size;
	const struct kept_header *header = (const void *)take(&rest, &left, sizeof(*header));

	if (!header || memcmp(header->magic, magic, sizeof(header->magic)) != 0)
		return -EBADMSG;
	for (unsigned i = 0; i < 2; i++) {
		file[i]->path = take(&rest, &left, header->path_size[i]);
		file[i]->text = take(&rest, &left, header->text_size[i]);
		file[i]->size = header->text_size[i];
		if (!file[i]->path || !file[i]->text || !header->path_size[i] ||
		    file[i]->path[header->path_size[i] - 1] != '\0')
			return -EBADMSG;
	}
	return 0;
}

int kept_files_read(int fd, struct kept_files *ret)
{
	struct kept_files files = { .plugin_fd = -1 };
	struct stat status;
	int seals = fcntl(fd, F_GET_SEALS), r;

	if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &status) < 0 ||
	    status.st_size <= 0 || (size_t)status.st_size > KEPT_SIZE_MAX)
		return -EBADMSG;
	files.size = (size_t)status.st_size;
	files.memory = mmap(NULL, files.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (files.memory == MAP_FAILED)
		return -errno;
	r = parse(&files);
	if (r < 0) {
		kept_files_done(&files);
		return r;
	}
	*ret = files;
	return 0;
}

void kept_files_done(struct kept_files *files)
{
	if (files->memory)
		munmap(files->memory, files->size);
	*files = (struct kept_files){ 0 };
}

static bool is_same(const struct kept_file *file, const struct document *document)
{
	return strcmp(file->path, document->path) == 0 && file->size == document->size &&
	       memcmp(file->text, document->text, file->size) == 0;
}

bool kept_files_match(const struct kept_files *files, const struct instance *instance)
{
	return is_same(&files->instance, instance->document) &&
	       is_same(&files->description, instance->description->document);
}
