/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a program that runs as root is root of the machine. Root of a container has user number
 * 0, too, but may only have been given a node; the kernel asks for CAP_SYS_RAWIO before it lets a
 * program access hardware itself.
 */
#ifndef BASE_RAW_ACCESS_H
#define BASE_RAW_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the thread has CAP_SYS_RAWIO in the machine's own user namespace. False if /proc does not
 * tell. The thread must wait for an answer meanwhile: neither it nor its number can change then. */
bool raw_access_allowed(uint32_t thread);

/* For tests: what the files `status` and `uid_map` of a thread say. */
bool raw_access_capable(const char *status);
bool raw_access_initial(const char *uid_map);

#endif
