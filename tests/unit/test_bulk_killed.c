// SPDX-License-Identifier: GPL-2.0-or-later
// A daemon that dies while it moves bytes in bulk: what is done again, and what is given up.
#include "driver/table.h"
#include "kernel.h"
#include "suite.h"
#include <errno.h>
#include <sys/mman.h>

#define WINDOW_SIZE 12 /* of kernel.h's description: the end of its last register */

static unsigned *deaths; /* still to die, after the bytes were moved; shared with the daemons */
static struct kernel *kernel;
static uint64_t file;

static void die_perhaps(void)
{
	if (!*deaths)
		return;
	--*deaths;
	raise(SIGKILL);
}

static ssize_t read_and_die(struct cuio_file *open_file, struct cuio_request *request, void *data,
			    size_t size)
{
	ssize_t moved = ivshmem_driver.read(open_file, request, data, size);

	die_perhaps();
	return moved;
}

static ssize_t write_and_die(struct cuio_file *open_file, struct cuio_request *request,
			     const void *data, size_t size)
{
	ssize_t moved = ivshmem_driver.write(open_file, request, data, size);

	die_perhaps();
	return moved;
}

/* The ivshmem driver on kernel.h's window. */
static void start(unsigned restartable)
{
	static const char *const windows[] = { "w" };
	static struct cuio_driver driver;

	driver = ivshmem_driver;
	driver.windows = windows;
	driver.restartable = restartable;
	driver.read = read_and_die;
	driver.write = write_and_die;
	deaths = mmap(NULL, sizeof(*deaths), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	ck_assert_ptr_ne(deaths, MAP_FAILED);
	kernel = kernel_new(&driver);
	file = kernel_open(kernel, O_RDWR);
}

static void end(void)
{
	kernel_free(kernel);
	munmap(deaths, sizeof(*deaths));
}

/* The answer to a request in which `n` daemons die: its error. */
static int answer_after(unsigned n, uint64_t unique)
{
	for (unsigned i = 0; i < n; i++)
		kernel_next_daemon(kernel);
	ck_assert_uint_eq(*deaths, 0);
	return kernel_answer(kernel, unique);
}

static int write_through(unsigned n, const char *bytes)
{
	*deaths = n;
	return answer_after(n, kernel_send_write(kernel, file, bytes, 4, O_RDWR));
}

static uint32_t written(void)
{
	return ((struct fuse_write_out *)(void *)kernel->payload)->size;
}

static int read_through(unsigned n, uint64_t which)
{
	*deaths = n;
	return answer_after(n, kernel_send_read(kernel, which, 8, O_RDWR));
}

START_TEST(a_write_is_done_again_at_the_same_place)
{
	uint64_t reader;

	start(ivshmem_driver.restartable);
	for (unsigned n = 0; n <= 2; n++) {
		ck_assert_int_eq(write_through(n, "abcd"), 0);
		ck_assert_uint_eq(written(), 4);
	}
	ck_assert_int_eq(write_through(0, "full"), -ENOSPC);
	/* The memory of kernel.h's card dies with its daemon: what was written last is there. */
	reader = kernel_open(kernel, O_RDWR);
	ck_assert_int_eq(read_through(0, reader), 0);
	ck_assert_uint_eq(kernel->payload_size, 8);
	ck_assert_int_eq(read_through(0, reader), 0);
	ck_assert_uint_eq(kernel->payload_size, WINDOW_SIZE - 8);
	ck_assert_mem_eq(kernel->payload, "abcd", 4);
	end();
}
END_TEST

START_TEST(a_read_is_done_again_from_the_same_place)
{
	start(ivshmem_driver.restartable);
	ck_assert_int_eq(read_through(2, file), 0);
	ck_assert_uint_eq(kernel->payload_size, 8);
	ck_assert_int_eq(read_through(1, file), 0);
	ck_assert_uint_eq(kernel->payload_size, WINDOW_SIZE - 8);
	ck_assert_int_eq(read_through(0, file), 0);
	ck_assert_uint_eq(kernel->payload_size, 0);
	end();
}
END_TEST

START_TEST(a_write_that_must_not_be_done_again_is_given_up_and_moves_nothing)
{
	start(0);
	ck_assert_int_eq(write_through(1, "lost"), -EIO);
	for (unsigned i = 0; i < WINDOW_SIZE / 4; i++)
		ck_assert_int_eq(write_through(0, "abcd"), 0);
	ck_assert_int_eq(write_through(0, "full"), -ENOSPC);
	end();
}
END_TEST

START_TEST(a_read_has_touched_nothing)
{
	start(0);
	ck_assert_int_eq(read_through(1, file), 0);
	ck_assert_uint_eq(kernel->payload_size, 8);
	end();
}
END_TEST

START_TEST(a_write_in_which_all_die_is_given_up)
{
	start(ivshmem_driver.restartable);
	ck_assert_int_eq(write_through(3, "oops"), -EIO);
	ck_assert_int_eq(write_through(0, "abcd"), 0);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bulk_killed");
	TCase *cases = tcase_create("bulk_killed");

	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, a_write_is_done_again_at_the_same_place);
	tcase_add_test(cases, a_read_is_done_again_from_the_same_place);
	tcase_add_test(cases, a_write_that_must_not_be_done_again_is_given_up_and_moves_nothing);
	tcase_add_test(cases, a_read_has_touched_nothing);
	tcase_add_test(cases, a_write_in_which_all_die_is_given_up);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
