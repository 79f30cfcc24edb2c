// SPDX-License-Identifier: MIT
// What changes from run to run, as a table of recognisers tried at each word.
#include "core/rules/stable.h"

#include "core/rules/stable_own.h"

enum where {
	BEFORE_WORD,
	INSIDE_NAME,
	ANYWHERE
};

static const struct {
	size_t (*bytes)(struct bs_stable_place p); // of what is recognised here; 0: nothing
	enum where where;
} recognisers[] = {
	{bs_stable_uuid, BEFORE_WORD},
	{bs_stable_folder, BEFORE_WORD},
	{bs_stable_here, BEFORE_WORD},
	{bs_stable_address, BEFORE_WORD},
	{bs_stable_moment, BEFORE_WORD},
	{bs_stable_measure, BEFORE_WORD},
	{bs_stable_labelled, ANYWHERE},
	{bs_stable_random_word, BEFORE_WORD},
	{bs_stable_random_part, INSIDE_NAME},
	{bs_stable_position, ANYWHERE},
};

// Most bytes are letters inside words, where nothing begins.
static bool may_begin(char before, char c)
{
	if (bs_is_alpha(c))
		return !bs_is_alnum(before);
	return bs_is_digit(c) || (c && strchr("/.\\:([", c));
}

static size_t recognise(struct bs_stable_place p)
{
	char before = bs_stable_last(p.before);
	for (size_t i = 0; i < sizeof(recognisers) / sizeof(recognisers[0]); i++) {
		enum where where = recognisers[i].where;
		if ((where == BEFORE_WORD && bs_stable_is_word(before)) ||
			(where == INSIDE_NAME && bs_is_alnum(before)))
			continue;
		size_t n = recognisers[i].bytes(p);
		if (n > 0)
			return n;
	}
	return 0;
}

struct bs_str bs_stable(struct bs_str text, char room[BS_STABLE_BYTES_MAX])
{
	struct bs_str s = bs_str_trim(bs_str_sub(text, 0, BS_STABLE_BYTES_MAX));
	size_t len = 0;
	for (size_t i = 0; i < s.len;) {
		char c = s.ptr[i] == '\t' ? ' ' : s.ptr[i];
		size_t n = 0;
		if (may_begin(i > 0 ? s.ptr[i - 1] : ' ', c))
			n = recognise((struct bs_stable_place){
				bs_str_sub(s, 0, i), bs_str_from(s, i), bs_str(room, len)});
		if (n > 0)
			c = '#';
		if ((c != ' ' && c != '#') || len == 0 || room[len - 1] != c)
			room[len++] = c;
		i += n > 0 ? n : 1;
	}
	return bs_str(room, len);
}
