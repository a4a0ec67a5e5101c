/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the watchdog share. */
#ifndef TESTS_WATCHDOG_H
#define TESTS_WATCHDOG_H

#include "card.h"
#include <linux/watchdog.h>

#define WATCHDOG_LOCK	0x01U
#define WATCHDOG_ENABLE 0x02U

static inline struct cuio_test *watchdog_card(const char *settings)
{
	return card_new("daemon/driver/devices/i6300esb.device", settings);
}

static inline bool watchdog_counts(struct cuio_test *card)
{
	return card_peek(card, "lock") & WATCHDOG_ENABLE;
}

static inline ssize_t watchdog_put(struct cuio_test *card, ssize_t file, unsigned long command,
				   int value)
{
	return card_ioctl(card, file, (uint32_t)command, &value);
}

static inline int watchdog_get(struct cuio_test *card, ssize_t file, unsigned long command)
{
	int value = -1;

	ck_assert_int_eq(card_ioctl(card, file, (uint32_t)command, &value), 0);
	return value;
}

#endif
