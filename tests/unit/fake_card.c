/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_card.h"
#include <stdio.h>

#define HEAD                                                                                       \
	"[Device]\n[Window bar0]\nBar=0\nSize=0x1000\n"                                            \
	"[Register status]\nOffset=0x0\nField=ready 0\nField=mode 6:4\n"                           \
	"[Register control]\nOffset=0x4\nField=go 0\nField=speed 11:8\n"                           \
	"[Register latch]\nOffset=0x8\nAccess=wo\nShadow=yes\nReset=0xf0\nField=led 3:0\n"         \
	"[Register fifo]\nOffset=0xc\nWidth=8\nStride=0\nSideEffect=yes\n"                         \
	"[Register ram]\nOffset=0x100\nCount=16\nAll=yes\n"                                        \
	"[Register slots]\nOffset=0x200\nWidth=16\nCount=8\nStride=8\nExcept=0x10-0x17\n"

struct fake_memory memory;
struct cuio_device device;
struct cuio_file file;
struct cuio_request request;

void load(const char *text)
{
	char whole[8192];

	fake_memory_init(&memory);
	snprintf(whole, sizeof(whole), HEAD "%s", text);
	fake_parse(&device, whole, &memory.window);
	file = (struct cuio_file){ .device = &device };
	request = (struct cuio_request){ 0 };
}

int run(uint64_t *arg)
{
	request = (struct cuio_request){ 0 };
	return fake_ioctl(&file, &request, "RUN", arg);
}

int again(uint64_t *arg)
{
	return fake_ioctl(&file, &request, "RUN", arg);
}
