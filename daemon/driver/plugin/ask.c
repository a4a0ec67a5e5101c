/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gets a plug-in's tables from a sandboxed child. The plug-in's code may have forged the answer: it
 * is checked like any untrusted input.
 */
#include "base/alarm.h"
#include "base/cleanup.h"
#include "driver/contract.h"
#include "driver/plugin/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* Fits into a pipe, so that one write() sends it. */
struct answer {
	char findings[8192]; /* lines; "": the rest is valid */
	char name[CONTRACT_NAME_MAX + 1];
	uint32_t device_state, file_state, request_state, device_data, n_timers;
	uint32_t unrestricted, unrestricted_on_request;
	uint64_t state_version;
	uint32_t n_options, reserved;
	struct answer_option {
		char name[CONTRACT_NAME_MAX + 1];
		uint64_t min, max, default_value;
	} options[CUIO_OPTIONS_MAX];
};

/* --- the child -------------------------------------------------------------------------------- */

static void fill(struct answer *answer, const struct cuio_driver *driver)
{
	stpcpy(answer->name, driver->name);
	answer->device_state = driver->device_state;
	answer->file_state = driver->file_state;
	answer->request_state = driver->request_state;
	answer->device_data = driver->device_data;
	answer->n_timers = driver->n_timers;
	answer->unrestricted = driver->unrestricted;
	answer->unrestricted_on_request = driver->unrestricted_on_request;
	answer->state_version = driver->state_version;
	answer->n_options = (uint32_t)driver->n_options;
	for (size_t i = 0; i < driver->n_options; i++) {
		stpcpy(answer->options[i].name, driver->options[i].name);
		answer->options[i].min = driver->options[i].min;
		answer->options[i].max = driver->options[i].max;
		answer->options[i].default_value = driver->options[i].default_value;
	}
}

static void child(int library, int pipe, const char *name) __attribute__((noreturn));
static void child(int library, int pipe, const char *name)
{
	static struct answer answer;
	struct report findings = { 0 };
	struct plugin *plugin;
	const char *what;
	int r = sandbox_enter(&library, &pipe, &what);

	if (r < 0)
		report_add(&findings, NULL, 0, "it cannot be looked at without privileges: %s: %s",
			   what, strerror(-r));
	else
		r = plugin_open(library, name, &findings, &plugin);
	if (r >= 0)
		fill(&answer, &plugin->driver);
	else
		snprintf(answer.findings, sizeof(answer.findings), "%s",
			 findings.text ? findings.text : strerror(-r));
	_exit(write(pipe, &answer, sizeof(answer)) == sizeof(answer) ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* --- its parent ------------------------------------------------------------------------------- */

static void clean_text(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text; text++)
		if ((*text < ' ' && *text != '\n') || *text > '~')
			*text = '?';
}

static bool is_name(const char *text)
{
	return strnlen(text, CONTRACT_NAME_MAX + 1) <= CONTRACT_NAME_MAX;
}

static int take_options(const struct answer *answer, struct plugin *plugin)
{
	struct cuio_driver_option *options;
	char(*names)[CONTRACT_NAME_MAX + 1];

	if (answer->n_options == 0)
		return 0;
	if (answer->n_options > CUIO_OPTIONS_MAX)
		return -EBADMSG;
	options = plugin_alloc(plugin, answer->n_options, sizeof(*options));
	names = plugin_alloc(plugin, answer->n_options, sizeof(*names));
	if (!options || !names)
		return -ENOMEM;
	for (size_t i = 0; i < answer->n_options; i++) {
		const struct answer_option *option = &answer->options[i];

		if (!is_name(option->name))
			return -EBADMSG;
		stpcpy(names[i], option->name);
		options[i] = (struct cuio_driver_option){
			.name = names[i],
			.min = option->min,
			.max = option->max,
			.default_value = option->default_value,
		};
	}
	plugin->driver.options = options;
	plugin->driver.n_options = answer->n_options;
	return 0;
}

/* -EBADMSG: the plug-in has forged the answer. */
static int take_answer(const struct answer *answer, const char *name, struct plugin *plugin)
{
	struct report findings = { 0 };
	char *own_name;
	int r = take_options(answer, plugin);

	if (r < 0)
		return r;
	if (!is_name(answer->name) || strcmp(answer->name, name) != 0)
		return -EBADMSG;
	own_name = plugin_alloc(plugin, 1, sizeof(answer->name));
	if (!own_name)
		return -ENOMEM;
	stpcpy(own_name, answer->name);
	plugin->driver.contract = (struct cuio_contract)CUIO_CONTRACT;
	plugin->driver.name = own_name;
	plugin->driver.device_state = answer->device_state;
	plugin->driver.file_state = answer->file_state;
	plugin->driver.request_state = answer->request_state;
	plugin->driver.device_data = answer->device_data;
	plugin->driver.n_timers = answer->n_timers;
	plugin->driver.unrestricted = answer->unrestricted != 0;
	plugin->driver.unrestricted_on_request = answer->unrestricted_on_request != 0;
	plugin->driver.state_version = answer->state_version;
	r = contract_check_driver(&plugin->driver, &findings);
	report_done(&findings);
	return r < 0 ? -EBADMSG : 0;
}

/* -ETIMEDOUT; -EPIPE: the child ended without an answer. */
static int read_answer(int pipe, struct answer *answer)
{
	uint64_t end = alarm_now() + PLUGIN_PATIENCE * NS_PER_SECOND, now;
	size_t used = 0;

	while (used < sizeof(*answer) && (now = alarm_now()) < end) {
		struct pollfd poll_fd = { .fd = pipe, .events = POLLIN };
		ssize_t n;

		if (poll(&poll_fd, 1, (int)((end - now) / 1000000) + 1) <= 0)
			continue;
		n = read(pipe, (uint8_t *)answer + used, sizeof(*answer) - used);
		if (n <= 0)
			return -EPIPE;
		used += (size_t)n;
	}
	return used < sizeof(*answer) ? -ETIMEDOUT : 0;
}

static int tell_end(const struct description *description, const char *path, int r, int status,
		    struct report *report)
{
	char text[160];

	if (r == -ETIMEDOUT || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
		snprintf(text, sizeof(text),
			 "it hung while it was asked for its tables: it has a constructor that "
			 "does not return in time");
	else if (r == -EPIPE && WIFSIGNALED(status))
		snprintf(text, sizeof(text),
			 "it crashed while it was asked for its tables: %s (a constructor, or "
			 "tables that point nowhere)",
			 strsignal(WTERMSIG(status)));
	else if (r == -EPIPE)
		snprintf(text, sizeof(text),
			 "it ended the process that asked for its tables, with status %d",
			 WEXITSTATUS(status));
	else
		snprintf(text, sizeof(text), "it gives no sound answer about its tables");
	return plugin_tell(description, path, text, report);
}

static int ask(int fd, const char *name, struct answer *answer, int *ret_status)
{
	int ends[2], r;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		child(fd, ends[1], name);
	close(ends[1]);
	r = pid < 0 ? -errno : read_answer(ends[0], answer);
	close(ends[0]);
	if (pid < 0)
		return r;
	/* If the child has ended already, its exit status is unchanged. */
	kill(pid, SIGKILL);
	while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
		;
	return r;
}

int plugin_ask(const struct description *description, const char *path, int fd,
	       struct report *report, const struct cuio_driver **ret)
{
	auto_free struct answer *answer = calloc(1, sizeof(*answer));
	struct plugin *plugin = calloc(1, sizeof(*plugin));
	int status = 0, r = -ENOMEM;

	if (answer && plugin) {
		plugin->fd = -1;
		r = ask(fd, description->driver, answer, &status);
	}
	/* This process has loaded no library from it; see plugin_load(). */
	close(fd);
	if (r >= 0)
		clean_text(answer->findings, sizeof(answer->findings));
	if (r >= 0 && *answer->findings)
		r = plugin_tell(description, path, answer->findings, report);
	else if (r >= 0)
		r = take_answer(answer, description->driver, plugin);
	if (r == -ETIMEDOUT || r == -EPIPE || r == -EBADMSG)
		r = tell_end(description, path, r, status, report);
	if (r >= 0)
		*ret = &plugin->driver;
	else if (plugin)
		plugin_free(&plugin->driver);
	return r;
}
