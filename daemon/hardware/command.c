// SPDX-License-Identifier: GPL-2.0-or-later
// The command register of a PCI card.
#include "hardware/command.h"
#include <endian.h>
#include <errno.h>
#include <unistd.h>

#define CONFIG_COMMAND 4 /* linux/pci_regs.h: PCI_COMMAND */

int command_update(int config, uint16_t clear, uint16_t set)
{
	uint16_t word;

	if (pread(config, &word, sizeof(word), CONFIG_COMMAND) != sizeof(word))
		return errno ? -errno : -EIO;
	word = htole16((uint16_t)((le16toh(word) & ~clear) | set));
	if (pwrite(config, &word, sizeof(word), CONFIG_COMMAND) != sizeof(word))
		return errno ? -errno : -EIO;
	return 0;
}
