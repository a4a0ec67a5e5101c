/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An instance file (cuio.conf(5)): the card, and its nodes' names, groups and modes. Both cuiod and
 * the root helper read it.
 */
#ifndef DEVICE_INSTANCE_H
#define DEVICE_INSTANCE_H

#include "base/document.h"
#include "base/report.h"
#include "hardware/hardware.h"
#include "regmap/description.h"
#include <cuio/driver.h>
#include <sched.h>
#include <sys/types.h>

/* How programs reach the nodes. */
enum instance_front {
	INSTANCE_CUSE, /* character devices in /dev */
	INSTANCE_FILE, /* files in a FUSE mount, with symlinks in /dev */
};

struct instance_node {
	char *key;	  /* which of the description's nodes, "" for the only one */
	char *name;	  /* below /dev, "edu" or "foo/bar": [A-Za-z0-9._-] parts, no ".." */
	char *group;	  /* NULL: left to udev's other rules */
	mode_t mode;	  /* 0: left to udev's other rules (0600); 0660 with Group= alone */
	int major, minor; /* fixed number; -1: the kernel chooses */
	unsigned line;
};

/* Ioctl=: whether the daemon may name the memory that the kernel copies for an ioctl. */
enum instance_ioctl {
	INSTANCE_IOCTL_DEFAULT, /* as the driver needs it */
	INSTANCE_IOCTL_RESTRICTED,
	INSTANCE_IOCTL_UNRESTRICTED,
};

/* Affinity=: where the daemon runs. */
enum instance_affinity {
	INSTANCE_AFFINITY_FOLLOW, /* on the CPU of the program that calls */
	INSTANCE_AFFINITY_NONE,
	INSTANCE_AFFINITY_LIST, /* on `cpus` */
};

struct instance {
	char *name;			/* NAME of cuiod@NAME */
	const struct kept_files *files; /* while loading: read instead of files on disk, or NULL */
	struct document *document;
	struct description *description;
	char *card;	    /* Card=, or the description's Match=; NULL for the simulator */
	unsigned card_line; /* 0: the card is the description's Match= */
	char *backend;	    /* "uio" or "sim" */
	enum instance_front front;
	enum instance_ioctl ioctl;
	unsigned ioctl_line;
	char *mount; /* where the files are; NULL unless front is INSTANCE_FILE */
	enum port_access port_access;
	unsigned port_access_line;
	struct instance_node *nodes; /* one for each of the description's nodes, in their order */
	size_t n_nodes;
	int log_level; /* LOG_ERR..LOG_DEBUG */
	enum instance_affinity affinity;
	cpu_set_t cpus;
};

/* The service's user is "cuio-NAME"; useradd(8) says what a user's name may be. */
#define INSTANCE_NAME_MAX  26U
#define INSTANCE_NAME_RULE "letters, digits, '_' and '-', at most 26 of them and no '-' first"

/* Whether the name is as INSTANCE_NAME_RULE says. */
int instance_check_name(const char *name);
/*
 * Loads and checks `path` (NULL: /etc/cuio/NAME.conf) and the description it names (searched in
 * /etc/cuio/devices, then the installed /usr/share/cuio/devices; a name with '/' is a path,
 * relative to the instance file's folder). Reports all findings. Touches neither hardware nor
 * sysfs.
 */
int instance_load(const char *name, const char *path, struct report *report, struct instance **ret);
/* The same from kept files (config/kept_files.h) instead of files on disk. */
struct kept_files;
int instance_load_kept(const char *name, const struct kept_files *files, struct report *report,
		       struct instance **ret);
void instance_free(struct instance *instance);

/* Overrides Front= and Mount= (NULL: the default mount). 0 or -ENOMEM. */
int instance_set_front(struct instance *instance, enum instance_front front, const char *mount);
/* The node's path: "/dev/edu", or its file in the mount. NULL: out of memory. To be freed. */
char *instance_node_path(const struct instance *instance, const struct instance_node *node);

/* Whether the nodes' ioctls are unrestricted, with this driver. */
bool instance_is_unrestricted(const struct instance *instance, const struct cuio_driver *driver);
/* 0, or -EINVAL with a finding where Ioctl=unrestricted has no effect. */
int instance_check_ioctl(const struct instance *instance, const struct cuio_driver *driver,
			 struct report *report);

/* Fills in what hardware_open() opens for this instance. *ret points into the instance. */
void instance_hardware(const struct instance *instance, struct hardware_spec *ret);

/*
 * For udev: reads one setting from an instance file that may have mistakes elsewhere. The card
 * ("pci:...", to be freed); -ENOENT for the simulator.
 */
int instance_peek_card(struct document *document, char **ret);
/* Group (to be freed) and mode of the node `name`; -ENOENT if the file does not configure it. */
int instance_peek_rights(struct document *document, const char *name, char **ret_group,
			 mode_t *ret_mode);

#endif
