/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ioctls of <cuio/ne2000.h>. */
#include "driver/ne2000/card.h"
#include <string.h>

static void apply_filter(struct cuio_device *device)
{
	const struct ne2000 *card = cuio_device_state(device);

	if (card->files)
		ne2000_chip_filter(device, card->recovering ? CR_STOP : CR_START);
}

static int get_address(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		       struct cuio_request *request, void *arg)
{
	const struct ne2000 *card = cuio_device_state(cuio_file_device(file));

	(void)entry, (void)request;
	memcpy(arg, &card->address, sizeof(card->address));
	return 0;
}

static int set_address(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		       struct cuio_request *request, void *arg)
{
	static const struct ne2000_address none;
	struct ne2000 *card = cuio_device_state(cuio_file_device(file));
	const struct ne2000_address *address = arg;

	(void)entry, (void)request;
	if (address->byte[0] & 1 || memcmp(address, &none, sizeof(none)) == 0)
		return -EADDRNOTAVAIL;
	card->address = *address;
	apply_filter(cuio_file_device(file));
	return 0;
}

static int set_promiscuous(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			   struct cuio_request *request, void *arg)
{
	struct ne2000 *card = cuio_device_state(cuio_file_device(file));
	const uint32_t *on = arg;

	(void)entry, (void)request;
	if (*on > 1)
		return -EINVAL;
	card->promiscuous = *on != 0;
	apply_filter(cuio_file_device(file));
	return 0;
}

static int set_multicast(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			 struct cuio_request *request, void *arg)
{
	struct ne2000 *card = cuio_device_state(cuio_file_device(file));

	(void)entry, (void)request;
	memcpy(&card->multicast, arg, sizeof(card->multicast));
	apply_filter(cuio_file_device(file));
	return 0;
}

static int get_statistics(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
			  struct cuio_request *request, void *arg)
{
	struct ne2000 *card = cuio_device_state(cuio_file_device(file));

	(void)entry, (void)request;
	ne2000_chip_tallies(cuio_file_device(file));
	memcpy(arg, &card->statistics, sizeof(card->statistics));
	return 0;
}

#define BYTES(kind, name)                                                                          \
	{                                                                                          \
#name, offsetof(struct kind, name), 1, false, sizeof(((struct kind *)0)->name)     \
	}
#define COUNTER(name)                                                                              \
	{                                                                                          \
#name, offsetof(struct ne2000_statistics, name), 8, false, 1                       \
	}

static const struct cuio_driver_member address_members[] = { BYTES(ne2000_address, byte) };
static const struct cuio_driver_member promiscuous_members[] = { { "on", 0, 4, false, 1 } };
static const struct cuio_driver_member multicast_members[] = { BYTES(ne2000_multicast, hash) };
static const struct cuio_driver_member statistics_members[] = {
	COUNTER(rx_frames),	COUNTER(rx_bytes),
	COUNTER(rx_dropped),	COUNTER(rx_truncated),
	COUNTER(rx_overruns),	COUNTER(rx_missed),
	COUNTER(rx_crc_errors), COUNTER(rx_alignment_errors),
	COUNTER(rx_errors),	COUNTER(tx_frames),
	COUNTER(tx_bytes),	COUNTER(tx_errors),
};

#define IOCTL(number_, direction, members_, function)                                              \
	{                                                                                          \
		.name = #number_, .number = number_, .argument = direction,                        \
		.size = _IOC_SIZE(number_), .restartable = true, .members = members_,              \
		.n_members = sizeof(members_) / sizeof(members_[0]), .call = function              \
	}

/* All are restartable: settings are set again. Error counts that were read before a crash are
 * lost. */
const struct cuio_driver_ioctl ne2000_ioctls[NE2000_IOCTLS] = {
	IOCTL(NE2000_GET_ADDRESS, CUIO_ARGUMENT_OUT, address_members, get_address),
	IOCTL(NE2000_SET_ADDRESS, CUIO_ARGUMENT_IN, address_members, set_address),
	IOCTL(NE2000_SET_PROMISCUOUS, CUIO_ARGUMENT_IN, promiscuous_members, set_promiscuous),
	IOCTL(NE2000_SET_MULTICAST, CUIO_ARGUMENT_IN, multicast_members, set_multicast),
	IOCTL(NE2000_GET_STATISTICS, CUIO_ARGUMENT_OUT, statistics_members, get_statistics),
};
