/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that the core calls. */
#include "driver/ne2000/card.h"
#include "driver/table.h"
#include <string.h>

static int read_address(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);
	uint8_t prom[PROM_SIZE];
	unsigned i, all = 0;

	cuio_reg_write(device, DCR, DCR_WORDS_NORMAL);
	cuio_reg_write(device, RCR, RCR_MONITOR);
	cuio_reg_write(device, TCR, TCR_LOOPBACK);
	ne2000_chip_read(device, 0, prom, sizeof(prom));
	ne2000_chip_stop(device);
	for (i = 0; i < sizeof(card->own.byte); i++)
		all |= card->own.byte[i] = prom[2 * i];
	card->address = card->own;
	if (all && !(card->own.byte[0] & 1))
		return 0;
	cuio_device_set_error(
		device,
		"the card has no address: its PROM begins with %02x:%02x:%02x:%02x:%02x:%02x",
		prom[0], prom[2], prom[4], prom[6], prom[8], prom[10]);
	return -EIO;
}

static int start_cold(struct cuio_device *device)
{
	if (cuio_reg_read(device, CR) == ALL_ONES || !ne2000_chip_reset(device)) {
		cuio_device_set_error(device, "the chip does not reset: is this an NE2000?");
		return -EIO;
	}
	return read_address(device);
}

/* The state may be a forger's: then there are no frames. */
static void check_frames(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);

	if (card->received - card->taken > NE2000_FRAMES_MAX)
		card->taken = card->received;
}

/* The chip kept running. Ends what a crashed call may have left incomplete: remote DMA, a register
 * page other than 0, a receive filter. Does not disturb a frame that is being sent. */
static void start_warm(struct cuio_device *device)
{
	struct ne2000 *card = cuio_device_state(device);
	bool transmits = cuio_reg_read(device, CR) & CR_TRANSMIT;

	check_frames(device);
	if (card->files == 0) {
		ne2000_chip_stop(device);
		return;
	}
	if (card->recovering) {
		ne2000_chip_stop(device);
		ne2000_chip_filter(device, CR_STOP);
		cuio_device_set_timer(device, TIMER_RECOVERY,
				      cuio_device_now(device) + RECOVERY_TIME);
		return;
	}
	cuio_reg_write(device, CR, CR_DMA_NONE | CR_START);
	cuio_reg_write(device, RBCR0, 0);
	cuio_reg_write(device, RBCR1, 0);
	ne2000_chip_filter(device, CR_START);
	ne2000_receive_release(device);
	if (transmits)
		ne2000_transmit_await(device);
	else
		ne2000_chip_interrupts(device);
}

/* Frames on their way, in the card's memory, are lost, as they may be anywhere in a network. Those
 * that were received wait for their readers. */
static int start_reset(struct cuio_device *device)
{
	const struct ne2000 *card = cuio_device_state(device);

	check_frames(device);
	if (cuio_reg_read(device, CR) == ALL_ONES || !ne2000_chip_reset(device)) {
		cuio_device_set_error(device, "the chip does not reset after a sleep");
		return -EIO;
	}
	cuio_device_set_timer(device, TIMER_TRANSMIT, 0);
	cuio_device_set_timer(device, TIMER_RECOVERY, 0);
	if (card->files > 0)
		ne2000_chip_start(device);
	return 0;
}

static int ne2000_start(struct cuio_device *device, enum cuio_start how)
{
	if (how == CUIO_START_COLD)
		return start_cold(device);
	if (how == CUIO_START_RESET)
		return start_reset(device);
	start_warm(device);
	return 0;
}

static void ne2000_stop(struct cuio_device *device)
{
	ne2000_chip_stop(device);
}

static int ne2000_open(struct cuio_file *file)
{
	struct cuio_device *device = cuio_file_device(file);
	struct ne2000 *card = cuio_device_state(device);

	if (card->files++ == 0)
		ne2000_chip_start(device);
	return 0;
}

static void ne2000_release(struct cuio_file *file)
{
	struct cuio_device *device = cuio_file_device(file);
	struct ne2000 *card = cuio_device_state(device);

	if (--card->files > 0)
		return;
	ne2000_chip_stop(device);
	ne2000_chip_tallies(device);
	card->taken = card->received;
	card->transmitting = card->recovering = card->promiscuous = false;
	card->address = card->own;
	card->multicast = (struct ne2000_multicast){ 0 };
	cuio_device_set_timer(device, TIMER_TRANSMIT, 0);
	cuio_device_set_timer(device, TIMER_RECOVERY, 0);
}

static ssize_t ne2000_read(struct cuio_file *file, struct cuio_request *request, void *data,
			   size_t size)
{
	struct ne2000 *card = cuio_device_state(cuio_file_device(file));
	const struct slot *slot = ne2000_receive_slot(cuio_file_device(file), card->taken);

	uint32_t length;

	(void)request;
	if (card->taken == card->received)
		return cuio_not_yet;
	length = slot->size < NE2000_FRAME_MAX ? slot->size : NE2000_FRAME_MAX;
	if (size < length)
		card->statistics.rx_truncated++;
	else
		size = length;
	memcpy(data, slot->frame, size);
	card->taken++;
	return (ssize_t)size;
}

static ssize_t ne2000_write(struct cuio_file *file, struct cuio_request *request, const void *data,
			    size_t size)
{
	struct cuio_device *device = cuio_file_device(file);
	struct ne2000 *card = cuio_device_state(device);
	uint8_t frame[FRAME_ROOM] = { 0 };
	unsigned on_wire = size < FRAME_ON_WIRE ? FRAME_ON_WIRE : (unsigned)size;

	(void)request;
	if (size < NE2000_FRAME_MIN)
		return -EINVAL;
	if (size > NE2000_FRAME_MAX)
		return -EMSGSIZE;
	if (card->transmitting || card->recovering)
		return cuio_not_yet;
	memcpy(frame, data, size);
	/* Clear the status of an earlier frame. */
	cuio_reg_write(device, ISR, ISR_DMA_DONE | ISR_TRANSMITTER);
	ne2000_chip_write(device, PAGE_TRANSMIT * CARD_PAGE, frame, (on_wire + 3) & ~3U);
	ne2000_transmit_begin(device, on_wire);
	card->statistics.tx_frames++;
	card->statistics.tx_bytes += on_wire;
	return (ssize_t)size;
}

static unsigned ne2000_poll(struct cuio_file *file)
{
	const struct ne2000 *card = cuio_device_state(cuio_file_device(file));
	unsigned ready = card->received != card->taken ? CUIO_READY_IN : 0;

	return card->transmitting || card->recovering ? ready : ready | CUIO_READY_OUT;
}

static int ne2000_cause(struct cuio_device *device, unsigned vector, uint64_t *ret_cause)
{
	const struct ne2000 *card = cuio_device_state(device);
	uint64_t cause = cuio_reg_read(device, ISR);

	(void)vector;
	if (card->files == 0 || card->recovering || cause == ALL_ONES)
		cause = 0;
	*ret_cause = cause & (ISR_RECEIVER | (card->transmitting ? ISR_TRANSMITTER : 0));
	return 0;
}

static void ne2000_interrupt(struct cuio_device *device, unsigned vector, uint64_t cause)
{
	const struct ne2000 *card = cuio_device_state(device);

	(void)vector;
	/* Acknowledge first, so that later events interrupt again. */
	cuio_reg_write(device, ISR, cause & (ISR_RECEIVED | ISR_RECEIVE_BAD | ISR_TALLIES));
	if (cause & ISR_TRANSMITTER && card->transmitting) {
		ne2000_transmit_end(device);
		ne2000_chip_interrupts(device);
	}
	if (cause & (ISR_RECEIVE_BAD | ISR_TALLIES))
		ne2000_chip_tallies(device);
	if (cause & ISR_OVERRUN)
		ne2000_receive_overrun(device);
	else if (cause & (ISR_RECEIVED | ISR_RECEIVE_BAD))
		ne2000_receive_frames(device);
}

static void ne2000_timer(struct cuio_device *device, unsigned timer)
{
	if (timer == TIMER_RECOVERY)
		ne2000_receive_recover(device);
	else
		ne2000_transmit_late(device);
}

const struct cuio_driver ne2000_driver = {
	.contract = CUIO_CONTRACT,
	.name = "ne2000",
	.device_state = sizeof(struct ne2000),
	.device_data = NE2000_FRAMES_MAX * sizeof(struct slot),
	.n_timers = N_TIMERS,
	/* A repeated write may send a frame twice, which Ethernet allows. */
	.restartable = CUIO_RESTART_OPEN | CUIO_RESTART_WRITE,
	.fills_reads = true,
	.ioctls = ne2000_ioctls,
	.n_ioctls = NE2000_IOCTLS,
	.registers = ne2000_registers,
	.n_registers = N_REGISTERS,
	.start = ne2000_start,
	.stop = ne2000_stop,
	.open = ne2000_open,
	.release = ne2000_release,
	.read = ne2000_read,
	.write = ne2000_write,
	.poll = ne2000_poll,
	.cause = ne2000_cause,
	.interrupt = ne2000_interrupt,
	.timer = ne2000_timer,
};
