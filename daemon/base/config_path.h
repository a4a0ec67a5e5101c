/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where instance files (cuio.conf(5)) and descriptions (cuio.device(5)) are, and what their names
 * say. */
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
	const char *instances; /* "/etc/cuio": NAME.conf; descriptions of one's own in devices/ */
	const char *devices;   /* "/usr/share/cuio/devices": those that were installed */
};

/* What cuio was built for. */
extern const struct config_folders config_folders;

/* NAME in it is the place of an instance without Mount=. */
#define CONFIG_MOUNTS "/run/cuio-mount"

/* The last part of `path` without `suffix`, "edu" of ".../edu.device" (to be freed; NULL: no
 * memory). */
char *config_path_stem(const char *path, const char *suffix);
/* [Device] of an instance file; NULL after a finding. */
struct section *config_path_device(struct document *instance, struct report *report);
/*
 * The path of the description that an instance file's Description= names (to be freed): with a '/'
 * it is a path from the file's own folder, else it is in one of `folders`. Reports what is wrong.
 */
int config_path_description(const struct config_folders *folders, struct document *instance,
			    struct report *report, char **ret);

#endif
