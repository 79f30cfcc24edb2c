// SPDX-License-Identifier: MIT
// What the recognisers of core/rules/stable.c share.
#ifndef BS_RULES_STABLE_OWN_H
#define BS_RULES_STABLE_OWN_H

#include "core/base/str.h"

// Where a recogniser stands. Each returns the bytes of what it recognises at the front of `rest`;
// 0: nothing.
struct bs_stable_place {
	struct bs_str before;  // of the text, up to here
	struct bs_str rest;    // and from here on
	struct bs_str written; // what became of `before`
};

// numbers: "1m3.5s", "2026-08-21T12:00:01Z", "172.17.0.3", the 12 of "pid 12"
size_t bs_stable_measure(struct bs_stable_place place);
size_t bs_stable_moment(struct bs_stable_place place);
size_t bs_stable_address(struct bs_stable_place place);
size_t bs_stable_labelled(struct bs_stable_place place);
// names: ids, hashes, made-up names, folders, ":12:5" behind "name.ext"
size_t bs_stable_uuid(struct bs_stable_place place);
size_t bs_stable_random_word(struct bs_stable_place place);
size_t bs_stable_random_part(struct bs_stable_place place);
size_t bs_stable_folder(struct bs_stable_place place);
size_t bs_stable_here(struct bs_stable_place place);
size_t bs_stable_position(struct bs_stable_place place);

static inline char bs_stable_at(struct bs_str s, size_t index)
{
	return index < s.len ? s.ptr[index] : '\0';
}

static inline char bs_stable_last(struct bs_str s)
{
	return s.len ? s.ptr[s.len - 1] : '\0';
}

static inline bool bs_stable_is_word(char c)
{
	return bs_is_alnum(c) || c == '_';
}

static inline size_t bs_stable_count(struct bs_str s, bool (*is)(char c))
{
	size_t n = 0;
	while (n < s.len && is(s.ptr[n]))
		n++;
	return n;
}

// Letters at the end of s.
static inline size_t bs_stable_letters_before(struct bs_str s)
{
	size_t n = 0;
	while (n < s.len && bs_is_alpha(s.ptr[s.len - 1 - n]))
		n++;
	return n;
}

#endif
