// SPDX-License-Identifier: MIT
// Bytes of a log → clean lines, streaming: most lines pass uncopied, the others through a screen.
//
// A plain line goes on as it stands; one with nothing but colours is copied (paint.c). Any other
// goes byte by byte through row.c; that path alone defines what a line is. What a feed has of a
// line without its end waits for the next one.
#include "core/text/clean.h"

#include <stdlib.h>

#include "core/text/batch.h"
#include "core/text/paint.h"
#include "core/text/row.h"
#include "core/text/sniff.h"
#include "core/text/utf8.h"

struct bs_clean {
	unsigned flags;
	uint64_t input_bytes;
	struct bs_batch batch;

	bool is_sniffed;
	struct bs_sniffed sniffed;
	size_t sniff_len;
	char sniff[BS_SNIFF_BYTES];

	// UTF-16: what a feed cut in two
	bool has_odd_byte;
	unsigned char odd_byte;
	uint32_t high_surrogate;
	bool after_cr; // BS_ENCODING_UTF8_CR: a '\n' right after '\r' ends no second line

	bool in_line; // part of a line is in `row`
	struct bs_row row;
	size_t open_bytes; // of a line whose end is to come, if it is not too long
	char open[BS_LINE_BYTES_MAX + 1];
};

enum bs_status bs_clean_new(
	unsigned flags, struct bs_line_sink sink, struct bs_clean **ret_clean, struct bs_err *err)
{
	struct bs_clean *clean = calloc(1, sizeof(*clean));
	if (!clean)
		return bs_fail_nomem(err);
	clean->flags = flags;
	clean->batch.sink = sink;
	clean->batch.keeps_stamps = flags & BS_CLEAN_KEEP_STAMPS;
	bs_row_init(&clean->row, flags & BS_CLEAN_KEEP_REDRAWS);
	enum bs_status status = flags & BS_CLEAN_NO_KINDS ? BS_OK
							  : bs_kinds_new(&clean->batch.kinds, err);
	if (status != BS_OK) {
		free(clean);
		return status;
	}
	*ret_clean = clean;
	return BS_OK;
}

void bs_clean_free(struct bs_clean *clean)
{
	if (!clean)
		return;
	bs_kinds_free(clean->batch.kinds);
	explicit_bzero(clean, sizeof(*clean)); // lines may hold secrets
	free(clean);
}

struct bs_clean_stats bs_clean_stats(const struct bs_clean *clean)
{
	return (struct bs_clean_stats){
		clean->input_bytes, clean->batch.lines, clean->batch.had_content};
}

// --- lines

static enum bs_status end_line(struct bs_clean *clean, struct bs_err *err)
{
	unsigned flags = 0;
	char *text = bs_batch_room(&clean->batch);
	size_t len = bs_row_end(&clean->row, text, &flags);
	clean->in_line = false;
	return bs_batch_add(&clean->batch, bs_str(text, len), flags, BS_UTF8_ANY, err);
}

// The bytes of a line of so many plain ones that ends right behind them; 0 when it does not. Lines
// end with any number of '\r' and '\n': a redraw that draws nothing.
static size_t ends_behind(struct bs_str bytes, size_t plain)
{
	size_t i = plain;
	while (i < bytes.len && bytes.ptr[i] == '\r')
		i++;
	return i < bytes.len && bytes.ptr[i] == '\n' ? i + 1 : 0;
}

// Takes the line at the front of bytes, where it begins and ends; *ret_bytes is 0 when no end is
// there.
static enum bs_status take_line(
	struct bs_clean *clean, struct bs_str bytes, size_t *ret_bytes, struct bs_err *err)
{
	unsigned seen = 0;
	struct bs_painted painted;
	bool careful = clean->flags & BS_CLEAN_CAREFUL;
	bool begins_odd = careful || bytes.ptr[0] == '\x1b';
	size_t plain = begins_odd ? 0 : bs_utf8_plain_run(bytes, &seen);
	size_t end = begins_odd ? 0 : ends_behind(bytes, plain);
	if (end > 0 && plain <= BS_LINE_BYTES_MAX &&
		!bs_row_may_begin_stamp(bs_str_sub(bytes, 0, plain))) {
		*ret_bytes = end;
		return bs_batch_add(&clean->batch, bs_str_sub(bytes, 0, plain), 0, seen, err);
	}
	char *text = bs_batch_room(&clean->batch);
	if (!careful && bs_paint_strip(bytes, plain, seen, clean->flags & BS_CLEAN_KEEP_REDRAWS,
				text, &painted) == BS_PAINT_DONE) {
		*ret_bytes = painted.bytes;
		return bs_batch_add(&clean->batch, bs_str(text, painted.len),
			painted.is_red ? BS_LINE_RED : 0u, painted.seen, err);
	}
	size_t newline = bs_str_find_char(bytes, '\n');
	*ret_bytes = newline == SIZE_MAX ? 0 : newline + 1;
	if (newline == SIZE_MAX)
		return BS_OK;
	bs_row_take(&clean->row, bs_str_sub(bytes, 0, newline));
	return end_line(clean, err);
}

// A part of a line that is longer than a line may be.
static void take_part(struct bs_clean *clean, struct bs_str part)
{
	bs_row_take(&clean->row, part);
	clean->in_line = true;
}

// Goes on with the line that is open, up to its newline if that came; *ret_bytes were used.
static enum bs_status take_open(
	struct bs_clean *clean, struct bs_str bytes, size_t *ret_bytes, struct bs_err *err)
{
	size_t newline = bs_str_find_char(bytes, '\n'), used;
	bool ends = newline != SIZE_MAX;
	*ret_bytes = ends ? newline + 1 : bytes.len;
	if (clean->in_line || clean->open_bytes + *ret_bytes > sizeof(clean->open)) {
		take_part(clean, bs_str(clean->open, clean->open_bytes));
		clean->open_bytes = 0;
		take_part(clean, bs_str_sub(bytes, 0, ends ? newline : bytes.len));
		return ends ? end_line(clean, err) : BS_OK;
	}
	if (*ret_bytes > 0)
		memcpy(clean->open + clean->open_bytes, bytes.ptr, *ret_bytes);
	clean->open_bytes += *ret_bytes;
	if (!ends)
		return BS_OK;
	struct bs_str line = bs_str(clean->open, clean->open_bytes);
	clean->open_bytes = 0; // its bytes stay as they are until the batch is delivered
	return take_line(clean, line, &used, err);
}

static enum bs_status take_utf8(struct bs_clean *clean, struct bs_str bytes, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	size_t used = 1;
	if (clean->in_line || clean->open_bytes > 0) {
		status = take_open(clean, bytes, &used, err);
		bytes = bs_str_from(bytes, used);
	}
	while (bytes.len > 0 && status == BS_OK && used > 0) {
		status = take_line(clean, bytes, &used, err);
		bytes = bs_str_from(bytes, used);
	}
	if (status == BS_OK)
		status = bs_batch_deliver(&clean->batch, err);
	if (status != BS_OK || bytes.len == 0)
		return status;
	return take_open(clean, bytes, &used, err);
}

// --- encodings

#define CHUNK_BYTES 4096

static enum bs_status take_cr_lines(struct bs_clean *clean, struct bs_str bytes, struct bs_err *err)
{
	char chunk[CHUNK_BYTES];
	size_t len = 0;
	enum bs_status status = BS_OK;
	for (size_t i = 0; i < bytes.len && status == BS_OK; i++) {
		char c = bytes.ptr[i];
		if (c != '\n' || !clean->after_cr)
			chunk[len++] = c == '\r' ? '\n' : c;
		clean->after_cr = c == '\r';
		if (len == sizeof(chunk)) {
			status = take_utf8(clean, bs_str(chunk, len), err);
			len = 0;
		}
	}
	return status == BS_OK ? take_utf8(clean, bs_str(chunk, len), err) : status;
}

// One unit of UTF-16 as UTF-8; a surrogate without its other half is U+FFFD.
static size_t put_unit(struct bs_clean *clean, uint32_t unit, char *bytes)
{
	size_t len = 0;
	uint32_t high = clean->high_surrogate;
	clean->high_surrogate = 0;
	if (unit >= 0xDC00 && unit < 0xE000)
		return bs_utf8_put(high ? 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)
					: BS_UTF8_REPLACEMENT,
			bytes);
	if (high)
		len = bs_utf8_put(BS_UTF8_REPLACEMENT, bytes);
	if (unit >= 0xD800 && unit < 0xDC00)
		clean->high_surrogate = unit;
	else
		len += bs_utf8_put(unit, bytes + len);
	return len;
}

static enum bs_status take_utf16(struct bs_clean *clean, struct bs_str bytes, struct bs_err *err)
{
	char chunk[CHUNK_BYTES];
	size_t len = 0;
	enum bs_status status = BS_OK;
	bool big = clean->sniffed.encoding == BS_ENCODING_UTF16_BE;
	for (size_t i = 0; i < bytes.len && status == BS_OK; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];
		clean->has_odd_byte = !clean->has_odd_byte;
		if (clean->has_odd_byte) {
			clean->odd_byte = byte;
			continue;
		}
		uint32_t first = clean->odd_byte, second = byte;
		len += put_unit(
			clean, big ? first << 8 | second : second << 8 | first, chunk + len);
		if (len + 8 > sizeof(chunk)) {
			status = take_utf8(clean, bs_str(chunk, len), err);
			len = 0;
		}
	}
	return status == BS_OK ? take_utf8(clean, bs_str(chunk, len), err) : status;
}

static enum bs_status take(struct bs_clean *clean, struct bs_str bytes, struct bs_err *err)
{
	switch (clean->sniffed.encoding) {
	case BS_ENCODING_UTF8:
		return take_utf8(clean, bytes, err);
	case BS_ENCODING_UTF8_CR:
		return take_cr_lines(clean, bytes, err);
	case BS_ENCODING_UTF16_LE:
	case BS_ENCODING_UTF16_BE:
		return take_utf16(clean, bytes, err);
	}
	return BS_OK;
}

// Decides on the first bytes, then takes them.
static enum bs_status sniff(struct bs_clean *clean, struct bs_str first, struct bs_err *err)
{
	clean->is_sniffed = true;
	clean->sniffed = bs_sniff(first);
	if (clean->sniffed.binary)
		return bs_fail(err, BS_INPUT, "%s", clean->sniffed.binary);
	return take(clean, bs_str_from(first, clean->sniffed.mark_bytes), err);
}

enum bs_status bs_clean_feed(struct bs_clean *clean, struct bs_str bytes, struct bs_err *err)
{
	clean->input_bytes += bytes.len;
	if (!clean->is_sniffed) {
		struct bs_str first = bs_str_sub(bytes, 0, sizeof(clean->sniff) - clean->sniff_len);
		if (first.len)
			memcpy(clean->sniff + clean->sniff_len, first.ptr, first.len);
		clean->sniff_len += first.len;
		if (clean->sniff_len < sizeof(clean->sniff))
			return BS_OK;
		bytes = bs_str_from(bytes, first.len);
		enum bs_status status = sniff(clean, bs_str(clean->sniff, clean->sniff_len), err);
		if (status != BS_OK)
			return status;
	}
	return take(clean, bytes, err);
}

enum bs_status bs_clean_finish(struct bs_clean *clean, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	if (!clean->is_sniffed)
		status = sniff(clean, bs_str(clean->sniff, clean->sniff_len), err);
	if (status == BS_OK && (clean->has_odd_byte || clean->high_surrogate))
		status = take_utf8(clean, BS_LIT("\xEF\xBF\xBD"), err);
	if (status == BS_OK && (clean->in_line || clean->open_bytes > 0))
		status = take_utf8(clean, BS_LIT("\n"), err);
	return status;
}
