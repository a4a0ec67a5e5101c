/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words, numbers, times and operators of one line of the step language. */
#ifndef STEPS_TOKEN_H
#define STEPS_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_TEXT_MAX 63U

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_NUMBER, /* also 'c' */
	TOKEN_TIME,   /* 100ms: number is in nanoseconds */
	TOKEN_SIGN,   /* an operator or bracket, one or two characters */
	TOKEN_BAD,    /* unreadable: `text` has it for the message */
};

struct token {
	enum token_kind kind;
	uint64_t number;
	char text[TOKEN_TEXT_MAX + 1]; /* as written */
};

struct lexer {
	const char *next; /* behind `token` */
	struct token token;
};

/* Reads the first token of `text`, which must outlive the lexer. */
void lexer_init(struct lexer *lexer, const char *text);
void lexer_next(struct lexer *lexer);
/* Whether the token is this name or sign. */
bool lexer_is(const struct lexer *lexer, const char *text);
/* The same, and reads the next token if it is. */
bool lexer_take(struct lexer *lexer, const char *text);

#endif
