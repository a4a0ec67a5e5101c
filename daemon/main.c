// SPDX-License-Identifier: GPL-2.0-or-later
// cuiod: the arguments.
#include "base/log.h"
#include "config/configuration.h"
#include "service.h"
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

static void usage(FILE *file)
{
	fputs("Usage: cuiod [--config FILE] [--front cuse|file] [--mount DIR] NAME\n"
	      "       cuiod --check FILE...\n"
	      "Serves a card as a node in /dev, as " CUIO_SYSCONFDIR "/cuio/NAME.conf says.\n"
	      "\n"
	      "  --config FILE  another instance file\n"
	      "  --front file   by hand: serve files in a mount, whatever the instance file says\n"
	      "  --front cuse   by hand: serve nodes in /dev, whatever it says\n"
	      "  --mount DIR    by hand: where the files are to be\n"
	      "  --check        check descriptions (.device) and instance files (.conf), touch "
	      "nothing\n"
	      "  --version      the version\n"
	      "  --help         this text\n"
	      "\n"
	      "Usually started as a service: systemctl enable --now cuiod@NAME. See cuiod(8).\n",
	      file);
}

static int usage_error(void)
{
	usage(stderr);
	return EXIT_USAGE;
}

/* Opens closed standard files, whose numbers (and log lines) a later file would get otherwise. */
static void open_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "front", required_argument, NULL, 'f' },
		{ "mount", required_argument, NULL, 'm' },
		{ "check", no_argument, NULL, 'k' },
		{ "version", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct overrides overrides = { 0 };
	bool check = false;
	int option;

	open_standard_files();
	log_set_program("cuiod");
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			overrides.config = optarg;
			break;
		case 'f':
			overrides.front = optarg;
			break;
		case 'm':
			overrides.mount = optarg;
			break;
		case 'k':
			check = true;
			break;
		case 'v':
			puts("cuiod " CUIO_VERSION);
			return EXIT_DONE;
		case 'h':
			usage(stdout);
			return EXIT_DONE;
		default:
			return usage_error();
		}
	}
	if (check && optind < argc && !overrides.config && !overrides.front && !overrides.mount)
		return configuration_check(argv + optind) < 0 ? EXIT_FAILED : EXIT_DONE;
	if (check || optind + 1 != argc)
		return usage_error();
	return service_run(argv[optind], &overrides);
}
