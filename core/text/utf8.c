// SPDX-License-Identifier: MIT
// UTF-8 byte by byte, and a fast look at whole lines that need no byte by byte.
#include "core/text/utf8.h"

#include "core/text/block.h"

static enum bs_utf8_step begin(struct bs_utf8 *utf8, unsigned char byte, uint32_t *ret_point)
{
	utf8->low = 0x80;
	utf8->high = 0xBF;
	if (byte < 0x80) {
		*ret_point = byte;
		return BS_UTF8_CHAR;
	}
	if (byte < 0xC2 || byte > 0xF4)
		return BS_UTF8_BAD;
	if (byte < 0xE0) {
		utf8->more = 1;
		utf8->point = byte & 0x1Fu;
	} else if (byte < 0xF0) {
		utf8->more = 2;
		utf8->point = byte & 0x0Fu;
		if (byte == 0xE0)
			utf8->low = 0xA0; // shorter forms exist
		else if (byte == 0xED)
			utf8->high = 0x9F; // surrogates
	} else {
		utf8->more = 3;
		utf8->point = byte & 0x07u;
		if (byte == 0xF0)
			utf8->low = 0x90; // shorter forms exist
		else if (byte == 0xF4)
			utf8->high = 0x8F; // beyond U+10FFFF
	}
	return BS_UTF8_MORE;
}

enum bs_utf8_step bs_utf8_take(struct bs_utf8 *utf8, unsigned char byte, uint32_t *ret_point)
{
	if (utf8->more == 0)
		return begin(utf8, byte, ret_point);
	if (byte < utf8->low || byte > utf8->high) {
		utf8->more = 0;
		return BS_UTF8_AGAIN;
	}
	utf8->low = 0x80;
	utf8->high = 0xBF;
	utf8->point = utf8->point << 6 | (byte & 0x3Fu);
	if (--utf8->more > 0)
		return BS_UTF8_MORE;
	*ret_point = utf8->point;
	return BS_UTF8_CHAR;
}

size_t bs_utf8_put(uint32_t point, char *bytes)
{
	size_t size = bs_utf8_size(point);
	switch (size) {
	case 1:
		bytes[0] = (char)point;
		break;
	case 2:
		bytes[0] = (char)(0xC0 | point >> 6);
		bytes[1] = (char)(0x80 | (point & 0x3F));
		break;
	case 3:
		bytes[0] = (char)(0xE0 | point >> 12);
		bytes[1] = (char)(0x80 | (point >> 6 & 0x3F));
		bytes[2] = (char)(0x80 | (point & 0x3F));
		break;
	default:
		bytes[0] = (char)(0xF0 | point >> 18);
		bytes[1] = (char)(0x80 | (point >> 12 & 0x3F));
		bytes[2] = (char)(0x80 | (point >> 6 & 0x3F));
		bytes[3] = (char)(0x80 | (point & 0x3F));
	}
	return size;
}

size_t bs_utf8_plain_char(struct bs_str s)
{
	struct bs_utf8 utf8 = {0};
	uint32_t point = 0;
	for (size_t i = 0; i < s.len && i < 4; i++) {
		enum bs_utf8_step step = bs_utf8_take(&utf8, (unsigned char)s.ptr[i], &point);
		if (step == BS_UTF8_MORE)
			continue;
		bool plain = step == BS_UTF8_CHAR &&
			     (point >= 0xA0 || (point >= 0x20 && point < 0x7F) || point == '\t');
		return plain ? i + 1 : 0;
	}
	return 0;
}

// ascii_run of less than a block. By itself, so that the rest needs no guard of an array.
static __attribute__((noinline)) size_t short_run(struct bs_str s, unsigned *seen)
{
	char bytes[BS_BLOCK_BYTES] = {0}; // which is odd: the run ends here at the latest
	if (s.len > 0)
		memcpy(bytes, s.ptr, s.len);
	struct bs_block block = bs_block_look(bytes);
	*seen |= block.hints ? BS_UTF8_HINT : 0u;
	return (size_t)__builtin_ctz(block.odd);
}

// Bytes at the front of s that are printable ASCII or tabs. *seen as in bs_utf8_plain_run.
static inline size_t ascii_run(struct bs_str s, unsigned *seen)
{
	unsigned hints = 0;
	struct bs_block block;
	size_t i = 0;
	for (; i + BS_BLOCK_BYTES <= s.len; i += BS_BLOCK_BYTES) {
		block = bs_block_look(s.ptr + i);
		hints |= block.hints;
		if (block.odd) {
			*seen |= hints ? BS_UTF8_HINT : 0u;
			return i + (size_t)__builtin_ctz(block.odd);
		}
	}
	*seen |= hints ? BS_UTF8_HINT : 0u;
	return i + short_run(bs_str_from(s, i), seen);
}

size_t bs_utf8_plain_run(struct bs_str s, unsigned *seen)
{
	size_t i = ascii_run(s, seen);
	while (i < s.len && (unsigned char)s.ptr[i] >= 0x80) {
		size_t size = bs_utf8_plain_char(bs_str_from(s, i));
		if (size == 0)
			break;
		*seen |= BS_UTF8_WIDE;
		i += size;
		if (i < s.len && (unsigned char)s.ptr[i] < 0x80)
			i += ascii_run(bs_str_from(s, i), seen);
	}
	return i;
}
