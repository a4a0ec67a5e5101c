// SPDX-License-Identifier: GPL-2.0-or-later
// Names of descriptors in systemd's store.
#include "base/stored.h"
#include <assert.h>
#include <string.h>

static const char *const names[N_STORED] = {
	"saved",     "saved-alt", "files",     "plugin",    "sim",	 "sim-interrupt",
	"uio",	     "config",	  "bar0",      "bar1",	    "bar2",	 "bar3",
	"bar4",	     "bar5",	  "channel0",  "channel1",  "channel2",	 "channel3",
	"channel4",  "channel5",  "channel6",  "channel7",  "channel8",	 "channel9",
	"channel10", "channel11", "channel12", "channel13", "channel14", "channel15",
};

const char *stored_name(unsigned stored)
{
	assert(stored < N_STORED);
	return names[stored];
}

bool stored_is_known(const char *name)
{
	for (unsigned i = 0; i < N_STORED; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}
