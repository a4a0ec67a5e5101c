// SPDX-License-Identifier: GPL-2.0-or-later
// Requests through the front and the device into a driver, over a socketpair: waiting, signals,
// poll, and a daemon that dies at any point.
#include "base/checksum.h"
#include "kernel.h"
#include "suite.h"
#include <cuio/ioctl.h>
#include <sys/mman.h>

/* A mailbox: write() puts a number in, read() waits for one and takes it. */
struct mailbox {
	uint32_t full, value;
	uint32_t taken, calls, nudges;
};

#define MAILBOX_TAKEN	       _IOR('m', 1, uint32_t)
#define MAILBOX_DOUBLE	       _IOWR('m', 2, uint32_t)
#define MAILBOX_DIE	       _IOWR('m', 3, uint32_t) /* restartable */
#define MAILBOX_DIE_NOT	       _IOWR('m', 4, uint32_t) /* not restartable */
#define MAILBOX_KEEP	       _IOWR('m', 5, uint32_t) /* has the device's lock for so many ms */
#define MAILBOX_KEEP_THEN_WAIT _IOWR('m', 7, uint32_t) /* then for a number, without the lock */
#define REPEATED	       (-512)		       /* the kernel's ERESTARTSYS */
#define MAILBOX_WRONG	       _IOR('m', 6, uint32_t)  /* answers an error the kernel refuses */
#define MAILBOX_NUDGE	       _IOR('m', 8, uint32_t) /* changes the state, so that waiters are asked */

/* Shared with the parent: how often the daemon shall still die, and in which call. */
static struct {
	int crashes;
	int in_start, in_ask, in_read, in_write, in_open, in_release;
	int look, touch; /* a register, before */
} * plan;

static void die_as_planned(const int *where)
{
	if (*where && plan->crashes > 0) {
		plan->crashes--;
		raise(SIGKILL);
	}
}

static int mailbox_start(struct cuio_device *device, enum cuio_start how)
{
	(void)device, (void)how;
	die_as_planned(&plan->in_start);
	return 0;
}

static int mailbox_open(struct cuio_file *file)
{
	(void)file;
	die_as_planned(&plan->in_open);
	return 0;
}

static void mailbox_release(struct cuio_file *file)
{
	(void)file;
	die_as_planned(&plan->in_release);
}

static ssize_t mailbox_write(struct cuio_file *file, struct cuio_request *request, const void *data,
			     size_t size)
{
	struct mailbox *box = cuio_device_state(cuio_file_device(file));

	(void)request;
	if (size != sizeof(uint32_t))
		return -EINVAL;
	if (box->full)
		return cuio_not_yet;
	memcpy(&box->value, data, sizeof(uint32_t));
	box->full = 1;
	die_as_planned(&plan->in_write);
	return sizeof(uint32_t);
}

/* Locks the device for so many ms. */
static int keep(struct cuio_request *request, uint64_t now, uint32_t ms)
{
	uint64_t *until = cuio_request_state(request);

	if (!*until)
		*until = now + ms * UINT64_C(1000000);
	if (now >= *until)
		return 0;
	cuio_request_set_deadline(request, *until);
	cuio_request_lock_device(request);
	return cuio_not_yet;
}

static ssize_t mailbox_read(struct cuio_file *file, struct cuio_request *request, void *data,
			    size_t size)
{
	struct mailbox *box = cuio_device_state(cuio_file_device(file));

	if (size == 1) { /* takes its time with the hardware */
		int r = keep(request, cuio_device_now(cuio_file_device(file)), 20);

		return r < 0 ? r : 0;
	}
	if (size == CUIO_TRANSFER_MAX) { /* a large one, to see it through */
		memset(data, 0x5a, size);
		return (ssize_t)size;
	}
	die_as_planned(&plan->in_ask);
	if (!box->full)
		return cuio_not_yet;
	memcpy(data, &box->value, sizeof(uint32_t));
	box->full = 0;
	box->taken++;
	die_as_planned(&plan->in_read);
	return sizeof(uint32_t);
}

static unsigned mailbox_poll(struct cuio_file *file)
{
	const struct mailbox *box = cuio_device_state(cuio_file_device(file));

	return box->full ? CUIO_READY_IN : CUIO_READY_OUT;
}

static int mailbox_ioctl(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			 struct cuio_request *request, void *arg)
{
	struct cuio_device *device = cuio_file_device(file);
	struct mailbox *box = cuio_device_state(device);
	uint32_t *value = arg;

	switch (entry->number) {
	case MAILBOX_TAKEN:
		*value = box->taken;
		return 0;
	case MAILBOX_DOUBLE:
		*value *= 2;
		return 7;
	case MAILBOX_KEEP:
		return keep(request, cuio_device_now(device), *value);
	case MAILBOX_KEEP_THEN_WAIT: {
		int r = keep(request, cuio_device_now(device), *value);

		if (plan->touch)
			cuio_reg_write(device, 0, 1);
		return r < 0 || box->full ? r : cuio_not_yet;
	}
	case MAILBOX_WRONG:
		return -600;
	case MAILBOX_NUDGE:
		*value = ++box->nudges;
		return 0;
	default:
		box->calls++;
		if (plan->look)
			cuio_reg_read(cuio_file_device(file), 0);
		if (plan->touch)
			cuio_reg_write(cuio_file_device(file), 0, 1);
		if (plan->crashes > 0) {
			plan->crashes--;
			raise(SIGKILL);
		}
		*value = box->calls;
		return 0;
	}
}

#define ENTRY(n, a, r)                                                                             \
	{                                                                                          \
		.name = #n, .number = n, .argument = a, .size = 4, .restartable = r,               \
		.call = mailbox_ioctl                                                              \
	}
static const struct cuio_driver_ioctl ioctls[] = {
	ENTRY(MAILBOX_TAKEN, CUIO_ARGUMENT_OUT, true),
	ENTRY(MAILBOX_DOUBLE, CUIO_ARGUMENT_INOUT, true),
	ENTRY(MAILBOX_DIE, CUIO_ARGUMENT_INOUT, true),
	ENTRY(MAILBOX_DIE_NOT, CUIO_ARGUMENT_INOUT, false),
	ENTRY(MAILBOX_KEEP, CUIO_ARGUMENT_INOUT, true),
	ENTRY(MAILBOX_KEEP_THEN_WAIT, CUIO_ARGUMENT_INOUT, true),
	ENTRY(MAILBOX_WRONG, CUIO_ARGUMENT_OUT, true),
	ENTRY(MAILBOX_NUDGE, CUIO_ARGUMENT_OUT, true),
};

static const struct cuio_driver_register registers[] = {
	{ .name = "r", .width = 4, .read = true, .write = true },
};

static const struct cuio_driver mailbox = {
	.contract = CUIO_CONTRACT,
	.name = "mailbox",
	.device_state = sizeof(struct mailbox),
	.request_state = sizeof(uint64_t),
	.restartable = CUIO_RESTART_OPEN | CUIO_RESTART_READ | CUIO_RESTART_WRITE,
	.ioctls = ioctls,
	.n_ioctls = sizeof(ioctls) / sizeof(ioctls[0]),
	.registers = registers,
	.n_registers = 1,
	.start = mailbox_start,
	.open = mailbox_open,
	.release = mailbox_release,
	.read = mailbox_read,
	.write = mailbox_write,
	.poll = mailbox_poll,
};

static struct kernel *kernel;
static uint64_t file;

static void setup(void)
{
	plan = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(plan, MAP_FAILED);
	kernel = kernel_new(&mailbox);
	file = kernel_open(kernel, O_RDWR);
}

static void teardown(void)
{
	kernel_free(kernel);
	munmap(plan, 4096);
}

static void put(uint32_t value)
{
	uint64_t unique = kernel_send_write(kernel, file, &value, sizeof(value), O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	ck_assert_uint_eq(((struct fuse_write_out *)(void *)kernel->payload)->size, 4);
}

static void expect_value(uint64_t unique, uint32_t value)
{
	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	ck_assert_uint_eq(kernel->payload_size, 4);
	ck_assert_mem_eq(kernel->payload, &value, 4);
}

static uint32_t get(uint32_t command)
{
	uint64_t unique = kernel_send_ioctl(kernel, file, command, NULL, 0, 4);
	uint8_t *data;
	uint32_t value;

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&value, data, sizeof(value));
	return value;
}

static uint32_t taken(void)
{
	return get(MAILBOX_TAKEN);
}

START_TEST(a_read_waits_for_its_data)
{
	uint64_t unique = kernel_send_read(kernel, file, 4, O_RDWR);
	uint32_t value = 41;
	uint64_t write = kernel_send_write(kernel, file, &value, 4, O_RDWR);

	/* Who finished is answered first, then who may go on for it. */
	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	expect_value(unique, 41);
}
END_TEST

START_TEST(waiting_requests_are_asked_in_their_turn)
{
	uint64_t reads[3];

	for (unsigned i = 0; i < 3; i++)
		reads[i] = kernel_send_read(kernel, file, 4, O_RDWR);
	for (uint32_t i = 0; i < 3; i++) {
		put(i);
		expect_value(reads[i], i);
	}
}
END_TEST

START_TEST(nonblock_is_eagain)
{
	uint64_t unique = kernel_send_read(kernel, file, 4, O_RDWR | O_NONBLOCK);

	ck_assert_int_eq(kernel_answer(kernel, unique), -EAGAIN);
}
END_TEST

START_TEST(a_later_piece_of_a_read_ends_it_short)
{
	struct fuse_read_in read = { .fh = file, .size = 4, .offset = 131072, .flags = O_RDWR };
	uint64_t unique = kernel_send(kernel, FUSE_READ, &read, sizeof(read), NULL, 0);

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	ck_assert_uint_eq(kernel->payload_size, 0);
}
END_TEST

START_TEST(a_signal_ends_a_wait_with_eintr)
{
	uint64_t unique = kernel_send_read(kernel, file, 4, O_RDWR);

	kernel_send_interrupt(kernel, unique);
	ck_assert_int_eq(kernel_answer(kernel, unique), -EINTR);
	put(1);
	ck_assert_uint_eq(taken(), 0);
}
END_TEST

START_TEST(a_large_read_is_whole)
{
	uint64_t unique = kernel_send_read(kernel, file, CUIO_TRANSFER_MAX, O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	ck_assert_uint_eq(kernel->payload_size, CUIO_TRANSFER_MAX);
}
END_TEST

START_TEST(ioctls_get_and_give_their_argument)
{
	uint32_t value = 21;
	uint64_t unique = kernel_send_ioctl(kernel, file, MAILBOX_DOUBLE, &value, 4, 4);
	uint8_t *data;

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 7);
	memcpy(&value, data, 4);
	ck_assert_uint_eq(value, 42);
}
END_TEST

START_TEST(unknown_ioctls_are_enotty)
{
	uint8_t *data;
	uint64_t unique = kernel_send_ioctl(kernel, file, _IO('x', 1), NULL, 0, 0);

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), -ENOTTY);
	/* cuio's own are for control files alone. */
	unique =
		kernel_send_ioctl(kernel, file, CUIO_IOCTL_INFO, NULL, 0, sizeof(struct cuio_info));
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), -ENOTTY);
}
END_TEST

START_TEST(errors_that_the_kernel_refuses_become_eio)
{
	uint8_t *data;
	uint64_t unique = kernel_send_ioctl(kernel, file, MAILBOX_WRONG, NULL, 0, 4);

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), -EIO);
}
END_TEST

START_TEST(files_that_are_not_open_are_ebadf)
{
	uint64_t unique = kernel_send_read(kernel, 999, 4, O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, unique), -EBADF);
	unique = kernel_send_read(kernel, UINT64_C(1) << 40, 4, O_RDWR);
	ck_assert_int_eq(kernel_answer(kernel, unique), -EBADF);
}
END_TEST

START_TEST(poll_tells_the_truth_and_wakes_once)
{
	ck_assert_uint_eq(kernel_poll(kernel, file, 77, CUIO_READY_IN), CUIO_READY_OUT);
	uint32_t value = 5;
	uint64_t write = kernel_send_write(kernel, file, &value, 4, O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	kernel_receive(kernel); /* the wake-up */
	ck_assert_uint_eq(kernel->header.unique, 0);
	ck_assert_int_eq(kernel->header.error, FUSE_NOTIFY_POLL);
	ck_assert_uint_eq(((struct fuse_notify_poll_wakeup_out *)(void *)kernel->payload)->kh, 77);
	/* Still ready: nothing new, so no second word. */
	ck_assert_uint_eq(kernel_poll(kernel, file, 78, CUIO_READY_IN), CUIO_READY_IN);
	ck_assert_uint_eq(taken(), 0);
}
END_TEST

START_TEST(two_sleepers_of_one_file_are_woken_for_what_each_asked)
{
	put(1); /* full: readable, not writable */
	ck_assert_uint_eq(kernel_poll(kernel, file, 7, CUIO_READY_OUT), CUIO_READY_IN);
	ck_assert_uint_eq(kernel_poll(kernel, file, 7, CUIO_READY_IN), CUIO_READY_IN);
	expect_value(kernel_send_read(kernel, file, 4, O_RDWR), 1);
	kernel_receive(kernel); /* now writable: the first sleeper hears of it */
	ck_assert_int_eq(kernel->header.error, FUSE_NOTIFY_POLL);
}
END_TEST

START_TEST(who_keeps_the_device_is_not_disturbed)
{
	uint32_t ms = 50, value = 3;
	uint8_t *data;
	uint64_t keep = kernel_send_ioctl(kernel, file, MAILBOX_KEEP, &ms, 4, 4);
	uint64_t write = kernel_send_write(kernel, file, &value, 4, O_RDWR | O_NONBLOCK);

	ck_assert_int_eq(kernel_ioctl_answer(kernel, keep, &data), 0);
	ck_assert_int_eq(kernel_answer(kernel, write), 0);
}
END_TEST

/* The card is in the middle of something. */
START_TEST(who_keeps_the_device_is_finished_also_after_a_signal)
{
	uint32_t ms = 50, value = 3;
	uint8_t *data;
	uint64_t keep = kernel_send_ioctl(kernel, file, MAILBOX_KEEP, &ms, 4, 4);
	uint64_t take = kernel_send_ioctl(kernel, file, MAILBOX_TAKEN, NULL, 0, 4);
	uint64_t write = kernel_send_write(kernel, file, &value, 4, O_RDWR);

	kernel_send_interrupt(kernel, keep);
	/* Who only waits for it is not in the middle of anything. */
	kernel_send_interrupt(kernel, take);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, take, &data), REPEATED);
	/* The next one notes nothing of the signal. */
	kernel_await_sleep(kernel->daemon);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, keep, &data), 0);
	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	ck_assert(!kernel_has_answer(kernel, 0));
}
END_TEST

START_TEST(a_signal_ends_it_when_the_device_is_let_go)
{
	uint32_t ms = 50;
	uint8_t *data;
	uint64_t wait, read;

	plan->touch = _i;
	wait = kernel_send_ioctl(kernel, file, MAILBOX_KEEP_THEN_WAIT, &ms, 4, 4);
	read = kernel_send_read(kernel, file, 4, O_RDWR);
	kernel_send_interrupt(kernel, wait);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, wait, &data), _i ? -EINTR : REPEATED);
	put(5);
	expect_value(read, 5);
}
END_TEST

/* Then it is as under a driver of the kernel. Another process may know of it only by saved memory.
 */
START_TEST(an_ioctl_that_has_done_nothing_is_repeated_after_a_signal)
{
	uint32_t none = 0;
	uint8_t *data;
	uint64_t wait;

	plan->touch = _i & 1;
	wait = kernel_send_ioctl(kernel, file, MAILBOX_KEEP_THEN_WAIT, &none, 4, 4);
	kernel_await_sleep(kernel->daemon);
	if (_i & 2) {
		kernel_kill_daemon(kernel);
		plan->touch = 0;
		kernel_start_daemon(kernel, false);
		kernel_await_sleep(kernel->daemon);
	}
	kernel_send_interrupt(kernel, wait);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, wait, &data), _i & 1 ? -EINTR : REPEATED);
}
END_TEST

START_TEST(who_keeps_the_device_waits_also_with_nonblock)
{
	uint64_t unique = kernel_send_read(kernel, file, 1, O_RDWR | O_NONBLOCK);

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
}
END_TEST

START_TEST(when_nothing_more_can_wait_it_is_ebusy)
{
	uint64_t unique = 0;

	for (unsigned i = 0; i < RECORD_WAITING + 1; i++)
		unique = kernel_send_read(kernel, file, 4, O_RDWR);
	ck_assert_int_eq(kernel_answer(kernel, unique), -EBUSY);
	kernel_send_interrupt(kernel, unique - 2); /* a receive buffer is free all the same */
	ck_assert_int_eq(kernel_answer(kernel, unique - 2), -EINTR);
}
END_TEST

START_TEST(who_keeps_the_device_has_room_to_wait)
{
	uint32_t ms = 200;
	uint8_t *data;

	for (unsigned i = 0; i < RECORD_WAITING; i++)
		kernel_send_read(kernel, file, 4, O_RDWR);
	uint64_t keep = kernel_send_ioctl(kernel, file, MAILBOX_KEEP, &ms, 4, 4);
	uint64_t begins_not = kernel_send_ioctl(kernel, file, MAILBOX_TAKEN, NULL, 0, 4);
	uint64_t looks = kernel_send_open(kernel, O_ACCMODE); /* waits for nobody */

	ck_assert_int_eq(kernel_ioctl_answer(kernel, begins_not, &data), -EBUSY);
	ck_assert_int_eq(kernel_answer(kernel, looks), 0);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, keep, &data), 0);
}
END_TEST

START_TEST(a_control_file_answers_cuio_ioctls)
{
	uint64_t control = kernel_open(kernel, O_ACCMODE);
	struct cuio_register reg = { .index = 1 };
	struct cuio_access access = { .register_index = 2,
				      .value = 0xA0000005U,
				      .mask = 0xF000000FU };
	uint8_t *data;
	uint64_t unique = kernel_send_ioctl(kernel, control, CUIO_IOCTL_REGISTER, &reg, sizeof(reg),
					    sizeof(reg));

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&reg, data, sizeof(reg));
	ck_assert_str_eq(reg.name, "odd");
	ck_assert(reg.flags & CUIO_REGISTER_SIDE_EFFECT);
	unique = kernel_send_ioctl(kernel, control, CUIO_IOCTL_WRITE, &access, sizeof(access),
				   sizeof(access));
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	unique = kernel_send_ioctl(kernel, control, CUIO_IOCTL_READ, &access, sizeof(access),
				   sizeof(access));
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&access, data, sizeof(access));
	ck_assert_uint_eq(access.value, 0xA0000005U);
	/* Part of a register whose read has side effects cannot be changed alone. */
	access = (struct cuio_access){ .register_index = 1, .value = 1, .mask = 1 };
	unique = kernel_send_ioctl(kernel, control, CUIO_IOCTL_WRITE, &access, sizeof(access),
				   sizeof(access));
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), -EOPNOTSUPP);
}
END_TEST

static int read_register(uint64_t control)
{
	struct cuio_access access = { 0 };
	uint8_t *data;

	return kernel_ioctl_answer(kernel,
				   kernel_send_ioctl(kernel, control, CUIO_IOCTL_READ, &access,
						     sizeof(access), sizeof(access)),
				   &data);
}

/* User number 0 alone is not enough: a container has one, too. */
START_TEST(registers_are_for_root_of_the_machine_and_the_owner)
{
	struct cuio_info info;
	uint64_t roots, others, unique;
	uint8_t *data;

	roots = kernel_open(kernel, O_ACCMODE);
	kernel->thread = KERNEL_ROOT + 1;
	others = kernel_open(kernel, O_ACCMODE);
	ck_assert_int_eq(read_register(others), -EPERM);
	unique = kernel_send_ioctl(kernel, others, CUIO_IOCTL_INFO, NULL, 0, sizeof(info));
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	/* It is found out at the open, and kept. */
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	ck_assert_int_eq(read_register(roots), 0);
	ck_assert_int_eq(read_register(others), -EPERM);
	kernel->thread = 0;
	ck_assert_int_eq(read_register(others), -EPERM);
	kernel->uid = 1000;
	ck_assert_int_eq(read_register(roots), -EPERM);
	ck_assert_int_eq(read_register(kernel_open(kernel, O_ACCMODE)), -EPERM);
}
END_TEST

START_TEST(a_waiting_read_survives_two_crashes)
{
	uint64_t unique = kernel_send_read(kernel, file, 4, O_RDWR);

	ck_assert_uint_eq(taken(), 0); /* the read is parked by now */
	for (unsigned i = 0; i < 2; i++) {
		kernel_kill_daemon(kernel);
		kernel_start_daemon(kernel, false);
	}
	uint32_t value = 9;
	uint64_t write = kernel_send_write(kernel, file, &value, 4, O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	expect_value(unique, 9);
	ck_assert_uint_eq(taken(), 1);
}
END_TEST

START_TEST(a_restartable_call_is_done_again)
{
	uint32_t value = 1;
	uint8_t *data;
	uint64_t unique;

	plan->crashes = 2;
	unique = kernel_send_ioctl(kernel, file, MAILBOX_DIE, &value, 4, 4);
	kernel_next_daemon(kernel);
	kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&value, data, 4);
	ck_assert_uint_eq(value, 1); /* the calls that did not finish never were */
}
END_TEST

START_TEST(another_is_answered_eio)
{
	uint32_t value = 1;
	uint8_t *data;
	uint64_t unique;

	plan->crashes = plan->touch = 1;
	unique = kernel_send_ioctl(kernel, file, MAILBOX_DIE_NOT, &value, 4, 4);
	kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), -EIO);
}
END_TEST

START_TEST(another_is_done_again_too_if_the_hardware_saw_nothing_of_it)
{
	uint32_t value = 1;
	uint8_t *data;
	uint64_t unique;

	plan->crashes = 2;
	unique = kernel_send_ioctl(kernel, file, MAILBOX_DIE_NOT, &value, 4, 4);
	kernel_next_daemon(kernel);
	kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	plan->crashes = 1; /* nor does a read without side effect count */
	plan->look = 1;
	unique = kernel_send_ioctl(kernel, file, MAILBOX_DIE_NOT, &value, 4, 4);
	kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
}
END_TEST

START_TEST(a_poison_request_is_given_up)
{
	uint32_t value = 1;
	uint8_t *data;
	uint64_t waiting = kernel_send_read(kernel, file, 4, O_RDWR);
	uint64_t unique;

	plan->crashes = 100;
	unique = kernel_send_ioctl(kernel, file, MAILBOX_DIE, &value, 4, 4);
	for (unsigned i = 0; i < 3; i++)
		kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), -EIO);
	plan->crashes = 0;
	value = 8;
	uint64_t write = kernel_send_write(kernel, file, &value, 4, O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	expect_value(waiting, 8);
}
END_TEST

START_TEST(a_parked_read_that_dies_when_asked_again_is_done_again)
{
	uint64_t unique = kernel_send_read(kernel, file, 4, O_RDWR);
	uint32_t value = 12;

	plan->crashes = 1;
	plan->in_read = 1;
	uint64_t write = kernel_send_write(kernel, file, &value, 4, O_RDWR);

	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	kernel_next_daemon(kernel);
	expect_value(unique, 12);
	ck_assert_uint_eq(taken(), 1);
}
END_TEST

START_TEST(who_waits_long_is_not_blamed_for_every_kill)
{
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR), write;
	uint32_t value = 13;

	plan->in_ask = 1;
	for (unsigned i = 0; i < 10; i++) {
		for (unsigned j = 0; j < 20; j++) /* each has the read asked again */
			get(MAILBOX_NUDGE);
		kernel_await_sleep(kernel->daemon); /* it has been asked */
		plan->crashes = 1;
		get(MAILBOX_NUDGE);
		kernel_next_daemon(kernel);
	}
	write = kernel_send_write(kernel, file, &value, 4, O_RDWR);
	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	expect_value(read, 13);
}
END_TEST

START_TEST(who_waits_and_kills_each_time_it_is_asked_is_given_up)
{
	uint64_t read = kernel_send_read(kernel, file, 4, O_RDWR);

	get(MAILBOX_NUDGE);
	kernel_await_sleep(kernel->daemon); /* it has been asked */
	plan->in_ask = 1;
	plan->crashes = 100;
	get(MAILBOX_NUDGE);
	for (unsigned i = 0; i < 3; i++)
		kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_answer(kernel, read), -EIO);
}
END_TEST

START_TEST(who_was_cut_short_goes_on_before_others)
{
	uint32_t value = 1, wait = 50;
	uint64_t keep, writes[2], read;
	uint8_t *data;

	ck_assert_int_eq(kernel_answer(kernel, kernel_send_write(kernel, file, &value, 4, O_RDWR)),
			 0);
	/* Asked when the device is free again: the first write finds the box full, the read empties
	 * it, the second write dies. The hardware has seen that one. */
	keep = kernel_send_ioctl(kernel, file, MAILBOX_KEEP, &wait, 4, 4);
	value = 2;
	writes[0] = kernel_send_write(kernel, file, &value, 4, O_RDWR);
	read = kernel_send_read(kernel, file, 4, O_RDWR);
	value = 3;
	writes[1] = kernel_send_write(kernel, file, &value, 4, O_RDWR);
	plan->crashes = 1;
	plan->in_write = 1;
	ck_assert_int_eq(kernel_ioctl_answer(kernel, keep, &data), 0);
	expect_value(read, 1);
	kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_answer(kernel, writes[1]), 0);
	expect_value(kernel_send_read(kernel, file, 4, O_RDWR), 3);
	ck_assert_int_eq(kernel_answer(kernel, writes[0]), 0);
	expect_value(kernel_send_read(kernel, file, 4, O_RDWR), 2);
}
END_TEST

START_TEST(open_and_write_die_and_are_done_again)
{
	plan->in_open = plan->in_write = 1;
	plan->crashes = 1;
	uint64_t open = kernel_send_open(kernel, O_RDWR);

	kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_answer(kernel, open), 0);
	plan->crashes = 1;
	uint32_t value = 6;
	uint64_t write = kernel_send_write(kernel, file, &value, 4, O_RDWR);

	kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_answer(kernel, write), 0);
	expect_value(kernel_send_read(kernel, file, 4, O_RDWR), 6);
}
END_TEST

START_TEST(a_file_is_closed_also_when_its_driver_dies_of_it)
{
	struct cuio_info info;
	uint8_t *data;

	plan->in_release = 1;
	plan->crashes = 3;
	uint64_t release = kernel_send_release(kernel, file);

	for (unsigned i = 0; i < 3; i++)
		kernel_next_daemon(kernel);
	ck_assert_int_eq(kernel_answer(kernel, release), -EIO);
	file = kernel_open(kernel, O_ACCMODE);
	uint64_t unique =
		kernel_send_ioctl(kernel, file, CUIO_IOCTL_INFO, NULL, 0, sizeof(struct cuio_info));

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 0);
	memcpy(&info, data, sizeof(info));
	ck_assert_uint_eq(info.open_files, 1);
	ck_assert_uint_eq(info.replayed, 2);
	ck_assert_uint_eq(info.crash_errors, 1);
}
END_TEST

START_TEST(deaths_in_the_start_are_counted_until_one_goes_well)
{
	struct saved_header *header =
		mmap(NULL, sizeof(*header), PROT_READ, MAP_SHARED, kernel->saved, 0);

	ck_assert_ptr_ne(header, MAP_FAILED);
	plan->in_start = 1;
	plan->crashes = 3;
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	for (unsigned i = 0; i < 3; i++) {
		kernel_await_death(kernel);
		ck_assert_uint_eq(check16_value(header->crashes), i); /* those before this one */
		kernel_start_daemon(kernel, false);
	}
	ck_assert_uint_eq(taken(), 0);
	ck_assert_uint_eq(header->crashes, 0);
	munmap(header, sizeof(*header));
}
END_TEST

START_TEST(sleepers_in_poll_are_woken_after_a_crash)
{
	ck_assert_uint_eq(kernel_poll(kernel, file, 5, CUIO_READY_IN), CUIO_READY_OUT);
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	kernel_receive(kernel);
	ck_assert_int_eq(kernel->header.error, FUSE_NOTIFY_POLL);
}
END_TEST

START_TEST(files_are_not_leaked)
{
	for (unsigned i = 0; i < RECORD_FILES * 2; i++) {
		uint64_t one = kernel_open(kernel, O_RDWR);

		ck_assert_int_eq(kernel_answer(kernel, kernel_send_release(kernel, one)), 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("front");
	TCase *cases = tcase_create("requests");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, a_read_waits_for_its_data);
	tcase_add_test(cases, waiting_requests_are_asked_in_their_turn);
	tcase_add_test(cases, nonblock_is_eagain);
	tcase_add_test(cases, a_later_piece_of_a_read_ends_it_short);
	tcase_add_test(cases, a_signal_ends_a_wait_with_eintr);
	tcase_add_test(cases, a_large_read_is_whole);
	tcase_add_test(cases, ioctls_get_and_give_their_argument);
	tcase_add_test(cases, unknown_ioctls_are_enotty);
	tcase_add_test(cases, errors_that_the_kernel_refuses_become_eio);
	tcase_add_test(cases, files_that_are_not_open_are_ebadf);
	tcase_add_test(cases, poll_tells_the_truth_and_wakes_once);
	tcase_add_test(cases, two_sleepers_of_one_file_are_woken_for_what_each_asked);
	tcase_add_test(cases, who_keeps_the_device_is_not_disturbed);
	tcase_add_test(cases, who_keeps_the_device_is_finished_also_after_a_signal);
	tcase_add_loop_test(cases, a_signal_ends_it_when_the_device_is_let_go, 0, 2);
	tcase_add_loop_test(cases, an_ioctl_that_has_done_nothing_is_repeated_after_a_signal, 0, 4);
	tcase_add_test(cases, who_keeps_the_device_waits_also_with_nonblock);
	tcase_add_test(cases, when_nothing_more_can_wait_it_is_ebusy);
	tcase_add_test(cases, who_keeps_the_device_has_room_to_wait);
	tcase_add_test(cases, a_control_file_answers_cuio_ioctls);
	tcase_add_test(cases, registers_are_for_root_of_the_machine_and_the_owner);
	tcase_add_test(cases, a_waiting_read_survives_two_crashes);
	tcase_add_test(cases, a_restartable_call_is_done_again);
	tcase_add_test(cases, another_is_answered_eio);
	tcase_add_test(cases, another_is_done_again_too_if_the_hardware_saw_nothing_of_it);
	tcase_add_test(cases, a_poison_request_is_given_up);
	tcase_add_test(cases, a_parked_read_that_dies_when_asked_again_is_done_again);
	tcase_add_test(cases, who_waits_long_is_not_blamed_for_every_kill);
	tcase_add_test(cases, who_waits_and_kills_each_time_it_is_asked_is_given_up);
	tcase_add_test(cases, who_was_cut_short_goes_on_before_others);
	tcase_add_test(cases, open_and_write_die_and_are_done_again);
	tcase_add_test(cases, a_file_is_closed_also_when_its_driver_dies_of_it);
	tcase_add_test(cases, deaths_in_the_start_are_counted_until_one_goes_well);
	tcase_add_test(cases, sleepers_in_poll_are_woken_after_a_crash);
	tcase_add_test(cases, files_are_not_leaked);
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
