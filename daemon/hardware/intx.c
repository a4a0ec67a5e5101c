// SPDX-License-Identifier: GPL-2.0-or-later
// INTx of a PCI card.
#include "hardware/intx.h"
#include "hardware/command.h"

int intx_mask(int config, bool masked)
{
	return masked ? command_update(config, 0, COMMAND_INTX_DISABLE)
		      : command_update(config, COMMAND_INTX_DISABLE, 0);
}
