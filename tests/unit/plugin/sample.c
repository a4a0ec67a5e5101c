// SPDX-License-Identifier: GPL-2.0-or-later
// The plug-ins of tests/unit/test_plugin.c: a counter, as it should be (AS_good), and once for each
// thing that may be wrong with one.
#include <cuio/driver.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define COUNT _IOR('p', 1, uint32_t)

static int count(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		 struct cuio_request *request, void *arg)
{
	struct cuio_device *device = cuio_file_device(file);
	uint32_t *counter = cuio_device_state(device);

	(void)entry, (void)request;
	*counter += (uint32_t)cuio_device_option(device, 0);
	cuio_reg_write(device, 1, *counter);
	memcpy(arg, counter, sizeof(*counter));
	return 7;
}

/* --- tables, and what they are compiled as ---------------------------------------------------- */

static uint64_t beyond(const struct cuio_device *device, unsigned node)
{
	(void)device, (void)node;
	abort();
}

#ifdef AS_older
/* The entries end where later ones go on. */
#pragma GCC diagnostic ignored "-Waddress-of-packed-member"
#define BUILT                                                                                      \
	.version = CUIO_CONTRACT_VERSION, .driver_size = offsetof(struct cuio_driver, node_size),  \
	.register_size = sizeof(struct older_register), .member_size = sizeof(struct older_member)
struct __attribute__((packed)) older_register {
	const char *name;
	uint8_t width;
	bool read, write;
};
struct __attribute__((packed)) older_member {
	const char *name;
	uint16_t offset;
	uint8_t width;
	bool is_signed;
	uint16_t count;
};
#define REGISTER struct older_register
#define MEMBER	 struct older_member
#else
#define REGISTER struct cuio_driver_register
#define MEMBER	 struct cuio_driver_member
#define BUILT                                                                                      \
	.version = CUIO_CONTRACT_VERSION + LATER, .driver_size = sizeof(driver) + LARGER,          \
	.register_size = sizeof(REGISTER), .member_size = sizeof(MEMBER)
#endif

#ifdef AS_later
#define LATER 1
#else
#define LATER 0
#endif
#ifdef AS_larger
#define LARGER 8
#else
#define LARGER 0
#endif

static const MEMBER members[] = {
	{ .name = "low", .width = 2, .count = 1 },
	{ .name = "high", .offset = 2, .width = 2, .count = 1 },
};

static const struct cuio_driver_ioctl ioctls[] = {
	{ .name = "count",
	  .number = COUNT,
	  .argument = CUIO_ARGUMENT_OUT,
	  .size = 4,
	  .members = (const void *)members,
	  .n_members = 2,
	  .call = count },
};

static const REGISTER registers[] = {
	{ .name = "first", .width = 4, .read = true },
	{ .name = "second", .width = 4, .read = true, .write = true },
};

static struct cuio_driver_option options[] = {
	{ .name = "Step", .min = 1, .max = 100, .default_value = 2 },
#ifdef AS_looking
	{ .name = "User", .max = UINT32_MAX },
	{ .name = "Write", .max = UINT32_MAX },
	{ .name = "Socket", .max = UINT32_MAX },
	{ .name = "Process", .max = UINT32_MAX },
	{ .name = "Signal", .max = UINT32_MAX },
	{ .name = "Files", .max = UINT32_MAX },
	{ .name = "Memory", .max = UINT32_MAX },
#endif
};

static const struct cuio_driver driver = {
	.contract = {
		BUILT,
		.ioctl_size = sizeof(struct cuio_driver_ioctl),
		.field_size = sizeof(struct cuio_driver_field),
		.interrupt_size = sizeof(struct cuio_driver_interrupt),
		.buffer_size = sizeof(struct cuio_driver_buffer),
		.option_size = sizeof(struct cuio_driver_option),
	},
#ifdef AS_misnamed
	.name = "another",
#else
	.name = NAME,
#endif
	.device_state = 4,
	.state_version = 3,
	.ioctls = ioctls,
	.n_ioctls = 1,
	.registers = (const void *)registers,
	.n_registers = 2,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.node_size = beyond, /* where the older one has ended */
};

#ifndef AS_nameless
CUIO_PLUGIN(driver);
#else
const void *not_the_symbol(void);
const void *not_the_symbol(void)
{
	return &driver;
}
#endif

/* --- what runs before anybody asks ------------------------------------------------------------ */

#ifdef AS_undefined
void cuio_of_tomorrow(void);
void *use_it(void);
void *use_it(void)
{
	return (void *)(uintptr_t)cuio_of_tomorrow;
}
#endif

#ifdef AS_crashing
static void __attribute__((constructor)) before(void)
{
	abort();
}
#elif defined(AS_hanging)
static void __attribute__((constructor)) before(void)
{
	signal(SIGTERM, SIG_IGN);
	for (;;)
		nanosleep(&(struct timespec){ .tv_sec = 1000 }, NULL);
}
#elif defined(AS_silent)
/* Nor does it end: it closes what the answer goes to. */
static void __attribute__((constructor)) before(void)
{
	for (int fd = 0; fd < 64; fd++)
		close(fd);
	for (;;)
		nanosleep(&(struct timespec){ .tv_sec = 1000 }, NULL);
}
#elif defined(AS_ending)
static void __attribute__((constructor)) before(void)
{
	_exit(3);
}
#elif defined(AS_forging)
/* Something of the size of an answer. */
static void __attribute__((constructor)) before(void)
{
	static char text[16384];

	memset(text, 0, 9000);
	memset(text + 8192, 0xff, sizeof(text) - 8192);
	for (int fd = 3; fd < 64; fd++)
		if (write(fd, text, sizeof(text)) > 0)
			break;
	_exit(0);
}
#elif defined(AS_looking)
static uint64_t result(long r)
{
	return r < 0 ? (uint64_t)errno : 0;
}

static uint64_t count_files(void)
{
	uint64_t n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += lseek(fd, 0, SEEK_CUR) >= 0 || errno != EBADF;
	return n;
}

static void __attribute__((constructor)) before(void)
{
	options[1].default_value = getuid();
	options[2].default_value = result(open("written-by-a-plug-in", O_WRONLY | O_CREAT, 0666));
	options[3].default_value = result(socket(AF_UNIX, SOCK_STREAM, 0));
	options[4].default_value = result(fork());
	options[5].default_value = result(kill(getppid() > 1 ? getppid() : 1, 0));
	options[6].default_value = count_files();
	options[7].default_value = malloc((size_t)1 << 30) ? 0 : ENOMEM;
}
#endif
