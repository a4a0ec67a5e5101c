/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said to and asked of systemd. Without it every function does nothing and succeeds. */
#ifndef BASE_SUPERVISOR_H
#define BASE_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

void supervisor_ready(const char *status);
void supervisor_stopping(const char *status);
void supervisor_feed_watchdog(void);
/* How often the watchdog must be fed, in nanoseconds; 0: there is none. */
uint64_t supervisor_watchdog_interval(void);
/*
 * After SIGTERM: whether `unit` is being stopped for good, and not restarted (an upgrade). False
 * when nobody can tell: hardware that runs on for a successor that never comes does less harm than
 * hardware that stops under one. Asks systemd by D-Bus and may block for a second.
 */
bool supervisor_stops_for_good(const char *unit);

#endif
