// SPDX-License-Identifier: MIT
// UTF-8, one byte at a time: valid characters come out, each broken piece as one U+FFFD.
#ifndef BS_TEXT_UTF8_H
#define BS_TEXT_UTF8_H

#include "core/base/str.h"

#define BS_UTF8_REPLACEMENT 0xFFFDu // U+FFFD stands for bytes that are no UTF-8

enum bs_utf8_step {
	BS_UTF8_MORE,  // the character goes on
	BS_UTF8_CHAR,  // a character is there; the byte was used
	BS_UTF8_BAD,   // the byte begins no character: U+FFFD for it
	BS_UTF8_AGAIN, // what came before was broken: U+FFFD for it; offer the byte again
};

// Zeroed: between two characters.
struct bs_utf8 {
	uint32_t point;
	unsigned char more;      // continuation bytes still to come
	unsigned char low, high; // the range of the next one (Unicode 15, table 3-7)
};

// Takes one byte; the point is written for BS_UTF8_CHAR alone. A maximal part of a broken character
// counts once (Unicode 15, 3.9, U+FFFD substitution of maximal subparts).
enum bs_utf8_step bs_utf8_take(struct bs_utf8 *utf8, unsigned char byte, uint32_t *ret_point);

// Writes a code point; returns the number of bytes, 1 to 4.
size_t bs_utf8_put(uint32_t point, char *bytes);

static inline size_t bs_utf8_size(uint32_t point)
{
	return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

enum bs_utf8_seen {
	BS_UTF8_HINT = 1 << 0, // a tab or '^': a stamp or a caret notation may be there
	BS_UTF8_WIDE = 1 << 1, // a character outside of ASCII
	BS_UTF8_ANY = BS_UTF8_HINT | BS_UTF8_WIDE,
};

// Bytes at the front of s that need no cleaning: valid UTF-8 without control characters but '\t'
// (nor DEL, nor U+0080 to U+009F). *seen gets what may be among them (enum bs_utf8_seen) added.
size_t bs_utf8_plain_run(struct bs_str s, unsigned *seen);
// The bytes of the character at the front of s, or 0 when it is broken or a control character but
// '\t'.
size_t bs_utf8_plain_char(struct bs_str s);

#endif
