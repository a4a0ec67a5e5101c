/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card through uio_pci_generic (Documentation/driver-api/uio-howto.rst): windows mapped from
 * /dev/uioN or sysfs, interrupts by reading /dev/uioN. The kernel's handler masks INTx in the
 * card's command register and counts; this file unmasks it through the config file, which may also
 * be a window.
 */
#include "base/cleanup.h"
#include "base/stored.h"
#include "hardware/backend.h"
#include "hardware/card.h"
#include "hardware/intx.h"
#include "hardware/uio_files.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#ifndef CUIO_DATADIR
#define CUIO_DATADIR "/usr/share"
#endif

struct mapping {
	void *start;
	size_t size;
};

struct uio {
	struct hardware hardware;
	int device;
	int config; /* -1 where neither an interrupt nor a window needs it */
	bool interrupt;
	int bars[PCI_CARD_BARS];
	uint64_t ports[PCI_CARD_BARS]; /* first port of a BAR of I/O ports */
	struct mapping mappings[HARDWARE_WINDOWS_MAX];
};

static struct uio *uio_of(const struct hardware *hardware)
{
	return (struct uio *)hardware;
}

static int set_intx(const struct uio *uio, bool masked)
{
	return uio->interrupt ? intx_mask(uio->config, masked) : 0;
}

/* Windows of a removed card must not reach a device that gets its addresses next. */
static void unmap_all(struct uio *uio)
{
	for (size_t i = 0; i < uio->hardware.n_windows; i++) {
		struct window *window = &uio->hardware.windows[i];

		if (window->ops == &ports_direct_window_ops)
			(void)ports_direct_allow(*(uint64_t *)window->context, window->size, false);
		window->ops = &gone_window_ops;
		window->memory = NULL;
		if (uio->mappings[i].start)
			munmap(uio->mappings[i].start, uio->mappings[i].size);
		uio->mappings[i].start = NULL;
	}
}

static void uio_close(struct hardware *hardware)
{
	struct uio *uio = uio_of(hardware);

	(void)set_intx(uio, true);
	unmap_all(uio);
	if (uio->device >= 0)
		close(uio->device);
	if (uio->config >= 0)
		close(uio->config);
	for (unsigned i = 0; i < PCI_CARD_BARS; i++) {
		if (uio->bars[i] >= 0)
			close(uio->bars[i]);
	}
	free(uio);
}

static void cleanup_uio(struct uio **uio)
{
	if (*uio)
		uio_close(&(*uio)->hardware);
}

static struct uio *uio_new(void)
{
	struct uio *uio = calloc(1, sizeof(*uio));

	if (!uio)
		return NULL;
	uio->hardware.ops = &uio_ops;
	uio->device = -1;
	uio->config = -1;
	for (unsigned i = 0; i < PCI_CARD_BARS; i++)
		uio->bars[i] = -1;
	return uio;
}

/* Opens the BAR's own file; several windows may share it. */
static int open_bar(struct uio *uio, const struct uio_files *files,
		    const struct window_spec *window, struct fds *fds, struct report *report)
{
	int fd;

	if (uio->bars[window->bar] >= 0)
		return 0;
	fd = uio_files_bar(files, window, fds, report);
	if (fd < 0)
		return fd;
	uio->bars[window->bar] = fd;
	return 0;
}

static int map_window(struct uio *uio, const struct uio_files *files,
		      const struct window_spec *spec, struct report *report)
{
	struct mapping *mapping = &uio->mappings[uio->hardware.n_windows - 1];
	struct window *window = &uio->hardware.windows[uio->hardware.n_windows - 1];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t inset = files->card.bars[spec->bar].start % page;
	size_t size = inset + (size_t)files->card.bars[spec->bar].size;
	bool mapped = uio_files_mapped(files, spec);
	off_t offset = mapped ? (off_t)page * files->map[spec->bar] : 0;
	void *start;
	char what[64];

	size = (size + page - 1) / page * page;
	start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		     mapped ? uio->device : uio->bars[spec->bar], offset);
	if (start == MAP_FAILED) {
		snprintf(what, sizeof(what), "map window %.20s (BAR %u)", spec->name, spec->bar);
		return uio_files_explain(files, what, -errno, report);
	}
	*mapping = (struct mapping){ start, size };
	window->ops = &memory_window_ops;
	window->memory = (char *)start + inset;
	return 0;
}

static int show_config(struct uio *uio, const struct uio_files *files, struct window *window,
		       struct report *report)
{
	struct stat status;

	if (fstat(uio->config, &status) < 0)
		return uio_files_explain(files, "look at its config space", -errno, report);
	window->size = (uint64_t)status.st_size;
	window->ops = &config_window_ops;
	window->context = &uio->config;
	return 0;
}

static int explain_ports(const struct uio_files *files, int error, struct report *report)
{
	const struct hardware_spec *spec = files->spec;
	const char *name = spec->instance ? spec->instance : "NAME";

	if (error == -ENOSYS)
		report_add(report, spec->file, spec->port_access_line,
			   "PortAccess=ioperm: only x86 machines have this, expected sysfs");
	else if (error == -EPERM && !card_locked_down())
		report_add(
			report, spec->file, spec->port_access_line,
			"PortAccess=ioperm: the service lacks CAP_SYS_RAWIO: copy " CUIO_DATADIR
			"/cuio/port-access.conf to /etc/systemd/system/cuiod@%s.service.d/, then "
			"`systemctl daemon-reload` and `systemctl restart cuiod@%s`; or use "
			"PortAccess=sysfs, which is slower",
			name, name);
	else
		uio_files_explain(files, "reach its I/O ports by ioperm", error, report);
	return error;
}

/* Chooses how the ports are accessed. The BAR's file is always open: a successor that may not use
 * the instructions any more falls back to it. */
static int reach_ports(struct uio *uio, const struct uio_files *files,
		       const struct window_spec *spec, struct report *report)
{
	struct window *window = &uio->hardware.windows[uio->hardware.n_windows - 1];
	const struct pci_bar *bar = &files->card.bars[spec->bar];
	int r;

	window->ops = &ports_window_ops;
	window->context = &uio->bars[spec->bar];
	if (files->spec->port_access == PORTS_SYSFS)
		return 0;
	r = ports_direct_allow(bar->start, bar->size, true);
	if (r < 0) {
		explain_ports(files, r, report);
		return files->spec->successor ? 0 : r;
	}
	uio->ports[spec->bar] = bar->start;
	window->ops = &ports_direct_window_ops;
	window->context = &uio->ports[spec->bar];
	return 0;
}

static int add_window(struct uio *uio, const struct uio_files *files,
		      const struct window_spec *spec, struct fds *fds, struct report *report)
{
	struct window *window = &uio->hardware.windows[uio->hardware.n_windows++];
	int r;

	*window = (struct window){
		.name = spec->name,
		.ops = &gone_window_ops,
		.type = spec->type,
		.size = files->card.bars[spec->bar].size,
	};
	if (spec->type == WINDOW_CONFIG)
		return show_config(uio, files, window, report);
	if (uio_files_wants_bar(files, spec)) {
		r = open_bar(uio, files, spec, fds, report);
		if (r < 0)
			return r;
	}
	if (spec->type == WINDOW_MEMORY)
		return map_window(uio, files, spec, report);
	return reach_ports(uio, files, spec, report);
}

static int open_config(struct uio *uio, const struct uio_files *files, struct fds *fds,
		       struct report *report)
{
	int r;

	if (!uio_files_wants_config(files))
		return 0;
	r = uio_files_config(files, fds, report);
	if (r < 0)
		return r;
	uio->config = r;
	uio->interrupt = files->spec->interrupt;
	r = set_intx(uio, true);
	if (r < 0)
		return uio_files_explain(files, "mask its interrupt", r, report);
	return 0;
}

static int uio_open(const struct hardware_spec *spec, struct fds *fds, struct report *report,
		    struct hardware **ret)
{
	cleanup(cleanup_uio) struct uio *uio = uio_new();
	struct uio_files files;
	int r;

	if (!uio)
		return -ENOMEM;
	r = uio_files_locate(spec, fds, report, &files);
	if (r < 0)
		return r;
	snprintf(uio->hardware.card, sizeof(uio->hardware.card), "pci:%s", files.card.slot);
	r = uio_files_device(&files, fds, report);
	if (r < 0)
		return r;
	uio->device = r;
	r = open_config(uio, &files, fds, report);
	if (r < 0)
		return r;
	for (size_t i = 0; i < spec->n_windows; i++) {
		r = add_window(uio, &files, &spec->windows[i], fds, report);
		if (r < 0)
			return r;
	}
	*ret = &uio->hardware;
	uio = NULL;
	return 0;
}

static int uio_open_files(const struct hardware_spec *spec, struct report *report,
			  hardware_each_function *each, void *context)
{
	cleanup(cleanup_uio) struct uio *uio = uio_new();
	struct uio_files files;
	int r;

	if (!uio)
		return -ENOMEM;
	r = uio_files_locate(spec, NULL, report, &files);
	if (r < 0)
		return r;
	uio->device = r = uio_files_device(&files, NULL, report);
	if (r < 0)
		return r;
	r = open_config(uio, &files, NULL, report);
	if (r < 0)
		return r;
	for (size_t i = 0; i < spec->n_windows; i++) {
		if (!uio_files_wants_bar(&files, &spec->windows[i]))
			continue;
		r = open_bar(uio, &files, &spec->windows[i], NULL, report);
		if (r < 0)
			return r;
	}
	return hardware_each_fd(&uio->hardware, each, context);
}

static int uio_each_fd(const struct hardware *hardware, hardware_each_function *each, void *context)
{
	const struct uio *uio = uio_of(hardware);
	int r = each(context, stored_name(STORED_UIO), uio->device);

	if (r >= 0 && uio->config >= 0)
		r = each(context, stored_name(STORED_CONFIG), uio->config);
	for (unsigned i = 0; i < PCI_CARD_BARS && r >= 0; i++) {
		if (uio->bars[i] >= 0)
			r = each(context, uio_files_bar_name(i), uio->bars[i]);
	}
	return r < 0 ? r : 0;
}

static int uio_interrupt_fd(const struct hardware *hardware)
{
	const struct uio *uio = uio_of(hardware);

	return uio->interrupt ? uio->device : -1;
}

static int uio_interrupt_take(struct hardware *hardware)
{
	struct uio *uio = uio_of(hardware);
	uint32_t count; /* a running total: one read covers all interrupts since the last */
	ssize_t n = read(uio->device, &count, sizeof(count));

	if (n == (ssize_t)sizeof(count))
		return 1;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	unmap_all(uio);
	return -ENODEV;
}

static int uio_interrupt_mask(struct hardware *hardware, bool masked)
{
	return set_intx(uio_of(hardware), masked);
}

const struct hardware_ops uio_ops = {
	.name = "uio",
	.open = uio_open,
	.open_files = uio_open_files,
	.close = uio_close,
	.each_fd = uio_each_fd,
	.interrupt_fd = uio_interrupt_fd,
	.interrupt_take = uio_interrupt_take,
	.interrupt_mask = uio_interrupt_mask,
};
