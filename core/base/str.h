// SPDX-License-Identifier: MIT
// struct bs_str: a borrowed slice of bytes. Never allocates, never owns, may hold any byte.
#ifndef BS_BASE_STR_H
#define BS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bs_str {
	const char *ptr;
	size_t len;
};

// A slice of a string literal, inside functions (static tables write {"text", length}).
#define BS_LIT(literal) ((struct bs_str){(literal), sizeof(literal) - 1})
// For "%.*s".
#define BS_FMT(s) (int)(s).len, (s).ptr

static inline struct bs_str bs_str(const char *ptr, size_t len)
{
	return (struct bs_str){ptr, len};
}

// A slice of a NUL-terminated string; NULL gives the empty slice.
static inline struct bs_str bs_str_c(const char *text)
{
	return (struct bs_str){text, text ? strlen(text) : 0};
}

bool bs_str_eq(struct bs_str a, struct bs_str b);
bool bs_str_eq_c(struct bs_str a, const char *b);
// ASCII letters without regard to case, independent of the locale.
bool bs_str_ieq(struct bs_str a, struct bs_str b);
bool bs_str_starts(struct bs_str s, struct bs_str prefix);
bool bs_str_istarts(struct bs_str s, struct bs_str prefix);
bool bs_str_ends(struct bs_str s, struct bs_str suffix);

// Index of the first occurrence, or SIZE_MAX. The empty needle occurs at 0.
size_t bs_str_find(struct bs_str s, struct bs_str needle);
size_t bs_str_ifind(struct bs_str s, struct bs_str needle);
bool bs_str_has(struct bs_str s, struct bs_str needle);

static inline size_t bs_str_find_char(struct bs_str s, char c)
{
	const char *hit = s.len ? (const char *)memchr(s.ptr, c, s.len) : NULL;
	return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

// s[from, from + len), clipped to s.
static inline struct bs_str bs_str_sub(struct bs_str s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return from ? bs_str(s.ptr + from, len) : bs_str(s.ptr, len);
}

static inline struct bs_str bs_str_from(struct bs_str s, size_t from)
{
	return bs_str_sub(s, from, s.len);
}

// Without spaces, tabs, CR, LF at both ends.
struct bs_str bs_str_trim(struct bs_str s);
struct bs_str bs_str_trim_end(struct bs_str s);

// Takes what stands before the first `c` off the front of *s; false when *s was used up before.
bool bs_str_split(struct bs_str *s, char c, struct bs_str *ret_part);

// Whole decimal number, nothing else around it. false on anything else or on overflow.
bool bs_str_to_u64(struct bs_str s, uint64_t *ret_number);

// A shell-like pattern with * and ? (path.Match of the agent without [] classes).
bool bs_str_glob(struct bs_str pattern, struct bs_str s);

// The longest prefix of at most bytes_max bytes that does not cut a UTF-8 character.
struct bs_str bs_str_clip_utf8(struct bs_str s, size_t bytes_max);
// The number of code points (bytes that are not continuation bytes).
size_t bs_str_chars(struct bs_str s);
// The longest prefix of at most chars_max code points.
struct bs_str bs_str_clip_chars(struct bs_str s, size_t chars_max);
bool bs_str_is_utf8(struct bs_str s);

// Edit distance capped at `cap`, for "did you mean".
size_t bs_str_distance(struct bs_str a, struct bs_str b, size_t cap);

// FNV-1a, 64 bit (public domain, Fowler/Noll/Vo); seed 0 starts a new hash. Not for secrets.
uint64_t bs_str_hash(struct bs_str s, uint64_t seed);

static inline char bs_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline bool bs_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool bs_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool bs_is_alnum(char c)
{
	return bs_is_alpha(c) || bs_is_digit(c);
}

static inline bool bs_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

#endif
