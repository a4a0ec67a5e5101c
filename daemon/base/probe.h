/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Named points in the handling of a request or an interrupt. The tests' build (make KILL_POINTS=1)
 * may exit there, see tests/vm/killable/probe.c; the installed build has no code there. */
#ifndef BASE_PROBE_H
#define BASE_PROBE_H

#ifdef CUIO_KILL_POINTS
void probe(const char *name);
#define PROBE(name) probe(name)
#else
#define PROBE(name) ((void)0)
#endif

#endif
