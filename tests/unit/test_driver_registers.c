// SPDX-License-Identifier: GPL-2.0-or-later
// What the contract gives a driver of its description's registers: elements, fields. And what the
// core does with a driver that says more than it serves.
#include "card.h"
#include "suite.h"
#include <errno.h>

enum {
	TABLE,
	CONTROL,
	PART,
};
static const struct cuio_driver_register registers[] = {
	[TABLE] = { .name = "table", .width = 2, .read = true, .write = true },
	[CONTROL] = { .name = "control", .width = 4, .read = true, .write = true },
	[PART] = { .name = "part", .width = 2, .read = true },
};

enum {
	MODE,
	SPEED
};
static const struct cuio_driver_field fields[] = {
	[MODE] = { CONTROL, "mode" },
	[SPEED] = { CONTROL, "speed" },
};

static const char text[] = "[Device]\nDescription=test\n[Window w]\nBar=0\nSize=0x1000\n"
			   "[Register table]\nOffset=0x10\nWidth=16\nCount=4\nStride=4\n"
			   "[Register part]\nOffset=0x20\nWidth=16\nCount=4\nStride=4\nExcept=4-5\n"
			   "[Register control]\nOffset=0\nWidth=32\nReset=0xffffffff\n"
			   "Field=mode 6:4\nField=speed 31\n";

/* Byte 0 says what is to be done with the register, byte 1 with which element or field. */
static ssize_t change(struct cuio_file *file, struct cuio_request *request, const void *data,
		      size_t size)
{
	struct cuio_device *device = cuio_file_device(file);
	const uint8_t *bytes = data;

	(void)request;
	if (bytes[0] == 'e')
		cuio_element_write(device, TABLE, bytes[1], bytes[2]);
	else
		cuio_field_write(device, bytes[1], bytes[2]);
	return (ssize_t)size;
}

/* The answer of the device itself, which is not "not yet". */
static ssize_t busy(struct cuio_file *file, struct cuio_request *request, void *data, size_t size)
{
	(void)file, (void)request, (void)data, (void)size;
	return -EAGAIN;
}

static const struct cuio_driver driver = {
	.contract = CUIO_CONTRACT,
	.name = "contract",
	.registers = registers,
	.n_registers = 3,
	.fields = fields,
	.n_fields = 2,
	.read = busy,
	.write = change,
};

static uint64_t control_after(struct cuio_test *card, ssize_t file, uint8_t field, uint8_t value)
{
	const uint8_t bytes[] = { 'f', field, value };

	ck_assert_int_eq(card_write(card, file, bytes, sizeof(bytes)), sizeof(bytes));
	return cuio_reg_read(card->device, CONTROL);
}

START_TEST(a_field_is_written_between_the_other_bits)
{
	struct cuio_test *card = card_new_driver(&driver, text, NULL);
	ssize_t file = card_open(card, O_RDWR);

	ck_assert_uint_eq(control_after(card, file, MODE, 5), 0xffffffdf);
	ck_assert_uint_eq(cuio_field_read(card->device, MODE), 5);
	ck_assert_uint_eq(control_after(card, file, SPEED, 0), 0x7fffffdf);
	/* More than the field has bits reaches no other. */
	ck_assert_uint_eq(control_after(card, file, MODE, 0xf8), 0x7fffff8f);
	ck_assert_uint_eq(cuio_field_get(card->device, MODE, 0x30), 3);
	ck_assert_uint_eq(cuio_field_set(card->device, SPEED, 0x30, 1), 0x80000030);
	card_free(card);
}
END_TEST

START_TEST(an_element_is_its_own_register)
{
	struct cuio_test *card = card_new_driver(&driver, text, NULL);
	ssize_t file = card_open(card, O_RDWR);

	ck_assert_uint_eq(cuio_reg_count(card->device, TABLE), 4);
	for (uint8_t i = 0; i < 4; i++) {
		const uint8_t bytes[] = { 'e', i, (uint8_t)(0x40 + i) };

		ck_assert_int_eq(card_write(card, file, bytes, sizeof(bytes)), sizeof(bytes));
	}
	for (uint8_t i = 0; i < 4; i++)
		ck_assert_uint_eq(cuio_element_read(card->device, TABLE, i), 0x40U + i);
	ck_assert_uint_eq(cuio_reg_read(card->device, TABLE), 0x40);
	card_free(card);
}
END_TEST

START_TEST(elements_of_others_choice_are_checked)
{
	struct cuio_test *card = card_new_driver(&driver, text, NULL);

	ck_assert_int_eq(cuio_element_check(card->device, TABLE, 0, 4), 0);
	ck_assert_int_eq(cuio_element_check(card->device, TABLE, 1, 4), -EINVAL);
	ck_assert_int_eq(cuio_element_check(card->device, TABLE, 4, 0), -EINVAL);
	ck_assert_int_eq(cuio_element_check(card->device, TABLE, UINT64_MAX, 2), -EINVAL);
	ck_assert_int_eq(cuio_element_check(card->device, PART, 2, 2), 0);
	ck_assert_int_eq(cuio_element_check(card->device, PART, 0, 2), -EACCES);
	ck_assert_int_eq(cuio_element_check(card->device, PART, 1, 1), -EACCES);
	card_free(card);
}
END_TEST

START_TEST(eagain_is_an_answer)
{
	struct cuio_test *card = card_new_driver(&driver, text, NULL);
	ssize_t file = card_open(card, O_RDWR);
	struct device_answer answer;

	card_request(card, REQUEST_READ, (uint32_t)file, 0)->size = 1;
	answer = device_call(card->device, 0, NULL);
	ck_assert(!answer.waits);
	ck_assert_int_eq(answer.result, -EAGAIN);
	device_answered(card->device);
	card_free(card);
}
END_TEST

static ssize_t set_one(struct cuio_file *file, struct cuio_request *request, void *data,
		       size_t size)
{
	(void)file, (void)request;
	*(uint8_t *)data = 1;
	return (ssize_t)size;
}

/* The reply's memory is that of all calls. */
START_TEST(data_of_an_earlier_call_are_not_sent)
{
	static const struct cuio_driver careless = { .contract = CUIO_CONTRACT,
						     .name = "careless",
						     .read = set_one };
	struct cuio_test *cards[] = {
		card_new_driver(&careless, text, NULL),
		card_new("[Device]\nDescription=test\n[Read]\nStep=let data.u8[0] = 1\n"
			 "Step=return count\n",
			 NULL),
	};

	for (size_t i = 0; i < 2; i++) {
		ssize_t file = card_open(cards[i], O_RDWR),
			control = card_open(cards[i], O_ACCMODE);
		struct cuio_info info;
		uint8_t bytes[256];

		memset(bytes, 0xa5, sizeof(bytes));
		ck_assert_int_eq(card_ioctl(cards[i], control, CUIO_IOCTL_INFO, &info), 0);
		ck_assert_str_eq(info.title, "test");
		ck_assert_int_eq(card_read(cards[i], file, bytes, sizeof(bytes)), 256);
		ck_assert_uint_eq(bytes[0], 1);
		for (size_t j = 1; j < sizeof(bytes); j++)
			ck_assert_uint_eq(bytes[j], 0);
		card_free(cards[i]);
	}
}
END_TEST

/* Whether the hardware may have seen something of the last call. */
static bool touched(const struct cuio_test *card)
{
	return test_layout(card).transaction->touched;
}

START_TEST(the_core_notes_what_the_hardware_may_have_seen)
{
	struct cuio_test *card =
		card_new("[Device]\nDescription=test\n[Window w]\nBar=0\nSize=0x1000\n"
			 "[Register table]\nOffset=0x10\nWidth=16\nCount=4\nStride=4\nAll=yes\n"
			 "[Register fifo]\nOffset=0\nWidth=8\nStride=0\nSideEffect=yes\n"
			 "[Read]\nStep=read table[1] data.u16[0] if count == 2\n"
			 "Step=read fifo data.u8[0] if count == 1\nStep=return count\n"
			 "[Write]\nStep=write table[1] data.u16[0] if count == 2\n"
			 "Step=write fifo data.u8[0] if count == 1\nStep=return count\n",
			 NULL);
	struct cuio_access access = { .register_index = 0, .mask = 0xffff };
	ssize_t file = card_open(card, O_RDWR), control = card_open(card, O_ACCMODE);
	uint8_t bytes[3] = { 0 };

	ck_assert_int_eq(card_read(card, file, bytes, 2), 2);
	ck_assert(!touched(card));
	ck_assert_int_eq(card_read(card, file, bytes, 1), 1);
	ck_assert(touched(card));
	ck_assert_int_eq(card_write(card, file, bytes, 3), 3);
	ck_assert(!touched(card));
	ck_assert_int_eq(card_write(card, file, bytes, 2), 2);
	ck_assert(touched(card));
	ck_assert_int_eq(card_ioctl(card, control, CUIO_IOCTL_READ, &access), 0);
	ck_assert(!touched(card));
	ck_assert_int_eq(card_ioctl(card, control, CUIO_IOCTL_WRITE, &access), 0);
	ck_assert(touched(card));
	card_free(card);
}
END_TEST

static const char *refused(const struct cuio_driver *what, const char *description)
{
	static char findings[4096];
	struct cuio_test *card = card_new_driver(&driver, description, NULL);
	const struct device_setup setup = {
		.instance = card->instance,
		.driver = what,
		.hardware = card->hardware,
		.saved = card->saved,
		.fresh = true,
	};
	struct report report = { 0 };
	struct cuio_device *device;

	ck_assert_int_eq(device_new(&setup, &report, &device), -EINVAL);
	snprintf(findings, sizeof(findings), "%s", report.text);
	report_done(&report);
	card_free(card);
	return findings;
}

static int map_nothing(const struct cuio_device *device, unsigned node)
{
	(void)device, (void)node;
	return -ENODEV;
}

START_TEST(what_is_not_served_is_refused)
{
	static const struct cuio_driver_interrupt interrupts[] = { { "tx" }, { "rx" } };
	static const struct cuio_driver_field unknown[] = { { CONTROL, "parity" } };
	struct cuio_driver more = driver;

	more.interrupts = interrupts;
	more.n_interrupts = 2;
	more.map = map_nothing;
	ck_assert_ptr_nonnull(strstr(refused(&more, text), "has several interrupts, which"));
	ck_assert_ptr_nonnull(strstr(refused(&more, text), "has map(), which"));
	more = driver;
	more.fields = unknown;
	more.n_fields = 1;
	ck_assert_ptr_nonnull(strstr(refused(&more, text),
				     "register control has no field parity: the driver contract "
				     "needs Field=parity"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("driver_registers");
	TCase *tcase = tcase_create("driver_registers");

	tcase_add_test(tcase, a_field_is_written_between_the_other_bits);
	tcase_add_test(tcase, an_element_is_its_own_register);
	tcase_add_test(tcase, elements_of_others_choice_are_checked);
	tcase_add_test(tcase, eagain_is_an_answer);
	tcase_add_test(tcase, data_of_an_earlier_call_are_not_sent);
	tcase_add_test(tcase, the_core_notes_what_the_hardware_may_have_seen);
	tcase_add_test(tcase, what_is_not_served_is_refused);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
