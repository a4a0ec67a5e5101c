/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places where the tests' daemon (make KILL_POINTS=1) may kill itself; nothing in the one that is
 * installed. The file `kill` in the runtime directory says where: a line "POINT SUBJECT TIMES", for
 * instance "committed write 1", and further ones, each for when the one before has been done.
 * SUBJECT is the operation of the request being served, or one of "start", "cause", "interrupt",
 * "timer", "poll", "cancel"; "any" stands for each. The file is gone when the last has crashed.
 */
#ifndef BASE_KILL_POINT_H
#define BASE_KILL_POINT_H

#ifdef CUIO_KILL_POINTS
/* What is being served from now on. The string is kept. */
void kill_subject(const char *subject);
void kill_point(const char *point);
#else
static inline void kill_subject(const char *subject)
{
	(void)subject;
}

static inline void kill_point(const char *point)
{
	(void)point;
}
#endif

#endif
