/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: what the root helper reads, besides instance files and descriptions: the
 * daemon's mark, the record of a binding, the table of mounts, a card's files in sysfs, the
 * arguments that udev gives, and the descriptors that systemd passes.
 *
 * The input: which of these, then their texts, each ended by a NUL.
 */
#include "base/fds.h"
#include "base/handover_mark.h"
#include "base/log.h"
#include "base/mounts.h"
#include "config/identity.h"
#include "hardware/uio_files.h"
#include "helper/helper.h"
#include "helper/original_binding.h"
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <syslog.h>
#include <unistd.h>

#define TEXTS 7U
#define SLOT  "0000:00:04.0"

static char folder[64];
static char *texts[TEXTS]; /* those that the input has not are "" */

/* --- in the place of /proc, /run and /etc ----------------------------------------------------- */

FILE *__real_fopen(const char *path, const char *mode);
int __real_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *ret);
DIR *__real_opendir(const char *path);

/* The helper's own paths are constants. */
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode)
{
	bool ours = strcmp(path, "/proc/self/mountinfo") == 0 ||
		    strncmp(path, BINDING_FOLDER, strlen(BINDING_FOLDER)) == 0;

	if (!ours)
		return __real_fopen(path, mode);
	/* fmemopen() refuses an empty one. */
	return *texts[0] ? fmemopen(texts[0], strlen(texts[0]), "r")
			 : __real_fopen("/dev/null", "r");
}

/* Each instance is one, and enabled. */
int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *ret);
int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *ret)
{
	char path[128];

	(void)pattern;
	snprintf(path, sizeof(path), "%s/*.conf", folder);
	return __real_glob(path, flags, failed, ret);
}

DIR *__wrap_opendir(const char *path);
DIR *__wrap_opendir(const char *path)
{
	return __real_opendir(strcmp(path, BINDING_FOLDER) == 0 ? folder : path);
}

static void put(const char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(const char *text, const char *format, ...)
{
	char path[256];
	va_list arguments;
	int fd, used = snprintf(path, sizeof(path), "%s/", folder);

	va_start(arguments, format);
	vsnprintf(path + used, sizeof(path) - (size_t)used, format, arguments);
	va_end(arguments);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

/* --- what is read ----------------------------------------------------------------------------- */

static void read_mark(void)
{
	char *text = NULL, *slot, *rest;

	put(texts[0], HANDOVER_MARK_NAME);
	if (handover_mark_read(&text) != HANDOVER_COMPLETE)
		return;
	slot = identity_cut_slot(text);
	if (slot && (slot < text || slot > text + HANDOVER_MARK_MAX || strchr(slot, '\n')))
		abort();
	rest = identity_card(text);
	free(rest);
	rest = identity_difference(text, texts[1]);
	free(rest);
	rest = identity_add_slot(text, slot ? slot : texts[2]);
	free(rest);
	(void)identity_has(text, texts[2]);
	free(text);
}

static void read_mounts(void)
{
	char *owner = NULL;

	if (mounts_owner(texts[1], &owner) == 0 && !owner)
		abort();
	free(owner);
	(void)mounts_have(makedev(0, 77));
}

static void check_line(const char *line)
{
	while (isupper((unsigned char)*line) || *line == '_')
		line++;
	if (*line++ != '=')
		abort();
	for (; *line && *line != '\n'; line++)
		if (iscntrl((unsigned char)*line))
			abort();
}

/* Each line is a variable that udev takes over. */
static void answer_udev(int (*verb)(char **arguments))
{
	char *arguments[] = { texts[1], texts[2], NULL };
	FILE *out = stdout;
	char *text = NULL;
	size_t size = 0;

	put(texts[3], "one.conf");
	stdout = open_memstream(&text, &size);
	verb(arguments);
	fclose(stdout);
	stdout = out;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		check_line(line);
	free(text);
}

static void read_binding(void)
{
	struct original_binding original;

	if (original_binding_load("one", &original) < 0)
		return;
	if (strchr(original.slot, '/') || strchr(original.driver, '/') ||
	    strlen(original.slot) >= sizeof(original.slot))
		abort();
}

static void read_sysfs(void)
{
	static const char *const names[] = { "vendor", "device", "irq", "resource",
					     "driver_override" };
	static const struct window_spec windows[] = {
		{ .name = "w", .bar = 0, .size = 4096, .type = WINDOW_MEMORY },
		{ .name = "p", .bar = 2, .size = 8, .type = WINDOW_PORTS },
	};
	const struct hardware_spec spec = { .card = "pci:1234:11e8",
					    .file = "one.conf",
					    .windows = windows,
					    .n_windows = 2,
					    .interrupt = true };
	struct report report = { 0 };
	struct uio_files files;

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(texts[i], "devices/" SLOT "/%s", names[i]);
	put(texts[5], "devices/" SLOT "/uio/uio7/maps/map0/addr");
	put(texts[6], "devices/" SLOT "/uio/uio7/maps/map0/offset");
	(void)uio_files_locate(&spec, NULL, &report, &files);
	report_done(&report);
}

static void read_descriptors(void)
{
	char pid[16];
	struct fds *fds;

	for (int fd = 3; fd < 6; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return; /* the fuzzer's own */
	for (int fd = 3; fd < 6; fd++)
		dup2(0, fd);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", texts[0], 1);
	setenv("LISTEN_FDNAMES", texts[1], 1);
	if (fds_inherit(&fds) >= 0) {
		(void)fds_have_saved_memory(fds);
		fds_free(fds);
	}
	for (int fd = 3; fd < 6; fd++)
		close(fd);
}

static void read_names(void)
{
	char *place = NULL;

	(void)instance_check_name(texts[0]);
	(void)pci_card_check_name(texts[1]);
	if (mounts_resolve(texts[2], &place) == 0 && place[0] != '/')
		abort();
	free(place);
}

/* --- libFuzzer -------------------------------------------------------------------------------- */

static void clean_up(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command) != 0)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char command[512];

	(void)argc, (void)argv;
	log_set_level(LOG_EMERG);
	strcpy(folder, "/tmp/cuio-fuzz-XXXXXX");
	if (!mkdtemp(folder) || atexit(clean_up) != 0)
		abort();
	snprintf(command, sizeof(command),
		 "cd %s && mkdir -p devices/" SLOT
		 "/uio/uio7/maps/map0 drivers/" PCI_CARD_USER_DRIVER
		 " && ln -s ../../drivers/" PCI_CARD_USER_DRIVER " devices/" SLOT "/driver && "
		 "echo 0xff00 > devices/" SLOT "/class && : > devices/" SLOT "/config",
		 folder);
	if (system(command) != 0)
		abort();
	setenv("RUNTIME_DIRECTORY", folder, 1);
	unsetenv("NOTIFY_SOCKET");
	pci_card_set_root(folder);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *copy, *next;
	unsigned n = 0;

	if (!size)
		return 0;
	copy = calloc(1, size);
	memcpy(copy, bytes + 1, size - 1);
	for (next = copy; n < TEXTS; n++) {
		texts[n] = next;
		if (next < copy + size - 1)
			next += strlen(next) + 1;
		if (next > copy + size - 1)
			next = copy + size - 1;
	}
	switch (bytes[0] % 9) {
	case 0:
		read_mark();
		break;
	case 1:
		read_mounts();
		break;
	case 2:
		read_binding();
		break;
	case 3:
		answer_udev(verb_udev);
		break;
	case 4:
		answer_udev(verb_udev_card);
		break;
	case 5:
		answer_udev(verb_udev_gone);
		break;
	case 6:
		read_sysfs();
		break;
	case 7:
		read_descriptors();
		break;
	default:
		read_names();
		break;
	}
	free(copy);
	return 0;
}
