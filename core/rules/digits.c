// SPDX-License-Identifier: MIT
// One walk over a pattern, looking for whatever could name a digit: it need not be parsed for that.
#include "core/rules/digits.h"

static char at(struct bs_str s, size_t i)
{
	return i < s.len ? s.ptr[i] : '\0';
}

// Behind a backslash: letters that mean a set of characters, a place or a control character. All
// others could be a back reference, a number or a quotation.
static bool is_harmless_escape(char c)
{
	return c != '\0' && (!bs_is_alnum(c) || strchr("dDwWsSbBhHvVRAzZKtnr", c));
}

// Bytes of "0-9" in a class, the only way in which one may name digits; 0 when it stands not there.
static size_t all_digits(struct bs_str s, size_t i)
{
	return bs_str_starts(bs_str_from(s, i), BS_LIT("0-9")) ? 3 : 0;
}

// Behind "[": moves *i behind its "]"; false when it may tell digits apart. A range with ends that
// are no digits holds all of them or none.
static bool skip_class(struct bs_str s, size_t *i)
{
	size_t k = *i + (at(s, *i) == '^');
	for (bool first = true; k < s.len && (first || s.ptr[k] != ']'); first = false) {
		if (s.ptr[k] == '\\') {
			if (!is_harmless_escape(at(s, k + 1)))
				return false;
			k += 2;
		} else if (all_digits(s, k) > 0) {
			k += all_digits(s, k);
		} else if (bs_is_digit(s.ptr[k])) {
			return false;
		} else {
			k++;
		}
	}
	*i = k + 1;
	return k < s.len;
}

// Behind "(?": moves *i behind the name of a group; false for what refers to groups or calls out.
static bool skip_opening(struct bs_str s, size_t *i)
{
	bool named = (at(s, *i) == '<' && at(s, *i + 1) != '=' && at(s, *i + 1) != '!') ||
		     bs_str_starts(bs_str_from(s, *i), BS_LIT("P<"));
	if (named) {
		size_t end = bs_str_find_char(bs_str_from(s, *i), '>');
		*i += end == SIZE_MAX ? 0 : end + 1;
		return end != SIZE_MAX;
	}
	return at(s, *i) != '\0' && strchr(":=!<>|i", at(s, *i));
}

// Moves *i behind "{2,5}"; a "{" that begins no such thing stands for itself.
static void skip_times(struct bs_str s, size_t *i)
{
	size_t k = *i + 1;
	while (bs_is_digit(at(s, k)) || at(s, k) == ',')
		k++;
	*i = at(s, k) == '}' ? k + 1 : *i + 1;
}

bool bs_digits_are_alike(struct bs_str s)
{
	for (size_t i = 0; i < s.len;) {
		char c = s.ptr[i];
		if (bs_is_digit(c))
			return false;
		if (c == '\\') {
			if (!is_harmless_escape(at(s, i + 1)))
				return false;
			i += 2;
		} else if (c == '[') {
			i++;
			if (!skip_class(s, &i))
				return false;
		} else if (c == '(' && at(s, i + 1) == '*') {
			return false; // verbs
		} else if (c == '(' && at(s, i + 1) == '?') {
			i += 2;
			if (!skip_opening(s, &i))
				return false;
		} else if (c == '{') {
			skip_times(s, &i);
		} else {
			i++;
		}
	}
	return true;
}

// --- relaxing

// Behind "[": copies the class with every digit for any; moves *i behind its "]". A negated class
// only loses the digits that it names.
static bool relax_class(struct bs_str s, size_t *i, struct bs_buf *out)
{
	bool negated = at(s, *i) == '^';
	size_t k = *i + negated;
	bs_buf_add(out, negated ? BS_LIT("[^") : BS_LIT("["));
	for (bool first = true; k < s.len && (first || s.ptr[k] != ']'); first = false) {
		bool range = at(s, k + 1) == '-' && at(s, k + 2) != ']';
		size_t bytes = s.ptr[k] == '\\' ? 2 : range ? 3 : 1;
		char last = at(s, k + bytes - 1);
		if (s.ptr[k] == '\\' ? !is_harmless_escape(last)
				     : last == '\\' || bs_is_digit(s.ptr[k]) != bs_is_digit(last))
			return false;
		if (s.ptr[k] == '\\' || !bs_is_digit(last) || all_digits(s, k) > 0)
			bs_buf_add(out, bs_str_sub(s, k, bytes));
		else if (!negated)
			bs_buf_add(out, BS_LIT("0-9"));
		else if (first && at(s, k + bytes) == ']')
			return false; // nothing would be left
		k += bytes;
	}
	bs_buf_add(out, BS_LIT("]"));
	*i = k + 1;
	return k < s.len;
}

// Bytes of the group that begins at s[i], up to and over its ")"; 0 when it does not end.
static size_t group_bytes(struct bs_str s, size_t i)
{
	size_t depth = 0;
	for (size_t k = i; k < s.len; k++) {
		if (s.ptr[k] == '\\') {
			k++;
		} else if (s.ptr[k] == '[') {
			size_t from = k + 1 + (at(s, k + 1) == '^');
			for (k = from; k < s.len && (k == from || s.ptr[k] != ']'); k++)
				k += s.ptr[k] == '\\';
		} else if (s.ptr[k] == '(') {
			depth++;
		} else if (s.ptr[k] == ')' && --depth == 0) {
			return k + 1 - i;
		}
	}
	return 0;
}

// At "(": copies what opens the group. What must not stand somewhere goes whole if it names digits.
static bool relax_opening(struct bs_str s, size_t *i, struct bs_buf *out)
{
	struct bs_str rest = bs_str_from(s, *i);
	size_t bytes = group_bytes(s, *i);
	if (bytes == 0 || bs_str_starts(rest, BS_LIT("(*")) || bs_str_starts(rest, BS_LIT("(?>")))
		return false; // what a group took cannot always be given back
	struct bs_str group = bs_str_sub(s, *i, bytes);
	bool refuses = bs_str_starts(rest, BS_LIT("(?!")) || bs_str_starts(rest, BS_LIT("(?<!"));
	if (refuses) {
		if (bs_digits_are_alike(group))
			bs_buf_add(out, group);
		*i += bytes;
		return true;
	}
	size_t from = *i, k = *i + 1;
	if (at(s, k) == '?' && (k++, !skip_opening(s, &k)))
		return false;
	bs_buf_add(out, bs_str_sub(s, from, k - from));
	*i = k;
	return true;
}

static bool is_possessive(struct bs_str s, size_t i)
{
	return at(s, i) == '+' && i > 0 && s.ptr[i - 1] != '\0' && strchr("+*?}", s.ptr[i - 1]) &&
	       (i < 2 || s.ptr[i - 2] != '\\');
}

bool bs_digits_relax(struct bs_str s, struct bs_buf *out)
{
	for (size_t i = 0; i < s.len;) {
		size_t from = i;
		if (bs_is_digit(s.ptr[i])) {
			bs_buf_add(out, BS_LIT("\\d"));
			i++;
		} else if (s.ptr[i] == '\\') {
			if (!is_harmless_escape(at(s, i + 1)))
				return false;
			i += 2;
			bs_buf_add(out, bs_str_sub(s, from, i - from));
		} else if (s.ptr[i] == '[') {
			i++;
			if (!relax_class(s, &i, out))
				return false;
		} else if (s.ptr[i] == '(') {
			if (!relax_opening(s, &i, out))
				return false;
		} else if (is_possessive(s, i)) {
			return false;
		} else {
			if (s.ptr[i] == '{')
				skip_times(s, &i);
			else
				i++;
			bs_buf_add(out, bs_str_sub(s, from, i - from));
		}
	}
	return out->failed == BS_OK;
}
