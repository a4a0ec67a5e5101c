// SPDX-License-Identifier: GPL-2.0-or-later
// The NE2000 driver on a simulated card.
#include "ne2000.h"
#include "suite.h"
#include <errno.h>

static const uint8_t other[6] = { 0x52, 0x54, 0x00, 0x65, 0x43, 0x21 };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };
static const uint8_t collides[6] = { 0 }, endless[6] = { 0, 0, 0, 0, 0, 1 };

/* What was sent to nobody is gone: the next frame that arrives is another. */
static void ck_not_heard(const uint8_t *to)
{
	send_frame(to, 100, 77);
	send_frame(own, 100, 78);
	take_frame(own, 100, 78);
	ck_assert(!can_take(card, NULL));
}

START_TEST(frame_comes_back_as_it_was_sent)
{
	static const size_t sizes[] = { 14, 59, 60, 61, 62, 63, 64, 252, 253, 508, 1513, 1514 };

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		send_frame(own, sizes[i], i);
		take_frame(own, sizes[i], i);
	}
	ck_assert_uint_eq(statistics().rx_frames, sizeof(sizes) / sizeof(sizes[0]));
	ck_assert_uint_eq(statistics().tx_frames, sizeof(sizes) / sizeof(sizes[0]));
	ck_assert_uint_eq(statistics().tx_bytes, statistics().rx_bytes);
	ck_assert_uint_eq(statistics().tx_errors + statistics().rx_errors, 0);
}
END_TEST

START_TEST(ring_goes_round)
{
	for (unsigned i = 0; i < 60; i++) {
		send_frame(own, 1000 + 5 * i, i);
		take_frame(own, 1000 + 5 * i, i);
	}
}
END_TEST

START_TEST(sizes_are_checked)
{
	uint8_t frame[NE2000_FRAME_MAX + 1] = { 0 };

	ck_assert_int_eq(card_write(card, node, frame, 13), -EINVAL);
	ck_assert_int_eq(card_write(card, node, frame, 1515), -EMSGSIZE);
	ck_assert_uint_eq(statistics().tx_frames, 0);
}
END_TEST

START_TEST(small_buffer_cuts_the_frame)
{
	uint8_t start[20], wanted[100];

	fill(wanted, own, 100, 1);
	send_frame(own, 100, 1);
	ck_assert(card_until(card, can_take, NULL));
	ck_assert_int_eq(card_read(card, node, start, sizeof(start)), sizeof(start));
	ck_assert_mem_eq(start, wanted, sizeof(start));
	ck_assert_int_eq(card_read(card, node, start, sizeof(start)), -EAGAIN);
	ck_assert_uint_eq(statistics().rx_truncated, 1);
}
END_TEST

START_TEST(busy_transmitter_is_waited_for)
{
	uint8_t frame[NE2000_FRAME_MAX];

	fill(frame, other, sizeof(frame), 0);
	ck_assert_int_eq(card_write(card, node, frame, sizeof(frame)), sizeof(frame));
	ck_assert_int_eq(card_write(card, node, frame, sizeof(frame)), -EAGAIN);
	ck_assert_uint_eq(card_poll(card, node), 0);
	ck_assert(card_until(card, can_send, NULL));
	ck_assert_uint_eq(statistics().tx_frames, 1);
	/* Else its timer would have found out. */
	ck_assert_uint_eq(test_layout(card).device->interrupts, 1);
}
END_TEST

START_TEST(collisions_are_counted)
{
	send_frame(collides, 60, 0);
	send_frame(own, 60, 1);
	take_frame(own, 60, 1);
	ck_assert_uint_eq(statistics().tx_errors, 1);
}
END_TEST

START_TEST(hanging_transmitter_is_reset)
{
	send_frame(endless, 60, 0);
	send_frame(own, 60, 1);
	take_frame(own, 60, 1);
	ck_assert_uint_eq(statistics().tx_errors, 1);
}
END_TEST

START_TEST(address_is_the_proms)
{
	struct ne2000_address address;
	static const struct ne2000_address none = { { 0 } }, many = { { 3 } };

	ck_assert_int_eq(card_ioctl(card, node, NE2000_GET_ADDRESS, &address), 0);
	ck_assert_mem_eq(address.byte, own, 6);
	memcpy(address.byte, other, 6);
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_ADDRESS, &address), 0);
	send_frame(own, 60, 1);
	send_frame(other, 60, 2);
	take_frame(other, 60, 2);
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_ADDRESS, (void *)&none), -EADDRNOTAVAIL);
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_ADDRESS, (void *)&many), -EADDRNOTAVAIL);
	ck_assert_int_eq(card_ioctl(card, node, NE2000_GET_ADDRESS, &address), 0);
	ck_assert_mem_eq(address.byte, other, 6);
}
END_TEST

START_TEST(filter_is_as_asked_for)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct ne2000_multicast multicast = { { 0 } };
	uint32_t on = 1;

	send_frame(all, 60, 1);
	take_frame(all, 60, 1);
	ck_not_heard(other);
	ck_not_heard(group);
	ne2000_multicast_add(&multicast, group);
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_MULTICAST, &multicast), 0);
	send_frame(group, 60, 2);
	take_frame(group, 60, 2);
	ck_not_heard(other);
	memset(&multicast, 0, sizeof(multicast));
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_MULTICAST, &multicast), 0);
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_PROMISCUOUS, &on), 0);
	send_frame(other, 60, 3);
	take_frame(other, 60, 3);
	send_frame(group, 60, 4);
	take_frame(group, 60, 4);
	on = 2;
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_PROMISCUOUS, &on), -EINVAL);
	on = 0;
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_PROMISCUOUS, &on), 0);
	ck_not_heard(other);
	ck_not_heard(group);
}
END_TEST

/* The two ways to compute the hash, over many addresses: each bit alone lets its address through.
 */
START_TEST(hash_is_the_cards)
{
	for (unsigned i = 0; i < 40; i++) {
		uint8_t address[6] = { 0x33, 0x33, 0xff, (uint8_t)i, (uint8_t)(i * 37), 0x5a };
		struct ne2000_multicast multicast = { { 0 } };

		ne2000_multicast_add(&multicast, address);
		ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_MULTICAST, &multicast), 0);
		send_frame(address, 60, i);
		take_frame(address, 60, i);
	}
}
END_TEST

START_TEST(last_close_puts_all_back)
{
	struct ne2000_address address;
	uint32_t on = 1;
	ssize_t second = card_open(card, O_RDWR), looker = card_open(card, O_ACCMODE);

	memcpy(address.byte, other, 6);
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_ADDRESS, &address), 0);
	ck_assert_int_eq(card_ioctl(card, node, NE2000_SET_PROMISCUOUS, &on), 0);
	card_close(card, second);
	send_frame(group, 60, 1);
	take_frame(group, 60, 1);
	send_frame(group, 60, 1);
	ck_assert(card_until(card, can_take, NULL));
	ck_assert_uint_eq(card_peek(card, "cr") & 3, 2);
	card_close(card, node);
	ck_assert_uint_eq(card_peek(card, "cr") & 3, 1);
	ck_assert_int_eq(card_ioctl(card, looker, NE2000_GET_ADDRESS, &address), 0);
	ck_assert_mem_eq(address.byte, own, 6);
	node = card_open(card, O_RDWR);
	ck_assert(!can_take(card, NULL));
	ck_not_heard(group);
	ck_assert_uint_eq(statistics().rx_frames, 3);
}
END_TEST

START_TEST(frames_beyond_the_slots_are_dropped)
{
	uint64_t all = NE2000_FRAMES_MAX + 3;

	for (unsigned i = 0; i < all; i++)
		send_frame(own, 60, i);
	ck_assert(card_until(card, has_received, &all));
	ck_assert_uint_eq(statistics().rx_dropped, 3);
	for (unsigned i = 0; i < NE2000_FRAMES_MAX; i++)
		take_frame(own, 60, i);
	ck_assert(!can_take(card, NULL));
}
END_TEST

START_TEST(callers_of_32_bits_have_the_same_layouts)
{
	struct ne2000_statistics now;

	card->compat = true;
	ck_assert_int_eq(card_ioctl(card, node, NE2000_GET_STATISTICS, &now), 0);
	ck_assert_int_eq(card_ioctl(card, node, _IOR('N', 0x84, uint32_t), &now), -ENOTTY);
	ck_assert_int_eq(card_ioctl(card, node, _IO('N', 0x85), NULL), -ENOTTY);
}
END_TEST

/* A dump reads all registers whose reading has no side effect, at any time. */
START_TEST(reading_what_a_dump_reads_disturbs_nothing)
{
	const struct regmap *map = &card->instance->description->regmap;

	for (unsigned i = 0; i < 10; i++) {
		send_frame(own, 500, i);
		for (size_t j = 0; j < map->n_regs; j++)
			if (map->regs[j].read && !map->regs[j].side_effect)
				reg_read(&map->regs[j], 0);
		take_frame(own, 500, i);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ne2000");
	TCase *tcase = tcase_create("ne2000");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, frame_comes_back_as_it_was_sent);
	tcase_add_test(tcase, ring_goes_round);
	tcase_add_test(tcase, sizes_are_checked);
	tcase_add_test(tcase, small_buffer_cuts_the_frame);
	tcase_add_test(tcase, busy_transmitter_is_waited_for);
	tcase_add_test(tcase, collisions_are_counted);
	tcase_add_test(tcase, hanging_transmitter_is_reset);
	tcase_add_test(tcase, address_is_the_proms);
	tcase_add_test(tcase, filter_is_as_asked_for);
	tcase_add_test(tcase, hash_is_the_cards);
	tcase_add_test(tcase, last_close_puts_all_back);
	tcase_add_test(tcase, frames_beyond_the_slots_are_dropped);
	tcase_add_test(tcase, callers_of_32_bits_have_the_same_layouts);
	tcase_add_test(tcase, reading_what_a_dump_reads_disturbs_nothing);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
