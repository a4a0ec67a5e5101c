/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds and opens the files in sysfs and /dev of a card that is bound to uio_pci_generic. */
#ifndef HARDWARE_UIO_FILES_H
#define HARDWARE_UIO_FILES_H

#include "hardware/backend.h"
#include "hardware/pci.h"
#include <limits.h>

#define UIO_NO_MAP -1

struct uio_files {
	const struct hardware_spec *spec;
	struct pci_card card;
	char device[32];	/* "/dev/uio3" */
	int map[PCI_CARD_BARS]; /* index of the uio map that shows this BAR, or UIO_NO_MAP */
};

/*
 * Finds the card, checks that it is bound, has what the windows need, and has an interrupt line if
 * one is wanted. Needs no privilege. Reports all findings. -ESTALE: the card is not bound, but
 * `fds` (NULL: there are none) has files of an earlier one.
 */
int uio_files_locate(const struct hardware_spec *spec, struct fds *fds, struct report *report,
		     struct uio_files *ret);

/* Removes the card's files from the store, because they belong to a card that is gone. Reports that
 * and returns -ESTALE. */
int uio_files_stale(const struct uio_files *files, struct fds *fds, struct report *report);

/* Whether the window is mapped through /dev/uioN rather than the BAR's own file. */
bool uio_files_mapped(const struct uio_files *files, const struct window_spec *window);
/* Whether the window needs the BAR's own file. */
bool uio_files_wants_bar(const struct uio_files *files, const struct window_spec *window);
/* Whether the card's configuration space is needed: for its interrupt or a window. */
bool uio_files_wants_config(const struct uio_files *files);

/*
 * Each takes the descriptor from `fds` (NULL: there are none) or opens the file. The caller owns
 * the descriptor. -ESTALE: the stored one belongs to a card that is gone.
 */
int uio_files_device(const struct uio_files *files, struct fds *fds, struct report *report);
int uio_files_config(const struct uio_files *files, struct fds *fds, struct report *report);
int uio_files_bar(const struct uio_files *files, const struct window_spec *window, struct fds *fds,
		  struct report *report);

/* Whether `path` names the file that is open as `fd`, perhaps in another mount of sysfs. */
bool uio_files_same(int fd, const char *path);

/* The name to store a BAR's descriptor under. */
const char *uio_files_bar_name(unsigned bar);

/* Reports why `what` failed with `error` (negative), lockdown and missing rights explained; returns
 * `error`. */
int uio_files_explain(const struct uio_files *files, const char *what, int error,
		      struct report *report);

#endif
