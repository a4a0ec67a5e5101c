/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that do nothing but that tests/bench/count.c, QEMU's plugin, sees: it counts what
 * runs between a begin and an end, and writes it down at a flush.
 */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

#define MARK_BEGIN 0x43554931
#define MARK_END   0x43554932
#define MARK_FLUSH 0x43554933

/* nopl MARK(%rax,%rax) */
#ifdef __x86_64__
#define mark(what)                                                                                 \
	__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00; .long %c0" ::"i"(what) : "memory")
#else
#define mark(what) ((void)(what))
#endif

#endif
