/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths of instance files (cuio.conf(5)) and descriptions (cuio.device(5)). */
#ifndef BASE_CONFIG_PATH_H
#define BASE_CONFIG_PATH_H

#include "base/document.h"

#ifndef CUIO_SYSCONFDIR
#define CUIO_SYSCONFDIR "/etc"
#endif
#ifndef CUIO_DATADIR
#define CUIO_DATADIR "/usr/share"
#endif

struct config_folders {
	const char *instances; /* "/etc/cuio": NAME.conf; the administrator's devices/ */
	const char *devices;   /* "/usr/share/cuio/devices": installed descriptions */
};

/* The folders that cuio was built for. */
extern const struct config_folders config_folders;

/* An instance without Mount= is mounted in this folder, under its name. */
#define CONFIG_MOUNTS "/run/cuio-mount"

/* Returns the last part of `path` without `suffix`: "edu" of ".../edu.device". The caller frees it;
 * NULL: no memory. */
char *config_path_stem(const char *path, const char *suffix);
/* Returns [Device] of an instance file; reports it and returns NULL if it is missing. */
struct section *config_path_device(struct document *instance, struct report *report);
/*
 * Returns the path of the description that an instance file's Description= names; the caller frees
 * it. A value with '/' is relative to the file's own folder, others are searched in `folders`.
 * Reports findings. 0 or -errno.
 */
int config_path_description(const struct config_folders *folders, struct document *instance,
			    struct report *report, char **ret);

#endif
