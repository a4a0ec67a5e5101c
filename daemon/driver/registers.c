/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers driver: a struct cuio_driver that runs the steps of a cuio.device(5). */
#include "driver/registers.h"
#include "driver/steps/program.h"
#include "driver/steps/run.h"
#include <errno.h>
#include <string.h>

/* --- the card --- */

/* Sets zeroed state to the values of hardware at power-on. */
static void registers_init_state(struct cuio_device *device, const struct program *program)
{
	const struct regmap *map = &program->description->regmap;
	uint8_t *state = cuio_device_state(device);
	struct state_header header = { .fingerprint = program->state_fingerprint };

	memcpy(state, &header, sizeof(header));
	for (size_t i = 0; i < map->n_regs; i++) {
		const struct reg *reg = &map->regs[i];
		size_t elements = reg->stride ? reg->count : 1;

		for (size_t j = 0; program->shadows[i] && j < elements; j++)
			memcpy(state + program->shadows[i] + j * sizeof(reg->reset), &reg->reset,
			       sizeof(reg->reset));
	}
}

static int registers_run(struct cuio_device *device, enum operation_kind kind, uint64_t given)
{
	const struct program *program = cuio_device_context(device);
	int64_t result = run_plain(device, program->operations[kind], given);

	return result < 0 ? (int)result : 0;
}

static int registers_start(struct cuio_device *device, enum cuio_start how)
{
	const struct program *program = cuio_device_context(device);
	struct state_header header;
	int r = 0;

	if (how == CUIO_START_COLD) {
		registers_init_state(device, program);
		/* Must precede [Start], which changes the card. */
		if (program->is_watchdog)
			r = watchdog_chip_find(device);
		return r < 0 ? r : registers_run(device, KIND_START, 0);
	}
	/* The state's layout is that of another version of the description. */
	memcpy(&header, cuio_device_state(device), sizeof(header));
	if (header.fingerprint != program->state_fingerprint)
		return -ESTALE;
	if (how == CUIO_START_WARM)
		return registers_run(device, KIND_RESUME, 0);
	return registers_run(device, program->operations[KIND_RESET] ? KIND_RESET : KIND_START, 0);
}

static void registers_stop(struct cuio_device *device)
{
	const struct program *program = cuio_device_context(device);

	if (program->is_watchdog)
		watchdog_stop(device);
	registers_run(device, KIND_STOP, 0);
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
	(void)vector;
	registers_run(device, KIND_INTERRUPT, cause);
}

static void registers_timer(struct cuio_device *device, unsigned timer)
{
	const struct program *program = cuio_device_context(device);

	run_plain(device, program->timers[timer], 0);
}

/* --- open files --- */

/* A single section's operation; for other kinds `operation` is only a placeholder. */
static struct run run_of(struct cuio_file *file, struct cuio_request *request,
			 enum operation_kind kind)
{
	const struct program *program = cuio_device_context(cuio_file_device(file));

	return (struct run){
		.program = program,
		.operation = kind < KIND_SINGLE ? program->operations[kind] : &program->poll_scope,
		.device = cuio_file_device(file),
		.file = file,
		.request = request,
	};
}

static int registers_open(struct cuio_file *file)
{
	struct run run = run_of(file, NULL, KIND_OPEN);
	int64_t result = run_operation(&run, 0);

	return result < 0 ? (int)result : 0;
}

static void registers_release(struct cuio_file *file)
{
	struct run run = run_of(file, NULL, KIND_RELEASE);

	run_operation(&run, 0);
}

static ssize_t registers_read(struct cuio_file *file, struct cuio_request *request, void *data,
			      size_t size)
{
	struct run run = run_of(file, request, KIND_READ);
	int64_t result;

	run.data = data;
	run.count = size;
	result = run_operation(&run, 0);
	if (result > 0)
		run_fill(&run, (size_t)result);
	return result;
}

static ssize_t registers_write(struct cuio_file *file, struct cuio_request *request,
			       const void *data, size_t size)
{
	struct run run = run_of(file, request, KIND_WRITE);

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
	struct run run = run_of(file, NULL, KIND_POLL);
	unsigned ready = 0;

	run.device_state = cuio_device_state(run.device);
	for (unsigned i = 0; i < POLL_LINES; i++) {
		const struct node *node = run.program->poll[i];
		uint64_t value = i == POLL_IN || i == POLL_OUT;

		/* If the expression fails, the file is ready: the call returns the error. */
		if ((node && evaluate(&run, node, &value) < 0) || value)
			ready |= bits[i];
	}
	return ready;
}

static int registers_ioctl(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			   struct cuio_request *request, void *arg)
{
	const struct binding *binding = entry->context;
	struct run run = run_of(file, request, KIND_IOCTL);

	run.operation = binding->operation;
	run.argument = arg;
	run.argument_size = entry->size;
	run.members = binding->members;
	return (int)run_operation(&run, 0);
}

/* --- loading --- */

/* Adds an entry to the ioctl table; `compat`: with the layout of 32-bit callers. */
static int registers_add_ioctl(struct program *program, const struct operation *operation,
			       bool compat)
{
	const struct shape *shape = &operation->shape;
	struct binding *binding = arena_alloc(&program->arena, sizeof(*binding));
	struct cuio_driver_ioctl *entry = &program->entries[program->driver.n_ioctls++];

	if (!binding)
		return -ENOMEM;
	*entry = (struct cuio_driver_ioctl){
		.name = operation->name,
		.number = compat ? operation->compat_number : operation->number,
		.argument = operation->argument,
		.size = (uint16_t)(compat ? shape->compat_size : shape->size),
		.compat = compat,
		.restartable = operation->restartable,
		.looks = operation->looks,
		.context = binding,
		.call = registers_ioctl,
	};
	if (shape->structure) {
		const struct value_layout *layout =
			compat ? &shape->structure->compat : &shape->structure->layout;

		entry->members = layout->members;
		entry->n_members = layout->n_members;
	}
	*binding = (struct binding){ .operation = operation, .scalar = shape->scalar };
	binding->scalar.width = (uint8_t)entry->size;
	binding->members = entry->members ? entry->members : &binding->scalar;
	return 0;
}

static bool compat_differs(const struct operation *operation)
{
	const struct structure *structure = operation->shape.structure;

	if (operation->number != operation->compat_number ||
	    operation->shape.size != operation->shape.compat_size)
		return true;
	for (size_t i = 0; structure && i < structure->layout.n_members; i++) {
		const struct cuio_driver_member *member = &structure->layout.members[i];
		const struct cuio_driver_member *other = &structure->compat.members[i];

		if (member->offset != other->offset || member->width != other->width)
			return true;
	}
	return false;
}

/* Fills the tables of ioctls and of all registers; steps use the description's register indices. */
static int registers_fill_tables(struct program *program)
{
	const struct regmap *map = &program->description->regmap;
	struct cuio_driver_register *registers =
		arena_alloc(&program->arena, map->n_regs * sizeof(*registers));
	int r = 0;

	program->entries =
		arena_alloc(&program->arena, 2 * program->n_ioctls * sizeof(*program->entries));
	if (!registers || !program->entries)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_regs; i++)
		registers[i] = (struct cuio_driver_register){
			.name = map->regs[i].name,
			.width = (uint8_t)map->regs[i].width,
			.read = map->regs[i].read,
			.write = map->regs[i].write,
		};
	program->driver.registers = registers;
	program->driver.n_registers = map->n_regs;
	program->driver.ioctls = program->entries;
	for (size_t i = 0; r >= 0 && i < program->n_ioctls; i++) {
		r = registers_add_ioctl(program, program->ioctls[i], false);
		if (r >= 0 && compat_differs(program->ioctls[i]))
			r = registers_add_ioctl(program, program->ioctls[i], true);
	}
	return r;
}

static unsigned registers_restartable(const struct program *program)
{
	static const unsigned bits[KIND_SINGLE] = {
		[KIND_OPEN] = CUIO_RESTART_OPEN,
		[KIND_READ] = CUIO_RESTART_READ,
		[KIND_WRITE] = CUIO_RESTART_WRITE,
	};
	unsigned mask = 0;

	for (unsigned i = 0; i < KIND_SINGLE; i++) {
		/* Without steps nothing happens twice. */
		if (!program->operations[i] || program->operations[i]->restartable)
			mask |= bits[i];
	}
	return mask;
}

static void registers_fill_files(struct program *program)
{
	struct operation **operations = program->operations;
	struct cuio_driver *driver = &program->driver;

	driver->file_state = (uint32_t)program->file.size;
	driver->restartable = registers_restartable(program);
	driver->context = program;
	driver->start = registers_start;
	driver->stop = operations[KIND_STOP] ? registers_stop : NULL;
	driver->open = operations[KIND_OPEN] ? registers_open : NULL;
	driver->release = operations[KIND_RELEASE] ? registers_release : NULL;
	driver->read = operations[KIND_READ] ? registers_read : NULL;
	driver->fills_reads = true;
	driver->write = operations[KIND_WRITE] ? registers_write : NULL;
	driver->poll = program->has_poll ? registers_poll : NULL;
}

/* The class implements the interface for programs, and the steps implement the chip. */
static void registers_fill_watchdog(struct program *program)
{
	struct cuio_driver tables = program->driver, *driver = &program->driver;

	program->chip.probe = registers_start;
	watchdog_chip_fill(program);
	*driver = (struct cuio_driver){ WATCHDOG_DRIVER(program->chip) };
	driver->registers = tables.registers;
	driver->n_registers = tables.n_registers;
	driver->options = program->options;
	driver->n_options = WATCHDOG_N_OPTIONS;
	driver->stop = registers_stop;
}

static void registers_fill(struct program *program)
{
	struct cuio_driver *driver = &program->driver;

	if (program->is_watchdog)
		registers_fill_watchdog(program);
	else
		registers_fill_files(program);
	driver->name = "registers";
	driver->device_state = (uint32_t)program->device_size;
	driver->request_state = (uint32_t)program->request_size;
	driver->state_version = program->state_fingerprint;
	driver->n_timers = (unsigned)program->n_timers;
	driver->cause = program->cause ? registers_cause : NULL;
	driver->interrupt = program->operations[KIND_INTERRUPT] ? registers_interrupt : NULL;
	driver->timer = program->n_timers ? registers_timer : NULL;
}

int registers_load(struct description *description, struct report *report,
		   const struct cuio_driver **ret)
{
	struct program *program;
	int r = program_load(description, report, &program);

	if (r < 0)
		return r;
	r = registers_fill_tables(program);
	if (r < 0) {
		program_free(program);
		return r;
	}
	registers_fill(program);
	*ret = &program->driver;
	return 0;
}

void registers_unload(const struct cuio_driver *driver)
{
	program_free((struct program *)(uintptr_t)driver->context);
}
