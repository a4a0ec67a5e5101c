// SPDX-License-Identifier: GPL-2.0-or-later
// What a driver's tables are held to: the drivers of this tree pass, and each mistake is told.
#include "driver/contract.h"
#include "driver/table.h"
#include "suite.h"
#include <errno.h>
#include <glob.h>
#include <string.h>

static struct report report;

static void forget(void)
{
	report_done(&report);
}

static void passes(const struct cuio_driver *driver)
{
	ck_assert_msg(contract_check_build(&driver->contract, &report) == 0, "%s: %s", driver->name,
		      report.text);
	ck_assert_msg(contract_check_driver(driver, &report) == 0, "%s: %s", driver->name,
		      report.text);
}

START_TEST(drivers_in_c_pass)
{
	ck_assert_ptr_nonnull(driver_table[0]);
	for (size_t i = 0; driver_table[i]; i++)
		passes(driver_table[i]);
}
END_TEST

START_TEST(drivers_made_of_steps_pass)
{
	glob_t files;

	ck_assert_int_eq(glob("daemon/driver/devices/*.device", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct description *description;
		const struct cuio_driver *driver;

		ck_assert_int_eq(description_load(files.gl_pathv[i], &report, &description), 0);
		ck_assert_int_eq(driver_load(description, &report, &driver), 0);
		passes(driver);
		driver_unload(driver);
		description_free(description);
	}
	globfree(&files);
}
END_TEST

/* --- mistakes --------------------------------------------------------------------------------- */

static int call(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		struct cuio_request *request, void *arg)
{
	(void)entry, (void)file, (void)request, (void)arg;
	return 0;
}

static int pieces(const struct cuio_driver_ioctl *entry, const void *arg,
		  struct cuio_driver_piece *ret_pieces)
{
	(void)entry, (void)arg, (void)ret_pieces;
	return 0;
}

#define LONG_NAME "a23456789b23456789c23456789d23456789e23456789f23456789g23456789h23"

#define OF(...) .name = "d", __VA_ARGS__
#define CALLED(...)                                                                                \
	OF(.n_ioctls = 1,                                                                          \
	   .ioctls = &(const struct cuio_driver_ioctl){ .call = call, .name = __VA_ARGS__ })
#define IOCTL(...)                                                                                 \
	OF(.n_ioctls = 1, .ioctls = &(const struct cuio_driver_ioctl){ .name = "go", __VA_ARGS__ })
#define MEMBER(...)                                                                                \
	IOCTL(.number = _IOR('x', 1, uint32_t), .argument = CUIO_ARGUMENT_OUT, .size = 4,          \
	      .call = call, .n_members = 1,                                                        \
	      .members = &(const struct cuio_driver_member){ __VA_ARGS__ })
#define REGISTER(...)                                                                              \
	OF(.n_registers = 1, .registers = &(const struct cuio_driver_register){ __VA_ARGS__ })
#define OPTION(...) OF(.n_options = 1, .options = &(const struct cuio_driver_option){ __VA_ARGS__ })

static const struct mistake {
	struct cuio_driver driver;
	const char *finding; /* NULL: it is right */
} mistakes[] = {
	{ { OF(.device_state = CUIO_DEVICE_STATE_MAX, .file_state = CUIO_FILE_STATE_MAX,
	       .request_state = CUIO_REQUEST_STATE_MAX, .n_timers = CUIO_TIMERS_MAX,
	       .restartable = 7, .unknown_ioctl = 511) },
	  NULL },
	{ { .name = NULL }, "the driver has no name" },
	{ { .name = "" }, "the driver's name is \"\", expected letters" },
	{ { .name = "../d" }, "the driver's name is \"../d\", expected letters" },
	{ { .name = LONG_NAME }, "expected letters, digits and \"._-\", at most 63" },
	{ { OF(.device_state = CUIO_DEVICE_STATE_MAX + 1) },
	  "its device_state is 4097, expected at most 4096" },
	{ { OF(.file_state = CUIO_FILE_STATE_MAX + 1) },
	  "its file_state is 513, expected at most 512" },
	{ { OF(.request_state = CUIO_REQUEST_STATE_MAX + 1) },
	  "its request_state is 513, expected at most 512" },
	{ { OF(.n_timers = CUIO_TIMERS_MAX + 1) }, "its n_timers is 9, expected at most 8" },
	{ { OF(.restartable = 8) }, "its restartable is 8, expected at most 7" },
	{ { OF(.unknown_ioctl = 512) }, "its unknown_ioctl is 512, expected at most 511" },
	{ { OF(.unknown_ioctl = -22) }, "its unknown_ioctl is 4294967274, expected at most 511" },
	{ { OF(.n_ioctls = 1) }, "n_ioctls is 1, but there is no table ioctls" },
	{ { OF(.n_registers = 1) }, "n_registers is 1, but there is no table registers" },
	{ { OF(.n_fields = 1) }, "n_fields is 1, but there is no table fields" },
	{ { OF(.n_windows = 1) }, "n_windows is 1, but there is no table windows" },
	{ { OF(.n_options = 1) }, "n_options is 1, but there is no table options" },
	{ { OF(.n_buffers = 1) }, "n_buffers is 1, but there is no table buffers" },
	{ { OF(.n_interrupts = 1) }, "n_interrupts is 1, but there is no table interrupts" },
	{ { OF(.n_options = CUIO_OPTIONS_MAX + 1) }, "n_options is 17, expected at most 16" },
	{ { OF(.n_windows = SIZE_MAX) }, "expected at most 6" },
	{ { OF(.n_ioctls = SIZE_MAX) }, "expected at most 4096" },
	{ { IOCTL(.call = call) }, NULL },
	{ { CALLED(NULL) }, "ioctls[0] has no name" },
	{ { CALLED(LONG_NAME) }, "ioctls[0]: its name is longer than 63 characters" },
	{ { IOCTL(.number = 1) }, "ioctl go has no call()" },
	{ { IOCTL(.argument = 5, .call = call) }, "ioctl go: its argument is 5, expected one of" },
	{ { IOCTL(.call = call, .n_members = 1) },
	  "n_members is 1, but there is no table members" },
	{ { IOCTL(.call = call, .number = _IOR('x', 1, uint32_t), .argument = CUIO_ARGUMENT_OUT,
		  .size = 4) },
	  NULL },
	{ { IOCTL(.call = call, .number = _IOR('x', 1, uint32_t), .argument = CUIO_ARGUMENT_OUT,
		  .size = 8) },
	  "is made for 4 bytes, the entry says 8: expected _IOW for IN" },
	{ { IOCTL(.call = call, .number = _IOR('x', 1, uint32_t), .argument = CUIO_ARGUMENT_IN,
		  .size = 4) },
	  "expected _IOW for IN" },
	{ { IOCTL(.call = call, .number = _IOW('x', 1, uint32_t)) },
	  "the kernel fetches 4 bytes for its number" },
	{ { IOCTL(.call = call, .pieces = pieces) },
	  "ioctl go has pieces(), which needs .unrestricted" },
	{ { .unrestricted = true,
	    IOCTL(.call = call, .number = 0x5401, .size = 60, .argument = 4, .pieces = pieces) },
	  NULL },
	{ { MEMBER(.name = "m", .width = 2, .offset = 2, .count = 1) }, NULL },
	{ { MEMBER(.width = 4, .count = 1) }, "go[0] has no name" },
	{ { MEMBER(.name = "m", .width = 2, .offset = 2, .count = 2) },
	  "ioctl go: the member m is not within its 4 bytes" },
	{ { MEMBER(.name = "m", .width = 3, .count = 1) }, "the member m is not within" },
	{ { MEMBER(.name = "m", .width = 4) }, "the member m is not within" },
	{ { REGISTER(.name = "r", .width = 8, .read = true) }, NULL },
	{ { REGISTER(.width = 4, .read = true) }, "registers[0] has no name" },
	{ { REGISTER(.name = "r", .width = 32, .read = true) },
	  "register r: expected .width of 1, 2, 4 or 8 bytes, and .read or .write" },
	{ { REGISTER(.name = "r", .width = 4) }, "and .read or .write" },
	{ { OF(.n_fields = 1, .fields = &(const struct cuio_driver_field){ .name = "f" }) },
	  "field f is of register 0, of which there are 0" },
	{ { OF(.n_windows = 1, .windows = (const char *const[]){ NULL }) },
	  "windows[0] has no name" },
	{ { OPTION(.name = "O", .max = 1) }, NULL },
	{ { OPTION(.max = 1) }, "options[0] has no name" },
	{ { OPTION(.name = "O", .min = 1, .max = 9) },
	  "option O: its default value 0 is not within 1 to 9" },
	{ { OPTION(.name = "O", .max = 9, .default_value = 10) },
	  "option O: its default value 10 is not within 0 to 9" },
};

START_TEST(mistake_is_told)
{
	const struct mistake *mistake = &mistakes[_i];
	int r = contract_check_driver(&mistake->driver, &report);

	ck_assert_int_eq(r, mistake->finding ? -EINVAL : 0);
	ck_assert_uint_eq(report.count, mistake->finding ? 1 : 0);
	if (mistake->finding)
		ck_assert_msg(strstr(report.text, mistake->finding) != NULL,
			      "expected: %s\nfound: %s", mistake->finding, report.text);
}
END_TEST

START_TEST(build_of_another_contract_is_told)
{
	struct cuio_contract built = CUIO_CONTRACT;

	ck_assert_int_eq(contract_check_build(&built, &report), 0);
	built.option_size++;
	ck_assert_int_eq(contract_check_build(&built, &report), -EINVAL);
	ck_assert_ptr_nonnull(strstr(report.text, "it was built for a later cuio"));
	built = (struct cuio_contract)CUIO_CONTRACT;
	built.driver_size = offsetof(struct cuio_driver, node_size);
	ck_assert_int_eq(contract_check_build(&built, &report), 0);
	built.field_size = 0;
	ck_assert_int_eq(contract_check_build(&built, &report), -EINVAL);
	ck_assert_ptr_nonnull(strstr(report.text, "its .contract is not CUIO_CONTRACT"));
	forget();
	built.version = 0;
	ck_assert_int_eq(contract_check_build(&built, &report), -EINVAL);
	ck_assert_ptr_nonnull(strstr(report.text, "it was built for version 0 of the contract, "
						  "this cuio has 1: build it anew"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("contract");
	TCase *tcase = tcase_create("contract");

	tcase_add_checked_fixture(tcase, NULL, forget);
	tcase_add_test(tcase, drivers_in_c_pass);
	tcase_add_test(tcase, drivers_made_of_steps_pass);
	tcase_add_loop_test(tcase, mistake_is_told, 0, sizeof(mistakes) / sizeof(mistakes[0]));
	tcase_add_test(tcase, build_of_another_contract_is_told);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
