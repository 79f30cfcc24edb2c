// SPDX-License-Identifier: MIT
// Literals that a pattern needs: a recursive descent over the part of PCRE's language that packs
// use.
//
// A part of a pattern that can only be one of a few strings is exact; exact parts side by side make
// longer strings. Concatenation: the best of its factors. Alternation: the union, when every branch
// has a factor.
// Syntax: pcre2pattern(3).
#include "core/rules/factor.h"

#include "core/base/limits.h"
#include "core/rules/factor_item.h"

static bool looking_at(const struct bs_factor_parser *p, const char *text)
{
	return bs_str_starts(bs_str_from(p->pattern, p->at), bs_str_c(text));
}

static void parse_alternation(struct bs_factor_parser *p, struct bs_factor_part *ret_part);

// Behind "(?": the letters of "(?i)" or "(?i:"; false when it is something else.
static bool parse_options(struct bs_factor_parser *p)
{
	size_t n = 0;
	while (bs_is_alpha(bs_factor_peek(p, n)) || bs_factor_peek(p, n) == '-' ||
		bs_factor_peek(p, n) == '^') {
		if (bs_factor_peek(p, n) == 'x' || bs_factor_peek(p, n) == 'R' ||
			bs_factor_peek(p, n) == 'C' || bs_factor_peek(p, n) == 'P')
			return false; // white space, recursion, callouts
		// "i" is not scoped here: caseless for the rest is sound for any of its places
		p->caseless |= bs_factor_peek(p, n) == 'i';
		n++;
	}
	if (n == 0 || (bs_factor_peek(p, n) != ')' && bs_factor_peek(p, n) != ':'))
		return false;
	p->at += n;
	return true;
}

// Behind "(".
static void parse_group(struct bs_factor_parser *p, struct bs_factor_part *part)
{
	bool look_around = false;
	if (bs_factor_peek(p, 0) == '*') {
		p->lost = true;
		return;
	}
	if (bs_factor_peek(p, 0) == '?') {
		p->at++;
		if (looking_at(p, "=") || looking_at(p, "!") || looking_at(p, "<=") ||
			looking_at(p, "<!")) {
			look_around = true;
			p->at += bs_factor_peek(p, 0) == '<' ? 2 : 1;
		} else if (looking_at(p, "<") || looking_at(p, "P<")) {
			size_t end = bs_str_find_char(bs_str_from(p->pattern, p->at), '>');
			p->lost |= end == SIZE_MAX;
			p->at += end == SIZE_MAX ? 0 : end + 1;
		} else if (looking_at(p, ":") || looking_at(p, ">") || looking_at(p, "|")) {
			p->at++;
		} else if (parse_options(p)) {
			if (bs_factor_peek(p, 0) == ')') { // "(?i)": nothing but the setting
				p->at++;
				part->exact = true;
				part->width = 0;
				return;
			}
			p->at++;
		} else {
			p->lost = true; // conditions, recursion, comments
			return;
		}
	}
	if (++p->depth > BS_REGEX_PARENS_MAX) {
		p->lost = true;
		return;
	}
	parse_alternation(p, part);
	p->depth--;
	p->lost |= bs_factor_peek(p, 0) != ')';
	p->at++;
	if (look_around) { // takes no character, whatever is in it
		bs_factor_unknown(part);
		part->exact = true;
		part->width = 0;
	}
}

static void parse_item(struct bs_factor_parser *p, struct bs_factor_part *part)
{
	bs_factor_unknown(part);
	switch (bs_factor_peek(p, 0)) {
	case '^':
	case '$':
		part->anchored = bs_factor_peek(p, 0) == '^';
		p->at++;
		part->exact = true; // the empty string
		part->width = 0;
		break;
	case '.':
		p->at++;
		break;
	case '[':
		p->at++;
		bs_factor_class(p, part);
		break;
	case '\\':
		p->at++;
		bs_factor_escape(p, part);
		break;
	case '(':
		p->at++;
		parse_group(p, part);
		break;
	default:
		bs_factor_character(p, part);
	}
}

// Ends the run of strings at the end of `whole`: what comes next need not stand right behind it.
static void end_run(const struct bs_factor_parser *p, struct bs_factor_part *whole)
{
	bs_exact_offer(&whole->tail, p->bytes_min, whole->width, &whole->in);
	if (whole->exact)
		whole->head = whole->tail;
	whole->exact = false;
	bs_exact_clear(&whole->tail);
}

// What comes next begins right behind the run.
static void offer_seam(const struct bs_factor_parser *p, struct bs_factor_part *whole,
	const struct bs_factor *next)
{
	struct bs_factor seam = whole->tail;
	if (bs_exact_append_ends(&seam, next))
		bs_exact_offer(&seam, p->bytes_min,
			bs_factor_plus(whole->width, bs_exact_width(next)), &whole->in);
}

// The strings come next in the run, or begin one when it is full.
static void extend_run(
	const struct bs_factor_parser *p, struct bs_factor_part *whole, const struct bs_factor *set)
{
	if (set->count > 1) // several strings may tell less than the one before them
		bs_exact_offer(&whole->tail, p->bytes_min, whole->width, &whole->in);
	if (bs_exact_append(&whole->tail, set))
		return;
	if (set->count > 1)
		offer_seam(p, whole, set);
	end_run(p, whole);
	whole->tail = *set;
}

static uint16_t times_width(uint16_t width, unsigned times)
{
	if (width == 0 || times == 0)
		return 0;
	return times < BS_FACTOR_ANYWHERE / width ? (uint16_t)(width * times) : BS_FACTOR_ANYWHERE;
}

#define OPTIONAL_RUN_MAX 4 // strings that a run may have and still be doubled by an optional one

static void take_exact(const struct bs_factor_parser *p, struct bs_factor_part *part,
	unsigned least, bool open, struct bs_factor_part *whole)
{
	if (least == 0) {
		bool fits = !open && part->tail.count == 1 && whole->tail.count <= OPTIONAL_RUN_MAX;
		if (fits && bs_exact_add(&part->tail, BS_LIT(""), false))
			extend_run(p, whole, &part->tail); // "s?": with it and without it
		else
			end_run(p, whole);
		return;
	}
	struct bs_factor times = part->tail;
	for (unsigned i = 1; i < least; i++)
		open = !bs_exact_append(&times, &part->tail) || open;
	extend_run(p, whole, &times);
	if (open) { // the last repetitions stand beside what follows
		whole->width = bs_factor_plus(whole->width, times_width(part->width, least));
		end_run(p, whole);
		whole->tail = times;
	}
}

// A part of which not every string is known. Its first repetition begins where `whole` ends so far.
static void take_open(const struct bs_factor_parser *p, struct bs_factor_part *part, unsigned least,
	struct bs_factor_part *whole)
{
	if (least > 0)
		offer_seam(p, whole, &part->head);
	end_run(p, whole);
	if (least > 0) {
		bs_factor_shift(&part->in.best, whole->width);
		bs_factor_shift(&part->in.also, whole->width);
		bs_factor_keep_better(&whole->in, &part->in.best);
		bs_factor_keep_better(&whole->in, &part->in.also);
		whole->tail = part->tail;
	}
}

// Takes a part and its quantifier behind what is there.
static void take_part(
	struct bs_factor_parser *p, struct bs_factor_part *part, struct bs_factor_part *whole)
{
	bool open = false;
	unsigned most = 1;
	uint16_t before = whole->width;
	unsigned least = bs_factor_quantifier(p, &open, &most);
	whole->anchored = whole->anchored || (before == 0 && least > 0 && part->anchored);
	if (part->exact)
		take_exact(p, part, least, open, whole);
	else
		take_open(p, part, least, whole);
	whole->width = bs_factor_plus(before, times_width(part->width, most));
}

static void parse_branch(struct bs_factor_parser *p, struct bs_factor_part *ret_branch)
{
	struct bs_factor_part part;
	bs_factor_unknown(ret_branch);
	ret_branch->exact = true; // the empty string, so far
	ret_branch->width = 0;
	while (!bs_factor_at_end(p) && !p->lost && bs_factor_peek(p, 0) != '|' &&
		bs_factor_peek(p, 0) != ')') {
		parse_item(p, &part);
		take_part(p, &part, ret_branch);
	}
	bs_exact_offer(&ret_branch->tail, p->bytes_min, ret_branch->width, &ret_branch->in);
	if (ret_branch->exact)
		ret_branch->head = ret_branch->tail;
	if (ret_branch->anchored) {
		bs_factor_anchor(&ret_branch->in.best);
		bs_factor_anchor(&ret_branch->in.also);
	}
}

// One more branch of which a match may have nothing but what it needs; false once a branch needs
// nothing.
static bool join(struct bs_factor *all, const struct bs_factor *branch)
{
	bool every = branch->count > 0;
	for (size_t i = 0; i < branch->count && every; i++)
		every = bs_factor_add(all, &branch->literals[i]);
	return every;
}

static void parse_alternation(struct bs_factor_parser *p, struct bs_factor_part *ret_part)
{
	struct bs_factor_part branch;
	bool every = true, also = true, heads = true, tails = true;
	bs_factor_unknown(ret_part);
	ret_part->exact = true;
	ret_part->head.count = ret_part->tail.count = ret_part->width = 0;
	ret_part->anchored = true;
	for (;;) {
		parse_branch(p, &branch);
		ret_part->exact = ret_part->exact && branch.exact;
		heads = heads && bs_exact_join(&ret_part->head, &branch.head);
		tails = tails && bs_exact_join(&ret_part->tail, &branch.tail);
		ret_part->anchored = ret_part->anchored && branch.anchored;
		if (branch.width > ret_part->width)
			ret_part->width = branch.width;
		every = join(&ret_part->in.best, &branch.in.best) && every;
		also = join(&ret_part->in.also,
			       branch.in.also.count > 0 ? &branch.in.also : &branch.in.best) &&
		       also;
		if (p->lost || bs_factor_peek(p, 0) != '|')
			break;
		p->at++;
	}
	ret_part->exact = ret_part->exact && tails;
	if (!heads)
		bs_exact_clear(&ret_part->head);
	if (!tails)
		bs_exact_clear(&ret_part->tail);
	if (!every)
		ret_part->in.best.count = 0;
	struct bs_factor second = ret_part->in.also;
	ret_part->in.also.count = 0;
	if (every && also)
		bs_factor_keep_better(&ret_part->in, &second);
}

void bs_factor_find(
	struct bs_str pattern, bool caseless, size_t bytes_min, struct bs_factor_pair *ret_pair)
{
	struct bs_factor_parser parser = {
		.pattern = pattern, .bytes_min = bytes_min, .caseless = caseless};
	struct bs_factor_part part;
	parse_alternation(&parser, &part);
	*ret_pair = part.in;
	bs_factor_prune(ret_pair);
	ret_pair->best.anchored = part.anchored;
	if (parser.lost || !bs_factor_at_end(&parser)) {
		ret_pair->best.count = ret_pair->also.count = 0;
		ret_pair->best.anchored = false;
	}
}
