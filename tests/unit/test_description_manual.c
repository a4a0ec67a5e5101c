/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every description in the manual pages is good: people copy from them. */
#include "base/cleanup.h"
#include "driver/table.h"
#include "regmap/description.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *path;
	unsigned examples; /* descriptions in it, at least */
} pages[] = { { "daemon/regmap/cuio.device-examples.7", 9 },
	      { "daemon/regmap/cuio.device.5", 0 },
	      { "daemon/config/cuio.conf.5", 1 } };

/* What mdoc writes for characters that a terminal would show otherwise. */
static void append_plain(char *text, size_t size, const char *line)
{
	static const struct {
		const char *escape, plain;
	} escapes[] = { { "\\(aq", '\'' },
			{ "\\(ha", '^' },
			{ "\\(ti", '~' },
			{ "\\-", '-' },
			{ "\\e", '\\' } };
	size_t used = strlen(text);

	while (*line && used + 1 < size) {
		size_t i = 0;

		if (!strncmp(line, "\\&", 2)) {
			line += 2;
			continue;
		}
		while (i < 5 && strncmp(line, escapes[i].escape, strlen(escapes[i].escape)) != 0)
			i++;
		if (i < 5)
			line += strlen(escapes[i].escape) - 1;
		text[used++] = i < 5 ? escapes[i].plain : *line;
		line++;
	}
	text[used] = 0;
}

static void check_example(const char *page, const char *text, unsigned line)
{
	struct report report = { 0 };
	struct description *description = NULL;
	const struct cuio_driver *driver = NULL;
	int r;

	r = description_parse("example.device", text, strlen(text), &report, &description);
	if (r >= 0)
		r = driver_load(description, &report, &driver);
	if (r >= 0)
		r = description_check_rest(description, &report);
	ck_assert_msg(r >= 0, "example on line %u of %s:\n%s", line, page, report.text);
	driver_unload(driver);
	description_free(description);
	report_done(&report);
}

START_TEST(every_example_of_the_manual_is_good)
{
	const char *page = pages[_i].path;
	auto_fclose FILE *file = fopen(page, "r");
	static char text[16384], line[512];
	unsigned number = 0, start = 0, examples = 0;

	ck_assert_msg(file, "%s is not there", page);
	while (fgets(line, sizeof(line), file)) {
		number++;
		if (!strncmp(line, ".Bd -literal", 12)) {
			start = number;
			text[0] = 0;
		} else if (!strncmp(line, ".Ed", 3)) {
			if (!strncmp(text, "[Device]\n", 9) && strstr(text, "[Window ")) {
				check_example(page, text, start);
				examples++;
			}
			start = 0;
		} else if (start) {
			append_plain(text, sizeof(text), line);
		}
	}
	ck_assert_uint_ge(examples, pages[_i].examples);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("description_manual");
	TCase *tc = tcase_create("manual");

	tcase_add_loop_test(tc, every_example_of_the_manual_is_good, 0,
			    sizeof(pages) / sizeof(pages[0]));
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
