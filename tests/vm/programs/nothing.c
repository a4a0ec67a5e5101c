// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A service that does nothing: it says that it is ready, writes a byte to the FIFO that its
 * argument names, and sleeps. What a restart costs without cuiod is measured with it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fifo;

	if (argc != 2 || sd_notify(0, "READY=1") <= 0) {
		fprintf(stderr, "usage: nothing FIFO, as a service\n");
		return 2;
	}
	fifo = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (fifo < 0 || write(fifo, "", 1) != 1) {
		perror(argv[1]);
		return 1;
	}
	for (;;) {
		sleep(3);
		sd_notify(0, "WATCHDOG=1");
	}
}
