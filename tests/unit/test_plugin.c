// SPDX-License-Identifier: GPL-2.0-or-later
// Plug-ins: which files are taken for one, who may run their code, and what is wrong with their
// tables.
#include "config/configuration.h"
#include "plugin.h"
#include "suite.h"
#include <errno.h>
#include <fcntl.h>

/* --- which file ------------------------------------------------------------------------------- */

START_TEST(name_finds_a_file_in_two_folders)
{
	const struct cuio_driver *driver;
	struct stat status;

	ck_assert_int_eq(get("good", driver_ask, &driver), 0);
	ck_assert_str_eq(driver->name, "good");
	ck_assert_uint_eq(driver->device_state, 4);
	ck_assert_uint_eq(driver->state_version, 3);
	ck_assert_uint_eq(driver->n_options, 1);
	ck_assert_str_eq(driver->options[0].name, "Step");
	ck_assert_ptr_null(driver->ioctls);
	driver_unload(driver);
	/* The local one comes first. */
	run("install -m 644 %s/misnamed.so %s/good.so", shared, local);
	ck_assert_int_lt(get("good", driver_ask, &driver), 0);
	check_finding(
		"/usr/local/lib/cuio/drivers/good.so: the driver's name is another, expected good");
	run("rm %s/good.so", local);
	ck_assert_int_eq(stat(local, &status), 0);
}
END_TEST

START_TEST(unknown_name_says_where_was_looked)
{
	const struct cuio_driver *driver;

	ck_assert_int_lt(get("uart1655", driver_ask, &driver), 0);
	check_finding("t.device:2: no driver uart1655, did you mean uart16550?\n"
		      "t.device:2: no plug-in uart1655.so in /usr/local/lib/cuio/drivers nor in "
		      "/usr/lib/cuio/drivers\n");
	ck_assert_int_lt(get("../drivers/good", driver_ask, &driver), 0);
	check_finding("no driver ../drivers/good");
}
END_TEST

START_TEST(file_must_be_roots_alone)
{
	static const char changed[] = "others than root may change ";

	run("cp %s/good.so %s/open.so; chmod 664 %s/open.so", shared, shared, shared);
	refused("open", changed);
	run("chmod 646 %s/open.so", shared);
	refused("open", changed);
	if (geteuid() == 0) {
		run("chmod 644 %s/open.so; chown 1234 %s/open.so", shared, shared);
		refused("open", "others than root may change it (owner 1234, mode 0644)");
	}
	run("rm %s/open.so", shared);
	run("chmod 775 %s/usr/lib/cuio", root);
	refused("good", "others than root may change /tmp/");
	run("chmod 755 %s/usr/lib/cuio", root);
}
END_TEST

START_TEST(symlink_is_as_good_as_where_it_leads)
{
	const struct cuio_driver *driver;

	run("mkdir -m 755 %s/place; mv %s/good.so %s/place; ln -s %s/place/good.so %s", root,
	    shared, root, root, shared);
	ck_assert_int_eq(get("good", driver_ask, &driver), 0);
	driver_unload(driver);
	run("chmod 777 %s/place", root);
	refused("good", "/place (owner");
	run("mv %s/place/good.so %s/; rmdir %s/place", root, shared, root);
}
END_TEST

START_TEST(file_must_be_a_shared_object)
{
	run("mkdir %s/folder.so", shared);
	refused("folder", "it is no regular file, expected a shared object");
	run("rmdir %s/folder.so; echo text >%s/text.so", shared, shared);
	refused("text", "file too short; expected a shared object for this machine");
	run("yes text | head -n 1000 >%s/text.so", shared);
	refused("text", "invalid ELF header; expected a shared object for this machine");
	/* Of another machine: e_machine is at 18. */
	run("cp %s/good.so %s/text.so; printf '\\001\\001' | "
	    "dd of=%s/text.so bs=1 seek=18 conv=notrunc status=none",
	    shared, shared, shared);
	refused("text", "expected a shared object for this machine");
	run("rm %s/text.so", shared);
	refused("undefined", "undefined symbol: cuio_of_tomorrow; expected");
}
END_TEST

/* --- what it is asked ------------------------------------------------------------------------- */

START_TEST(tables_of_another_build_are_refused)
{
	char larger[128];

	snprintf(larger, sizeof(larger),
		 "its struct cuio_driver has %zu bytes, this cuio's %zu: it was built for a later "
		 "cuio",
		 sizeof(struct cuio_driver) + 8, sizeof(struct cuio_driver));
	refused("later",
		"it was built for version 2 of the contract, this cuio has 1: build it anew");
	refused("larger", larger);
	refused("nameless", "it has no symbol cuio_plugin: its source lacks CUIO_PLUGIN(driver)");
	refused("misnamed",
		"the driver's name is another, expected misnamed, as its file is called");
}
END_TEST

START_TEST(plugin_that_does_not_answer_is_a_finding)
{
	refused("crashing", "it crashed while it was asked for its tables: Aborted");
	refused("ending", "it ended the process that asked for its tables, with status 3");
	refused("silent", "it crashed while it was asked for its tables: Killed");
	refused("forging", "it gives no sound answer about its tables");
}
END_TEST

START_TEST(plugin_that_hangs_is_a_finding)
{
	refused("hanging", "it hung while it was asked for its tables");
}
END_TEST

/* What a constructor has found that it may do is in the driver's options. */
START_TEST(asked_plugin_can_do_nothing)
{
	static const struct {
		const char *name;
		uint64_t value;
	} expected[] = {
		{ "Step", 2 },	      { "User", NOBODY },  { "Write", EPERM }, { "Socket", EPERM },
		{ "Process", EPERM }, { "Signal", EPERM }, { "Files", 5 + 1 }, { "Memory", ENOMEM },
	};
	const struct cuio_driver *driver;

	/* Something that is to be had. */
	ck_assert_int_ge(open("/dev/null", O_RDWR), 3);
	ck_assert_msg(get("looking", driver_ask, &driver) == 0, "%s", report.text);
	ck_assert_uint_eq(driver->n_options, 8);
	for (size_t i = 0; i < 8; i++) {
		uint64_t value = driver->options[i].default_value;

		ck_assert_str_eq(driver->options[i].name, expected[i].name);
		if (i == 1 && geteuid() != 0)
			ck_assert_uint_eq(value, getuid());
#ifdef __SANITIZE_ADDRESS__ /* has no such limit */
		else if (i == 7)
			continue;
#endif
		/* The loader has the library open once more while a constructor runs, or not. */
		else if (i == 6)
			ck_assert_uint_le(value, expected[i].value);
		else
			ck_assert_msg(value == expected[i].value, "%s: %llu", expected[i].name,
				      (unsigned long long)value);
	}
	driver_unload(driver);
	ck_assert_int_lt(access("written-by-a-plug-in", F_OK), 0);
}
END_TEST

START_TEST(root_does_not_load_one)
{
	const struct cuio_driver *driver;

	if (geteuid() != 0)
		return;
	/* It would end this process. */
	ck_assert_int_lt(get("ending", driver_load, &driver), 0);
	check_finding("root does not run plug-ins: start the service");
}
END_TEST

START_TEST(check_does_not_run_one_here)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/t.device", root);
	file = fopen(path, "w");
	fputs("[Device]\nDriver=ending\n", file);
	fclose(file);
	ck_assert_int_lt(configuration_check((char *[]){ path, NULL }), 0);
	file = fopen(path, "w");
	fputs("[Device]\nDriver=good\n[Driver]\nStep=200\n", file);
	fclose(file);
	ck_assert_int_lt(configuration_check((char *[]){ path, NULL }), 0);
}
END_TEST

/* --- in an instance file ---------------------------------------------------------------------- */

static int load_instance(const char *setting, struct instance **ret)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/t.device", root);
	file = fopen(path, "w");
	fputs("[Device]\nDriver=registers\n" REGISTERS, file);
	fclose(file);
	snprintf(path, sizeof(path), "%s/t.conf", root);
	file = fopen(path, "w");
	fprintf(file, "[Device]\nDescription=./t.device\nBackend=sim\n%s\n", setting);
	fclose(file);
	report_done(&report);
	return instance_load("t", path, &report, ret);
}

START_TEST(instance_names_a_path)
{
	static const struct {
		const char *setting, *finding;
	} wrong[] = {
		{ "Driver=good", "t.conf:4: Driver=good, expected the absolute path of a plug-in" },
		{ "Driver=/opt/good", "expected the absolute path" },
		{ "Driver=/opt/../good.so", "expected the absolute path" },
		{ "Driver=/opt/.so", "expected the absolute path" },
		{ "Driver=/opt/registers.so",
		  "registers is the name of one of cuio's own drivers" },
		{ "Driver=/opt/ne2000.so", "ne2000 is the name of one of cuio's own drivers" },
		{ "Driver=/home/me/good.so", "t.conf:4: Driver=/home/me/good.so: the service does "
					     "not see /home, install the plug-in in "
					     "/usr/local/lib/cuio/drivers" },
		{ "Driver=/tmp/good.so", "the service does not see /tmp" },
	};
	const struct cuio_driver *driver;
	struct instance *instance;
	char path[512];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_int_lt(load_instance(wrong[i].setting, &instance), 0);
		check_finding(wrong[i].finding);
	}
	ck_assert_int_eq(load_instance("Driver=/opt/none.so", &instance), 0);
	ck_assert_int_lt(configuration_ask_driver(instance->description, NULL, &report, &driver),
			 0);
	check_finding("t.conf:4: plug-in /opt/none.so: there is no such file");
	/* The test's own folder is one that a service would not see. */
	snprintf(path, sizeof(path), "%s/good.so", shared);
	ck_assert_int_eq(description_set_plugin(instance->description, "good", path, "t.conf", 4),
			 0);
	report_done(&report);
	ck_assert_int_eq(configuration_ask_driver(instance->description, NULL, &report, &driver),
			 0);
	ck_assert_str_eq(driver->name, "good");
	driver_unload(driver);
	instance_free(instance);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plugin");
	TCase *tcase = tcase_create("plugin");

	tcase_add_unchecked_fixture(tcase, make_root, remove_root);
	tcase_add_checked_fixture(tcase, NULL, forget);
	tcase_add_test(tcase, name_finds_a_file_in_two_folders);
	tcase_add_test(tcase, unknown_name_says_where_was_looked);
	tcase_add_test(tcase, file_must_be_roots_alone);
	tcase_add_test(tcase, symlink_is_as_good_as_where_it_leads);
	tcase_add_test(tcase, file_must_be_a_shared_object);
	tcase_add_test(tcase, tables_of_another_build_are_refused);
	tcase_add_test(tcase, plugin_that_does_not_answer_is_a_finding);
	tcase_add_test(tcase, plugin_that_hangs_is_a_finding);
	tcase_add_test(tcase, asked_plugin_can_do_nothing);
	tcase_add_test(tcase, root_does_not_load_one);
	tcase_add_test(tcase, check_does_not_run_one_here);
	tcase_add_test(tcase, instance_names_a_path);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
