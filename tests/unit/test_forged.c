// SPDX-License-Identifier: GPL-2.0-or-later
// Saved memory that a taken-over daemon has forged, with all sums right: what is a size or an index
// stays within bounds. tests/fuzz/fuzz_saved.c looks for more.
#include "base/checksum.h"
#include "base/log.h"
#include "card.h"
#include "device/record_sum.h"
#include "driver/ne2000/card.h"
#include "front/request_store.h"
#include "image.h"
#include "leftover.h"
#include "suite.h"
#include <cuio/batch.h>
#include <syslog.h>

/* --- the core --------------------------------------------------------------------------------- */

static struct kernel *kernel;
static struct leftover leftover;
static struct layout layout;
static struct saved *saved;

static void setup(void)
{
	struct saved_plan plan;
	char *found;

	kernel = kernel_new(&mailbox);
	leftover_make(kernel, &leftover);
	kernel_await_sleep(kernel->daemon);
	kernel_kill_daemon(kernel);
	kernel_plan(&mailbox, &plan);
	ck_assert_int_eq(saved_adopt(dup(kernel->saved), &plan, "unit\n", &saved, &found), 0);
	layout_init(&layout, &mailbox);
	layout_place(&layout, saved);
	log_set_level(LOG_EMERG);
}

static void teardown(void)
{
	saved_free(saved);
	kernel_free(kernel);
}

static void set_phase(enum transaction_phase phase)
{
	layout.transaction->phase = check16(phase);
}

static struct request_record *parked(void)
{
	return layout_request(&layout, slot_parked(0));
}

static void commit_to_no_slot(void)
{
	set_phase(PHASE_COMMITTED);
	layout.transaction->slot = SLOT_NONE;
	layout.transaction->to_slot = slot_parked(5);
}

static void commit_to_a_receive_buffer(void)
{
	set_phase(PHASE_COMMITTED);
	layout.transaction->slot = slot_parked(0);
	layout.transaction->to_slot = 0;
}

static void answer_no_kernel_takes(void)
{
	set_phase(PHASE_COMMITTED);
	layout.transaction->slot = slot_parked(0);
	layout.transaction->to_slot = SLOT_NONE;
	layout.transaction->result = -100000;
}

static void reading_more_than_a_reply(void)
{
	parked()->operation = REQUEST_READ;
	parked()->size = UINT32_MAX;
}

static void more_output_than_a_reply(void)
{
	parked()->operation = REQUEST_IOCTL;
	parked()->out_size = UINT32_MAX;
}

static void more_done_than_asked(void)
{
	parked()->progress = parked()->in_size + 1;
}

static void a_turn_that_never_comes(void)
{
	parked()->turn = UINT64_MAX;
}

static void a_lock_of_nobody(void)
{
	layout.device->lock_owner = slot_parked(200);
}

static void a_poll_of_no_file(void)
{
	layout_file(&layout, 9)->node = UINT32_MAX;
	layout_file(&layout, 9)->poll_armed = 1;
}

static void a_received_ioctl_of_any_size(void)
{
	struct {
		struct fuse_in_header header;
		struct fuse_ioctl_in ioctl;
	} *request = saved_area(saved, "receive");

	request->header.len = sizeof(*request);
	request->header.opcode = FUSE_IOCTL;
	request->ioctl = (struct fuse_ioctl_in){ .out_size = UINT32_MAX };
}

static void (*const forgeries[])(void) = {
	commit_to_no_slot,	  commit_to_a_receive_buffer,
	answer_no_kernel_takes,	  reading_more_than_a_reply,
	more_output_than_a_reply, more_done_than_asked,
	a_turn_that_never_comes,  a_lock_of_nobody,
	a_poll_of_no_file,	  a_received_ioctl_of_any_size,
};

START_TEST(memory_with_forged_numbers_is_refused)
{
	forgeries[_i]();
	record_sum_all(&layout);
	record_sum_transaction(&layout);
	request_store_make_sums(saved, 1);
	kernel_start_daemon(kernel, false);
	ck_assert_msg(kernel_is_refused(kernel), "forgery %d was taken", _i);
}
END_TEST

/* The record of a free slot names a node that is not there, and there is a request in the slot. */
START_TEST(a_free_slots_node_is_no_index)
{
	memset(parked(), 0, layout.request_size);
	parked()->node = UINT32_MAX;
	record_sum_all(&layout);
	kernel_start_daemon(kernel, false);
	kernel_receive(kernel); /* the sleeper is woken */
	ck_assert_uint_eq(kernel->header.unique, 0);
	leftover_await_parked(kernel, leftover.control, 1);
}
END_TEST

/* --- drivers ---------------------------------------------------------------------------------- */

/* A frame ends where its slot ends, whatever its size is said to be. */
START_TEST(a_frame_is_no_larger_than_its_slot)
{
	struct cuio_test *card = card_new("daemon/driver/devices/ne2000.device", NULL);
	struct layout forged = test_layout(card);
	struct ne2000 *state = (void *)forged.device->state;
	uint32_t last = NE2000_FRAMES_MAX - 1;
	static uint8_t data[CUIO_TRANSFER_MAX];
	int file = cuio_test_open(card, 0, O_RDWR | O_NONBLOCK);

	state->taken = last;
	state->received = last + 1;
	((struct slot *)forged.data)[last].size = UINT32_MAX;
	record_sum_device(&forged, forged.device);
	card_crash(card);
	ck_assert_int_eq(cuio_test_read(card, file, data, sizeof(data)), NE2000_FRAME_MAX);
	ck_assert_int_eq(cuio_test_read(card, file, data, sizeof(data)), -EAGAIN);

	forged = test_layout(card);
	state = (void *)forged.device->state;
	state->received = state->taken + NE2000_FRAMES_MAX + 1;
	record_sum_device(&forged, forged.device);
	card_crash(card);
	ck_assert_int_eq(cuio_test_read(card, file, data, sizeof(data)), -EAGAIN);
	cuio_test_free(card);
}
END_TEST

/* --- a batch that waits ----------------------------------------------------------------------- */

static const struct cuio_driver quiet = { .contract = CUIO_CONTRACT, .name = "quiet" };

START_TEST(a_batch_goes_on_within_its_steps)
{
	struct {
		struct cuio_batch batch;
		struct cuio_step step;
	} batch = { .batch = { .n_steps = 1 },
		    .step = { .kind = CUIO_STEP_UNTIL,
			      .timeout = CUIO_STEP_TIMEOUT_MAX,
			      .value = 1,
			      .mask = 1 } };
	struct saved_plan plan;
	uint64_t control, unique;
	char *found;

	kernel = kernel_new(&quiet);
	control = kernel_open(kernel, O_ACCMODE);
	unique = kernel_send_ioctl(kernel, control, (uint32_t)CUIO_IOCTL_BATCH(1), &batch,
				   sizeof(batch), sizeof(batch));
	leftover_await_parked(kernel, control, 1);
	kernel_kill_daemon(kernel);
	kernel_plan(&quiet, &plan);
	ck_assert_int_eq(saved_adopt(dup(kernel->saved), &plan, "unit\n", &saved, &found), 0);
	layout_init(&layout, &quiet);
	layout_place(&layout, saved);
	memset(parked()->state, 0xff, sizeof(uint32_t)); /* the next step */
	record_sum_all(&layout);
	set_phase(PHASE_IDLE);
	kernel_start_daemon(kernel, false);
	ck_assert_int_eq(kernel_answer(kernel, unique), -EINVAL);
	saved_free(saved);
	kernel_free(kernel);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forged saved memory");
	TCase *core = tcase_create("core");
	TCase *drivers = tcase_create("drivers");

	tcase_add_checked_fixture(core, setup, teardown);
	tcase_add_loop_test(core, memory_with_forged_numbers_is_refused, 0,
			    sizeof(forgeries) / sizeof(forgeries[0]));
	tcase_add_test(core, a_free_slots_node_is_no_index);
	tcase_add_test(drivers, a_frame_is_no_larger_than_its_slot);
	tcase_add_test(drivers, a_batch_goes_on_within_its_steps);
	suite_add_tcase(suite, core);
	suite_add_tcase(suite, drivers);
	return suite_run(suite);
}
