/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's requests as bytes (include/uapi/linux/fuse.h). */
#ifndef FRONT_MESSAGE_H
#define FRONT_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

/* A system call's bytes are trusted as the kernel's; these have been in memory for a while. Whether
 * their lengths are true, so that decoding them stays within them. */
bool message_is_possible(const void *bytes, uint32_t size);

/* Whether it is the notice that a signal came for a request that waits, and for which. */
bool message_is_interrupt(const void *bytes, uint64_t *ret_unique);

#endif
