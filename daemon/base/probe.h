/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Named places on the way of a request or an interrupt. The tests' build (make KILL_POINTS=1) may
 * end there, see tests/vm/killable/probe.c; in the one that is installed there is nothing. */
#ifndef BASE_PROBE_H
#define BASE_PROBE_H

#ifdef CUIO_KILL_POINTS
void probe(const char *name);
#define PROBE(name) probe(name)
#else
#define PROBE(name) ((void)0)
#endif

#endif
