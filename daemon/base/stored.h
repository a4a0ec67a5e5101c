/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every descriptor that systemd's store may hold for a service, by name. Whoever stores, takes,
 * hands over or clears descriptors goes by this list: fds_store() refuses what is not in it.
 *
 * The order is that in which the helper removes them: the saved memory first and the channels last,
 * so that no node is gone while something remembers it.
 */
#ifndef BASE_STORED_H
#define BASE_STORED_H

#include <stdbool.h>

#define STORED_BARS	6U
#define STORED_CHANNELS 16U

enum stored {
	STORED_SAVED,	      /* handover.c: saved memory */
	STORED_SAVED_ALT,     /* the same under a second name, while memory is moved */
	STORED_FILES,	      /* config/kept_files.c: the files that the node was made for */
	STORED_PLUGIN,	      /* config/configuration.c: and the plug-in that served it */
	STORED_SIM,	      /* hardware/sim.c: the simulated card */
	STORED_SIM_INTERRUPT, /* and its interrupt */
	STORED_UIO,	      /* hardware/uio.c: /dev/uioN, */
	STORED_CONFIG,	      /* the card's configuration space, */
	STORED_BAR,	      /* and STORED_BARS windows */
	STORED_CHANNEL = STORED_BAR + STORED_BARS, /* front/channel.c: STORED_CHANNELS of them */
	N_STORED = STORED_CHANNEL + STORED_CHANNELS
};

/* Of enum stored; STORED_BAR + n and STORED_CHANNEL + n are the n-th of them. */
const char *stored_name(unsigned stored);
bool stored_is_known(const char *name);

#endif
