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

// "ESC [ 31 m", whose 'm' is s[end]: one number of one or two digits.
static size_t simple_colour(struct bs_str s, size_t end, bool *red)
{
	struct bs_escape escape = {.final = 'm', .params_count = 1};
	for (size_t i = 2; i < end; i++)
		escape.params[0] = escape.params[0] * 10 + (unsigned)(s.ptr[i] - '0');
	*red = bs_escape_red(&escape, *red);
	return end + 1;
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
	size_t simple = 2;
	while (simple < s.len && bs_is_digit(s.ptr[simple]))
		simple++;
	if (simple > 2 && simple < 5 && simple < s.len && s.ptr[simple] == 'm') // "31", "0"
		return simple_colour(s, simple, red);
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

static bool has_ink(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] != ' ')
			return true;
	return false;
}

// Copies plain text up to the next escape or the end; its bytes, SIZE_MAX when some of it is not
// plain.
static size_t copy_plain(struct bs_str s, char *text)
{
	size_t i = 0;
	while (i < s.len) {
		size_t run = bs_utf8_ascii_run(bs_str_from(s, i)); // whole words of sixteen
		memcpy(text + i, s.ptr + i, run);
		for (i += run; i < s.len; i++) {
			char c = s.ptr[i];
			if ((c < 0x20 || c >= 0x7F) && c != '\t')
				break;
			text[i] = c;
		}
		if (i == s.len || s.ptr[i] == ESC)
			break;
		size_t bytes = bs_utf8_plain_char(bs_str_from(s, i));
		if (bytes == 0)
			return SIZE_MAX;
		memcpy(text + i, s.ptr + i, bytes);
		i += bytes;
	}
	return i;
}

bool bs_paint_strip(
	struct bs_str line, char text[BS_LINE_BYTES_MAX], size_t *ret_len, bool *ret_red)
{
	bool red = false, saw_red = false;
	size_t len = 0;
	if (line.len > BS_LINE_BYTES_MAX)
		return false;
	while (line.len > 0) {
		if (len == 0 && bs_row_may_begin_stamp(line))
			return false;
		size_t plain = copy_plain(line, text + len);
		if (plain == SIZE_MAX)
			return false;
		saw_red = saw_red || (red && has_ink(text + len, plain));
		len += plain;
		line = bs_str_from(line, plain);
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
