/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A node that answers the ioctls of cuio/ioctl.h from tables, for the verbs of cuioctl: a small
 * device with every kind of register and ioctl, a log of what touched it, and switches for trouble.
 */
#ifndef TEST_CUIOCTL_NODE_H
#define TEST_CUIOCTL_NODE_H

#include "node.h"
#include <cuio/batch.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RW (CUIO_REGISTER_READ | CUIO_REGISTER_WRITE)

enum {
	IDENT,
	STATUS,
	FIFO,
	DOORBELL,
	CSR,
	N_REGISTERS
};
enum {
	OPERATION_FACTORIAL,
	OPERATION_RAISE,
	OPERATION_REG,
	N_OPERATIONS
};

struct reg_struct {
	uint32_t addr;
	int16_t offset;
	uint8_t bytes[4];
	uint16_t table[2];
	uint8_t is_write;
};

#define NUMBER_FACTORIAL _IOWR('e', 3, __u32)
#define NUMBER_RAISE	 _IOC(_IOC_WRITE, 'e', 5, 0)
#define NUMBER_REG	 _IOWR('S', 0, struct reg_struct)
#define NUMBER_UNKNOWN	 _IOR('x', 1, unsigned char[3])

static const struct cuio_register fake_registers[N_REGISTERS] = {
	{ 0, CUIO_REGISTER_READ, 0, 4, 4, 1, 0, 0, "ident", "bar0", "identification" },
	{ 1, RW, 0x20, 4, 4, 1, 3, 0, "status", "bar0", "state \"of\" \xb5" },
	{ 2, CUIO_REGISTER_READ | CUIO_REGISTER_SIDE_EFFECT, 0x30, 0, 1, 1, 0, 0, "fifo", "bar0",
	  "" },
	{ 3, CUIO_REGISTER_WRITE, 0x40, 0, 2, 1, 0, 0, "doorbell", "bar0", "" },
	{ 4, RW, 0x100, 8, 8, 20, 1, 0, "csr", "bar1", "" },
};

static const struct cuio_field fake_fields[] = {
	{ 1, 0, 0, 1, CUIO_REGISTER_READ, 0, "busy", "" },
	{ 1, 1, 4, 4, RW, 0, "mode", "" },
	{ 1, 2, 31, 1, CUIO_REGISTER_WRITE, 0, "go", "" },
	{ 4, 0, 60, 4, RW, 0, "top", "" },
};

static const struct cuio_operation fake_operations[N_OPERATIONS] = {
	{ 0, NUMBER_FACTORIAL, CUIO_ARGUMENT_INOUT, 4, 0, 1, "EDU_FACTORIAL" },
	{ 1, NUMBER_RAISE, CUIO_ARGUMENT_VALUE, 4, 0, 0, "EDU_RAISE" },
	{ 2, NUMBER_REG, CUIO_ARGUMENT_INOUT, sizeof(struct reg_struct), 5, 0, "DEV_REG" },
};

static const struct cuio_member fake_members[] = {
	{ 2, 0, offsetof(struct reg_struct, addr), 4, 1, 0, "addr" },
	{ 2, 1, offsetof(struct reg_struct, offset), 2, 1, 1, "offset" },
	{ 2, 2, offsetof(struct reg_struct, bytes), 1, 4, 0, "bytes" },
	{ 2, 3, offsetof(struct reg_struct, table), 2, 2, 0, "table" },
	{ 2, 4, offsetof(struct reg_struct, is_write), 1, 1, 0, "is_write" },
};

static struct fake {
	uint64_t values[N_REGISTERS][20];
	unsigned reads, writes, calls; /* what touched the device */
	unsigned reads_of[N_REGISTERS];
	int refuse;	  /* -errno of every access */
	int wait;	  /* -errno of the wait, 0: an interrupt */
	unsigned signals; /* how many waits a signal ends */
	bool old;	  /* knows no CHECK and no BATCH */
	bool idle;	  /* does no step of a batch, and says no error */
	unsigned batches; /* that were carried out */
	unsigned lasts;	  /* ioctls of a batch that are answered; then `fails` */
	int fails;	  /* -errno, 0: all are answered */
	unsigned busy;	  /* reads of status after which bit 0 is 0 */
	struct reg_struct given;
	uint64_t value; /* by value */
} fake;

static int fake_access(struct cuio_access *access, unsigned long number)
{
	const struct cuio_register *reg = &fake_registers[access->register_index];
	uint64_t *value = &fake.values[access->register_index][access->element];

	if (fake.refuse)
		return fake.refuse;
	if (reg->index == CSR && access->element == 3)
		return -EACCES;
	if (number == CUIO_IOCTL_READ) {
		fake.reads++;
		fake.reads_of[reg->index]++;
		access->value = *value;
		return 0;
	}
	if (number == CUIO_IOCTL_CHECK)
		return fake.old ? -ENOTTY : 0;
	fake.writes++;
	*value = (*value & ~access->mask) | (access->value & access->mask);
	return 0;
}

static int fake_check_step(const struct cuio_step *step)
{
	if (step->kind < CUIO_STEP_READ || step->kind > CUIO_STEP_UNTIL)
		return -EINVAL;
	return step->register_index == CSR && step->element == 3 ? -EACCES : 0;
}

static int fake_step(struct cuio_step *step)
{
	struct cuio_access access = { step->register_index, step->element, step->value,
				      step->mask };
	uint64_t wanted = step->value;

	if (step->kind == CUIO_STEP_WRITE)
		return fake_access(&access, CUIO_IOCTL_WRITE);
	if (step->register_index == STATUS && fake.busy && --fake.busy == 0)
		fake.values[STATUS][0] &= ~1ULL;
	fake_access(&access, CUIO_IOCTL_READ);
	step->value = access.value & step->mask;
	if (step->kind == CUIO_STEP_READ || step->value == wanted)
		return 0;
	if (step->timeout == 0 || !fake.busy)
		return -ETIMEDOUT;
	step->value = wanted;
	return fake_step(step);
}

static int fake_batch(unsigned long number, struct cuio_batch_buffer *batch)
{
	struct cuio_batch *head = &batch->head;

	if (fake.old)
		return -ENOTTY;
	if (number != CUIO_IOCTL_BATCH(head->n_steps) || head->n_steps > CUIO_BATCH_STEPS_MAX)
		return -EINVAL;
	if (fake.refuse)
		return fake.refuse;
	if (fake.fails && fake.lasts-- == 0)
		return fake.fails;
	for (head->stopped = 0; head->stopped < head->n_steps; head->stopped++) {
		head->error = fake_check_step(&batch->steps[head->stopped]);
		if (head->error)
			return 0;
	}
	fake.batches++;
	if (fake.idle) {
		head->stopped = 0;
		return 0;
	}
	for (head->stopped = 0; head->stopped < head->n_steps; head->stopped++) {
		head->error = fake_step(&batch->steps[head->stopped]);
		if (head->error)
			break;
	}
	return (int)head->stopped;
}

static bool fake_is_batch(unsigned long number)
{
	return _IOC_TYPE(number) == CUIO_IOCTL_TYPE && _IOC_NR(number) == CUIO_IOCTL_BATCH_NUMBER;
}

static int fake_find(void *argument, const void *table, size_t size, size_t n, bool nested)
{
	size_t compared = nested ? 2 * sizeof(__u32) : sizeof(__u32);

	for (size_t i = 0; i < n; i++)
		if (!memcmp((const char *)table + i * size, argument, compared)) {
			memcpy(argument, (const char *)table + i * size, size);
			return 0;
		}
	return -ENOENT;
}

#define FIND(argument, table, nested)                                                              \
	fake_find(argument, table, sizeof(*(table)), sizeof(table) / sizeof(*(table)), nested)

static int fake_operation(unsigned long number, void *argument)
{
	fake.calls++;
	switch (number) {
	case NUMBER_FACTORIAL:
		*(uint32_t *)argument = *(uint32_t *)argument == 5 ? 120 : 0;
		return 0;
	case NUMBER_RAISE:
		fake.value = (uintptr_t)argument;
		return 7;
	case NUMBER_REG:
		fake.given = *(struct reg_struct *)argument;
		((struct reg_struct *)argument)->addr++;
		return 0;
	case NUMBER_UNKNOWN:
		memcpy(argument, "\x01\x02\xff", 3);
		return 0;
	default:
		return -ENOTTY;
	}
}

static int fake_wait(struct cuio_wait *wait)
{
	if (fake.signals) {
		fake.signals--;
		return -EINTR;
	}
	wait->cause = 0x101;
	wait->count = 9;
	return fake.wait;
}

static int fake_call(struct node *node, unsigned long number, void *argument)
{
	(void)node;
	if (fake_is_batch(number))
		return fake_batch(number, argument);
	switch (number) {
	case CUIO_IOCTL_REGISTER:
		return FIND(argument, fake_registers, false);
	case CUIO_IOCTL_FIELD:
		return FIND(argument, fake_fields, true);
	case CUIO_IOCTL_OPERATION:
		return FIND(argument, fake_operations, false);
	case CUIO_IOCTL_MEMBER:
		return FIND(argument, fake_members, true);
	case CUIO_IOCTL_READ:
	case CUIO_IOCTL_WRITE:
	case CUIO_IOCTL_CHECK:
		return fake_access(argument, number);
	case CUIO_IOCTL_WAIT:
		return fake_wait(argument);
	default:
		return fake_operation(number, argument);
	}
}

static struct node fake_node(void)
{
	struct node node = { .fd = -1, .name = "fake", .call = fake_call };

	memset(&fake, 0, sizeof(fake));
	node.info.n_registers = N_REGISTERS;
	node.info.n_operations = N_OPERATIONS;
	snprintf(node.info.node_name, sizeof(node.info.node_name), "fake");
	return node;
}

#endif
