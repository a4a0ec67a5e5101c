/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulator's models. A new model needs its own file and a line here. */
#include "hardware/sim.h"

const struct sim_model *const sim_models[] = {
	&sim_edu, &sim_i6300esb, &sim_uart16550, &sim_ne2000, NULL,
};
