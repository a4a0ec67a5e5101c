/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists every descriptor that systemd's store may hold for a service. All code that stores, takes,
 * hands over or removes descriptors uses this list: fds_store() rejects other names.
 *
 * The helper removes them in this order: the saved memory first and the channels last, so that the
 * memory never refers to a node that is gone.
 */
#ifndef BASE_STORED_H
#define BASE_STORED_H

#include <stdbool.h>

#define STORED_BARS	6U
#define STORED_CHANNELS 16U

enum stored {
	STORED_SAVED,	      /* handover.c: saved memory */
	STORED_SAVED_ALT,     /* the same, while memory is being replaced */
	STORED_FILES,	      /* config/kept_files.c: the files that the node was made for */
	STORED_PLUGIN,	      /* config/configuration.c: the plug-in that serves the node */
	STORED_SIM,	      /* hardware/sim.c: the simulated card */
	STORED_SIM_INTERRUPT, /* its interrupt */
	STORED_UIO,	      /* hardware/uio.c: /dev/uioN */
	STORED_CONFIG,	      /* the card's configuration space */
	STORED_BAR,	      /* STORED_BARS windows */
	STORED_CHANNEL = STORED_BAR + STORED_BARS, /* front/channel.c: STORED_CHANNELS of them */
	N_STORED = STORED_CHANNEL + STORED_CHANNELS
};

/* The name of an enum stored; STORED_BAR + n and STORED_CHANNEL + n are the n-th window and
 * channel. */
const char *stored_name(unsigned stored);
bool stored_is_known(const char *name);

#endif
