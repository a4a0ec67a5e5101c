// SPDX-License-Identifier: GPL-2.0-or-later
// The NE2000 driver when its card or its process is in trouble: overruns, nonsense, crashes.
#include "driver/ne2000/card.h"
#include "hardware/backend.h"
#include "ne2000.h"
#include "suite.h"
#include <sys/wait.h>

#define RING_START PAGE_START
#define RING_STOP  PAGE_STOP

/* Sends past the driver, which learns nothing of it: as another on the wire would. */
static void hear_frame(const uint8_t *to, size_t size, unsigned number)
{
	uint8_t frame[NE2000_FRAME_MAX + 3] = { 0 };
	uint32_t word;

	fill(frame, to, size, number);
	card_poke(card, "cr", 0x22);
	card_poke(card, "rbcr0", (size + 3) & 0xfc);
	card_poke(card, "rbcr1", (size + 3) >> 8);
	card_poke(card, "rsar0", 0);
	card_poke(card, "rsar1", 0x40);
	card_poke(card, "cr", 0x12);
	for (size_t i = 0; i < size; i += sizeof(word)) {
		memcpy(&word, frame + i, sizeof(word));
		card_poke(card, "dataport", word);
	}
	card_poke(card, "tpsr", 0x40);
	card_poke(card, "tbcr0", size & 0xff);
	card_poke(card, "tbcr1", size >> 8);
	card_poke(card, "cr", 0x26);
	while (card_peek(card, "cr") & 4)
		;
}

/* 9 frames of this size fit into the ring. */
static void flood(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		hear_frame(own, NE2000_FRAME_MAX, i);
}

START_TEST(overrun_is_recovered_from)
{
	uint64_t held = 9; /* frames of six pages, in a ring of 58 */
	struct ne2000_statistics now;

	flood(12);
	ck_assert_uint_eq(card_peek(card, "isr") & 0x10, 0x10);
	ck_assert(card_until(card, has_received, &held));
	for (unsigned i = 0; i < held; i++)
		take_frame(own, NE2000_FRAME_MAX, i);
	send_frame(own, 100, 99);
	take_frame(own, 100, 99);
	now = statistics();
	ck_assert_uint_eq(now.rx_overruns, 1);
	ck_assert_uint_eq(now.rx_missed, 3);
	ck_assert_uint_eq(now.rx_frames, held + 1);
	ck_assert_uint_eq(now.rx_errors, 0);
}
END_TEST

static bool can_take_or_missed(struct cuio_test *unused, void *context)
{
	const uint64_t *missed = context;

	return can_take(unused, NULL) || statistics().rx_missed >= *missed;
}

/* The recovery stops the chip, which has no time to end the frame. On a machine that is busy the
 * frame may be out before: the ring is still full, and the card misses it, which is no fault. */
START_TEST(overrun_cuts_no_frame_off)
{
	uint8_t frame[NE2000_FRAME_MAX];
	uint64_t missed;

	fill(frame, own, sizeof(frame), 50);
	do {
		missed = statistics().rx_missed + 2;
		flood(10);
		ck_assert_int_eq(card_write(card, node, frame, sizeof(frame)), sizeof(frame));
		for (unsigned i = 0; i < 9; i++)
			take_frame(own, NE2000_FRAME_MAX, i);
		ck_assert(card_until(card, can_take_or_missed, &missed));
	} while (!can_take(card, NULL));
	take_frame(own, NE2000_FRAME_MAX, 50);
	ck_assert_uint_eq(statistics().tx_errors, 0);
}
END_TEST

/* As a call leaves the chip that died in the middle of remote DMA, or with page 1 selected. */
static void die_inside(unsigned how)
{
	card_poke(card, "rbcr0", 200);
	card_poke(card, "rbcr1", 0);
	card_poke(card, "rsar0", 0);
	card_poke(card, "rsar1", RING_START);
	card_poke(card, "cr", how == 1 ? 0x12 : 0x0a);
	card_peek(card, "dataport");
	if (how == 2)
		card_poke(card, "cr", 0x62);
	card_crash(card);
}

START_TEST(crash_inside_remote_dma_costs_nothing)
{
	send_frame(own, 300, 0);
	for (unsigned i = 0; i < 30; i++) {
		die_inside(i % 3);
		take_frame(own, 300 + i, i);
		send_frame(own, 301 + i, i + 1);
		die_inside(i % 3);
	}
	take_frame(own, 330, 30);
	ck_assert_uint_eq(statistics().rx_frames, 31);
	ck_assert_uint_eq(statistics().tx_frames, 31);
	ck_assert_uint_eq(statistics().rx_errors, 0);
}
END_TEST

START_TEST(crash_while_sending_and_waiting)
{
	for (unsigned i = 0; i < 10; i++) {
		send_frame(own, 1000, i);
		card_crash(card);
	}
	for (unsigned i = 0; i < 10; i++)
		take_frame(own, 1000, i);
	card_crash(card);
	ck_assert(!can_take(card, NULL));
	ck_assert_uint_eq(statistics().rx_frames, 10);
}
END_TEST

static bool is_stopped(struct cuio_test *unused, void *context)
{
	return card_peek(card, "cr") & 1 || has_received(unused, context);
}

START_TEST(crash_during_recovery_ends_it)
{
	uint64_t held = 9;

	flood(10);
	/* The interrupt has begun it, its timer has hardly come. */
	ck_assert(card_until(card, is_stopped, &held));
	for (unsigned i = 0; i < 3; i++)
		card_crash(card);
	ck_assert(card_until(card, has_received, &held));
	ck_assert_uint_eq(statistics().rx_overruns, 1);
	send_frame(own, 60, 50);
	for (unsigned i = 0; i < held; i++)
		take_frame(own, NE2000_FRAME_MAX, i);
	take_frame(own, 60, 50);
}
END_TEST

/* --- death at any access ------------------------------------------------------------------------
 */

static const struct window_ops *inner;
static unsigned accesses_left;

static void live_on(void)
{
	if (accesses_left-- == 0)
		_exit(1);
}

static uint64_t mortal_read(const struct window *window, uint64_t offset, unsigned width)
{
	live_on();
	return inner->read(window, offset, width);
}

static void mortal_write(const struct window *window, uint64_t offset, unsigned width,
			 uint64_t value)
{
	live_on();
	inner->write(window, offset, width, value);
}

static const struct window_ops mortal_ops = { .read = mortal_read, .write = mortal_write };

/* Another process does `what` and dies before the access of this number: whether it came to that.
 * Then card_crash() finds hardware and saved memory as that left them. */
static bool dies_at(unsigned number, void (*what)(void))
{
	struct window *window = (struct window *)hardware_window(card->hardware, "ports");
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		inner = window->ops;
		window->ops = &mortal_ops;
		accesses_left = number;
		what();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	/* The other one has set the simulator's timer, which this one does not know. */
	hardware_interrupt_mask(card->hardware);
	return WEXITSTATUS(status) == 1;
}

static uint32_t wanted_frames;

static bool has_kept_all(struct cuio_test *unused, void *context)
{
	const struct ne2000 *state = card_state(card);

	(void)unused, (void)context;
	return state->received == wanted_frames && !state->recovering;
}

static void wait_for_frames(void)
{
	card_until(card, has_kept_all, NULL);
}

/* While nobody serves, as many small frames come as the ring has pages left. */
static unsigned fill_ring(unsigned number)
{
	unsigned ring = PAGE_STOP - PAGE_START, room;

	card_poke(card, "cr", 0x62);
	room = (unsigned)card_peek(card, "curr");
	card_poke(card, "cr", 0x22);
	room = ((unsigned)card_peek(card, "bnry") + ring - room) % ring;
	for (unsigned i = 0; i < room; i++)
		hear_frame(own, 60, number + i);
	return room;
}

/* As it is, and with a ring that is filled up before anybody looks. */
START_TEST(death_while_receiving_costs_nothing)
{
	bool dies = true;
	unsigned more = 0;

	for (unsigned number = 0; dies; number++) {
		wanted_frames += 3;
		for (unsigned i = 0; i < 3; i++)
			hear_frame(own, 60 + i, number + i);
		dies = dies_at(number, wait_for_frames);
		if (_i)
			more = fill_ring(number);
		wanted_frames += more;
		card_crash(card);
		ck_assert(card_until(card, has_kept_all, NULL));
		for (unsigned i = 0; i < 3; i++)
			take_frame(own, 60 + i, number + i);
		for (unsigned i = 0; i < more; i++)
			take_frame(own, 60, number + i);
		ck_assert(!can_take(card, NULL));
	}
	ck_assert_uint_eq(statistics().rx_frames, wanted_frames);
	ck_assert_uint_eq(statistics().rx_errors, 0);
}
END_TEST

START_TEST(death_in_an_overrun_does_not_last)
{
	bool dies = true;

	/* The first hundreds of accesses take frames, which others have seen to. */
	for (unsigned number = 0; dies; number += number < 20 ? 1 : 97) {
		wanted_frames += 9;
		flood(10);
		dies = dies_at(number, wait_for_frames);
		card_crash(card);
		ck_assert(card_until(card, has_kept_all, NULL));
		for (unsigned i = 0; i < 9; i++)
			take_frame(own, NE2000_FRAME_MAX, i);
		send_frame(own, 200, number);
		take_frame(own, 200, number);
		wanted_frames++;
	}
	ck_assert_uint_eq(statistics().rx_frames, wanted_frames);
}
END_TEST

static void write_first(void)
{
	uint8_t frame[NE2000_FRAME_MAX];

	fill(frame, own, sizeof(frame), 1);
	card_write(card, node, frame, sizeof(frame));
}

/* What is sent next does not get mixed up with a frame that is on its way. */
START_TEST(death_while_sending_leaves_whole_frames)
{
	uint8_t frame[NE2000_FRAME_MAX], first[NE2000_FRAME_MAX];
	bool dies = true;
	ssize_t size;

	fill(first, own, sizeof(first), 1);
	/* Most accesses move the frame, which is the same each time. */
	for (unsigned number = 0; dies; number += number > 20 && number < 370 ? 50 : 1) {
		dies = dies_at(number, write_first);
		card_crash(card);
		send_frame(own, 100, 2);
		do {
			ck_assert(card_until(card, can_take, NULL));
			size = card_read(card, node, frame, sizeof(frame));
			if (size == sizeof(first))
				ck_assert_mem_eq(frame, first, sizeof(first));
		} while (size == sizeof(first));
		ck_assert_int_eq(size, 100);
		fill(frame + 200, own, 100, 2);
		ck_assert_mem_eq(frame, frame + 200, 100);
		ck_assert(card_until(card, can_send, NULL));
	}
	ck_assert_uint_eq(statistics().tx_errors, 0);
}
END_TEST

static void poke_ring(unsigned page, const uint8_t header[4])
{
	uint32_t word;

	memcpy(&word, header, sizeof(word));
	card_poke(card, "rbcr0", 4);
	card_poke(card, "rbcr1", 0);
	card_poke(card, "rsar0", 0);
	card_poke(card, "rsar1", page);
	card_poke(card, "cr", 0x12);
	card_poke(card, "dataport", word);
	card_poke(card, "cr", 0x22);
}

static bool has_found_it(struct cuio_test *unused, void *context)
{
	(void)unused;
	return statistics().rx_errors > *(uint64_t *)context || can_take(card, NULL);
}

START_TEST(nonsense_in_the_ring_is_left_behind)
{
	static const uint8_t headers[][4] = {
		{ 1, RING_STOP, 64, 0 },
		{ 1, RING_START, 64, 0 },
		{ 1, 0, 64, 0 },
		{ 1, 0xff, 0xff, 0xff },
		{ 1, RING_START + 1, 3, 0 },
		{ 1, RING_START + 1, 0, 6 },
		{ 1, RING_START + 9, 64, 0 },
		{ 1, RING_STOP - 1, 64, 0 },
		{ 0, RING_START + 1, 64, 0 },
		{ 1, RING_START + 1, 0xf0, 0 },
		{ 1, RING_START + 1, 17, 0 },
		{ 1, RING_START + 1, 253, 0 },
	};

	for (unsigned i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		uint64_t errors = statistics().rx_errors;
		bool good = headers[i][2] == 0xf0;

		card_close(card, node);
		node = card_open(card, O_RDWR);
		hear_frame(own, 60, i);
		poke_ring(RING_START, headers[i]);
		ck_assert(card_until(card, has_found_it, &errors));
		send_frame(own, 70, i);
		if (good) {
			uint8_t frame[NE2000_FRAME_MAX];

			ck_assert(card_until(card, can_take, NULL));
			ck_assert_int_eq(card_read(card, node, frame, sizeof(frame)), 0xf0 - 4);
		}
		take_frame(own, 70, i);
		ck_assert_uint_eq(statistics().rx_errors, errors + !good);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ne2000_trouble");
	TCase *tcase = tcase_create("ne2000_trouble");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, overrun_is_recovered_from);
	tcase_add_test(tcase, overrun_cuts_no_frame_off);
	tcase_add_test(tcase, crash_inside_remote_dma_costs_nothing);
	tcase_add_test(tcase, crash_while_sending_and_waiting);
	tcase_add_test(tcase, crash_during_recovery_ends_it);
	tcase_add_loop_test(tcase, death_while_receiving_costs_nothing, 0, 2);
	tcase_add_test(tcase, death_in_an_overrun_does_not_last);
	tcase_add_test(tcase, death_while_sending_leaves_whole_frames);
	tcase_add_test(tcase, nonsense_in_the_ring_is_left_behind);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
