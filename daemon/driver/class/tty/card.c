// SPDX-License-Identifier: GPL-2.0-or-later
// The card: finds its ports, starts and stops all of them.
#include "driver/class/tty/internal.h"

_Static_assert(TTY_PORTS_MAX *TTY_TIMERS <= CUIO_TIMERS_MAX, "each port has its own timers");

struct tty_port tty_port_at(struct cuio_device *device, unsigned index)
{
	const struct tty_ops *ops = cuio_device_context(device);
	struct tty_data *data = cuio_device_data(device);
	uint8_t *states = cuio_device_state(device);

	return (struct tty_port){
		.device = device,
		.index = index,
		.tty = (void *)(states + index * ops->port_state),
		.data = data + index,
		.ops = ops,
	};
}

static unsigned count(const struct cuio_device *device)
{
	const struct tty_ops *ops = cuio_device_context(device);

	return ops->ports(device);
}

int port_of_node(struct cuio_file *file, struct tty_port *ret)
{
	unsigned node = cuio_file_node(file);

	if (node >= count(cuio_file_device(file)))
		return -ENXIO;
	*ret = tty_port_at(cuio_file_device(file), node);
	return 0;
}

void port_set_timer(const struct tty_port *port, enum tty_timer timer, uint64_t when)
{
	cuio_device_set_timer(port->device, port->index * TTY_TIMERS + timer, when);
}

void tty_timer(struct cuio_device *device, unsigned timer)
{
	const struct tty_port port = tty_port_at(device, timer / TTY_TIMERS);

	/* A saved timer may be a forger's. */
	if (port.index < count(device))
		port_timer(&port, timer % TTY_TIMERS);
}

int tty_start(struct cuio_device *device, enum cuio_start how)
{
	unsigned n = count(device);
	int r = 0;

	if (n < 1 || n > TTY_PORTS_MAX) {
		cuio_device_set_error(device, "the card has %u ports, expected 1 to %u", n,
				      TTY_PORTS_MAX);
		return -EINVAL;
	}
	for (unsigned i = 0; i < n && r >= 0; i++) {
		const struct tty_port port = tty_port_at(device, i);

		if (how == CUIO_START_COLD)
			r = port_start_cold(&port);
		else if (how == CUIO_START_RESET)
			port_start_reset(&port);
		else
			port_start_warm(&port);
	}
	return r;
}

void tty_stop(struct cuio_device *device)
{
	unsigned n = count(device);

	for (unsigned i = 0; i < n; i++) {
		const struct tty_port port = tty_port_at(device, i);

		port_shutdown(&port);
	}
}
