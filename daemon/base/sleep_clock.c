// SPDX-License-Identifier: GPL-2.0-or-later
// The clock of the machine's sleep.
#include "base/sleep_clock.h"
#include "base/alarm.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define READING_TIME (NS_PER_SECOND / 1000) /* a longer one was interrupted */
#define READINGS_MAX 100U
#define SHORTEST     (NS_PER_SECOND / 100) /* less is the inaccuracy of two readings */

static uint64_t clock_read(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

/* The two clocks cannot be read at the same moment. The best of several readings is taken. */
uint64_t sleep_clock_read(void)
{
	uint64_t best = UINT64_MAX, slept = 0;

	for (unsigned i = 0; i < READINGS_MAX && best > READING_TIME; i++) {
		uint64_t before = clock_read(CLOCK_MONOTONIC), with = clock_read(CLOCK_BOOTTIME),
			 after = clock_read(CLOCK_MONOTONIC);

		if (after - before >= best)
			continue;
		best = after - before;
		slept = with > before ? with - before : 0;
	}
	return slept + 1;
}

bool sleep_clock_grew(uint64_t before, uint64_t now)
{
	return before && now > before && now - before >= SHORTEST;
}

static int watch_ready(struct loop_source *source, uint32_t events)
{
	struct sleep_watch *watch = container_of(source, struct sleep_watch, source);
	uint64_t expirations;

	(void)events;
	if (read(source->fd, &expirations, sizeof(expirations)) < 0 && errno == ECANCELED)
		return watch->woken(watch);
	return 0;
}

/* The kernel cancels such a timer when the time of day jumps, which it does when the machine wakes
 * up: before any process runs. The read of ECANCELED sets the timer again. */
int sleep_watch_start(struct sleep_watch *watch, struct loop *loop,
		      int (*woken)(struct sleep_watch *watch))
{
	const struct itimerspec never = { .it_value = { .tv_sec = INT32_MAX } };
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK), r;

	if (fd < 0)
		return -errno;
	*watch = (struct sleep_watch){ .source = { .fd = fd, .ready = watch_ready },
				       .woken = woken };
	r = timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0
		    ? -errno
		    : loop_add(loop, &watch->source, EPOLLIN);
	if (r < 0) {
		close(fd);
		memset(watch, 0, sizeof(*watch));
	}
	return r;
}

void sleep_watch_stop(struct sleep_watch *watch, struct loop *loop)
{
	if (!watch->woken)
		return;
	loop_remove(loop, &watch->source);
	close(watch->source.fd);
	memset(watch, 0, sizeof(*watch));
}
