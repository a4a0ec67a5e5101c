// SPDX-License-Identifier: GPL-2.0-or-later
// Saved memory on which somebody has written: the successor refuses it, or goes on as if nothing
// were; it never crashes, hangs, or gives a wrong answer.
//
// CUIO_DAMAGE_TRIALS=N tries more (default 3000), CUIO_DAMAGE_SEED=N the same again, in words.
#include "base/checksum.h"
#include "base/log.h"
#include "image.h"
#include "leftover.h"
#include "suite.h"
#include <syslog.h>
#include <time.h>

static struct kernel *kernel;
static struct leftover leftover;
static struct image image;
static uint64_t last_unique;
static bool answered[4096];
static size_t used[65536], n_used; /* where the image is not zero */

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static void setup(void)
{
	kernel = kernel_new(&mailbox);
	leftover_make(kernel, &leftover);
	kernel_await_sleep(kernel->daemon); /* nothing is half done */
	kernel_kill_daemon(kernel);
	image_take(&image, kernel->saved);
	for (size_t at = 0; at < image.size && n_used < 65536; at++)
		if (image.bytes[at])
			used[n_used++] = at;
	last_unique = kernel->unique;
	memcpy(answered, kernel->answered, sizeof(answered));
	log_set_level(LOG_EMERG);
}

static void teardown(void)
{
	image_done(&image);
	kernel_free(kernel);
}

/* Starts the next daemon with this memory. False: it refused it. */
static bool go_on(const struct image *with)
{
	uint8_t rest[4096];

	while (recv(kernel->channel, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		;
	kernel->unique = last_unique;
	memcpy(kernel->answered, answered, sizeof(answered));
	close(kernel->saved);
	kernel->saved = image_memory(with);
	kernel_start_daemon(kernel, false);
	return !kernel_is_refused(kernel);
}

/* What was left is whole, or was not taken. */
static bool check(const struct image *with)
{
	if (!go_on(with))
		return false;
	leftover_check(kernel, &leftover);
	kernel_kill_daemon(kernel);
	return true;
}

/* --- random damage --------------------------------------------------------------------------- */

static size_t random_below(size_t limit)
{
	return ((size_t)random() << 31 | (size_t)random()) % limit;
}

/* Mostly where something is, or near it: most of the memory is zero. */
static size_t random_place(size_t room)
{
	size_t at = random_below(image.size - room);

	if (random_below(8) == 0)
		return at;
	at = used[random_below(n_used)];
	at -= random_below(at < room ? at + 1 : room);
	return at < image.size - room ? at : 0;
}

static void damage(uint8_t *bytes, unsigned long trial)
{
	static const char *const kinds[] = { "bit",   "byte",	      "word", "line of noise",
					     "zeros", "another line", "ones" };
	unsigned kind = (unsigned)random_below(sizeof(kinds) / sizeof(kinds[0]));
	size_t room = kind < 2 ? 1 : kind == 2 ? 8 : 64;
	size_t at = random_place(room), from = random_place(room);

	switch (kind) {
	case 0:
		bytes[at] ^= (uint8_t)(1U << random_below(8));
		break;
	case 4:
		memset(bytes + at, 0, room);
		break;
	case 5:
		memmove(bytes + at, bytes + from, room);
		break;
	case 6:
		memset(bytes + at, 0xff, room);
		break;
	default:
		for (size_t i = 0; i < room; i++)
			bytes[at + i] = (uint8_t)random();
	}
	if (getenv("CUIO_DAMAGE_SEED"))
		fprintf(stderr, "# trial %lu: %s at %#zx\n", trial, kinds[kind], at);
}

static void try_damage(unsigned long trials)
{
	unsigned long seed = number("CUIO_DAMAGE_SEED", (unsigned long)time(NULL)), refused = 0;
	struct image damaged = { .bytes = malloc(image.size), .size = image.size };

	fprintf(stderr, "# CUIO_DAMAGE_SEED=%lu\n", seed);
	srandom((unsigned)seed);
	for (unsigned long i = 0; i < trials; i++) {
		memcpy(damaged.bytes, image.bytes, image.size);
		for (unsigned n = 1 + (unsigned)random_below(3); n; n--)
			damage(damaged.bytes, i);
		refused += !check(&damaged);
	}
	free(damaged.bytes);
	ck_assert_uint_gt(refused, trials / 20);
	ck_assert_uint_lt(refused, trials);
}

/* As if it had been killed a little earlier. */
static void set_phase(enum transaction_phase phase)
{
	const struct saved_header *header = image_at(&image, 0);
	uint32_t *saved = NULL;

	for (size_t i = 0; i < header->n_areas; i++)
		if (!strcmp(header->areas[i].name, "transaction"))
			saved = image_at(&image, header->areas[i].offset);
	ck_assert_ptr_nonnull(saved);
	*saved = check16(phase);
}

static const enum transaction_phase phases[] = { PHASE_IDLE, PHASE_COMMITTED, PHASE_RUNNING };
#define N_PHASES ((int)(sizeof(phases) / sizeof(phases[0])))

START_TEST(memory_that_is_whole_is_taken)
{
	set_phase(phases[_i]);
	ck_assert(check(&image));
}
END_TEST

START_TEST(random_damage_is_refused_or_harmless)
{
	set_phase(phases[_i]);
	try_damage(number("CUIO_DAMAGE_TRIALS", 3000) / (unsigned)(_i + 1));
}
END_TEST

/* There is no sum over what the kernel has just written, and nobody knows who waits for it. */
START_TEST(noise_where_a_request_lands_hurts_nobody_else)
{
	const struct saved_header *header = image_at(&image, 0);
	size_t landing = 0;

	for (size_t i = 0; i < header->n_areas; i++)
		if (!strcmp(header->areas[i].name, "receive"))
			landing = header->areas[i].offset;
	ck_assert_uint_ne(landing, 0);
	for (unsigned trial = 0; trial < 500; trial++) {
		struct fuse_in_header *request = image_at(&image, landing);
		uint8_t *body = (uint8_t *)(request + 1);

		*request = (struct fuse_in_header){
			.len = (uint32_t)random_below(trial & 1 ? 300 : UINT32_MAX),
			.opcode = (uint32_t)random_below(60),
			.unique = 1000000,
		};
		for (unsigned i = 0; i < 200; i++)
			body[i] = (uint8_t)random_below(random_below(2) ? 4 : 256);
		memset(body, 0xff, sizeof(uint64_t)); /* no file that is open */
		check(&image);
	}
}
END_TEST

START_TEST(a_checksum_notices_what_a_fletcher_sum_does_not)
{
	uint64_t words[6] = { 7, 7, 7, 7, 7, 7 }, sum = checksum(1, words, sizeof(words));

	words[1] += 1, words[2] -= 2, words[3] += 1;
	ck_assert(checksum(1, words, sizeof(words)) != sum);
	ck_assert(checksum_text(checksum_text(1, "ab"), "c") !=
		  checksum_text(checksum_text(1, "a"), "bc"));
	ck_assert(checksum_text(checksum_text(1, "12345678"), "") != checksum_text(1, "12345678"));
}
END_TEST

START_TEST(a_fletcher_sum_notices_words_that_change_places)
{
	uint64_t words[29], sum;

	for (unsigned i = 0; i < 29; i++)
		words[i] = i * i + 3;
	sum = fletcher64_end(fletcher64_add((struct fletcher64){ .sum = 5 }, words, 29));
	for (unsigned i = 0; i < 29; i++)
		for (unsigned j = 0; j < i; j++) {
			uint64_t word = words[i];

			words[i] = words[j];
			words[j] = word;
			ck_assert(fletcher64_end(fletcher64_add((struct fletcher64){ .sum = 5 },
								words, 29)) != sum);
			words[j] = words[i];
			words[i] = word;
		}
}
END_TEST

START_TEST(a_fletcher_sum_without_a_word_is_as_if_it_were_zero)
{
	uint64_t words[13];

	for (unsigned n = 1; n <= 13; n++)
		for (unsigned i = 0; i < n; i++) {
			struct fletcher64 with;

			for (unsigned j = 0; j < 13; j++)
				words[j] = ~(uint64_t)j << j;
			with = fletcher64_add((struct fletcher64){ .sum = 9 }, words, n);
			with = fletcher64_without(with, words[i], n - 1 - i);
			words[i] = 0;
			ck_assert_uint_eq(fletcher64_end(with),
					  fletcher64_end(fletcher64_add(
						  (struct fletcher64){ .sum = 9 }, words, n)));
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("damaged saved memory");
	TCase *sums = tcase_create("sums");
	TCase *tests = tcase_create("damage");

	tcase_set_timeout(tests, 600);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, memory_that_is_whole_is_taken, 0, N_PHASES);
	tcase_add_loop_test(tests, random_damage_is_refused_or_harmless, 0, N_PHASES);
	tcase_add_test(tests, noise_where_a_request_lands_hurts_nobody_else);
	suite_add_tcase(suite, tests);
	tcase_add_test(sums, a_checksum_notices_what_a_fletcher_sum_does_not);
	tcase_add_test(sums, a_fletcher_sum_notices_words_that_change_places);
	tcase_add_test(sums, a_fletcher_sum_without_a_word_is_as_if_it_were_zero);
	suite_add_tcase(suite, sums);
	return suite_run(suite);
}
