// SPDX-License-Identifier: GPL-2.0-or-later
/* cuioctl batch: checks the steps of a file, and lets the daemon execute them. */
#include "batch.h"
#include "access.h"
#include "message.h"
#include "number.h"
#include "reading.h"
#include <cuio/batch.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int send_batch(struct node *node, struct cuio_batch_buffer *batch)
{
	return node_call(node, CUIO_IOCTL_BATCH(batch->head.n_steps), batch);
}

#define ERRNO_MAX 4095 /* the kernel's */

/* Why a step was not done: an error in any case, whatever the daemon says. */
static int step_error(const struct cuio_batch *head)
{
	return head->error < 0 && head->error >= -ERRNO_MAX ? head->error : -EPROTO;
}

/* Adds up to `most` steps from `first` on to the batch. Returns their number. */
static size_t fill(struct cuio_batch_buffer *batch, const struct batch_file *file, size_t first,
		   size_t most)
{
	size_t n = 0;

	cuio_batch_clear(batch);
	while (n < most && first + n < file->n_steps)
		cuio_batch_add(batch, &file->steps[first + n++].step);
	return n;
}

static int no_batch(const struct node *node, int error)
{
	if (error == -ENOTTY)
		return message_failed("%s: its daemon (cuiod %s) is too old for batches; get and "
				      "set do one access at a time",
				      node->name, node->info.daemon_version);
	return node_refused(node, node->name, error);
}

static int step_refused(const struct node *node, const struct batch_file *file, size_t index,
			int error)
{
	const struct batch_step *step = &file->steps[index];
	int r;

	message_at(file->name, step->line);
	r = access_refused(node, &step->target,
			   step->step.kind == CUIO_STEP_WRITE ? CUIO_REGISTER_WRITE
							      : CUIO_REGISTER_READ,
			   error);
	message_at(NULL, 0);
	return r;
}

/*
 * Checks what only the daemon knows: the caller's rights, excluded elements, reads with side
 * effects. The daemon checks a batch that ends in a step of no kind, but does not execute it.
 */
static int check_steps(struct node *node, const struct batch_file *file)
{
	const struct cuio_step none = { .kind = CUIO_STEP_NONE };
	struct cuio_batch_buffer batch;
	unsigned mistakes = 0;
	int status = 0;

	for (size_t at = 0; at < file->n_steps && mistakes < BATCH_MISTAKES_MAX;) {
		size_t n = fill(&batch, file, at, CUIO_BATCH_STEPS_MAX - 1);
		int r;

		cuio_batch_add(&batch, &none);
		r = send_batch(node, &batch);
		if (r < 0)
			return no_batch(node, r);
		at += batch.head.stopped < n ? batch.head.stopped : n;
		if (batch.head.stopped < n) {
			status = step_refused(node, file, at++, step_error(&batch.head));
			mistakes++;
		}
	}
	if (mistakes == BATCH_MISTAKES_MAX)
		batch_file_flood(file);
	return status;
}

/* Formats "0x2a", or a single decimal digit. */
static const char *plain(char text[NUMBER_TEXT_SIZE], const struct target *target, uint64_t value)
{
	value = reading_extract(target, value);
	snprintf(text, NUMBER_TEXT_SIZE, value < 10 ? "%" PRIu64 : "0x%" PRIx64, value);
	return text;
}

static const char *before(char text[64], size_t done)
{
	if (done == 0)
		return "no step was carried out before it";
	if (done == 1)
		return "the step before it was carried out";
	snprintf(text, 64, "the %zu steps before it were carried out", done);
	return text;
}

static int until_failed(const struct batch_step *step, uint64_t seen, size_t done)
{
	char name[TARGET_TEXT_SIZE], wanted[NUMBER_TEXT_SIZE], found[NUMBER_TEXT_SIZE];
	char time[NUMBER_TEXT_SIZE], text[64];

	number_time(time, step->step.timeout);
	return message_failed("%s is not %s%s%s, it is %s; %s", target_text(name, &step->target),
			      plain(wanted, &step->target, step->step.value),
			      step->step.timeout ? " after " : "", step->step.timeout ? time : "",
			      plain(found, &step->target, seen), before(text, done));
}

/* The state of a sequence of batches. */
struct run {
	struct node *node;
	struct batch_file *file;
	size_t done;	 /* number of executed steps; their `value` is what they read */
	size_t first, n; /* of the last batch */
	int failed;	 /* -errno of its ioctl: the number of executed steps is unknown */
	int error;	 /* -errno of the step `stopped` */
	size_t stopped;
	uint64_t seen; /* the last value that it read */
};

static void run_batch(struct run *run)
{
	struct cuio_batch_buffer batch;
	size_t done;
	int r;

	run->first = run->done;
	run->n = fill(&batch, run->file, run->first, CUIO_BATCH_STEPS_MAX);
	r = send_batch(run->node, &batch);
	if (r < 0) {
		run->failed = r;
		return;
	}
	done = (size_t)r < run->n ? (size_t)r : run->n;
	for (size_t i = 0; i < done; i++)
		run->file->steps[run->first + i].step.value = batch.steps[i].value;
	run->done += done;
	if (done < run->n) {
		size_t at = batch.head.stopped < run->n ? batch.head.stopped : done;

		run->error = step_error(&batch.head);
		run->stopped = run->first + at;
		run->seen = batch.steps[at].value;
	}
}

static int lost(const struct run *run)
{
	const struct batch_step *first = &run->file->steps[run->first];

	if (run->failed != -EINTR && run->failed != -EIO)
		return no_batch(run->node, run->failed);
	if (run->failed == -EINTR)
		return message_failed("%s: a signal came before the steps of lines %u to %u, while "
				      "another program had the card; none of them was carried out",
				      run->file->name, first->line, first[run->n - 1].line);
	return message_failed("%s: the daemon crashed during the steps of lines %u to %u; how many "
			      "of them were carried out is not known",
			      run->file->name, first->line, first[run->n - 1].line);
}

static int say_why(const struct run *run)
{
	int r;

	if (run->failed)
		return lost(run);
	if (run->error == -ETIMEDOUT) {
		const struct batch_step *step = &run->file->steps[run->stopped];

		message_at(run->file->name, step->line);
		r = until_failed(step, run->seen, run->done);
		message_at(NULL, 0);
		return r;
	}
	/* The step passed the check before: the daemon has another description now. */
	r = step_refused(run->node, run->file, run->stopped, run->error);
	message_note("%zu steps were carried out before", run->done);
	return r;
}

static int print_readings(const struct verb_call *call, const struct batch_file *file, size_t done)
{
	struct reading *readings = calloc(done + 1, sizeof(*readings));
	size_t n = 0;
	int r = 0;

	if (!readings)
		return message_memory();
	for (size_t i = 0; i < done; i++)
		if (file->steps[i].step.kind != CUIO_STEP_WRITE)
			readings[n++] = (struct reading){ file->steps[i].target,
							  file->steps[i].step.value };
	if (n || call->json)
		r = reading_print(readings, n, call->options & VERB_VALUE, call->json);
	free(readings);
	return r;
}

static int run_steps(struct verb_call *call, struct batch_file *file)
{
	struct run run = { .node = call->node, .file = file };
	int r;

	while (run.done < file->n_steps && !run.failed && !run.error)
		run_batch(&run);
	r = print_readings(call, file, run.done);
	if (!run.failed && !run.error)
		return r;
	fflush(stdout);
	return say_why(&run);
}

int batch_on_node(struct verb_call *call, struct batch_file *file)
{
	struct map map = { 0 };
	int r = map_load(call->node, &map);

	if (r == 0)
		r = batch_file_parse(file, call->node, &map);
	if (r == 0)
		r = check_steps(call->node, file);
	if (r == 0)
		r = run_steps(call, file);
	map_done(&map);
	return r;
}

static const char *below_dev(const char *name)
{
	return strncmp(name, "/dev/", 5) ? name : name + 5;
}

/* `named` is the command line's node, or NULL. */
static int choose_node(const struct batch_file *file, const char *named, const char **ret)
{
	if (named && file->node[0] && strcmp(below_dev(named), below_dev(file->node)) != 0)
		return message_usage("%s:%u is for the node %s, the command line says %s",
				     file->name, file->node_line, file->node, named);
	/* Errors in a node line are reported with those of the other lines. */
	if (!named && !file->node[0])
		return file->node_line
			       ? MESSAGE_USAGE
			       : message_usage("%s names no node: begin it with 'node NAME', or "
					       "name it before the file",
					       file->name);
	*ret = named ? named : file->node;
	return 0;
}

static int open_node(const struct batch_file *file, const char *named, struct node *ret)
{
	const char *name = NULL;
	int r = choose_node(file, named, &name);

	if (r != 0)
		return r;
	if (!named)
		message_at(file->name, file->node_line);
	r = node_open(name, ret);
	message_at(NULL, 0);
	return r;
}

static int run_file(struct verb_call *call, struct batch_file *file, const char *named)
{
	struct node node;
	int r = open_node(file, named, &node), form;

	if (r != 0) {
		form = batch_file_parse(file, NULL, NULL);
		return form > r ? form : r;
	}
	call->node = &node;
	r = batch_on_node(call, file);
	node_close(&node);
	return r;
}

static int batch_run(struct verb_call *call)
{
	const char *named = call->n_arguments > 1 ? call->arguments[0] : NULL;
	struct batch_file file;
	int r = reading_check_form(call->options & VERB_VALUE, call->json);

	if (r != 0)
		return r;
	r = batch_file_read(call->arguments[call->n_arguments - 1], &file);
	if (r == 0)
		r = run_file(call, &file, named);
	batch_file_done(&file);
	return r;
}

const struct verb batch_verb = {
	.name = "batch",
	.arguments = "[NODE] FILE",
	.summary = "carry out the steps of a file, with nobody else's between them",
	.help = "FILE, or - for standard input, has one step a line; # begins a comment:\n"
		"\n"
		"  node NAME                                (before the steps, if NODE is not "
		"given)\n"
		"  read REG[.FIELD]\n"
		"  write REG[.FIELD] = VALUE                (\"write\" may be left out)\n"
		"  until REG[.FIELD] == VALUE within TIME   (such as 10ms; without: looks once)\n"
		"\n"
		"All lines are checked before the first step is carried out. What read and until\n"
		"have read is listed.\n"
		"\n"
		"  --value  print the values alone, in hex, one a line\n"
		"  --json   print {\"registers\": [...]}\n",
	.options = VERB_VALUE | VERB_JSON,
	.min = 1,
	.max = 2,
	.run = batch_run,
};
