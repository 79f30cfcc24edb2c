// SPDX-License-Identifier: MIT
// struct bs_str: comparing, searching, cutting and counting borrowed bytes.
#include "core/base/str.h"

#include <assert.h>

bool bs_str_eq(struct bs_str a, struct bs_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool bs_str_eq_c(struct bs_str a, const char *b)
{
	return bs_str_eq(a, bs_str_c(b));
}

bool bs_str_ieq(struct bs_str a, struct bs_str b)
{
	return a.len == b.len && bs_str_istarts(a, b);
}

bool bs_str_starts(struct bs_str s, struct bs_str prefix)
{
	return s.len >= prefix.len && bs_str_eq(bs_str(s.ptr, prefix.len), prefix);
}

bool bs_str_istarts(struct bs_str s, struct bs_str prefix)
{
	if (s.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++)
		if (bs_lower(s.ptr[i]) != bs_lower(prefix.ptr[i]))
			return false;
	return true;
}

bool bs_str_ends(struct bs_str s, struct bs_str suffix)
{
	return s.len >= suffix.len &&
	       bs_str_eq(bs_str(s.ptr + s.len - suffix.len, suffix.len), suffix);
}

size_t bs_str_find(struct bs_str s, struct bs_str needle)
{
	if (needle.len == 0)
		return 0;
	const char *at = s.ptr;
	size_t left = s.len;
	while (left >= needle.len) {
		const char *hit = memchr(at, needle.ptr[0], left - needle.len + 1);
		if (!hit)
			return SIZE_MAX;
		if (memcmp(hit, needle.ptr, needle.len) == 0)
			return (size_t)(hit - s.ptr);
		left -= (size_t)(hit - at) + 1;
		at = hit + 1;
	}
	return SIZE_MAX;
}

size_t bs_str_ifind(struct bs_str s, struct bs_str needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (bs_str_istarts(bs_str_from(s, i), needle))
			return i;
	return SIZE_MAX;
}

bool bs_str_has(struct bs_str s, struct bs_str needle)
{
	return bs_str_find(s, needle) != SIZE_MAX;
}

struct bs_str bs_str_trim_end(struct bs_str s)
{
	while (s.len && bs_is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct bs_str bs_str_trim(struct bs_str s)
{
	s = bs_str_trim_end(s);
	size_t from = 0;
	while (from < s.len && bs_is_space(s.ptr[from]))
		from++;
	return bs_str_from(s, from);
}

bool bs_str_split(struct bs_str *s, char c, struct bs_str *ret_part)
{
	if (!s->ptr)
		return false;
	size_t at = bs_str_find_char(*s, c);
	if (at == SIZE_MAX) {
		*ret_part = *s;
		*s = (struct bs_str){NULL, 0};
		return true;
	}
	*ret_part = bs_str_sub(*s, 0, at);
	*s = bs_str(s->ptr + at + 1, s->len - at - 1);
	return true;
}

bool bs_str_to_u64(struct bs_str s, uint64_t *ret_number)
{
	uint64_t number = 0;
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!bs_is_digit(s.ptr[i]))
			return false;
		uint64_t digit = (uint64_t)(s.ptr[i] - '0');
		if (number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return true;
}

// Greedy with one remembered star: linear in practice, quadratic at worst, never recursive.
bool bs_str_glob(struct bs_str pattern, struct bs_str s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, resume = 0;
	while (i < s.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			resume = i;
		} else if (p < pattern.len &&
			   (pattern.ptr[p] == '?' || pattern.ptr[p] == s.ptr[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

struct bs_str bs_str_clip_utf8(struct bs_str s, size_t bytes_max)
{
	if (s.len <= bytes_max)
		return s;
	size_t end = bytes_max;
	while (end > 0 && is_continuation(s.ptr[end]))
		end--;
	return bs_str(s.ptr, end);
}

size_t bs_str_chars(struct bs_str s)
{
	size_t chars = 0;
	for (size_t i = 0; i < s.len; i++)
		chars += !is_continuation(s.ptr[i]);
	return chars;
}

struct bs_str bs_str_clip_chars(struct bs_str s, size_t chars_max)
{
	size_t chars = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (is_continuation(s.ptr[i]))
			continue;
		if (chars == chars_max)
			return bs_str(s.ptr, i);
		chars++;
	}
	return s;
}

// The length of the well-formed sequence at s[i], or 0 (Unicode 15, table 3-7).
static size_t utf8_sequence(struct bs_str s, size_t i)
{
	unsigned char a = (unsigned char)s.ptr[i];
	size_t need = a < 0x80                 ? 1
		      : a >= 0xC2 && a <= 0xDF ? 2
		      : (a & 0xF0) == 0xE0     ? 3
		      : a >= 0xF0 && a <= 0xF4 ? 4
					       : 0;
	if (need == 0 || need > s.len - i)
		return 0;
	for (size_t k = 1; k < need; k++)
		if (!is_continuation(s.ptr[i + k]))
			return 0;
	unsigned char b = need > 1 ? (unsigned char)s.ptr[i + 1] : 0;
	bool overlong = (a == 0xE0 && b < 0xA0) || (a == 0xF0 && b < 0x90);
	bool surrogate = a == 0xED && b > 0x9F;
	bool too_high = a == 0xF4 && b > 0x8F;
	return overlong || surrogate || too_high ? 0 : need;
}

bool bs_str_is_utf8(struct bs_str s)
{
	for (size_t i = 0; i < s.len;) {
		size_t step = utf8_sequence(s, i);
		if (step == 0)
			return false;
		i += step;
	}
	return true;
}

#define DISTANCE_CHARS_MAX 63

size_t bs_str_distance(struct bs_str a, struct bs_str b, size_t cap)
{
	size_t row[DISTANCE_CHARS_MAX + 1];
	if (a.len > DISTANCE_CHARS_MAX || b.len > DISTANCE_CHARS_MAX)
		return cap;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t change = diagonal +
					(bs_lower(a.ptr[i - 1]) != bs_lower(b.ptr[j - 1]));
			size_t insert = row[j - 1] + 1;
			size_t remove = row[j] + 1;
			diagonal = row[j];
			row[j] = change < insert ? change : insert;
			row[j] = row[j] < remove ? row[j] : remove;
		}
	}
	return row[b.len] < cap ? row[b.len] : cap;
}

uint64_t bs_str_hash(struct bs_str s, uint64_t seed)
{
	uint64_t hash = seed ? seed : 0xcbf29ce484222325u;
	for (size_t i = 0; i < s.len; i++) {
		hash ^= (unsigned char)s.ptr[i];
		hash *= 0x100000001b3u;
	}
	return hash;
}
