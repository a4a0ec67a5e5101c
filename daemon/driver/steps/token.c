/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splits a line into tokens. Blanks only separate tokens. */
#include "driver/steps/token.h"
#include "base/digits.h"
#include "base/time_unit.h"
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define DIGITS	"0123456789"

static void token_text(struct token *token, enum token_kind kind, const char *text, size_t length)
{
	if (length > TOKEN_TEXT_MAX) {
		length = TOKEN_TEXT_MAX;
		kind = TOKEN_BAD;
	}
	token->kind = kind;
	memcpy(token->text, text, length);
	token->text[length] = 0;
}

/* A number with an optional unit, without a blank in between. */
static const char *lex_number(struct token *token, const char *text)
{
	const char *end = text;
	int r = digits_take(&end, &token->number);
	size_t length = strspn(end, LETTERS DIGITS);
	const struct time_unit *unit = time_unit_find(end, length);

	token_text(token, length ? TOKEN_TIME : TOKEN_NUMBER, text, (size_t)(end - text) + length);
	if (r < 0 ||
	    (length && (!unit || __builtin_mul_overflow(token->number, unit->ns, &token->number))))
		token->kind = TOKEN_BAD;
	return end + length;
}

/* 'c', with \\ \' \n \r \t \0 as in C */
static const char *lex_character(struct token *token, const char *text)
{
	static const char escapes[] = "\\\\''n\nr\rt\t0\0";
	size_t length = 3;
	unsigned char value = (unsigned char)text[1];

	if (text[1] == '\\' && text[2]) {
		length = 4;
		value = 0;
		for (size_t i = 0; i + 1 < sizeof(escapes); i += 2) {
			if (escapes[i] == text[2])
				value = (unsigned char)escapes[i + 1];
		}
		if (!value && text[2] != '0')
			length = 0;
	}
	if (!text[1] || text[1] == '\'' || strnlen(text, length) < length || !length ||
	    text[length - 1] != '\'') {
		token_text(token, TOKEN_BAD, text, strlen(text));
		return text + strlen(text);
	}
	token_text(token, TOKEN_NUMBER, text, length);
	token->number = value;
	return text + length;
}

static const char *lex_sign(struct token *token, const char *text)
{
	static const char pairs[][3] = { "||", "&&", "==", "!=", "<=", ">=", "<<", ">>" };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		if (!strncmp(text, pairs[i], 2)) {
			token_text(token, TOKEN_SIGN, text, 2);
			return text + 2;
		}
	}
	token_text(token, strchr("|&^=!<>+-*/%~()[]:.@,", *text) ? TOKEN_SIGN : TOKEN_BAD, text, 1);
	return text + 1;
}

void lexer_next(struct lexer *lexer)
{
	const char *text = lexer->next + strspn(lexer->next, " \t");
	size_t length = strspn(text, LETTERS DIGITS);

	lexer->token = (struct token){ .kind = TOKEN_END };
	if (!*text) {
		lexer->next = text;
	} else if (*text >= '0' && *text <= '9') {
		lexer->next = lex_number(&lexer->token, text);
	} else if (length) {
		token_text(&lexer->token, TOKEN_NAME, text, length);
		lexer->next = text + length;
	} else if (*text == '\'') {
		lexer->next = lex_character(&lexer->token, text);
	} else {
		lexer->next = lex_sign(&lexer->token, text);
	}
}

void lexer_init(struct lexer *lexer, const char *text)
{
	lexer->next = text;
	lexer_next(lexer);
}

bool lexer_is(const struct lexer *lexer, const char *text)
{
	return (lexer->token.kind == TOKEN_NAME || lexer->token.kind == TOKEN_SIGN) &&
	       !strcmp(lexer->token.text, text);
}

bool lexer_take(struct lexer *lexer, const char *text)
{
	if (!lexer_is(lexer, text))
		return false;
	lexer_next(lexer);
	return true;
}
