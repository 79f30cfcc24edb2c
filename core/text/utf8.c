// SPDX-License-Identifier: MIT
// UTF-8 byte by byte, and a fast look at whole lines that need no byte by byte.
#include "core/text/utf8.h"

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

#define EACH(byte) (0x0101010101010101ull * (byte))

static uint64_t load(const char *bytes)
{
	uint64_t word;
	memcpy(&word, bytes, sizeof(word));
	return word;
}

// Eight bytes at once: the top bit of some byte is set when one of them is below ' ', is DEL, or is
// no ASCII. (x - n) & ~x has the top bit of a byte below n; borrows only ever add such bits above
// a byte that has one.
static uint64_t unusual(uint64_t word)
{
	uint64_t control = (word - EACH(0x20)) & ~word;
	uint64_t del = word ^ EACH(0x7F);
	del = (del - EACH(1)) & ~del;
	return (control | del | word) & EACH(0x80);
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

#define BYTES16 unsigned char __attribute__((vector_size(16)))

size_t bs_utf8_ascii_run(struct bs_str s)
{
	size_t i = 0;
	for (; i + sizeof(BYTES16) <= s.len; i += sizeof(BYTES16)) {
		BYTES16 v;
		uint64_t odd[2];
		memcpy(&v, s.ptr + i, sizeof(v));
		BYTES16 bad = (BYTES16)((BYTES16)(v - 0x20) >= 0x5F) & (BYTES16)(v != '\t');
		memcpy(odd, &bad, sizeof(bad));
		if (odd[0] | odd[1])
			break;
	}
	return i;
}

bool bs_utf8_is_plain(struct bs_str s)
{
	size_t i = bs_utf8_ascii_run(s);
	while (i < s.len) {
		if (i + 8 <= s.len && unusual(load(s.ptr + i)) == 0) {
			i += 8;
			continue;
		}
		char c = s.ptr[i];
		if ((c >= 0x20 && c < 0x7F) || c == '\t') {
			i++;
			continue;
		}
		size_t size = bs_utf8_plain_char(bs_str_from(s, i));
		if (size == 0)
			return false;
		i += size;
	}
	return true;
}
