// SPDX-License-Identifier: GPL-2.0-or-later
// The simulated card, and the processes that serve it in turn.
#include "base/cleanup.h"
#include "config/identity.h"
#include "config/kept_files.h"
#include "test/internal.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void test_abort(const char *format, ...)
{
	va_list arguments;

	fputs("cuio-test: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	abort();
}

void test_need_device(const struct cuio_test *test)
{
	if (!test->device)
		test_abort("the driver is not started: check what cuio_test_start() returned%s%s",
			   test->report.text ? ": " : "",
			   test->report.text ? test->report.text : "");
}

struct cuio_test *cuio_test_new(const struct cuio_driver *driver, const char *description,
				const char *instance)
{
	struct cuio_test *test = calloc(1, sizeof(*test));
	bool is_text = strchr(description, '\n') != NULL;

	if (!test)
		return NULL;
	test->driver = driver;
	test->slept = 1;
	test->description_path = strdup(is_text ? "test.device" : description);
	test->description_text = is_text ? strdup(description) : NULL;
	if (asprintf(&test->instance_text, "[Device]\nDescription=./test.device\nBackend=sim\n%s",
		     instance ? instance : "") < 0)
		test->instance_text = NULL;
	if (test->description_path && test->instance_text && (test->description_text || !is_text))
		return test;
	cuio_test_free(test);
	return NULL;
}

void cuio_test_free(struct cuio_test *test)
{
	if (!test)
		return;
	test_end_process(test);
	test_call_drop_all(test);
	saved_free(test->saved);
	hardware_close(test->hardware);
	fds_free(test->fds);
	instance_free(test->instance);
	free(test->windows);
	free(test->identity);
	free(test->description_path);
	free(test->description_text);
	free(test->instance_text);
	report_done(&test->report);
	free(test);
}

void cuio_test_set_model(struct cuio_test *test, const struct cuio_test_model *model)
{
	if (test->hardware)
		test_abort("cuio_test_set_model(): the card is switched on already");
	if (!model->name || !model->read || !model->write || model->state_size > SIM_STATE_SIZE)
		test_abort("cuio_test_set_model(): a model needs name, read and write, and has at "
			   "most %u bytes of state",
			   SIM_STATE_SIZE);
	test->model = (struct sim_model){
		.name = model->name,
		.bar = model->bar,
		.state_size = model->state_size,
		.reset = model->reset,
		.read = model->read,
		.write = model->write,
		.asserted = model->asserted,
		.deadline = model->deadline,
	};
}

const char *cuio_test_report(const struct cuio_test *test)
{
	return test->report.text ? test->report.text : "";
}

static void clear_report(struct cuio_test *test)
{
	report_done(&test->report);
	test->report = (struct report){ 0 };
}

/* --- the card --------------------------------------------------------------------------------- */

static int read_description(struct cuio_test *test)
{
	auto_fclose FILE *file = fopen(test->description_path, "re");
	size_t size = 0;
	ssize_t n = file ? getdelim(&test->description_text, &size, '\0', file) : -1;

	if (n >= 0)
		return 0;
	return report_add(&test->report, test->description_path, 0, "cannot read this file: %s",
			  strerror(file ? EINVAL : errno));
}

/* The test's driver is used whatever Driver= says, because the daemon might not find it. */
static int find_driver(struct cuio_test *test)
{
	int r = 0;

	if (!test->driver && test->driver_load)
		r = test->driver_load(test->instance->description, &test->report, &test->loaded);
	if (test->loaded)
		test->driver = test->loaded;
	return r;
}

static int load_instance(struct cuio_test *test)
{
	struct kept_files files = { .plugin_fd = -1 };
	int r = test->description_text ? 0 : read_description(test);

	if (r < 0)
		return r;
	files.instance = (struct kept_file){
		.path = "test.conf",
		.text = test->instance_text,
		.size = strlen(test->instance_text),
	};
	files.description = (struct kept_file){
		.path = test->description_path,
		.text = test->description_text,
		.size = strlen(test->description_text),
	};
	r = instance_load_kept("test", &files, &test->report, &test->instance);
	if (r >= 0)
		r = find_driver(test);
	if (r >= 0)
		r = description_check_rest(test->instance->description, &test->report);
	return r;
}

static int open_card(struct cuio_test *test)
{
	struct hardware_spec spec;
	int r = fds_new(&test->fds);

	if (r < 0)
		return r;
	instance_hardware(test->instance, &spec);
	spec.sim_model = test->model.name ? &test->model : NULL;
	r = hardware_open(&spec, test->fds, &test->report, &test->hardware);
	if (r < 0)
		return r;
	return regmap_bind(&test->instance->description->regmap, test->hardware, &test->report);
}

/* After a failure everything is closed, so that the test can try again. */
static int power_on(struct cuio_test *test)
{
	int r = test->hardware ? 0 : load_instance(test);

	if (r >= 0 && !test->hardware)
		r = open_card(test);
	if (r < 0) {
		hardware_close(test->hardware);
		fds_free(test->fds);
		instance_free(test->instance);
		test->hardware = NULL;
		test->fds = NULL;
		test->instance = NULL;
	}
	return r;
}

/* --- the process ------------------------------------------------------------------------------ */

/* A test's root has all rights, whoever runs the test. */
static bool root_of_machine(uint32_t thread)
{
	(void)thread;
	return true;
}

int test_start_process(struct cuio_test *test, bool fresh)
{
	const struct device_setup setup = {
		.instance = test->instance,
		.driver = test->driver,
		.hardware = test->hardware,
		.saved = test->saved,
		.fresh = fresh,
		.slept = test->slept,
		.raw_access = root_of_machine,
	};
	int r = device_new(&setup, &test->report, &test->device);

	if (r < 0)
		return r;
	test_call_listen(test);
	r = loop_new(&test->loop);
	if (r >= 0)
		r = device_start(test->device, test->loop);
	if (r < 0) {
		report_add(&test->report, NULL, 0, "%s",
			   *device_error(test->device) ? device_error(test->device) : strerror(-r));
		test_end_process(test);
	} else if (!fresh) {
		test_call_resume(test);
	}
	return r;
}

void test_end_process(struct cuio_test *test)
{
	if (test->loop)
		alarm_done(&test->alarm, test->loop);
	device_free(test->device);
	loop_free(test->loop);
	test->device = NULL;
	test->loop = NULL;
}

/* The test would return to an event loop that no longer exists. */
static void refuse_inside_until(const struct cuio_test *test, const char *what)
{
	test_need_device(test);
	if (test->guarded)
		test_abort("%s() inside of what cuio_test_until() asks", what);
}

static void start_fresh(struct cuio_test *test, void *context)
{
	(void)context;
	test->start_result = test_start_process(test, true);
}

static void start_again(struct cuio_test *test, void *context)
{
	(void)context;
	test->start_result = test_start_process(test, false);
}

int cuio_test_start(struct cuio_test *test)
{
	struct saved_plan plan;
	int r;

	if (test->device)
		test_abort("cuio_test_start(): it is started already");
	clear_report(test);
	r = power_on(test);
	if (r < 0)
		return r;
	saved_free(test->saved);
	free(test->identity);
	test->saved = NULL;
	test->identity = identity_make(test->instance, test->driver, "");
	saved_plan_init(&plan);
	device_plan(test->driver, &plan);
	r = test->identity ? saved_create(&plan, test->identity, &test->saved) : -ENOMEM;
	if (r < 0)
		return r;
	test_guard(test, start_fresh, NULL);
	return test->start_result;
}

static void call_stop(struct cuio_test *test, void *context)
{
	(void)context;
	device_stop(test->device);
}

void cuio_test_stop(struct cuio_test *test)
{
	refuse_inside_until(test, "cuio_test_stop");
	test_guard(test, call_stop, NULL);
	test_end_process(test);
	test_call_drop_all(test);
}

int cuio_test_crash(struct cuio_test *test)
{
	refuse_inside_until(test, "cuio_test_crash");
	clear_report(test);
	test_end_process(test);
	test_guard(test, start_again, NULL);
	return test->start_result;
}

void test_lose_power(struct cuio_test *test)
{
	struct hardware_spec spec;

	instance_hardware(test->instance, &spec);
	sim_lose_power(test->hardware, &spec);
	test->slept += NS_PER_SECOND;
}

static void wake(struct cuio_test *test, void *context)
{
	int r = device_wake(test->device, test->slept);

	(void)context;
	test->start_result = r < 0 ? r : 0;
}

int cuio_test_sleep(struct cuio_test *test)
{
	refuse_inside_until(test, "cuio_test_sleep");
	clear_report(test);
	test_lose_power(test);
	test_guard(test, wake, NULL);
	if (test->start_result < 0 && test->device) {
		report_add(&test->report, NULL, 0, "%s",
			   *device_error(test->device) ? device_error(test->device)
						       : strerror(-test->start_result));
		test_end_process(test);
	}
	return test->start_result;
}

int cuio_test_upgrade(struct cuio_test *test, const struct cuio_driver *driver)
{
	auto_free char *identity = NULL, *difference = NULL;

	test_need_device(test);
	clear_report(test);
	identity = identity_make(test->instance, driver, "");
	if (!identity)
		return -ENOMEM;
	difference = identity_difference(test->identity, identity);
	if (difference) {
		report_add(&test->report, NULL, 0, "%s: programs would lose the node", difference);
		return -ESTALE;
	}
	test->driver = driver;
	return cuio_test_crash(test);
}

const void *cuio_test_state(const struct cuio_test *test)
{
	return test_layout(test).device->state;
}
