/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a daemon has left in saved memory, to be changed and given to another. As text it has lines
 * "OFFSET BYTES", both hexadecimal, for what is not zero.
 */
#ifndef TESTS_IMAGE_H
#define TESTS_IMAGE_H

#include "base/saved.h"
#include <check.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMAGE_PAGE 4096U

struct image {
	uint8_t *bytes;
	size_t size;
};

static inline void image_take(struct image *image, int fd)
{
	struct stat status;

	ck_assert_int_eq(fstat(fd, &status), 0);
	image->size = (size_t)status.st_size;
	image->bytes = malloc(image->size);
	ck_assert_int_eq(pread(fd, image->bytes, image->size, 0), status.st_size);
}

static inline void image_done(struct image *image)
{
	free(image->bytes);
	image->bytes = NULL;
}

static inline void *image_at(struct image *image, size_t offset)
{
	ck_assert_uint_lt(offset, image->size);
	return image->bytes + offset;
}

/* Memory with these bytes, as the store would hand it over; what is zero takes no room. */
static inline int image_memory(const struct image *image)
{
	static const uint8_t zeros[IMAGE_PAGE];
	int fd = memfd_create("image", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, (off_t)image->size), 0);
	for (size_t at = 0; at < image->size; at += IMAGE_PAGE) {
		size_t size = image->size - at < IMAGE_PAGE ? image->size - at : IMAGE_PAGE;

		if (memcmp(image->bytes + at, zeros, size) != 0)
			ck_assert_int_eq(pwrite(fd, image->bytes + at, size, (off_t)at),
					 (ssize_t)size);
	}
	ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
	return fd;
}

#endif
