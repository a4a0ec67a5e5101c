// SPDX-License-Identifier: GPL-2.0-or-later
// From termios to the port's registers: speed, format, and what a change of settings entails.
#include "driver/uart16550/uart16550.h"

#define DIVISOR_MAX 65535U
#define NOT_FORMAT  (CLOCAL | HUPCL | CREAD | CRTSCTS)

/* By the low four bits of CBAUD; those with CBAUDEX come second. */
static const uint32_t speeds[2][16] = {
	{ 0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400 },
	{ 0, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000,
	  2000000, 2500000, 3000000, 3500000, 4000000 },
};

static uint32_t asked_speed(const struct termios2 *termios)
{
	uint32_t code = termios->c_cflag & CBAUD;

	return code == BOTHER ? termios->c_ospeed : speeds[code / BOTHER][code % 16];
}

static bool is_near(uint32_t actual, uint32_t asked)
{
	uint32_t off = actual > asked ? actual - asked : asked - actual;

	return (uint64_t)off * 50 <= asked; /* 2 %, as the kernel has it */
}

static uint32_t speed_code(uint32_t speed)
{
	for (uint32_t i = 1; i < 16; i++)
		if (is_near(speed, speeds[0][i]))
			return i;
	for (uint32_t i = 1; i < 16; i++)
		if (is_near(speed, speeds[1][i]))
			return CBAUDEX | i;
	return BOTHER;
}

/* setserial's way to a speed without a name: 38400 means a divisor of one's own. */
static bool is_custom(const struct uart *uart)
{
	return (uart->serial_flags & ASYNC_SPD_MASK) == ASYNC_SPD_CUST && uart->custom_divisor &&
	       (uart->termios.c_cflag & CBAUD) == B38400;
}

/* The nearest speed that the port has, told as it is where it is not what was asked for. */
static void settle_speed(struct device *device)
{
	struct uart *uart = device_state(device);
	struct termios2 *termios = &uart->termios;
	uint64_t base = device_option(device, OPTION_BAUD_BASE), divisor;
	uint32_t asked = asked_speed(termios), actual;

	termios->c_cflag &= ~(uint32_t)CIBAUD;
	if (is_custom(uart)) {
		uart->divisor = uart->custom_divisor;
	} else if (asked) {
		divisor = (base + asked / 2) / asked;
		if (divisor < 1)
			divisor = 1;
		if (divisor > DIVISOR_MAX)
			divisor = DIVISOR_MAX;
		uart->divisor = (uint32_t)divisor;
		actual = (uint32_t)((base + divisor / 2) / divisor);
		if (!is_near(actual, asked))
			termios->c_cflag =
				(termios->c_cflag & ~(uint32_t)CBAUD) | speed_code(actual);
		asked = actual;
	}
	termios->c_ispeed = termios->c_ospeed = asked;
}

static uint8_t line_control(const struct uart *uart)
{
	uint32_t cflag = uart->termios.c_cflag;
	uint8_t lcr = (cflag & CSIZE) / CS6 & UART_LCR_WLEN8;

	if (cflag & CSTOPB)
		lcr |= UART_LCR_STOP;
	if (cflag & PARENB)
		lcr |= UART_LCR_PARITY;
	if (!(cflag & PARODD))
		lcr |= UART_LCR_EPAR;
	if (cflag & CMSPAR)
		lcr |= UART_LCR_SPAR;
	if (uart->breaking)
		lcr |= UART_LCR_SBC;
	return lcr;
}

void line_set_control(struct device *device)
{
	reg_set(device, LCR, line_control(device_state(device)));
}

void line_program(struct device *device)
{
	struct uart *uart = device_state(device);
	uint8_t lcr = line_control(uart);

	reg_set(device, LCR, lcr | UART_LCR_DLAB);
	reg_set(device, DLL, uart->divisor & 0xff);
	reg_set(device, DLM, uart->divisor >> 8);
	reg_set(device, LCR, lcr);
	uart->settling = 0;
}

uint64_t line_fifo_time(const struct uart *uart)
{
	uint64_t bits = 12 * (uart->fifo + 1U);
	uint32_t speed = uart->termios.c_ospeed ? uart->termios.c_ospeed : 9600;
	uint64_t time = bits * 1000 * NS_OF_MS / speed;

	return time < NS_OF_MS ? NS_OF_MS : time;
}

/* 0 is not a speed: the lines that say that somebody is here go down, and come back with another.
 */
static void follow_hangup(struct device *device, const struct termios2 *before)
{
	struct uart *uart = device_state(device);
	bool was_up = before->c_cflag & CBAUD, is_up = uart->termios.c_cflag & CBAUD;

	if (was_up && !is_up)
		modem_set(device, uart->mcr & (uint8_t) ~(UART_MCR_DTR | UART_MCR_RTS));
	else if (!was_up && is_up)
		modem_set(device, uart->mcr | UART_MCR_DTR | UART_MCR_RTS);
}

static void follow_flow_control(struct device *device)
{
	struct uart *uart = device_state(device);
	const struct termios2 *termios = &uart->termios;

	if (!(termios->c_iflag & IXON))
		output_stop(device, STOP_XOFF, false);
	output_stop(device, STOP_CTS, (termios->c_cflag & CRTSCTS) && !(uart->msr & UART_MSR_CTS));
	modem_set(device, uart->mcr);
}

void line_set_termios(struct device *device, const struct termios2 *wanted)
{
	struct uart *uart = device_state(device);
	struct termios2 before = uart->termios;
	uint32_t divisor = uart->divisor;

	uart->termios = *wanted;
	settle_speed(device);
	if ((before.c_lflag ^ wanted->c_lflag) & ICANON)
		input_mode_changed(device);
	if (!is_up(uart))
		return;
	follow_flow_control(device);
	follow_hangup(device, &before);
	if (!((before.c_cflag ^ uart->termios.c_cflag) & ~(uint32_t)NOT_FORMAT) &&
	    divisor == uart->divisor)
		return;
	/* Who dies in here leaves a successor to do it. */
	uart->settling = 1;
	device_checkpoint(device);
	line_program(device);
}
