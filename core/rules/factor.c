// SPDX-License-Identifier: MIT
// Literals that a pattern needs: a recursive descent over the part of PCRE's language that packs
// use.
//
// Concatenation: the best of its factors. Alternation: the union, when every branch has a factor.
// Syntax: pcre2pattern(3).
#include "core/rules/factor.h"

#include "core/base/limits.h"
#include "core/rules/factor_set.h"

struct parser {
	struct bs_str pattern;
	size_t at;
	size_t bytes_min;
	bool caseless;
	bool lost; // something was not understood: nothing holds
	unsigned depth;
};

static bool at_end(const struct parser *p)
{
	return p->at >= p->pattern.len;
}

static char peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->pattern.len ? p->pattern.ptr[p->at + ahead] : '\0';
}

static bool looking_at(const struct parser *p, const char *text)
{
	return bs_str_starts(bs_str_from(p->pattern, p->at), bs_str_c(text));
}

// --- items: what stands between two quantifiers

enum item_kind {
	ITEM_NOTHING,   // matches without taking a character: ^ $ \b
	ITEM_CHARACTER, // one certain character
	ITEM_GROUP,     // has a factor of its own
	ITEM_UNKNOWN,   // takes something of which nothing is known
};

struct item {
	enum item_kind kind;
	struct bs_str character;
	bool caseless; // of the character
	struct bs_factor factor;
};

static void parse_alternation(struct parser *p, struct bs_factor *ret_factor);

// Behind "[": up to and over its "]". A class of one letter in both cases is that letter.
static void parse_class(struct parser *p, struct item *item)
{
	size_t from = p->at;
	bool plain = peek(p, 0) != '^';
	if (!plain)
		p->at++;
	if (peek(p, 0) == ']')
		p->at++; // a "]" at the front is one of the characters
	while (!at_end(p) && peek(p, 0) != ']') {
		if (peek(p, 0) == '\\') {
			plain = false;
			p->at++;
			p->lost |= !at_end(p) && strchr("QEc", peek(p, 0)); // may quote the "]"
		} else if (peek(p, 0) == '[' && peek(p, 1) != '\0' && strchr(":.=", peek(p, 1))) {
			p->lost = true; // [:alpha:] and its kin, or only a "["
			return;
		}
		p->at++;
	}
	struct bs_str members = bs_str_sub(p->pattern, from, p->at - from);
	if (at_end(p))
		p->lost = true;
	p->at++;
	bool same = members.len == 2 && bs_is_alpha(members.ptr[0]) &&
		    bs_lower(members.ptr[0]) == bs_lower(members.ptr[1]);
	if (plain && same) {
		item->kind = ITEM_CHARACTER;
		item->character = bs_str_sub(members, 0, 1);
		item->caseless = true;
	}
}

// Behind "\".
static void parse_escape(struct parser *p, struct item *item)
{
	char c = peek(p, 0);
	p->at++;
	if (c != '\0' && strchr("bBAzZGK", c)) {
		item->kind = ITEM_NOTHING;
	} else if (c == 't') {
		item->kind = ITEM_CHARACTER;
		item->character = bs_str("\t", 1);
	} else if (c == 'p' || c == 'P') { // \pL or \p{Lu}
		if (peek(p, 0) == '{')
			while (!at_end(p) && peek(p, 0) != '}')
				p->at++;
		p->at++;
	} else if (c > 0 && c < 0x7F && !bs_is_alnum(c)) { // \. \[ \( …
		item->kind = ITEM_CHARACTER;
		item->character = bs_str_sub(p->pattern, p->at - 1, 1);
	} else if (c == '\0' || !strchr("dDwWsShHvVRXN", c) || (c == 'N' && peek(p, 0) == '{')) {
		p->lost = true; // back references, \Q, \x … : rare, or longer than they look
	}
}

// Behind "(?": the letters of "(?i)" or "(?i:"; false when it is something else.
static bool parse_options(struct parser *p, struct item *item)
{
	size_t n = 0;
	while (bs_is_alpha(peek(p, n)) || peek(p, n) == '-' || peek(p, n) == '^') {
		if (peek(p, n) == 'x' || peek(p, n) == 'R' || peek(p, n) == 'C' ||
			peek(p, n) == 'P')
			return false; // white space, recursion, callouts
		// "i" is not scoped here: caseless for the rest is sound for any of its places
		p->caseless |= peek(p, n) == 'i';
		n++;
	}
	if (n == 0 || (peek(p, n) != ')' && peek(p, n) != ':'))
		return false;
	p->at += n;
	if (peek(p, 0) == ')')
		item->kind = ITEM_NOTHING;
	return true;
}

// Behind "(".
static void parse_group(struct parser *p, struct item *item)
{
	bool look_around = false;
	if (peek(p, 0) == '*') {
		p->lost = true;
		return;
	}
	if (peek(p, 0) == '?') {
		p->at++;
		if (looking_at(p, "=") || looking_at(p, "!") || looking_at(p, "<=") ||
			looking_at(p, "<!")) {
			look_around = true;
			p->at += peek(p, 0) == '<' ? 2 : 1;
		} else if (looking_at(p, "<") || looking_at(p, "P<")) {
			size_t end = bs_str_find_char(bs_str_from(p->pattern, p->at), '>');
			p->lost |= end == SIZE_MAX;
			p->at += end == SIZE_MAX ? 0 : end + 1;
		} else if (looking_at(p, ":") || looking_at(p, ">") || looking_at(p, "|")) {
			p->at++;
		} else if (parse_options(p, item)) {
			p->at++;
			if (item->kind == ITEM_NOTHING)
				return;
		} else {
			p->lost = true; // conditions, recursion, comments
			return;
		}
	}
	if (++p->depth > BS_REGEX_PARENS_MAX) {
		p->lost = true;
		return;
	}
	parse_alternation(p, &item->factor);
	p->depth--;
	if (peek(p, 0) != ')')
		p->lost = true;
	p->at++;
	item->kind = item->factor.count > 0 && !look_around ? ITEM_GROUP : ITEM_UNKNOWN;
}

// One character of UTF-8 as it stands.
static void parse_character(struct parser *p, struct item *item)
{
	size_t n = 1;
	while (((unsigned char)peek(p, n) & 0xC0) == 0x80)
		n++;
	struct bs_str character = bs_str_sub(p->pattern, p->at, n);
	p->at += n;
	// Without regard to case, other letters than ASCII have more forms than we know.
	if (n > 4 || (n > 1 && p->caseless))
		return;
	item->kind = ITEM_CHARACTER;
	item->character = character;
}

static void parse_item(struct parser *p, struct item *item)
{
	*item = (struct item){.kind = ITEM_UNKNOWN, .caseless = p->caseless};
	switch (peek(p, 0)) {
	case '^':
	case '$':
		p->at++;
		item->kind = ITEM_NOTHING;
		break;
	case '.':
		p->at++;
		break;
	case '[':
		p->at++;
		parse_class(p, item);
		break;
	case '\\':
		p->at++;
		parse_escape(p, item);
		break;
	case '(':
		p->at++;
		parse_group(p, item);
		break;
	default:
		parse_character(p, item);
	}
	if (p->caseless)
		item->caseless = true;
}

// A quantifier, if there is one: at least how often; *ret_open when more may follow.
static unsigned parse_quantifier(struct parser *p, bool *ret_open)
{
	unsigned least = 1;
	*ret_open = true;
	switch (peek(p, 0)) {
	case '*':
	case '?':
		least = 0;
		break;
	case '+':
		break;
	case '{':
		// "{" may be itself, "{,3}" and "{ 2 }" mean this or that by version: not
		// understood
		if (!bs_is_digit(peek(p, 1))) {
			p->lost |= peek(p, 1) == ',' || peek(p, 1) == ' ' || peek(p, 1) == '\t';
			*ret_open = false;
			return 1;
		}
		least = peek(p, 1) != '0';
		while (!at_end(p) && (bs_is_digit(peek(p, 1)) || peek(p, 1) == ','))
			p->at++;
		p->at++;
		if (peek(p, 0) != '}')
			p->lost = true;
		break;
	default:
		*ret_open = false;
		return 1;
	}
	p->at++;
	if (peek(p, 0) == '?' || peek(p, 0) == '+')
		p->at++; // lazy, possessive
	return least;
}

// Takes an item and its quantifier into the branch.
static void take_item(struct parser *p, const struct item *item, struct bs_factor_run *run,
	struct bs_factor *best)
{
	bool open = false;
	unsigned least = parse_quantifier(p, &open);
	switch (item->kind) {
	case ITEM_NOTHING:
		break;
	case ITEM_CHARACTER:
		if (least > 0)
			bs_factor_extend_run(
				run, p->bytes_min, item->character, item->caseless, best);
		if (open)
			bs_factor_end_run(run, p->bytes_min, best);
		if (open && least > 0) // its last repetition stands beside what follows
			bs_factor_extend_run(
				run, p->bytes_min, item->character, item->caseless, best);
		break;
	case ITEM_GROUP:
		bs_factor_end_run(run, p->bytes_min, best);
		if (least > 0)
			bs_factor_keep_better(best, &item->factor);
		break;
	case ITEM_UNKNOWN:
		bs_factor_end_run(run, p->bytes_min, best);
		break;
	}
}

static void parse_branch(struct parser *p, struct bs_factor *ret_best)
{
	struct bs_factor_run run = {0};
	struct item item;
	ret_best->count = 0;
	while (!at_end(p) && !p->lost && peek(p, 0) != '|' && peek(p, 0) != ')') {
		parse_item(p, &item);
		take_item(p, &item, &run, ret_best);
	}
	bs_factor_end_run(&run, p->bytes_min, ret_best);
}

static void parse_alternation(struct parser *p, struct bs_factor *ret_factor)
{
	struct bs_factor branch;
	bool every = true;
	ret_factor->count = 0;
	for (;;) {
		parse_branch(p, &branch);
		every = every && branch.count > 0;
		for (size_t i = 0; i < branch.count && every; i++)
			every = bs_factor_add(ret_factor, &branch.literals[i]);
		if (p->lost || peek(p, 0) != '|')
			break;
		p->at++;
	}
	if (!every || p->lost)
		ret_factor->count = 0;
}

void bs_factor_find(
	struct bs_str pattern, bool caseless, size_t bytes_min, struct bs_factor *ret_factor)
{
	struct parser parser = {.pattern = pattern, .bytes_min = bytes_min, .caseless = caseless};
	parse_alternation(&parser, ret_factor);
	if (parser.lost || !at_end(&parser))
		ret_factor->count = 0;
}
