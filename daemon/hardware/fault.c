/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fault injector. Its interrupt is an epoll descriptor over the inner one and an eventfd. */
#include "hardware/fault.h"
#include "hardware/backend.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct fault {
	struct hardware hardware;
	struct hardware *inner;
	struct fault_plan plan;
	int both;   /* epoll: `second` and the inner interrupt; -1 without an interrupt */
	int second; /* eventfd: an interrupt to report again */
};

static const struct hardware_ops fault_ops;

static struct fault *fault_of(const struct hardware *hardware)
{
	return (struct fault *)hardware;
}

static void delay(const struct fault *fault)
{
	struct timespec time = { (time_t)(fault->plan.delay / 1000000000U),
				 (long)(fault->plan.delay % 1000000000U) };

	if (fault->plan.delay)
		nanosleep(&time, NULL);
}

/* The outer and the inner hardware list their windows in the same order. */
static const struct window *inner_window(const struct fault *fault, const struct window *window)
{
	return &fault->inner->windows[window - fault->hardware.windows];
}

static uint64_t fault_read(const struct window *window, uint64_t offset, unsigned width)
{
	struct fault *fault = window->context;

	fault->plan.reads++;
	delay(fault);
	if (fault->plan.gone)
		return window_ones(width);
	if (fault->plan.ones_reads) {
		fault->plan.ones_reads--;
		return window_ones(width);
	}
	return window_read(inner_window(fault, window), offset, width);
}

static void fault_write(const struct window *window, uint64_t offset, unsigned width,
			uint64_t value)
{
	struct fault *fault = window->context;

	fault->plan.writes++;
	delay(fault);
	if (!fault->plan.gone)
		window_write(inner_window(fault, window), offset, width, value);
}

static const struct window_ops fault_window_ops = {
	.read = fault_read,
	.write = fault_write,
};

static void fault_close(struct hardware *hardware)
{
	struct fault *fault = fault_of(hardware);

	if (fault->both >= 0)
		close(fault->both);
	if (fault->second >= 0)
		close(fault->second);
	hardware_close(fault->inner);
	free(fault);
}

static int watch(struct fault *fault, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(fault->both, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static int open_interrupt(struct fault *fault)
{
	int fd = hardware_interrupt_fd(fault->inner);
	int r;

	if (fd < 0)
		return 0;
	fault->second = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE);
	fault->both = epoll_create1(EPOLL_CLOEXEC);
	if (fault->second < 0 || fault->both < 0)
		return -errno;
	r = watch(fault, fd);
	return r < 0 ? r : watch(fault, fault->second);
}

int fault_wrap(struct hardware *inner, struct hardware **ret)
{
	struct fault *fault = calloc(1, sizeof(*fault));
	int r;

	if (!fault) {
		hardware_close(inner);
		return -ENOMEM;
	}
	fault->hardware = *inner;
	fault->hardware.ops = &fault_ops;
	for (size_t i = 0; i < inner->n_windows; i++) {
		fault->hardware.windows[i].ops = &fault_window_ops;
		fault->hardware.windows[i].memory = NULL;
		fault->hardware.windows[i].context = fault;
	}
	fault->inner = inner;
	fault->both = -1;
	fault->second = -1;
	r = open_interrupt(fault);
	if (r < 0) {
		fault_close(&fault->hardware);
		return r;
	}
	*ret = &fault->hardware;
	return 0;
}

struct fault_plan *fault_plan(struct hardware *hardware)
{
	return &fault_of(hardware)->plan;
}

static int fault_each_fd(const struct hardware *hardware, hardware_each_function *each,
			 void *context)
{
	return hardware_each_fd(fault_of(hardware)->inner, each, context);
}

static int fault_interrupt_fd(const struct hardware *hardware)
{
	return fault_of(hardware)->both;
}

static int fault_interrupt_take(struct hardware *hardware)
{
	struct fault *fault = fault_of(hardware);
	uint64_t once = 1;
	int r;

	if (fault->plan.gone)
		return -ENODEV;
	if (fault->second >= 0 && read(fault->second, &once, sizeof(once)) == (ssize_t)sizeof(once))
		return 1;
	r = hardware_interrupt_take(fault->inner);
	if (r != 1)
		return r;
	if (fault->plan.lose_interrupts) {
		fault->plan.lose_interrupts--;
		return 0;
	}
	if (fault->plan.double_interrupts) {
		fault->plan.double_interrupts--;
		if (write(fault->second, &once, sizeof(once)) != (ssize_t)sizeof(once))
			return -errno;
	}
	return 1;
}

static int fault_interrupt_mask(struct hardware *hardware, bool masked)
{
	struct fault *fault = fault_of(hardware);

	if (fault->plan.gone)
		return -ENODEV;
	return fault->inner->ops->interrupt_mask(fault->inner, masked);
}

static const struct hardware_ops fault_ops = {
	.close = fault_close,
	.each_fd = fault_each_fd,
	.interrupt_fd = fault_interrupt_fd,
	.interrupt_take = fault_interrupt_take,
	.interrupt_mask = fault_interrupt_mask,
};
