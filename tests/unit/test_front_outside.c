// SPDX-License-Identifier: GPL-2.0-or-later
// A daemon that crashes outside of calls into the driver: while it decodes a request or answers it.
// The third time the request is answered EIO, and the others are served. The crashes are those of
// libfuse's and the C library's functions, which this program replaces.
#define FUSE_USE_VERSION 314
#include "base/checksum.h"
#include "base/fault_note.h"
#include "kernel.h"
#include "mailbox.h"
#include "suite.h"
#include <dlfcn.h>
#include <fuse_lowlevel.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* Shared with the daemons: how often one shall still die, and at which kind of request. */
static struct {
	int in_decode, in_reply;
	uint32_t opcode;
	uint32_t reply_size; /* bytes */
} * plan;

static void die(int *times)
{
	if (*times <= 0)
		return;
	--*times;
	raise(SIGKILL);
}

void fuse_session_process_buf(struct fuse_session *session, const struct fuse_buf *buffer)
{
	static void (*libfuse)(struct fuse_session *, const struct fuse_buf *);
	const struct fuse_in_header *header = buffer->mem;

	if (header->opcode == plan->opcode)
		die(&plan->in_decode);
	if (!libfuse)
		*(void **)&libfuse = dlsym(RTLD_NEXT, "fuse_session_process_buf");
	libfuse(session, buffer);
}

/* Small answers are sent by this. */
ssize_t write(int fd, const void *bytes, size_t size)
{
	if (plan && size > 0 && size == plan->reply_size)
		die(&plan->in_reply);
	return syscall(SYS_write, fd, bytes, size);
}

static struct kernel *kernel;
static uint64_t file;
static struct saved_header *header;

static void begin(struct kernel *ready)
{
	kernel = ready;
	file = kernel_open(kernel, O_RDWR);
	header = mmap(NULL, sizeof(*header), PROT_READ | PROT_WRITE, MAP_SHARED, kernel->saved, 0);
	ck_assert_ptr_ne(header, MAP_FAILED);
}

static void make_plan(void)
{
	plan = mmap(NULL, sizeof(*plan), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(plan, MAP_FAILED);
}

static void setup(void)
{
	make_plan();
	begin(kernel_new(&mailbox));
}

static void setup_file(void)
{
	make_plan();
	begin(kernel_new_file(&mailbox));
}

static void teardown(void)
{
	munmap(header, sizeof(*header));
	munmap(plan, sizeof(*plan));
	kernel_free(kernel);
}

static void die_decoding(uint32_t opcode, int times)
{
	plan->opcode = opcode;
	plan->in_decode = times;
}

static void die_answering(size_t body_and_data, int times)
{
	plan->reply_size = (uint32_t)(sizeof(struct fuse_out_header) + body_and_data);
	plan->in_reply = times;
}

static void next_daemons(unsigned n)
{
	while (n--)
		kernel_next_daemon(kernel);
}

/* The same by a fault, which the service's daemon would have noted. */
static void next_daemons_after_faults(unsigned n)
{
	while (n--) {
		kernel_await_death(kernel);
		header->end = check16(SAVED_FAULT);
		kernel_start_daemon(kernel, false);
	}
}

static void put(uint32_t value)
{
	uint64_t unique = kernel_send_write(kernel, file, &value, sizeof(value), O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
}

static uint32_t value_of(uint64_t unique)
{
	uint32_t value;

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	memcpy(&value, kernel->payload, sizeof(value));
	return value;
}

static struct cuio_info info(void)
{
	uint64_t control = kernel_open(kernel, O_ACCMODE);
	struct cuio_info ret;
	uint8_t *data;
	uint64_t unique = kernel_send_ioctl(kernel, control, CUIO_IOCTL_INFO, NULL, 0, sizeof(ret));

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&ret, data, sizeof(ret));
	ck_assert_int_eq(kernel_answer(kernel, kernel_send_release(kernel, control)), 0);
	return ret;
}

START_TEST(two_crashes_of_the_decoder_are_not_noticed)
{
	put(7);
	die_decoding(FUSE_READ, 2);
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR);

	next_daemons(2);
	ck_assert_uint_eq(value_of(read), 7);
	ck_assert_uint_eq(info().crash_errors, 0);
}
END_TEST

START_TEST(what_crashes_the_decoder_three_times_is_answered_eio)
{
	put(7);
	die_decoding(FUSE_READ, 5);
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR);

	next_daemons(3);
	ck_assert_int_eq(kernel_answer(kernel, read), -EIO);
	struct cuio_info seen = info(); /* others are served */

	ck_assert_uint_eq(seen.crash_errors, 1);
	ck_assert_uint_eq(seen.replayed, 0);
	/* And the next of its kind is a new case. */
	read = kernel_send_read(kernel, file, 4, O_RDWR);
	next_daemons(2);
	ck_assert_uint_eq(value_of(read), 7);
}
END_TEST

START_TEST(a_close_that_crashes_the_decoder_closes)
{
	die_decoding(FUSE_RELEASE, 3);
	uint64_t release = kernel_send_release(kernel, file);

	next_daemons(3);
	ck_assert_int_eq(kernel_answer(kernel, release), -EIO);
	ck_assert_uint_eq(info().open_files, 1);
}
END_TEST

/* The session of each successor decodes the channel's first request, before anything else. */
START_TEST(who_dies_before_it_takes_the_request_in_hand_is_not_counted)
{
	put(7);
	die_decoding(FUSE_READ, 1);
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR);

	kernel_await_death(kernel);
	die_decoding(CUSE_INIT, 5);
	kernel_start_daemon(kernel, false);
	next_daemons(5);
	ck_assert_uint_eq(value_of(read), 7);
}
END_TEST

START_TEST(two_crashes_in_the_answer_are_not_noticed)
{
	put(7);
	die_answering(4, 2);
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR);

	next_daemons(2);
	ck_assert_uint_eq(value_of(read), 7);
}
END_TEST

START_TEST(what_cannot_be_answered_is_answered_eio)
{
	put(7);
	die_answering(4, 1000);
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR);

	next_daemons(3);
	ck_assert_int_eq(kernel_answer(kernel, read), -EIO);
	put(8); /* the read was done */
}
END_TEST

START_TEST(a_waiting_request_that_cannot_be_answered_is_answered_eio)
{
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR);

	die_answering(4, 1000);
	put(7);
	next_daemons(3);
	ck_assert_int_eq(kernel_answer(kernel, read), -EIO);
	put(8);
}
END_TEST

START_TEST(a_forget_that_crashes_the_decoder_is_dropped)
{
	struct fuse_forget_in forget = { .nlookup = 1 };

	die_decoding(FUSE_FORGET, 1000);
	kernel_send(kernel, FUSE_FORGET, &forget, sizeof(forget), NULL, 0);
	next_daemons(3);
	put(7); /* the first answer that comes is its own */
}
END_TEST

START_TEST(a_getattr_that_crashes_the_decoder_is_answered_eio)
{
	struct fuse_getattr_in getattr = { 0 };

	die_decoding(FUSE_GETATTR, 3);
	uint64_t unique = kernel_send(kernel, FUSE_GETATTR, &getattr, sizeof(getattr), NULL, 0);

	next_daemons(3);
	ck_assert_int_eq(kernel_answer(kernel, unique), -EIO);
	put(7);
}
END_TEST

START_TEST(faults_are_counted_in_a_row)
{
	die_decoding(CUSE_INIT, 4);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	next_daemons_after_faults(4);
	put(7);
	ck_assert_uint_eq(check16_value(header->crashes), 4);
}
END_TEST

START_TEST(kills_are_not)
{
	die_decoding(CUSE_INIT, 4);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	next_daemons(4);
	put(7);
	ck_assert_uint_eq(check16_value(header->crashes), 0);
}
END_TEST

START_TEST(nor_are_the_faults_of_a_request_that_was_given_up)
{
	die_decoding(FUSE_READ, 3);
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR);

	next_daemons_after_faults(2);
	ck_assert_uint_ge(check16_value(header->crashes), 1);
	next_daemons_after_faults(1);
	ck_assert_int_eq(kernel_answer(kernel, read), -EIO);
	put(7);
	ck_assert_uint_eq(check16_value(header->crashes), 0);
}
END_TEST

/* --- the note of a fault -----------------------------------------------------------------------
 */

static uint32_t *noted;

static void faults(const char *how)
{
	const struct rlimit no_core = { 0 };

	fault_note_start(noted, 7);
	setrlimit(RLIMIT_CORE, &no_core);
	if (strcmp(how, "abort") == 0)
		abort();
	if (strcmp(how, "memory") == 0)
		*(volatile char *)mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) =
			1;
	if (strcmp(how, "stopped") == 0)
		fault_note_stop();
	raise(strcmp(how, "kill") == 0 ? SIGKILL : SIGSEGV);
	_exit(0);
}

static void fault_is(const char *how, int expected_signal, uint32_t expected_note)
{
	pid_t child;
	int status;

	*noted = 0;
	child = fork();
	if (child == 0)
		faults(how);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == expected_signal, "%s: %#x", how,
		      (unsigned)status);
	ck_assert_uint_eq(*noted, expected_note);
}

START_TEST(a_fault_is_noted_and_ends_the_process_as_without)
{
	noted = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(noted, MAP_FAILED);
	signal(SIGSEGV, SIG_DFL);
	signal(SIGABRT, SIG_DFL);
	fault_is("signal", SIGSEGV, 7);
	fault_is("memory", SIGSEGV, 7);
	fault_is("abort", SIGABRT, 7);
	fault_is("kill", SIGKILL, 0);
	fault_is("stopped", SIGSEGV, 0);
	munmap(noted, 4096);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("front-outside");
	TCase *cases = tcase_create("crashes");
	TCase *notes = tcase_create("the note of a fault");
	TCase *files = tcase_create("crashes of a file's daemon");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, two_crashes_of_the_decoder_are_not_noticed);
	tcase_add_test(cases, what_crashes_the_decoder_three_times_is_answered_eio);
	tcase_add_test(cases, a_close_that_crashes_the_decoder_closes);
	tcase_add_test(cases, who_dies_before_it_takes_the_request_in_hand_is_not_counted);
	tcase_add_test(cases, two_crashes_in_the_answer_are_not_noticed);
	tcase_add_test(cases, what_cannot_be_answered_is_answered_eio);
	tcase_add_test(cases, a_waiting_request_that_cannot_be_answered_is_answered_eio);
	tcase_add_test(cases, faults_are_counted_in_a_row);
	tcase_add_test(cases, kills_are_not);
	tcase_add_test(cases, nor_are_the_faults_of_a_request_that_was_given_up);
	suite_add_tcase(suite, cases);
	tcase_add_checked_fixture(files, setup_file, teardown);
	tcase_set_timeout(files, 60);
	tcase_add_test(files, a_forget_that_crashes_the_decoder_is_dropped);
	tcase_add_test(files, a_getattr_that_crashes_the_decoder_is_answered_eio);
	suite_add_tcase(suite, files);
	tcase_add_test(notes, a_fault_is_noted_and_ends_the_process_as_without);
	suite_add_tcase(suite, notes);
	return suite_run(suite);
}
