// SPDX-License-Identifier: GPL-2.0-or-later
// Makes and compares the lines that a successor must find unchanged.
#include "config/identity.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include <inttypes.h>
#include <string.h>

/* Covers which of the card's files the windows need. The registers in them are left out: they are
 * found by name at each start, so that a corrected one needs no new node. */
static uint64_t windows_sum(const struct description *description)
{
	uint64_t sum = 1;

	for (size_t i = 0; i < description->n_windows; i++) {
		const struct window_spec *window = &description->windows[i];
		const uint64_t numbers[] = { window->bar, window->type, window->write_combine };

		sum = checksum(checksum_text(sum, window->name), numbers, sizeof(numbers));
	}
	return checksum(sum, &(uint64_t){ description->interrupt }, sizeof(uint64_t));
}

/* A file has no "number" line. Its "node" line has a prefix, so that it differs from a device
 * node's of the same name. */
static void print_node(FILE *file, const struct instance *instance,
		       const struct instance_node *node)
{
	if (instance->front == INSTANCE_FILE) {
		fprintf(file, "node=file:%s\n", node->name);
		return;
	}
	fprintf(file, "node=/dev/%s\n", node->name);
	if (node->major >= 0)
		fprintf(file, "number=%d:%d\n", node->major, node->minor);
	else
		fprintf(file, "number=any\n");
}

static void print_lines(FILE *file, const struct instance *instance,
			const struct cuio_driver *driver, const char *card)
{
	fprintf(file, "backend=%s\ndriver=%s\nioctls=%s\n", instance->backend, driver->name,
		instance_is_unrestricted(instance, driver) ? "unrestricted" : "restricted");
	fprintf(file, "state=%u,%u,%u,%u,%u #%016" PRIx64 "\n", driver->device_state,
		driver->file_state, driver->request_state, driver->device_data, driver->n_timers,
		driver->state_version);
	fprintf(file, "windows=#%016" PRIx64 "\n", windows_sum(instance->description));
	if (instance->front == INSTANCE_FILE)
		fprintf(file, "front=file\nmount=%s\n", instance->mount);
	for (size_t i = 0; i < instance->n_nodes; i++)
		print_node(file, instance, &instance->nodes[i]);
	fprintf(file, "card=%s\n", card ? card : "");
}

char *identity_make(const struct instance *instance, const struct cuio_driver *driver,
		    const char *card)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	print_lines(file, instance, driver, card);
	if (fclose(file) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

#define SLOT_KEY "slot="

char *identity_cut_slot(char *mark)
{
	char *slot = strstr(mark, "\n" SLOT_KEY);

	if (!slot)
		return NULL;
	slot[1] = '\0';
	slot += 1 + strlen(SLOT_KEY);
	slot[strcspn(slot, "\n")] = '\0';
	return slot;
}

char *identity_add_slot(const char *asked, const char *slot)
{
	char *mark = NULL;

	if (asprintf(&mark, "%s" SLOT_KEY "%s\n", asked, slot) < 0)
		return NULL;
	return mark;
}

/* A line of a text, without the newline. */
struct line {
	const char *text;
	size_t length, key; /* of the line; of its key with the '=' */
};

static bool next_line(const char **rest, struct line *ret)
{
	if (!**rest)
		return false;
	ret->text = *rest;
	ret->length = strcspn(*rest, "\n");
	ret->key = strcspn(*rest, "=\n") + 1;
	*rest += ret->length + ((*rest)[ret->length] == '\n');
	return true;
}

static bool same_key(const struct line *one, const struct line *other)
{
	return one->key == other->key && strncmp(one->text, other->text, one->key) == 0;
}

static bool same_line(const struct line *one, const struct line *other)
{
	return one->length == other->length && strncmp(one->text, other->text, one->length) == 0;
}

bool identity_has(const char *text, const char *wanted)
{
	const struct line want = { .text = wanted, .length = strlen(wanted) };
	struct line line;

	while (next_line(&text, &line))
		if (same_line(&line, &want))
			return true;
	return false;
}

char *identity_card(const char *text)
{
	const struct line want = { .text = "card=", .key = strlen("card=") };
	struct line line;

	while (next_line(&text, &line))
		if (same_key(&line, &want))
			return strndup(line.text + line.key, line.length - line.key);
	return NULL;
}

/* Finds the n-th line with the key of `like`. *ret_any: whether the key occurs at all. */
static bool nth_line(const char *text, const struct line *like, size_t n, struct line *ret,
		     bool *ret_any)
{
	*ret_any = false;
	while (next_line(&text, ret)) {
		if (!same_key(ret, like))
			continue;
		*ret_any = true;
		if (n-- == 0)
			return true;
	}
	return false;
}

/* Counts the lines before `line` that have its key. */
static size_t count_before(const char *text, const struct line *line)
{
	struct line other;
	size_t n = 0;

	while (next_line(&text, &other) && other.text != line->text)
		n += same_key(&other, line);
	return n;
}

/*
 * Finds the first line of `text` that differs or lacks in `other`. A key that only one text has is
 * skipped: the other text was written by a version that does not know it.
 */
static bool find_difference(const char *text, const char *other, struct line *ret,
			    struct line *ret_other)
{
	const char *rest = text;
	bool any;

	while (next_line(&rest, ret)) {
		if (nth_line(other, ret, count_before(text, ret), ret_other, &any)) {
			if (!same_line(ret, ret_other))
				return true;
		} else if (any) {
			*ret_other = (struct line){ .text = "nothing", .length = 7 };
			return true;
		}
	}
	return false;
}

char *identity_difference(const char *old, const char *new)
{
	struct line was, is;
	char *text = NULL;

	if (!find_difference(old, new, &was, &is) && !find_difference(new, old, &is, &was))
		return NULL;
	if (asprintf(&text, "%.*s became %.*s", (int)was.length, was.text, (int)is.length,
		     is.text) < 0)
		return NULL;
	return text;
}
