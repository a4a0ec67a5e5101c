// SPDX-License-Identifier: GPL-2.0-or-later
// Many calls wait: which of them are called again for what, in which order, and what comes between.
#include "device/internal.h"
#include "hardware/sim.h"
#include "kernel.h"
#include "suite.h"
#include <cuio/ioctl.h>
#include <sys/mman.h>

#define WAITERS 200U
#define POLLS	64U /* likewise of files */
#define PART	3U  /* calls of waiting requests until others have their turn; front/serve.c */

struct queue {
	uint32_t tokens, changes, interrupts;
};

#define QUEUE_CHANGE _IOR('q', 1, uint32_t) /* changes the state, to no use */
#define QUEUE_LOOK   _IOR('q', 2, uint32_t) /* changes nothing; the number of calls so far */
#define QUEUE_WRITE  _IOR('q', 3, uint32_t) /* writes a register */
#define QUEUE_OWN    _IOR('q', 4, uint32_t) /* changes the file's state */

#define READ_LOOKS 1000U /* a read of this size reads a register before it waits */

static const char description[] = "[Device]\nDescription=test\n"
				  "[Window w]\nBar=0\n"
				  "[Interrupt]\n"
				  "[Register r]\nOffset=0\n";

/* Shared with the daemon. */
static struct {
	uint32_t calls;		       /* of waiting reads */
	uint32_t polls, polls_at_look; /* of files */
	uint32_t raise_at;	       /* this call raises an interrupt */
	uint32_t raise_always;	       /* in as many calls as this */
	uint32_t interrupted_at;       /* the number of calls when it came */
	uint32_t interrupts;	       /* that came */
	uint32_t next_size;	       /* of the first read that was called after it */
	uint32_t interrupts_if[WAITERS +
			       1]; /* how many had come when a read of this size was called */
} * plan;

static void raise_as_planned(struct cuio_device *device)
{
	if (plan->calls == plan->raise_at || plan->raise_always)
		sim_raise(device->hardware);
	if (plan->raise_always)
		plan->raise_always--;
}

/* Its size says which read it is. */
static ssize_t queue_read(struct cuio_file *file, struct cuio_request *request, void *data,
			  size_t size)
{
	struct cuio_device *device = cuio_file_device(file);
	struct queue *queue = cuio_device_state(device);

	(void)request;
	plan->calls++;
	if (plan->interrupted_at && !plan->next_size)
		plan->next_size = (uint32_t)size;
	if (size <= WAITERS && !plan->interrupts_if[size])
		plan->interrupts_if[size] = plan->interrupts + 1;
	raise_as_planned(device);
	if (size == READ_LOOKS)
		cuio_reg_read(device, 0);
	if (!queue->tokens)
		return cuio_not_yet;
	queue->tokens--;
	memset(data, 0, size);
	return (ssize_t)size;
}

static ssize_t queue_write(struct cuio_file *file, struct cuio_request *request, const void *data,
			   size_t size)
{
	struct queue *queue = cuio_device_state(cuio_file_device(file));

	(void)request, (void)data;
	queue->tokens += (uint32_t)size;
	return (ssize_t)size;
}

static unsigned queue_poll(struct cuio_file *file)
{
	(void)file;
	plan->polls++;
	return 0;
}

static void queue_interrupt(struct cuio_device *device, unsigned vector, uint64_t cause)
{
	struct queue *queue = cuio_device_state(device);

	(void)vector, (void)cause;
	queue->interrupts++;
	plan->interrupts++;
	if (!plan->interrupted_at)
		plan->interrupted_at = plan->calls;
}

static int queue_ioctl(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		       struct cuio_request *request, void *arg)
{
	struct cuio_device *device = cuio_file_device(file);
	struct queue *queue = cuio_device_state(device);
	uint32_t *of_file = cuio_file_state(file);

	(void)request;
	memcpy(arg, &plan->calls, sizeof(plan->calls));
	if (entry->number == QUEUE_LOOK)
		plan->polls_at_look = plan->polls;
	if (entry->number == QUEUE_CHANGE)
		queue->changes++;
	if (entry->number == QUEUE_WRITE)
		cuio_reg_write(device, 0, 1);
	if (entry->number == QUEUE_OWN)
		++*of_file;
	return 0;
}

#define ENTRY(n)                                                                                   \
	{                                                                                          \
		.name = #n, .number = n, .argument = CUIO_ARGUMENT_OUT, .size = 4,                 \
		.restartable = true, .call = queue_ioctl                                           \
	}
static const struct cuio_driver_ioctl ioctls[] = {
	ENTRY(QUEUE_CHANGE),
	ENTRY(QUEUE_LOOK),
	ENTRY(QUEUE_WRITE),
	ENTRY(QUEUE_OWN),
};

static const struct cuio_driver_register registers[] = {
	{ .name = "r", .width = 4, .read = true, .write = true },
};

static const struct cuio_driver queue = {
	.contract = CUIO_CONTRACT,
	.name = "queue",
	.device_state = sizeof(struct queue),
	.file_state = sizeof(uint32_t),
	.restartable = CUIO_RESTART_OPEN | CUIO_RESTART_READ | CUIO_RESTART_WRITE,
	.ioctls = ioctls,
	.n_ioctls = sizeof(ioctls) / sizeof(ioctls[0]),
	.registers = registers,
	.n_registers = 1,
	.read = queue_read,
	.write = queue_write,
	.poll = queue_poll,
	.interrupt = queue_interrupt,
};

static struct kernel *kernel;
static uint64_t file;

static void setup(void)
{
	plan = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(plan, MAP_FAILED);
	kernel = kernel_new_described(&queue, description);
	file = kernel_open(kernel, O_RDWR);
}

static void teardown(void)
{
	kernel_free(kernel);
	munmap(plan, 4096);
}

static uint32_t take(uint64_t unique)
{
	uint8_t *data;
	uint32_t value;

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&value, data, sizeof(value));
	return value;
}

static uint64_t send_to(uint64_t to, uint32_t command)
{
	return kernel_send_ioctl(kernel, to, command, NULL, 0, sizeof(uint32_t));
}

/* The number of calls of waiting reads after this ioctl. */
static uint32_t calls_for(uint64_t to, uint32_t command)
{
	uint32_t before = take(send_to(to, command));

	kernel_await_sleep(kernel->daemon);
	return plan->calls - before;
}

/* Reads of 1, 2, ... bytes. */
static void wait_all(uint64_t *reads)
{
	for (uint32_t i = 0; i < WAITERS; i++) {
		uint64_t unique = kernel_send_read(kernel, file, i + 1, O_RDWR);

		if (reads)
			reads[i] = unique;
	}
	ck_assert_uint_eq(take(send_to(file, QUEUE_LOOK)), WAITERS);
	memset(plan, 0, sizeof(*plan));
}

/* What is sent while it is stopped arrives together. */
static void stop_daemon(void)
{
	kernel_await_sleep(kernel->daemon);
	kill(kernel->daemon, SIGSTOP);
}

static void continue_daemon(void)
{
	kill(kernel->daemon, SIGCONT);
}

START_TEST(who_changes_nothing_makes_nobody_try_again)
{
	wait_all(NULL);
	ck_assert_uint_eq(calls_for(file, QUEUE_LOOK), 0);
}
END_TEST

START_TEST(a_change_makes_each_try_once)
{
	wait_all(NULL);
	ck_assert_uint_eq(calls_for(file, QUEUE_CHANGE), WAITERS);
}
END_TEST

START_TEST(also_if_some_of_them_are_answered)
{
	uint64_t reads[WAITERS], write;

	wait_all(reads);
	write = kernel_send_write(kernel, file, "xyz", 3, O_RDWR);
	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	for (unsigned i = 0; i < 3; i++)
		ck_assert_int_eq(kernel_answer(kernel, reads[i]), 0);
	kernel_await_sleep(kernel->daemon);
	ck_assert_uint_eq(plan->calls, WAITERS);
}
END_TEST

START_TEST(a_register_write_concerns_those_who_have_read_registers)
{
	wait_all(NULL);
	ck_assert_uint_eq(calls_for(file, QUEUE_WRITE), 0);
	kernel_send_read(kernel, file, READ_LOOKS, O_RDWR);
	ck_assert_uint_eq(take(send_to(file, QUEUE_LOOK)), 1);
	ck_assert_uint_eq(calls_for(file, QUEUE_WRITE), 1);
}
END_TEST

START_TEST(the_state_of_a_file_concerns_those_who_wait_on_it)
{
	uint64_t other = kernel_open(kernel, O_RDWR);

	wait_all(NULL);
	kernel_send_read(kernel, other, 4, O_RDWR);
	ck_assert_uint_eq(take(send_to(file, QUEUE_LOOK)), 1);
	ck_assert_uint_eq(calls_for(other, QUEUE_OWN), 1);
	ck_assert_uint_eq(calls_for(file, QUEUE_OWN), WAITERS);
}
END_TEST

START_TEST(another_call_comes_between)
{
	uint64_t change, look;

	wait_all(NULL);
	stop_daemon();
	change = send_to(file, QUEUE_CHANGE);
	look = send_to(file, QUEUE_LOOK);
	continue_daemon();
	ck_assert_uint_eq(take(change), 0);
	ck_assert_uint_le(take(look), 3 * PART);
}
END_TEST

START_TEST(an_interrupt_comes_between)
{
	wait_all(NULL);
	plan->raise_at = 100;
	calls_for(file, QUEUE_CHANGE);
	ck_assert_uint_eq(plan->interrupts, 1);
	ck_assert_uint_ge(plan->interrupted_at, 100);
	ck_assert_uint_le(plan->interrupted_at, 100 + 2 * PART);
	ck_assert_uint_eq(plan->next_size, 1); /* the oldest */
	for (unsigned i = 1; i <= WAITERS; i++)
		ck_assert_uint_gt(plan->interrupts_if[i], 0);
}
END_TEST

START_TEST(who_changes_something_meanwhile_is_for_the_oldest)
{
	uint64_t reads[WAITERS];

	wait_all(reads);
	stop_daemon();
	send_to(file, QUEUE_CHANGE);
	kernel_send_write(kernel, file, "x", 1, O_RDWR); /* the round has just begun */
	continue_daemon();
	kernel_receive(kernel);
	kernel_receive(kernel);
	ck_assert_int_eq(kernel_answer(kernel, reads[0]), 0);
}
END_TEST

START_TEST(nobody_starves_of_interrupts)
{
	wait_all(NULL);
	plan->raise_always = 4 * WAITERS;
	calls_for(file, QUEUE_CHANGE);
	for (unsigned i = 1; i <= WAITERS; i++) {
		ck_assert_uint_gt(plan->interrupts_if[i], 0);
		ck_assert_uint_le(plan->interrupts_if[i], 2 * WAITERS / (PART - 1) + 2);
	}
}
END_TEST

START_TEST(another_call_comes_between_poll_waiters)
{
	uint64_t change, look;

	for (unsigned i = 0; i < 500; i++)
		kernel_poll(kernel, kernel_open(kernel, O_RDWR), i, CUIO_READY_IN);
	plan->polls = 0;
	stop_daemon();
	change = send_to(file, QUEUE_CHANGE);
	look = send_to(file, QUEUE_LOOK);
	continue_daemon();
	take(change);
	take(look);
	ck_assert_uint_le(plan->polls_at_look, 3 * POLLS);
	kernel_await_sleep(kernel->daemon);
	ck_assert_uint_eq(plan->polls, 500);
	take(send_to(file, QUEUE_LOOK));
	take(send_to(file, QUEUE_WRITE)); /* no poll reads a register */
	kernel_await_sleep(kernel->daemon);
	ck_assert_uint_eq(plan->polls, 500);
}
END_TEST

START_TEST(a_successor_keeps_the_order)
{
	uint64_t reads[WAITERS];

	wait_all(reads);
	for (unsigned i = 0; i < 2; i++) { /* other slots are free than the first ones */
		kernel_send_interrupt(kernel, reads[i]);
		ck_assert_int_eq(kernel_answer(kernel, reads[i]), -EINTR);
		reads[i] = kernel_send_read(kernel, file, 1, O_RDWR);
	}
	take(send_to(file, QUEUE_LOOK));
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	for (unsigned i = 0; i < WAITERS; i++) {
		uint64_t write = kernel_send_write(kernel, file, "x", 1, O_RDWR);

		ck_assert_int_eq(kernel_answer(kernel, write), 0);
		ck_assert_int_eq(kernel_answer(kernel, reads[(i + 2) % WAITERS]), 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("front_turns");
	TCase *cases = tcase_create("turns");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, who_changes_nothing_makes_nobody_try_again);
	tcase_add_test(cases, a_change_makes_each_try_once);
	tcase_add_test(cases, also_if_some_of_them_are_answered);
	tcase_add_test(cases, a_register_write_concerns_those_who_have_read_registers);
	tcase_add_test(cases, the_state_of_a_file_concerns_those_who_wait_on_it);
	tcase_add_test(cases, another_call_comes_between);
	tcase_add_test(cases, an_interrupt_comes_between);
	tcase_add_test(cases, who_changes_something_meanwhile_is_for_the_oldest);
	tcase_add_test(cases, nobody_starves_of_interrupts);
	tcase_add_test(cases, another_call_comes_between_poll_waiters);
	tcase_add_test(cases, a_successor_keeps_the_order);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
