// SPDX-License-Identifier: MIT
// Escape sequences in caret notation: read as if "^[" were ESC, and only colours and erasures.
#include "core/text/caret.h"

#include <assert.h>

#include "core/text/escape.h"

bool bs_caret_is_in(struct bs_str line)
{
	return line.len > 0 && memchr(line.ptr, '^', line.len) && bs_str_has(line, BS_LIT("^[["));
}

// Bytes of a sequence at the front of s, 0 when there is none; *escape then says which it is.
static size_t sequence(struct bs_str s, struct bs_escape *escape)
{
	bs_escape_reset(escape);
	if (!bs_str_starts(s, BS_LIT("^[[")))
		return 0;
	(void)bs_escape_take(escape, 0x1B);
	for (size_t i = 2; i < s.len && (unsigned char)s.ptr[i] < 0x80; i++) {
		enum bs_escape_event event = bs_escape_take(escape, (unsigned char)s.ptr[i]);
		if (event == BS_ESCAPE_CSI)
			return escape->final == 'm' || escape->final == 'K' ? i + 1 : 0;
		if (event == BS_ESCAPE_TEXT || !bs_escape_is_open(escape))
			return 0;
	}
	return 0;
}

struct bs_str bs_caret_strip(struct bs_str line, char text[BS_LINE_BYTES_MAX], bool *ret_red)
{
	struct bs_escape escape;
	size_t len = 0;
	bool red = false;
	assert(line.len <= BS_LINE_BYTES_MAX);
	for (size_t i = 0; i < line.len;) {
		size_t bytes = sequence(bs_str_from(line, i), &escape);
		if (bytes > 0) {
			red = bs_escape_red(&escape, red);
			i += bytes;
			continue;
		}
		*ret_red = *ret_red || (red && line.ptr[i] != ' ');
		text[len++] = line.ptr[i++];
	}
	return bs_str(text, len);
}
