/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stand-in for the kernel that plug-in authors have (cuio/test.h), for this tree's drivers in
 * C: failures are Check's, drivers are found by the description's Driver=, and tests of the core
 * reach inside. Nothing waits here: "not yet" is -EAGAIN, but for card_read_waiting().
 *
 * card_crash() is what a successor finds after a crash between two calls: the simulated hardware
 * and the saved memory go on, the process starts warm.
 */
#ifndef TESTS_CARD_H
#define TESTS_CARD_H

#include "driver/table.h"
#include "test/internal.h"
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void card_check(const struct cuio_test *card, int r)
{
	ck_assert_msg(r >= 0, "%d %s", r, cuio_test_report(card));
}

/*
 * `description`: a file, from the top folder ("daemon/driver/devices/edu.device"), or its text.
 * `more`: lines of the instance file after [Device] ("[Driver]\nNoWayOut=yes\n"), or NULL.
 * `driver`: another than the description's; NULL: that.
 */
static inline struct cuio_test *card_new_driver(const struct cuio_driver *driver,
						const char *description, const char *more)
{
	struct cuio_test *card = cuio_test_new(driver, description, more);

	ck_assert_ptr_nonnull(card);
	card->driver_load = driver_load;
	card_check(card, cuio_test_start(card));
	return card;
}

static inline struct cuio_test *card_new(const char *description, const char *more)
{
	return card_new_driver(NULL, description, more);
}

static inline void card_crash(struct cuio_test *card)
{
	/* A test may have left a call of the driver by longjmp(3): nobody waits for that. */
	card->guarded = false;
	card->received = NULL;
	card_check(card, cuio_test_crash(card));
}

/* The service is stopped, and started again: the simulated hardware is all that stays. */
static inline void card_stop_and_start(struct cuio_test *card)
{
	cuio_test_stop(card);
	card_check(card, cuio_test_start(card));
}

static inline void card_free(struct cuio_test *card)
{
	test_end_process(card);
	driver_unload(card->loaded);
	cuio_test_free(card);
}

/* --- the card's own side ---------------------------------------------------------------------- */

static inline uint64_t card_peek(struct cuio_test *card, const char *name)
{
	return cuio_test_peek(card, name);
}

static inline void card_poke(struct cuio_test *card, const char *name, uint64_t value)
{
	cuio_test_poke(card, name, value);
}

static inline uint64_t card_peek_at(struct cuio_test *card, const char *name, uint64_t element)
{
	char place[64];

	snprintf(place, sizeof(place), "%s[%u]", name, (unsigned)element);
	return card_peek(card, place);
}

static inline void card_poke_at(struct cuio_test *card, const char *name, uint64_t element,
				uint64_t value)
{
	char place[64];

	snprintf(place, sizeof(place), "%s[%u]", name, (unsigned)element);
	card_poke(card, place, value);
}

static inline void *card_state(const struct cuio_test *card)
{
	return test_layout(card).device->state;
}

/* --- requests --------------------------------------------------------------------------------- */

/* Fills the receive buffer. Then card_serve(). */
static inline struct request_record *card_request(struct cuio_test *card, uint32_t operation,
						  uint32_t file, uint32_t flags)
{
	return test_request(card, operation, file, flags);
}

static inline ssize_t card_serve_call(struct cuio_test *card, const void *in, void *out,
				      size_t out_size, bool waits)
{
	struct test_call *call = test_call_new(card);

	call->no_wait = !waits;
	call->to = out;
	call->to_size = out_size;
	test_call_set_in(call, in, in ? device_request(card->device, 0)->in_size : 0);
	test_call_begin(card, call);
	return test_call_finish(card, call);
}

static inline ssize_t card_serve(struct cuio_test *card, const void *in, void *out, size_t out_size)
{
	return card_serve_call(card, in, out, out_size, false);
}

/* As card_serve(), but it waits for its answer. */
static inline ssize_t card_serve_waiting(struct cuio_test *card, const void *in, void *out,
					 size_t out_size)
{
	return card_serve_call(card, in, out, out_size, true);
}

/* A file's index, or the error. */
static inline ssize_t card_open_node(struct cuio_test *card, uint32_t node, uint32_t flags)
{
	return cuio_test_open(card, node, flags);
}

static inline ssize_t card_open(struct cuio_test *card, uint32_t flags)
{
	return cuio_test_open(card, 0, flags);
}

static inline void card_close(struct cuio_test *card, ssize_t file)
{
	ck_assert_int_eq(cuio_test_close(card, (int)file), 0);
}

static inline ssize_t card_read(struct cuio_test *card, ssize_t file, void *data, size_t size)
{
	card_request(card, REQUEST_READ, (uint32_t)file, O_NONBLOCK)->size = (uint32_t)size;
	return card_serve(card, NULL, data, size);
}

static inline ssize_t card_read_waiting(struct cuio_test *card, ssize_t file, void *data,
					size_t size)
{
	card_request(card, REQUEST_READ, (uint32_t)file, 0)->size = (uint32_t)size;
	return card_serve_waiting(card, NULL, data, size);
}

static inline ssize_t card_write(struct cuio_test *card, ssize_t file, const void *data,
				 size_t size)
{
	card_request(card, REQUEST_WRITE, (uint32_t)file, O_NONBLOCK)->in_size = (uint32_t)size;
	return card_serve(card, data, NULL, 0);
}

/* The same as if the node were a file. */
static inline ssize_t card_pread(struct cuio_test *card, ssize_t file, void *data, size_t size,
				 uint64_t position)
{
	return cuio_test_pread(card, (int)file, data, size, position);
}

static inline ssize_t card_pwrite(struct cuio_test *card, ssize_t file, const void *data,
				  size_t size, uint64_t position)
{
	return cuio_test_pwrite(card, (int)file, data, size, position);
}

static inline ssize_t card_ioctl(struct cuio_test *card, ssize_t file, uint32_t command,
				 void *argument)
{
	struct test_call *call = test_call_new(card);
	int r = test_call_fetch(card, call, (int)file, command, argument);

	call->no_wait = true;
	if (r == 0)
		test_call_begin(card, call);
	else
		test_call_refuse(call, r);
	return test_call_finish(card, call);
}

/* What is ready: enum cuio_ready. */
static inline unsigned card_poll(struct cuio_test *card, ssize_t file)
{
	return cuio_test_poll(card, (int)file);
}

/* Lets interrupts and timers happen until `met` says so; false: it never did. */
static inline bool card_until(struct cuio_test *card,
			      bool (*met)(struct cuio_test *card, void *context), void *context)
{
	return cuio_test_until(card, met, context);
}

#endif
