// SPDX-License-Identifier: GPL-2.0-or-later
// The back-ends. A new one is its file and a line here.
#include "hardware/backend.h"

const struct hardware_ops *const hardware_backends[] = { &uio_ops, &sim_ops, NULL };
