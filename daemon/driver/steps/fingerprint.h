/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether something is still what it was when a process before this one saved its hash. */
#ifndef STEPS_FINGERPRINT_H
#define STEPS_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a: the hash so far, with more bytes. */
uint64_t fingerprint_add(uint64_t hash, const void *bytes, size_t size);
#define FINGERPRINT_START UINT64_C(0xcbf29ce484222325)

#endif
