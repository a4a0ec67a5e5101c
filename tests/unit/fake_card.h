/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A card of plain memory with some registers of each kind, served by the steps under test. */
#ifndef FAKE_CARD_H
#define FAKE_CARD_H

#include "fake_core.h"
#include "fake_memory.h"

extern struct fake_memory memory;
extern struct cuio_device device;
extern struct cuio_file file;
extern struct cuio_request request;

/*
 * Registers status (0x0: ready 0, mode 6:4), control (0x4: go 0, speed 11:8), latch (0x8: wo with
 * shadow, reset 0xf0, led 3:0), fifo (0xc, 8 bits), ram[16] (0x100), slots[8] (0x200, 16 bits every
 * 8 bytes, element 2 excepted), and the sections of `text`.
 */
void load(const char *text);
/* The ioctl RUN as a new request, and as the same one again. */
int run(uint64_t *arg);
int again(uint64_t *arg);

#endif
