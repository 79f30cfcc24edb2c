// SPDX-License-Identifier: MIT
// PCRE2: patterns compiled with limits, matched with a verdict that never hides an error.
//
// Facts: pcre2api(3); the limits and why they do not bound time are in core/base/limits.h.
#ifndef BS_EXT_REGEX_H
#define BS_EXT_REGEX_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

enum bs_regex_flags {
	BS_REGEX_CASELESS = 1 << 0,
};

enum bs_match {
	BS_MATCH_NO,
	BS_MATCH_YES,
	BS_MATCH_ERROR, // a limit was hit or memory is out: redaction must act as if YES, trimming
			// as if NO
};

struct bs_regex;

struct bs_span {
	size_t from, to; // from == SIZE_MAX: the group took no part
};

// Compiles `pattern` (UTF-8). BS_FORMAT: the message says what and at which offset. Refuses
// patterns over the ceilings, start verbs such as (*UTF), \C, and patterns that match the empty
// string.
enum bs_status bs_regex_new(struct bs_str pattern, unsigned flags, struct bs_regex **ret_regex,
	struct bs_err *err) BS_MUST_USE;

// What PCRE2 made of a pattern, in two parts (pcre2serialize(3)); rest.ptr NULL: nothing. It is
// trusted: only the very library that made it may take it over, which it checks only in part.
struct bs_regex_made {
	struct bs_str lead, rest;
};

// The same, taking over what was made of this pattern under these flags; compiled where PCRE2
// refuses it.
enum bs_status bs_regex_new_made(struct bs_str pattern, unsigned flags,
	const struct bs_regex_made *made, struct bs_regex **ret_regex,
	struct bs_err *err) BS_MUST_USE;
// All that was made of a pattern, in the arena: the same bytes for the same pattern, flags and
// library.
enum bs_status bs_regex_make(const struct bs_regex *regex, struct bs_arena *arena,
	struct bs_str *ret_bytes, struct bs_err *err) BS_MUST_USE;
void bs_regex_free(struct bs_regex *regex);

// Searches text from byte offset `from` on; ^ and lookbehind still see the whole text. spans[0] is
// the match; at most spans_max spans are written, missing groups have from == SIZE_MAX. spans may
// be NULL.
enum bs_match bs_regex_find(struct bs_regex *regex, struct bs_str text, size_t from,
	struct bs_span *spans, size_t spans_max);

// The same for matches that begin at one of these offsets: so much of a long text need not be
// tried. is_ascii: the caller knows that the text is.
enum bs_match bs_regex_find_from(struct bs_regex *regex, struct bs_str text, struct bs_span starts,
	bool is_ascii, struct bs_span *spans, size_t spans_max);

#define BS_REGEX_BYTE_SET 32 // bytes of a set with a bit for each byte value

// Sets the bits of all bytes that a match can begin with; false when nothing is known of them.
bool bs_regex_first_bytes(const struct bs_regex *regex, unsigned char ret_set[BS_REGEX_BYTE_SET]);

// The number of the named group (1..), or 0 when the pattern has none of that name.
size_t bs_regex_group(const struct bs_regex *regex, const char *name);

// "10.42, JIT" for --version and check.
const char *bs_regex_version(char *text, size_t bytes);

#endif
