// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a table or a JSON object through libsmartcols. */
#include "listing.h"
#include "base/utf8.h"
#include "message.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void listing_init(struct listing *listing, const char *name, bool json,
		  const struct listing_column *columns, size_t n)
{
	assert(n <= LISTING_COLUMNS_MAX);
	*listing = (struct listing){ .json = json, .n_columns = n };
	listing->table = scols_new_table();
	if (!listing->table || scols_table_set_name(listing->table, name) < 0 ||
	    scols_table_enable_json(listing->table, json) < 0) {
		listing->failed = true;
		return;
	}
	scols_table_enable_ascii(listing->table, 1);
	for (size_t i = 0; i < n; i++) {
		int flags = columns[i].flags & LISTING_RIGHT ? SCOLS_FL_RIGHT : 0;

		listing->flags[i] = columns[i].flags;
		if (!(columns[i].flags & (json ? LISTING_JSON : LISTING_TEXT)))
			continue;
		listing->columns[i] =
			scols_table_new_column(listing->table, columns[i].name, 0, flags);
		if (!listing->columns[i]) {
			listing->failed = true;
			return;
		}
		if (columns[i].type != LISTING_STRING)
			scols_column_set_json_type(listing->columns[i],
						   columns[i].type == LISTING_NUMBER
							   ? SCOLS_JSON_NUMBER
							   : SCOLS_JSON_BOOLEAN);
	}
}

void listing_no_headings(struct listing *listing)
{
	if (listing->table)
		scols_table_enable_noheadings(listing->table, 1);
}

void listing_row(struct listing *listing)
{
	if (listing->failed)
		return;
	listing->row = scols_table_new_line(listing->table, NULL);
	if (!listing->row)
		listing->failed = true;
}

void listing_set(struct listing *listing, size_t column, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;
	int length;

	assert(column < listing->n_columns);
	if (listing->failed || !listing->columns[column])
		return;
	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0) {
		listing->failed = true;
		return;
	}
	/* Titles come from files in any encoding, but JSON is UTF-8. */
	utf8_clean(text);
	if (*text)
		listing->used[column] = true;
	if (scols_line_refer_column_data(listing->row, listing->columns[column], text) < 0) {
		free(text);
		listing->failed = true;
	}
}

static void drop_spare_columns(struct listing *listing)
{
	for (size_t i = 0; i < listing->n_columns; i++)
		if (listing->columns[i] && !listing->used[i] && (listing->flags[i] & LISTING_SPARE))
			scols_column_set_flags(listing->columns[i], SCOLS_FL_HIDDEN);
}

int listing_print(struct listing *listing)
{
	int r = 0;

	if (!listing->json && !listing->failed)
		drop_spare_columns(listing);
	if (listing->failed || scols_print_table(listing->table) < 0)
		r = message_memory();
	listing_done(listing);
	return r;
}

void listing_done(struct listing *listing)
{
	scols_unref_table(listing->table);
	listing->table = NULL;
}
