// SPDX-License-Identifier: MIT
// Bytes of a log → clean lines, streaming: most lines pass uncopied, the others through a screen.
//
// A line that lies whole in one feed and is plain goes straight to the sink; one with nothing but
// colours is copied (paint.c). Any other goes byte by byte through row.c; that path alone defines
// what a line is.
#include "core/text/clean.h"

#include <stdlib.h>

#include "core/text/caret.h"
#include "core/text/paint.h"
#include "core/text/row.h"
#include "core/text/sniff.h"
#include "core/text/stamp.h"
#include "core/text/utf8.h"

// Lines that wait for the records of their kinds, so that these come from memory side by side.
#define BATCH 16

struct waiting {
	struct bs_str text; // in what is being fed
	uint64_t hash;
};

struct bs_clean {
	struct bs_line_sink sink;
	unsigned flags;
	struct bs_clean_stats stats;
	struct bs_kinds *kinds; // NULL: not asked for
	struct waiting waiting[BATCH];
	size_t waiting_count;

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
	char text[BS_LINE_BYTES_MAX];
};

enum bs_status bs_clean_new(
	unsigned flags, struct bs_line_sink sink, struct bs_clean **ret_clean, struct bs_err *err)
{
	struct bs_clean *clean = calloc(1, sizeof(*clean));
	if (!clean)
		return bs_fail_nomem(err);
	clean->sink = sink;
	clean->flags = flags;
	bs_row_init(&clean->row, flags & BS_CLEAN_KEEP_REDRAWS);
	enum bs_status status = flags & BS_CLEAN_NO_KINDS ? BS_OK
							  : bs_kinds_new(&clean->kinds, err);
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
	bs_kinds_free(clean->kinds);
	explicit_bzero(clean, sizeof(*clean)); // lines may hold secrets
	free(clean);
}

struct bs_clean_stats bs_clean_stats(const struct bs_clean *clean)
{
	return clean->stats;
}

static bool has_content(struct bs_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!bs_is_space(s.ptr[i]))
			return true;
	return false;
}

static enum bs_status deliver(struct bs_clean *clean, struct bs_str text, uint64_t hash,
	unsigned flags, struct bs_err *err)
{
	struct bs_line line = {.number = ++clean->stats.input_lines, .text = text, .flags = flags};
	if (clean->kinds)
		line.kind = bs_kinds_of(clean->kinds, hash);
	return clean->sink.take(clean->sink.ctx, &line, err);
}

static enum bs_status deliver_waiting(struct bs_clean *clean, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; i < clean->waiting_count && status == BS_OK; i++)
		status = deliver(clean, clean->waiting[i].text, clean->waiting[i].hash, 0, err);
	clean->waiting_count = 0;
	return status;
}

// is_fed: the text lies in what is being fed and stays there.
static enum bs_status emit(
	struct bs_clean *clean, struct bs_str text, unsigned flags, bool is_fed, struct bs_err *err)
{
	if (bs_caret_is_in(text)) {
		bool red = false;
		text = bs_caret_strip(text, clean->text, &red);
		flags |= red ? BS_LINE_RED : 0u;
		is_fed = false;
	}
	if (!(clean->flags & BS_CLEAN_KEEP_STAMPS))
		text = bs_stamp_strip(text);
	if (!clean->stats.had_content)
		clean->stats.had_content = has_content(text);
	uint64_t hash = clean->kinds ? bs_kinds_hash(clean->kinds, text, flags) : 0;
	if (is_fed && clean->kinds) {
		bs_kinds_expect(clean->kinds, hash);
		clean->waiting[clean->waiting_count++] = (struct waiting){text, hash};
		return clean->waiting_count == BATCH ? deliver_waiting(clean, err) : BS_OK;
	}
	enum bs_status status = deliver_waiting(clean, err);
	return status == BS_OK ? deliver(clean, text, hash, flags, err) : status;
}

// --- lines

static enum bs_status end_line(struct bs_clean *clean, struct bs_err *err)
{
	unsigned flags = 0;
	size_t len = bs_row_end(&clean->row, clean->text, &flags);
	clean->in_line = false;
	return emit(clean, bs_str(clean->text, len), flags, false, err);
}

// Lines end with any number of '\r' and '\n': a redraw that draws nothing.
static struct bs_str without_returns(struct bs_str s)
{
	while (s.len > 0 && s.ptr[s.len - 1] == '\r')
		s.len--;
	return s;
}

static bool is_plain(struct bs_str line)
{
	return line.len <= BS_LINE_BYTES_MAX && !bs_row_may_begin_stamp(line) &&
	       bs_utf8_is_plain(line);
}

static enum bs_status take_utf8(struct bs_clean *clean, struct bs_str bytes, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	size_t len = 0;
	bool red = false;
	while (bytes.len > 0 && status == BS_OK) {
		size_t newline = bs_str_find_char(bytes, '\n');
		if (newline == SIZE_MAX) {
			bs_row_take(&clean->row, bytes);
			clean->in_line = true;
			break;
		}
		struct bs_str line = bs_str_sub(bytes, 0, newline);
		struct bs_str bare = without_returns(line);
		bytes = bs_str_from(bytes, newline + 1);
		if (!clean->in_line && is_plain(bare))
			status = emit(clean, bare, 0, true, err);
		else if (!clean->in_line && bs_paint_strip(bare, clean->text, &len, &red))
			status = emit(clean, bs_str(clean->text, len), red ? BS_LINE_RED : 0u,
				false, err);
		else {
			bs_row_take(&clean->row, line);
			status = end_line(clean, err);
		}
	}
	return status == BS_OK ? deliver_waiting(clean, err) : status;
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
	clean->stats.input_bytes += bytes.len;
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
	if (status == BS_OK && clean->in_line)
		status = end_line(clean, err);
	return status;
}
