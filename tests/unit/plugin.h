/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A root with the builds of tests/unit/plugin/sample.c where plug-ins are looked for. */
#ifndef TESTS_PLUGIN_H
#define TESTS_PLUGIN_H

#include "driver/plugin/plugin.h"
#include "driver/table.h"
#include <check.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

/* What the sample needs of a description. */
#define REGISTERS                                                                                  \
	"[Window w]\nBar=0\n[Register first]\nWindow=w\nOffset=0\n"                                \
	"[Register second]\nWindow=w\nOffset=4\n"

static char root[64], local[256], shared[256];
static struct report report;

/* --- files ------------------------------------------------------------------------------------ */

static inline void run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void run(const char *format, ...)
{
	char command[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	ck_assert_msg(system(command) == 0, "%s", command);
}

static inline const char *build(void)
{
	return getenv("BUILD") ? getenv("BUILD") : "build";
}

static inline void make_root(void)
{
	umask(022);
	strcpy(root, "/tmp/cuio-plugin-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(local, sizeof(local), "%s" PLUGIN_LOCAL_FOLDER, root);
	snprintf(shared, sizeof(shared), "%s" PLUGIN_FOLDER, root);
	run("chmod 755 %s; mkdir -p %s %s", root, local, shared);
	run("install -m 644 %s/unit/plugin/*.so %s", build(), shared);
	plugin_set_root(root);
}

static inline void remove_root(void)
{
	run("rm -rf %s", root);
}

static inline void forget(void)
{
	report_done(&report);
}

/* --- drivers ---------------------------------------------------------------------------------- */

static inline int get(const char *name,
		      int (*how)(struct description *, struct report *,
				 const struct cuio_driver **),
		      const struct cuio_driver **ret)
{
	static struct description *description; /* a driver needs it */
	char text[256];

	snprintf(text, sizeof(text), "[Device]\nDriver=%s\n", name);
	description_free(description);
	report_done(&report);
	ck_assert_int_eq(description_parse("t.device", text, strlen(text), &report, &description),
			 0);
	return how(description, &report, ret);
}

static inline void check_finding(const char *wanted)
{
	ck_assert_msg(report.text && strstr(report.text, wanted), "expected: %s\nfound: %s", wanted,
		      report.text ? report.text : "nothing");
}

/* A finding that stands with the line of Driver= and the plug-in's path. */
static inline void refused(const char *name, const char *wanted)
{
	const struct cuio_driver *driver;
	char place[512];

	ck_assert_int_lt(get(name, driver_ask, &driver), 0);
	check_finding(wanted);
	snprintf(place, sizeof(place), "t.device:2: plug-in %s/%s.so: ", shared, name);
	ck_assert_msg(strncmp(report.text, place, strlen(place)) == 0, "%s", report.text);
	ck_assert_msg(strchr(report.text, '\n')[1] == '\0', "more than one: %s", report.text);
}

/* For code that root does not run. A test is a process of its own. */
static inline bool give_up_root(void)
{
	if (geteuid() != 0)
		return true;
	if (setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
	    setresuid(NOBODY, NOBODY, NOBODY) == 0)
		return true;
	printf("# root cannot become another user here\n");
	return false;
}

#endif
