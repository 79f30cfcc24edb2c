// SPDX-License-Identifier: MIT
// Redaction: a known value never survives, lines stay lines, and what was redacted once stays as it
// is.
#include <assert.h>
#include <stdlib.h>

#include "core/rules/redact.h"

// The first line of the input is the value, the rest is the log.
struct kept {
	struct bs_buf text;
	uint64_t lines;
};

static enum bs_status keep(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	struct kept *kept = ctx;
	assert(line->number == ++kept->lines);
	assert(bs_str_find_char(line->text, '\n') == SIZE_MAX);
	assert(bs_str_is_utf8(line->text));
	bs_buf_add(&kept->text, line->text);
	bs_buf_add_char(&kept->text, '\n');
	return bs_buf_status(&kept->text, "output", err);
}

// Runs text through a redactor that knows value; returns the number of lines that went in.
static uint64_t run(struct bs_str value, struct bs_str text, struct kept *kept, bool *ret_clean)
{
	struct bs_redact *redact = NULL;
	struct bs_line line = {.number = 0};
	enum bs_status status = bs_redact_new(
		(struct bs_line_sink){keep, kept}, NULL, &redact, NULL);
	assert(status == BS_OK);
	status = bs_redact_add_value(redact, "FUZZ_TOKEN", value, NULL);
	assert(status == BS_OK);
	while (bs_str_split(&text, '\n', &line.text)) {
		line.text = bs_str_clip_utf8(line.text, BS_LINE_BYTES_MAX);
		line.number++;
		if (!bs_str_is_utf8(line.text))
			line.text = BS_LIT("not UTF-8");
		status = bs_redact_take(redact, &line, NULL);
		assert(status == BS_OK);
	}
	status = bs_redact_finish(redact, NULL);
	assert(status == BS_OK);
	*ret_clean = bs_redact_tripwire(redact, bs_buf_str(&kept->text), NULL) == BS_OK;
	bs_redact_free(redact);
	return line.number;
}

// A value of letters that no rule lets be and no placeholder holds, without white space.
static bool is_tellable(struct bs_str value)
{
	bool seen[256] = {false};
	size_t different = 0;
	for (size_t i = 0; i < value.len; i++) {
		if ((unsigned char)value.ptr[i] <= ' ' || strchr("[]#:", value.ptr[i]))
			return false;
		different += !seen[(unsigned char)value.ptr[i]];
		seen[(unsigned char)value.ptr[i]] = true;
	}
	return value.len >= 12 && value.len <= 64 && different >= 6 && value.ptr[0] != '/' &&
	       bs_str_is_utf8(value) && bs_str_ifind(BS_LIT("development"), value) == SIZE_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_str text = bs_str((const char *)data, size), value;
	struct kept once = {.lines = 0}, twice = {.lines = 0};
	bool clean_once, clean_twice;
	if (size > 64 * 1024 || !bs_str_split(&text, '\n', &value) || !text.ptr)
		return 0;
	bs_buf_init(&once.text, 64 * 1024 * 1024);
	bs_buf_init(&twice.text, 64 * 1024 * 1024);
	uint64_t lines = run(value, text, &once, &clean_once);
	assert(once.lines == lines);
	if (is_tellable(value)) {
		assert(!bs_str_has(bs_buf_str(&once.text), value));
	}
	// Once more: placeholders are left alone, and no value appears by what was taken away.
	struct bs_str again = bs_str_sub(bs_buf_str(&once.text), 0, once.text.len - 1);
	assert(run(value, again, &twice, &clean_twice) == lines);
	assert(twice.lines == lines);
	bs_buf_release(&once.text);
	bs_buf_release(&twice.text);
	return 0;
}
