// SPDX-License-Identifier: MIT
// Characters, classes, escapes, quantifiers of PCRE's language; what is not understood is lost.
#include "core/rules/factor_item.h"

#include <limits.h>

void bs_factor_unknown(struct bs_factor_part *part)
{
	part->exact = false;
	bs_exact_clear(&part->head);
	bs_exact_clear(&part->tail);
	part->in.best.count = part->in.also.count = 0;
	part->in.best.anchored = part->in.also.anchored = false;
	part->width = BS_FACTOR_CHAR_BYTES;
	part->anchored = false;
}

static void make_exact(struct bs_factor_part *part, struct bs_str string, bool caseless)
{
	part->tail.count = 0;
	if (bs_exact_add(&part->tail, string, caseless))
		part->exact = true;
	part->width = bs_exact_width(&part->tail);
}

// The characters from `first` to `last`, as long as they stand for themselves.
static bool add_range(struct bs_factor_part *part, char first, char last, bool caseless)
{
	if (!bs_is_alnum(first) || !bs_is_alnum(last))
		return false;
	if (bs_is_digit(first) && bs_is_digit(last)) // any is '0'
		last = first;
	for (char c = first; c <= last; c++)
		if (!bs_exact_add(&part->tail, bs_str(&c, 1), caseless))
			return false;
	return true;
}

// Bytes of the character of UTF-8 at the parser's place; 0 at the end.
static size_t character(const struct bs_factor_parser *p)
{
	size_t n = bs_factor_at_end(p) ? 0 : 1;
	while (n > 0 && ((unsigned char)bs_factor_peek(p, n) & 0xC0) == 0x80)
		n++;
	return n;
}

// One member of a class, or a range of them; false when it is more than a few characters.
static bool parse_member(struct bs_factor_parser *p, struct bs_factor_part *part)
{
	if (bs_factor_peek(p, 0) == '\\') {
		p->at++;
		char c = bs_factor_peek(p, 0);
		p->lost |= c == '\0' || strchr("QEc", c); // may quote the "]"
		p->at++;
		if (c == 'd')
			return add_range(part, '0', '9', false);
		return !bs_is_alnum(c) && c > 0 && bs_exact_add(&part->tail, bs_str(&c, 1), false);
	}
	if (bs_factor_peek(p, 0) == '[' && bs_factor_peek(p, 1) != '\0' &&
		strchr(":.=", bs_factor_peek(p, 1))) {
		p->lost = true; // [:alpha:] and its kin, or only a "["
		return false;
	}
	size_t n = character(p);
	struct bs_str member = bs_str_sub(p->pattern, p->at, n);
	p->at += n;
	if (bs_factor_peek(p, 0) == '-' && bs_factor_peek(p, 1) != ']' &&
		bs_factor_peek(p, 1) != '\0') {
		bool few = n == 1 &&
			   add_range(part, member.ptr[0], bs_factor_peek(p, 1), p->caseless);
		p->at += few ? 2 : 1; // an end that is no letter or digit is read as a member
		return few;
	}
	return (n == 1 || !p->caseless) && bs_exact_add(&part->tail, member, p->caseless);
}

// Behind "[": up to and over its "]". A class of one letter in both cases is that letter.
void bs_factor_class(struct bs_factor_parser *p, struct bs_factor_part *part)
{
	bool few = bs_factor_peek(p, 0) != '^';
	part->tail.count = 0;
	p->at += !few;
	bool first = true; // a "]" at the front is one of the characters
	while (!bs_factor_at_end(p) && !p->lost && (first || bs_factor_peek(p, 0) != ']')) {
		few = parse_member(p, part) && few;
		first = false;
	}
	p->lost |= bs_factor_at_end(p);
	p->at++;
	if (!few || part->tail.count == 0) {
		bs_factor_unknown(part);
		return;
	}
	part->exact = true;
	part->width = bs_exact_width(&part->tail);
	char one = part->tail.literals[0].bytes[0], other = part->tail.literals[1].bytes[0];
	if (part->tail.count == 2 && part->tail.literals[0].len == 1 && bs_is_alpha(one) &&
		part->tail.literals[1].len == 1 && bs_lower(one) == bs_lower(other))
		make_exact(part, bs_str(&one, 1), true);
}

// Behind "\".
void bs_factor_escape(struct bs_factor_parser *p, struct bs_factor_part *part)
{
	char c = bs_factor_peek(p, 0);
	p->at++;
	if (c != '\0' && strchr("bBAzZGK", c)) {
		make_exact(part, BS_LIT(""), false);
	} else if (c == 't') {
		make_exact(part, BS_LIT("\t"), false);
	} else if (c == 'd') {
		part->tail.count = 0;
		if (add_range(part, '0', '9', false))
			part->exact = true;
		part->width = 1;
	} else if (c == 'p' || c == 'P') { // \pL or \p{Lu}
		if (bs_factor_peek(p, 0) == '{')
			while (!bs_factor_at_end(p) && bs_factor_peek(p, 0) != '}')
				p->at++;
		p->at++;
	} else if (c > 0 && c < 0x7F && !bs_is_alnum(c)) { // \. \[ \( …
		make_exact(part, bs_str(&c, 1), false);
	} else if (c == '\0' || !strchr("DwWsShHvVRXN", c) ||
		   (c == 'N' && bs_factor_peek(p, 0) == '{')) {
		p->lost = true; // back references, \Q, \x … : rare, or longer than they look
	} else if (c == 'X') {
		part->width = BS_FACTOR_ANYWHERE; // a character with all that is put on it
	}
}

// A character as it stands. Without regard to case, other letters than ASCII have more forms than
// we know.
void bs_factor_character(struct bs_factor_parser *p, struct bs_factor_part *part)
{
	struct bs_str string = bs_str_sub(p->pattern, p->at, character(p));
	p->at += string.len;
	if (string.len <= 4 && (string.len == 1 || !p->caseless))
		make_exact(part, string, p->caseless);
}

// Digits at the parser's place, up to a little more than `max`.
static unsigned times(struct bs_factor_parser *p, unsigned max)
{
	unsigned count = 0;
	for (; bs_is_digit(bs_factor_peek(p, 0)); p->at++)
		if (count <= max)
			count = count * 10 + (unsigned)(bs_factor_peek(p, 0) - '0');
	return count;
}

// A quantifier, if there is one: at least how often; *ret_open when it may be more than once.
unsigned bs_factor_quantifier(struct bs_factor_parser *p, bool *ret_open, unsigned *ret_most)
{
	unsigned least = 1;
	*ret_open = true;
	*ret_most = UINT_MAX;
	switch (bs_factor_peek(p, 0)) {
	case '*':
		least = 0;
		break;
	case '?':
		least = 0;
		*ret_most = 1;
		*ret_open = false;
		break;
	case '+':
		break;
	case '{':
		// "{" may be itself; "{,3}" and "{ 2 }" mean this or that by version: not
		// understood
		if (!bs_is_digit(bs_factor_peek(p, 1))) {
			p->lost |= bs_factor_peek(p, 1) == ',' || bs_factor_peek(p, 1) == ' ' ||
				   bs_factor_peek(p, 1) == '\t';
			*ret_open = false;
			*ret_most = 1;
			return 1;
		}
		p->at++;
		least = *ret_most = times(p, UINT16_MAX);
		*ret_open = least > BS_FACTOR_TIMES_MAX || bs_factor_peek(p, 0) == ',';
		if (least > BS_FACTOR_TIMES_MAX)
			least = BS_FACTOR_TIMES_MAX;
		if (bs_factor_peek(p, 0) == ',') {
			p->at++;
			*ret_most = bs_is_digit(bs_factor_peek(p, 0)) ? times(p, UINT16_MAX)
								      : UINT_MAX;
		}
		p->lost |= bs_factor_peek(p, 0) != '}';
		break;
	default:
		*ret_open = false;
		*ret_most = 1;
		return 1;
	}
	p->at++;
	if (bs_factor_peek(p, 0) == '?' || bs_factor_peek(p, 0) == '+')
		p->at++; // lazy, possessive
	return least;
}
