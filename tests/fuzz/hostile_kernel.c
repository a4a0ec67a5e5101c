/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which answers the kernel would take: fs/fuse/dev.c and file.c. */
#include "hostile_kernel.h"
#include "base/loop.h"
#include "device/record.h"
#include <errno.h>

#define TURNS 60U /* in which all that were interrupted are answered */

#define FINDING(...)                                                                               \
	do {                                                                                       \
		fprintf(stderr, "finding: " __VA_ARGS__);                                          \
		fputc('\n', stderr);                                                               \
		abort();                                                                           \
	} while (0)

/* The daemon numbers the first requests of its channels itself. */
#define FIRST_OF_CHANNELS (UINT64_C(1) << 62)

void asker_init(struct asker *asker)
{
	*asker = (struct asker){
		.daemon = { .unique = FIRST_OF_CHANNELS, .answered = asker_answered },
		.life = 1,
	};
}

uint64_t asker_next(struct asker *asker, uint32_t high, const struct asked *asked)
{
	struct asked *next = &asker->asked[asker->n];

	if (asker->n == ASKED_MAX)
		return 0;
	*next = *asked;
	next->unique = ((uint64_t)high << 32 | ++asker->n) << 1;
	return next->unique;
}

static struct asked *find(struct asker *asker, uint64_t unique)
{
	uint32_t i = (uint32_t)(unique >> 1) - 1;

	return i < asker->n && asker->asked[i].unique == unique ? &asker->asked[i] : NULL;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void check_ioctl(struct asker *asker, const struct asked *asked,
			const struct fuse_ioctl_out *out, size_t size)
{
	const struct fuzz_card *card = asker->daemon.card;
	uint32_t n = out->in_iovs + out->out_iovs;

	if (size < sizeof(*out))
		FINDING("the answer to an ioctl has %zu bytes", size);
	size -= sizeof(*out);
	asker->again = out->flags & FUSE_IOCTL_RETRY;
	if (!asker->again) {
		if (size > asked->size)
			FINDING("an ioctl that takes %u bytes gets %zu", asked->size, size);
		return;
	}
	if (!card->driver->unrestricted || fuzz_is_file(card))
		FINDING("a restricted ioctl asks for memory");
	if (out->in_iovs > 256 || out->out_iovs > 256 || n > 256 ||
	    size != n * sizeof(asker->places[0]))
		FINDING("%u and %u places in %zu bytes", out->in_iovs, out->out_iovs, size);
	memcpy(asker->places, out + 1, size);
	asker->n_in = out->in_iovs;
	asker->n_out = out->out_iovs;
}

static void check_payload(struct asker *asker, const struct asked *asked, const void *payload,
			  size_t size)
{
	const struct fuse_open_out *open = payload;
	const struct fuse_write_out *write = payload;

	switch (asked->opcode) {
	case FUSE_OPEN:
		if (size != sizeof(*open) || open->fh >= RECORD_FILES)
			FINDING("an open's answer has %zu bytes", size);
		break;
	case FUSE_READ:
		if (size > asked->size)
			FINDING("a read of %u bytes gets %zu", asked->size, size);
		break;
	case FUSE_WRITE:
		if (size != sizeof(*write) || write->size > asked->size)
			FINDING("a write of %u bytes wrote %u", asked->size, write->size);
		break;
	case FUSE_IOCTL:
		check_ioctl(asker, asked, payload, size);
		break;
	case FUSE_POLL:
		if (size != sizeof(struct fuse_poll_out))
			FINDING("a poll's answer has %zu bytes", size);
		break;
	case FUSE_RELEASE:
		if (size)
			FINDING("a release's answer has %zu bytes", size);
		break;
	default:
		break;
	}
}

static bool is_answered(uint32_t opcode)
{
	return opcode != FUSE_FORGET && opcode != FUSE_BATCH_FORGET && opcode != FUSE_INTERRUPT &&
	       opcode != FUSE_NOTIFY_REPLY;
}

/* A successor sends the answer again that may not have been sent; the kernel refuses it. */
static void count_answer(struct asker *asker, struct asked *asked, uint64_t unique)
{
	if (!is_answered(asked->opcode) && !asked->optional)
		FINDING("an answer to opcode %u", asked->opcode);
	if (asked->life == asker->life)
		FINDING("opcode %u (%#llx) is answered twice", asked->opcode,
			(unsigned long long)unique);
	asked->life = asker->life;
}

static void check_notification(const struct fuse_out_header *header)
{
	if (header->error != FUSE_NOTIFY_POLL ||
	    header->len != sizeof(*header) + sizeof(struct fuse_notify_poll_wakeup_out))
		FINDING("notification %d of %u bytes", header->error, header->len);
}

void asker_answered(struct fuzz_daemon *daemon, unsigned channel, const void *bytes, size_t size)
{
	struct asker *asker = container_of(daemon, struct asker, daemon);
	const struct fuse_out_header *header = bytes;
	struct asked *asked;

	if (size < sizeof(*header) || header->len != size)
		FINDING("%zu bytes that say %u", size, header->len);
	if (!header->unique) {
		check_notification(header);
		return;
	}
	if (header->unique > FIRST_OF_CHANNELS)
		return;
	/* Of a signal that could not be noted: send it again. */
	if (header->unique & 1 && header->error == -EAGAIN)
		return;
	asked = find(asker, header->unique);
	if (!asked || asked->channel != channel)
		FINDING("an answer to %#llx, which nobody asked",
			(unsigned long long)header->unique);
	count_answer(asker, asked, header->unique);
	if (header->error > 0 || header->error < -511)
		FINDING("opcode %u has error %d", asked->opcode, header->error);
	size -= sizeof(*header);
	if (header->error && size)
		FINDING("opcode %u has error %d and %zu bytes", asked->opcode, header->error, size);
	if (!header->error)
		check_payload(asker, asked, header + 1, size);
}

/* --- the end ---------------------------------------------------------------------------------- */

static bool waits(const struct asked *asked)
{
	return is_answered(asked->opcode) && !asked->optional && !asked->life;
}

static void interrupt_all(struct asker *asker)
{
	for (uint32_t i = 0; i < asker->n; i++) {
		const struct asked *asked = &asker->asked[i];

		if (!waits(asked))
			continue;
		fuzz_send_interrupt(&asker->daemon, asked->channel, asked->unique);
		fuzz_turn(&asker->daemon, 2);
	}
}

void asker_end(struct asker *asker)
{
	unsigned left = 0;

	asker->daemon.probes = 0;
	fuzz_turn(&asker->daemon, TURNS);
	/* Once more for those that waited behind one that has the lock. */
	interrupt_all(asker);
	fuzz_turn(&asker->daemon, TURNS);
	interrupt_all(asker);
	fuzz_turn(&asker->daemon, TURNS);
	for (uint32_t i = 0; i < asker->n; i++) {
		if (!waits(&asker->asked[i]))
			continue;
		if (left++)
			FINDING("opcode %u (%#llx) is never answered", asker->asked[i].opcode,
				(unsigned long long)asker->asked[i].unique);
	}
}
