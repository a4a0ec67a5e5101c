/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads an instance file (cuio.conf(5)) and the description it names. */
#include "config/instance.h"
#include "base/cleanup.h"
#include "base/config_path.h"
#include "base/cpus.h"
#include "config/instance_internal.h"
#include "config/kept_files.h"
#include "hardware/pci.h"
#include <errno.h>
#include <string.h>
#include <syslog.h>

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

static const char *const backends[] = { "uio", "sim", NULL };

int instance_check_name(const char *name)
{
	size_t length = strspn(name, NAME_CHARACTERS);

	return name[length] || !length || *name == '-' || length > INSTANCE_NAME_MAX ? -EINVAL : 0;
}

static int read_description(struct instance *instance, struct section *section,
			    struct report *report)
{
	const struct entry *entry =
		section_entry(instance->document, section, "Description", report);
	auto_free char *file = NULL;
	int r;

	if (entry && instance->files) {
		r = description_parse(
			instance->files->description.path, instance->files->description.text,
			instance->files->description.size, report, &instance->description);
		if (r >= 0)
			instance->description->plugin_fd = instance->files->plugin_fd;
		return r;
	}
	r = config_path_description(&config_folders, instance->document, report, &file);
	return r < 0 ? r : description_load(file, report, &instance->description);
}

static int read_backend(struct instance *instance, struct section *section, struct report *report)
{
	struct entry *entry = section_entry(instance->document, section, "Backend", report);
	unsigned index = 0;
	int r = 0;

	if (entry)
		r = value_word(instance->document, entry, backends, report, &index);
	if (r < 0)
		return r;
	instance->backend = strdup(backends[index]);
	return instance->backend ? 0 : -ENOMEM;
}

static bool is_simulated(const struct instance *instance)
{
	return strcmp(instance->backend, "sim") == 0;
}

static int read_card(struct instance *instance, struct section *section, struct report *report)
{
	const char *path = instance->document->path;
	struct entry *entry = section_entry(instance->document, section, "Card", report);
	const char *card = entry ? entry->value : NULL;

	if (!instance->backend)
		return 0; /* Backend= is wrong and was reported: Card= cannot be checked */
	if (is_simulated(instance)) {
		return !entry ? 0
			      : report_add(report, path, entry->line,
					   "Card=%s beside Backend=sim, which needs no card",
					   entry->value);
	}
	if (!entry && instance->description)
		card = instance->description->match;
	if (!card)
		return !instance->description
			       ? 0
			       : report_add(report, path, section->line,
					    "[Device] lacks Card=, and %s has no Match=; expected "
					    "Card=pci:VENDOR:DEVICE, a slot such as "
					    "Card=pci:0000:00:04.0, or Backend=sim",
					    instance->description->document->path);
	if (pci_card_check_name(card) < 0)
		return report_add(report, path, entry ? entry->line : section->line,
				  "Card=%s, expected pci:VENDOR:DEVICE in hex (pci:1234:11e8) or a "
				  "slot (pci:0000:00:04.0), as lspci -Dnn shows them",
				  card);
	instance->card_line = entry ? entry->line : 0;
	instance->card = strdup(card);
	return instance->card ? 0 : -ENOMEM;
}

static int read_affinity(struct instance *instance, struct section *section, struct report *report)
{
	struct entry *entry = section_entry(instance->document, section, "Affinity", report);

	if (!entry || strcmp(entry->value, "follow") == 0)
		return 0;
	instance->affinity = INSTANCE_AFFINITY_NONE;
	if (strcmp(entry->value, "none") == 0)
		return 0;
	instance->affinity = INSTANCE_AFFINITY_LIST;
	if (cpus_parse(entry->value, &instance->cpus) == 0)
		return 0;
	return report_add(report, instance->document->path, entry->line,
			  "Affinity=%s, expected follow, none, or CPUs such as 0,2-3",
			  entry->value);
}

static int read_port_access(struct instance *instance, struct section *section,
			    struct report *report)
{
	static const char *const words[] = {
		[PORTS_SYSFS] = "sysfs", [PORTS_IOPERM] = "ioperm", NULL
	};
	struct entry *entry = section_entry(instance->document, section, "PortAccess", report);
	unsigned index;
	int r;

	if (!entry)
		return 0;
	r = value_word(instance->document, entry, words, report, &index);
	if (r < 0)
		return r;
	instance->port_access = (enum port_access)index;
	instance->port_access_line = entry->line;
	return 0;
}

static int read_device(struct instance *instance, struct report *report)
{
	static int (*const parts[])(struct instance *, struct section *, struct report *) = {
		read_description, instance_read_driver, read_backend,	  read_card,
		read_affinity,	  instance_read_front,	read_port_access, instance_read_ioctl,
	};
	struct section *section = config_path_device(instance->document, report);
	int result = 0;

	if (!section)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int r = parts[i](instance, section, report);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	if (section_unused(
		    instance->document, section,
		    "Description, Card, Backend, Driver, PortAccess, Affinity, Front, Mount, "
		    "Ioctl",
		    report) < 0)
		result = -EINVAL;
	return result;
}

static int read_log(struct instance *instance, struct report *report)
{
	static const char *const words[] = { "error", "warning", "notice", "info", "debug", NULL };
	struct section *section = document_section(instance->document, "Log", NULL);
	struct entry *entry;
	unsigned level;
	int r = 0;

	instance->log_level = LOG_INFO;
	if (!section)
		return 0;
	entry = section_entry(instance->document, section, "Level", report);
	if (entry)
		r = value_word(instance->document, entry, words, report, &level);
	if (entry && r == 0)
		instance->log_level = LOG_ERR + (int)level;
	if (section_unused(instance->document, section, "Level", report) < 0)
		r = -EINVAL;
	return r;
}

static int read_all(struct instance *instance, struct report *report)
{
	unsigned before = report->count;
	int r = read_device(instance, report);

	if (r != -ENOMEM)
		r = instance_read_nodes(instance, report);
	if (r == -ENOMEM)
		return r;
	instance_check_front(instance, report);
	(void)read_log(instance, report);
	/* options_read() checks [Driver], when the driver is known. */
	document_leave(instance->document, "Driver");
	(void)document_unused(instance->document, "Device, Driver, Node, Log", report);
	return report->count == before ? 0 : -EINVAL;
}

static void cleanup_instance(struct instance **instance)
{
	instance_free(*instance);
}

static int load_document(const char *name, const char *path, struct report *report,
			 struct document **ret)
{
	auto_free char *standard = NULL;

	if (asprintf(&standard, "%s/%s.conf", config_folders.instances, name) < 0)
		return -ENOMEM;
	if (!path && access(standard, F_OK) < 0 && errno == ENOENT) {
		report_add(report, standard, 0,
			   "there is no such file; it says which card %s is, see cuio.conf(5)",
			   name);
		return -ENOENT;
	}
	return document_load(path ? path : standard, report, ret);
}

static int load(const char *name, const char *path, const struct kept_files *files,
		struct report *report, struct instance **ret)
{
	cleanup(cleanup_instance) struct instance *instance = NULL;
	int r;

	if (instance_check_name(name) < 0)
		return report_add(report, NULL, 0,
				  "\"%s\" is no name for an instance, expected " INSTANCE_NAME_RULE,
				  name);
	instance = calloc(1, sizeof(*instance));
	if (!instance)
		return -ENOMEM;
	instance->files = files;
	instance->name = strdup(name);
	if (!instance->name)
		return -ENOMEM;
	if (files)
		r = document_parse(files->instance.path, files->instance.text, files->instance.size,
				   report, &instance->document);
	else
		r = load_document(name, path, report, &instance->document);
	if (r < 0)
		return r;
	r = read_all(instance, report);
	if (r < 0)
		return r;
	instance->files = NULL;
	*ret = take_ptr(instance);
	return 0;
}

int instance_load(const char *name, const char *path, struct report *report, struct instance **ret)
{
	return load(name, path, NULL, report, ret);
}

int instance_load_kept(const char *name, const struct kept_files *files, struct report *report,
		       struct instance **ret)
{
	return load(name, NULL, files, report, ret);
}

void instance_free(struct instance *instance)
{
	if (!instance)
		return;
	for (size_t i = 0; i < instance->n_nodes; i++) {
		free(instance->nodes[i].key);
		free(instance->nodes[i].name);
		free(instance->nodes[i].group);
	}
	free(instance->nodes);
	description_free(instance->description);
	document_free(instance->document);
	free(instance->card);
	free(instance->backend);
	free(instance->mount);
	free(instance->name);
	free(instance);
}

void instance_hardware(const struct instance *instance, struct hardware_spec *ret)
{
	const struct description *description = instance->description;

	*ret = (struct hardware_spec){
		.backend = instance->backend,
		.card = instance->card,
		.match = description->match,
		.file = instance->document->path,
		.line = instance->card_line,
		.instance = instance->name,
		.windows = description->windows,
		.n_windows = description->n_windows,
		.interrupt = description->interrupt,
		.port_access = instance->port_access,
		.port_access_line = instance->port_access_line,
		.model = description->model,
		.values = description->values,
		.n_values = description->n_values,
	};
}
