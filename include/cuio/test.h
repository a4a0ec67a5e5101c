/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of a driver: a card on cuiod's simulator, served by cuiod's core in the test's own
 * process, without systemd, root, or a node. Link with what `pkg-config --libs cuio-test` says.
 * cuio-driver(3) has an example; any framework, or none, may be around it.
 *
 * The test plays both sides: the programs (cuio_test_open(), cuio_test_read(), ...) and the card
 * (cuio_test_poke(), cuio_test_interrupt()). One thread does everything, so nothing happens between
 * two calls of these functions: interrupts and timers are served while one waits or runs.
 *
 * Errors that a program or an administrator would see are returned, as negative errno values. A
 * mistake of the test itself (a register that is not there) ends the process with a
 * message on stderr, by abort(3).
 */
#ifndef CUIO_TEST_H
#define CUIO_TEST_H

#include <cuio/driver.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cuio_test;

/* The driver of this program's own CUIO_PLUGIN(), where the driver's file is linked to the test. */
extern const struct cuio_driver *const cuio_plugin;

/* --- the card, from power-on ------------------------------------------------------------------ */

/*
 * A card that is switched off yet. `description` is the path of a description, or its text (then it
 * has line feeds). `instance` is what an instance file has behind Description= and Backend=sim
 * ("[Driver]\nSpeed=3\n"), or NULL. Both are copied; `driver` must outlive the result, which is to
 * be freed. The description's Driver= is not looked at. NULL: no memory, or no temporary file.
 */
struct cuio_test *cuio_test_new(const struct cuio_driver *driver, const char *description,
				const char *instance);
/* Leaves the card as it is: stop() is not called. NULL is fine. */
void cuio_test_free(struct cuio_test *test);

/*
 * Starts the service. The first time the card is switched on: its registers have their Reset=, and
 * start() is called with CUIO_START_COLD. After cuio_test_stop() it is COLD, too, with the
 * registers as they are. -EINVAL: description, instance and driver do not fit; or what start()
 * returned. cuio_test_report() says more. Blocks as long as start() does.
 */
int cuio_test_start(struct cuio_test *test);
/* Stops the service: calls stop(). Open files and waiting requests are gone, without a release().
 */
void cuio_test_stop(struct cuio_test *test);
/*
 * The process crashes between two calls, and its successor starts: start() with CUIO_START_WARM.
 * Registers, state, open files and waiting requests go on. Returns what start() does.
 */
int cuio_test_crash(struct cuio_test *test);
/*
 * The process crashes inside a call of the driver: when the driver makes the access to a register
 * that is the `access`th from now on, 1 for the next, before that access is made. Memory in bulk
 * and the test's own accesses do not count. The successor starts at once, and serves the
 * interrupted request again or answers it EIO, as cuio(7) says. If its start() fails, the test ends
 * with a message. 0 takes the order back.
 */
void cuio_test_crash_at(struct cuio_test *test, unsigned access);
/*
 * The process is replaced by one with another build of the driver: WARM, as after a crash. -ESTALE:
 * the new build has another name, another size of state or state_version: programs would lose the
 * node; cuio_test_report() says which. The old one goes on then.
 */
int cuio_test_upgrade(struct cuio_test *test, const struct cuio_driver *driver);

/* What went wrong, as lines that end with a line feed; "" if nothing did. Valid until the next call
 * for `test`. */
const char *cuio_test_report(const struct cuio_test *test);

/* --- programs --------------------------------------------------------------------------------- */

/* The user whose calls the following are, and whether it is a 32-bit program's. Root's and 64 bits
 * at first. */
void cuio_test_set_caller(struct cuio_test *test, uint32_t uid, bool compat);

/*
 * As the system calls are. A file is 0 or more; `flags` are those of open(2), `node` is the place
 * of the description's node, 0 for the first. A call that the driver cannot answer yet waits; with
 * O_NONBLOCK a read or write returns -EAGAIN. -ETIMEDOUT: nothing has come of it in 20 seconds; the
 * call is cancelled.
 */
int cuio_test_open(struct cuio_test *test, unsigned node, unsigned flags);
int cuio_test_close(struct cuio_test *test, int file);
ssize_t cuio_test_read(struct cuio_test *test, int file, void *data, size_t size);
ssize_t cuio_test_write(struct cuio_test *test, int file, const void *data, size_t size);
/* On a node that is a file (Front=file), so that cuio_request_position() is true. */
ssize_t cuio_test_pread(struct cuio_test *test, int file, void *data, size_t size,
			uint64_t position);
ssize_t cuio_test_pwrite(struct cuio_test *test, int file, const void *data, size_t size,
			 uint64_t position);
/* `argument` as ioctl(2) takes it: memory, or a number cast to a pointer. Its size is the driver's;
 * pieces that it points to are this process's memory. */
int cuio_test_ioctl(struct cuio_test *test, int file, uint32_t number, void *argument);
/* Which enum cuio_ready there are now. Does not wait. */
unsigned cuio_test_poll(struct cuio_test *test, int file);

/*
 * The same calls in a program that waits while the test goes on. Returned is the call's number, 0
 * or more, until it is finished or cancelled; `data` and `argument` must stay. At most
 * CUIO_TEST_CALLS_MAX at a time. The driver is asked again after each interrupt, timer and other
 * finished call, as in the daemon, also after cuio_test_crash().
 */
#define CUIO_TEST_CALLS_MAX 64
int cuio_test_begin_read(struct cuio_test *test, int file, void *data, size_t size);
int cuio_test_begin_write(struct cuio_test *test, int file, const void *data, size_t size);
int cuio_test_begin_ioctl(struct cuio_test *test, int file, uint32_t number, void *argument);
bool cuio_test_is_waiting(const struct cuio_test *test, int call);
/* Waits for the end of it, and returns what the system call would. */
ssize_t cuio_test_finish(struct cuio_test *test, int call);
/* A signal: -EINTR, or how much of a write is done; if the call has ended already, its result. */
ssize_t cuio_test_cancel(struct cuio_test *test, int call);

/* --- the card --------------------------------------------------------------------------------- */

/*
 * A register as the card has it, whatever its Access=: "NAME", "NAME[3]" for an element,
 * "NAME.FIELD" for a field. One access of the register's width; that of a field's write is two.
 * Without a model (below) registers are memory: what was written is read.
 */
uint64_t cuio_test_peek(struct cuio_test *test, const char *name);
void cuio_test_poke(struct cuio_test *test, const char *name, uint64_t value);
/*
 * The card raises its interrupt once, and the driver serves it: cause() and interrupt() have been
 * called when this returns. Poke what they read before. -ENXIO: the description has no [Interrupt];
 * -ETIMEDOUT: it was not taken, as the driver has another one in hand.
 */
int cuio_test_interrupt(struct cuio_test *test);

/* CLOCK_MONOTONIC, nanoseconds: the driver's and the card's time. */
uint64_t cuio_test_now(void);
/* Lets that many nanoseconds pass, 0: none, and serves what has come by then. */
void cuio_test_run(struct cuio_test *test, uint64_t nanoseconds);
/* Lets time pass until `met` says true, which is asked every 0.2 ms. False: it was not in 20
 * seconds. */
bool cuio_test_until(struct cuio_test *test, bool (*met)(struct cuio_test *test, void *context),
		     void *context);

/* The driver's cuio_device_state() as it was last committed. Read only; valid until the next call
 * for `test`. */
const void *cuio_test_state(const struct cuio_test *test);

/*
 * What the card does by itself: a model behind one BAR, in place of registers that are memory, and
 * in place of the description's Model=. Its state is plain data in the simulated card, zeroed at
 * power-on, then reset(); it outlives crashes of the process. `now` is cuio_test_now(). A model
 * calls nothing of this file.
 */
#define CUIO_TEST_MODEL_STATE_MAX 20480U /* bytes */
struct cuio_test_model {
	const char *name;
	unsigned bar; /* the BAR it stands behind; other windows are memory */
	size_t state_size;
	void (*reset)(void *state); /* NULL: zeroes are right */
	/* Mandatory. `offset` is from the start of the window, `width` 1, 2, 4 or 8 bytes. */
	uint64_t (*read)(void *state, uint64_t now, uint64_t offset, unsigned width);
	void (*write)(void *state, uint64_t now, uint64_t offset, unsigned width, uint64_t value);
	/* Whether the card pulls its interrupt line: a level. NULL: it does not. */
	bool (*asserted)(void *state, uint64_t now);
	/* When it next may begin to without an access; 0 and NULL: not before one. */
	uint64_t (*deadline)(const void *state);
};
/* Before the first start. The model must outlive `test`. */
void cuio_test_set_model(struct cuio_test *test, const struct cuio_test_model *model);

#ifdef __cplusplus
}
#endif

#endif
