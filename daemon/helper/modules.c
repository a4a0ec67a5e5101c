/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads kernel modules by modprobe(8), which applies the system's options and aliases. */
#include "helper/helper.h"
#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define MODULES_MAX 8U

static bool is_loaded(const char *module)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return access(path, F_OK) == 0;
}

static int report_failure(const char *const *modules, struct report *report)
{
	struct utsname kernel;
	char path[sizeof(kernel.release) + 64];

	uname(&kernel);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", kernel.release);
	if (access(path, F_OK) < 0)
		report_add(report, NULL, 0,
			   "the modules of the running kernel %s are gone (/lib/modules/%s): the "
			   "kernel was upgraded since the machine started; reboot",
			   kernel.release, kernel.release);
	else
		report_add(report, NULL, 0,
			   "modprobe cannot load %s: see the line above and `dmesg`; the kernel "
			   "needs CONFIG_CUSE (or CONFIG_FUSE_FS where Front=file), and "
			   "CONFIG_UIO_PCI_GENERIC for cards",
			   modules[0]);
	return -ENOENT;
}

static int run_modprobe(const char *const *modules)
{
	char *arguments[MODULES_MAX + 3] = { (char *)"modprobe", (char *)"-a" };
	char *environment[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	const char *program =
		access("/usr/sbin/modprobe", X_OK) == 0 ? "/usr/sbin/modprobe" : "/sbin/modprobe";
	size_t n = 2;
	pid_t pid;
	int r, status;

	for (size_t i = 0; modules[i] && i < MODULES_MAX; i++)
		arguments[n++] = (char *)modules[i];
	r = posix_spawn(&pid, program, NULL, NULL, arguments, environment);
	if (r != 0)
		return -r;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ENOENT;
}

int modules_load(const char *const *modules, struct report *report)
{
	const char *missing[MODULES_MAX + 1] = { NULL };
	size_t n = 0;

	for (size_t i = 0; modules[i] && n < MODULES_MAX; i++) {
		if (!is_loaded(modules[i]))
			missing[n++] = modules[i];
	}
	if (n == 0 || run_modprobe(missing) == 0)
		return 0;
	return report_failure(missing, report);
}
