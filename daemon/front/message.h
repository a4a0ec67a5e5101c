/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's requests as bytes (include/uapi/linux/fuse.h). */
#ifndef FRONT_MESSAGE_H
#define FRONT_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the lengths in a request are consistent, so that decoding stays within its bytes. For
 * requests that were stored in memory; those just read are the kernel's and are trusted. */
bool message_is_possible(const void *bytes, uint32_t size);

/* Whether the kernel waits for an answer. */
bool message_is_answered(const void *bytes);
/* Whether the message closes a file, and which. */
bool message_closes(const void *bytes, uint64_t *ret_handle);
/* Whether the message reports a signal for a waiting request, and for which. */
bool message_is_interrupt(const void *bytes, uint64_t *ret_unique);

/* The calling thread's number in the kernel; 0: unknown. */
uint32_t message_thread(const void *bytes);

#endif
