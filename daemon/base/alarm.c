// SPDX-License-Identifier: GPL-2.0-or-later
// Alarms on a timerfd.
#include "base/alarm.h"
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

uint64_t alarm_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec){ .tv_sec = (time_t)(ns / NS_PER_SECOND),
				  .tv_nsec = (long)(ns % NS_PER_SECOND) };
}

static int alarm_ready(struct loop_source *source, uint32_t events)
{
	struct alarm *alarm = container_of(source, struct alarm, source);
	uint64_t expirations;

	(void)events;
	if (read(source->fd, &expirations, sizeof(expirations)) < 0)
		return 0; /* the alarm was set again after it had expired */
	alarm->when = ALARM_NEVER;
	return alarm->ring(alarm);
}

int alarm_init(struct alarm *alarm, struct loop *loop, int (*ring)(struct alarm *alarm))
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int r;

	if (fd < 0)
		return -errno;
	*alarm = (struct alarm){ .source = { .fd = fd, .ready = alarm_ready },
				 .when = ALARM_NEVER,
				 .ring = ring };
	r = loop_add(loop, &alarm->source, EPOLLIN);
	if (r < 0) {
		close(fd);
		memset(alarm, 0, sizeof(*alarm));
	}
	return r;
}

void alarm_done(struct alarm *alarm, struct loop *loop)
{
	if (!alarm->ring)
		return;
	loop_remove(loop, &alarm->source);
	close(alarm->source.fd);
	memset(alarm, 0, sizeof(*alarm));
}

int alarm_set(struct alarm *alarm, uint64_t when)
{
	struct itimerspec spec = { 0 };

	if (when == alarm->when)
		return 0;
	if (when != ALARM_NEVER)
		spec.it_value = to_timespec(when ? when : 1); /* 0 would disarm the timer */
	if (timerfd_settime(alarm->source.fd, TFD_TIMER_ABSTIME, &spec, NULL) < 0)
		return -errno;
	alarm->when = when;
	return 0;
}

int alarm_repeat(struct alarm *alarm, uint64_t interval)
{
	struct itimerspec spec = { .it_value = to_timespec(interval),
				   .it_interval = to_timespec(interval) };

	return timerfd_settime(alarm->source.fd, 0, &spec, NULL) < 0 ? -errno : 0;
}
