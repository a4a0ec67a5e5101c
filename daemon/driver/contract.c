/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks a driver's tables against cuio/driver.h. */
#include "driver/contract.h"
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#define ERRNO_MAX 511 /* the kernel accepts no larger errno from FUSE */

/* --- sizes of the compiled tables ------------------------------------------------------------- */

struct part {
	const char *name;
	size_t size, min, max; /* bytes: as built; as far as the last mandatory member; here */
};

int contract_check_build(const struct cuio_contract *built, struct report *report)
{
#define PART(FIELD, TYPE, LAST)                                                                    \
	{                                                                                          \
#TYPE, built->FIELD, offsetof(struct TYPE, LAST) + 1, sizeof(struct TYPE)          \
	}
	const struct part parts[] = {
		PART(driver_size, cuio_driver, n_options),
		PART(ioctl_size, cuio_driver_ioctl, call),
		PART(member_size, cuio_driver_member, count),
		PART(register_size, cuio_driver_register, write),
		PART(field_size, cuio_driver_field, name),
		PART(interrupt_size, cuio_driver_interrupt, name),
		PART(buffer_size, cuio_driver_buffer, size),
		PART(option_size, cuio_driver_option, default_value),
	};
#undef PART
	int r = 0;

	if (built->version != CUIO_CONTRACT_VERSION)
		return report_add(
			report, NULL, 0,
			"it was built for version %u of the contract, this cuio has %u: "
			"build it anew with the headers of this cuio (pkg-config --cflags "
			"cuio)",
			built->version, CUIO_CONTRACT_VERSION);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct part *part = &parts[i];

		if (part->size > part->max)
			r = report_add(report, NULL, 0,
				       "its struct %s has %zu bytes, this cuio's %zu: it was built "
				       "for a later cuio; upgrade cuio, or build it anew with the "
				       "headers of this one",
				       part->name, part->size, part->max);
		else if (part->size < part->min)
			r = report_add(report, NULL, 0,
				       "its struct %s has %zu bytes, expected %zu: its "
				       ".contract is not CUIO_CONTRACT",
				       part->name, part->size, part->max);
	}
	return r;
}

/* --- names ------------------------------------------------------------------------------------ */

bool contract_name_is_good(const char *name)
{
	static const char characters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t length = strnlen(name, CONTRACT_NAME_MAX + 1);

	return length > 0 && length <= CONTRACT_NAME_MAX && *name != '.' && *name != '-' &&
	       strspn(name, characters) == length;
}

/* Checks names whose syntax the description checks. */
static int check_name(const char *table, size_t index, const char *name, struct report *report)
{
	if (!name || !*name)
		return report_add(report, NULL, 0, "%s[%zu] has no name", table, index);
	if (strnlen(name, CONTRACT_NAME_MAX + 1) > CONTRACT_NAME_MAX)
		return report_add(report, NULL, 0, "%s[%zu]: its name is longer than %u characters",
				  table, index, CONTRACT_NAME_MAX);
	return 0;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static int check_sizes(const struct cuio_driver *driver, struct report *report)
{
	const struct {
		const char *name;
		uint64_t value, max;
	} limits[] = {
		{ "device_state", driver->device_state, CUIO_DEVICE_STATE_MAX },
		{ "file_state", driver->file_state, CUIO_FILE_STATE_MAX },
		{ "request_state", driver->request_state, CUIO_REQUEST_STATE_MAX },
		{ "n_timers", driver->n_timers, CUIO_TIMERS_MAX },
		{ "restartable", driver->restartable,
		  CUIO_RESTART_OPEN | CUIO_RESTART_READ | CUIO_RESTART_WRITE },
		/* This also catches negative values. */
		{ "unknown_ioctl", (uint32_t)driver->unknown_ioctl, ERRNO_MAX },
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (limits[i].value > limits[i].max)
			r = report_add(report, NULL, 0, "its %s is %llu, expected at most %llu",
				       limits[i].name, (unsigned long long)limits[i].value,
				       (unsigned long long)limits[i].max);
	}
	return r;
}

static int check_table(const char *name, const void *table, size_t n, size_t max,
		       struct report *report)
{
	if (n > max)
		return report_add(report, NULL, 0, "n_%s is %zu, expected at most %zu", name, n,
				  max);
	if (n && !table)
		return report_add(report, NULL, 0, "n_%s is %zu, but there is no table %s", name, n,
				  name);
	return 0;
}

static int check_counts(const struct cuio_driver *driver, struct report *report)
{
#define TABLE(NAME, MAX)                                                                           \
	{                                                                                          \
#NAME, driver->NAME, driver->n_##NAME, MAX                                         \
	}
	const struct {
		const char *name;
		const void *table;
		size_t n, max;
	} tables[] = {
		TABLE(ioctls, CONTRACT_TABLE_MAX),  TABLE(registers, CONTRACT_TABLE_MAX),
		TABLE(fields, CONTRACT_TABLE_MAX),  TABLE(windows, CUIO_WINDOWS_MAX),
		TABLE(options, CUIO_OPTIONS_MAX),   TABLE(interrupts, CONTRACT_TABLE_MAX),
		TABLE(buffers, CONTRACT_TABLE_MAX),
	};
#undef TABLE
	int r = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (check_table(tables[i].name, tables[i].table, tables[i].n, tables[i].max,
				report) < 0)
			r = -EINVAL;
	}
	for (size_t i = 0; r >= 0 && i < driver->n_ioctls; i++)
		r = check_table("members", driver->ioctls[i].members, driver->ioctls[i].n_members,
				CONTRACT_TABLE_MAX, report);
	return r;
}

/* --- entries ---------------------------------------------------------------------------------- */

static bool is_width(unsigned width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

static int check_members(const struct cuio_driver_ioctl *entry, struct report *report)
{
	int r = 0;

	for (size_t i = 0; i < entry->n_members; i++) {
		const struct cuio_driver_member *member = &entry->members[i];

		if (check_name(entry->name, i, member->name, report) < 0)
			r = -EINVAL;
		else if (!is_width(member->width) || member->count == 0 ||
			 member->offset + (size_t)member->width * member->count > entry->size)
			r = report_add(report, NULL, 0,
				       "ioctl %s: the member %s is not within its %u bytes, or of "
				       "no width",
				       entry->name, member->name, entry->size);
	}
	return r;
}

/* The kernel copies a restricted driver's argument by the direction and size in the number. */
static int check_number(const struct cuio_driver_ioctl *entry, struct report *report)
{
	static const unsigned directions[] = {
		[CUIO_ARGUMENT_IN] = _IOC_WRITE,
		[CUIO_ARGUMENT_OUT] = _IOC_READ,
		[CUIO_ARGUMENT_INOUT] = _IOC_READ | _IOC_WRITE,
	};
	unsigned direction = _IOC_DIR(entry->number), size = _IOC_SIZE(entry->number);

	if (entry->pieces)
		return report_add(report, NULL, 0,
				  "ioctl %s has pieces(), which needs .unrestricted of the driver",
				  entry->name);
	if (entry->argument == CUIO_ARGUMENT_NONE || entry->argument == CUIO_ARGUMENT_VALUE) {
		if ((direction & _IOC_WRITE) && size)
			return report_add(report, NULL, 0,
					  "ioctl %s: the kernel fetches %u bytes for its number "
					  "0x%x, expected .argument = CUIO_ARGUMENT_IN, or "
					  ".unrestricted of the driver",
					  entry->name, size, entry->number);
		return 0;
	}
	if (size != entry->size || direction != directions[entry->argument])
		return report_add(
			report, NULL, 0,
			"ioctl %s: its number 0x%x is made for %u bytes, the entry says "
			"%u: expected _IOW for IN, _IOR for OUT, _IOWR for INOUT, and the "
			"same size; or .unrestricted of the driver",
			entry->name, entry->number, size, entry->size);
	return 0;
}

static int check_ioctls(const struct cuio_driver *driver, struct report *report)
{
	int r = 0;

	for (size_t i = 0; i < driver->n_ioctls; i++) {
		const struct cuio_driver_ioctl *entry = &driver->ioctls[i];

		if (check_name("ioctls", i, entry->name, report) < 0)
			r = -EINVAL;
		else if (!entry->call)
			r = report_add(report, NULL, 0, "ioctl %s has no call()", entry->name);
		else if (entry->argument > CUIO_ARGUMENT_INOUT)
			r = report_add(report, NULL, 0,
				       "ioctl %s: its argument is %u, expected one of "
				       "CUIO_ARGUMENT_NONE to _INOUT",
				       entry->name, entry->argument);
		else if (check_members(entry, report) < 0 ||
			 (!driver->unrestricted && check_number(entry, report) < 0))
			r = -EINVAL;
	}
	return r;
}

static int check_registers(const struct cuio_driver *driver, struct report *report)
{
	int r = 0;

	for (size_t i = 0; i < driver->n_registers; i++) {
		const struct cuio_driver_register *reg = &driver->registers[i];

		if (check_name("registers", i, reg->name, report) < 0)
			r = -EINVAL;
		else if (!is_width(reg->width) || (!reg->read && !reg->write))
			r = report_add(report, NULL, 0,
				       "register %s: expected .width of 1, 2, 4 or 8 bytes, and "
				       ".read or .write",
				       reg->name);
	}
	for (size_t i = 0; i < driver->n_fields; i++) {
		const struct cuio_driver_field *field = &driver->fields[i];

		if (check_name("fields", i, field->name, report) < 0)
			r = -EINVAL;
		else if (field->reg >= driver->n_registers)
			r = report_add(report, NULL, 0,
				       "field %s is of register %u, of which there are %zu",
				       field->name, field->reg, driver->n_registers);
	}
	return r;
}

static int check_options(const struct cuio_driver *driver, struct report *report)
{
	int r = 0;

	for (size_t i = 0; i < driver->n_options; i++) {
		const struct cuio_driver_option *option = &driver->options[i];

		if (check_name("options", i, option->name, report) < 0)
			r = -EINVAL;
		else if (option->default_value < option->min || option->default_value > option->max)
			r = report_add(report, NULL, 0,
				       "option %s: its default value %llu is not within %llu to "
				       "%llu",
				       option->name, (unsigned long long)option->default_value,
				       (unsigned long long)option->min,
				       (unsigned long long)option->max);
	}
	for (size_t i = 0; i < driver->n_windows; i++)
		if (check_name("windows", i, driver->windows[i], report) < 0)
			r = -EINVAL;
	return r;
}

int contract_check_driver(const struct cuio_driver *driver, struct report *report)
{
	static int (*const parts[])(const struct cuio_driver *, struct report *) = {
		check_sizes,
		check_ioctls,
		check_registers,
		check_options,
	};
	int result = 0;

	if (!driver->name)
		result = report_add(report, NULL, 0, "the driver has no name");
	else if (!contract_name_is_good(driver->name))
		result = report_add(report, NULL, 0,
				    "the driver's name is \"%.*s\", expected letters, digits and "
				    "\"._-\", at most %u",
				    (int)CONTRACT_NAME_MAX, driver->name, CONTRACT_NAME_MAX);
	/* Entries of a missing table must not be read. */
	if (check_counts(driver, report) < 0)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i](driver, report) < 0)
			result = -EINVAL;
	return result;
}
