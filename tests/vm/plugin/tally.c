// SPDX-License-Identifier: GPL-2.0-or-later
// A plug-in for QEMU's edu card that hands out numbers. tests/vm/suite.d/plugin.sh runs several
// builds of it: BUILD says which, LAYOUT is the version of its state.
#include <cuio/driver.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TALLY_NEXT  _IOR('t', 1, uint64_t)
#define TALLY_BUILD _IOR('t', 2, uint32_t)
#define TALLY_CRASH _IO('t', 3)

struct tally {
	uint64_t count;
};

enum {
	LIVENESS,
};

static int next(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		struct cuio_request *request, void *arg)
{
	struct cuio_device *device = cuio_file_device(file);
	struct tally *tally = cuio_device_state(device);

	(void)entry, (void)request;
	tally->count++;
	/* The card answers with the complement. */
	cuio_reg_write(device, LIVENESS, (uint32_t)tally->count);
	if (cuio_reg_read(device, LIVENESS) != (uint32_t)~tally->count)
		return -EIO;
	memcpy(arg, &tally->count, sizeof(tally->count));
	return 0;
}

static int build(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		 struct cuio_request *request, void *arg)
{
	(void)entry, (void)file, (void)request;
	memcpy(arg, &(uint32_t){ BUILD }, 4);
	return 0;
}

static int crash(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		 struct cuio_request *request, void *arg)
{
	(void)entry, (void)request, (void)arg;
	cuio_reg_write(cuio_file_device(file), LIVENESS, 0);
	abort();
}

static const struct cuio_driver_ioctl ioctls[] = {
	{ .name = "next",
	  .number = TALLY_NEXT,
	  .argument = CUIO_ARGUMENT_OUT,
	  .size = sizeof(uint64_t),
	  .restartable = true,
	  .call = next },
	{ .name = "build",
	  .number = TALLY_BUILD,
	  .argument = CUIO_ARGUMENT_OUT,
	  .size = sizeof(uint32_t),
	  .restartable = true,
	  .call = build },
	{ .name = "crash", .number = TALLY_CRASH, .call = crash },
};

static const struct cuio_driver_register registers[] = {
	[LIVENESS] = { .name = "liveness", .width = 4, .read = true, .write = true },
};

static const struct cuio_driver tally_driver = {
	.contract = CUIO_CONTRACT,
	.name = "tally",
	.device_state = sizeof(struct tally),
	.state_version = LAYOUT,
	.ioctls = ioctls,
	.n_ioctls = sizeof(ioctls) / sizeof(ioctls[0]),
	.registers = registers,
	.n_registers = sizeof(registers) / sizeof(registers[0]),
};

#ifndef NAMELESS
CUIO_PLUGIN(tally_driver);
#else
extern const struct cuio_driver *const another_name;
const struct cuio_driver *const another_name = &tally_driver;
#endif

/* What no user but root could leave there. */
static void __attribute__((constructor)) look_at_user(void)
{
	int fd = open("/run/tally-was-run-by-root", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}
