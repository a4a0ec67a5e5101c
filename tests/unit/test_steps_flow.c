/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions, loops, and steps that take time. */
#include "fake_card.h"
#include "suite.h"
#include <check.h>
#include <errno.h>
#include <stdlib.h>

START_TEST(loops_end)
{
	uint64_t arg = 3;

	load("[Ioctl RUN]\nNumber=_IOWR('x', 1, u64)\nStep=let sum = 0\n"
	     "Step=for i below arg max 8\nStep=let sum = sum + i + 1\nStep=write ram[i] "
	     "i\nStep=end\n"
	     "Step=return sum * 100 + i\n");
	ck_assert_int_eq(run(&arg), 603);
	ck_assert_uint_eq(fake_memory_get(&memory, 0x108), 2);
	arg = 0;
	ck_assert_int_eq(run(&arg), 0);
	arg = 9;
	memory.writes = 0;
	ck_assert_int_eq(run(&arg), -EINVAL);
	ck_assert_uint_eq(memory.writes, 0);
	fake_done(&device);
}
END_TEST

START_TEST(one_call_touches_a_bounded_number_of_registers)
{
	static uint8_t bytes[65537];

	load("[Read]\nStep=read fifo[0:count] data.u8[0:count]\nStep=return count\n");
	ck_assert_int_eq(fake_read(&file, &request, bytes, 65536), 65536);
	ck_assert_int_eq(fake_read(&file, &request, bytes, 65537), -EINVAL);
	fake_done(&device);
}
END_TEST

START_TEST(conditions_choose_steps)
{
	uint64_t arg = 1;

	load("[Ioctl RUN]\nNumber=_IOWR('x', 1, u64)\nStep=fail EPERM if arg == 2\n"
	     "Step=return 5 if arg == 1\nStep=let arg = 9 if arg == 3\n");
	ck_assert_int_eq(run(&arg), 5);
	arg = 2;
	ck_assert_int_eq(run(&arg), -EPERM);
	arg = 3;
	ck_assert_int_eq(run(&arg), 0);
	ck_assert_uint_eq(arg, 9);
	fake_done(&device);
}
END_TEST

START_TEST(nothing_before_a_wait_is_done_twice)
{
	uint64_t arg = 1;

	load("[Ioctl RUN]\nNumber=_IOWR('x', 1, u64)\nStep=write control 1\nStep=let mine = arg + "
	     "1\n"
	     "Step=let arg = 77\nStep=wait status.ready\nStep=write ram[0] mine\n"
	     "Step=wait status.mode == 3\nStep=write ram[1] mine\n");
	ck_assert_int_eq(run(&arg), cuio_not_yet);
	ck_assert_uint_eq(memory.writes, 1);
	ck_assert(!request.hold);
	ck_assert_uint_eq(request.deadline, 0);
	arg = 1;
	ck_assert_int_eq(again(&arg), cuio_not_yet);
	ck_assert_uint_eq(memory.writes, 1);
	fake_memory_set(&memory, 0, 1);
	arg = 1;
	ck_assert_int_eq(again(&arg), cuio_not_yet);
	ck_assert_uint_eq(memory.writes, 2);
	ck_assert_uint_eq(fake_memory_get(&memory, 0x100), 2);
	fake_memory_set(&memory, 0, 0x30);
	arg = 1;
	ck_assert_int_eq(again(&arg), 0);
	ck_assert_uint_eq(memory.writes, 3);
	/* What was set before the wait is not lost. */
	ck_assert_uint_eq(arg, 77);
	fake_done(&device);
}
END_TEST

START_TEST(a_wait_ends_in_time)
{
	uint64_t start;

	load("[Ioctl RUN]\nNumber=_IO('x', 1)\nStep=wait status.ready within 5ms\n"
	     "[Ioctl ELSE]\nNumber=_IO('x', 2)\nStep=wait status.ready every 1ms within 5ms "
	     "else return 3\n");
	start = device.now;
	ck_assert_int_eq(run(NULL), cuio_not_yet);
	ck_assert_uint_eq(request.deadline, start + 5000000);
	device.now += 3000000;
	ck_assert_int_eq(again(NULL), cuio_not_yet);
	ck_assert_uint_eq(request.deadline, start + 5000000);
	device.now += 2000000;
	ck_assert_int_eq(again(NULL), -ETIMEDOUT);

	start = device.now;
	request = (struct cuio_request){ 0 };
	ck_assert_int_eq(fake_ioctl(&file, &request, "ELSE", NULL), cuio_not_yet);
	ck_assert_uint_eq(request.deadline, start + 1000000);
	device.now = start + 4500000;
	ck_assert_int_eq(fake_ioctl(&file, &request, "ELSE", NULL), cuio_not_yet);
	ck_assert_uint_eq(request.deadline, start + 5000000);
	device.now = start + 5000000;
	ck_assert_int_eq(fake_ioctl(&file, &request, "ELSE", NULL), 3);
	fake_done(&device);
}
END_TEST

START_TEST(an_until_spins_then_holds_and_polls_by_timer)
{
	uint64_t start, previous = 0;

	load("[Ioctl RUN]\nNumber=_IO('x', 1)\nStep=until status.ready within 10ms else fail "
	     "EBUSY\n");
	start = device.now;
	for (int i = 0; i < 12; i++) {
		uint64_t interval;

		memory.reads = 0;
		ck_assert_int_eq(i ? again(NULL) : run(NULL), cuio_not_yet);
		ck_assert_uint_eq(memory.reads, 64);
		ck_assert(request.hold);
		interval = request.deadline - device.now;
		ck_assert_uint_ge(interval, previous);
		ck_assert_uint_le(interval, 1000000);
		previous = interval;
		device.now = request.deadline;
	}
	ck_assert_uint_eq(previous, 1000000);
	device.now = start + 10000000;
	ck_assert_int_eq(again(NULL), -EBUSY);
	/* It is asked once more when the time has passed. */
	ck_assert_int_eq(run(NULL), cuio_not_yet);
	device.now += 20000000;
	fake_memory_set(&memory, 0, 1);
	ck_assert_int_eq(again(NULL), 0);
	fake_done(&device);
}
END_TEST

START_TEST(a_sleep_holds_the_device)
{
	uint64_t start;

	load("[Ioctl RUN]\nNumber=_IO('x', 1)\nStep=write control 1\nStep=sleep 50us\n"
	     "Step=write control 0\n");
	start = device.now;
	ck_assert_int_eq(run(NULL), cuio_not_yet);
	ck_assert(request.hold);
	ck_assert_uint_eq(request.deadline, start + 50000);
	device.now += 49999;
	ck_assert_int_eq(again(NULL), cuio_not_yet);
	device.now++;
	ck_assert_int_eq(again(NULL), 0);
	ck_assert_uint_eq(memory.writes, 2);
	fake_done(&device);
}
END_TEST

START_TEST(waits_in_loops_go_on_in_their_round)
{
	uint64_t arg = 3;

	load("[Ioctl RUN]\nNumber=_IOW('x', 1, u64)\nStep=for i below arg max 4\nStep=write ram[i] "
	     "1\n"
	     "Step=wait status.ready\nStep=write status 0\nStep=end\nStep=return i\n");
	ck_assert_int_eq(run(&arg), cuio_not_yet);
	for (int i = 0; i < 2; i++) {
		fake_memory_set(&memory, 0, 1);
		ck_assert_int_eq(again(&arg), cuio_not_yet);
	}
	ck_assert_uint_eq(fake_memory_get(&memory, 0x108), 1);
	fake_memory_set(&memory, 0, 1);
	ck_assert_int_eq(again(&arg), 3);
	fake_done(&device);
}
END_TEST

START_TEST(a_condition_of_a_wait_is_asked_once)
{
	load("[State]\nDevice=skip\n[Ioctl RUN]\nNumber=_IO('x', 1)\n"
	     "Step=wait status.ready if !dev.skip\nStep=return 4\n"
	     "[Ioctl SKIP]\nNumber=_IO('x', 2)\nStep=let dev.skip = 1\n");
	ck_assert_int_eq(run(NULL), cuio_not_yet);
	fake_ioctl(&file, &(struct cuio_request){ 0 }, "SKIP", NULL);
	ck_assert_int_eq(again(NULL), cuio_not_yet);
	ck_assert_int_eq(run(NULL), 4);
	fake_done(&device);
}
END_TEST

START_TEST(a_request_parked_in_other_steps_is_not_continued)
{
	load("[Ioctl RUN]\nNumber=_IO('x', 1)\nStep=write control 1\nStep=wait status.ready\n"
	     "[Ioctl AGAIN]\nNumber=_IO('x', 2)\nRestartable=yes\nStep=write control 1\n"
	     "Step=wait status.ready\nStep=return 2\n");
	ck_assert_int_eq(run(NULL), cuio_not_yet);
	/* The same state, as a new version of the description would find it. */
	request.state[0] ^= 0xff;
	ck_assert_int_eq(again(NULL), -EIO);

	request = (struct cuio_request){ 0 };
	ck_assert_int_eq(fake_ioctl(&file, &request, "AGAIN", NULL), cuio_not_yet);
	request.state[0] ^= 0xff;
	memory.writes = 0;
	ck_assert_int_eq(fake_ioctl(&file, &request, "AGAIN", NULL), cuio_not_yet);
	ck_assert_uint_eq(memory.writes, 1);
	fake_done(&device);
}
END_TEST

START_TEST(start_really_waits_and_fails_when_nothing_comes)
{
	struct report report = { 0 };

	load("[Start]\nStep=write status 1\nStep=sleep 1ms\nStep=until status.ready within 100ms\n"
	     "[Resume]\nStep=until status.mode == 7 within 5ms\n"
	     "[Stop]\nStep=write status 0\n");
	ck_assert_uint_eq(fake_memory_get(&memory, 0), 1);
	ck_assert_int_eq(device.driver->start(&device, CUIO_START_WARM), -ETIMEDOUT);
	/* It is told which step did. */
	ck_assert_ptr_nonnull(strstr(device.explanation, ": the step ended with: "));
	ck_assert_ptr_nonnull(strstr(device.explanation, ".device:"));
	device.driver->stop(&device);
	ck_assert_uint_eq(fake_memory_get(&memory, 0), 0);
	fake_done(&device);
	report_done(&report);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("steps_flow");
	TCase *tc = tcase_create("steps_flow");

	tcase_add_test(tc, loops_end);
	tcase_add_test(tc, one_call_touches_a_bounded_number_of_registers);
	tcase_add_test(tc, conditions_choose_steps);
	tcase_add_test(tc, nothing_before_a_wait_is_done_twice);
	tcase_add_test(tc, a_wait_ends_in_time);
	tcase_add_test(tc, an_until_spins_then_holds_and_polls_by_timer);
	tcase_add_test(tc, a_sleep_holds_the_device);
	tcase_add_test(tc, waits_in_loops_go_on_in_their_round);
	tcase_add_test(tc, a_condition_of_a_wait_is_asked_once);
	tcase_add_test(tc, a_request_parked_in_other_steps_is_not_continued);
	tcase_add_test(tc, start_really_waits_and_fails_when_nothing_comes);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
