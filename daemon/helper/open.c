/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens what only root may open and stores it in systemd's store, where cuiod finds it. The mark in
 * the runtime directory (base/handover_mark.h) says that this was done, and for which identity; it
 * survives restarts and crashes. If the files ask for something else at a restart, the store is
 * emptied and filled again, so that one restart makes the new node.
 *
 * The helper may be killed at any moment. Before handover_mark_begin() the store is unchanged, and
 * cuiod goes on with the existing node. After it nobody relies on the store: cuiod sees a partial
 * handover and has the helper run again.
 */
#include "base/cleanup.h"
#include "base/exit_note.h"
#include "base/fds.h"
#include "base/handover_mark.h"
#include "base/log.h"
#include "base/outline.h"
#include "base/shortage.h"
#include "base/stored.h"
#include "base/unrestricted_nodes.h"
#include "config/configuration.h"
#include "config/identity.h"
#include "driver/table.h"
#include "hardware/card.h"
#include "helper/helper.h"
#include "helper/mount.h"
#include "helper/original_binding.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* What the files ask for, and what was handed over according to the mark. */
struct opening {
	const char *name;
	struct instance *instance;
	const struct cuio_driver *driver;
	char *asked;
	enum handover_mark mark;
	char *had;	      /* identity that was handed over; NULL without a mark */
	const char *had_slot; /* points into the memory of `had`; NULL: no card */
	struct report report;
};

static void opening_done(struct opening *opening)
{
	driver_unload(opening->driver);
	instance_free(opening->instance);
	free(opening->asked);
	free(opening->had);
	report_done(&opening->report);
}

static void cleanup_fds(struct fds **fds)
{
	fds_free(*fds);
}

/* --- handing over ----------------------------------------------------------------------------- */

static int hand_over(void *context, const char *name, int fd)
{
	return fds_store(context, name, fd);
}

static int open_channel(struct fds *fds, unsigned index, struct report *report)
{
	auto_close int fd = open("/dev/cuse", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		int error = errno;

		report_add(report, NULL, 0, "cannot open /dev/cuse: %s%s", strerror(error),
			   error == ENOENT || error == ENODEV ? ": the module cuse is not loaded"
							      : "");
		return -error;
	}
	return hand_over(fds, stored_name(STORED_CHANNEL + index), fd);
}

static int open_all(struct opening *opening)
{
	const struct instance *instance = opening->instance;
	cleanup(cleanup_fds) struct fds *fds = NULL;
	struct hardware_spec spec;
	int r = fds_new(&fds);

	if (r < 0)
		return r;
	instance_hardware(instance, &spec);
	r = hardware_open_files(&spec, &opening->report, hand_over, fds);
	if (r >= 0 && instance->front == INSTANCE_FILE)
		return mount_open(instance, fds, &opening->report);
	for (unsigned i = 0; i < instance->n_nodes && r >= 0; i++)
		r = open_channel(fds, i, &opening->report);
	return r;
}

/* Gives back a card that the files no longer ask for, and binds the new one. */
static int change_card(struct opening *opening, struct pci_card *card)
{
	struct original_binding original;
	int r = 0;

	if (opening->instance->card)
		r = find_card(opening->instance, &opening->report, card);
	if (r >= 0 && original_binding_load(opening->name, &original) == 0 &&
	    strcmp(original.slot, card->slot) != 0)
		(void)unbind_card(opening->name); /* logs why not */
	/* cuio-bind@ has bound the card, but not if it went away and came back since. */
	if (r >= 0 && opening->instance->card)
		r = bind_card(opening->instance, &opening->report, card);
	return r;
}

/* For cuioctl. A service whose record cannot be written serves all the same. */
static void record_unrestricted(const struct opening *opening)
{
	const struct instance *instance = opening->instance;
	const char *names[OUTLINE_NODES_MAX];
	size_t n = 0;
	int r;

	if (instance_is_unrestricted(instance, opening->driver))
		for (; n < instance->n_nodes && n < OUTLINE_NODES_MAX; n++)
			names[n] = instance->nodes[n].name;
	r = unrestricted_nodes_record(UNRESTRICTED_FOLDER, opening->name, names, n);
	if (r < 0)
		log_warning("cannot record that the ioctls of cuiod@%s are unrestricted, so that "
			    "cuioctl does not warn: %s",
			    opening->name, strerror(-r));
}

static int set_mark(const struct opening *opening, const char *slot)
{
	auto_free char *mark =
		slot ? identity_add_slot(opening->asked, slot) : strdup(opening->asked);

	return mark ? handover_mark_set(mark) : -ENOMEM;
}

static int open_afresh(struct opening *opening)
{
	struct pci_card card = { 0 };
	int r = change_card(opening, &card);

	if (r >= 0)
		r = open_all(opening);
	if (r >= 0)
		record_unrestricted(opening);
	return r < 0 ? r : set_mark(opening, opening->instance->card ? card.slot : NULL);
}

/* An interrupted helper is run again only once, because the same cause might kill every run: the
 * second run clears the mark instead of setting it to partial. */
static int begin(const struct opening *opening)
{
	return opening->mark == HANDOVER_PARTIAL ? handover_mark_clear() : handover_mark_begin();
}

/* systemd resolves DeviceAllow= when it starts the service, before this helper loads modules. */
static bool card_not_allowed_yet(const struct opening *opening, int error)
{
	if (error != -EPERM || !opening->instance->card || opening->mark == HANDOVER_PARTIAL)
		return false;
	log_notice("cuiod@%s is not allowed to open its card yet, because the card's module may "
		   "have been loaded just now; retrying",
		   opening->name);
	return true;
}

/* Only a notice: cuiod finds the same fault and logs the error, once. */
static void log_nothing_handed_over(const struct opening *opening)
{
	const char *text = opening->report.text ? opening->report.text : "";

	log_notice("cuiod@%s gets no descriptors and will log the error%s%.*s", opening->name,
		   *text ? ": " : "", (int)strcspn(text, "\n"), text);
}

/* `r` is the result of loading the files. The store is emptied even if that failed. */
static int try_hand_over(struct opening *opening, int r)
{
	int begun = begin(opening), emptied;

	if (begun < 0) {
		report_add(&opening->report, NULL, 0,
			   "cannot write the mark " HANDOVER_MARK_NAME ": %s", strerror(-begun));
		return begun;
	}
	emptied = mount_undo(opening->name);
	if (emptied >= 0)
		emptied = fdstore_clear(opening->instance);
	if (r >= 0)
		r = emptied < 0 ? emptied : open_afresh(opening);
	return r;
}

/* All or nothing: descriptors that are stored without a mark would serve until the first crash. */
static int hand_over_afresh(struct opening *opening, int loaded)
{
	struct shortage shortage = { 0 };
	int r;

	while (r = try_hand_over(opening, loaded),
	       loaded >= 0 && shortage_wait(&shortage, r, "handing the descriptors over"))
		report_done(&opening->report);
	if (r >= 0 || card_not_allowed_yet(opening, r))
		return r;
	handover_mark_clear();
	(void)fdstore_clear(NULL);
	log_nothing_handed_over(opening);
	return r;
}

/* --- at a restart ----------------------------------------------------------------------------- */

/* Whether only Card= has changed, and it still names the card that was handed over. */
static bool is_same_card(struct opening *opening)
{
	auto_free char *card = identity_card(opening->had), *asked = NULL, *difference = NULL;
	struct report unwanted = { 0 };
	struct hardware_spec spec;
	struct pci_card found;
	int r;

	if (!card || !opening->had_slot || !opening->instance->card)
		return false;
	asked = identity_make(opening->instance, opening->driver, card);
	if (!asked)
		return false;
	difference = identity_difference(opening->had, asked);
	if (difference)
		return false;
	instance_hardware(opening->instance, &spec);
	r = card_check_again(&spec, opening->had_slot, &unwanted, &found);
	report_done(&unwanted);
	return r >= 0 && strcmp(found.slot, opening->had_slot) == 0;
}

/* Checks that the new node can be made, before the old one is given up. */
static int check_fresh(struct opening *opening)
{
	struct pci_card card;
	int r = check_nodes(opening->instance, opening->had, &opening->report);

	if (r >= 0 && opening->instance->card)
		r = find_card(opening->instance, &opening->report, &card);
	if (r >= 0)
		return 0;
	log_lines(LOG_ERR, opening->report.text);
	log_error("cuiod@%s keeps the node that it has; fix this and restart", opening->name);
	return r;
}

static int open_again(struct opening *opening)
{
	auto_free char *difference = identity_difference(opening->had, opening->asked);
	int r = 0;

	if (difference && !is_same_card(opening)) {
		r = check_fresh(opening);
		if (r < 0)
			return r;
		log_notice("%s: a fresh node; programs that hold the old one get ECONNABORTED, "
			   "then ENOTCONN",
			   difference);
		return hand_over_afresh(opening, 0);
	}
	if (strcmp(opening->had, opening->asked) != 0)
		r = set_mark(opening, opening->had_slot);
	/* Group= and Mode= may have been edited. cuiod itself applies them to files. */
	if (opening->instance->front == INSTANCE_CUSE)
		rights_refresh(opening->instance);
	return r;
}

/* --- the verb --------------------------------------------------------------------------------- */

static int load(struct opening *opening)
{
	int r = instance_load(opening->name, NULL, &opening->report, &opening->instance);

	if (r >= 0)
		r = configuration_ask_driver(opening->instance->description, opening->instance,
					     &opening->report, &opening->driver);
	if (r < 0)
		return r;
	opening->asked = identity_make(opening->instance, opening->driver, opening->instance->card);
	return opening->asked ? 0 : -ENOMEM;
}

int verb_open(char **arguments)
{
	cleanup(opening_done) struct opening opening = { .name = arguments[0] };
	int r;

	if (!fds_supervised()) {
		log_error("open hands files to systemd, for cuiod@%s.service alone: start that, or "
			  "run cuiod as root",
			  opening.name);
		return -ENOENT;
	}
	opening.mark = handover_mark_read(&opening.had);
	/* After a crash the files are not read: cuiod goes on with the stored descriptors. */
	if (opening.mark == HANDOVER_COMPLETE && !exit_note_exists())
		return 0;
	if (opening.had)
		opening.had_slot = identity_cut_slot(opening.had);
	r = load(&opening);
	if (opening.mark != HANDOVER_COMPLETE)
		return hand_over_afresh(&opening, r);
	return r < 0 ? r : open_again(&opening); /* cuiod logs mistakes */
}
