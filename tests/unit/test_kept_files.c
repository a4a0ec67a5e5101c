// SPDX-License-Identifier: GPL-2.0-or-later
// The files of a good start, kept for a successor.
#include "config/kept_files.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char folder[] = "/tmp/cuio-kept-XXXXXX";
static char conf[64], device[64];

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static struct instance *load(void)
{
	struct report report = { 0 };
	struct instance *instance = NULL;

	ck_assert_msg(instance_load("t", conf, &report, &instance) == 0, "%s", report.text);
	report_done(&report);
	return instance;
}

static void setup(void)
{
	strcpy(strrchr(folder, '-') + 1, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(conf, sizeof(conf), "%s/t.conf", folder);
	snprintf(device, sizeof(device), "%s/t.device", folder);
	write_text(conf, "[Device]\nDescription=./t.device\nBackend=sim\n[Node]\nName=kept\n");
	write_text(device,
		   "[Device]\nDescription=first\n[Window w]\nBar=0\n[Register r]\nOffset=0\n");
}

static void teardown(void)
{
	unlink(conf);
	unlink(device);
	rmdir(folder);
}

START_TEST(what_was_kept_can_be_loaded_when_the_files_are_broken)
{
	struct instance *instance = load(), *again = NULL;
	struct report report = { 0 };
	struct kept_files kept;
	int fd;

	ck_assert_int_eq(kept_files_write(instance, &fd), 0);
	write_text(device, "[Device]\nDescrption=second\n");
	unlink(conf);
	ck_assert_int_eq(kept_files_read(fd, &kept), 0);
	ck_assert(kept_files_match(&kept, instance));
	ck_assert_msg(instance_load_kept("t", &kept, &report, &again) == 0, "%s", report.text);
	ck_assert_str_eq(again->nodes[0].name, "kept");
	ck_assert_str_eq(again->description->title, "first");
	kept_files_done(&kept);
	close(fd);
	instance_free(again);
	instance_free(instance);
}
END_TEST

/* The first bytes of kept files, without seals. */
static int copy_of(int fd, size_t size)
{
	int copy = memfd_create("copy", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	uint8_t bytes[4096];

	ck_assert_int_eq(pread(fd, bytes, size, 0), (ssize_t)size);
	ck_assert_int_eq(write(copy, bytes, size), (ssize_t)size);
	return copy;
}

START_TEST(what_somebody_could_change_is_not_read)
{
	struct instance *instance = load();
	struct kept_files kept;
	int fd, copy;

	ck_assert_int_eq(kept_files_write(instance, &fd), 0);
	ck_assert_int_lt(pwrite(fd, "x", 1, 0), 0);
	ck_assert_int_lt(ftruncate(fd, 1), 0);
	copy = copy_of(fd, (size_t)lseek(fd, 0, SEEK_END));
	ck_assert_int_eq(kept_files_read(copy, &kept), -EBADMSG);
	ck_assert_int_eq(fcntl(copy, F_ADD_SEALS, fcntl(fd, F_GET_SEALS)), 0);
	ck_assert_int_eq(kept_files_read(copy, &kept), 0);
	kept_files_done(&kept);
	close(copy);
	close(fd);
	instance_free(instance);
}
END_TEST

START_TEST(other_files_do_not_match)
{
	struct instance *instance = load(), *other;
	struct kept_files kept;
	int fd;

	ck_assert_int_eq(kept_files_write(instance, &fd), 0);
	write_text(device,
		   "[Device]\nDescription=other\n[Window w]\nBar=0\n[Register r]\nOffset=0\n");
	other = load();
	ck_assert_int_eq(kept_files_read(fd, &kept), 0);
	ck_assert(!kept_files_match(&kept, other));
	kept_files_done(&kept);
	close(fd);
	instance_free(other);
	instance_free(instance);
}
END_TEST

START_TEST(damaged_memory_is_refused_at_every_length)
{
	struct instance *instance = load();
	struct kept_files kept;
	off_t size;
	int fd;

	ck_assert_int_eq(kept_files_write(instance, &fd), 0);
	size = lseek(fd, 0, SEEK_END);
	while (--size >= 0) {
		int copy = copy_of(fd, (size_t)size);

		ck_assert_int_eq(fcntl(copy, F_ADD_SEALS, fcntl(fd, F_GET_SEALS)), 0);
		ck_assert_int_eq(kept_files_read(copy, &kept), -EBADMSG);
		close(copy);
	}
	close(fd);
	instance_free(instance);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kept_files");
	TCase *cases = tcase_create("files");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, what_was_kept_can_be_loaded_when_the_files_are_broken);
	tcase_add_test(cases, what_somebody_could_change_is_not_read);
	tcase_add_test(cases, other_files_do_not_match);
	tcase_add_test(cases, damaged_memory_is_refused_at_every_length);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
