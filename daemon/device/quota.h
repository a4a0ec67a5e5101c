/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quotas of what all users of a card share: open files, waiting calls, their memory. A sixteenth is
 * for root and the node's owner. Of the rest, a user gets at most three quarters of what the other
 * users leave: 180 of 256 if nobody else is there, and never all.
 */
#ifndef DEVICE_QUOTA_H
#define DEVICE_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

/* Whether there is one more for any user, so that nobody's share needs to be counted. */
bool quota_is_plenty(uint32_t total, uint32_t used);
/* Whether there is one more for a user who has `mine` of the used ones. `owner`: root or the node's
 * owner, whose share does not count. */
bool quota_allows(uint32_t total, uint32_t used, uint32_t mine, bool owner);

/* The users whose first refusal was logged. */
#define QUOTA_TOLD_MAX 32U
struct quota_told {
	uint32_t n_users, users[QUOTA_TOLD_MAX];
};

/* Whether to log this refusal: it is the user's first one, and there were not too many users. */
bool quota_must_tell(struct quota_told *told, uint32_t user);

#endif
