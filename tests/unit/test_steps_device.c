/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a description's sections make of a driver. */
#include "fake_card.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

START_TEST(device_and_file_have_their_own_variables)
{
	struct cuio_file other;

	load("[State]\nDevice=total:u8\nOpen=own, ring[4]:u16\n"
	     "[Open]\nStep=let file.own = 10\nStep=fail EBUSY if dev.total == 255\n"
	     "[Ioctl RUN]\nNumber=_IO('x', 1)\nStep=let dev.total = dev.total + 1\n"
	     "Step=let file.own = file.own + 1\nStep=let file.ring[3] = 0x12345\n"
	     "Step=return file.own * 100 + dev.total\n");
	other = (struct cuio_file){ .device = &device };
	ck_assert_int_eq(device.driver->open(&file), 0);
	ck_assert_int_eq(device.driver->open(&other), 0);
	ck_assert_int_eq(run(NULL), 1101);
	ck_assert_int_eq(run(NULL), 1202);
	ck_assert_int_eq(fake_ioctl(&other, &(struct cuio_request){ 0 }, "RUN", NULL), 1103);
	for (int i = 0; i < 252; i++)
		run(NULL);
	ck_assert_int_eq(device.driver->open(&other), -EBUSY);
	run(NULL);
	ck_assert_int_eq(device.driver->open(&other), 0);
	fake_done(&device);
}
END_TEST

START_TEST(nodes_have_their_constants_and_files_their_flags)
{
	load("[Node a]\nName=card-a\nConst=BASE 0x10\nConst=LAST 3\n"
	     "[Node b]\nConst=LAST 4\nConst=BASE 0x20\n"
	     "[Ioctl RUN]\nNumber=_IO('x', 1)\n"
	     "Step=return (file.flags & 0x800) + node.BASE + node.LAST + node.index * 0x100\n");
	ck_assert_int_eq(run(NULL), 0x13);
	file.node = 1;
	ck_assert_int_eq(run(NULL), 0x124);
	file.flags = O_RDWR | O_NONBLOCK;
	ck_assert_int_eq(run(NULL), 0x924);
	fake_done(&device);
}
END_TEST

START_TEST(poll_asks_state_and_registers)
{
	load("[State]\nDevice=bell\n[Poll]\nIn=status.ready\nErr=dev.bell > 1\nPri=dev.bell\n");
	ck_assert_uint_eq(device.driver->poll(&file), CUIO_READY_OUT);
	fake_memory_set(&memory, 0, 1);
	ck_assert_uint_eq(device.driver->poll(&file), CUIO_READY_IN | CUIO_READY_OUT);
	device.state[16] = 1;
	ck_assert_uint_eq(device.driver->poll(&file),
			  CUIO_READY_IN | CUIO_READY_OUT | CUIO_READY_PRI);
	device.state[16] = 2;
	ck_assert_uint_eq(device.driver->poll(&file),
			  CUIO_READY_IN | CUIO_READY_OUT | CUIO_READY_PRI | CUIO_READY_ERR);
	fake_done(&device);
}
END_TEST

START_TEST(timers_are_armed_and_switched_off)
{
	load("[State]\nDevice=ticks\n[Open]\nStep=arm other 1s\nStep=arm tick 20ms\n"
	     "[Release]\nStep=arm tick 0\n"
	     "[Timer tick]\nStep=let dev.ticks = dev.ticks + 1\nStep=arm tick 10ms if dev.ticks < "
	     "2\n"
	     "[Timer other]\nStep=write control 1\n");
	ck_assert_uint_eq(device.driver->n_timers, 2);
	ck_assert_int_eq(device.driver->open(&file), 0);
	ck_assert_uint_eq(device.timers[0], device.now + 20000000);
	ck_assert_uint_eq(device.timers[1], device.now + 1000000000);
	device.now = device.timers[0];
	device.timers[0] = 0;
	device.driver->timer(&device, 0);
	ck_assert_uint_eq(device.timers[0], device.now + 10000000);
	device.timers[0] = 0;
	device.driver->timer(&device, 0);
	ck_assert_uint_eq(device.timers[0], 0);
	device.driver->timer(&device, 1);
	ck_assert_uint_eq(fake_memory_get(&memory, 4), 1);
	device.timers[0] = 5;
	device.driver->release(&file);
	ck_assert_uint_eq(device.timers[0], 0);
	fake_done(&device);
}
END_TEST

START_TEST(an_interrupt_without_cause_register_has_cause_1)
{
	load("[State]\nDevice=last\n[Interrupt]\nStep=let dev.last = cause\n"
	     "[Ioctl RUN]\nNumber=_IO('x', 1)\nStep=return dev.last\n");
	ck_assert_ptr_null(device.driver->cause);
	fake_interrupt(&device);
	ck_assert_int_eq(run(NULL), 1);
	fake_done(&device);
	load("[State]\nDevice=last\n[Interrupt]\nCause=status.mode\nStep=let dev.last = cause\n"
	     "[Ioctl RUN]\nNumber=_IO('x', 1)\nStep=return dev.last\n");
	fake_memory_set(&memory, 0, 0x51);
	fake_interrupt(&device);
	ck_assert_int_eq(run(NULL), 5);
	fake_done(&device);
}
END_TEST

struct mixed {
	uint8_t small;
	uint64_t large;
	long number;
	uint16_t list[3];
};

struct mixed_compat {
	uint8_t small;
	uint64_t large __attribute__((packed, aligned(4)));
	int32_t number;
	uint16_t list[3];
};

START_TEST(structs_have_the_layout_of_their_callers)
{
	const struct cuio_driver_ioctl *entry, *compat;
	struct mixed mixed = { .small = 1, .large = 1ULL << 40, .number = -5, .list = { 1, 2, 3 } };
	struct mixed_compat narrow = { .small = 2, .large = 7, .number = -6, .list = { 4, 5, 6 } };

	load("[Struct mixed]\nMember=small:u8\nMember=large:u64\nMember=number:long\n"
	     "Member=list[3]:u16\n[Struct tight]\nPacked=yes\nMember=a:u8\nMember=b:u32\n"
	     "[Ioctl RUN]\nNumber=_IOWR('x', 1, mixed)\nStep=wait status.ready\n"
	     "Step=let arg.large = arg.large + arg.small\nStep=let arg.number = arg.number - 1\n"
	     "Step=let arg.list[2] = arg.list[0] + arg.list[1]\n"
	     "[Ioctl TIGHT]\nNumber=_IOW('x', 2, struct tight)\nStep=write control arg.b\n");
	entry = fake_entry(&device, "RUN", false);
	compat = fake_entry(&device, "RUN", true);
	ck_assert_uint_eq(entry->number, _IOWR('x', 1, struct mixed));
	ck_assert_uint_eq(entry->members[3].offset, offsetof(struct mixed, list));
	ck_assert_uint_eq(entry->members[3].count, 3);
	ck_assert(entry->members[2].is_signed);
	ck_assert_uint_eq(fake_entry(&device, "TIGHT", false)->size, 5);
	ck_assert_ptr_null(fake_entry(&device, "TIGHT", true));
	fake_memory_set(&memory, 0, 1);
	ck_assert_int_eq(run((uint64_t *)(void *)&mixed), 0);
	ck_assert_uint_eq(mixed.large, (1ULL << 40) + 1);
	ck_assert_int_eq(mixed.number, -6);
	ck_assert_uint_eq(mixed.list[2], 3);
#ifdef __x86_64__
	ck_assert_uint_eq(compat->size, sizeof(struct mixed_compat));
	ck_assert_uint_eq(compat->number, _IOWR('x', 1, struct mixed_compat));
	ck_assert_uint_eq(compat->members[1].offset, 4);
	ck_assert_uint_eq(compat->members[2].offset, 12);
	ck_assert_uint_eq(compat->members[3].offset, 16);
	ck_assert_int_eq(fake_ioctl_compat(&file, &(struct cuio_request){ 0 }, "RUN", &narrow), 0);
	ck_assert_uint_eq(narrow.large, 9);
	ck_assert_int_eq(narrow.number, -7);
	ck_assert_uint_eq(narrow.list[2], 9);
#else
	(void)compat;
	(void)narrow;
#endif
	fake_done(&device);
}
END_TEST

START_TEST(unrestricted_numbers_may_say_anything)
{
	static const char text[] =
		"[Device]\nIoctl=unrestricted\nUnknown=EINVAL\nExclusive=yes\n[Window "
		"bar0]\nBar=0\n"
		"[Register a]\nOffset=0\n[Struct s]\nMember=x:u32\nMember=y:u32\nMember=z:u32\n"
		"[Ioctl PTR]\nNumber=_IOW('x', 1, ptr)\nArg=inout:s\nStep=write a arg.x\n"
		"[Ioctl HEX]\nNumber=0x5480\nArg=out:u32\nStep=read a arg\n";
	const struct cuio_driver_ioctl *entry, *compat;

	fake_memory_init(&memory);
	fake_parse(&device, text, &memory.window);
	ck_assert(device.driver->unrestricted);
	ck_assert(device.driver->exclusive);
	ck_assert_int_eq(device.driver->unknown_ioctl, EINVAL);
	entry = fake_entry(&device, "PTR", false);
	compat = fake_entry(&device, "PTR", true);
	ck_assert_uint_eq(entry->number, _IOW('x', 1, void *));
	ck_assert_uint_eq(entry->size, 12);
	ck_assert_int_eq(entry->argument, CUIO_ARGUMENT_INOUT);
	ck_assert_uint_eq(compat->number, _IOW('x', 1, uint32_t));
	ck_assert_uint_eq(compat->size, 12);
	ck_assert_uint_eq(fake_entry(&device, "HEX", false)->number, 0x5480);
	fake_done(&device);
}
END_TEST

START_TEST(what_only_reads_is_restartable)
{
	load("[Read]\nStep=read status data.u32[0]\nStep=return 4\n"
	     "[Write]\nStep=write control data.u32[0]\nStep=return 4\n"
	     "[Ioctl A]\nNumber=_IO('x', 1)\nStep=read fifo x\n"
	     "[Ioctl B]\nNumber=_IO('x', 2)\nStep=read status x\n"
	     "[Ioctl C]\nNumber=_IO('x', 3)\nRestartable=yes\nStep=write control 1\n"
	     "[Ioctl D]\nNumber=_IO('x', 4)\nRestartable=no\nStep=read status x\n");
	ck_assert_uint_eq(device.driver->restartable, CUIO_RESTART_READ | CUIO_RESTART_OPEN);
	ck_assert(!fake_entry(&device, "A", false)->restartable);
	ck_assert(fake_entry(&device, "B", false)->restartable);
	ck_assert(fake_entry(&device, "C", false)->restartable);
	ck_assert(!fake_entry(&device, "D", false)->restartable);
	fake_done(&device);
}
END_TEST

START_TEST(what_others_cannot_notice_only_looks)
{
	static const struct {
		const char *name;
		bool looks;
	} expected[] = { { "A", true },	 { "B", true },	 { "C", false }, { "D", false },
			 { "E", false }, { "F", false }, { "G", true } };

	load("[State]\nDevice=total\nOpen=own\n[Timer tick]\nStep=let dev.total = 1\n"
	     "[Ioctl A]\nNumber=_IOR('x', 1, u32)\nStep=read status arg\n"
	     "[Ioctl B]\nNumber=_IO('x', 2)\nStep=let file.own = dev.total\nStep=return file.own\n"
	     "[Ioctl C]\nNumber=_IO('x', 3)\nRestartable=yes\nStep=write control 1\n"
	     "[Ioctl D]\nNumber=_IO('x', 4)\nStep=read status dev.total\n"
	     "[Ioctl E]\nNumber=_IO('x', 5)\nStep=arm tick 1s\n"
	     "[Ioctl F]\nNumber=_IO('x', 6)\nStep=read fifo x\n"
	     "[Ioctl G]\nNumber=_IO('x', 7)\nRestartable=no\nStep=wait status.ready\n");
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		ck_assert_msg(fake_entry(&device, expected[i].name, false)->looks ==
				      expected[i].looks,
			      "[Ioctl %s]", expected[i].name);
	fake_done(&device);
}
END_TEST

START_TEST(state_of_another_layout_is_known)
{
	uint64_t first, second;

	load("[State]\nDevice=a b\n");
	memcpy(&first, device.state, sizeof(first));
	fake_done(&device);
	load("[State]\nDevice=b a\n");
	memcpy(&second, device.state, sizeof(second));
	ck_assert_uint_ne(first, second);
	memcpy(device.state, &first, sizeof(first));
	ck_assert_int_eq(device.driver->start(&device, CUIO_START_WARM), -ESTALE);
	fake_done(&device);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("steps_device");
	TCase *tc = tcase_create("steps_device");

	tcase_add_test(tc, device_and_file_have_their_own_variables);
	tcase_add_test(tc, nodes_have_their_constants_and_files_their_flags);
	tcase_add_test(tc, poll_asks_state_and_registers);
	tcase_add_test(tc, timers_are_armed_and_switched_off);
	tcase_add_test(tc, an_interrupt_without_cause_register_has_cause_1);
	tcase_add_test(tc, structs_have_the_layout_of_their_callers);
	tcase_add_test(tc, unrestricted_numbers_may_say_anything);
	tcase_add_test(tc, what_only_reads_is_restartable);
	tcase_add_test(tc, what_others_cannot_notice_only_looks);
	tcase_add_test(tc, state_of_another_layout_is_known);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
