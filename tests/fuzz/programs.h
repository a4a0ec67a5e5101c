/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs do with a card, for targets that need a daemon in the middle of its work. */
#ifndef FUZZ_PROGRAMS_H
#define FUZZ_PROGRAMS_H

#include "daemon.h"

/* Descriptions of cards, one for each driver. */
#define FUZZ_CARDS 6U
extern const char *const fuzz_devices[FUZZ_CARDS];

/* Files 0 to 3 are opened, of which 1 is for control, and a request of each kind is sent. */
void fuzz_live(struct fuzz_daemon *daemon);
/* The same files: some requests, an interrupt, and the end. */
void fuzz_go_on(struct fuzz_daemon *daemon);

#endif
