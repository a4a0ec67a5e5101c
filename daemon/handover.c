// SPDX-License-Identifier: GPL-2.0-or-later
// What passes from one process of a service to the next.
#include "handover.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/handover_mark.h"
#include "base/log.h"
#include "base/probe.h"
#include "base/runtime_file.h"
#include "base/stored.h"
#include "config/identity.h"
#include "device/device.h"
#include "front/front.h"
#include <errno.h>
#include <string.h>
#include <time.h>

/* In the runtime directory: a start has found a mark of the helper, but no descriptors. */
#define LOST_NAME "lost"

int handover_reject(struct fds *fds, const char *why)
{
	log_notice("%s: starting afresh; programs that hold the old node get errors", why);
	/* The mark is cleared first: without it, an interruption in here does no harm. */
	handover_mark_clear();
	fds_remove_all(fds);
	return -ESTALE;
}

int handover_reject_damaged(struct fds *fds)
{
	return handover_reject(fds, "the saved memory is damaged, or of a layout not known here");
}

/* A predecessor that did not exit cleanly has crashed. The device finds out later in which call. */
static void note_predecessor(const struct saved *saved)
{
	struct saved_header *header = saved->header;

	header->generation++;
	if (saved->end != SAVED_EXIT) {
		header->last_crash_time = (uint64_t)time(NULL);
		strcpy(header->last_crash_cause, "between requests");
	}
	header->end = check16(SAVED_KILLED);
}

static int make(const struct saved_plan *plan, const char *identity, struct saved **ret)
{
	int r = saved_create(plan, identity, ret);

	if (r < 0)
		log_error("cannot make saved memory of %zu bytes: %s", plan->size, strerror(-r));
	return r;
}

int handover_find(const struct handover *handover, struct saved **ret, bool *ret_fresh)
{
	auto_free char *identity =
		identity_make(handover->instance, handover->driver, handover->card);
	auto_free char *found = NULL, *difference = NULL;
	struct saved_plan plan;
	int fd = fds_take(handover->fds, stored_name(STORED_SAVED)), r;

	if (!identity)
		return -ENOMEM;
	saved_plan_init(&plan);
	device_plan(handover->driver, &plan);
	front_plan(handover->instance, &plan);
	if (fd < 0)
		fd = fds_take(handover->fds, stored_name(STORED_SAVED_ALT));
	*ret_fresh = fd < 0;
	if (fd < 0)
		return make(&plan, identity, ret);
	r = saved_adopt(fd, &plan, identity, ret, &found);
	if (r == -ESTALE && found)
		difference = identity_difference(found, identity);
	if (r == -ESTALE)
		return handover_reject(handover->fds,
				       difference ? difference : "another configuration");
	if (r == -EBADMSG)
		return handover_reject_damaged(handover->fds);
	if (r < 0) { /* too few descriptors, or too little memory: it is still stored */
		log_error("cannot take over the saved memory: %s", strerror(-r));
		return r;
	}
	note_predecessor(*ret);
	return 0;
}

/* The mark may have outlived the store. Tried again once: a store that keeps nothing would make
 * this an endless loop. */
static bool is_lost(struct fds *fds)
{
	if (fds_stored(fds, stored_name(STORED_CHANNEL)))
		return false;
	if (runtime_file_exists(LOST_NAME)) {
		log_error("systemd keeps no descriptors for this service: see "
			  "FileDescriptorStoreMax= in `systemctl cat`, expected 64");
		return false;
	}
	runtime_file_touch(LOST_NAME);
	handover_reject(fds, "the descriptors that were handed over are lost");
	return true;
}

bool handover_must_be_repeated(struct fds *fds)
{
	auto_free char *text = NULL;

	if (!fds_supervised())
		return false;
	switch (handover_mark_read(&text)) {
	case HANDOVER_PARTIAL:
		/* It ran earlier in this start. */
		log_notice("cuio-helper was interrupted while it handed over descriptors; "
			   "retrying");
		return true;
	case HANDOVER_COMPLETE:
		return is_lost(fds);
	default:
		return false;
	}
}

void handover_done(void)
{
	(void)runtime_file_remove(LOST_NAME);
}

int handover_store(struct fds *fds, const struct saved *saved)
{
	return fds_store(fds, stored_name(STORED_SAVED), saved->fd);
}

/*
 * Stores the moved memory under the other of two names before the older memory is removed: a
 * successor finds at least one of them at any moment, and both have the same content. systemd drops
 * the second name of one memory, so it is never stored under both.
 */
int handover_store_moved(struct fds *fds, const struct saved *saved)
{
	bool usual = fds_stored(fds, stored_name(STORED_SAVED));
	const char *from = stored_name(usual ? STORED_SAVED : STORED_SAVED_ALT);
	const char *to = stored_name(usual ? STORED_SAVED_ALT : STORED_SAVED);
	int r = 0;

	if (!saved->moved && !fds_stored(fds, to))
		return 0;
	/* Left by a process that crashed in this function. */
	r = fds_remove(fds, to);
	PROBE("move-begun");
	if (saved->moved) {
		log_info("saved memory moved to a layout with more fields");
		if (r >= 0)
			r = fds_store(fds, to, saved->fd);
		PROBE("move-stored");
		if (r >= 0)
			r = fds_remove(fds, from);
		PROBE("move-done");
	}
	if (r < 0)
		log_error("systemd does not store the saved memory: %s", strerror(-r));
	return r;
}
