// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin for QEMU (its docs/devel/tcg-plugins) that counts the instructions which the guest
 * executes between the marks of mark.h, by their address:
 *
 *	-plugin count-VERSION.so,out=FILE
 *
 * FILE gets a line "flush" and then lines "ADDRESS INSTRUCTIONS" for each flush mark. The addresses
 * are those of basic blocks; what they are called is tests/bench/profile's business.
 *
 * Debian ships no header of the interface, so what is needed of it is declared here. Of its
 * versions PLUGIN_VERSION is 1 for QEMU before 9.0, or 4 for later ones, which refuse the first.
 */
#include "mark.h"
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void tb_function(uint64_t id, struct qemu_plugin_tb *tb);
typedef void exec_function(unsigned cpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, tb_function *call);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
#if PLUGIN_VERSION < 3
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
#else
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *copy, size_t size);
#endif
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, exec_function *call,
					  int no_registers, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, exec_function *call,
					    int no_registers, void *data);
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_VERSION;

/* One translation; a block that is translated anew has several. They stay where they are: the
 * translated code has their addresses. */
struct block {
	uint64_t address, instructions;
	uint64_t executed, before, between;
	struct block *next;
};

static struct block *blocks;
static bool counting;
static FILE *out;

static void begin(void)
{
	for (struct block *block = blocks; block; block = block->next)
		block->before = block->executed;
	counting = true;
}

static void end(void)
{
	for (struct block *block = blocks; block && counting; block = block->next)
		block->between += block->executed - block->before;
	counting = false;
}

static void flush(void)
{
	fprintf(out, "flush\n");
	for (struct block *block = blocks; block; block = block->next) {
		if (block->between)
			fprintf(out, "%" PRIx64 " %" PRIu64 "\n", block->address, block->between);
		block->between = 0;
	}
	fflush(out);
}

static void marked(unsigned cpu, void *data)
{
	(void)cpu;
	switch ((uintptr_t)data) {
	case MARK_BEGIN:
		begin();
		break;
	case MARK_END:
		end();
		break;
	case MARK_FLUSH:
		flush();
		break;
	}
}

static void executed(unsigned cpu, void *data)
{
	struct block *block = data;

	(void)cpu;
	block->executed += block->instructions;
}

static uint32_t mark_of(const struct qemu_plugin_insn *insn)
{
	static const unsigned char nop[] = { 0x0f, 0x1f, 0x84, 0x00 };
	unsigned char bytes[sizeof(nop) + sizeof(uint32_t)];
	uint32_t mark;

	if (qemu_plugin_insn_size(insn) != sizeof(bytes))
		return 0;
#if PLUGIN_VERSION < 3
	memcpy(bytes, qemu_plugin_insn_data(insn), sizeof(bytes));
#else
	if (qemu_plugin_insn_data(insn, bytes, sizeof(bytes)) != sizeof(bytes))
		return 0;
#endif
	if (memcmp(bytes, nop, sizeof(nop)) != 0)
		return 0;
	memcpy(&mark, bytes + sizeof(nop), sizeof(mark));
	return mark;
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);
	struct block *block = calloc(1, sizeof(*block));

	(void)id;
	if (!block)
		abort();
	block->address = qemu_plugin_tb_vaddr(tb);
	block->instructions = n;
	block->next = blocks;
	blocks = block;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, executed, 0, block);
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint32_t mark = mark_of(insn);

		if (mark)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, marked, 0,
							       (void *)(uintptr_t)mark);
	}
}

__attribute__((visibility("default"))) int qemu_plugin_install(uint64_t id, const void *info,
							       int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++)
		if (strncmp(argv[i], "out=", 4) == 0)
			out = fopen(argv[i] + 4, "w");
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
