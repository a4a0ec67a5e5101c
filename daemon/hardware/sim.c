/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card without hardware: registers in a memfd, a model behind one BAR and configuration space, an
 * interrupt that is a timer. Memory and timer outlive the process in systemd's store, as a card
 * would.
 */
#include "hardware/sim.h"
#include "base/cleanup.h"
#include "base/names.h"
#include "base/stored.h"
#include "hardware/backend.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>

#define SIM_MAGIC   0x6d69736f697563ULL /* "cuiosim" */
#define SIM_VERSION 1U
#define SIM_AT_ONCE 1U /* a time in the past: the timer fires */
#define SIM_ALIGN   4096U

struct sim_header {
	uint64_t magic;
	uint32_t version;
	uint32_t n_windows;
	uint64_t sizes[HARDWARE_WINDOWS_MAX];
	char model[16];
	uint32_t masked;
	uint32_t raised; /* sim_raise(), until it is taken */
	uint8_t state[SIM_STATE_SIZE] __attribute__((aligned(8)));
} __attribute__((aligned(SIM_ALIGN)));

struct sim {
	struct hardware hardware;
	const struct sim_model *model; /* NULL: plain memory */
	struct sim_header *header;
	size_t size; /* of the whole memory */
	int memory;
	int timer;
	uint64_t armed; /* what the timer is set to; 0: off */
};

static struct sim *sim_of(const struct hardware *hardware)
{
	return (struct sim *)hardware;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static void arm(struct sim *sim, uint64_t when)
{
	struct itimerspec spec = {
		.it_value = { (time_t)(when / 1000000000U), (long)(when % 1000000000U) },
	};

	if (when == sim->armed)
		return;
	timerfd_settime(sim->timer, TFD_TIMER_ABSTIME, &spec, NULL);
	sim->armed = when;
}

static bool asserted(const struct sim *sim)
{
	if (sim->header->raised)
		return true;
	return sim->model && sim->model->asserted &&
	       sim->model->asserted(sim->header->state, now());
}

/* Sets the timer according to the interrupt line and its mask. */
static void update(struct sim *sim)
{
	bool has_deadline = sim->model && sim->model->asserted && sim->model->deadline;

	if (sim->timer < 0)
		return;
	if (sim->header->masked)
		arm(sim, 0);
	else if (asserted(sim))
		arm(sim, SIM_AT_ONCE);
	else
		arm(sim, has_deadline ? sim->model->deadline(sim->header->state) : 0);
}

static uint64_t model_read(const struct window *window, uint64_t offset, unsigned width)
{
	struct sim *sim = window->context;
	uint64_t value = sim->model->read(sim->header->state, now(), offset, width);

	update(sim); /* the read may have side effects */
	return value & window_ones(width);
}

static void model_write(const struct window *window, uint64_t offset, unsigned width,
			uint64_t value)
{
	struct sim *sim = window->context;

	sim->model->write(sim->header->state, now(), offset, width, value);
	update(sim);
}

static const struct window_ops model_window_ops = {
	.read = model_read,
	.write = model_write,
};

static uint64_t model_config_read(const struct window *window, uint64_t offset, unsigned width)
{
	struct sim *sim = window->context;
	uint64_t value = sim->model->config_read(sim->header->state, now(), offset, width);

	return value & window_ones(width);
}

static void model_config_write(const struct window *window, uint64_t offset, unsigned width,
			       uint64_t value)
{
	struct sim *sim = window->context;

	sim->model->config_write(sim->header->state, now(), offset, width, value);
	update(sim);
}

static const struct window_ops model_config_ops = {
	.read = model_config_read,
	.write = model_config_write,
};

static void sim_close(struct hardware *hardware)
{
	struct sim *sim = sim_of(hardware);

	if (sim->header) {
		sim->header->masked = 1;
		update(sim);
		munmap(sim->header, sim->size);
	}
	if (sim->memory >= 0)
		close(sim->memory);
	if (sim->timer >= 0)
		close(sim->timer);
	free(sim);
}

static void cleanup_sim(struct sim **sim)
{
	if (*sim)
		sim_close(&(*sim)->hardware);
}

static int refuse_model(const struct hardware_spec *spec, struct report *report)
{
	struct names names = { 0 };
	char hint[NAMES_HINT_SIZE];
	int r;

	for (size_t i = 0; sim_models[i]; i++)
		names_add(&names, sim_models[i]->name);
	r = report_add(report, spec->file, spec->line, "the simulator has no model \"%s\", %s",
		       spec->model, names_hint(&names, spec->model, hint));
	names_done(&names);
	return r;
}

static int find_model(struct sim *sim, const struct hardware_spec *spec, struct report *report)
{
	sim->model = spec->sim_model;
	if (sim->model || !spec->model)
		return 0;
	for (size_t i = 0; sim_models[i]; i++) {
		if (strcmp(sim_models[i]->name, spec->model) == 0)
			sim->model = sim_models[i];
	}
	return sim->model ? 0 : refuse_model(spec, report);
}

static size_t window_room(uint64_t size)
{
	return (size_t)((size + SIM_ALIGN - 1) / SIM_ALIGN * SIM_ALIGN);
}

/* Fills in the header of memory for `spec`. */
static void describe(const struct hardware_spec *spec, struct sim_header *header)
{
	header->magic = SIM_MAGIC;
	header->version = SIM_VERSION;
	header->n_windows = (uint32_t)spec->n_windows;
	for (size_t i = 0; i < spec->n_windows; i++)
		header->sizes[i] = spec->windows[i].size;
	snprintf(header->model, sizeof(header->model), "%s", spec->model ? spec->model : "");
}

static bool same_card(const struct sim_header *ours, const struct sim_header *there)
{
	return ours->magic == there->magic && ours->version == there->version &&
	       ours->n_windows == there->n_windows &&
	       memcmp(ours->sizes, there->sizes, sizeof(ours->sizes)) == 0 &&
	       memcmp(ours->model, there->model, sizeof(ours->model)) == 0;
}

static int map(struct sim *sim)
{
	void *start = mmap(NULL, sim->size, PROT_READ | PROT_WRITE, MAP_SHARED, sim->memory, 0);

	if (start == MAP_FAILED)
		return -errno;
	sim->header = start;
	return 0;
}

/* Takes over the memory of a predecessor's card; false if there is none that fits. */
static bool resume(struct sim *sim, const struct sim_header *wanted, struct fds *fds)
{
	struct stat status;

	sim->memory = fds_take(fds, stored_name(STORED_SIM));
	if (sim->memory < 0)
		return false;
	if (fstat(sim->memory, &status) == 0 && (size_t)status.st_size == sim->size &&
	    map(sim) == 0) {
		if (same_card(sim->header, wanted))
			return true;
		munmap(sim->header, sim->size);
		sim->header = NULL;
	}
	close(sim->memory);
	sim->memory = -1;
	fds_remove(fds, stored_name(STORED_SIM));
	return false;
}

static int power_on(struct sim *sim, const struct sim_header *wanted)
{
	int r;

	sim->memory = memfd_create("cuio-sim", MFD_CLOEXEC);
	if (sim->memory < 0)
		return -errno;
	if (ftruncate(sim->memory, (off_t)sim->size) < 0)
		return -errno;
	r = map(sim);
	if (r < 0)
		return r;
	memcpy(sim->header, wanted, sizeof(*wanted));
	if (sim->model && sim->model->reset)
		sim->model->reset(sim->header->state);
	return 0;
}

/* The model's functions for this window; NULL: it is memory. */
static const struct window_ops *modelled(const struct sim *sim, const struct window_spec *spec)
{
	if (!sim->model)
		return NULL;
	if (spec->type == WINDOW_CONFIG)
		return sim->model->config_read ? &model_config_ops : NULL;
	return spec->bar == sim->model->bar ? &model_window_ops : NULL;
}

static void add_windows(struct sim *sim, const struct hardware_spec *spec)
{
	char *memory = (char *)sim->header + sizeof(struct sim_header);

	for (size_t i = 0; i < spec->n_windows; i++) {
		const struct window_ops *ops = modelled(sim, &spec->windows[i]);

		sim->hardware.windows[sim->hardware.n_windows++] = (struct window){
			.name = spec->windows[i].name,
			.ops = ops ? ops : &memory_window_ops,
			.type = spec->windows[i].type,
			.size = spec->windows[i].size,
			.memory = ops ? NULL : memory,
			.context = sim,
		};
		memory += window_room(spec->windows[i].size);
	}
}

static void set_values(struct sim *sim, const struct hardware_spec *spec)
{
	for (size_t i = 0; i < spec->n_values; i++) {
		const struct sim_value *value = &spec->values[i];
		const struct window *window = hardware_window(&sim->hardware, value->window);

		if (window && window->memory && value->offset <= window->size &&
		    value->width <= window->size - value->offset)
			window_write(window, value->offset, value->width, value->value);
	}
}

static int open_timer(struct sim *sim, struct fds *fds, bool resumed)
{
	struct itimerspec spec;

	sim->timer = fds_take(fds, stored_name(STORED_SIM_INTERRUPT));
	if (sim->timer >= 0 && (!resumed || timerfd_gettime(sim->timer, &spec) < 0)) {
		close(sim->timer);
		sim->timer = -1;
		fds_remove(fds, stored_name(STORED_SIM_INTERRUPT));
	}
	if (sim->timer < 0)
		sim->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (sim->timer < 0)
		return -errno;
	sim->header->masked = 1;
	sim->armed = SIM_AT_ONCE; /* its state is unknown: makes update() switch it off */
	update(sim);
	return 0;
}

static int open_memory(struct sim *sim, const struct hardware_spec *spec, struct fds *fds)
{
	struct sim_header wanted = { 0 };
	bool resumed;
	int r;

	describe(spec, &wanted);
	sim->size = sizeof(struct sim_header);
	for (size_t i = 0; i < spec->n_windows; i++)
		sim->size += window_room(spec->windows[i].size);
	resumed = resume(sim, &wanted, fds);
	if (!resumed) {
		r = power_on(sim, &wanted);
		if (r < 0)
			return r;
	}
	add_windows(sim, spec);
	if (!resumed)
		set_values(sim, spec);
	return spec->interrupt ? open_timer(sim, fds, resumed) : 0;
}

static int sim_open(const struct hardware_spec *spec, struct fds *fds, struct report *report,
		    struct hardware **ret)
{
	cleanup(cleanup_sim) struct sim *sim = calloc(1, sizeof(*sim));
	int r;

	if (!sim)
		return -ENOMEM;
	sim->hardware.ops = &sim_ops;
	sim->memory = -1;
	sim->timer = -1;
	if (spec->n_windows > HARDWARE_WINDOWS_MAX)
		return report_add(report, spec->file, spec->line, "more than %u windows",
				  HARDWARE_WINDOWS_MAX);
	r = find_model(sim, spec, report);
	if (r < 0)
		return r;
	r = open_memory(sim, spec, fds);
	if (r < 0) {
		report_add(report, spec->file, spec->line, "cannot set up the simulator: %s",
			   strerror(-r));
		return r;
	}
	*ret = &sim->hardware;
	sim = NULL;
	return 0;
}

static int sim_each_fd(const struct hardware *hardware, hardware_each_function *each, void *context)
{
	const struct sim *sim = sim_of(hardware);
	int r = each(context, stored_name(STORED_SIM), sim->memory);

	if (r >= 0 && sim->timer >= 0)
		r = each(context, stored_name(STORED_SIM_INTERRUPT), sim->timer);
	return r < 0 ? r : 0;
}

static int sim_interrupt_fd(const struct hardware *hardware)
{
	return sim_of(hardware)->timer;
}

static int sim_interrupt_take(struct hardware *hardware)
{
	struct sim *sim = sim_of(hardware);
	uint64_t count;

	if (sim->timer < 0 || read(sim->timer, &count, sizeof(count)) != (ssize_t)sizeof(count))
		return 0;
	sim->armed = 0;
	if (!sim->header->masked && asserted(sim)) {
		sim->header->raised = 0;
		sim->header->masked = 1;
		return 1;
	}
	update(sim);
	return 0;
}

static int sim_interrupt_mask(struct hardware *hardware, bool masked)
{
	struct sim *sim = sim_of(hardware);

	sim->header->masked = masked;
	update(sim);
	return 0;
}

int sim_raise(struct hardware *hardware)
{
	struct sim *sim = sim_of(hardware);

	if (sim->timer < 0)
		return -ENXIO;
	sim->header->raised = 1;
	update(sim);
	return 0;
}

bool sim_is_raised(const struct hardware *hardware)
{
	return sim_of(hardware)->header->raised;
}

void sim_lose_power(struct hardware *hardware, const struct hardware_spec *spec)
{
	struct sim *sim = sim_of(hardware);
	struct sim_header *header = sim->header;

	header->raised = 0;
	memset(header->state, 0, sizeof(header->state));
	memset(header + 1, 0, sim->size - sizeof(*header));
	if (sim->model && sim->model->reset)
		sim->model->reset(header->state);
	set_values(sim, spec);
	update(sim);
}

const struct hardware_ops sim_ops = {
	.name = "sim",
	.open = sim_open,
	.close = sim_close,
	.each_fd = sim_each_fd,
	.interrupt_fd = sim_interrupt_fd,
	.interrupt_take = sim_interrupt_take,
	.interrupt_mask = sim_interrupt_mask,
};
