// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's side is drivers/uio/uio_pci_generic.c: it masks INTx and counts.
#include "card.h"
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define REGISTERS_SIZE	     0x1000
#define COMMAND_HIGH_BYTE    5
#define COMMAND_INTX_DISABLE 0x04 /* of that byte */

static int open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static int open_of_slot(const char *slot, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", slot, name);
	return open_file(path);
}

static int open_uio(const char *slot)
{
	char path[512];
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/uio", slot);
	folder = opendir(path);
	if (!folder)
		err(1, "%s", path);
	do
		entry = readdir(folder);
	while (entry && entry->d_name[0] == '.');
	if (!entry)
		errx(1, "%s is empty", path);
	snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
	closedir(folder);
	return open_file(path);
}

static void *map(int fd, size_t size)
{
	void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (start == MAP_FAILED)
		err(1, "mmap");
	return start;
}

void card_open(struct card *card, const char *slot)
{
	card->uio = open_uio(slot);
	card->config = open_of_slot(slot, "config");
	card->registers = map(card->uio, REGISTERS_SIZE);
	card_set(card, CARD_IRQ_ACK, card_get(card, CARD_IRQ_STATUS));
	card_unmask(card);
}

void card_open_memory(struct card *card, const char *slot)
{
	int fd = open_of_slot(slot, "resource2_wc");
	struct stat status;

	if (fstat(fd, &status) < 0)
		err(1, "stat");
	card->memory_size = (size_t)status.st_size;
	card->memory = map(fd, card->memory_size);
	close(fd);
}

void card_open_registers(struct card *card, const char *slot)
{
	int fd = open_of_slot(slot, "resource0");

	card->registers = map(fd, REGISTERS_SIZE);
	close(fd);
}

uint32_t card_take_interrupt(struct card *card)
{
	uint32_t count, cause;

	if (read(card->uio, &count, sizeof(count)) != (ssize_t)sizeof(count))
		err(1, "read of an interrupt");
	cause = card_get(card, CARD_IRQ_STATUS);
	if (cause)
		card_set(card, CARD_IRQ_ACK, cause);
	return cause;
}

void card_unmask(struct card *card)
{
	uint8_t command;

	if (pread(card->config, &command, 1, COMMAND_HIGH_BYTE) != 1)
		err(1, "read of the command register");
	command &= (uint8_t)~COMMAND_INTX_DISABLE;
	if (pwrite(card->config, &command, 1, COMMAND_HIGH_BYTE) != 1)
		err(1, "write of the command register");
}
