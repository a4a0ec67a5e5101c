// SPDX-License-Identifier: GPL-2.0-or-later
// Quotas of what all users of a card share.
#include "device/quota.h"

static uint32_t for_all(uint32_t total)
{
	return total - total / 16;
}

/* Three quarters of what others leave: three times as much as stays free. */
static bool is_share(uint32_t total, uint32_t used, uint32_t mine)
{
	return used < for_all(total) && mine < 3 * (for_all(total) - used);
}

bool quota_is_plenty(uint32_t total, uint32_t used)
{
	return is_share(total, used, used);
}

bool quota_allows(uint32_t total, uint32_t used, uint32_t mine, bool owner)
{
	return owner ? used < total : is_share(total, used, mine);
}

bool quota_must_tell(struct quota_told *told, uint32_t user)
{
	for (uint32_t i = 0; i < told->n_users; i++)
		if (told->users[i] == user)
			return false;
	if (told->n_users == QUOTA_TOLD_MAX)
		return false;
	told->users[told->n_users++] = user;
	return true;
}
