/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers driver: struct cuio_driver made of a description's steps, see cuio.device(5). */
#include "driver/registers.h"
#include "driver/steps/program.h"
#include "driver/steps/run.h"
#include "driver/steps/watchdog_chip.h"
#include <errno.h>
#include <string.h>

static struct run run_of(struct cuio_device *device, struct cuio_file *file,
			 struct cuio_request *request)
{
	return (struct run){
		.program = cuio_device_context(device),
		.device = device,
		.file = file,
		.request = request,
	};
}

static const struct program *program_of(struct cuio_file *file)
{
	return cuio_device_context(cuio_file_device(file));
}

/* --- the card --- */

/* A zeroed state becomes that of hardware at power-on. */
static void registers_init_state(struct cuio_device *device, const struct program *program)
{
	const struct regmap *map = &program->description->regmap;
	uint8_t *state = cuio_device_state(device);
	struct state_header header = { .fingerprint = program->state_fingerprint };

	memcpy(state, &header, sizeof(header));
	for (size_t i = 0; i < map->n_regs; i++) {
		const struct reg *reg = &map->regs[i];
		size_t elements = reg->stride ? reg->count : 1;

		if (!program->shadows[i])
			continue;
		for (size_t j = 0; j < elements; j++)
			memcpy(state + program->shadows[i] + j * sizeof(reg->reset), &reg->reset,
			       sizeof(reg->reset));
	}
}

static int registers_run_plain(struct cuio_device *device, const struct operation *operation,
			       uint64_t cause)
{
	struct run run = run_of(device, NULL, NULL);
	int64_t result;

	if (!operation)
		return 0;
	run.operation = operation;
	result = run_operation(&run, cause);
	if (result < 0)
		cuio_device_set_error(device, "%s:%u: the step ended with: %s",
				      run.program->description->document->path, run.line,
				      strerror((int)-result));
	return result < 0 ? (int)result : 0;
}

static int registers_start(struct cuio_device *device, enum cuio_start how)
{
	const struct program *program = cuio_device_context(device);
	struct state_header header;
	int r = 0;

	if (how == CUIO_START_COLD) {
		registers_init_state(device, program);
		/* Before [Start] sets it up. */
		if (program->is_watchdog)
			r = watchdog_chip_find(device);
		return r < 0 ? r : registers_run_plain(device, program->start, 0);
	}
	/* State of another layout, from another version of the description. */
	memcpy(&header, cuio_device_state(device), sizeof(header));
	if (header.fingerprint != program->state_fingerprint)
		return -ESTALE;
	return registers_run_plain(device, program->resume, 0);
}

static void registers_stop(struct cuio_device *device)
{
	const struct program *program = cuio_device_context(device);

	registers_run_plain(device, program->stop, 0);
}

static void registers_stop_watchdog(struct cuio_device *device)
{
	watchdog_stop(device);
	registers_stop(device);
}

static int registers_cause(struct cuio_device *device, unsigned vector, uint64_t *ret_cause)
{
	const struct program *program = cuio_device_context(device);
	const struct operand *cause = program->cause;

	(void)vector;
	*ret_cause = (cuio_reg_read(device, cause->slot) & cause->mask) >> cause->shift;
	return 0;
}

static void registers_interrupt(struct cuio_device *device, unsigned vector, uint64_t cause)
{
	const struct program *program = cuio_device_context(device);

	(void)vector;
	registers_run_plain(device, program->interrupt, cause);
}

static void registers_timer(struct cuio_device *device, unsigned timer)
{
	const struct program *program = cuio_device_context(device);

	registers_run_plain(device, program->timers[timer], 0);
}

/* --- open files --- */

static int64_t registers_run_file(struct cuio_file *file, const struct operation *operation)
{
	struct run run = run_of(cuio_file_device(file), file, NULL);

	run.operation = operation;
	return run_operation(&run, 0);
}

static int registers_open(struct cuio_file *file)
{
	int64_t result = registers_run_file(file, program_of(file)->open);

	return result < 0 ? (int)result : 0;
}

static void registers_release(struct cuio_file *file)
{
	registers_run_file(file, program_of(file)->release);
}

static ssize_t registers_read(struct cuio_file *file, struct cuio_request *request, void *data,
			      size_t size)
{
	struct run run = run_of(cuio_file_device(file), file, request);

	run.operation = run.program->read;
	run.data = data;
	run.count = size;
	return run_operation(&run, 0);
}

static ssize_t registers_write(struct cuio_file *file, struct cuio_request *request,
			       const void *data, size_t size)
{
	struct run run = run_of(cuio_file_device(file), file, request);

	run.operation = run.program->write;
	run.data = (uint8_t *)(uintptr_t)data; /* no step can set data in [Write] */
	run.count = size;
	return run_operation(&run, 0);
}

static unsigned registers_poll(struct cuio_file *file)
{
	static const unsigned bits[POLL_LINES] = {
		[POLL_IN] = CUIO_READY_IN,   [POLL_OUT] = CUIO_READY_OUT,
		[POLL_ERR] = CUIO_READY_ERR, [POLL_PRI] = CUIO_READY_PRI,
		[POLL_HUP] = CUIO_READY_HUP,
	};
	struct run run = run_of(cuio_file_device(file), file, NULL);
	unsigned ready = (run.program->poll[POLL_IN] ? 0 : CUIO_READY_IN) |
			 (run.program->poll[POLL_OUT] ? 0 : CUIO_READY_OUT);

	run.operation = &run.program->poll_scope;
	run.device_state = cuio_device_state(run.device);
	for (unsigned i = 0; i < POLL_LINES; i++) {
		const struct node *node = run.program->poll[i];
		uint64_t value;

		if (!node)
			continue;
		/* What cannot be told is ready: the call itself will say what is wrong. */
		if (evaluate(&run, node, &value) < 0 || value)
			ready |= bits[i];
	}
	return ready;
}

static int registers_ioctl(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			   struct cuio_request *request, void *arg)
{
	const struct binding *binding = entry->context;
	struct run run = run_of(cuio_file_device(file), file, request);

	run.operation = binding->operation;
	run.argument = arg;
	run.argument_size = entry->size;
	run.members = binding->members;
	return (int)run_operation(&run, 0);
}

/* --- loading --- */

/* One entry of the ioctl table; `compat` for the layout of 32-bit callers. */
static void registers_add_ioctl(struct program *program, const struct operation *operation,
				bool compat, struct cuio_driver_member *scalar)
{
	const struct structure *structure = operation->structure;
	const struct value_layout *layout = !structure ? NULL
					    : compat   ? &structure->compat
						       : &structure->layout;
	struct binding *binding = &program->bindings[program->n_entries];
	size_t size = compat ? operation->compat_size : operation->size;

	*scalar = operation->scalar;
	scalar->width = (uint8_t)size;
	*binding = (struct binding){
		.operation = operation,
		.members = layout ? layout->members : scalar,
	};
	program->entries[program->n_entries++] = (struct cuio_driver_ioctl){
		.name = operation->name,
		.number = compat ? operation->compat_number : operation->number,
		.argument = operation->argument,
		.size = (uint16_t)size,
		.compat = compat,
		.restartable = operation->restartable,
		.members = layout ? layout->members : NULL,
		.n_members = layout ? layout->n_members : 0,
		.context = binding,
		.call = registers_ioctl,
	};
}

static bool compat_differs(const struct operation *operation)
{
	const struct structure *structure = operation->structure;

	if (operation->number != operation->compat_number ||
	    operation->size != operation->compat_size)
		return true;
	for (size_t i = 0; structure && i < structure->layout.n_members; i++) {
		const struct cuio_driver_member *member = &structure->layout.members[i];
		const struct cuio_driver_member *other = &structure->compat.members[i];

		if (member->offset != other->offset || member->width != other->width)
			return true;
	}
	return false;
}

static int registers_add_ioctls(struct program *program)
{
	size_t most = 2 * program->n_ioctls;
	struct cuio_driver_member *scalars = arena_alloc(&program->arena, most * sizeof(*scalars));

	program->entries = arena_alloc(&program->arena, most * sizeof(*program->entries));
	program->bindings = arena_alloc(&program->arena, most * sizeof(*program->bindings));
	if (!scalars || !program->entries || !program->bindings)
		return -ENOMEM;
	for (size_t i = 0; i < program->n_ioctls; i++) {
		const struct operation *operation = program->ioctls[i];

		registers_add_ioctl(program, operation, false, &scalars[program->n_entries]);
		if (compat_differs(operation))
			registers_add_ioctl(program, operation, true, &scalars[program->n_entries]);
	}
	return 0;
}

/* All of the description's, in its order: steps name them by that index. */
static int registers_add_registers(struct program *program)
{
	const struct regmap *map = &program->description->regmap;

	program->registers =
		arena_alloc(&program->arena, (map->n_regs + 1) * sizeof(*program->registers));
	if (!program->registers)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_regs; i++)
		program->registers[i] = (struct cuio_driver_register){
			.name = map->regs[i].name,
			.width = (uint8_t)map->regs[i].width,
			.read = map->regs[i].read,
			.write = map->regs[i].write,
		};
	program->driver.registers = program->registers;
	program->driver.n_registers = map->n_regs;
	return 0;
}

static unsigned registers_restartable(const struct program *program)
{
	const struct {
		const struct operation *operation;
		unsigned bit;
	} operations[] = {
		{ program->open, CUIO_RESTART_OPEN },
		{ program->read, CUIO_RESTART_READ },
		{ program->write, CUIO_RESTART_WRITE },
	};
	unsigned mask = 0;

	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		/* Where there are no steps, nothing can be done twice. */
		if (!operations[i].operation || operations[i].operation->restartable)
			mask |= operations[i].bit;
	}
	return mask;
}

static void registers_fill(struct program *program)
{
	struct cuio_driver *driver = &program->driver;

	driver->name = "registers";
	driver->device_state = (uint32_t)program->device_size;
	driver->file_state = (uint32_t)program->file.size;
	driver->request_state = (uint32_t)program->request_size;
	driver->state_version = program->state_fingerprint;
	driver->n_timers = (unsigned)program->n_timers;
	driver->restartable = registers_restartable(program);
	driver->ioctls = program->entries;
	driver->n_ioctls = program->n_entries;
	driver->context = program;
	driver->start = registers_start;
	driver->stop = program->stop ? registers_stop : NULL;
	driver->open = program->open ? registers_open : NULL;
	driver->release = program->release ? registers_release : NULL;
	driver->read = program->read ? registers_read : NULL;
	driver->write = program->write ? registers_write : NULL;
	driver->poll = program->has_poll ? registers_poll : NULL;
	driver->cause = program->cause ? registers_cause : NULL;
	driver->interrupt = program->interrupt ? registers_interrupt : NULL;
	driver->timer = program->n_timers ? registers_timer : NULL;
}

/* What programs see is the class's, which has the steps for a chip. */
static void registers_fill_watchdog(struct program *program)
{
	struct cuio_driver steps = program->driver, *driver = &program->driver;

	program->chip.probe = registers_start;
	watchdog_chip_fill(program);
	*driver = (struct cuio_driver){ .name = steps.name, WATCHDOG_DRIVER(program->chip) };
	driver->device_state = steps.device_state;
	driver->state_version = steps.state_version;
	driver->request_state = steps.request_state;
	driver->n_timers = steps.n_timers;
	driver->registers = steps.registers;
	driver->n_registers = steps.n_registers;
	driver->options = program->options;
	driver->n_options = WATCHDOG_N_OPTIONS;
	driver->stop = registers_stop_watchdog;
	driver->cause = steps.cause;
	driver->interrupt = steps.interrupt;
	driver->timer = steps.timer;
}

int registers_load(struct description *description, struct report *report,
		   const struct cuio_driver **ret)
{
	struct program *program;
	int r = program_load(description, report, &program);

	if (r < 0)
		return r;
	r = registers_add_ioctls(program);
	if (r >= 0)
		r = registers_add_registers(program);
	if (r < 0) {
		program_free(program);
		return r;
	}
	registers_fill(program);
	if (program->is_watchdog)
		registers_fill_watchdog(program);
	*ret = &program->driver;
	return 0;
}

void registers_unload(const struct cuio_driver *driver)
{
	program_free((struct program *)(uintptr_t)driver->context);
}
