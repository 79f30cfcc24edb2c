// SPDX-License-Identifier: MIT
// Cleaning: lines are valid UTF-8 without control bytes, bounded, and the same however they are
// fed and whichever way they take.
#include <assert.h>
#include <stdlib.h>

#include "core/text/clean.h"

struct seen {
	uint64_t hash;
	uint64_t lines;
};

static enum bs_status note(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	(void)err;
	struct seen *seen = ctx;
	assert(line->number == ++seen->lines);
	assert(line->text.len <= BS_LINE_BYTES_MAX);
	assert(bs_str_is_utf8(line->text));
	for (size_t i = 0; i < line->text.len; i++) {
		unsigned char c = (unsigned char)line->text.ptr[i];
		assert(c >= 0x20 || c == '\t');
		assert(c != 0x7F);
		assert(c < 0x80 || !(line->flags & BS_LINE_ASCII)); // which not every way finds out
		if (c == 0xC2) // U+0080 to U+009F: control characters too
			assert((unsigned char)line->text.ptr[i + 1] >= 0xA0);
	}
	seen->hash = bs_str_hash(line->text, seen->hash + (line->flags & ~(unsigned)BS_LINE_ASCII));
	seen->hash = bs_str_hash(BS_LIT("\n"), seen->hash);
	return BS_OK;
}

// In pieces of `step` bytes; 0: whole.
static enum bs_status run(struct bs_str input, unsigned flags, size_t step, struct seen *seen)
{
	struct bs_clean *clean = NULL;
	enum bs_status status = bs_clean_new(
		flags, (struct bs_line_sink){note, seen}, &clean, NULL);
	assert(status == BS_OK);
	for (size_t i = 0; i < input.len && status == BS_OK;) {
		struct bs_str piece = bs_str_sub(input, i, step ? step : input.len);
		status = bs_clean_feed(clean, piece, NULL);
		i += piece.len;
	}
	if (status == BS_OK)
		status = bs_clean_finish(clean, NULL);
	bs_clean_free(clean);
	return status;
}

static void check_inline(struct bs_str input)
{
	struct bs_buf out;
	bs_buf_init(&out, 16 * 1024 * 1024);
	bs_clean_inline(input, &out);
	struct bs_str text = bs_buf_str(&out);
	assert(bs_str_is_utf8(text));
	for (size_t i = 0; i < text.len; i++)
		assert((unsigned char)text.ptr[i] >= 0x20 && text.ptr[i] != 0x7F);
	bs_buf_release(&out);
}

// The first byte chooses the flags, the second the size of pieces and whether BS_SNIFF_BYTES of
// plain lines stand before the rest.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	unsigned flags = data[0] & 3u;
	size_t step = (data[1] & 0x7Fu) + 1u;
	size_t padding = data[1] & 0x80 ? BS_SNIFF_BYTES : 0;
	char *bytes = malloc(padding + size);
	assert(bytes);
	memset(bytes, 'x', padding);
	if (padding)
		bytes[padding - 1] = '\n';
	memcpy(bytes + padding, data + 2, size - 2);
	struct bs_str input = bs_str(bytes, padding + size - 2);

	struct seen whole = {0}, pieces = {0}, careful = {0};
	enum bs_status status = run(input, flags, 0, &whole);
	assert(status == BS_OK || status == BS_INPUT);
	assert(run(input, flags, step, &pieces) == status);
	assert(whole.hash == pieces.hash && whole.lines == pieces.lines);
	assert(run(input, flags | BS_CLEAN_CAREFUL, 0, &careful) == status);
	assert(whole.hash == careful.hash && whole.lines == careful.lines);
	check_inline(input);
	free(bytes);
	return 0;
}
