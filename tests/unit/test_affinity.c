// SPDX-License-Identifier: GPL-2.0-or-later
// Following a program's CPU: one that stays, one that moves, two on two CPUs.
#include "base/alarm.h"
#include "base/cpus.h"
#include "front/affinity.h"
#include "suite.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static cpu_set_t all;
static int first = -1, second = -1; /* CPUs that there are */

static bool runs_on(int cpu)
{
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	return CPU_COUNT(&set) == 1 && CPU_ISSET((size_t)cpu, &set);
}

static bool runs_anywhere(void)
{
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	return CPU_EQUAL(&set, &all);
}

/* A program, on one CPU. */
struct client {
	pid_t pid;
};

static void put(struct client *client, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	ck_assert_int_eq(sched_setaffinity(client->pid, sizeof(set), &set), 0);
	while (cpus_of_thread((uint32_t)client->pid) != cpu)
		usleep(100);
}

static struct client start(int cpu)
{
	struct client client = { .pid = fork() };

	if (client.pid == 0)
		for (;;)
			usleep(200); /* one that never runs changes no CPU */
	put(&client, cpu);
	return client;
}

static void end(struct client *client)
{
	kill(client->pid, SIGKILL);
	waitpid(client->pid, NULL, 0);
}

static void ask(struct affinity *affinity, const struct client *client, unsigned times)
{
	while (times--)
		affinity_note(affinity, (uint32_t)client->pid);
}

static struct affinity begin(enum instance_affinity kind)
{
	struct instance instance = { .affinity = kind };
	struct affinity affinity;

	sched_setaffinity(0, sizeof(all), &all);
	CPU_SET((size_t)first, &instance.cpus);
	affinity_init(&affinity, &instance);
	return affinity;
}

START_TEST(lists)
{
	cpu_set_t set;
	static const char *const wrong[] = { "",   "x",	    "1,",   ",1",  "3-1", "1-",
					     "-1", "1-2-3", "1024", "0x1", "1 2", "99999999999" };

	ck_assert_int_eq(cpus_parse("0,2-4", &set), 0);
	ck_assert_int_eq(CPU_COUNT(&set), 4);
	ck_assert(CPU_ISSET(0, &set) && !CPU_ISSET(1, &set) && CPU_ISSET(4, &set));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(cpus_parse(wrong[i], &set) == -EINVAL, "%s", wrong[i]);
}
END_TEST

START_TEST(follows_one_program)
{
	struct affinity affinity = begin(INSTANCE_AFFINITY_FOLLOW);
	struct client client = start(first);

	ask(&affinity, &client, 100);
	ck_assert(runs_on(first));
	put(&client, second);
	ask(&affinity, &client, 10000);
	ck_assert(runs_on(second));
	ask(&affinity, &client, 1000000);
	ck_assert_uint_eq(affinity.moves, 2);
	end(&client);
	/* The next one comes to it. */
	client = start(first);
	ask(&affinity, &client, 10000);
	ck_assert(runs_on(first));
	end(&client);
}
END_TEST

START_TEST(leaves_two_on_two_cpus_alone)
{
	struct affinity affinity = begin(INSTANCE_AFFINITY_FOLLOW);
	struct client one = start(first), other = start(second);
	unsigned rounds = 0;
	uint64_t until = alarm_now() + NS_PER_SECOND / 2;

	ask(&affinity, &one, 100);
	ck_assert(runs_on(first));
	for (; alarm_now() < until; rounds++) {
		/* In turns, and each for a while. */
		for (unsigned i = 0; i < 100; i++) {
			ask(&affinity, &one, 1);
			ask(&affinity, &other, 1);
		}
		ask(&affinity, rounds % 2 ? &one : &other, 1000);
	}
	ck_assert(runs_anywhere());
	ck_assert_uint_gt(rounds, 10);
	ck_assert_uint_eq(affinity.moves, 2); /* there, and away for good */
	end(&one);
	end(&other);
}
END_TEST

START_TEST(who_is_gone_does_not_count)
{
	struct affinity affinity = begin(INSTANCE_AFFINITY_FOLLOW);
	struct client client = start(first), gone = start(second);

	end(&gone);
	for (unsigned i = 0; i < 1000; i++) {
		ask(&affinity, &gone, 1);
		ask(&affinity, &client, 1);
	}
	ck_assert(runs_on(first));
	end(&client);
}
END_TEST

START_TEST(who_hardly_asks_does_not_count)
{
	struct affinity affinity = begin(INSTANCE_AFFINITY_FOLLOW);
	struct client client = start(first), rare = start(second);

	for (unsigned i = 0; i < 1000; i++) {
		ask(&affinity, &rare, 1);
		ask(&affinity, &client, 30);
	}
	ck_assert(runs_on(first));
	ck_assert_uint_eq(affinity.moves, 1);
	end(&client);
	end(&rare);
}
END_TEST

START_TEST(a_crowd_is_on_several_cpus)
{
	struct affinity affinity = begin(INSTANCE_AFFINITY_FOLLOW);
	struct client one = start(first), others[2 * AFFINITY_THREADS];

	for (unsigned i = 0; i < 2 * AFFINITY_THREADS; i++)
		others[i] = start(second);
	ask(&affinity, &one, 100);
	ck_assert(runs_on(first));
	for (unsigned i = 0; i < 10000; i++)
		ask(&affinity, &others[i % (2 * AFFINITY_THREADS)], 1);
	ck_assert(runs_anywhere());
	end(&one);
	for (unsigned i = 0; i < 2 * AFFINITY_THREADS; i++)
		end(&others[i]);
}
END_TEST

START_TEST(other_settings)
{
	struct affinity affinity = begin(INSTANCE_AFFINITY_NONE);
	struct client client = start(second);

	ask(&affinity, &client, 10000);
	ck_assert(runs_anywhere());
	affinity = begin(INSTANCE_AFFINITY_LIST);
	ask(&affinity, &client, 10000);
	ck_assert(runs_on(first));
	end(&client);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("affinity");
	TCase *cases = tcase_create("affinity");

	sched_getaffinity(0, sizeof(all), &all);
	for (int cpu = 0; cpu < CPU_SETSIZE && second < 0; cpu++) {
		if (!CPU_ISSET((size_t)cpu, &all))
			continue;
		second = first < 0 ? -1 : cpu;
		first = first < 0 ? cpu : first;
	}
	tcase_add_test(cases, lists);
	if (second >= 0) {
		tcase_add_test(cases, follows_one_program);
		tcase_add_test(cases, leaves_two_on_two_cpus_alone);
		tcase_add_test(cases, who_is_gone_does_not_count);
		tcase_add_test(cases, who_hardly_asks_does_not_count);
		tcase_add_test(cases, a_crowd_is_on_several_cpus);
		tcase_add_test(cases, other_settings);
	}
	suite_add_tcase(suite, cases);
	return suite_run(suite);
}
