/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages and queries to systemd. Without systemd every function does nothing. */
#ifndef BASE_SUPERVISOR_H
#define BASE_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

void supervisor_ready(const char *status);
void supervisor_stopping(const char *status);
void supervisor_feed_watchdog(void);
/* The interval at which the service watchdog must be fed, in nanoseconds; 0: there is none. */
uint64_t supervisor_watchdog_interval(void);
/* For root: asks systemd by D-Bus and may block for seconds. */
/* Whether `unit` is being stopped and not started again. False if unknown. */
bool supervisor_stops_for_good(const char *unit);
/* While `unit` is being stopped: whether it will be started again at once. False if unknown. */
bool supervisor_restarts(const char *unit);

#endif
