// SPDX-License-Identifier: MIT
// Text copied, and between it sequences that move nothing: CSI … m, CSI K, OSC, APC.
#include "core/text/paint.h"

#include "core/text/escape.h"
#include "core/text/row.h"
#include "core/text/utf8.h"

#define ESC '\x1b'
#define BEL '\a'

// Bytes of "ESC ] … BEL" or "ESC _ … ESC \" at the front of s; 0 when it is none or holds more than
// printable ASCII.
static size_t string_bytes(struct bs_str s)
{
	if (s.len < 2 || (s.ptr[1] != ']' && s.ptr[1] != '_'))
		return 0;
	size_t i = 2;
	while (i < s.len && i < BS_ESCAPE_BYTES_MAX && s.ptr[i] >= 0x20 && s.ptr[i] < 0x7F)
		i++;
	if (i == BS_ESCAPE_BYTES_MAX)
		return 0;
	if (i < s.len && s.ptr[i] == BEL)
		return i + 1;
	return i + 1 < s.len && s.ptr[i] == ESC && s.ptr[i + 1] == '\\' ? i + 2 : 0;
}

// Bytes of "ESC [ 1;31 m" or "ESC [ K" at the front of s; 0 when it is anything else.
static size_t control_bytes(struct bs_str s, bool *red)
{
	struct bs_escape escape;
	if (s.len < 3 || s.ptr[1] != '[')
		return 0;
	if (s.ptr[2] == 'm' || s.ptr[2] == 'K') { // most of all
		*red = *red && s.ptr[2] != 'm';
		return 3;
	}
	bs_escape_reset(&escape);
	for (size_t i = 0; i < s.len && i < BS_ESCAPE_BYTES_MAX; i++) {
		enum bs_escape_event event = bs_escape_take(&escape, (unsigned char)s.ptr[i]);
		if (event == BS_ESCAPE_EATEN && bs_escape_is_open(&escape))
			continue;
		bool colour = event == BS_ESCAPE_CSI && escape.final == 'm';
		bool erase = event == BS_ESCAPE_CSI && escape.final == 'K' && escape.params[0] == 0;
		if (!colour && !erase) // what is behind the cursor is nothing, before it is text
			return 0;
		*red = bs_escape_red(&escape, *red);
		return i + 1;
	}
	return 0;
}

static bool is_blank(struct bs_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != ' ')
			return false;
	return true;
}

bool bs_paint_strip(
	struct bs_str line, char text[BS_LINE_BYTES_MAX], size_t *ret_len, bool *ret_red)
{
	bool red = false, saw_red = false;
	size_t len = 0;
	if (line.len > BS_LINE_BYTES_MAX)
		return false;
	while (line.len > 0) {
		size_t next = bs_str_find_char(line, ESC);
		struct bs_str part = bs_str_sub(line, 0, next);
		if (!bs_utf8_is_plain(part) || (len == 0 && bs_row_may_begin_stamp(part)))
			return false;
		if (part.len > 0)
			memcpy(text + len, part.ptr, part.len);
		len += part.len;
		saw_red = saw_red || (red && !is_blank(part));
		line = bs_str_from(line, part.len);
		if (line.len == 0)
			break;
		size_t bytes = control_bytes(line, &red);
		bytes = bytes > 0 ? bytes : string_bytes(line);
		if (bytes == 0)
			return false;
		line = bs_str_from(line, bytes);
	}
	*ret_len = len;
	*ret_red = saw_red;
	return true;
}
