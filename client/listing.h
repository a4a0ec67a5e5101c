/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints a table or a JSON object through libsmartcols: both have the same rows, and each column
 * says in which of them it appears. The JSON is {"NAME": [{"column": ...}, ...]}.
 */
#ifndef CLIENT_LISTING_H
#define CLIENT_LISTING_H

#include <libsmartcols.h>
#include <stdbool.h>
#include <stddef.h>

#define LISTING_COLUMNS_MAX 32U

enum listing_type {
	LISTING_STRING,
	LISTING_NUMBER,
	LISTING_BOOLEAN, /* "1" or "0" */
};

#define LISTING_TEXT  (1U << 0) /* appears in the table */
#define LISTING_JSON  (1U << 1) /* appears in the JSON, with its name in lower case */
#define LISTING_BOTH  (LISTING_TEXT | LISTING_JSON)
#define LISTING_RIGHT (1U << 2)
#define LISTING_SPARE (1U << 3) /* omitted from a table if all its cells are empty */

struct listing_column {
	const char *name;
	enum listing_type type;
	unsigned flags;
};

struct listing {
	bool json;
	bool failed; /* out of memory: nothing is printed */
	struct libscols_table *table;
	struct libscols_line *row; /* the last one */
	size_t n_columns;
	unsigned flags[LISTING_COLUMNS_MAX];
	bool used[LISTING_COLUMNS_MAX];
	struct libscols_column *columns[LISTING_COLUMNS_MAX]; /* NULL: not in this form */
};

void listing_init(struct listing *listing, const char *name, bool json,
		  const struct listing_column *columns, size_t n);
void listing_no_headings(struct listing *listing);
void listing_row(struct listing *listing);
/* Sets a cell of the last row; ignored for a column that is not in this form. A cell that is not
 * set, or is set to "", is empty, in JSON null. */
void listing_set(struct listing *listing, size_t column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Prints to stdout and releases all memory. Returns an exit status. */
int listing_print(struct listing *listing);
void listing_done(struct listing *listing);

#endif
