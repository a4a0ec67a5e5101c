// SPDX-License-Identifier: GPL-2.0-or-later
// INTx of a PCI card.
#include "hardware/intx.h"
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#define CONFIG_COMMAND 4 /* linux/pci_regs.h: PCI_COMMAND */
#define INTX_DISABLE   0x0400

int intx_mask(int config, bool masked)
{
	uint16_t word, command;

	if (pread(config, &word, sizeof(word), CONFIG_COMMAND) != sizeof(word))
		return errno ? -errno : -EIO;
	command = le16toh(word);
	command = masked ? command | INTX_DISABLE : (uint16_t)(command & ~INTX_DISABLE);
	word = htole16(command);
	if (pwrite(config, &word, sizeof(word), CONFIG_COMMAND) != sizeof(word))
		return errno ? -errno : -EIO;
	return 0;
}
