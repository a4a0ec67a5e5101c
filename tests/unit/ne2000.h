/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An NE2000 card on the simulator, whose wire leads back to itself: frames for its tests. */
#ifndef TESTS_NE2000_H
#define TESTS_NE2000_H

#include "card.h"
#include <cuio/ne2000.h>

#define DESCRIPTION "daemon/driver/devices/ne2000.device"

static struct cuio_test *card;
static ssize_t node;

static const uint8_t own[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static inline void setup(void)
{
	card = card_new(DESCRIPTION, NULL);
	node = card_open(card, O_RDWR);
	ck_assert_int_ge(node, 0);
}

static inline void teardown(void)
{
	card_free(card);
}

/* A frame whose content tells which one it is. */
static inline void fill(uint8_t *frame, const uint8_t *to, size_t size, unsigned number)
{
	memcpy(frame, to, 6);
	memcpy(frame + 6, own, 6);
	for (size_t i = 12; i < size; i++)
		frame[i] = (uint8_t)(number * 31 + i * 7 + i / 256);
}

static inline bool can_send(struct cuio_test *unused, void *context)
{
	(void)unused, (void)context;
	return card_poll(card, node) & CUIO_READY_OUT;
}

static inline bool can_take(struct cuio_test *unused, void *context)
{
	(void)unused, (void)context;
	return card_poll(card, node) & CUIO_READY_IN;
}

static inline struct ne2000_statistics statistics(void)
{
	struct ne2000_statistics now;

	ck_assert_int_eq(card_ioctl(card, node, NE2000_GET_STATISTICS, &now), 0);
	return now;
}

static inline void send_frame(const uint8_t *to, size_t size, unsigned number)
{
	uint8_t frame[NE2000_FRAME_MAX];

	fill(frame, to, size, number);
	ck_assert(card_until(card, can_send, NULL));
	ck_assert_int_eq(card_write(card, node, frame, size), (ssize_t)size);
}

static inline void take_frame(const uint8_t *to, size_t size, unsigned number)
{
	uint8_t frame[NE2000_FRAME_MAX], wanted[NE2000_FRAME_MAX] = { 0 };

	fill(wanted, to, size, number);
	if (size < 60)
		size = 60;
	ck_assert(card_until(card, can_take, NULL));
	ck_assert_int_eq(card_read(card, node, frame, sizeof(frame)), (ssize_t)size);
	ck_assert_mem_eq(frame, wanted, size);
}

static inline bool has_received(struct cuio_test *unused, void *context)
{
	(void)unused;
	return statistics().rx_frames >= *(uint64_t *)context;
}

#endif
