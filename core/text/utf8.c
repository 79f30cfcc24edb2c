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

// Sixteen bytes, looked at side by side.
struct look {
	uint64_t odd[2]; // a byte is not 0 where the text is no printable ASCII, nor a tab
	BYTES16 tabs, carets;
};

static inline void look_at(const char *bytes, struct look *look)
{
	BYTES16 v;
	memcpy(&v, bytes, sizeof(v));
	BYTES16 tabs = (BYTES16)(v == '\t');
	BYTES16 odd = (BYTES16)((BYTES16)(v - 0x20) >= 0x5F) & ~tabs;
	memcpy(look->odd, &odd, sizeof(odd));
	look->tabs |= tabs;
	look->carets |= (BYTES16)(v == '^');
}

// Index of the first byte that is not 0; 8 when all are.
static inline size_t first_byte(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return word ? (size_t)__builtin_ctzll(word) / 8 : 8;
#else
	return word ? (size_t)__builtin_clzll(word) / 8 : 8;
#endif
}

static inline bool is_any(BYTES16 v)
{
	uint64_t halves[2];
	memcpy(halves, &v, sizeof(v));
	return (halves[0] | halves[1]) != 0;
}

// Bytes at the front of s that are printable ASCII or tabs.
static inline size_t ascii_run(struct bs_str s, struct look *look)
{
	size_t i = 0;
	for (; i + sizeof(BYTES16) <= s.len; i += sizeof(BYTES16)) {
		look_at(s.ptr + i, look);
		if (look->odd[0])
			return i + first_byte(look->odd[0]);
		if (look->odd[1])
			return i + 8 + first_byte(look->odd[1]);
	}
	if (i == s.len)
		return i;
	char rest[sizeof(BYTES16)] = {0}; // which is odd: the run ends here at the latest
	memcpy(rest, s.ptr + i, s.len - i);
	look_at(rest, look);
	return i + (look->odd[0] ? first_byte(look->odd[0]) : 8 + first_byte(look->odd[1]));
}

size_t bs_utf8_plain_run(struct bs_str s, unsigned *seen)
{
	struct look look = {.odd = {0}};
	size_t i = ascii_run(s, &look);
	while (i < s.len && (unsigned char)s.ptr[i] >= 0x80) {
		size_t size = bs_utf8_plain_char(bs_str_from(s, i));
		if (size == 0)
			break;
		*seen |= BS_UTF8_WIDE;
		i += size;
		if (i < s.len && (unsigned char)s.ptr[i] < 0x80)
			i += ascii_run(bs_str_from(s, i), &look);
	}
	*seen |= (is_any(look.tabs) ? BS_UTF8_TAB : 0u) |
		 (is_any(look.carets) ? BS_UTF8_CARET : 0u);
	return i;
}
