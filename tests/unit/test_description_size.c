/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Large descriptions: what they cost grows as they do, and what is too large is refused. */
#include "base/cleanup.h"
#include "driver/table.h"
#include "suite.h"
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define HEAD "[Device]\n[Window w]\nBar=0\nSize=65536\n"

static struct report report;

struct text {
	char *bytes;
	size_t size;
	FILE *stream;
};

static void text_begin(struct text *text)
{
	*text = (struct text){ 0 };
	text->stream = open_memstream(&text->bytes, &text->size);
	fputs(HEAD, text->stream);
}

/* Whether it is a good description. What it holds stays allocated until `ret_bytes` was read. */
static bool load(const struct text *text, size_t *ret_bytes)
{
	struct description *description = NULL;
	const struct cuio_driver *driver = NULL;
	struct mallinfo2 before = mallinfo2(), after;
	int r;

	report_done(&report);
	r = description_parse("f", text->bytes, text->size, &report, &description);
	if (!r)
		r = driver_load(description, &report, &driver);
	if (!r)
		r = description_check_rest(description, &report);
	after = mallinfo2();
	*ret_bytes = after.uordblks + after.hblkhd - before.uordblks - before.hblkhd;
	driver_unload(driver);
	description_free(description);
	return !r;
}

static void sections(FILE *to, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		fprintf(to, "[Struct t%u]\nMember=a:u8\n", i);
}

static void unknown_sections(FILE *to, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		fprintf(to, "[Foo s%u]\n", i);
}

static void unknown_keys(FILE *to, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		fprintf(to, "Key%u=1\n", i);
}

static void registers(FILE *to, unsigned n)
{
	for (unsigned i = 0; i < n / 4; i++)
		fprintf(to, "[Register r%u]\nOffset=%u\n", i, 4 * i);
}

static void bad_registers(FILE *to, unsigned n)
{
	for (unsigned i = 0; i < n / 4; i++)
		fprintf(to, "[Register r%u]\nOffst=%u\nWidth=9\n", i, 4 * i);
}

static void members(FILE *to, unsigned n)
{
	fputs("[Struct s]\n", to);
	for (unsigned i = 0; i < n; i++)
		fprintf(to, "Member=m%u:u8\n", i);
}

static void variables(FILE *to, unsigned n)
{
	fputs("[State]\n", to);
	for (unsigned i = 0; i < n; i++)
		fprintf(to, "Device=v%u:u8\n", i);
}

static void constants(FILE *to, unsigned n)
{
	fputs("[Const]\nc0=1\n", to);
	for (unsigned i = 1; i < n; i++)
		fprintf(to, "c%u=c%u+1\n", i, i - 1);
}

static void ioctls(FILE *to, unsigned n)
{
	fputs("[Register r]\nOffset=0\n", to);
	for (unsigned i = 0; i < n / 4; i++)
		fprintf(to, "[Ioctl i%u]\nNumber=%u\nStep=read r x\nStep=write r x+1\n", i,
			1000000 + i);
}

/* Each step names the last of many members. */
static void operands(FILE *to, unsigned n)
{
	members(to, n);
	for (unsigned i = 0; i < n / 4; i++)
		fprintf(to,
			"[Ioctl i%u]\nNumber=_IOC(w,%u,%u,%u)\nArg=in:s\nStep=let x = arg.m%u\n", i,
			i / 256, i % 256, n, n - 1);
}

/* Each step has an unknown name, for which a similar one is looked for. */
static void unknown_names(FILE *to, unsigned n)
{
	variables(to, n);
	for (unsigned i = 0; i < n / 4; i++)
		fprintf(to, "[Ioctl i%u]\nNumber=%u\nStep=let x = q%u\n", i, 1000000 + i, i);
}

static void too_many_steps(FILE *to, unsigned n)
{
	fputs("[Start]\n", to);
	for (unsigned i = 0; i < n; i++)
		fputs("Step=let x = 1\n", to);
}

static const struct {
	void (*fill)(FILE *to, unsigned n);
	bool good;
} kinds[] = {
	{ sections, true },  { unknown_sections, false }, { unknown_keys, false },
	{ registers, true }, { bad_registers, false },	  { members, true },
	{ variables, true }, { constants, true },	  { ioctls, true },
	{ operands, true },  { unknown_names, false },	  { too_many_steps, false },
};

static uint64_t cpu_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void measure(const struct text *text, bool good, uint64_t *least, size_t *ret_bytes)
{
	uint64_t begin = cpu_time(), took;

	ck_assert_msg(load(text, ret_bytes) == good, "%s", report.text ? report.text : "good");
	took = cpu_time() - begin;
	if (took < *least)
		*least = took;
}

/* Eight times as much may cost eight times as much; three times that is the limit, for caches and
 * for comparing all of a few with each other. The square would be 64 times. The least of some runs
 * counts, as other processes disturb. */
START_TEST(cost_grows_as_the_text)
{
	uint64_t few = UINT64_MAX, many = UINT64_MAX;
	size_t few_bytes, many_bytes;
	struct text small, large;

	text_begin(&small);
	kinds[_i].fill(small.stream, 500);
	fclose(small.stream);
	text_begin(&large);
	kinds[_i].fill(large.stream, 4000);
	fclose(large.stream);
	for (int i = 0; i < 30 && (i < 3 || many > 24 * few); i++) {
		measure(&small, kinds[_i].good, &few, &few_bytes);
		measure(&large, kinds[_i].good, &many, &many_bytes);
	}
	ck_assert_msg(many <= 24 * few, "kind %d: %llu ns, eight times as much: %llu ns", _i,
		      (unsigned long long)few, (unsigned long long)many);
	/* A list's room is a power of 2. Nothing is counted with a sanitizer's malloc(). */
	ck_assert_msg(many_bytes <= 16 * few_bytes, "kind %d: %zu bytes, eight times as much: %zu",
		      _i, few_bytes, many_bytes);
	ck_assert_uint_le(many_bytes, 200 * large.size);
	report_done(&report);
	free(small.bytes);
	free(large.bytes);
}
END_TEST

static void check_limit(void (*fill)(FILE *to, unsigned n), unsigned most, const char *finding)
{
	size_t bytes;

	for (unsigned n = most; n <= most + 1; n++) {
		struct text text;

		text_begin(&text);
		fill(text.stream, n);
		fclose(text.stream);
		ck_assert_msg(n > most ? !load(&text, &bytes) && !strcmp(report.text, finding)
				       : load(&text, &bytes),
			      "%u: %s", n, report.text ? report.text : "good");
		free(text.bytes);
	}
	report_done(&report);
}

static void some_ioctls(FILE *to, unsigned n)
{
	ioctls(to, 4 * n);
}

static void some_registers(FILE *to, unsigned n)
{
	registers(to, 4 * n);
}

static void timers(FILE *to, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		fprintf(to, "[Timer t%u]\n", i);
}

static void excepts(FILE *to, unsigned n)
{
	fputs("[Register r]\nOffset=0\nCount=4096\n", to);
	for (unsigned i = 0; i < n; i++)
		fprintf(to, "Except=%u-%u\n", 8 * i, 8 * i + 3);
}

START_TEST(what_is_too_many_is_refused_with_its_line)
{
	check_limit(
		sections, 4094,
		"f:8193: more than 4096 sections in one file, which is the most there may be\n");
	check_limit(some_registers, 1024, "f:2053: more than 1024 registers\n");
	check_limit(some_ioctls, 1024, "f:4103: more than 1024 of [Ioctl NAME]\n");
	check_limit(timers, 8, "f:13: more than 8 of [Timer NAME]\n");
	check_limit(constants, 4096, "f:4102: more than 4096 constants\n");
	check_limit(members, 4096,
		    "f:4102: m4096 is one of more than 4096, the most there may be: expected "
		    "arrays, NAME[COUNT]\n");
	check_limit(excepts, 256, "f:264: more than 256 ranges of Except= in register r\n");
	check_limit(too_many_steps, 64,
		    "f:5: 65 steps, expected 64 at most: this wants a driver in C\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("description_size");
	TCase *tc = tcase_create("size");

	tcase_add_loop_test(tc, cost_grows_as_the_text, 0, sizeof(kinds) / sizeof(*kinds));
	tcase_add_test(tc, what_is_too_many_is_refused_with_its_line);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
