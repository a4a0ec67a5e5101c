// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl batch on a node that answers from tables. */
#include "batch.h"
#include "capture.h"
#include "suite.h"
#include "test_cuioctl_node.h"
#include <unistd.h>

static char output[1 << 17]; /* what the last batch printed */
static char messages[1 << 16];
static char path[32]; /* of its file */

/* The path, which is made up at random, is F in what it says. */
static void shorten_path(void)
{
	char *at;

	while ((at = strstr(messages, path))) {
		*at = 'F';
		memmove(at + 1, at + strlen(path), strlen(at + strlen(path)) + 1);
	}
}

static void write_file(const char *text, size_t length)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/test_cuioctl_XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, length), (ssize_t)length);
	close(fd);
}

/* Carries out a file with these bytes. */
static int run_bytes(struct node *node, const char *text, size_t length, unsigned options)
{
	struct verb_call call = { .node = node, .options = options, .json = options & VERB_JSON };
	struct capture out, err;
	struct batch_file file;
	int r;

	write_file(text, length);
	out = capture_start(stdout);
	err = capture_start(stderr);
	r = batch_file_read(path, &file);
	if (r == 0)
		r = batch_on_node(&call, &file);
	batch_file_done(&file);
	capture_end(&err, messages, sizeof(messages));
	capture_end(&out, output, sizeof(output));
	unlink(path);
	shorten_path();
	return r;
}

static int run(struct node *node, const char *text)
{
	return run_bytes(node, text, strlen(text), VERB_VALUE);
}

START_TEST(steps_are_done_in_their_order)
{
	struct node node = fake_node();

	fake.values[IDENT][0] = 0x010000ed;
	ck_assert_int_eq(run(&node, "# a comment\n\nread ident\n"
				    "\twrite csr[19] = 0x2a # another\r\n"
				    "write csr[18]=7\r\ncsr[17]=052\ncsr[16] = 0b11\n"
				    "read csr[19]\n read csr[18] \nread csr[17]\nread csr[16]"),
			 0);
	ck_assert_str_eq(output, "0x010000ed\n0x000000000000002a\n0x0000000000000007\n"
				 "0x000000000000002a\n0x0000000000000003\n");
	ck_assert_str_eq(messages, "");
	ck_assert_uint_eq(fake.batches, 1);
}
END_TEST

START_TEST(a_field_is_its_own_bits)
{
	struct node node = fake_node();

	fake.values[STATUS][0] = 0xffffff0f;
	ck_assert_int_eq(run(&node, "status.mode = 0b1010\nread status.mode\n"
				    "until status.mode == 10\nuntil status.mode=10 within 1s\n"),
			 0);
	ck_assert_str_eq(output, "0xa\n0xa\n0xa\n");
	ck_assert_uint_eq(fake.values[STATUS][0], 0xffffffaf);
}
END_TEST

START_TEST(until_waits_only_when_it_has_a_time)
{
	struct node node = fake_node();

	fake.values[STATUS][0] = 1;
	fake.busy = 5;
	ck_assert_int_eq(run(&node, "until status.busy==0 within 10ms\nread status.busy"), 0);
	ck_assert_str_eq(output, "0x0\n0x0\n");
	fake.values[STATUS][0] = 1;
	fake.busy = 5;
	ck_assert_int_eq(run(&node, "until status.busy == 0\n"), 1);
	ck_assert_str_eq(messages, "F:1: status.busy is not 0, it is 1; no step was carried out "
				   "before it\n");
}
END_TEST

START_TEST(what_was_read_before_a_failure_is_printed)
{
	struct node node = fake_node();

	fake.values[STATUS][0] = 0x51;
	ck_assert_int_eq(run(&node, "read status\nstatus.go = 1\nread ident\n\n"
				    "until status.mode == 0xf within 10000us\nread ident\n"),
			 1);
	ck_assert_str_eq(output, "0x00000051\n0x00000000\n");
	ck_assert_str_eq(messages, "F:5: status.mode is not 0xf after 10 ms, it is 5; the 3 steps "
				   "before it were carried out\n");
	ck_assert_uint_eq(fake.reads_of[IDENT], 1);
}
END_TEST

START_TEST(it_lists_like_get)
{
	struct node node = fake_node();
	const char text[] = "read status\nread csr[2].top\nwrite doorbell = 1\n";

	fake.values[STATUS][0] = 0x71;
	ck_assert_int_eq(run_bytes(&node, text, strlen(text), VERB_JSON), 0);
	ck_assert_ptr_nonnull(strstr(output, "\"registers\": ["));
	ck_assert_ptr_nonnull(strstr(output, "\"status.mode\""));
	ck_assert_ptr_nonnull(strstr(output, "\"value\": 113,"));
	ck_assert_ptr_null(strstr(output, "doorbell"));
	ck_assert_int_eq(run_bytes(&node, text, strlen(text), 0), 0);
	ck_assert_ptr_nonnull(strstr(output, "0x00000071"));
	ck_assert_int_eq(run_bytes(&node, "doorbell=1", 10, 0), 0);
	ck_assert_str_eq(output, "");
}
END_TEST

static const struct {
	const char *line;
	int status;
	const char *says;
} mistakes[] = {
	{ "raed ident", 2, "there is no step 'raed'; steps: read, " },
	{ "ident", 2, "there is no step 'ident'; steps: " },
	{ "read", 2, "'read' is not of the form 'read REG[.FIELD]'" },
	{ "read ident status", 2, "'read ident status' is not of the form 'read REG[.FIELD]'" },
	{ "read statsu", 2, "fake has no register 'statsu'; registers: status," },
	{ "read status.bsy", 2, "register status has no field 'bsy'; fields: busy," },
	{ "read csr", 2, "csr is an array: say which element" },
	{ "read csr[20]", 2, "csr[20] does not exist: elements are csr[0] to csr[19]" },
	{ "read ident[1]", 2, "ident is a single register" },
	{ "read doorbell", 1, "doorbell cannot be read: it is write-only" },
	{ "read status.go", 1, "status.go cannot be read: it is write-only" },
	{ "write = 1", 2, "is not of the form 'write REG[.FIELD] = VALUE'" },
	{ "write status 1", 2, "is not of the form 'write REG[.FIELD] = VALUE'" },
	{ "write status == 1", 2, "is not of the form 'write REG[.FIELD] = VALUE'" },
	{ "status = 1 2", 2, "is not of the form 'write REG[.FIELD] = VALUE'" },
	{ "status =", 2, "is not of the form 'write REG[.FIELD] = VALUE'" },
	{ "status = x", 2, "status: 'x' is not a number" },
	{ "status = -1", 2, "status: -1 does not fit: 32 bits hold 0 to 0xffffffff" },
	{ "status.mode = 16", 2, "status.mode: 16 does not fit: 4 bits hold 0 to 0xf" },
	{ "ident = 1", 1, "ident cannot be written: it is read-only" },
	{ "status.busy = 1", 1, "status.busy cannot be written: it is read-only" },
	{ "until status", 2, "is not of the form 'until REG[.FIELD] == VALUE [within TIME]'" },
	{ "until status.busy 0", 2, "is not of the form 'until " },
	{ "until status.busy == 0 within", 2, "is not of the form 'until " },
	{ "until status.busy == 0 for 1ms", 2, "is not of the form 'until " },
	{ "until status.busy == 0 within 1ms 2", 2, "is not of the form 'until " },
	{ "until status.busy != 0", 2, "until compares with == alone, not with !=" },
	{ "until status.busy == 2", 2, "status.busy: 2 does not fit: 1 bit holds 0 to 0x1" },
	{ "until status.go == 1", 1, "status.go cannot be read: it is write-only" },
	{ "until status.busy == 0 within 10", 2, "'10' is not a time such as 10ms" },
	{ "until status.busy == 0 within ms", 2, "'ms' is not a time such as 10ms" },
	{ "until status.busy == 0 within 10ns", 2, "'10ns' is not a time such as 10ms" },
	{ "until status.busy == 0 within 11s", 2, "11s is too long: until waits at most 10s" },
	{ "until status.busy == 0 within 99999999999999999999s", 2, "is too long: until waits" },
	{ "until status.busy == 0 within 18446744073709551615s", 2, "is too long: until waits" },
	{ "node other", 2, "a batch is for one node: 'node' stands before all steps" },
};

#define N_MISTAKES (sizeof(mistakes) / sizeof(*mistakes))

START_TEST(a_mistake_is_said_with_its_line_and_nothing_is_done)
{
	struct node node = fake_node();
	char text[256];

	for (size_t i = 0; i < N_MISTAKES; i++) {
		snprintf(text, sizeof(text), "status = 1\nread fifo\n%s\n", mistakes[i].line);
		ck_assert_msg(run(&node, text) == mistakes[i].status, "%s", mistakes[i].line);
		ck_assert_msg(!strncmp(messages, "F:3: ", 5), "%s", messages);
		ck_assert_msg(strstr(messages, mistakes[i].says) != NULL, "%s", messages);
		ck_assert_str_eq(strchr(messages, '\n'), "\n");
		ck_assert_str_eq(output, "");
	}
	ck_assert_uint_eq(fake.reads + fake.writes + fake.batches, 0);
}
END_TEST

START_TEST(all_mistakes_are_said_at_once)
{
	struct node node = fake_node();

	ck_assert_int_eq(run(&node, "read doorbell\nread ident\nident=1\n"), 1);
	ck_assert_str_eq(messages, "F:1: doorbell cannot be read: it is write-only\n"
				   "F:3: ident cannot be written: it is read-only\n");
	/* Also those that only the daemon finds. */
	ck_assert_int_eq(run(&node, "read csr[3]\nread csr[4]\ncsr[3]=1\nuntil csr[3].top = 1\n"),
			 1);
	ck_assert_str_eq(messages,
			 "F:1: csr[3] cannot be read: the device's description excepts it\n"
			 "F:3: csr[3] cannot be written: the device's description excepts it\n"
			 "F:4: csr[3].top cannot be read: the device's description excepts it\n");
	ck_assert_uint_eq(fake.reads + fake.writes + fake.batches, 0);
}
END_TEST

START_TEST(a_flood_of_mistakes_ends)
{
	struct node node = fake_node();
	char text[2000];

	memset(text, '?', sizeof(text));
	for (size_t i = 1; i < sizeof(text); i += 2)
		text[i] = '\n';
	ck_assert_int_eq(run_bytes(&node, text, sizeof(text), 0), 2);
	ck_assert_ptr_nonnull(strstr(messages, "F:50: there is no step '?'"));
	ck_assert_ptr_null(strstr(messages, "F:51: "));
	ck_assert_ptr_nonnull(strstr(messages, "F: there may be more mistakes"));
	for (size_t i = 0; i < sizeof(text); i += 10)
		memcpy(text + i, "csr[3]=1 \n", 10);
	ck_assert_int_eq(run_bytes(&node, text, sizeof(text), 0), 1);
	ck_assert_ptr_nonnull(strstr(messages, "F:50: csr[3] cannot be written"));
	ck_assert_ptr_null(strstr(messages, "F:51: "));
	ck_assert_ptr_nonnull(strstr(messages, "F: there may be more mistakes"));
	ck_assert_uint_eq(fake.batches, 0);
}
END_TEST

START_TEST(what_is_no_text_is_refused)
{
	static char large[BATCH_FILE_SIZE + 1];
	struct node node = fake_node();
	char text[1000] = "read ident\n";

	ck_assert_int_eq(run_bytes(&node, text, 12, 0), 2);
	ck_assert_str_eq(messages, "F: this is not text: byte 12 is 0\n");
	memset(text, 'a', sizeof(text));
	ck_assert_int_eq(run_bytes(&node, text, sizeof(text), 0), 2);
	ck_assert_str_eq(messages, "F:1: a line has at most 512 bytes, this one 1000\n");
	memset(text, '=', 512);
	ck_assert_int_eq(run_bytes(&node, text, 512, 0), 2);
	memset(large, '\n', sizeof(large));
	ck_assert_int_eq(run_bytes(&node, large, sizeof(large), 0), 2);
	ck_assert_ptr_nonnull(strstr(messages, "too large"));
	ck_assert_int_eq(run_bytes(&node, large, sizeof(large) - 1, 0), 0);
	/* A comment may be as long as it likes. */
	memset(large, '#', sizeof(large));
	ck_assert_int_eq(run_bytes(&node, large, sizeof(large) - 1, 0), 0);
}
END_TEST

/* `n` times "read ident", and then `last`. */
static int run_many(struct node *node, unsigned n, const char *last)
{
	static char text[1 << 16];
	size_t length = 0;

	for (unsigned i = 0; i < n; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "read ident\n");
	snprintf(text + length, sizeof(text) - length, "%s\n", last);
	return run(node, text);
}

START_TEST(more_steps_than_fit_are_several_batches)
{
	struct node node = fake_node();

	ck_assert_int_eq(run_many(&node, CUIO_BATCH_STEPS_MAX - 1, "csr[0]=1"), 0);
	ck_assert_uint_eq(fake.batches, 1);
	ck_assert_int_eq(run_many(&node, CUIO_BATCH_STEPS_MAX, "csr[0]=2"), 0);
	ck_assert_uint_eq(fake.batches, 3);
	ck_assert_uint_eq(fake.values[CSR][0], 2);
	ck_assert_int_eq(run_many(&node, 2 * CUIO_BATCH_STEPS_MAX, "read csr[0]"), 0);
	ck_assert_uint_eq(fake.batches, 6);
	ck_assert_uint_eq(strlen(output), 2 * CUIO_BATCH_STEPS_MAX * strlen("0x00000000\n") +
						  strlen("0x0000000000000002\n"));
}
END_TEST

START_TEST(what_is_wrong_in_the_last_batch_keeps_the_first_from_being_sent)
{
	struct node node = fake_node();

	ck_assert_int_eq(run_many(&node, 600, "csr[3]=1"), 1);
	ck_assert_ptr_nonnull(strstr(messages, "F:601: csr[3] cannot be written"));
	ck_assert_uint_eq(fake.batches, 0);
	ck_assert_int_eq(run_many(&node, 600, "until ident == 1"), 1);
	ck_assert_str_eq(messages, "F:601: ident is not 1, it is 0; the 600 steps before it were "
				   "carried out\n");
}
END_TEST

START_TEST(what_the_daemon_answers_is_explained)
{
	static const struct {
		int error;
		const char *says;
	} answers[] = {
		{ -EIO, "F: the daemon crashed during the steps of lines 512 to 601; how many" },
		{ -EINTR, "F: a signal came before the steps of lines 512 to 601" },
		{ -ENOTCONN, "fake: its daemon has stopped" },
	};
	struct node node = fake_node();

	fake.old = true;
	ck_assert_int_eq(run(&node, "read ident"), 1);
	ck_assert_ptr_nonnull(strstr(messages, "too old for batches"));
	fake.old = false;
	fake.refuse = -EPERM;
	ck_assert_int_eq(run(&node, "read ident"), 1);
	ck_assert_ptr_nonnull(strstr(messages, "root and the node's owner"));
	fake.refuse = 0;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		/* Two to check, one is carried out. */
		fake.lasts = 3;
		fake.fails = answers[i].error;
		ck_assert_int_eq(run_many(&node, 600, "read ident"), 1);
		ck_assert_msg(strstr(messages, answers[i].says) != NULL, "%s", messages);
		ck_assert_uint_eq(strlen(output), CUIO_BATCH_STEPS_MAX * strlen("0x00000000\n"));
	}
}
END_TEST

START_TEST(a_daemon_that_does_nothing_and_says_no_error_is_not_asked_for_ever)
{
	struct node node = fake_node();

	fake.idle = true;
	ck_assert_int_eq(run(&node, "read ident"), 1);
	ck_assert_ptr_nonnull(strstr(messages, "F:1: ident: Protocol error"));
	ck_assert_uint_eq(fake.batches, 1);
}
END_TEST

START_TEST(a_message_has_no_control_character_of_a_file_or_a_daemon)
{
	struct node node = fake_node();

	ck_assert_int_eq(run(&node, "read \xc2\x9b"
				    "31m"),
			 2);
	ck_assert_ptr_nonnull(strstr(messages, "no register '??31m'"));
}
END_TEST

START_TEST(without_a_node_the_form_is_looked_at)
{
	struct capture err;
	struct batch_file file;
	int r;

	write_file("node edu\nread whatever\nread\nnode edu\nuntil x == 0 within 1\n", 58);
	ck_assert_int_eq(batch_file_read(path, &file), 0);
	ck_assert_str_eq(file.node, "edu");
	ck_assert_uint_eq(file.node_line, 1);
	err = capture_start(stderr);
	r = batch_file_parse(&file, NULL, NULL);
	capture_end(&err, messages, sizeof(messages));
	shorten_path();
	unlink(path);
	batch_file_done(&file);
	ck_assert_int_eq(r, 2);
	ck_assert_str_eq(messages, "F:3: 'read' is not of the form 'read REG[.FIELD]'\n"
				   "F:4: a batch is for one node: 'node' stands before all steps\n"
				   "F:5: '1' is not a time such as 10ms; units: us, ms, s\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cuioctl_batch");
	TCase *cases = tcase_create("batch");

	tcase_add_test(cases, steps_are_done_in_their_order);
	tcase_add_test(cases, a_field_is_its_own_bits);
	tcase_add_test(cases, until_waits_only_when_it_has_a_time);
	tcase_add_test(cases, what_was_read_before_a_failure_is_printed);
	tcase_add_test(cases, it_lists_like_get);
	tcase_add_test(cases, a_mistake_is_said_with_its_line_and_nothing_is_done);
	tcase_add_test(cases, all_mistakes_are_said_at_once);
	tcase_add_test(cases, a_flood_of_mistakes_ends);
	tcase_add_test(cases, what_is_no_text_is_refused);
	tcase_add_test(cases, more_steps_than_fit_are_several_batches);
	tcase_add_test(cases, what_is_wrong_in_the_last_batch_keeps_the_first_from_being_sent);
	tcase_add_test(cases, what_the_daemon_answers_is_explained);
	tcase_add_test(cases, a_daemon_that_does_nothing_and_says_no_error_is_not_asked_for_ever);
	tcase_add_test(cases, a_message_has_no_control_character_of_a_file_or_a_daemon);
	tcase_add_test(cases, without_a_node_the_form_is_looked_at);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
