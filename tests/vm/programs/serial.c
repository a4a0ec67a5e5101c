// SPDX-License-Identifier: GPL-2.0-or-later
// A program for 64 and 32 bits that uses a serial port in loopback: the structs of its ioctls have
// other sizes then.
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int ioctl(int fd, unsigned long request, ...);
#include <asm/ioctls.h>

#define TIOCM_RTS  0x004
#define TIOCM_LOOP 0x8000

static void say(const char *what, long result)
{
	if (result < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %ld\n", what, result);
}

static void set_up(int fd)
{
	struct termios2 termios;

	say("TCGETS2", ioctl(fd, TCGETS2, &termios));
	termios.c_iflag = termios.c_oflag = termios.c_lflag = 0;
	termios.c_cflag = BOTHER | CS8 | CREAD | CLOCAL;
	termios.c_ospeed = termios.c_ispeed = 28800;
	termios.c_cc[VMIN] = 5;
	termios.c_cc[VTIME] = 0;
	say("TCSETSF2", ioctl(fd, TCSETSF2, &termios));
	memset(&termios, 0, sizeof(termios));
	say("TCGETS2", ioctl(fd, TCGETS2, &termios));
	printf("%u baud, least %u\n", termios.c_ospeed, termios.c_cc[VMIN]);
}

static void set_serial(int fd)
{
	struct serial_struct serial;

	memset(&serial, 0xee, sizeof(serial));
	say("TIOCGSERIAL", ioctl(fd, TIOCGSERIAL, &serial));
	printf("type %d, base %d, closing_wait %u\n", serial.type, serial.baud_base,
	       serial.closing_wait);
	serial.closing_wait = 100;
	serial.flags |= ASYNC_LOW_LATENCY;
	say("TIOCSSERIAL", ioctl(fd, TIOCSSERIAL, &serial));
	memset(&serial, 0, sizeof(serial));
	say("TIOCGSERIAL", ioctl(fd, TIOCGSERIAL, &serial));
	printf("flags %#x, closing_wait %u\n", serial.flags, serial.closing_wait);
	serial.closing_wait = 3000;
	serial.flags &= ~ASYNC_LOW_LATENCY;
	say("TIOCSSERIAL", ioctl(fd, TIOCSSERIAL, &serial));
}

static void move_bytes(int fd)
{
	int lines = TIOCM_LOOP, queued = -1;
	char text[8] = "";

	say("TIOCMBIS", ioctl(fd, TIOCMBIS, &lines));
	say("write", write(fd, "hello", 5));
	say("read", read(fd, text, sizeof(text) - 1));
	printf("%s\n", text);
	say("FIONREAD", ioctl(fd, FIONREAD, &queued));
	printf("%d left\n", queued);
	say("TCSBRK", ioctl(fd, TCSBRK, 1));
	say("TIOCMBIC", ioctl(fd, TIOCMBIC, &lines));
	say("TIOCGPGRP", ioctl(fd, TIOCGPGRP, &lines));
	say("a bad pointer", ioctl(fd, TCGETS2, 1));
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR | O_NOCTTY) : -1;

	if (fd < 0) {
		perror("open");
		return 1;
	}
	set_up(fd);
	set_serial(fd);
	move_bytes(fd);
	return 0;
}
