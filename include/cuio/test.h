/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of a driver: cuiod's core serves a card on cuiod's simulator in the test's own
 * process, without systemd, root, or a node. Link with `pkg-config --libs cuio-test`.
 * cuio-driver(3) has an example; any test framework can be used.
 *
 * The test acts for the programs (cuio_test_open(), cuio_test_read(), ...) and for the card
 * (cuio_test_poke(), cuio_test_interrupt()). Everything runs in one thread, so nothing happens
 * between two calls of these functions: functions that wait or run serve interrupts and timers.
 *
 * Errors that a program or an administrator would see are returned as negative errno values. A
 * mistake of the test itself, such as an unknown register, prints a message on stderr and calls
 * abort(3).
 */
#ifndef CUIO_TEST_H
#define CUIO_TEST_H

#include <cuio/driver.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cuio_test;

/* The driver that CUIO_PLUGIN() names, if the driver's file is linked to the test. */
extern const struct cuio_driver *const cuio_plugin;

/* --- setting up the card ---------------------------------------------------------------------- */

/*
 * Creates a card that is off. `description` is the path of a description, or its text, which must
 * contain a line feed. `instance` is the part of an instance file after Description= and
 * Backend=sim ("[Driver]\nSpeed=3\n"), or NULL. Both are copied; `driver` must outlive the result,
 * which the caller frees. Driver= in the description is ignored. NULL: no memory.
 */
struct cuio_test *cuio_test_new(const struct cuio_driver *driver, const char *description,
				const char *instance);
/* Does not call stop(). Accepts NULL. */
void cuio_test_free(struct cuio_test *test);

/*
 * Starts the service. The first start switches the card on: its registers have their Reset= values,
 * and start() is called with CUIO_START_COLD. A start after cuio_test_stop() is COLD, too, but
 * keeps the registers. -EINVAL: description, instance and driver do not fit; or the result of
 * start(). cuio_test_report() has the reason. Blocks as long as start() does.
 */
int cuio_test_start(struct cuio_test *test);
/* Stops the service: calls stop(). Open files and waiting requests are dropped without a
 * release(). */
void cuio_test_stop(struct cuio_test *test);
/*
 * Crashes the process between two calls, and starts a successor: start() with CUIO_START_WARM.
 * Registers, state, open files and waiting requests are kept. Returns the result of start().
 */
int cuio_test_crash(struct cuio_test *test);
/*
 * Makes the process crash inside a call of the driver, just before the driver's `access`th register
 * access from now on (1: the next one). Bulk memory and the test's own accesses do not count. The
 * successor starts at once, and calls the interrupted request again or answers it EIO, as cuio(7)
 * says. If its start() fails, the test is aborted. 0 cancels the crash.
 */
void cuio_test_crash_at(struct cuio_test *test, unsigned access);
/*
 * The machine sleeps, with whatever waits, and wakes up: the card has lost its registers, which
 * have the values of power-on, and the driver is started with RESET. Returns what that start does;
 * if it fails, the driver is not started any more.
 */
int cuio_test_sleep(struct cuio_test *test);
/*
 * Replaces the process by one with another build of the driver: WARM, as after a crash. -ESTALE:
 * the new build has another name, another size of state or state_version, so programs would lose
 * the node; cuio_test_report() says which. The old build then stays in use.
 */
int cuio_test_upgrade(struct cuio_test *test, const struct cuio_driver *driver);

/* The errors, as lines that end with a line feed; "": there are none. Valid until the next call for
 * `test`. */
const char *cuio_test_report(const struct cuio_test *test);

/* --- programs --------------------------------------------------------------------------------- */

/* Sets the user of the following calls, and whether they come from a 32-bit program. The default is
 * root with 64 bits. */
void cuio_test_set_caller(struct cuio_test *test, uint32_t uid, bool compat);

/*
 * Like the system calls. A file is 0 or more; `flags` are those of open(2); `node` is the index of
 * the description's node, 0 for the first. A call that the driver cannot answer yet waits; with
 * O_NONBLOCK a read or write returns -EAGAIN. -ETIMEDOUT: there was no result within 20 seconds;
 * the call is cancelled.
 */
int cuio_test_open(struct cuio_test *test, unsigned node, unsigned flags);
int cuio_test_close(struct cuio_test *test, int file);
ssize_t cuio_test_read(struct cuio_test *test, int file, void *data, size_t size);
ssize_t cuio_test_write(struct cuio_test *test, int file, const void *data, size_t size);
/* For a node that is a file (Front=file): cuio_request_position() is true. */
ssize_t cuio_test_pread(struct cuio_test *test, int file, void *data, size_t size,
			uint64_t position);
ssize_t cuio_test_pwrite(struct cuio_test *test, int file, const void *data, size_t size,
			 uint64_t position);
/* `argument` is as in ioctl(2): a pointer, or a number cast to one. Its size is set by the driver;
 * pieces that it points to are in this process's memory. */
int cuio_test_ioctl(struct cuio_test *test, int file, uint32_t number, void *argument);
/* Returns the current mask of enum cuio_ready. Does not wait. */
unsigned cuio_test_poll(struct cuio_test *test, int file);

/*
 * The same calls in a program that waits while the test continues. They return the call's number, 0
 * or more, valid until the call is finished or cancelled; `data` and `argument` must stay valid. At
 * most CUIO_TEST_CALLS_MAX at a time. As in the daemon, a waiting call is tried again after each
 * interrupt, timer and other finished call, also after cuio_test_crash().
 */
#define CUIO_TEST_CALLS_MAX 64
int cuio_test_begin_read(struct cuio_test *test, int file, void *data, size_t size);
int cuio_test_begin_write(struct cuio_test *test, int file, const void *data, size_t size);
int cuio_test_begin_ioctl(struct cuio_test *test, int file, uint32_t number, void *argument);
bool cuio_test_is_waiting(const struct cuio_test *test, int call);
/* Waits until the call has ended, and returns the result of the system call. */
ssize_t cuio_test_finish(struct cuio_test *test, int call);
/* Sends a signal: -EINTR, or the number of bytes that a write has done; the call's result if it had
 * ended before, or once it has ended if it holds the device's lock. */
ssize_t cuio_test_cancel(struct cuio_test *test, int call);

/* --- the card --------------------------------------------------------------------------------- */

/*
 * A register from the card's side, whatever its Access=: "NAME", "NAME[3]" for an element,
 * "NAME.FIELD" for a field. Makes one access of the register's width; a write of a field makes two.
 * Without a model (below) registers are memory.
 */
uint64_t cuio_test_peek(struct cuio_test *test, const char *name);
void cuio_test_poke(struct cuio_test *test, const char *name, uint64_t value);
/*
 * Raises the card's interrupt once: cause() and interrupt() have been called when this returns.
 * Poke the registers that they read before. -ENXIO: the description has no [Interrupt]; -ETIMEDOUT:
 * the driver did not take it, because another one is being handled.
 */
int cuio_test_interrupt(struct cuio_test *test);

/* CLOCK_MONOTONIC in nanoseconds, for the driver and the card. */
uint64_t cuio_test_now(void);
/* Lets this many nanoseconds pass (0: none), and serves the events of that time. */
void cuio_test_run(struct cuio_test *test, uint64_t nanoseconds);
/* Lets time pass until `met` returns true; it is called every 0.2 ms. False: it did not within 20
 * seconds. */
bool cuio_test_until(struct cuio_test *test, bool (*met)(struct cuio_test *test, void *context),
		     void *context);

/* The driver's cuio_device_state() as last committed. Read only; valid until the next call for
 * `test`. */
const void *cuio_test_state(const struct cuio_test *test);

/*
 * The behaviour of the card: a model for one BAR, instead of memory and of the description's
 * Model=. Its state is plain data in the simulated card, zeroed at power-on before reset(); it
 * outlives crashes of the process. `now` is cuio_test_now(). A model must not call functions of
 * this file.
 */
#define CUIO_TEST_MODEL_STATE_MAX 20480U /* bytes */
struct cuio_test_model {
	const char *name;
	unsigned bar; /* the BAR with the model; other windows are memory */
	size_t state_size;
	void (*reset)(void *state); /* NULL: zeroed state is right */
	/* Mandatory. `offset` is relative to the window; `width` is 1, 2, 4 or 8 bytes. */
	uint64_t (*read)(void *state, uint64_t now, uint64_t offset, unsigned width);
	void (*write)(void *state, uint64_t now, uint64_t offset, unsigned width, uint64_t value);
	/* Whether the card asserts its interrupt line (a level). NULL: never. */
	bool (*asserted)(void *state, uint64_t now);
	/* The next time when `asserted` may become true without an access; 0 or NULL: none. */
	uint64_t (*deadline)(const void *state);
};
/* Must be called before the first start. The model must outlive `test`. */
void cuio_test_set_model(struct cuio_test *test, const struct cuio_test_model *model);

#ifdef __cplusplus
}
#endif

#endif
