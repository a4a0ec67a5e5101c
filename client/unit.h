/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks systemd for the state of an instance's service. */
#ifndef CLIENT_UNIT_H
#define CLIENT_UNIT_H

#define UNIT_STATE_SIZE 64U

struct unit_bus;

/* NULL if systemd does not answer; unit_state() accepts that. */
struct unit_bus *unit_connect(void);
void unit_disconnect(struct unit_bus *bus);
/* "active", "inactive", "failed", "activating"... of cuiod@NAME.service; "" if it is unknown. */
void unit_state(struct unit_bus *bus, const char *instance, char ret[UNIT_STATE_SIZE]);

#endif
