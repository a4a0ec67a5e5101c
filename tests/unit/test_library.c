// SPDX-License-Identifier: GPL-2.0-or-later
// What cuio/test.h promises to the tests of others' drivers, of a driver that they could have.
#include "suite.h"
#include <cuio/test.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#define BELL_COUNT _IOR('b', 1, uint32_t)
#define BELL_TWICE _IOW('b', 2, uint32_t)
#define BELL_HOLD  _IO('b', 3)

enum {
	STATUS,
	ACK,
	FIRST,
	SECOND
};
static const struct cuio_driver_register registers[] = {
	[STATUS] = { .name = "status", .width = 4, .read = true },
	[ACK] = { .name = "ack", .width = 4, .write = true },
	[FIRST] = { .name = "first", .width = 4, .write = true },
	[SECOND] = { .name = "second", .width = 4, .write = true },
};

static const char text[] =
	"[Device]\nDescription=test\n[Window w]\nBar=0\nSize=0x1000\n[Interrupt]\n"
	"[Register status]\nOffset=0\nAccess=ro\nField=rung 0\nField=kind 7:4\n"
	"[Register ack]\nOffset=4\n[Register first]\nOffset=8\n"
	"[Register second]\nOffset=12\nCount=4\n";

struct bell {
	uint32_t count, starts, warm;
};

static int start(struct cuio_device *device, enum cuio_start how)
{
	struct bell *bell = cuio_device_state(device);

	bell->starts++;
	bell->warm += how == CUIO_START_WARM;
	if (cuio_device_option(device, 0)) {
		cuio_device_set_error(device, "it is broken");
		return -EIO;
	}
	return 0;
}

static int cause(struct cuio_device *device, unsigned vector, uint64_t *ret_cause)
{
	(void)vector;
	*ret_cause = cuio_reg_read(device, STATUS);
	return 0;
}

static void interrupt(struct cuio_device *device, unsigned vector, uint64_t status)
{
	struct bell *bell = cuio_device_state(device);

	(void)vector;
	cuio_reg_write(device, ACK, status);
	bell->count++;
}

/* Waits for the bell, and takes all that rang. */
static ssize_t read_bell(struct cuio_file *file, struct cuio_request *request, void *data,
			 size_t size)
{
	struct bell *bell = cuio_device_state(cuio_file_device(file));

	(void)request;
	if (size < sizeof(bell->count))
		return -EINVAL;
	if (!bell->count)
		return cuio_not_yet;
	memcpy(data, &bell->count, sizeof(bell->count));
	bell->count = 0;
	return sizeof(bell->count);
}

static int count(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		 struct cuio_request *request, void *arg)
{
	const struct bell *bell = cuio_device_state(cuio_file_device(file));

	(void)entry, (void)request;
	memcpy(arg, &bell->count, sizeof(bell->count));
	return 0;
}

static int twice(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		 struct cuio_request *request, void *arg)
{
	uint32_t value;

	(void)entry, (void)request;
	memcpy(&value, arg, sizeof(value));
	cuio_reg_write(cuio_file_device(file), FIRST, value);
	cuio_reg_write(cuio_file_device(file), SECOND, value);
	return 0;
}

/* Has the device for itself for a while. */
static int hold(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		struct cuio_request *request, void *arg)
{
	uint64_t *end = cuio_request_state(request), now = cuio_device_now(cuio_file_device(file));

	(void)entry, (void)arg;
	if (!*end)
		*end = now + 5000000;
	if (now >= *end)
		return 7;
	cuio_request_set_deadline(request, *end);
	cuio_request_lock_device(request);
	return cuio_not_yet;
}

static unsigned poll(struct cuio_file *file)
{
	const struct bell *bell = cuio_device_state(cuio_file_device(file));

	return bell->count ? CUIO_READY_IN : 0;
}

static const struct cuio_driver_ioctl fragile[] = {
	{ .name = "BELL_COUNT",
	  .number = BELL_COUNT,
	  .argument = CUIO_ARGUMENT_OUT,
	  .size = 4,
	  .call = count },
	{ .name = "BELL_TWICE",
	  .number = BELL_TWICE,
	  .argument = CUIO_ARGUMENT_IN,
	  .size = 4,
	  .call = twice },
	{ .name = "BELL_HOLD", .number = BELL_HOLD, .call = hold },
};
static const struct cuio_driver_ioctl robust[] = {
	{ .name = "BELL_TWICE",
	  .number = BELL_TWICE,
	  .argument = CUIO_ARGUMENT_IN,
	  .size = 4,
	  .restartable = true,
	  .call = twice },
};

static const struct cuio_driver_option options[] = { { .name = "Broken", .max = 1 } };

static const struct cuio_driver driver = {
	.contract = CUIO_CONTRACT,
	.name = "bell",
	.device_state = sizeof(struct bell),
	.request_state = sizeof(uint64_t),
	.registers = registers,
	.n_registers = 4,
	.ioctls = fragile,
	.n_ioctls = sizeof(fragile) / sizeof(fragile[0]),
	.options = options,
	.n_options = 1,
	.start = start,
	.cause = cause,
	.interrupt = interrupt,
	.read = read_bell,
	.poll = poll,
};

static struct cuio_test *test;
static int file;

static void setup_driver(const struct cuio_driver *what)
{
	test = cuio_test_new(what, text, NULL);
	ck_assert_msg(cuio_test_start(test) == 0, "%s", cuio_test_report(test));
	file = cuio_test_open(test, 0, O_RDWR);
	ck_assert_int_ge(file, 0);
}

static void setup(void)
{
	setup_driver(&driver);
}

static void teardown(void)
{
	cuio_test_free(test);
}

static const struct bell *state(void)
{
	return cuio_test_state(test);
}

static void ring(void)
{
	cuio_test_poke(test, "status", 1);
	ck_assert_int_eq(cuio_test_interrupt(test), 0);
	cuio_test_poke(test, "status", 0);
}

START_TEST(a_read_waits_for_the_interrupt)
{
	uint32_t rung = 0;
	int call = cuio_test_begin_read(test, file, &rung, sizeof(rung));

	cuio_test_run(test, 0);
	ck_assert(cuio_test_is_waiting(test, call));
	ck_assert_uint_eq(cuio_test_poll(test, file), 0);
	ring();
	ck_assert(!cuio_test_is_waiting(test, call));
	ck_assert_int_eq(cuio_test_finish(test, call), 4);
	ck_assert_uint_eq(rung, 1);
	ck_assert_uint_eq(cuio_test_peek(test, "ack"), 1);
	ck_assert_int_eq(cuio_test_ioctl(test, file, BELL_COUNT, &rung), 0);
	ck_assert_uint_eq(rung, 0);
	ring();
	ck_assert_uint_eq(cuio_test_poll(test, file), CUIO_READY_IN);
}
END_TEST

START_TEST(a_cause_of_zero_is_another_cards)
{
	ck_assert_int_eq(cuio_test_interrupt(test), 0);
	ck_assert_uint_eq(state()->count, 0);
}
END_TEST

START_TEST(waiting_calls_outlive_a_crash)
{
	uint32_t rung[2] = { 0 };
	int first = cuio_test_begin_read(test, file, &rung[0], 4);
	int second = cuio_test_begin_read(test, file, &rung[1], 4);

	ck_assert_int_eq(cuio_test_crash(test), 0);
	ck_assert_uint_eq(state()->warm, 1);
	ring();
	ck_assert_int_eq(cuio_test_finish(test, first), 4);
	ck_assert(cuio_test_is_waiting(test, second));
	ck_assert_int_eq(cuio_test_cancel(test, second), -EINTR);
}
END_TEST

START_TEST(a_signal_does_not_end_a_call_that_holds_the_device)
{
	int first = cuio_test_begin_ioctl(test, file, BELL_HOLD, NULL);
	int second = cuio_test_begin_ioctl(test, file, BELL_HOLD, NULL);

	ck_assert_int_eq(cuio_test_cancel(test, second), -EINTR);
	ck_assert_int_eq(cuio_test_cancel(test, first), 7);
}
END_TEST

START_TEST(o_nonblock_does_not_wait)
{
	int other = cuio_test_open(test, 0, O_RDWR | O_NONBLOCK);
	uint32_t rung;

	ck_assert_int_eq(cuio_test_read(test, other, &rung, 4), -EAGAIN);
	ck_assert_int_eq(cuio_test_close(test, other), 0);
	ck_assert_int_eq(cuio_test_read(test, other, &rung, 4), -EBADF);
}
END_TEST

START_TEST(a_crash_inside_a_call_is_as_cuio_7_says)
{
	uint32_t value = 7;

	/* From the first write on the card may know, and the driver says nothing about that. */
	cuio_test_crash_at(test, 1);
	ck_assert_int_eq(cuio_test_ioctl(test, file, BELL_TWICE, &value), -EIO);
	ck_assert_uint_eq(cuio_test_peek(test, "first"), 0);
	cuio_test_crash_at(test, 2);
	ck_assert_int_eq(cuio_test_ioctl(test, file, BELL_TWICE, &value), -EIO);
	ck_assert_uint_eq(cuio_test_peek(test, "first"), 7);
	ck_assert_uint_eq(cuio_test_peek(test, "second"), 0);
	/* An interrupt is never lost. */
	cuio_test_crash_at(test, 2);
	ring();
	ck_assert_uint_eq(state()->count, 1);
	ck_assert_uint_eq(state()->warm, 3);
}
END_TEST

START_TEST(a_restartable_call_is_done_again)
{
	struct cuio_driver other = driver;
	uint32_t value = 8;

	teardown();
	other.ioctls = robust;
	other.n_ioctls = 1;
	setup_driver(&other);
	cuio_test_crash_at(test, 2);
	ck_assert_int_eq(cuio_test_ioctl(test, file, BELL_TWICE, &value), 0);
	ck_assert_uint_eq(cuio_test_peek(test, "second"), 8);
	ck_assert_uint_eq(state()->warm, 1);
}
END_TEST

START_TEST(an_upgrade_keeps_the_state_or_is_refused)
{
	struct cuio_driver next = driver, other = driver;

	ring();
	next.ioctls = robust;
	next.n_ioctls = 1;
	ck_assert_int_eq(cuio_test_upgrade(test, &next), 0);
	ck_assert_uint_eq(state()->count, 1);
	ck_assert_int_eq(cuio_test_ioctl(test, file, BELL_COUNT, NULL), -ENOTTY);
	other.state_version = 2;
	ck_assert_int_eq(cuio_test_upgrade(test, &other), -ESTALE);
	ck_assert_ptr_nonnull(strstr(cuio_test_report(test), "state="));
	ck_assert_uint_eq(state()->count, 1);
}
END_TEST

START_TEST(a_stop_forgets_and_the_card_does_not)
{
	ring();
	cuio_test_poke(test, "second[3]", 9);
	cuio_test_stop(test);
	ck_assert_int_eq(cuio_test_start(test), 0);
	ck_assert_uint_eq(state()->count, 0);
	ck_assert_uint_eq(state()->warm, 0);
	ck_assert_uint_eq(cuio_test_peek(test, "second[3]"), 9);
}
END_TEST

START_TEST(registers_have_elements_and_fields)
{
	cuio_test_poke(test, "status", 0xffffffff);
	cuio_test_poke(test, "status.kind", 5);
	ck_assert_uint_eq(cuio_test_peek(test, "status"), 0xffffff5f);
	ck_assert_uint_eq(cuio_test_peek(test, "status.kind"), 5);
}
END_TEST

START_TEST(a_start_that_fails_says_why)
{
	struct cuio_test *broken = cuio_test_new(&driver, text, "[Driver]\nBroken=yes\n");

	ck_assert_int_eq(cuio_test_start(broken), -EIO);
	ck_assert_str_eq(cuio_test_report(broken), "it is broken\n");
	cuio_test_free(broken);
	broken = cuio_test_new(&driver, "[Device]\nDescription=x\nColour=red\n", NULL);
	ck_assert_int_eq(cuio_test_start(broken), -EINVAL);
	ck_assert_ptr_nonnull(strstr(cuio_test_report(broken), "test.device:3: "));
	cuio_test_free(broken);
	broken = cuio_test_new(&driver, "/nowhere/bell.device", NULL);
	ck_assert_int_eq(cuio_test_start(broken), -EINVAL);
	ck_assert_ptr_nonnull(
		strstr(cuio_test_report(broken), "/nowhere/bell.device: cannot read"));
	cuio_test_free(broken);
}
END_TEST

/* A card that rings after a while, until it is told that it was heard. */
struct model {
	uint64_t when;
};

static void model_reset(void *state)
{
	((struct model *)state)->when = cuio_test_now() + 5000000;
}

static bool model_asserted(void *state, uint64_t now)
{
	const struct model *model = state;

	return model->when && now >= model->when;
}

static uint64_t model_deadline(const void *state)
{
	return ((const struct model *)state)->when;
}

static uint64_t model_read(void *state, uint64_t now, uint64_t offset, unsigned width)
{
	(void)width;
	return offset == 0 && model_asserted(state, now);
}

static void model_write(void *state, uint64_t now, uint64_t offset, unsigned width, uint64_t value)
{
	(void)now, (void)width, (void)value;
	if (offset == 4)
		((struct model *)state)->when = 0;
}

START_TEST(a_model_is_the_card)
{
	static const struct cuio_test_model model = {
		.name = "bell",
		.state_size = sizeof(struct model),
		.reset = model_reset,
		.read = model_read,
		.write = model_write,
		.asserted = model_asserted,
		.deadline = model_deadline,
	};
	uint32_t rung = 0;

	cuio_test_free(test);
	test = cuio_test_new(&driver, text, NULL);
	cuio_test_set_model(test, &model);
	ck_assert_int_eq(cuio_test_start(test), 0);
	file = cuio_test_open(test, 0, O_RDWR);
	ck_assert_int_eq(cuio_test_read(test, file, &rung, sizeof(rung)), 4);
	ck_assert_uint_eq(rung, 1);
	cuio_test_run(test, 10000000);
	ck_assert_uint_eq(state()->count, 0);
}
END_TEST

START_TEST(a_mistake_of_the_test_ends_it)
{
	cuio_test_peek(test, "statsu");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("library");
	TCase *tcase = tcase_create("library");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_read_waits_for_the_interrupt);
	tcase_add_test(tcase, a_cause_of_zero_is_another_cards);
	tcase_add_test(tcase, waiting_calls_outlive_a_crash);
	tcase_add_test(tcase, a_signal_does_not_end_a_call_that_holds_the_device);
	tcase_add_test(tcase, o_nonblock_does_not_wait);
	tcase_add_test(tcase, a_crash_inside_a_call_is_as_cuio_7_says);
	tcase_add_test(tcase, a_restartable_call_is_done_again);
	tcase_add_test(tcase, an_upgrade_keeps_the_state_or_is_refused);
	tcase_add_test(tcase, a_stop_forgets_and_the_card_does_not);
	tcase_add_test(tcase, registers_have_elements_and_fields);
	tcase_add_test(tcase, a_start_that_fails_says_why);
	tcase_add_test(tcase, a_model_is_the_card);
	tcase_add_test_raise_signal(tcase, a_mistake_of_the_test_ends_it, 6);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
