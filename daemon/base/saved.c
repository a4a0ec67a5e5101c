// SPDX-License-Identifier: GPL-2.0-or-later
// Saved memory in a memfd.
#include "base/saved.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define SAVED_MAGIC    "cuiosave"
#define SAVED_PAGE     4096U
#define SAVED_SIZE_MAX ((size_t)1 << 30) /* larger memory is rejected */
/* Seals that prevent truncation of a mapped file. */
#define SAVED_SEALS (F_SEAL_SHRINK | F_SEAL_GROW)

static size_t whole_pages(size_t size)
{
	return (size + SAVED_PAGE - 1) / SAVED_PAGE * SAVED_PAGE;
}

/* --- plans ----------------------------------------------------------------------------------- */

void saved_plan_init(struct saved_plan *plan)
{
	*plan = (struct saved_plan){ .size = whole_pages(sizeof(struct saved_header)) };
}

void saved_plan_align(struct saved_plan *plan, size_t at)
{
	plan->size += (SAVED_PAGE - at % SAVED_PAGE) % SAVED_PAGE;
}

void saved_plan_add(struct saved_plan *plan, const char *name, size_t count, size_t head,
		    size_t state)
{
	struct saved_area *area = &plan->areas[plan->n];

	assert(plan->n < SAVED_AREAS_MAX && strlen(name) < sizeof(area->name));
	strcpy(area->name, name);
	area->offset = plan->size;
	area->count = (uint32_t)count;
	area->head = (uint32_t)head;
	area->state = (uint32_t)state;
	plan->n++;
	plan->size = whole_pages(plan->size + count * (head + state));
}

static uint64_t area_end(const struct saved_area *area)
{
	return area->offset + (uint64_t)area->count * ((uint64_t)area->head + area->state);
}

/* --- the memory ------------------------------------------------------------------------------ */

static uint64_t header_sum(const struct saved_header *header)
{
	uint64_t sum = checksum(1, header, offsetof(struct saved_header, generation));

	return checksum(sum, &header->n_areas,
			sizeof(*header) - offsetof(struct saved_header, n_areas));
}

static int map(int fd, size_t size, struct saved **ret)
{
	auto_free struct saved *saved = calloc(1, sizeof(*saved));
	void *memory;

	if (!saved)
		return -ENOMEM;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	*saved = (struct saved){ .fd = fd, .header = memory, .size = size };
	*ret = take_ptr(saved);
	return 0;
}

static int create(const struct saved_plan *plan, struct saved **ret)
{
	auto_close int fd = memfd_create("cuio-saved", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct saved *saved;
	int r;

	if (fd < 0 || ftruncate(fd, (off_t)plan->size) < 0)
		return -errno;
	if (fcntl(fd, F_ADD_SEALS, SAVED_SEALS) < 0)
		return -errno;
	r = map(fd, plan->size, &saved);
	if (r < 0)
		return r;
	take_fd(&fd);
	*ret = saved;
	return 0;
}

static void sign(struct saved *saved, const struct saved_plan *plan, const char *identity)
{
	struct saved_header *header = saved->header;

	memcpy(header->magic, SAVED_MAGIC, sizeof(header->magic));
	header->layout = SAVED_LAYOUT;
	header->size = saved->size;
	strcpy(header->identity, identity);
	header->n_areas = plan->n;
	memcpy(header->areas, plan->areas, sizeof(plan->areas));
	header->sum = header_sum(header);
	for (unsigned i = 0; i < plan->n; i++)
		saved->heads_before[i] = plan->areas[i].head;
}

int saved_create(const struct saved_plan *plan, const char *identity, struct saved **ret)
{
	int r;

	if (strlen(identity) >= SAVED_IDENTITY_SIZE)
		return -ENAMETOOLONG;
	r = create(plan, ret);
	if (r < 0)
		return r;
	(*ret)->end = SAVED_EXIT;
	sign(*ret, plan, identity);
	return 0;
}

void saved_free(struct saved *saved)
{
	if (!saved)
		return;
	munmap(saved->header, saved->size);
	close(saved->fd);
	free(saved);
}

static unsigned find_area(const struct saved_area *areas, size_t n, const char *name)
{
	unsigned i = 0;

	while (i < n && strncmp(areas[i].name, name, sizeof(areas[i].name)) != 0)
		i++;
	return i;
}

void *saved_area(const struct saved *saved, const char *name)
{
	unsigned i = find_area(saved->header->areas, saved->header->n_areas, name);

	assert(i < saved->header->n_areas);
	return (char *)saved->header + saved->header->areas[i].offset;
}

size_t saved_head_before(const struct saved *saved, const char *name)
{
	return saved->heads_before[find_area(saved->header->areas, saved->header->n_areas, name)];
}

/* --- taking over ----------------------------------------------------------------------------- */

static int map_left(int fd, struct saved **ret)
{
	struct stat status;
	int seals = fcntl(fd, F_GET_SEALS);

	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ||
	    (size_t)status.st_size < whole_pages(sizeof(struct saved_header)) ||
	    (size_t)status.st_size > SAVED_SIZE_MAX || seals < 0 ||
	    (seals & SAVED_SEALS) != SAVED_SEALS)
		return -EBADMSG;
	return map(fd, (size_t)status.st_size, ret);
}

static bool is_whole(const struct saved *saved)
{
	const struct saved_header *header = saved->header;

	if (memcmp(header->magic, SAVED_MAGIC, sizeof(header->magic)) != 0 ||
	    header->size != saved->size || header->identity[SAVED_IDENTITY_SIZE - 1] != '\0')
		return false;
	return header->layout == SAVED_LAYOUT && header->sum == header_sum(header) &&
	       check16_holds(header->crashes) && check16_holds(header->crashed_in) &&
	       check16_holds(header->complete) && check16_holds(header->end);
}

/* Whether each area that was found is planned with at least its size and with the same size of
 * driver state. */
static bool may_move(const struct saved_plan *plan, const struct saved_area *areas, size_t n,
		     uint64_t size)
{
	for (size_t i = 0; i < n; i++) {
		unsigned to = find_area(plan->areas, plan->n, areas[i].name);

		if (to == plan->n || areas[i].head > plan->areas[to].head ||
		    areas[i].state != plan->areas[to].state ||
		    areas[i].count > plan->areas[to].count || areas[i].offset > size ||
		    area_end(&areas[i]) > size)
			return false;
	}
	return true;
}

static void move_area(const struct saved *from, const struct saved_area *old, struct saved *to,
		      const struct saved_area *new)
{
	const char *source = (const char *)from->header + old->offset;
	char *target = (char *)to->header + new->offset;

	for (uint32_t i = 0; i < old->count; i++) {
		memcpy(target, source, old->head);
		memcpy(target + new->head, source + old->head, old->state);
		source += old->head + old->state;
		target += new->head + new->state;
	}
}

static void move_header(const struct saved_header *from, struct saved_header *to)
{
	to->generation = from->generation;
	to->last_crash_time = from->last_crash_time;
	memcpy(to->last_crash_cause, from->last_crash_cause, sizeof(to->last_crash_cause));
	to->crashes = check16(from->crashes);
	to->crashed_in = check16(from->crashed_in);
	to->complete = check16(from->complete);
	to->end = check16(from->end);
}

static int move(const struct saved *from, const struct saved_plan *plan, const char *identity,
		struct saved **ret)
{
	const struct saved_area *areas = from->header->areas;
	size_t n = from->header->n_areas;
	struct saved *to;
	int r;

	if (n > SAVED_AREAS_MAX || !may_move(plan, areas, n, from->size))
		return -EBADMSG;
	r = saved_create(plan, identity, &to);
	if (r < 0)
		return r;
	move_header(from->header, to->header);
	memset(to->heads_before, 0, sizeof(to->heads_before));
	for (size_t i = 0; i < n; i++) {
		unsigned j = find_area(plan->areas, plan->n, areas[i].name);

		move_area(from, &areas[i], to, &plan->areas[j]);
		to->heads_before[j] = areas[i].head;
	}
	to->moved = true;
	*ret = to;
	return 0;
}

static bool is_as_planned(const struct saved *saved, const struct saved_plan *plan)
{
	return saved->header->n_areas == plan->n && saved->size == plan->size &&
	       memcmp(saved->header->areas, plan->areas, sizeof(plan->areas)) == 0;
}

/* The text is only for users, and the checksum does not cover it: a crashing driver may have
 * overwritten its end. */
static void end_text(struct saved_header *header)
{
	header->last_crash_cause[sizeof(header->last_crash_cause) - 1] = '\0';
}

int saved_adopt(int fd, const struct saved_plan *plan, const char *identity, struct saved **ret,
		char **ret_identity)
{
	struct saved *saved, *moved;
	int r = map_left(fd, &saved);

	if (r < 0) {
		close(fd);
		return r;
	}
	if (!is_whole(saved)) {
		r = -EBADMSG;
	} else if (strcmp(saved->header->identity, identity) != 0) {
		*ret_identity = strdup(saved->header->identity);
		r = -ESTALE;
	} else if (!is_as_planned(saved, plan)) {
		r = move(saved, plan, identity, &moved);
	} else {
		for (unsigned i = 0; i < plan->n; i++)
			saved->heads_before[i] = plan->areas[i].head;
		*ret = saved;
		end_text(saved->header);
		saved->end = check16_value(saved->header->end);
		return 0;
	}
	saved_free(saved);
	if (r < 0)
		return r;
	end_text(moved->header);
	moved->end = check16_value(moved->header->end);
	*ret = moved;
	return 0;
}
