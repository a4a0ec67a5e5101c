// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl wait: waits for the card's next interrupt. */
#include "listing.h"
#include "message.h"
#include "verb.h"
#include <errno.h>
#include <inttypes.h>
#include <time.h>

enum {
	COUNT,
	CAUSE,
	HEX,
	SHOWN,
	N_COLUMNS,
};

static const struct listing_column columns[N_COLUMNS] = {
	[COUNT] = { "COUNT", LISTING_NUMBER, LISTING_BOTH | LISTING_RIGHT },
	[CAUSE] = { "CAUSE", LISTING_NUMBER, LISTING_JSON },
	[HEX] = { "HEX", LISTING_STRING, LISTING_JSON },
	[SHOWN] = { "CAUSE", LISTING_STRING, LISTING_TEXT },
};

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

/* A stop and continue (job control) interrupts the ioctl, which is then repeated. */
static int wait_interrupt(struct verb_call *call, struct cuio_wait *wait)
{
	uint64_t deadline = now() + call->timeout;
	int r;

	do {
		uint64_t at = now();

		wait->timeout = 0;
		if (call->timeout && at >= deadline)
			return -ETIMEDOUT;
		if (call->timeout)
			wait->timeout = deadline - at;
		r = node_call(call->node, CUIO_IOCTL_WAIT, wait);
	} while (r == -EINTR);
	return r < 0 ? r : 0;
}

static int wait_run(struct verb_call *call)
{
	struct cuio_wait wait = { 0 };
	struct listing listing;
	int r = wait_interrupt(call, &wait);

	if (r == -ETIMEDOUT)
		return message_failed("%s: no interrupt within %g s", call->node->name,
				      (double)call->timeout / 1e9);
	if (r == -ENOTCONN)
		return message_failed("%s: no interrupt can come: the device has none, or its "
				      "daemon has stopped",
				      call->node->name);
	if (r < 0)
		return node_refused(call->node, call->node->name, r);
	listing_init(&listing, "interrupts", call->json, columns, N_COLUMNS);
	listing_row(&listing);
	listing_set(&listing, COUNT, "%" PRIu64, (uint64_t)wait.count);
	listing_set(&listing, CAUSE, "%" PRIu64, (uint64_t)wait.cause);
	listing_set(&listing, HEX, "0x%" PRIx64, (uint64_t)wait.cause);
	listing_set(&listing, SHOWN, "0x%" PRIx64, (uint64_t)wait.cause);
	return listing_print(&listing);
}

const struct verb wait_verb = {
	.name = "wait",
	.arguments = "NODE [--timeout SECONDS]",
	.summary = "wait for the card's next interrupt",
	.help = "Prints how many interrupts there were since the node was made, and the cause of "
		"this\n"
		"one. Ends with status 1 when the time is over.\n"
		"\n"
		"  --timeout SECONDS  such as 5 or 0.25; without it, for ever\n"
		"  --json             print {\"interrupts\": [{\"count\", \"cause\", \"hex\"}]}\n",
	.options = VERB_TIMEOUT | VERB_JSON,
	.on_node = true,
	.run = wait_run,
};
