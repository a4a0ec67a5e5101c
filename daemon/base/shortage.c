// SPDX-License-Identifier: GPL-2.0-or-later
// Waits for shortages to pass.
#include "base/shortage.h"
#include "base/alarm.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/runtime_file.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#define TRIES	  9U
#define DELAY	  50U	/* ms after the first, then twice as long each time */
#define DELAY_MAX 3200U /* ms */
/* Less than TimeoutStartSec=, also if each try takes long. */
#define PATIENCE_NS (15 * NS_PER_SECOND)
#define COUNT_NAME  "short"

static const struct {
	int error;
	const char *what;
} shortages[] = {
	{ EMFILE, "descriptors of this process (LimitNOFILE=)" },
	{ ENFILE, "descriptors of the machine (fs.file-max)" },
	{ ENOMEM, "memory" },
	{ ENOBUFS, "memory" },
	{ ENOSPC, "space in /run" },
	{ EDQUOT, "space in /run" },
	{ EAGAIN, "processes or memory" },
	{ ETIMEDOUT, "time: systemd does not answer" },
};

static const char *name_of(int error)
{
	for (size_t i = 0; i < sizeof(shortages) / sizeof(shortages[0]); i++)
		if (shortages[i].error == -error)
			return shortages[i].what;
	return NULL;
}

bool shortage_is(int error)
{
	return error < 0 && name_of(error);
}

int shortage_look(void)
{
	auto_close int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), memory = -1;

	if (fd >= 0)
		memory = memfd_create("cuio-look", MFD_CLOEXEC);
	return memory < 0 && shortage_is(-errno) ? -errno : 0;
}

static void wait_before(unsigned tries)
{
	unsigned delay = tries < 8 ? DELAY << tries : DELAY_MAX;

	usleep((delay < DELAY_MAX ? delay : DELAY_MAX) * 1000);
}

bool shortage_wait(struct shortage *shortage, int error, const char *what)
{
	if (!shortage_is(error))
		return false;
	if (!shortage->began)
		shortage->began = alarm_now();
	if (shortage->tries >= TRIES || alarm_now() - shortage->began > PATIENCE_NS) {
		log_error("%s: still short of %s after %u tries", what, name_of(error),
			  shortage->tries + 1);
		return false;
	}
	if (shortage->tries == 0)
		log_warning("%s: short of %s; trying again", what, name_of(error));
	wait_before(shortage->tries++);
	return true;
}

/* --- from process to process ------------------------------------------------------------------ */

/* The count is the target of a symlink, which needs no free page. */
static unsigned read_count(const char *path)
{
	char text[16] = "";

	return readlink(path, text, sizeof(text) - 1) > 0 ? (unsigned)atoi(text) : 0;
}

bool shortage_again(int error)
{
	char path[PATH_MAX], text[16];
	unsigned tries;

	if (!shortage_is(error))
		error = shortage_look();
	if (!error || runtime_file_path(path, COUNT_NAME) < 0)
		return false;
	tries = read_count(path);
	(void)unlink(path);
	if (tries >= TRIES) {
		log_error("still short of %s after %u starts: giving up; systemctl start tries "
			  "again",
			  name_of(error), tries + 1);
		return false;
	}
	snprintf(text, sizeof(text), "%u", tries + 1);
	if (symlink(text, path) < 0)
		return false;
	log_warning("short of %s: starting again, %u of %u times", name_of(error), tries + 1,
		    TRIES);
	wait_before(tries);
	return true;
}

void shortage_over(void)
{
	(void)runtime_file_remove(COUNT_NAME);
}
