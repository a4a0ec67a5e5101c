/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "base/document.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct report report;

static struct document *parse_bytes(const char *text, size_t size)
{
	struct document *document = NULL;

	report_done(&report);
	document_parse("f", text, size, &report, &document);
	return document;
}

static struct document *parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void check_finding(const char *text, const char *expected)
{
	struct document *document = parse(text);

	ck_assert_ptr_null(document);
	ck_assert_msg(report.text && !strncmp(report.text, expected, strlen(expected)),
		      "expected \"%s\", found \"%s\"", expected, report.text);
	report_done(&report);
}

START_TEST(sections_and_entries_know_their_lines)
{
	struct document *document =
		parse("# comment\n\n[Register status]\nOffset=0x20\nField=a 0\n Field = b 1\n"
		      "[Empty]\n; comment\n[Last]\nx=y=z\n");
	struct section *section = document_section(document, "Register", "status");
	struct entry *entry;

	ck_assert_uint_eq(document->n_sections, 3);
	ck_assert_uint_eq(section->line, 3);
	entry = section_entry(document, section, "Offset", &report);
	ck_assert_str_eq(entry->value, "0x20");
	ck_assert_uint_eq(entry->line, 4);
	entry = section_next(section, "Field", NULL);
	ck_assert_uint_eq(entry->line, 5);
	entry = section_next(section, "Field", entry);
	ck_assert_str_eq(entry->value, "b 1");
	ck_assert_uint_eq(entry->line, 6);
	ck_assert_ptr_null(section_next(section, "Field", entry));
	ck_assert_uint_eq(document_section(document, "Empty", NULL)->line, 7);
	section = document_section(document, "Last", NULL);
	ck_assert_str_eq(section->entries[0].value, "y=z");
	ck_assert_uint_eq(section->entries[0].line, 10);
	ck_assert_ptr_null(document_section(document, "Register", NULL));
	document_free(document);
}
END_TEST

START_TEST(bom_crlf_and_a_missing_last_newline_are_fine)
{
	struct document *document = parse("\xef\xbb\xbf[A]\r\nx=1\r\n\r\ny=2");
	struct section *section = document_section(document, "A", NULL);

	ck_assert_str_eq(section->entries[0].value, "1");
	ck_assert_str_eq(section->entries[1].value, "2");
	ck_assert_uint_eq(section->entries[1].line, 4);
	document_free(document);
}
END_TEST

START_TEST(indented_lines_are_no_continuations)
{
	struct document *document = parse("[A]\nx=1\n  y=2\n");

	ck_assert_uint_eq(document->sections[0].n_entries, 2);
	document_free(document);
	check_finding("[A]\nx=1\n  more of it\n", "f:3: neither a comment");
}
END_TEST

START_TEST(lines_are_neither_cut_nor_joined)
{
	char text[512] = "[A]\nx=";

	memset(text + 6, 'v', 300);
	text[6 + 188] = '\n';
	text[6 + 189] = 0;
	document_free(parse(text));
	ck_assert_ptr_null(report.text);
	text[6 + 188] = 'v';
	text[6 + 189] = '\n';
	text[6 + 190] = 0;
	check_finding(text, "f:2: line of 191 characters, expected 190 at most");
	strcpy(text, "[");
	memset(text + 1, 's', 49);
	strcpy(text + 50, "]\nx=1\n");
	check_finding(text, "f:1: section name of 49 characters, expected 48");
}
END_TEST

START_TEST(what_inih_would_swallow_is_reported)
{
	check_finding("[A]\nx=1 ; comment\n", "f:2: ';' after a blank");
	check_finding("[A]\nx=1\t; comment\n", "f:2: ';' after a blank");
	check_finding("[A]\nx: 1\n", "f:2: neither");
	check_finding("[A]\nx: 1=2\n", "f:2: bad key");
	check_finding("[A]\nx y=2\n", "f:2: bad key");
	check_finding("[A]\n=2\n", "f:2: no key");
	check_finding("[A]\nnonsense\n", "f:2: neither");
	check_finding("[A] x\n", "f:1: text after");
	check_finding("[A\n", "f:1: section without its ']'");
	check_finding("[ ]\n", "f:1: section without a name");
	check_finding("x=1\n[A]\n", "f:1: key before the first [Section]");
	document_free(parse("[A]\nx=1;2\n"));
	ck_assert_ptr_null(report.text);
}
END_TEST

START_TEST(sections_may_not_repeat)
{
	check_finding("[A b]\nx=1\n[A  b]\n", "f:3: second section [A  b], the first is on line 1");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
	ck_assert_ptr_null(parse_bytes("[A]\nx=a\0b\n", 10));
	ck_assert_str_eq(report.text, "f:2: NUL byte, expected text\n");
	check_finding("[A]\nx=\x1b[0m\n", "f:2: control character");
	check_finding("[A]\nx=\xff\n", "f:2: not UTF-8");
	check_finding("[A]\nx=\xc3", "f:2: not UTF-8");
	check_finding("[A]\nx=\xed\xa0\x80\n", "f:2: not UTF-8");
	document_free(parse("[A]\nx=\xc3\xa4\n"));
	ck_assert_ptr_null(report.text);
}
END_TEST

START_TEST(all_findings_are_reported)
{
	check_finding("[A]\nfoo\n[A]\nx=1 ;\n", "f:2: neither a comment, a [Section] nor "
						"KEY=VALUE\nf:3: second section [A], the first is "
						"on line 1\nf:4: ';' after");
}
END_TEST

START_TEST(a_file_must_be_a_regular_one_of_modest_size)
{
	struct document *document;
	char folder[] = "/tmp/test_document.XXXXXX";
	auto_free char *path = NULL;
	FILE *file;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_gt(asprintf(&path, "%s/f", folder), 0);
	ck_assert_int_eq(document_load(path, &report, &document), -ENOENT);
	ck_assert_ptr_nonnull(strstr(report.text, "/f: No such file or directory\n"));
	report_done(&report);
	ck_assert_int_eq(document_load(folder, &report, &document), -EINVAL);
	ck_assert_ptr_nonnull(strstr(report.text, "not a regular file"));
	report_done(&report);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(document_load(path, &report, &document), -EINVAL);
	unlink(path);
	report_done(&report);

	file = fopen(path, "w");
	fputs("[A]\nx=1\n", file);
	fclose(file);
	ck_assert_int_eq(document_load(path, &report, &document), 0);
	document_free(document);
	ck_assert_int_eq(truncate(path, DOCUMENT_SIZE_MAX + 1), 0);
	ck_assert_int_eq(document_load(path, &report, &document), -EINVAL);
	ck_assert_ptr_nonnull(strstr(report.text, "larger than 1024 KiB"));
	unlink(path);
	rmdir(folder);
	report_done(&report);
}
END_TEST

START_TEST(values_are_checked_with_their_line)
{
	struct document *document =
		parse("[A]\nn=0x10\no=010\nbad=12x\nneg=-1\nbig=99999999999999999999\nb=maybe\n"
		      "w=red\nempty=\n");
	struct section *section = document_section(document, "A", NULL);
	static const char *const words[] = { "read", "write", NULL };
	unsigned long long n = 7;
	unsigned word;
	bool flag;

#define ENTRY(key) section_entry(document, section, key, &report)
	ck_assert_int_eq(value_number(document, ENTRY("n"), 0, 100, &report, &n), 0);
	ck_assert_uint_eq(n, 16);
	ck_assert_int_eq(value_number(document, ENTRY("o"), 0, 100, &report, &n), 0);
	ck_assert_uint_eq(n, 8);
	ck_assert_int_eq(value_number(document, ENTRY("n"), 0, 15, &report, &n), -EINVAL);
	ck_assert_uint_eq(n, 8);
	value_number(document, ENTRY("bad"), 0, 15, &report, &n);
	value_number(document, ENTRY("neg"), 0, 15, &report, &n);
	value_number(document, ENTRY("big"), 0, UINT64_MAX, &report, &n);
	value_number(document, ENTRY("empty"), 0, 1, &report, &n);
	value_bool(document, ENTRY("b"), &report, &flag);
	value_word(document, ENTRY("w"), words, &report, &word);
	ck_assert_str_eq(report.text, "f:2: n=0x10 is out of range, expected 0..15\n"
				      "f:4: bad=12x is no number, expected 0..15\n"
				      "f:5: neg=-1 is no number, expected 0..15\n"
				      "f:6: big=99999999999999999999 is out of range, expected "
				      "0..0xffffffffffffffff\n"
				      "f:9: empty= is no number, expected 0..1\n"
				      "f:7: b=maybe, expected yes or no\n"
				      "f:8: unknown w=red, did you mean read?\n");
	report_done(&report);
	document_free(document);
}
END_TEST

START_TEST(what_nobody_used_is_reported)
{
	struct document *document = parse("[A]\nx=1\nyes=2\n[Beta]\nz=1\n");
	struct section *section = document_section(document, "A", NULL);

	section_entry(document, section, "x", &report);
	ck_assert_int_eq(section_unused(document, section, "x, yess", &report), -EINVAL);
	ck_assert_int_eq(document_unused(document, "A, Better", &report), -EINVAL);
	ck_assert_str_eq(report.text, "f:3: unknown key yes= in [A], did you mean yess?\n"
				      "f:4: unknown section [Beta], there are A, Better\n");
	document_free(document);
	report_done(&report);
	document = parse("[A]\nx=1\nx=2\n");
	section_entry(document, document_section(document, "A", NULL), "x", &report);
	ck_assert_str_eq(report.text, "f:3: second x= in one section, the first is on line 2\n");
	document_free(document);
	report_done(&report);
}
END_TEST

START_TEST(a_renamed_setting_is_taken_under_its_old_name_with_a_warning)
{
	struct document *document = parse("[A]\nold=1\n");
	struct section *section = document_section(document, "A", NULL);

	ck_assert_str_eq(section_entry_renamed(document, section, "new", "old", &report)->value,
			 "1");
	ck_assert_uint_eq(report.count, 0);
	ck_assert_int_eq(section_unused(document, section, "new", &report), 0);
	ck_assert_str_eq(report.warnings,
			 "f:2: old= is called new= now; the old name still works\n");
	document_free(document);
	document = parse("[A]\nnew=1\nold=2\n");
	section = document_section(document, "A", NULL);
	section_entry_renamed(document, section, "new", "old", &report);
	ck_assert_str_eq(report.text, "f:3: old= is the old name of new=, which is on line 2\n");
	ck_assert_ptr_null(report.warnings);
	document_free(document);
	report_done(&report);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("document");
	TCase *tc = tcase_create("document");

	tcase_add_test(tc, sections_and_entries_know_their_lines);
	tcase_add_test(tc, bom_crlf_and_a_missing_last_newline_are_fine);
	tcase_add_test(tc, indented_lines_are_no_continuations);
	tcase_add_test(tc, lines_are_neither_cut_nor_joined);
	tcase_add_test(tc, what_inih_would_swallow_is_reported);
	tcase_add_test(tc, sections_may_not_repeat);
	tcase_add_test(tc, bytes_that_are_no_text_are_refused);
	tcase_add_test(tc, all_findings_are_reported);
	tcase_add_test(tc, a_file_must_be_a_regular_one_of_modest_size);
	tcase_add_test(tc, values_are_checked_with_their_line);
	tcase_add_test(tc, what_nobody_used_is_reported);
	tcase_add_test(tc, a_renamed_setting_is_taken_under_its_old_name_with_a_warning);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
