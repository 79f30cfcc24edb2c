// SPDX-License-Identifier: MIT
// What the tests of redaction share: a redactor that gathers its lines, and values made at run
// time.
#ifndef BS_TESTS_REDACTING_H
#define BS_TESTS_REDACTING_H

#include <stdio.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/rules/redact.h"

struct redacting {
	struct bs_redact *redact;
	struct bs_diag diag;
	struct bs_buf out;
};

static inline enum bs_status redacting_take(
	void *ctx, const struct bs_line *line, struct bs_err *err)
{
	struct redacting *redacting = ctx;
	if (redacting->out.len > 0)
		bs_buf_add_char(&redacting->out, '\n');
	bs_buf_add(&redacting->out, line->text);
	return bs_buf_status(&redacting->out, "output", err);
}

static inline void redacting_init(struct redacting *redacting)
{
	memset(redacting, 0, sizeof(*redacting));
	bs_buf_init(&redacting->out, 64 * 1024 * 1024);
	assert_int_equal(bs_redact_new((struct bs_line_sink){redacting_take, redacting},
				 &redacting->diag, &redacting->redact, NULL),
		BS_OK);
}

static inline void redacting_release(struct redacting *redacting)
{
	bs_redact_free(redacting->redact);
	bs_buf_release(&redacting->out);
}

static inline void redacting_know(struct redacting *redacting, const char *name, const char *value)
{
	assert_int_equal(
		bs_redact_add_value(redacting->redact, name, bs_str_c(value), NULL), BS_OK);
}

// The text line by line through the flow; the result stays until the next call.
static inline struct bs_str redacting_run(struct redacting *redacting, const char *text)
{
	struct bs_str rest = bs_str_c(text);
	struct bs_line line = {.number = 1};
	bs_buf_clear(&redacting->out);
	while (bs_str_split(&rest, '\n', &line.text)) {
		assert_int_equal(bs_redact_take(redacting->redact, &line, NULL), BS_OK);
		line.number++;
	}
	assert_int_equal(bs_redact_finish(redacting->redact, NULL), BS_OK);
	return bs_buf_str(&redacting->out);
}

// Letters and digits that follow from seed: no literal of a token stands in the sources.
static inline void make_body(char *text, size_t bytes, const char *alphabet, unsigned seed)
{
	for (size_t i = 0; i + 1 < bytes; i++) {
		seed = seed * 1103515245u + 12345u;
		text[i] = alphabet[(seed >> 16) % strlen(alphabet)];
	}
	text[bytes - 1] = '\0';
}

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define BASE64 ALNUM "+/"
#define HEX "0123456789abcdef"

#endif
