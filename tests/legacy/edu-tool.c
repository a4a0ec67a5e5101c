// SPDX-License-Identifier: MIT
/*
 * A small tool for an edu node, as a vendor would ship one: one ioctl or transfer a run, numbers in
 * and out. Knows the node and its header only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cuio/edu.h>

struct verb {
	const char *name;
	const char *argument; /* NULL: takes none */
	int (*run)(int fd, uint32_t argument);
};

/* Prints the value of a call that succeeded; passes on its result. */
static int print(int r, const uint32_t *value)
{
	if (r < 0)
		return r;
	printf("%#x\n", *value);
	return 0;
}

static int verb_ident(int fd, uint32_t value)
{
	return print(ioctl(fd, EDU_IOCTL_IDENT, &value), &value);
}

static int verb_liveness(int fd, uint32_t value)
{
	return print(ioctl(fd, EDU_IOCTL_LIVENESS, &value), &value);
}

static int verb_factorial(int fd, uint32_t value)
{
	int r = ioctl(fd, EDU_IOCTL_FACTORIAL, &value);

	if (r < 0)
		return r;
	printf("%u\n", value);
	return 0;
}

static int verb_wait(int fd, uint32_t value)
{
	return print(ioctl(fd, EDU_IOCTL_WAIT_IRQ, &value), &value);
}

static int verb_raise(int fd, uint32_t value)
{
	return ioctl(fd, EDU_IOCTL_RAISE_IRQ, (unsigned long)value);
}

static int verb_write(int fd, uint32_t value)
{
	return write(fd, &value, sizeof(value)) < 0 ? -1 : 0;
}

static int verb_read(int fd, uint32_t value)
{
	if (read(fd, &value, sizeof(value)) < 0)
		return -1;
	printf("%u\n", value);
	return 0;
}

static const struct verb verbs[] = {
	{ "ident", NULL, verb_ident },	      { "liveness", "N", verb_liveness },
	{ "factorial", "N", verb_factorial }, { "wait", NULL, verb_wait },
	{ "raise", "BITS", verb_raise },      { "write", "N", verb_write },
	{ "read", NULL, verb_read },
};

static int usage(void)
{
	size_t i;

	fprintf(stderr, "usage: edu-tool NODE VERB [NUMBER]; verbs:");
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		fprintf(stderr, " %s%s%s", verbs[i].name, verbs[i].argument ? " " : "",
			verbs[i].argument ? verbs[i].argument : "");
	fprintf(stderr, "\n");
	return 2;
}

static const struct verb *verb_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct verb *verb;
	unsigned long number = 0;
	char *end = NULL;
	int fd;

	verb = argc < 3 ? NULL : verb_find(argv[2]);
	if (!verb || argc != (verb->argument ? 4 : 3))
		return usage();
	if (verb->argument) {
		errno = 0;
		number = strtoul(argv[3], &end, 0);
		if (errno || end == argv[3] || *end || number > UINT32_MAX)
			return usage();
	}

	fd = open(argv[1], O_RDWR);
	if (fd < 0 || verb->run(fd, (uint32_t)number) < 0) {
		fprintf(stderr, "edu-tool: %s: %s: %s\n", argv[1], argv[2], strerror(errno));
		return 1;
	}
	close(fd);
	return 0;
}
