// SPDX-License-Identifier: MIT
// Kinds of lines, far coarser than shapes: how far it is indented and how its first word looks.
#include "core/rules/odd.h"

#include <stdlib.h>

#include "core/rules/template.h"

#define RARE_MAX 6      // lines of a kind that is rare
#define FREQUENT_MIN 24 // and of one that is frequent
#define AROUND 24       // lines looked at on each side …
#define CALM_MIN 32     // … of which so many are of frequent kinds
#define WORD_BYTES_MAX 12

// What a byte can make of a word.
enum {
	LETTER = 1,
	UPPER = 2,
	DIGIT = 4,
	JOINS = 8,  // parts of a path, or of a name qualified
	SCORE = 16, // of a name made by a program
	SPACE = 32,
};

static unsigned sort_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return LETTER;
	if (c >= 'A' && c <= 'Z')
		return LETTER | UPPER;
	if (bs_is_digit(c))
		return DIGIT;
	if (bs_is_space(c))
		return SPACE;
	return c == '/' || c == '\\' || c == '.' || c == ':' ? JOINS : c == '_' ? SCORE : 0;
}

#define SORTS 256
static void make_sorts(unsigned char sorts[SORTS])
{
	for (size_t i = 0; i < SORTS; i++)
		sorts[i] = (unsigned char)sort_of((char)i);
}

// The word at the front of s, as far as its first bytes tell, spaces before it left out. ret_sorts:
// of all these bytes but the last, so that "error:" is a word like any other; capitals count
// inside.
static struct bs_str first_word(
	const unsigned char table[SORTS], struct bs_str s, unsigned *ret_sorts)
{
	size_t from = 0;
	while (from < s.len && table[(unsigned char)s.ptr[from]] & SPACE)
		from++;
	size_t end = from, most = s.len - from < WORD_BYTES_MAX ? s.len : from + WORD_BYTES_MAX;
	unsigned sorts = 0, last = 0;
	for (; end < most; end++) {
		unsigned sort = table[(unsigned char)s.ptr[end]];
		if (sort & SPACE)
			break;
		sorts |= last;
		last = end == from ? sort & ~(unsigned)UPPER : sort;
	}
	*ret_sorts = sorts | (last & ~(unsigned)JOINS);
	return bs_str_sub(s, from, end - from);
}

static struct bs_str behind(struct bs_str s, struct bs_str word)
{
	s = bs_str_from(s, (size_t)(word.ptr - s.ptr) + word.len);
	size_t space = bs_str_find_char(s, ' ');
	return space == SIZE_MAX ? bs_str_from(s, s.len) : bs_str_from(s, space);
}

// "2026-11-25T10:00:01.5Z", "[10:00:01]": what stands before the lines of others.
static bool is_time(struct bs_str word, unsigned sorts)
{
	return word.len >= 5 && sorts & DIGIT && sorts & JOINS &&
	       (bs_is_digit(word.ptr[0]) || bs_is_digit(word.ptr[1]));
}

// A path, a number or a name made by a program stands for all of its sort.
static uint64_t kind_of_word(struct bs_str word, unsigned sorts, uint64_t seed)
{
	if (sorts & JOINS)
		return seed * 31 + 1;
	if (sorts & DIGIT)
		return seed * 31 + 2;
	if (sorts & SCORE || (sorts & UPPER && bs_lower(word.ptr[1]) == word.ptr[1]))
		return seed * 31 + 3;
	// "....F....", "=====": however long
	if (word.len > 2 && word.ptr[0] == word.ptr[1] && word.ptr[1] == word.ptr[2])
		word.len = 1;
	return bs_str_hash(word, seed);
}

static uint64_t kind_of(const unsigned char table[SORTS], struct bs_str line)
{
	unsigned sorts;
	struct bs_str word = first_word(table, line, &sorts);
	if (is_time(word, sorts)) {
		line = behind(line, word);
		word = first_word(table, line, &sorts);
	}
	size_t indent = (size_t)(word.ptr - line.ptr);
	uint64_t kind = indent == 0 ? 1 : indent < 4 ? 2 : 3;
	// a mark before the first word is not all there is to it
	for (unsigned words = 0; words < 3 && word.len > 0; words++) {
		kind = kind_of_word(word, sorts, kind);
		if (sorts & (LETTER | DIGIT) && word.ptr[0] != '[')
			break;
		line = behind(line, word);
		word = first_word(table, line, &sorts);
	}
	return kind;
}

static bool is_empty(const struct bs_store *store, size_t index)
{
	return bs_str_trim(bs_store_text(store, index)).len == 0;
}

// Lines of frequent kinds within AROUND of each line, counted in a window that moves along. `slots`
// begins with the line `first`.
static void mark_odd(const struct bs_store *store, size_t first, const struct bs_templates *kinds,
	const uint32_t *slots, unsigned char *odd)
{
	size_t calm = 0, ahead = 0, count = store->count - first;
	for (size_t i = 0; i < count; i++) {
		for (; ahead < count && ahead <= i + AROUND; ahead++)
			calm += bs_templates_total(kinds, slots[ahead]) >= FREQUENT_MIN;
		if (i > AROUND)
			calm -= bs_templates_total(kinds, slots[i - AROUND - 1]) >= FREQUENT_MIN;
		bool is_calm = calm >= CALM_MIN;
		if (first == 0 && i < AROUND) // what begins the log has less around it
			is_calm = calm * (2 * AROUND + 1) >= CALM_MIN * (i + AROUND + 1);
		odd[first + i] = is_calm && bs_templates_total(kinds, slots[i]) <= RARE_MAX &&
				 !is_empty(store, first + i);
	}
}

enum bs_status bs_odd_lines(
	const struct bs_store *store, size_t lines_max, unsigned char *odd, struct bs_err *err)
{
	size_t first = store->count > lines_max ? store->count - lines_max : 0;
	struct bs_templates *kinds = bs_templates_new();
	uint32_t *slots = calloc(store->count - first + 1, sizeof(*slots));
	enum bs_status status = kinds && slots ? BS_OK : bs_fail_nomem(err);
	unsigned char table[SORTS];
	make_sorts(table);
	for (size_t i = first; status == BS_OK && i < store->count; i++) {
		uint32_t ordinal;
		uint64_t kind = kind_of(table, bs_store_text(store, i));
		slots[i - first] = bs_templates_count(kinds, kind, &ordinal);
	}
	if (status == BS_OK)
		mark_odd(store, first, kinds, slots, odd);
	free(slots);
	bs_templates_free(kinds);
	return status;
}
