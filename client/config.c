// SPDX-License-Identifier: GPL-2.0-or-later
/* As much of an instance file and its description as `list` shows. */
#include "config.h"
#include "base/cleanup.h"
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX ".device"

/* Truncation is right here: these are shown, nothing is opened by them. */
static void keep(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size - 1);

	memcpy(to, from, n);
	to[n] = 0;
}

static struct config_node *find_node(struct config *config, const char *key)
{
	for (size_t i = 0; i < config->n_nodes; i++)
		if (!strcmp(config->nodes[i].key, key))
			return &config->nodes[i];
	return NULL;
}

static struct config_node *add_node(struct config *config, const char *key, const char *name)
{
	struct config_node *node;

	if (config->n_nodes == CONFIG_NODES_MAX)
		return NULL;
	node = &config->nodes[config->n_nodes++];
	keep(node->key, sizeof(node->key), key);
	keep(node->name, sizeof(node->name), name);
	return node;
}

/* The KEY of "Node KEY"; NULL for another section. */
static const char *node_key(const char *section)
{
	if (strncmp(section, "Node", 4) || (section[4] && section[4] != ' '))
		return NULL;
	return section + 4 + strspn(section + 4, " ");
}

static void take_node(struct config *config, const char *key, const char *entry, const char *value)
{
	struct config_node *node = find_node(config, key);

	if (!node)
		node = add_node(config, key, key);
	if (node && !strcmp(entry, "Name"))
		keep(node->name, sizeof(node->name), value);
}

static int take_instance(void *user, const char *section, const char *entry, const char *value)
{
	struct config *config = user;
	const char *key = node_key(section);

	if (key)
		take_node(config, key, entry, value);
	else if (strcmp(section, "Device") != 0)
		return 1;
	else if (!strcmp(entry, "Description"))
		keep(config->description, sizeof(config->description), value);
	else if (!strcmp(entry, "Card"))
		keep(config->card, sizeof(config->card), value);
	else if (!strcmp(entry, "Backend"))
		keep(config->backend, sizeof(config->backend), value);
	else if (!strcmp(entry, "Front"))
		keep(config->front, sizeof(config->front), value);
	else if (!strcmp(entry, "Mount"))
		keep(config->mount, sizeof(config->mount), value);
	return 1;
}

static int take_description(void *user, const char *section, const char *entry, const char *value)
{
	struct config *config = user;
	const char *key = node_key(section);

	if (key)
		take_node(config, key, entry, value);
	else if (strcmp(section, "Device") != 0)
		return 1;
	else if (!strcmp(entry, "Description"))
		keep(config->title, sizeof(config->title), value);
	else if (!strcmp(entry, "Match"))
		keep(config->card, sizeof(config->card), value);
	return 1;
}

struct config_reader {
	FILE *file;
	ini_handler handler;
	struct config *config;
};

/* inih says nothing of a section without entries, but [Node b] alone makes a node. */
static char *read_line(char *line, int size, void *user)
{
	const struct config_reader *reader = user;
	const char *end;
	char *section;

	if (!fgets(line, size, reader->file))
		return NULL;
	end = strchr(line, ']');
	if (*line != '[' || !end)
		return line;
	section = strndup(line + 1, (size_t)(end - line) - 1);
	if (section)
		reader->handler(reader->config, section, "", "");
	free(section);
	return line;
}

/* 0, -errno, or the first line that is no INI. */
static int read_file(const char *path, ini_handler handler, struct config *config)
{
	auto_fclose FILE *file = fopen(path, "re");
	struct config_reader reader = { file, handler, config };

	if (!file)
		return -errno;
	return ini_parse_stream(read_line, &reader, handler, config);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

static int read_description(const struct config_folders *folders, const char *name,
			    struct config *about)
{
	char path[PATH_MAX];
	int r;

	if (strchr(name, '/')) {
		snprintf(path, sizeof(path), "%s%s%s", *name == '/' ? "" : folders->instances,
			 *name == '/' ? "" : "/", name);
		return read_file(path, take_description, about);
	}
	snprintf(path, sizeof(path), "%s/devices/%s", folders->instances, name);
	r = read_file(path, take_description, about);
	if (r != -ENOENT)
		return r;
	snprintf(path, sizeof(path), "%s/%s", folders->devices, name);
	return read_file(path, take_description, about);
}

/* A description without [Node] has one node, named like its file. */
static void add_default_node(struct config *about, const char *description)
{
	const char *base = strrchr(description, '/') ? strrchr(description, '/') + 1 : description;
	char stem[CONFIG_NAME_SIZE];

	keep(stem, sizeof(stem), base);
	if (ends_with(stem, SUFFIX))
		stem[strlen(stem) - strlen(SUFFIX)] = 0;
	add_node(about, "", stem);
}

static void merge(struct config *config, const struct config *about)
{
	struct config asked = *config;

	keep(config->title, sizeof(config->title), about->title);
	if (!config->card[0] && strcmp(config->backend, "sim") != 0)
		keep(config->card, sizeof(config->card), about->card);
	memcpy(config->nodes, about->nodes, sizeof(config->nodes));
	config->n_nodes = about->n_nodes;
	for (size_t i = 0; i < config->n_nodes; i++) {
		struct config_node *node = &config->nodes[i];
		const struct config_node *own = find_node(&asked, node->key);

		if (!own && config->n_nodes == 1)
			own = find_node(&asked, "");
		if (own && own->name[0])
			keep(node->name, sizeof(node->name), own->name);
	}
}

static void load_description(const struct config_folders *folders, struct config *config)
{
	struct config about = { 0 };
	int r = read_description(folders, config->description, &about);

	if (r < 0) {
		snprintf(config->problem, sizeof(config->problem), "description %.128s: %s",
			 config->description, strerror(-r));
		return;
	}
	if (r > 0)
		snprintf(config->problem, sizeof(config->problem),
			 "description %.128s: line %d is not understood", config->description, r);
	if (!about.n_nodes)
		add_default_node(&about, config->description);
	merge(config, &about);
}

void config_load(const struct config_folders *folders, const char *name, struct config *ret)
{
	char path[PATH_MAX];
	int r;

	*ret = (struct config){ 0 };
	keep(ret->instance, sizeof(ret->instance), name);
	keep(ret->backend, sizeof(ret->backend), "uio");
	snprintf(path, sizeof(path), "%s/%s.conf", folders->instances, name);
	r = read_file(path, take_instance, ret);
	if (strcmp(ret->front, "file") != 0)
		ret->mount[0] = 0;
	else if (!ret->mount[0])
		snprintf(ret->mount, sizeof(ret->mount), "/run/cuio-mount/%s", ret->instance);
	if (r < 0)
		keep(ret->problem, sizeof(ret->problem), strerror(-r));
	else if (r > 0)
		snprintf(ret->problem, sizeof(ret->problem), "line %d is not understood", r);
	else if (!ret->description[0])
		keep(ret->problem, sizeof(ret->problem), "[Device] lacks Description=");
	else
		load_description(folders, ret);
}
