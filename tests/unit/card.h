/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card on the simulator, served by the real core in this process: what the front would ask of the
 * device is asked here, one call at a time. For tests of drivers in C. The process's own memory is
 * the caller's, so ioctl arguments are fetched as the kernel would.
 *
 * card_crash() is what a successor finds after a crash between two calls: the simulated hardware
 * and the saved memory go on, the process starts warm.
 */
#ifndef TESTS_CARD_H
#define TESTS_CARD_H

#include "base/alarm.h"
#include "device/argument.h"
#include "device/device.h"
#include "device/layout.h"
#include "driver/table.h"
#include "hardware/hardware.h"
#include "regmap/regmap.h"
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CARD_PATIENCE 20000U /* ms, after which what is waited for will not come */

struct card {
	char folder[64];
	struct instance *instance;
	const struct cuio_driver *driver, *loaded;
	struct hardware *hardware;
	struct saved *saved;
	struct fds *fds;
	struct loop *loop;
	struct cuio_device *device;
	struct report report;
	struct alarm alarm;
	uint64_t unique;
	bool (*met)(struct card *card, void *context);
	void *context;
	uint64_t patience;
	uint32_t uid;	 /* of who calls; 0 */
	bool compat;	 /* ioctls are a 32-bit caller's */
	unsigned rounds; /* that the last ioctl took */
};

static inline void card_write_file(const struct card *card, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", card->folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static inline void card_start(struct card *card, bool fresh)
{
	const struct device_setup setup = {
		.instance = card->instance,
		.driver = card->driver,
		.hardware = card->hardware,
		.saved = card->saved,
		.fresh = fresh,
	};
	int r = device_new(&setup, &card->report, &card->device);

	ck_assert_msg(r >= 0, "device_new: %d %s", r, card->report.text ? card->report.text : "");
	ck_assert_int_ge(loop_new(&card->loop), 0);
	r = device_start(card->device, card->loop);
	ck_assert_msg(r >= 0, "start: %d %s", r, device_error(card->device));
}

static inline void card_start_afresh(struct card *card)
{
	struct saved_plan plan;

	saved_plan_init(&plan);
	device_plan(card->driver, &plan);
	ck_assert_int_ge(saved_create(&plan, "card\n", &card->saved), 0);
	card_start(card, true);
}

/*
 * `description`: a file, from the top folder ("daemon/driver/devices/edu.device"), or its text.
 * `more`: lines of the instance file after [Device] ("[Driver]\nNoWayOut=yes\n"), or NULL.
 * `driver`: another than the description's; NULL: that.
 */
static inline struct card *card_new_driver(const struct cuio_driver *driver,
					   const char *description, const char *more)
{
	struct card *card = calloc(1, sizeof(*card));
	char text[2048], path[128], here[512];
	struct hardware_spec spec;
	int r;

	strcpy(card->folder, "/tmp/cuio-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(card->folder));
	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	if (strchr(description, '\n')) {
		card_write_file(card, "t.device", description);
		description = "t.device";
		strcpy(here, card->folder);
	}
	snprintf(text, sizeof(text), "[Device]\nDescription=%s/%s\nBackend=sim\n%s", here,
		 description, more ? more : "");
	card_write_file(card, "t.conf", text);
	snprintf(path, sizeof(path), "%s/t.conf", card->folder);
	r = instance_load("t", path, &card->report, &card->instance);
	if (r >= 0 && !driver)
		r = driver_load(card->instance->description, &card->report, &card->loaded);
	card->driver = driver ? driver : card->loaded;
	if (r >= 0)
		r = description_check_rest(card->instance->description, &card->report);
	ck_assert_msg(r >= 0, "%s", card->report.text ? card->report.text : "no findings");
	ck_assert_int_ge(fds_new(&card->fds), 0);
	instance_hardware(card->instance, &spec);
	r = hardware_open(&spec, card->fds, &card->report, &card->hardware);
	if (r >= 0)
		r = regmap_bind(&card->instance->description->regmap, card->hardware,
				&card->report);
	ck_assert_msg(r >= 0, "%s", card->report.text ? card->report.text : "no findings");
	card_start_afresh(card);
	return card;
}

static inline struct card *card_new(const char *description, const char *more)
{
	return card_new_driver(NULL, description, more);
}

static inline void card_leave(struct card *card)
{
	device_free(card->device);
	loop_free(card->loop);
}

static inline void card_crash(struct card *card)
{
	card_leave(card);
	card_start(card, false);
}

/* The service is stopped, and started again: the simulated hardware is all that stays. */
static inline void card_stop_and_start(struct card *card)
{
	device_stop(card->device);
	card_leave(card);
	saved_free(card->saved);
	card_start_afresh(card);
}

static inline void card_free(struct card *card)
{
	char command[128];

	card_leave(card);
	saved_free(card->saved);
	hardware_close(card->hardware);
	fds_free(card->fds);
	driver_unload(card->loaded);
	instance_free(card->instance);
	report_done(&card->report);
	snprintf(command, sizeof(command), "rm -r %s", card->folder);
	ck_assert_int_eq(system(command), 0);
	free(card);
}

/* --- the card's own side ------------------------------------------------------------------------
 */

/* A register as the hardware has it, by the description's name, without the driver. */
static inline uint64_t card_peek_at(const struct card *card, const char *name, uint64_t element)
{
	const struct reg *reg = regmap_find(&card->instance->description->regmap, name);

	ck_assert_msg(reg != NULL, "no register %s", name);
	ck_assert_int_eq(reg_check(reg, element), 0);
	return reg_read(reg, element);
}

static inline uint64_t card_peek(const struct card *card, const char *name)
{
	return card_peek_at(card, name, 0);
}

static inline void card_poke_at(const struct card *card, const char *name, uint64_t element,
				uint64_t value)
{
	const struct reg *reg = regmap_find(&card->instance->description->regmap, name);

	ck_assert_msg(reg != NULL, "no register %s", name);
	ck_assert_int_eq(reg_check(reg, element), 0);
	reg_write(reg, element, value);
}

static inline void card_poke(const struct card *card, const char *name, uint64_t value)
{
	card_poke_at(card, name, 0, value);
}

static inline struct layout card_layout(const struct card *card)
{
	struct layout layout;

	layout_init(&layout, card->driver);
	layout_place(&layout, card->saved);
	return layout;
}

/* The driver's, as committed. */
static inline void *card_state(const struct card *card)
{
	return card_layout(card).device->state;
}

/* --- requests -----------------------------------------------------------------------------------
 */

/* Fills the receive buffer. Then card_serve(). */
static inline struct request_record *card_request(struct card *card, uint32_t operation,
						  uint32_t file, uint32_t flags)
{
	struct request_record *record = device_request(card->device, 0);

	memset(record, 0, sizeof(*record));
	record->operation = operation;
	record->unique = card->unique += 2;
	record->file = file;
	record->flags = flags;
	record->deadline = TIME_NEVER;
	record->uid = card->uid;
	return record;
}

/* Calls, and commits whatever came of it. `out` gets the answer's data (NULL: none wanted).
 * cuio_not_yet is answered as to O_NONBLOCK. */
static inline ssize_t card_serve(struct card *card, const void *in, void *out, size_t out_size)
{
	struct device_answer answer = device_call(card->device, 0, in);

	if (answer.waits) {
		ck_assert(!device_is_locked_for(card->device, 0));
		answer = device_park(card->device, SLOT_NONE);
		if (answer.result == -EBUSY)
			answer.result = -EAGAIN;
	}
	ck_assert_uint_le(answer.size, out_size);
	if (out && answer.size)
		memcpy(out, answer.data, answer.size);
	device_answered(card->device);
	return answer.result;
}

/* A file's index, or the error. */
static inline ssize_t card_open_node(struct card *card, uint32_t node, uint32_t flags)
{
	struct layout layout = card_layout(card);
	uint32_t index = 0;
	ssize_t r;

	while (layout_file(&layout, index)->used)
		index++;
	card_request(card, REQUEST_OPEN, FILE_NONE, flags)->node = node;
	r = card_serve(card, NULL, NULL, 0);
	return r < 0 ? r : (ssize_t)index;
}

static inline ssize_t card_open(struct card *card, uint32_t flags)
{
	return card_open_node(card, 0, flags);
}

static inline void card_close(struct card *card, ssize_t file)
{
	card_request(card, REQUEST_RELEASE, (uint32_t)file, 0);
	ck_assert_int_eq(card_serve(card, NULL, NULL, 0), 0);
}

static inline ssize_t card_read(struct card *card, ssize_t file, void *data, size_t size)
{
	card_request(card, REQUEST_READ, (uint32_t)file, O_NONBLOCK)->size = (uint32_t)size;
	return card_serve(card, NULL, data, size);
}

static inline ssize_t card_write(struct card *card, ssize_t file, const void *data, size_t size)
{
	card_request(card, REQUEST_WRITE, (uint32_t)file, O_NONBLOCK)->in_size = (uint32_t)size;
	return card_serve(card, data, NULL, 0);
}

/* The same as if the node were a file. */
static inline ssize_t card_pread(struct card *card, ssize_t file, void *data, size_t size,
				 uint64_t position)
{
	struct request_record *record = card_request(card, REQUEST_READ, (uint32_t)file, 0);

	record->size = (uint32_t)size;
	record->position = position;
	record->positioned = 1;
	return card_serve(card, NULL, data, size);
}

static inline ssize_t card_pwrite(struct card *card, ssize_t file, const void *data, size_t size,
				  uint64_t position)
{
	struct request_record *record = card_request(card, REQUEST_WRITE, (uint32_t)file, 0);

	record->in_size = (uint32_t)size;
	record->position = position;
	record->positioned = 1;
	return card_serve(card, data, NULL, 0);
}

static inline size_t card_gather(uint8_t *to, const struct iovec *parts, size_t n)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++) {
		memcpy(to + size, parts[i].iov_base, parts[i].iov_len);
		size += parts[i].iov_len;
	}
	return size;
}

/* What the kernel does for an ioctl of an unrestricted node: it comes with nothing, and is sent for
 * what it lacks. For others the number says what there is. */
static inline ssize_t card_ioctl(struct card *card, ssize_t file, uint32_t command, void *argument)
{
	static uint8_t in[CUIO_TRANSFER_MAX], out[TRANSACTION_REPLY_MAX], *from = out;
	struct argument_fetch fetch = { 0 };
	size_t in_size = 0;
	ssize_t result;
	int r;

	for (card->rounds = 1;; card->rounds++) {
		struct request_record *record =
			card_request(card, REQUEST_IOCTL, (uint32_t)file, 0);

		record->command = command;
		record->argument = (uintptr_t)argument;
		record->compat = card->compat;
		if (!device_fetches(card->device))
			argument_plan_encoded(record, &fetch);
		in_size = card_gather(in, fetch.in, fetch.n_in);
		record->in_size = (uint32_t)in_size;
		record->out_size = (uint32_t)fetch.out_size;
		r = device_fetches(card->device) ? device_fetch(card->device, 0, in, &fetch) : 0;
		ck_assert_uint_lt(card->rounds, 10);
		if (r < 0)
			return r;
		if (r == 0)
			break;
	}
	result = card_serve(card, in, out, sizeof(out));
	from = out;
	for (size_t i = 0; result >= 0 && i < fetch.n_out; i++) {
		memcpy(fetch.out[i].iov_base, from, fetch.out[i].iov_len);
		from += fetch.out[i].iov_len;
	}
	return result;
}

/* What is ready: enum cuio_ready. */
static inline unsigned card_poll(struct card *card, ssize_t file)
{
	card_request(card, REQUEST_POLL, (uint32_t)file, 0);
	return (unsigned)card_serve(card, NULL, NULL, 0);
}

/* --- waiting ------------------------------------------------------------------------------------
 */

static int card_alarm(struct alarm *alarm)
{
	struct card *card = container_of(alarm, struct card, alarm);

	if (card->met(card, card->context) || alarm_now() > card->patience)
		loop_quit(card->loop);
	return 0;
}

/* Lets interrupts and timers happen until `met` says so; false: it never did. */
static inline bool card_until(struct card *card, bool (*met)(struct card *card, void *context),
			      void *context)
{
	card->met = met;
	card->context = context;
	card->patience = alarm_now() + CARD_PATIENCE * UINT64_C(1000000);
	ck_assert_int_ge(alarm_init(&card->alarm, card->loop, card_alarm), 0);
	ck_assert_int_ge(alarm_repeat(&card->alarm, UINT64_C(200000)), 0);
	ck_assert_int_ge(loop_run(card->loop), 0);
	alarm_done(&card->alarm, card->loop);
	return met(card, context);
}

/* A request that waits, in the first slot there is for such: asked again until it ends. */
struct card_waiting {
	const void *in;
	struct device_answer answer;
};

static bool card_asked_again(struct card *card, void *context)
{
	struct card_waiting *waiting = context;

	if (!waiting->answer.waits)
		return true;
	waiting->answer = device_call(card->device, slot_parked(0), waiting->in);
	if (waiting->answer.waits)
		device_park(card->device, slot_parked(0));
	return !waiting->answer.waits;
}

/* As card_serve(), but it waits for its answer. */
static inline ssize_t card_serve_waiting(struct card *card, const void *in, void *out)
{
	struct card_waiting waiting = { .in = in, .answer = device_call(card->device, 0, in) };

	if (waiting.answer.waits) {
		device_park(card->device, slot_parked(0));
		ck_assert_msg(card_until(card, card_asked_again, &waiting), "it waits for ever");
	}
	if (out && waiting.answer.size)
		memcpy(out, waiting.answer.data, waiting.answer.size);
	device_answered(card->device);
	return waiting.answer.result;
}

static inline ssize_t card_read_waiting(struct card *card, ssize_t file, void *data, size_t size)
{
	card_request(card, REQUEST_READ, (uint32_t)file, 0)->size = (uint32_t)size;
	return card_serve_waiting(card, NULL, data);
}

#endif
