// SPDX-License-Identifier: GPL-2.0-or-later
// The order of start and stop. This is the only file that uses every layer.
#include "service.h"
#include "base/alarm.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/exit_note.h"
#include "base/fault_note.h"
#include "base/fds.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/saved.h"
#include "base/shortage.h"
#include "base/sleep_clock.h"
#include "base/stop_note.h"
#include "base/supervisor.h"
#include "config/configuration.h"
#include "config/instance.h"
#include "confinement.h"
#include "device/device.h"
#include "driver/table.h"
#include "front/front.h"
#include "handover.h"
#include "hardware/hardware.h"
#include "regmap/regmap.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

#define CRASHES_MAX	10U /* consecutive crashes in the same kind of call, or outside of calls */
#define CRASHES_AT_ONCE 3U  /* so many of them delay nothing */
#define CRASH_DELAY	50U /* ms after these, then twice as long each time */

struct service {
	struct instance *instance;
	const struct cuio_driver *driver;
	struct fds *fds;
	struct hardware *hardware;
	struct saved *saved;
	struct loop *loop;
	struct cuio_device *device;
	struct front *front;
	struct front_listener nodes;
	struct loop_source signals;
	struct alarm watchdog;
	struct sleep_watch sleep;
	bool fresh;	  /* the saved memory is new */
	int signal;	  /* that ended the service */
	int start_result; /* of making the nodes */
};

/* --- what passes from one process to the next ------------------------------------------------ */

static int find_saved(struct service *service)
{
	const struct handover handover = {
		.instance = service->instance,
		.driver = service->driver,
		.card = hardware_card(service->hardware),
		.fds = service->fds,
	};

	return handover_find(&handover, &service->saved, &service->fresh);
}

static int store_hardware_fd(void *context, const char *name, int fd)
{
	struct service *service = context;

	return fds_stored(service->fds, name) ? 0 : fds_store(service->fds, name, fd);
}

/* The saved memory goes first: a successor cannot use channels without it. */
static int store_descriptors(struct service *service)
{
	int r = 0;

	if (service->fresh)
		r = handover_store(service->fds, service->saved);
	if (r >= 0)
		r = configuration_keep(service->instance, service->driver, service->fds);
	if (r >= 0)
		r = hardware_each_fd(service->hardware, store_hardware_fd, service);
	if (r < 0)
		log_error("systemd does not store the descriptors: %s", strerror(-r));
	return r;
}

/* --- start ----------------------------------------------------------------------------------- */

static int load(struct service *service, const char *name, const struct overrides *overrides)
{
	int r = configuration_load(name, overrides->config, service->fds, &service->instance,
				   &service->driver);

	if (r < 0)
		return EXIT_FAILED;
	log_set_level(service->instance->log_level);
	r = overrides_apply(overrides, service->instance);
	if (r == -EINVAL)
		return EXIT_USAGE;
	return r < 0 ? EXIT_FAILED : EXIT_DONE;
}

/* Finds faults of the machine before anything is made. */
static int open_hardware(struct service *service)
{
	struct hardware_spec spec;
	struct report report = { 0 };
	bool kept = fds_have_saved_memory(service->fds);
	int r = kept ? 0 : front_check(service->instance, &report);

	instance_hardware(service->instance, &spec);
	spec.successor = kept;
	if (r >= 0)
		r = hardware_open(&spec, service->fds, &report, &service->hardware);
	/* The stored descriptors may be for another card: the helper then opens this one. */
	if (r < 0 && kept && !shortage_is(r))
		r = -ESTALE;
	if (r >= 0)
		r = regmap_bind(&service->instance->description->regmap, service->hardware,
				&report);
	if (r < 0 && report.count == 0)
		report_add(&report, NULL, 0, "the card cannot be opened: %s", strerror(-r));
	log_lines(r == -ESTALE ? LOG_NOTICE : LOG_ERR, report.text);
	report_done(&report);
	return r == -ESTALE ? handover_reject(service->fds, "the card is a different one") : r;
}

/* A crash that comes at once again must not fill the disk with cores. The first ones cost no time.
 * A signal ends the wait: the loop then takes it. */
static void delay_start(const struct service *service)
{
	struct pollfd signals = { .fd = service->signals.fd, .events = POLLIN };
	uint32_t crashes = device_crashes(service->device);
	int milliseconds;

	if (crashes < CRASHES_AT_ONCE)
		return;
	milliseconds = (int)(CRASH_DELAY << (crashes - CRASHES_AT_ONCE));
	log_warning("%u processes in a row have crashed %s: starting in %d ms", crashes,
		    service->saved->header->last_crash_cause, milliseconds);
	(void)poll(&signals, 1, milliseconds);
}

static int make_device(struct service *service)
{
	const struct device_setup setup = {
		.instance = service->instance,
		.driver = service->driver,
		.hardware = service->hardware,
		.saved = service->saved,
		.fresh = service->fresh,
		.slept = sleep_clock_read(),
	};
	struct report report = { 0 };
	int r = device_new(&setup, &report, &service->device);

	log_lines(LOG_ERR, report.text);
	report_done(&report);
	if (r == -EBADMSG)
		return handover_reject_damaged(service->fds);
	if (r >= 0 && device_crashes(service->device) >= CRASHES_MAX) {
		log_error("%u processes in a row have crashed %s: giving up; the card's interrupt "
			  "stays masked. coredumpctl may know more; systemctl start tries again",
			  device_crashes(service->device),
			  service->saved->header->last_crash_cause);
		return -ELOOP;
	}
	if (r >= 0) {
		fault_note_start(&service->saved->header->end, check16(SAVED_FAULT));
		delay_start(service);
	}
	return r;
}

static int make_front(struct service *service)
{
	const struct front_setup setup = {
		.instance = service->instance,
		.device = service->device,
		.saved = service->saved,
		.fds = service->fds,
		.loop = service->loop,
		.listener = &service->nodes,
		.fresh = service->fresh,
	};
	struct report report = { 0 };
	int r = front_new(&setup, &report, &service->front);

	log_lines(LOG_ERR, report.text);
	report_done(&report);
	if (r == -EBADMSG)
		return handover_reject_damaged(service->fds);
	if (r == -ESTALE)
		return handover_reject(service->fds,
				       "a channel without saved memory was left over");
	return r;
}

/* systemd ignores the unit's filter, too, where the kernel has no seccomp. */
static int confine(const struct service *service)
{
	struct confinement confinement;
	int r = confinement_find(service->instance, service->hardware, &confinement);

	if (r >= 0)
		r = confinement_enter(&confinement);
	if (r < 0)
		log_error("cannot give up system calls by seccomp: %s", strerror(-r));
	return r == -ENOSYS || r == -EINVAL ? 0 : r;
}

static void nodes_ready(struct front_listener *listener, int error)
{
	struct service *service = container_of(listener, struct service, nodes);
	const struct instance *instance = service->instance;
	auto_free char *path = instance_node_path(instance, &instance->nodes[0]);
	auto_free char *status = NULL;
	int r = error;

	if (r >= 0 && fds_supervised())
		r = confine(service);
	if (r >= 0 && asprintf(&status, "%s: %s%s", service->fresh ? "Serving" : "Going on with",
			       path ? path : "?", instance->n_nodes > 1 ? ", ..." : "") >= 0) {
		exit_note_clear();
		handover_done();
		shortage_over();
		supervisor_ready(status);
		log_info("%s %s", status, hardware_card(service->hardware));
	}
	if (r >= 0)
		r = front_serve(service->front);
	if (r < 0) {
		service->start_result = r;
		loop_quit(service->loop);
	}
}

static int signal_ready(struct loop_source *source, uint32_t events)
{
	struct service *service = container_of(source, struct service, signals);
	struct signalfd_siginfo info;

	(void)events;
	if (read(source->fd, &info, sizeof(info)) == sizeof(info)) {
		service->signal = (int)info.ssi_signo;
		loop_quit(service->loop);
	}
	return 0;
}

static int watchdog_expired(struct alarm *alarm)
{
	(void)alarm;
	supervisor_feed_watchdog();
	return 0;
}

static void explain_start(const struct service *service, int error)
{
	if (*device_error(service->device))
		log_error("%s", device_error(service->device));
	else
		log_error("the driver %s does not start the card: %s", service->driver->name,
			  strerror(-error));
}

static int machine_woken(struct sleep_watch *watch)
{
	struct service *service = container_of(watch, struct service, sleep);
	int r = device_wake(service->device, sleep_clock_read());

	if (r < 0)
		explain_start(service, r);
	else if (r > 0)
		log_info("%s: the machine has slept: the card is set up again",
			 service->instance->name);
	return r < 0 ? r : 0;
}

static int make_loop(struct service *service)
{
	uint64_t interval = supervisor_watchdog_interval();
	sigset_t set;
	int r = loop_new(&service->loop);

	if (r < 0)
		return r;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	service->signals.ready = signal_ready;
	service->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (service->signals.fd < 0)
		return -errno;
	r = loop_add(service->loop, &service->signals, EPOLLIN);
	/* Before make_device() reads the clock: no sleep is missed. */
	if (r >= 0)
		r = sleep_watch_start(&service->sleep, service->loop, machine_woken);
	if (r >= 0 && interval) {
		r = alarm_init(&service->watchdog, service->loop, watchdog_expired);
		if (r >= 0)
			r = alarm_repeat(&service->watchdog, interval);
	}
	return r;
}

static int start_card(struct service *service)
{
	int r = device_start(service->device, service->loop);

	if (r == -ESTALE)
		return handover_reject(service->fds, "the description now declares another state");
	if (r < 0)
		explain_start(service, r);
	return r;
}

static int start(struct service *service)
{
	int r = open_hardware(service);

	if (r >= 0)
		r = find_saved(service);
	if (r >= 0)
		r = store_descriptors(service);
	if (r >= 0)
		r = make_loop(service);
	if (r >= 0)
		r = make_device(service);
	service->nodes.ready = nodes_ready;
	/* A new node must not appear before the card is set up. With an existing node, the
	 * predecessor's committed answer must be sent before the driver is called again. */
	if (r >= 0 && service->fresh)
		r = start_card(service);
	if (r >= 0)
		r = make_front(service);
	if (r >= 0 && !service->fresh)
		r = handover_store_moved(service->fds, service->saved);
	if (r >= 0 && !service->fresh) {
		front_resume(service->front);
		r = start_card(service);
	}
	return r;
}

/* --- stop ------------------------------------------------------------------------------------ */

/* Leaves the hardware running for a successor. Without one the driver stops it. */
static void stop(struct service *service)
{
	bool for_good = !fds_supervised() || stop_note_exists();

	if (!service->device)
		return;
	supervisor_stopping(for_good ? "Stopping" : "Leaving the card to a successor");
	if (for_good)
		device_stop(service->device);
	else
		device_leave(service->device);
	fault_note_stop();
	service->saved->header->end = check16(SAVED_EXIT);
	exit_note_write();
}

static void service_done(struct service *service)
{
	fault_note_stop();
	front_free(service->front);
	device_free(service->device);
	if (service->loop) {
		alarm_done(&service->watchdog, service->loop);
		sleep_watch_stop(&service->sleep, service->loop);
		loop_free(service->loop);
	}
	saved_free(service->saved);
	hardware_close(service->hardware);
	fds_free(service->fds);
	driver_unload(service->driver);
	instance_free(service->instance);
}

static int start_failure(int error)
{
	/* What is stored is unchanged. */
	if (error == -ESTALE || (fds_supervised() && shortage_again(error)))
		return EXIT_AGAIN;
	return error == -ELOOP ? EXIT_CRASHES : EXIT_FAILED;
}

static int run(struct service *service)
{
	int r = start(service);

	if (r < 0)
		return start_failure(r);
	r = loop_run(service->loop);
	if (r >= 0)
		r = service->start_result;
	if (r == -ECONNABORTED && fds_supervised()) {
		handover_reject(service->fds, "the connection to the kernel is lost");
		return EXIT_AGAIN;
	}
	if (r == -ENODEV) {
		/* The card may be back already, for example after a firmware reload. */
		handover_reject(service->fds, "the card is gone");
		return EXIT_AGAIN;
	}
	if (r < 0 && r != -ECONNABORTED) /* logged already */
		log_error("%s: %s", service->instance->name, strerror(-r));
	stop(service);
	return r < 0 ? EXIT_FAILED : EXIT_DONE;
}

int service_run(const char *name, const struct overrides *overrides)
{
	struct service service = { .signals.fd = -1 };
	int result = EXIT_FAILED, r;

	if (instance_check_name(name) < 0) {
		log_error("\"%s\" cannot name an instance, expected " INSTANCE_NAME_RULE, name);
		return EXIT_USAGE;
	}
	if (!overrides_check(overrides))
		return EXIT_USAGE;
	r = fds_inherit(&service.fds);
	if (r < 0) {
		log_error("cannot take over the descriptors in systemd's store: %s", strerror(-r));
		result = start_failure(r);
	} else if (handover_must_be_repeated(service.fds)) {
		result = EXIT_AGAIN;
	} else {
		result = load(&service, name, overrides);
		if (result == EXIT_DONE)
			result = run(&service);
		else if (result == EXIT_FAILED)
			result = start_failure(-EINVAL);
	}
	service_done(&service);
	return result;
}
