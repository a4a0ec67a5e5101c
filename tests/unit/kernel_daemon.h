/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's side of kernel.h: a child process that does what service.c does, without systemd and
 * /dev. */
#ifndef TESTS_KERNEL_DAEMON_H
#define TESTS_KERNEL_DAEMON_H

#include "device/device.h"
#include "front/front.h"
#include "hardware/hardware.h"
#include "regmap/regmap.h"
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define KERNEL_PATIENCE 20000 /* ms, after which a daemon counts as hanging */
#define KERNEL_REFUSED	98    /* a daemon's exit status: the saved memory is not to be used */

#define KERNEL_ROOT 1U /* a thread of the machine's own root */

struct kernel {
	const struct cuio_driver *driver;
	int channel, daemon_channel, saved;
	pid_t daemon;
	uint64_t unique;
	uint32_t uid, thread; /* of the caller; thread 0: KERNEL_ROOT */
	uint64_t inode;	      /* that requests are for; 0: a CUSE channel, which has none */
	char folder[64];
	bool answered[4096]; /* by unique / 2 */
	/* The last answer. */
	struct fuse_out_header header;
	uint8_t payload[CUIO_TRANSFER_MAX + 64];
	size_t payload_size;
};

static const char kernel_device[] =
	"[Device]\nDescription=test\n"
	"[Window w]\nBar=0\n"
	"[Register r]\nOffset=0\n"
	"[Register odd]\nOffset=4\nSideEffect=yes\n"
	"[Register status]\nOffset=8\nField=low 3:0\nField=high 31:28\n";
static const char kernel_conf[] = "[Device]\nDescription=./t.device\nBackend=sim\n"
				  "[Node]\nName=cuio-unit-test\n";

/* The same as a file: what is mounted does not matter to who serves it. */
static const char kernel_file_conf[] = "[Device]\nDescription=./t.device\nBackend=sim\n"
				       "Front=file\nMount=/run/cuio-unit-test\n"
				       "[Node]\nName=cuio-unit-test\n";

static inline void kernel_write_file(const struct kernel *kernel, const char *name,
				     const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", kernel->folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void daemon_nodes_ready(struct front_listener *listener, int error)
{
	(void)listener, (void)error;
}

static inline void daemon_inherit(int channel, int saved)
{
	char pid[16];

	dup2(saved, 100);
	dup2(channel, 101);
	dup2(101, 3);
	dup2(100, 4);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "2", 1);
	setenv("LISTEN_FDNAMES", "channel0:saved", 1);
}

_Noreturn static inline void daemon_die(const char *what, const char *report)
{
	fprintf(stderr, "daemon: %s: %s\n", what, report ? report : "");
	_exit(99);
}

/* As service.c starts afresh then. */
_Noreturn static inline void daemon_refuse(int error, const char *what, const char *report)
{
	if (error != -EBADMSG && error != -ESTALE)
		daemon_die(what, report);
	_exit(KERNEL_REFUSED);
}

static inline void kernel_plan(const struct cuio_driver *driver, struct saved_plan *plan)
{
	struct instance one_node = { .n_nodes = 1 };

	saved_plan_init(plan);
	device_plan(driver, plan);
	front_plan(&one_node, plan);
}

static inline bool daemon_raw_access(uint32_t thread)
{
	return thread == KERNEL_ROOT;
}

static inline void daemon_run(const struct kernel *kernel, bool fresh)
{
	struct front_listener listener = { .ready = daemon_nodes_ready };
	struct device_setup setup = { .driver = kernel->driver,
				      .fresh = fresh,
				      .raw_access = daemon_raw_access };
	struct report report = { 0 };
	struct hardware_spec spec;
	struct instance *instance;
	struct front *front;
	struct cuio_device *device;
	struct saved *saved;
	struct fds *fds;
	struct loop *loop;
	struct saved_plan plan;
	char path[128], *found = NULL;
	int r;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	daemon_inherit(kernel->daemon_channel, kernel->saved);
	snprintf(path, sizeof(path), "%s/t.conf", kernel->folder);
	if (fds_inherit(&fds) < 0 || instance_load("t", path, &report, &instance) < 0)
		daemon_die("instance", report.text);
	instance_hardware(instance, &spec);
	if (hardware_open(&spec, fds, &report, &setup.hardware) < 0 ||
	    regmap_bind(&instance->description->regmap, setup.hardware, &report) < 0)
		daemon_die("hardware", report.text);
	kernel_plan(kernel->driver, &plan);
	r = saved_adopt(fds_take(fds, "saved"), &plan, "unit\n", &saved, &found);
	if (r < 0)
		daemon_refuse(r, "saved memory made for", found);
	setup.instance = instance;
	setup.saved = saved;
	if (loop_new(&loop) < 0)
		daemon_die("loop", "");
	r = device_new(&setup, &report, &device);
	if (r < 0)
		daemon_refuse(r, "device", report.text);
	const struct front_setup front_setup = { .instance = instance,
						 .device = device,
						 .saved = saved,
						 .fds = fds,
						 .loop = loop,
						 .listener = &listener,
						 .fresh = fresh };
	r = front_new(&front_setup, &report, &front);
	if (r < 0)
		daemon_refuse(r, "front", report.text);
	if (!fresh)
		front_resume(front);
	if (device_start(device, loop) < 0 || front_serve(front) < 0)
		daemon_die("start", report.text);
	loop_run(loop);
	_exit(0);
}

#endif
