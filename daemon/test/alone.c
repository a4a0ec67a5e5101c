// SPDX-License-Identifier: GPL-2.0-or-later
// For the library for plug-in authors: replaces what their tests do not use, which is back-ends
// other
// than the simulator, cuio's own drivers, and systemd's descriptor store.
#include "base/fds.h"
#include "driver/table.h"
#include "hardware/backend.h"
#include <stdlib.h>

const struct hardware_ops *const hardware_backends[] = { &sim_ops, NULL };

int fds_new(struct fds **ret)
{
	*ret = NULL;
	return 0;
}

void fds_free(struct fds *fds)
{
	(void)fds;
}

int fds_take(struct fds *fds, const char *name)
{
	(void)fds, (void)name;
	return -1;
}

int fds_remove(struct fds *fds, const char *name)
{
	(void)fds, (void)name;
	return 0;
}

bool driver_is_built_in(const char *name)
{
	(void)name;
	return false;
}
