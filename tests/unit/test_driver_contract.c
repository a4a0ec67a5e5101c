// SPDX-License-Identifier: GPL-2.0-or-later
// What the core promises drivers in C beyond what the registers driver uses: ioctls whose numbers
// say nothing, arguments that point to more, options, windows in bulk.
#include "card.h"
#include "config/options.h"
#include "suite.h"
#include <cuio/ioctl.h>
#include <errno.h>

#define SPEED	 0x5401U /* as TCGETS: no size in it */
#define SCATTER	 0x5402U
#define MANY	 0x5403U
#define WRONG	 0x5404U
#define NOT_MINE 0x5499U

struct scatter {
	uint64_t from, to;
	uint32_t size, count;
};

static int speed(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		 struct cuio_request *request, void *arg)
{
	uint32_t *value = arg;

	(void)entry, (void)request;
	*value += (uint32_t)cuio_device_option(cuio_file_device(file), 0);
	return 7;
}

static int scatter_pieces(const struct cuio_driver_ioctl *entry, const void *arg,
			  struct cuio_driver_piece *pieces)
{
	const struct scatter *scatter = arg;

	(void)entry;
	if (scatter->count > CUIO_PIECES_MAX / 2)
		return -E2BIG;
	for (unsigned i = 0; i < scatter->count; i++) {
		pieces[2 * i] = (struct cuio_driver_piece){
			.address = scatter->from + i * scatter->size,
			.size = scatter->size,
		};
		pieces[2 * i + 1] = (struct cuio_driver_piece){
			.address = scatter->to + i * scatter->size,
			.size = scatter->size,
			.to_caller = true,
		};
	}
	return (int)(2 * scatter->count);
}

/* Each piece comes back turned round. */
static int scatter(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		   struct cuio_request *request, void *arg)
{
	const struct scatter *scatter = arg;

	(void)entry, (void)file;
	for (unsigned i = 0; i < scatter->count; i++) {
		const uint8_t *from = cuio_request_piece(request, 2 * i);
		uint8_t *to = cuio_request_piece(request, 2 * i + 1);

		for (uint32_t j = 0; j < scatter->size; j++) {
			ck_assert_uint_eq(to[j], 0);
			to[j] = from[scatter->size - 1 - j];
		}
	}
	return 0;
}

static int too_many(const struct cuio_driver_ioctl *entry, const void *arg,
		    struct cuio_driver_piece *pieces)
{
	(void)entry, (void)arg, (void)pieces;
	return CUIO_PIECES_MAX + 1;
}

static const struct cuio_driver_ioctl ioctls[] = {
	{ .name = "speed",
	  .number = SPEED,
	  .argument = CUIO_ARGUMENT_INOUT,
	  .size = 4,
	  .call = speed },
	{ .name = "scatter",
	  .number = SCATTER,
	  .argument = CUIO_ARGUMENT_IN,
	  .size = sizeof(struct scatter),
	  .pieces = scatter_pieces,
	  .call = scatter },
	{ .name = "both",
	  .number = MANY,
	  .argument = CUIO_ARGUMENT_INOUT,
	  .size = sizeof(struct scatter),
	  .pieces = scatter_pieces,
	  .call = scatter },
	{ .name = "wrong",
	  .number = WRONG,
	  .argument = CUIO_ARGUMENT_IN,
	  .size = 4,
	  .pieces = too_many,
	  .call = scatter },
};

static const struct cuio_driver_option options[] = {
	{ .name = "Step", .min = 1, .max = 100, .default_value = 5 },
	{ .name = "Loud", .min = 0, .max = 1 },
};

static const char *const windows[] = { "w" };

static ssize_t store(struct cuio_file *file, struct cuio_request *request, const void *data,
		     size_t size)
{
	uint64_t position = 0;

	cuio_request_position(request, &position);
	return (ssize_t)cuio_window_write(cuio_file_device(file), 0, position, data, size);
}

static ssize_t load(struct cuio_file *file, struct cuio_request *request, void *data, size_t size)
{
	uint64_t position = 0;

	cuio_request_position(request, &position);
	return (ssize_t)cuio_window_read(cuio_file_device(file), 0, position, data, size);
}

static const struct cuio_driver driver = {
	.contract = CUIO_CONTRACT,
	.name = "contract",
	.unrestricted = true,
	.seekable = true,
	.ioctls = ioctls,
	.n_ioctls = sizeof(ioctls) / sizeof(ioctls[0]),
	.options = options,
	.n_options = 2,
	.windows = windows,
	.n_windows = 1,
	.read = load,
	.write = store,
};

static const char text[] = "[Device]\nDescription=test\n"
			   "[Window w]\nBar=0\nSize=0x10000\n";

static struct cuio_test *start(const char *more)
{
	return card_new_driver(&driver, text, more);
}

START_TEST(argument_is_fetched_in_a_second_round)
{
	struct cuio_test *card = start(NULL);
	ssize_t file = card_open(card, O_RDWR);
	uint32_t value = 10;

	ck_assert_int_eq(card_ioctl(card, file, SPEED, &value), 7);
	ck_assert_uint_eq(value, 15);
	ck_assert_uint_eq(card->rounds, 2);
	ck_assert_int_eq(card_ioctl(card, file, NOT_MINE, &value), -ENOTTY);
	ck_assert_uint_eq(card->rounds, 1);
	card_free(card);
}
END_TEST

START_TEST(argument_points_to_more)
{
	static const uint32_t numbers[] = { SCATTER, MANY };
	struct cuio_test *card = start(NULL);
	ssize_t file = card_open(card, O_RDWR);
	char from[] = "abcdefgh", to[9] = "--------";
	struct scatter scatter_arg = {
		.from = (uintptr_t)from, .to = (uintptr_t)to, .size = 4, .count = 2
	};

	for (size_t i = 0; i < 2; i++) {
		memset(to, '-', 8);
		ck_assert_int_eq(card_ioctl(card, file, numbers[i], &scatter_arg), 0);
		ck_assert_str_eq(to, "dcbahgfe");
		ck_assert_uint_eq(card->rounds, 3);
	}
	scatter_arg.count = 0;
	ck_assert_int_eq(card_ioctl(card, file, SCATTER, &scatter_arg), 0);
	ck_assert_uint_eq(card->rounds, 2);
	card_free(card);
}
END_TEST

START_TEST(counts_and_sizes_are_capped)
{
	struct cuio_test *card = start(NULL);
	ssize_t file = card_open(card, O_RDWR);
	struct scatter scatter_arg = { .size = CUIO_TRANSFER_MAX, .count = 1 };
	uint32_t value = 0;

	ck_assert_int_eq(card_ioctl(card, file, SCATTER, &scatter_arg), -ENOMEM);
	scatter_arg.size = UINT32_MAX;
	scatter_arg.count = 32;
	ck_assert_int_eq(card_ioctl(card, file, SCATTER, &scatter_arg), -ENOMEM);
	scatter_arg.count = 33;
	ck_assert_int_eq(card_ioctl(card, file, SCATTER, &scatter_arg), -E2BIG);
	ck_assert_int_eq(card_ioctl(card, file, WRONG, &value), -EINVAL);
	card_free(card);
}
END_TEST

/* The caller's other thread writes a larger count between two rounds. */
START_TEST(rounds_cannot_be_played_against_another)
{
	struct cuio_test *card = start(NULL);
	ssize_t file = card_open(card, O_RDWR);
	uint8_t in[sizeof(struct scatter) + 8] = { 0 };
	struct scatter scatter_arg = { .size = 4, .count = 2 };
	struct argument_fetch fetch;
	struct request_record *record;

	memcpy(in, &scatter_arg, sizeof(scatter_arg));
	record = card_request(card, REQUEST_IOCTL, (uint32_t)file, 0);
	record->command = SCATTER;
	record->in_size = sizeof(in);
	record->out_size = 8;
	ck_assert_int_eq(device_fetch(card->device, 0, in, &fetch), 0);
	scatter_arg.count = 32;
	memcpy(in, &scatter_arg, sizeof(scatter_arg));
	ck_assert_int_eq(device_fetch(card->device, 0, in, &fetch), 1);
	ck_assert_uint_eq(fetch.in_size, sizeof(scatter_arg) + 32 * 4);
	/* Were it called all the same, it would not leave its bounds. */
	ck_assert_int_eq(card_serve(card, in, NULL, 0), -EINVAL);
	card_free(card);
}
END_TEST

/* cuio's own, whose numbers say what they are, on a node where the kernel does not look at them. */
START_TEST(control_ioctls_are_fetched)
{
	struct cuio_test *card = start(NULL);
	ssize_t file = card_open(card, O_ACCMODE);
	struct cuio_info info = { 0 };
	struct cuio_register reg = { .index = 5 };

	ck_assert_int_eq(card_ioctl(card, file, CUIO_IOCTL_INFO, &info), 0);
	ck_assert_str_eq(info.driver, "contract");
	ck_assert_uint_eq(card->rounds, 2);
	ck_assert_int_eq(card_ioctl(card, file, CUIO_IOCTL_REGISTER, &reg), -ENOENT);
	ck_assert_int_eq(card_ioctl(card, file, _IOWR(CUIO_IOCTL_TYPE, 250, info), &info), -ENOTTY);
	card_free(card);
}
END_TEST

static void check_findings(const char *description, const char *instance, const char *wanted)
{
	struct document *documents[2] = { NULL };
	struct report report = { 0 };
	uint64_t values[CUIO_OPTIONS_MAX];

	ck_assert_int_eq(
		document_parse("d", description, strlen(description), &report, &documents[0]), 0);
	ck_assert_int_eq(document_parse("i", instance, strlen(instance), &report, &documents[1]),
			 0);
	ck_assert_int_eq(options_read(&driver, documents[0], documents[1], &report, values),
			 -EINVAL);
	ck_assert_msg(strstr(report.text, wanted) != NULL, "%s", report.text);
	report_done(&report);
	document_free(documents[0]);
	document_free(documents[1]);
}

START_TEST(options_have_a_last_word)
{
	struct cuio_test *card = start("[Driver]\nStep=20\n");
	ssize_t file = card_open(card, O_RDWR);
	uint32_t value = 1;

	ck_assert_int_eq(card_ioctl(card, file, SPEED, &value), 7);
	ck_assert_uint_eq(value, 21);
	card_free(card);
	check_findings("[Driver]\nStep=101\n", "[X]\n", "d:2: Step=101");
	check_findings("[Driver]\nStep=1\n", "[Driver]\n\nSteps=1\n",
		       "i:3: the driver contract has no option Steps");
	check_findings("[X]\n", "[Driver]\nLoud=perhaps\n", "i:2: Loud=perhaps");
}
END_TEST

START_TEST(bulk_ends_with_the_window)
{
	struct cuio_test *card = start(NULL);
	ssize_t file = card_open(card, O_RDWR);
	char data[8];

	ck_assert_int_eq(card_pwrite(card, file, "12345678", 8, 0xfffc), 4);
	ck_assert_int_eq(card_pread(card, file, data, 8, 0xfffa), 6);
	ck_assert_mem_eq(data,
			 "\0\0"
			 "1234",
			 6);
	ck_assert_int_eq(card_pread(card, file, data, 8, 0x10000), 0);
	ck_assert_int_eq(card_pwrite(card, file, "1", 1, UINT64_MAX), 0);
	card_free(card);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("driver_contract");
	TCase *tcase = tcase_create("driver_contract");

	tcase_add_test(tcase, argument_is_fetched_in_a_second_round);
	tcase_add_test(tcase, argument_points_to_more);
	tcase_add_test(tcase, counts_and_sizes_are_capped);
	tcase_add_test(tcase, rounds_cannot_be_played_against_another);
	tcase_add_test(tcase, control_ioctls_are_fetched);
	tcase_add_test(tcase, options_have_a_last_word);
	tcase_add_test(tcase, bulk_ends_with_the_window);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
