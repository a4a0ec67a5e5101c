/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One card as the layers above see it: windows to its registers, and one interrupt as a file
 * descriptor. The interface does not depend on UIO: uio.c and sim.c are back-ends, and fault.c
 * wraps either.
 */
#ifndef HARDWARE_HARDWARE_H
#define HARDWARE_HARDWARE_H

#include "base/fds.h"
#include "base/report.h"
#include "hardware/window.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HARDWARE_WINDOWS_MAX 6U

/* A window that the description asks for. */
struct window_spec {
	const char *name;      /* as registers refer to it */
	unsigned bar;	       /* PCI base address register, 0..5; 0 of configuration space */
	enum window_type type; /* what the BAR must be, unless it is configuration space */
	bool write_combine;    /* map a prefetchable BAR write-combining */
	uint64_t size;	       /* bytes needed at least (end of the last register) */
	const char *file;      /* where it is declared, for messages */
	unsigned line;
};

/* How I/O ports are reached. */
enum port_access {
	PORTS_SYSFS,  /* by the BAR's sysfs file: one system call per access, no privilege */
	PORTS_IOPERM, /* by in and out instructions: CAP_SYS_RAWIO, x86 only */
};

struct sim_model;

/* A value in the simulator's memory at power-on. */
struct sim_value {
	const char *window;
	uint64_t offset;
	unsigned width; /* bytes */
	uint64_t value;
};

/* Its strings must outlive the hardware. */
struct hardware_spec {
	const char *backend; /* "uio" or "sim" */
	const char *card;    /* "pci:VENDOR:DEVICE" or "pci:0000:00:04.0"; NULL for the simulator */
	const char *match;   /* "pci:VENDOR:DEVICE" that a card named by slot must be; NULL: any */
	const char *file;    /* where the card is named, for messages */
	unsigned line;
	const char *instance; /* NAME of cuio-bind@NAME, for messages; NULL: not known */
	const struct window_spec *windows;
	size_t n_windows;
	bool interrupt; /* an interrupt is wanted */
	enum port_access port_access;
	unsigned port_access_line; /* in `file` */
	bool successor;	   /* programs hold the node: use the slower access if the faster one is
			      refused */
	const char *model; /* simulator: "edu", or NULL for plain memory */
	const struct sim_model *sim_model; /* a test's own, in place of `model`; or NULL */
	const struct sim_value *values;
	size_t n_values;
};

struct hardware;

/*
 * Takes the card's descriptors from `fds` if systemd's store had them, opens the others (which
 * needs root), and maps the windows. The card must be bound to its user-space driver already
 * (hardware/pci.h). Reports cause and remedy on failure. The interrupt is left masked.
 *
 * -ESTALE: a stored descriptor belongs to a card that went away since. All of the card's
 * descriptors were removed from the store; after handover_mark_clear() (base/handover_mark.h) a new
 * start opens fresh ones.
 */
int hardware_open(const struct hardware_spec *spec, struct fds *fds, struct report *report,
		  struct hardware **ret);

/*
 * For the root helper: opens the files that hardware_open() needs and maps nothing. Calls `each`
 * with every descriptor and the name to store it under, then closes it. Does nothing for the
 * simulator.
 */
int hardware_open_files(const struct hardware_spec *spec, struct report *report,
			int (*each)(void *context, const char *name, int fd), void *context);
/* Unmaps and closes; the interrupt is left masked. */
void hardware_close(struct hardware *hardware);

/* The card's real name ("pci:0000:00:04.0"), "" for the simulator. */
const char *hardware_card(const struct hardware *hardware);
/* A window by name; NULL if there is none. Owned by the hardware. */
const struct window *hardware_window(const struct hardware *hardware, const char *name);

/* Calls `each` with every descriptor that a successor needs, and the name to store it under. */
int hardware_each_fd(const struct hardware *hardware,
		     int (*each)(void *context, const char *name, int fd), void *context);

/* Readable when an interrupt came; -1: the card has none. Owned by the hardware. */
int hardware_interrupt_fd(const struct hardware *hardware);
/* Reads the interrupt's descriptor, never blocks. 1: an interrupt came (the line is masked now); 0:
 * none came; -ENODEV: the card is gone. */
int hardware_interrupt_take(struct hardware *hardware);
/* An interrupt that is still asserted fires at once. 0 or -errno. */
int hardware_interrupt_unmask(struct hardware *hardware);
int hardware_interrupt_mask(struct hardware *hardware);

#endif
