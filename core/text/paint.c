// SPDX-License-Identifier: MIT
// Text copied to where the cursor stands, and between it sequences that colour, erase or do
// nothing: CSI, OSC, APC.
#include "core/text/paint.h"

#include "core/text/block.h"
#include "core/text/escape.h"
#include "core/text/row.h"
#include "core/text/utf8.h"

#define ESC '\x1b'
#define BEL '\a'
#define PARAM_MAX 9999 // as in escape.c
#define STAMP_BYTES 21 // "ESC _ b k ; t = 1712345678901 BEL", the most frequent string by far

// What has been written of a line. A column is a byte as long as all is ASCII.
struct brush {
	char *text;
	size_t at, len;
	bool keep_redraws;
	bool red, saw_red;
	unsigned seen;
};

// Bytes of "ESC ] … BEL" or "ESC _ … ESC \" at the front of s; 0 when it is none or holds more than
// printable ASCII.
static size_t string_bytes(struct bs_str s)
{
	unsigned seen = 0;
	if (s.len >= STAMP_BYTES && s.ptr[STAMP_BYTES - 1] == BEL &&
		bs_block_look(s.ptr + 2).odd == 0 && bs_block_look(s.ptr + 4).odd == 0)
		return STAMP_BYTES;
	size_t i = 2 + bs_utf8_plain_run(bs_str_from(s, 2), &seen);
	if (i >= BS_ESCAPE_BYTES_MAX || seen & BS_UTF8_WIDE)
		return 0;
	if (i < s.len && s.ptr[i] == BEL)
		return i + 1;
	return i + 1 < s.len && s.ptr[i] == ESC && s.ptr[i + 1] == '\\' ? i + 2 : 0;
}

// Reads "ESC [ 1;31 m" at the front of s; its bytes, 0 when it is broken off.
static size_t read_control(struct bs_str s, struct bs_escape *escape)
{
	unsigned value = 0, count = 0;
	bool any = false;
	size_t i = 2;
	escape->is_private = false;
	for (; i < s.len && i < BS_ESCAPE_BYTES_MAX / 2; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (bs_is_digit((char)c)) {
			any = true;
			value = value * 10 + (c - '0');
			value = value < PARAM_MAX ? value : PARAM_MAX;
		} else if (c == ';' || c == ':') {
			any = true;
			if (count < BS_ESCAPE_PARAMS_MAX - 1) {
				escape->params[count++] = value;
				value = 0;
			}
		} else if (c >= 0x20 && c < 0x40) {
			escape->is_private = true;
		} else {
			break;
		}
	}
	if (i >= s.len || s.ptr[i] < 0x40 || s.ptr[i] >= 0x7F)
		return 0;
	escape->params[count] = value;
	escape->params_count = any ? count + 1 : 0;
	escape->final = s.ptr[i];
	return i + 1;
}

// What row.c's obey() does, as far as that is to erase what is behind the cursor, or nothing.
static bool obey(struct brush *brush, const struct bs_escape *control)
{
	if (control->is_private)
		return true;
	switch (control->final) {
	case 'm':
		brush->red = bs_escape_red(control, brush->red);
		return true;
	case 'K':
		if (control->params[0] == 1 || control->params[0] > 2 ||
			(control->params[0] == 2 && brush->seen & BS_UTF8_WIDE))
			return false;
		size_t kept = control->params[0] == 0 ? brush->at : 0;
		brush->len = kept < brush->len ? kept : brush->len;
		return true;
	case 'D':
		if (brush->keep_redraws || brush->seen & BS_UTF8_WIDE)
			return false;
		size_t columns = control->params[0] ? control->params[0] : 1;
		brush->at -= columns < brush->at ? columns : brush->at;
		return true;
	case 'G':
		if (brush->keep_redraws || control->params[0] > 1)
			return false;
		brush->at = 0;
		return true;
	case 'C':
		return false;
	default:
		return true;
	}
}

// Bytes of the sequence at the front of s, obeyed; 0 when it is too much for a brush.
static size_t take_sequence(struct brush *brush, struct bs_str s)
{
	struct bs_escape escape;
	if (s.len < 4)
		return 0;
	if (memcmp(s.ptr, "\x1b[0m", 4) == 0) { // most of all
		brush->red = false;
		return 4;
	}
	if (s.ptr[1] == '[') {
		size_t bytes = read_control(s, &escape);
		return bytes > 0 && obey(brush, &escape) ? bytes : 0;
	}
	if (s.ptr[1] == ']' || s.ptr[1] == '_')
		return string_bytes(s);
	bool selects = s.ptr[1] == '(' && s.ptr[2] >= 0x30 && s.ptr[2] < 0x7F; // ESC ( B
	return selects ? 3 : 0;
}

static bool has_ink(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] != ' ')
			return true;
	return false;
}

// Writes the first `bytes` of s. False when it cannot be told what of the line that leaves.
static bool put(struct brush *brush, struct bs_str s, size_t bytes)
{
	bool overwrites = brush->at < brush->len;
	if (brush->at + bytes > BS_LINE_BYTES_MAX || (overwrites && brush->seen & BS_UTF8_WIDE) ||
		(brush->at == 0 && bs_row_may_begin_stamp(bs_str_sub(s, 0, bytes))))
		return false;
	char *to = brush->text + brush->at;
	if (brush->at > brush->len) // what stood there was erased
		memset(brush->text + brush->len, ' ', brush->at - brush->len);
	if (overwrites || bytes + BS_BLOCK_BYTES > s.len)
		memcpy(to, s.ptr, bytes);
	else
		for (size_t i = 0; i < bytes; i += BS_BLOCK_BYTES) // into the slack
			memcpy(to + i, s.ptr + i, BS_BLOCK_BYTES);
	brush->saw_red = brush->saw_red || (brush->red && has_ink(to, bytes));
	brush->at += bytes;
	brush->len = brush->len > brush->at ? brush->len : brush->at;
	return true;
}

// Any number of '\r' and a newline end a line; '\r' alone goes back to its first column.
static size_t take_returns(struct brush *brush, struct bs_str s, bool *ret_ends)
{
	size_t i = 0;
	while (i < s.len && s.ptr[i] == '\r')
		i++;
	*ret_ends = i < s.len && s.ptr[i] == '\n';
	if (*ret_ends)
		return i + 1;
	if (brush->keep_redraws)
		return 0;
	brush->at = 0;
	return i;
}

enum bs_paint_verdict bs_paint_strip(struct bs_str bytes, size_t plain, unsigned seen,
	bool keep_redraws, char *text, struct bs_painted *ret_painted)
{
	struct brush brush = {.text = text, .keep_redraws = keep_redraws, .seen = seen};
	size_t i = 0;
	bool ends = false;
	while (!ends) {
		struct bs_str rest = bs_str_from(bytes, i);
		if (plain > 0 && !put(&brush, rest, plain))
			return BS_PAINT_ODD;
		i += plain;
		if (i == bytes.len)
			return BS_PAINT_OPEN;
		rest = bs_str_from(bytes, i);
		size_t step = 0;
		if (rest.ptr[0] == ESC)
			step = take_sequence(&brush, rest);
		else if (rest.ptr[0] == '\r' || rest.ptr[0] == '\n')
			step = take_returns(&brush, rest, &ends);
		if (step == 0)
			return BS_PAINT_ODD;
		i += step;
		bool more = !ends && i < bytes.len && bytes.ptr[i] != ESC && bytes.ptr[i] != '\r';
		plain = more ? bs_utf8_plain_run(bs_str_from(bytes, i), &brush.seen) : 0;
	}
	*ret_painted = (struct bs_painted){i, brush.len, brush.saw_red, brush.seen};
	return BS_PAINT_DONE;
}
