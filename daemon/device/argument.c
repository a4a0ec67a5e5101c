// SPDX-License-Identifier: GPL-2.0-or-later
// ioctl arguments: their parts in the caller's memory, and their layout in the daemon's.
#include "device/argument.h"
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

bool argument_is_taken(uint32_t kind)
{
	return kind == CUIO_ARGUMENT_IN || kind == CUIO_ARGUMENT_INOUT;
}

bool argument_is_given(uint32_t kind)
{
	return kind == CUIO_ARGUMENT_OUT || kind == CUIO_ARGUMENT_INOUT;
}

static int add(struct iovec *parts, size_t *n, size_t *total, uint64_t address, size_t size)
{
	if (size > CUIO_TRANSFER_MAX - *total)
		return -ENOMEM; /* the kernel's own answer */
	*total += size;
	if (size) /* an empty part would end the kernel's copying */
		parts[(*n)++] =
			(struct iovec){ .iov_base = (void *)(uintptr_t)address, .iov_len = size };
	return 0;
}

static int add_in(struct argument_fetch *fetch, uint64_t address, size_t size)
{
	return add(fetch->in, &fetch->n_in, &fetch->in_size, address, size);
}

static int add_out(struct argument_fetch *fetch, uint64_t address, size_t size)
{
	return add(fetch->out, &fetch->n_out, &fetch->out_size, address, size);
}

/* Asks the driver for the pieces and checks its answer. */
static int ask_pieces(const struct cuio_driver_ioctl *entry, const void *main,
		      struct cuio_driver_piece pieces[static CUIO_PIECES_MAX])
{
	int n = entry->pieces(entry, main, pieces);

	return n > (int)CUIO_PIECES_MAX ? -EINVAL : n;
}

static int plan_pieces(const struct cuio_driver_ioctl *entry, const void *main,
		       struct argument_fetch *fetch)
{
	struct cuio_driver_piece pieces[CUIO_PIECES_MAX];
	int n = ask_pieces(entry, main, pieces), r = 0;

	for (int i = 0; r >= 0 && i < n; i++)
		r = pieces[i].to_caller ? add_out(fetch, pieces[i].address, pieces[i].size)
					: add_in(fetch, pieces[i].address, pieces[i].size);
	return n < 0 ? n : r;
}

int argument_plan(const struct cuio_driver_ioctl *entry, const struct request_record *request,
		  const void *in, struct argument_fetch *ret)
{
	bool taken = argument_is_taken(entry->argument);

	*ret = (struct argument_fetch){ 0 };
	if (taken)
		add_in(ret, request->argument, entry->size);
	if (argument_is_given(entry->argument))
		add_out(ret, request->argument, entry->size);
	if (!taken || !entry->pieces || request->in_size < entry->size)
		return 0;
	return plan_pieces(entry, in, ret);
}

int argument_plan_encoded(const struct request_record *request, struct argument_fetch *ret)
{
	uint32_t direction = _IOC_DIR(request->command);

	*ret = (struct argument_fetch){ 0 };
	if (direction & _IOC_WRITE)
		add_in(ret, request->argument, _IOC_SIZE(request->command));
	if (direction & _IOC_READ)
		add_out(ret, request->argument, _IOC_SIZE(request->command));
	return 0;
}

bool argument_complete(const struct argument_fetch *fetch, const struct request_record *request)
{
	return fetch->in_size == request->in_size && fetch->out_size == request->out_size;
}

bool argument_suffices(const struct argument_fetch *fetch, const struct request_record *request)
{
	return fetch->in_size <= request->in_size && fetch->out_size <= request->out_size;
}

static size_t round_up(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

static int place_pieces(const struct cuio_driver_ioctl *entry, const struct request_record *request,
			const void *in, uint8_t *reply, struct argument *ret)
{
	struct cuio_driver_piece pieces[CUIO_PIECES_MAX];
	const uint8_t *from = (const uint8_t *)in + entry->size;
	size_t left = request->in_size - entry->size;
	int n = ask_pieces(entry, in, pieces);

	for (int i = 0; i < n; i++) {
		const struct cuio_driver_piece *piece = &pieces[i];

		/* Possible only if the ioctl's number and sizes are forged. */
		if (piece->size > (piece->to_caller ? request->out_size - ret->gives : left))
			return -EINVAL;
		if (piece->to_caller) {
			ret->places[i] = reply + ret->gives;
			ret->gives += piece->size;
		} else {
			ret->places[i] = (void *)(uintptr_t)from;
			from += piece->size;
			left -= piece->size;
		}
	}
	ret->n_pieces = n < 0 ? 0 : (unsigned)n;
	return n < 0 ? n : 0;
}

int argument_place(const struct cuio_driver_ioctl *entry, const struct request_record *request,
		   const void *in, void *reply, struct argument *ret)
{
	bool taken = argument_is_taken(entry->argument), given = argument_is_given(entry->argument);
	size_t size = entry->argument == CUIO_ARGUMENT_VALUE ? sizeof(uint64_t) : entry->size;
	size_t behind;
	int r = 0;

	*ret = (struct argument){ .gives = given ? entry->size : 0 };
	if ((taken && request->in_size < size) || (given && request->out_size < size))
		return -EINVAL;
	/* Data of other requests must not leak to the caller. */
	memset(reply, 0, request->out_size);
	if (taken && entry->pieces)
		r = place_pieces(entry, request, in, reply, ret);
	if (r < 0)
		return r;
	behind = given ? 0 : round_up(ret->gives);
	if (behind + size > TRANSACTION_REPLY_MAX)
		return -ENOMEM;
	ret->main = (uint8_t *)reply + behind;
	if (entry->argument == CUIO_ARGUMENT_VALUE)
		memcpy(ret->main, &request->argument, sizeof(request->argument));
	else if (taken)
		memcpy(ret->main, in, size);
	return 0;
}
