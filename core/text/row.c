// SPDX-License-Identifier: MIT
// One line of raw bytes, byte by byte: utf8 → escape → screen. What comes out defines what a line
// is.
#include "core/text/row.h"

// "ESC _ b k ; t = 1712345678901 BEL" is Buildkite's timestamp; some tools eat the ESC.
static const char eaten_stamp[] = "_bk;t=";
#define EATEN_LEN (sizeof(eaten_stamp) - 1)

void bs_row_init(struct bs_row *row, bool keep_redraws)
{
	row->keep_redraws = keep_redraws;
	row->red = row->saw_red = row->maybe_csi = false;
	row->eaten_count = 0;
	row->utf8 = (struct bs_utf8){0};
	bs_escape_reset(&row->escape);
	bs_screen_clear(&row->screen);
}

bool bs_row_begins_stamp(struct bs_str line)
{
	size_t bytes = line.len < EATEN_LEN ? line.len : EATEN_LEN;
	return memcmp(line.ptr, eaten_stamp, bytes) == 0;
}

static void put(struct bs_row *row, uint32_t point)
{
	if (point == '\b') {
		bs_screen_move(&row->screen, -1);
	} else if (point == '\r') {
		bs_screen_return(&row->screen, row->keep_redraws);
	} else if (point == '\t' || (point >= 0x20 && point != 0x7F)) {
		row->saw_red |= row->red && point != ' ';
		bs_screen_put(&row->screen, point);
	} // the other control characters are dropped
}

// Holds back what may be eaten_stamp; false when the character is none of it.
static bool take_eaten(struct bs_row *row, uint32_t point)
{
	size_t count = row->eaten_count;
	bool at_start = row->screen.cursor == row->screen.base;
	if (count < EATEN_LEN && point == (uint32_t)eaten_stamp[count] && (count > 0 || at_start)) {
		row->eaten_count++;
		return true;
	}
	if (count >= EATEN_LEN && point >= '0' && point <= '9') {
		row->eaten_count = EATEN_LEN + 1;
		return true;
	}
	row->eaten_count = 0;
	if (count > EATEN_LEN)
		return point == '\a';
	for (size_t i = 0; i < count; i++)
		put(row, (uint32_t)eaten_stamp[i]);
	return false;
}

static void obey(struct bs_row *row, const struct bs_escape *csi)
{
	unsigned count = csi->params[0] ? csi->params[0] : 1;
	switch (csi->final) {
	case 'm':
		row->red = bs_escape_red(csi, row->red);
		break;
	case 'K':
		bs_screen_erase(&row->screen, csi->params[0]);
		break;
	case 'G':
		if (count == 1)
			bs_screen_return(&row->screen, row->keep_redraws);
		else
			bs_screen_go(&row->screen, count - 1);
		break;
	case 'C':
		bs_screen_move(&row->screen, (long)count);
		break;
	case 'D':
		bs_screen_move(&row->screen, -(long)count);
		break;
	default: // moves between lines, modes, reports: nothing to a line
		break;
	}
}

static void take_point(struct bs_row *row, uint32_t point)
{
	switch (bs_escape_take(&row->escape, point)) {
	case BS_ESCAPE_TEXT:
		if (!take_eaten(row, point))
			put(row, point);
		break;
	case BS_ESCAPE_EATEN:
		break;
	case BS_ESCAPE_CSI:
		if (row->eaten_count > 0) // what was held back came before it
			(void)take_eaten(row, 0);
		obey(row, &row->escape);
		bs_escape_reset(&row->escape);
		break;
	}
}

// A byte 0x9B that is part of no character: CSI where what follows looks like its parameters.
static void take_maybe_csi(struct bs_row *row, unsigned char next)
{
	row->maybe_csi = false;
	bool is_csi = bs_is_digit((char)next) || (next && strchr(";?mK", next));
	take_point(row, is_csi ? 0x9B : BS_UTF8_REPLACEMENT);
}

static void take_byte(struct bs_row *row, unsigned char byte)
{
	if (row->maybe_csi)
		take_maybe_csi(row, byte);
	bool between = row->utf8.more == 0;
	if (between && byte == 0x9B && !bs_escape_is_open(&row->escape)) {
		row->maybe_csi = true;
		return;
	}
	if (between && byte == 0x9C && bs_escape_in_string(&row->escape)) {
		take_point(row, byte); // ST of 8-bit terminals
		return;
	}
	uint32_t point = BS_UTF8_REPLACEMENT;
	enum bs_utf8_step step = bs_utf8_take(&row->utf8, byte, &point);
	if (step == BS_UTF8_AGAIN) {
		take_point(row, point);
		point = BS_UTF8_REPLACEMENT;
		take_byte(row, byte); // between characters now: goes no deeper
		return;
	}
	if (step != BS_UTF8_MORE)
		take_point(row, point);
}

// Bytes at the front of s that are printable ASCII.
static size_t printable(struct bs_str s)
{
	size_t i = 0;
	while (i < s.len && s.ptr[i] >= 0x20 && s.ptr[i] < 0x7F)
		i++;
	return i;
}

// Part of a line, without its newline.
void bs_row_take(struct bs_row *row, struct bs_str part)
{
	size_t i = 0;
	while (i < part.len) {
		bool idle = row->utf8.more == 0 && !row->maybe_csi && row->eaten_count == 0 &&
			    !bs_escape_is_open(&row->escape);
		size_t run = idle && part.ptr[i] != '_' ? printable(bs_str_from(part, i)) : 0;
		if (run > 0) {
			struct bs_str ascii = bs_str_sub(part, i, run);
			bs_screen_put_ascii(&row->screen, ascii);
			row->saw_red |= row->red && bs_str_trim(ascii).len > 0;
			i += run;
		} else {
			take_byte(row, (unsigned char)part.ptr[i++]);
		}
	}
}

size_t bs_row_end(struct bs_row *row, char text[BS_LINE_BYTES_MAX], unsigned *ret_flags)
{
	if (row->maybe_csi)
		take_maybe_csi(row, 0);
	if (row->utf8.more > 0)
		take_point(row, BS_UTF8_REPLACEMENT);
	if (row->eaten_count > 0)
		(void)take_eaten(row, '\a');
	bool cut = false;
	size_t len = bs_screen_text(&row->screen, text, &cut);
	*ret_flags = (row->saw_red ? BS_LINE_RED : 0u) | (cut ? BS_LINE_CUT : 0u);
	bs_row_init(row, row->keep_redraws);
	return len;
}
