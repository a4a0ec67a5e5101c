// SPDX-License-Identifier: GPL-2.0-or-later
// Plug-ins that serve: what is made of their tables, and a new build that is refused.
#include "base/stored.h"
#include "card.h"
#include "config/configuration.h"
#include "config/kept_files.h"
#include "plugin.h"
#include "suite.h"
#include <errno.h>
#include <sys/mman.h>

#define COUNT _IOR('p', 1, uint32_t)

/* --- serving with one ------------------------------------------------------------------------- */

static void serve(const char *name)
{
	struct cuio_test *card;
	char text[512];
	ssize_t file;
	uint32_t value;

	if (!give_up_root())
		return;
	snprintf(text, sizeof(text), "[Device]\nDriver=%s\n" REGISTERS, name);
	card = card_new_driver(NULL, text, "[Driver]\nStep=5\n");
	file = card_open(card, O_RDWR);
	ck_assert_int_eq(card_ioctl(card, file, COUNT, &value), 7);
	ck_assert_int_eq(card_ioctl(card, file, COUNT, &value), 7);
	ck_assert_uint_eq(value, 10);
	ck_assert_uint_eq(card_peek(card, "second"), 10);
	card_free(card);
}

START_TEST(good_one_serves)
{
	serve("good");
}
END_TEST

/* Its struct cuio_driver lacks node_size, its registers and members are shorter. */
START_TEST(older_build_serves)
{
	const struct cuio_driver *driver;

	serve("older");
	if (!give_up_root())
		return;
	ck_assert_int_eq(get("good", driver_load, &driver), 0);
	ck_assert_ptr_nonnull(driver->node_size);
	driver_unload(driver);
	ck_assert_int_eq(get("older", driver_load, &driver), 0);
	ck_assert_ptr_null(driver->node_size);
	ck_assert_str_eq(driver->ioctls[0].members[1].name, "high");
	ck_assert_uint_eq(driver->ioctls[0].members[1].offset, 2);
	ck_assert_str_eq(driver->registers[1].name, "second");
	ck_assert_uint_eq(driver->contract.driver_size, sizeof(struct cuio_driver));
	driver_unload(driver);
}
END_TEST

START_TEST(loaded_one_has_the_same_findings)
{
	static const char *const names[] = { "later", "larger", "nameless", "misnamed",
					     "undefined" };
	const struct cuio_driver *driver;
	char *asked;

	if (!give_up_root())
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ck_assert_int_lt(get(names[i], driver_ask, &driver), 0);
		asked = strdup(report.text);
		ck_assert_int_lt(get(names[i], driver_load, &driver), 0);
		ck_assert_str_eq(report.text, asked);
		free(asked);
	}
}
END_TEST

/* --- a new build ------------------------------------------------------------------------------ */

static void store(struct fds *fds, unsigned stored, int fd)
{
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fds_add(fds, stored_name(stored), fd), 0);
}

/* What a predecessor that served with `good` has left, when that file is another by now. */
START_TEST(refused_build_costs_nobody_his_node)
{
	const struct cuio_driver *driver;
	struct instance *instance;
	struct fds *fds;
	char path[512];
	FILE *file;
	int kept;

	run("install -m 644 %s/good.so %s", shared, local);
	snprintf(path, sizeof(path), "%s/good.so", local);
	ck_assert_int_eq(fds_new(&fds), 0);
	store(fds, STORED_PLUGIN, open(path, O_RDONLY | O_CLOEXEC));
	run("install -m 644 %s/later.so %s/new; mv %s/new %s/good.so", shared, local, local, local);
	snprintf(path, sizeof(path), "%s/t.device", root);
	file = fopen(path, "w");
	fputs("[Device]\nDriver=good\n" REGISTERS, file);
	fclose(file);
	snprintf(path, sizeof(path), "%s/t.conf", root);
	file = fopen(path, "w");
	fputs("[Device]\nDescription=./t.device\nBackend=sim\n", file);
	fclose(file);
	ck_assert_int_eq(instance_load("t", path, &report, &instance), 0);
	ck_assert_int_eq(kept_files_write(instance, &kept), 0);
	instance_free(instance);
	run("chmod 755 %s", root);
	if (!give_up_root())
		return;
	/* Nobody holds a node. */
	ck_assert_int_lt(configuration_load("t", path, fds, &instance, &driver), 0);
	store(fds, STORED_FILES, kept);
	store(fds, STORED_SAVED, memfd_create("saved", MFD_CLOEXEC));
	ck_assert_int_eq(configuration_load("t", path, fds, &instance, &driver), 0);
	ck_assert_str_eq(driver->name, "good");
	ck_assert_int_ge(driver_file(driver), 3);
	driver_unload(driver);
	instance_free(instance);
	fds_free(fds);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plugin_serve");
	TCase *tcase = tcase_create("plugin_serve");

	tcase_add_unchecked_fixture(tcase, make_root, remove_root);
	tcase_add_checked_fixture(tcase, NULL, forget);
	tcase_add_test(tcase, good_one_serves);
	tcase_add_test(tcase, older_build_serves);
	tcase_add_test(tcase, loaded_one_has_the_same_findings);
	/* The last: it leaves another good.so behind. */
	tcase_add_test(tcase, refused_build_costs_nobody_his_node);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
