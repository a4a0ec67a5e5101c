// SPDX-License-Identifier: GPL-2.0-or-later
// INTx of a PCI card.
#include "hardware/intx.h"
#include "hardware/command.h"
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#define CONFIG_COMMAND 4 /* linux/pci_regs.h: PCI_COMMAND */

int intx_is_masked(int config)
{
	uint16_t word;

	errno = 0;
	if (pread(config, &word, sizeof(word), CONFIG_COMMAND) != sizeof(word))
		return errno ? -errno : -EIO;
	return (le16toh(word) & COMMAND_INTX_DISABLE) != 0;
}

int intx_mask(int config, bool masked)
{
	return masked ? command_update(config, 0, COMMAND_INTX_DISABLE)
		      : command_update(config, COMMAND_INTX_DISABLE, 0);
}
