/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of the filter, by libseccomp. What no rule refuses is for the unit's filter to refuse.
 */
#include "confinement.h"
#include "base/stored.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define PCI_COMMAND  4U /* linux/pci_regs.h */
#define COMMAND_SIZE 2U
#define ACCESS_MAX   4U
#define DESCRIPTOR   0xffffffffU /* the kernel looks at these bits only */

static const int refused[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	/* Other numbers for the configuration space's descriptor, and filters that hand some out.
	 */
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(recvmsg),
	SCMP_SYS(recvmmsg),
	SCMP_SYS(recvmmsg_time64),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(seccomp),
	/* Writes in other ways. */
	SCMP_SYS(pwritev),
	SCMP_SYS(pwritev2),
	SCMP_SYS(sendfile),
	SCMP_SYS(sendfile64),
	SCMP_SYS(splice),
	SCMP_SYS(tee),
	SCMP_SYS(vmsplice),
	SCMP_SYS(copy_file_range),
	SCMP_SYS(io_setup),
	SCMP_SYS(io_submit),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	/* Other processes. */
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
};

static int refuse(scmp_filter_ctx filter, int call, unsigned n,
		  const struct scmp_arg_cmp *conditions)
{
	int r = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), call, n, conditions);

	/* A call that this machine does not have. */
	return r == -EDOM ? 0 : r;
}

static int refuse_if(scmp_filter_ctx filter, int call, struct scmp_arg_cmp condition)
{
	return refuse(filter, call, 1, &condition);
}

/* Refuses `call` on the descriptor `fd`. */
static int refuse_on(scmp_filter_ctx filter, int call, int fd)
{
	return refuse_if(filter, call, SCMP_A0(SCMP_CMP_MASKED_EQ, DESCRIPTOR, (unsigned)fd));
}

static int refuse_write(scmp_filter_ctx filter, int fd, struct scmp_arg_cmp condition)
{
	const struct scmp_arg_cmp conditions[] = {
		SCMP_A0(SCMP_CMP_MASKED_EQ, DESCRIPTOR, (unsigned)fd),
		condition,
	};

	return refuse(filter, SCMP_SYS(pwrite64), 2, conditions);
}

/* One access at a time to what is behind the header (hardware/config.c), and to the command
 * register (hardware/intx.c). Where an offset is two arguments, whose places differ, only sizes are
 * bounded. */
static int limit_config_window(scmp_filter_ctx filter, int fd)
{
	int r = refuse_write(filter, fd, SCMP_A2(SCMP_CMP_GT, ACCESS_MAX, 0));

#if __SIZEOF_LONG__ == 8
	/* The header without 4, in blocks: from, and the bits that are the same in all of a block.
	 */
	static const struct {
		uint64_t from, mask;
	} blocks[] = { { 0, ~3ULL }, { 5, ~0ULL },   { 6, ~1ULL },
		       { 8, ~7ULL }, { 16, ~15ULL }, { 32, ~31ULL } };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]) && r >= 0; i++)
		r = refuse_write(filter, fd,
				 SCMP_A3(SCMP_CMP_MASKED_EQ, blocks[i].mask, blocks[i].from));
#endif
	return r;
}

static int limit_command(scmp_filter_ctx filter, int fd)
{
	int r = refuse_write(filter, fd, SCMP_A2(SCMP_CMP_NE, COMMAND_SIZE, 0));

#if __SIZEOF_LONG__ == 8
	if (r >= 0)
		r = refuse_write(filter, fd, SCMP_A3(SCMP_CMP_NE, PCI_COMMAND, 0));
#endif
	return r;
}

/*
 * write(2) has no rule, because a rule about a call's arguments costs each such call the kernel's
 * short cut: all of the service's filters would run for each answer to a program. Instead the
 * descriptor's own position is at the end, where the kernel refuses to write, and stays there.
 */
static int leave_position(scmp_filter_ctx filter, int fd)
{
	int r;

	if (lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	r = refuse_on(filter, SCMP_SYS(lseek), fd);
	return r < 0 ? r : refuse_on(filter, SCMP_SYS(_llseek), fd);
}

static int limit_config(scmp_filter_ctx filter, const struct confinement *confinement)
{
	int r = leave_position(filter, confinement->config);

	if (r < 0)
		return r;
	return confinement->config_window ? limit_config_window(filter, confinement->config)
					  : limit_command(filter, confinement->config);
}

static int add_rules(scmp_filter_ctx filter, const struct confinement *confinement)
{
	static const int copies[] = { F_DUPFD, F_DUPFD_CLOEXEC };
	int r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));

	/* Asked first: it is in the way of each interrupt. */
	if (r >= 0)
		r = seccomp_syscall_priority(filter, SCMP_SYS(pwrite64), UINT8_MAX);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]) && r >= 0; i++)
		r = refuse(filter, refused[i], 0, NULL);
	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]) && r >= 0; i++) {
		const struct scmp_arg_cmp command =
			SCMP_A1(SCMP_CMP_MASKED_EQ, DESCRIPTOR, (unsigned)copies[i]);

		r = refuse_if(filter, SCMP_SYS(fcntl), command);
		if (r >= 0)
			r = refuse_if(filter, SCMP_SYS(fcntl64), command);
	}
	if (r >= 0)
		r = refuse_if(filter, SCMP_SYS(prctl),
			      SCMP_A0(SCMP_CMP_MASKED_EQ, DESCRIPTOR, PR_SET_SECCOMP));
	if (r >= 0 && confinement->config >= 0)
		r = limit_config(filter, confinement);
	return r;
}

int confinement_enter(const struct confinement *confinement)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int r;

	if (!filter)
		return -ENOMEM;
	r = add_rules(filter, confinement);
	if (r >= 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}

static int note_config(void *context, const char *name, int fd)
{
	int *config = context;

	if (strcmp(name, stored_name(STORED_CONFIG)) == 0)
		*config = fd;
	return 0;
}

int confinement_find(const struct instance *instance, const struct hardware *hardware,
		     struct confinement *ret)
{
	struct confinement confinement = { .config = -1 };
	struct hardware_spec spec;
	int r = hardware_each_fd(hardware, note_config, &confinement.config);

	if (r < 0)
		return r;
	instance_hardware(instance, &spec);
	for (size_t i = 0; i < spec.n_windows; i++)
		confinement.config_window |= spec.windows[i].type == WINDOW_CONFIG;
	*ret = confinement;
	return 0;
}
