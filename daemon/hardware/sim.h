/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model of a simulated card: how its registers differ from memory. The model's state is plain
 * data in the simulator's memory, which outlives the process: it must be consistent even if the
 * process dies inside a call. Time is CLOCK_MONOTONIC in nanoseconds.
 */
#ifndef HARDWARE_SIM_H
#define HARDWARE_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_STATE_SIZE 20480U
#define SIM_MODELS_MAX 32U

struct sim_model {
	const char *name; /* as Model= names it */
	unsigned bar;	  /* the BAR that is modelled; other windows are memory */
	size_t state_size;
	void (*reset)(void *state); /* on zeroed state */
	uint64_t (*read)(void *state, uint64_t now, uint64_t offset, unsigned width);
	void (*write)(void *state, uint64_t now, uint64_t offset, unsigned width, uint64_t value);
	/* The same for configuration space; NULL: that is memory. */
	uint64_t (*config_read)(void *state, uint64_t now, uint64_t offset, unsigned width);
	void (*config_write)(void *state, uint64_t now, uint64_t offset, unsigned width,
			     uint64_t value);
	/* Whether the card asserts its interrupt line; NULL: the card has none. */
	bool (*asserted)(void *state, uint64_t now);
	/* When the line may next become asserted without an access; 0, and NULL: never. */
	uint64_t (*deadline)(const void *state);
};

extern const struct sim_model sim_edu;
extern const struct sim_model sim_i6300esb;
extern const struct sim_model sim_uart16550;
extern const struct sim_model sim_uart16450;
extern const struct sim_model sim_ne2000;

/*
 * One interrupt of a card whose model has none, or beside those that it has: the line is pulled
 * until the interrupt is taken. For tests. -ENXIO: no interrupt is wanted of this card.
 */
struct hardware;
int sim_raise(struct hardware *hardware);
bool sim_is_raised(const struct hardware *hardware);
/* The card loses its registers, as it may while the machine sleeps; they get the values of `spec`.
 * The kernel keeps configuration space, and so the interrupt's mask. For tests. */
struct hardware_spec;
void sim_lose_power(struct hardware *hardware, const struct hardware_spec *spec);

/* The models by name, NULL at the end. */
extern const struct sim_model *const sim_models[];

#endif
