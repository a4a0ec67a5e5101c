/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cards in a false sysfs: finding them, and what is written to bind one. */
#include "hardware/card.h"
#include "hardware/pci.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char root[64];
static struct report report;

static void sysfs(const char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes a file below the false sysfs. */
static void sysfs(const char *text, const char *format, ...)
{
	char path[256];
	va_list arguments;
	FILE *file;
	int used = snprintf(path, sizeof(path), "%s/", root);

	va_start(arguments, format);
	vsnprintf(path + used, sizeof(path) - (size_t)used, format, arguments);
	va_end(arguments);
	file = fopen(path, "w");
	ck_assert_msg(file != NULL, "%s", path);
	fputs(text, file);
	fclose(file);
}

static const char *read_sysfs(const char *format, const char *argument)
{
	static char text[128];
	char name[128], path[256];
	FILE *file;

	snprintf(name, sizeof(name), format, argument);
	snprintf(path, sizeof(path), "%s/%s", root, name);
	file = fopen(path, "r");
	text[0] = '\0';
	if (file) {
		text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
		fclose(file);
	}
	return text;
}

static void command(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void command(const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	ck_assert_int_eq(system(text), 0);
}

static const char none[] = "0x0000000000000000 0x0000000000000000 0x0000000000000000\n";

static void add_card(const char *slot, const char *vendor, const char *device, const char *irq,
		     const char *resources)
{
	command("mkdir -p %s/devices/%s", root, slot);
	sysfs(vendor, "devices/%s/vendor", slot);
	sysfs(device, "devices/%s/device", slot);
	sysfs("0x00ff00\n", "devices/%s/class", slot);
	sysfs(irq, "devices/%s/irq", slot);
	sysfs(resources, "devices/%s/resource", slot);
	sysfs("(null)\n", "devices/%s/driver_override", slot);
	sysfs("", "devices/%s/config", slot);
}

static void setup(void)
{
	char edu[1024], serial[1024];

	report = (struct report){ 0 };
	strcpy(root, "/tmp/cuio-pci-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	command("mkdir -p %s/devices %s/drivers/serial %s/drivers/uio_pci_generic", root, root,
		root);
	snprintf(edu, sizeof(edu),
		 "0x00000000fea00000 0x00000000feafffff 0x0000000000040200\n%s"
		 "0x0000000800000000 0x00000008000fffff 0x000000000014220c\n%s%s%s%s",
		 none, none, none, none, none);
	snprintf(serial, sizeof(serial),
		 "0x000000000000c050 0x000000000000c057 0x0000000000040101\n%s%s%s%s%s%s", none,
		 none, none, none, none, none);
	add_card("0000:00:04.0", "0x1234\n", "0x11e8\n", "11\n", edu);
	add_card("0000:00:05.0", "0x1b36\n", "0x0002\n", "10\n", serial);
	add_card("0001:02:1f.7", "0x1b36\n", "0x0002\n", "0\n", serial);
	command("ln -s ../../drivers/serial %s/devices/0000:00:05.0/driver", root);
	pci_card_set_root(root);
}

static void teardown(void)
{
	command("rm -rf %s", root);
	pci_card_set_root(NULL);
	report_done(&report);
}

static int find(const char *name, struct pci_card *card)
{
	return pci_card_find(name, NULL, "x.conf", 3, &report, card);
}

START_TEST(names_are_identities_or_slots)
{
	static const char *const good[] = { "pci:1234:11e8", "pci:1234:11E8", "pci:0000:00:04.0",
					    "pci:10000:e1:1f.7" };
	static const char *const bad[] = { "1234:11e8",
					   "pci:1234",
					   "pci:1234:11e",
					   "pci:1234:11e8:1",
					   "pci:00:04.0",
					   "pci:0000:00:20.0",
					   "pci:0000:00:04.8",
					   "pci:0000:00:04.0 ",
					   "pci:*:11e8",
					   "pci:0x12:11e8",
					   "" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(pci_card_check_name(good[i]) == 0, "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(pci_card_check_name(bad[i]) < 0, "%s", bad[i]);
}
END_TEST

START_TEST(a_card_is_found_with_all_that_sysfs_says)
{
	struct pci_card card;

	ck_assert_int_eq(find("pci:1234:11E8", &card), 0);
	ck_assert_str_eq(card.slot, "0000:00:04.0");
	ck_assert_uint_eq(card.vendor, 0x1234);
	ck_assert_uint_eq(card.device, 0x11e8);
	ck_assert_uint_eq(card.irq, 11);
	ck_assert_str_eq(card.driver, "");
	ck_assert_str_eq(card.driver_override, "");
	ck_assert_uint_eq(card.bars[0].start, 0xfea00000);
	ck_assert_uint_eq(card.bars[0].size, 0x100000);
	ck_assert(!card.bars[0].ports && !card.bars[0].prefetchable);
	ck_assert_uint_eq(card.bars[1].size, 0);
	ck_assert(card.bars[2].start == 0x800000000);
	ck_assert(card.bars[2].prefetchable);
}
END_TEST

START_TEST(ports_and_a_driver_are_seen)
{
	struct pci_card card;

	ck_assert_int_eq(find("pci:0000:00:05.0", &card), 0);
	ck_assert_str_eq(card.driver, "serial");
	ck_assert(card.bars[0].ports);
	ck_assert_uint_eq(card.bars[0].start, 0xc050);
	ck_assert_uint_eq(card.bars[0].size, 8);
}
END_TEST

START_TEST(other_domains_and_no_interrupt_are_seen)
{
	struct pci_card card;

	ck_assert_int_eq(find("pci:0001:02:1f.7", &card), 0);
	ck_assert_uint_eq(card.irq, 0);
}
END_TEST

START_TEST(a_missing_card_is_said_with_a_cure)
{
	struct pci_card card;

	ck_assert_int_eq(find("pci:dead:beef", &card), -ENODEV);
	ck_assert_ptr_nonnull(
		strstr(report.text, "x.conf:3: there is no card pci:dead:beef in this machine"));
	ck_assert_ptr_nonnull(strstr(report.text, "lspci"));
}
END_TEST

START_TEST(several_cards_are_listed)
{
	struct pci_card card;

	ck_assert_int_eq(find("pci:1b36:0002", &card), -ENOTUNIQ);
	ck_assert_ptr_nonnull(strstr(report.text, "2 cards match pci:1b36:0002"));
	ck_assert_ptr_nonnull(strstr(report.text, "pci:0000:00:05.0"));
	ck_assert_ptr_nonnull(strstr(report.text, "pci:0001:02:1f.7"));
}
END_TEST

START_TEST(a_slot_must_hold_what_the_description_is_for)
{
	struct pci_card card;

	ck_assert_int_eq(
		pci_card_find("pci:0000:00:05.0", "pci:1234:11e8", "x.conf", 3, &report, &card),
		-EINVAL);
	ck_assert_str_eq(report.text, "x.conf:3: card pci:0000:00:05.0 is a pci:1b36:0002, but the "
				      "description is for pci:1234:11e8\n");
}
END_TEST

START_TEST(no_sysfs_is_no_crash)
{
	struct pci_card card;

	pci_card_set_root("/nonexistent");
	ck_assert_int_eq(find("pci:1234:11e8", &card), -ENODEV);
	ck_assert_uint_eq(report.count, 1);
}
END_TEST

static int check(const struct window_spec *window, bool interrupt, const char *card)
{
	const struct hardware_spec spec = { .backend = "uio",
					    .card = card,
					    .file = "x.conf",
					    .line = 3,
					    .windows = window,
					    .n_windows = 1,
					    .interrupt = interrupt };
	struct pci_card found;

	return card_check(&spec, &report, &found);
}

START_TEST(windows_are_checked_against_the_card)
{
	static const struct {
		struct window_spec window;
		const char *finding;
	} cases[] = {
		{ { "w", 0, WINDOW_MEMORY, false, 0x100000, "x.device", 7 }, NULL },
		{ { "w", 2, WINDOW_MEMORY, true, 0x100000, "x.device", 7 }, NULL },
		{ { "w", 0, WINDOW_MEMORY, false, 0x100001, "x.device", 7 },
		  "x.device:7: window w: the description needs 0x100001 bytes, but BAR 0" },
		{ { "w", 1, WINDOW_MEMORY, false, 4, "x.device", 7 }, "has no BAR 1" },
		{ { "w", 6, WINDOW_MEMORY, false, 4, "x.device", 7 }, "BARs 0 to 5, not 6" },
		{ { "w", 0, WINDOW_PORTS, false, 4, "x.device", 7 }, "is memory, not I/O ports" },
		{ { "w", 0, WINDOW_MEMORY, true, 4, "x.device", 7 }, "not prefetchable" },
		{ { "w", 0, WINDOW_CONFIG, false, 0x1000, "x.device", 7 }, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int r = check(&cases[i].window, true, "pci:1234:11e8");

		ck_assert_int_eq(r, cases[i].finding ? -EINVAL : 0);
		if (cases[i].finding)
			ck_assert_msg(strstr(report.text, cases[i].finding) != NULL, "%s",
				      report.text);
		report_done(&report);
	}
}
END_TEST

START_TEST(a_missing_interrupt_line_is_said)
{
	static const struct window_spec window = { "w", 0, WINDOW_PORTS, false, 8, "x.device", 7 };

	ck_assert_int_eq(check(&window, false, "pci:0001:02:1f.7"), 0);
	ck_assert_int_eq(check(&window, true, "pci:0001:02:1f.7"), -EINVAL);
	ck_assert_ptr_nonnull(strstr(report.text, "has no interrupt line"));
}
END_TEST

/* Added to a running machine, it has a pin, and no number until it is bound. */
START_TEST(an_interrupt_line_may_have_no_number_yet)
{
	static const struct window_spec window = { "w", 0, WINDOW_PORTS, false, 8, "x.device", 7 };

	command("printf '%%061d\\001\\000\\000' 0 >%s/devices/0001:02:1f.7/config", root);
	ck_assert_int_eq(check(&window, true, "pci:0001:02:1f.7"), 0);
	command("ln -s ../../drivers/uio_pci_generic %s/devices/0001:02:1f.7/driver", root);
	ck_assert_int_eq(check(&window, true, "pci:0001:02:1f.7"), -EINVAL);
	ck_assert_ptr_nonnull(strstr(report.text, "has no interrupt line"));
}
END_TEST

START_TEST(a_card_owned_by_the_kernel_is_not_opened)
{
	static const struct window_spec window = { "w", 0, WINDOW_PORTS, false, 8, "x.device", 7 };
	const struct hardware_spec spec = { .backend = "uio",
					    .card = "pci:0000:00:05.0",
					    .file = "x.conf",
					    .line = 3,
					    .instance = "ser0",
					    .windows = &window,
					    .n_windows = 1 };
	struct hardware *card;
	struct fds *fds;

	ck_assert_int_eq(fds_new(&fds), 0);
	ck_assert_int_eq(hardware_open(&spec, fds, &report, &card), -EBUSY);
	ck_assert_str_eq(
		report.text,
		"x.conf:3: card pci:0000:00:05.0 is owned by the kernel driver \"serial\"; "
		"`systemctl start cuio-bind@ser0` takes it over until it is stopped\n");
	fds_free(fds);
}
END_TEST

START_TEST(a_refused_binding_leaves_the_card_as_it_was)
{
	struct pci_card card;

	/* The false sysfs binds nothing, so this fails as a driver that refuses would. */
	sysfs("", "drivers_probe");
	ck_assert_int_eq(find("pci:0000:00:04.0", &card), 0);
	ck_assert_int_lt(pci_card_bind(&card, PCI_CARD_USER_DRIVER, &report), 0);
	ck_assert_str_eq(read_sysfs("devices/%s/driver_override", card.slot), "\n");
	ck_assert_str_eq(read_sysfs("%s", "drivers_probe"), "0000:00:04.0");
	ck_assert_ptr_nonnull(strstr(report.text, "card pci:0000:00:04.0: the driver "
						  "\"uio_pci_generic\" refuses it"));
}
END_TEST

/* The command register of a card, as its configuration space shows it. */
static unsigned command_of(const char *slot)
{
	const char *text = read_sysfs("devices/%s/config", slot);

	return (unsigned char)text[4] | (unsigned)(unsigned char)text[5] << 8;
}

static void set_command(const char *slot, unsigned value)
{
	char octal[80];

	snprintf(octal, sizeof(octal), "vvdd\\%03o\\%03o0123456789", value & 0xffU, value >> 8);
	command("printf '%s' >%s/devices/%s/config", octal, root, slot);
}

START_TEST(a_bound_card_has_no_bus_mastering)
{
	struct pci_card card;

	command("ln -s ../../drivers/uio_pci_generic %s/devices/0000:00:04.0/driver", root);
	set_command("0000:00:04.0", 0x0507);
	ck_assert_int_eq(find("pci:0000:00:04.0", &card), 0);
	ck_assert_int_eq(pci_card_bind(&card, PCI_CARD_USER_DRIVER, &report), 0);
	ck_assert_uint_eq(command_of("0000:00:04.0"), 0x0503);
	set_command("0000:00:04.0", 0x0107);
	(void)pci_card_restore("0000:00:04.0", "", "", &report);
	ck_assert_uint_eq(command_of("0000:00:04.0"), 0x0503);
}
END_TEST

START_TEST(it_is_known_whether_an_iommu_translates)
{
	ck_assert(!pci_card_is_translated("0000:00:04.0"));
	command("mkdir %s/devices/0000:00:04.0/iommu_group", root);
	sysfs("identity\n", "devices/%s/iommu_group/type", "0000:00:04.0");
	ck_assert(!pci_card_is_translated("0000:00:04.0"));
	sysfs("DMA-FQ\n", "devices/%s/iommu_group/type", "0000:00:04.0");
	ck_assert(pci_card_is_translated("0000:00:04.0"));
}
END_TEST

START_TEST(a_bound_card_is_left_alone)
{
	struct pci_card card;

	set_command("0000:00:04.0", 0x0503);
	command("ln -s ../../drivers/uio_pci_generic %s/devices/0000:00:04.0/driver", root);
	ck_assert_int_eq(find("pci:0000:00:04.0", &card), 0);
	ck_assert_int_eq(pci_card_bind(&card, PCI_CARD_USER_DRIVER, &report), 0);
	ck_assert_str_eq(read_sysfs("devices/%s/driver_override", card.slot), "(null)\n");
}
END_TEST

START_TEST(a_card_that_is_gone_or_anothers_is_not_given_back)
{
	ck_assert_int_eq(pci_card_restore("0000:00:09.0", "serial", "", &report), -ENODEV);
	ck_assert_int_eq(pci_card_restore("0000:00:05.0", "", "", &report), 0);
	ck_assert_str_eq(read_sysfs("devices/%s/driver_override", "0000:00:05.0"), "(null)\n");
	ck_assert_uint_eq(report.count, 0);
}
END_TEST

START_TEST(a_card_without_a_driver_is_quieted)
{
	set_command("0000:00:04.0", 0x0107);
	ck_assert_int_eq(pci_card_quiet("0000:00:04.0"), 1);
	ck_assert_uint_eq(command_of("0000:00:04.0"), 0x0507);
	ck_assert_int_eq(pci_card_quiet("0000:00:04.0"), 0);
	/* The kernel's driver has this one. */
	set_command("0000:00:05.0", 0x0107);
	ck_assert_int_eq(pci_card_quiet("0000:00:05.0"), 0);
	ck_assert_uint_eq(command_of("0000:00:05.0"), 0x0107);
	ck_assert_int_eq(pci_card_quiet("0000:00:09.0"), -ENOENT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pci");
	TCase *cases = tcase_create("cards");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, names_are_identities_or_slots);
	tcase_add_test(cases, a_card_is_found_with_all_that_sysfs_says);
	tcase_add_test(cases, ports_and_a_driver_are_seen);
	tcase_add_test(cases, other_domains_and_no_interrupt_are_seen);
	tcase_add_test(cases, a_missing_card_is_said_with_a_cure);
	tcase_add_test(cases, several_cards_are_listed);
	tcase_add_test(cases, a_slot_must_hold_what_the_description_is_for);
	tcase_add_test(cases, no_sysfs_is_no_crash);
	tcase_add_test(cases, windows_are_checked_against_the_card);
	tcase_add_test(cases, a_missing_interrupt_line_is_said);
	tcase_add_test(cases, an_interrupt_line_may_have_no_number_yet);
	tcase_add_test(cases, a_card_owned_by_the_kernel_is_not_opened);
	tcase_add_test(cases, a_refused_binding_leaves_the_card_as_it_was);
	tcase_add_test(cases, a_bound_card_is_left_alone);
	tcase_add_test(cases, a_bound_card_has_no_bus_mastering);
	tcase_add_test(cases, it_is_known_whether_an_iommu_translates);
	tcase_add_test(cases, a_card_that_is_gone_or_anothers_is_not_given_back);
	tcase_add_test(cases, a_card_without_a_driver_is_quieted);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
