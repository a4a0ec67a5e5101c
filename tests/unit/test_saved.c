// SPDX-License-Identifier: GPL-2.0-or-later
// Saved memory as a successor finds it: its own, an older one's, a newer one's, somebody else's.
#include "base/cleanup.h"
#include "base/saved.h"
#include "suite.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define IDENTITY "card=a\nnode=b\n"

/* Three records of a head and four bytes of state; and one more area if there is a head for it. */
static void plan(struct saved_plan *plan, size_t head, size_t state, size_t other_head)
{
	saved_plan_init(plan);
	saved_plan_add(plan, "records", 3, head, state);
	if (other_head)
		saved_plan_add(plan, "other", 1, other_head, 0);
}

static struct saved *made(const struct saved_plan *plan)
{
	struct saved *saved;

	ck_assert_int_eq(saved_create(plan, IDENTITY, &saved), 0);
	return saved;
}

static int adopt(const struct saved *left, const struct saved_plan *plan, struct saved **ret)
{
	auto_free char *found = NULL;
	int r = saved_adopt(dup(left->fd), plan, IDENTITY, ret, &found);

	ck_assert_ptr_null(found);
	return r;
}

static void is_refused(int fd)
{
	struct saved_plan wanted;
	struct saved *saved;
	char *found = NULL;

	plan(&wanted, 8, 4, 8);
	ck_assert_int_eq(saved_adopt(fd, &wanted, IDENTITY, &saved, &found), -EBADMSG);
	ck_assert_ptr_null(found);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1); /* closed */
}

START_TEST(ones_own_is_taken_as_it_is)
{
	struct saved_plan wanted;
	struct saved *first, *second;

	plan(&wanted, 8, 4, 8);
	first = made(&wanted);
	memcpy(saved_area(first, "other"), "12345678", 8);
	ck_assert_int_eq(adopt(first, &wanted, &second), 0);
	ck_assert(!second->moved);
	ck_assert_mem_eq(saved_area(second, "other"), "12345678", 8);
	ck_assert_uint_eq(saved_head_before(second, "other"), 8);
	saved_free(first);
	saved_free(second);
}
END_TEST

START_TEST(an_older_ones_is_moved)
{
	struct saved_plan older, newer;
	struct saved *first, *second;
	const char *records;

	plan(&older, 8, 4, 0);
	plan(&newer, 16, 4, 8);
	first = made(&older);
	first->header->generation = 5;
	memcpy(saved_area(first, "records"), "head-one1...head-two2...head-3333...", 36);
	ck_assert_int_eq(adopt(first, &newer, &second), 0);
	ck_assert(second->moved);
	ck_assert_uint_eq(second->header->generation, 5);
	ck_assert_uint_eq(saved_head_before(second, "records"), 8);
	ck_assert_uint_eq(saved_head_before(second, "other"), 0);
	records = saved_area(second, "records");
	ck_assert_mem_eq(records, "head-one\0\0\0\0\0\0\0\0001...", 20);
	ck_assert_mem_eq(records + 40, "head-333\0\0\0\0\0\0\0\0003...", 20);
	saved_free(first);
	saved_free(second);
}
END_TEST

START_TEST(an_area_is_aligned_by_a_byte_inside_and_moved_there)
{
	struct saved_plan before, aligned;
	struct saved *old, *new;

	saved_plan_init(&before);
	saved_plan_add(&before, "one", 1, 8, 0);
	saved_plan_add(&before, "two", 1, 8192, 0);
	saved_plan_add(&before, "three", 1, 8, 0);
	saved_plan_init(&aligned);
	saved_plan_add(&aligned, "one", 1, 8, 0);
	saved_plan_align(&aligned, 80);
	saved_plan_add(&aligned, "two", 1, 8192, 0);
	saved_plan_add(&aligned, "three", 1, 8, 0);

	old = made(&before);
	memset(saved_area(old, "two"), 'x', 8192);
	ck_assert_int_eq(adopt(old, &aligned, &new), 0);
	ck_assert(new->moved);
	ck_assert_uint_eq(((uintptr_t)saved_area(new, "two") + 80) % 4096, 0);
	ck_assert_uint_eq((uintptr_t)saved_area(new, "three") % 4096, 0);
	ck_assert_mem_eq(saved_area(new, "two"), saved_area(old, "two"), 8192);
	ck_assert_int_eq(*(uint8_t *)saved_area(new, "three"), 0);
	saved_free(old);
	saved_free(new);
}
END_TEST

START_TEST(what_is_not_known_here_is_refused)
{
	struct saved_plan newer, wanted;
	struct saved *first, *second;

	plan(&newer, 16, 4, 8);
	first = made(&newer);
	plan(&wanted, 8, 4, 8); /* a field */
	ck_assert_int_eq(adopt(first, &wanted, &second), -EBADMSG);
	plan(&wanted, 16, 4, 0); /* an area */
	ck_assert_int_eq(adopt(first, &wanted, &second), -EBADMSG);
	plan(&wanted, 16, 8, 8); /* another driver's state */
	ck_assert_int_eq(adopt(first, &wanted, &second), -EBADMSG);
	first->header->layout = SAVED_LAYOUT + 1;
	ck_assert_int_eq(adopt(first, &newer, &second), -EBADMSG);
	saved_free(first);
}
END_TEST

START_TEST(made_for_something_else_is_told)
{
	struct saved_plan wanted;
	struct saved *first, *second;
	auto_free char *found = NULL;

	plan(&wanted, 8, 4, 8);
	first = made(&wanted);
	ck_assert_int_eq(saved_adopt(dup(first->fd), &wanted, "card=a\nnode=c\n", &second, &found),
			 -ESTALE);
	ck_assert_str_eq(found, IDENTITY);
	saved_free(first);
}
END_TEST

START_TEST(a_text_without_end_gets_one)
{
	struct saved_plan wanted;
	struct saved *first, *second;

	plan(&wanted, 8, 4, 8);
	first = made(&wanted);
	memset(first->header->last_crash_cause, 'x', sizeof(first->header->last_crash_cause));
	ck_assert_int_eq(adopt(first, &wanted, &second), 0);
	ck_assert_uint_eq(strlen(second->header->last_crash_cause),
			  sizeof(second->header->last_crash_cause) - 1);
	saved_free(first);
	saved_free(second);
}
END_TEST

static int memory(size_t size, unsigned seals)
{
	int fd = memfd_create("foreign", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ck_assert_int_eq(ftruncate(fd, (off_t)size), 0);
	if (seals)
		ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

START_TEST(what_is_no_saved_memory_is_refused)
{
	int pipe_fds[2];

	ck_assert_int_eq(pipe2(pipe_fds, O_CLOEXEC), 0);
	is_refused(pipe_fds[0]);
	close(pipe_fds[1]);
	is_refused(open("/dev/null", O_RDWR | O_CLOEXEC));
	is_refused(open("/", O_RDONLY | O_CLOEXEC));
	is_refused(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
	is_refused(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	is_refused(memory(0, F_SEAL_SHRINK | F_SEAL_GROW));
	is_refused(memory(100, F_SEAL_SHRINK | F_SEAL_GROW));
	is_refused(memory(1 << 20, F_SEAL_SHRINK | F_SEAL_GROW));
	is_refused(memory((size_t)1 << 33, F_SEAL_SHRINK | F_SEAL_GROW));
}
END_TEST

/* Whatever its end says: at worst nothing of it is there. */
START_TEST(cut_short_it_is_refused)
{
	struct saved_plan wanted;
	struct saved *whole;

	plan(&wanted, 8, 4, 8);
	whole = made(&wanted);
	for (size_t size = 0; size < whole->size; size += 1000) {
		int fd = memory(size, 0);

		ck_assert_int_eq(pwrite(fd, whole->header, size, 0), (ssize_t)size);
		ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
		is_refused(fd);
	}
	saved_free(whole);
}
END_TEST

/* It could become shorter while it is mapped, which would be the end of us. */
START_TEST(what_may_be_cut_short_is_refused)
{
	struct saved_plan wanted;
	struct saved *whole;
	int fd;

	plan(&wanted, 8, 4, 8);
	whole = made(&wanted);
	fd = memory(whole->size, 0);
	ck_assert_int_eq(pwrite(fd, whole->header, whole->size, 0), (ssize_t)whole->size);
	is_refused(fd);
	saved_free(whole);
}
END_TEST

/* An area table that points outside, with a sum that fits. */
START_TEST(areas_end_within_the_memory)
{
	struct saved_plan older, wanted;
	struct saved *left, *second;

	plan(&older, 8, 4, 8);
	older.areas[0].offset = 1 << 30;
	left = made(&older);
	plan(&wanted, 16, 4, 8);
	ck_assert_int_eq(adopt(left, &wanted, &second), -EBADMSG);
	saved_free(left);
	plan(&older, 8, 4, 8);
	older.areas[1].offset = UINT64_MAX - 4;
	left = made(&older);
	ck_assert_int_eq(adopt(left, &wanted, &second), -EBADMSG);
	saved_free(left);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("saved memory");
	TCase *tests = tcase_create("saved");

	tcase_add_test(tests, ones_own_is_taken_as_it_is);
	tcase_add_test(tests, an_older_ones_is_moved);
	tcase_add_test(tests, an_area_is_aligned_by_a_byte_inside_and_moved_there);
	tcase_add_test(tests, what_is_not_known_here_is_refused);
	tcase_add_test(tests, made_for_something_else_is_told);
	tcase_add_test(tests, a_text_without_end_gets_one);
	tcase_add_test(tests, what_is_no_saved_memory_is_refused);
	tcase_add_test(tests, cut_short_it_is_refused);
	tcase_add_test(tests, what_may_be_cut_short_is_refused);
	tcase_add_test(tests, areas_end_within_the_memory);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
