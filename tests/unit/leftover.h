/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a daemon leaves when it is killed in the middle of its work, for tests of who comes after:
 * the mailbox is full, two programs wait to write (one of them much), one sleeps in poll, and two
 * requests have come that nobody has looked at.
 */
#ifndef TESTS_LEFTOVER_H
#define TESTS_LEFTOVER_H

#include "kernel.h"
#include "mailbox.h"
#include <cuio/ioctl.h>

#define LEFTOVER_LARGE	4000U /* bytes: more than a slot holds */
#define LEFTOVER_HANDLE 77U

struct leftover {
	uint64_t file, sleeping, control;
	uint64_t small_write, large_write;
};

static inline void leftover_await_parked(struct kernel *kernel, uint64_t control, unsigned parked)
{
	struct cuio_info info;
	uint8_t *data;

	do {
		uint64_t unique =
			kernel_send_ioctl(kernel, control, CUIO_IOCTL_INFO, NULL, 0, sizeof(info));

		ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
		memcpy(&info, data, sizeof(info));
	} while (info.parked != parked);
}

static inline uint64_t leftover_write(struct kernel *kernel, uint64_t file, uint32_t value,
				      uint32_t size)
{
	uint8_t data[LEFTOVER_LARGE] = { 0 };

	memcpy(data, &value, sizeof(value));
	return kernel_send_write(kernel, file, data, size, O_RDWR);
}

static inline void leftover_make(struct kernel *kernel, struct leftover *leftover)
{
	leftover->control = kernel_open(kernel, O_ACCMODE);
	leftover->file = kernel_open(kernel, O_RDWR);
	leftover->sleeping = kernel_open(kernel, O_RDWR);
	ck_assert_int_eq(kernel_answer(kernel, leftover_write(kernel, leftover->file, 1, 4)), 0);
	leftover->small_write = leftover_write(kernel, leftover->file, 2, 4);
	leftover->large_write = leftover_write(kernel, leftover->file, 3, LEFTOVER_LARGE);
	leftover_await_parked(kernel, leftover->control, 2);
	kernel_poll(kernel, leftover->sleeping, LEFTOVER_HANDLE, CUIO_READY_OUT);
}

static inline void leftover_read(struct kernel *kernel, uint64_t file, uint32_t expected)
{
	uint64_t unique = kernel_send_read(kernel, file, 4, O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	ck_assert_uint_eq(kernel->payload_size, 4);
	ck_assert_mem_eq(kernel->payload, &expected, 4);
}

/* The sleeper is woken at once, by a notification; then each number comes in its turn. */
static inline void leftover_check(struct kernel *kernel, const struct leftover *leftover)
{
	uint64_t handle;

	kernel_receive(kernel);
	ck_assert_uint_eq(kernel->header.unique, 0);
	memcpy(&handle, kernel->payload, sizeof(handle));
	ck_assert_uint_eq(handle, LEFTOVER_HANDLE);
	leftover_read(kernel, leftover->file, 1);
	ck_assert_int_eq(kernel_answer(kernel, leftover->small_write), 0);
	leftover_read(kernel, leftover->file, 2);
	ck_assert_int_eq(kernel_answer(kernel, leftover->large_write), 0);
	leftover_read(kernel, leftover->file, 3);
	leftover_await_parked(kernel, leftover->control, 0);
}

#endif
