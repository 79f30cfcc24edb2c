// SPDX-License-Identifier: MIT
// Rule packs from outside: read or refused with a place; what is read never hides a match of its
// own.
#include <assert.h>

#include "core/rules/factor.h"
#include "core/rules/pack_read.h"

// In the text every digit is '0' by now, as in literals.
static bool holds(struct bs_str text, const struct bs_factor *factor)
{
	for (size_t i = 0; i < factor->count; i++) {
		const struct bs_factor_literal *literal = &factor->literals[i];
		struct bs_str needle = bs_str(literal->bytes, literal->len);
		assert(literal->len >= 3);
		if (literal->caseless ? bs_str_ifind(text, needle) != SIZE_MAX
				      : bs_str_has(text, needle))
			return true;
	}
	return factor->count == 0;
}

// A line that matches holds one of the pattern's literals and one of its others, but for U+017F and
// U+212A.
static void check_rule(struct bs_rule *rule, struct bs_str line)
{
	struct bs_factor_pair pair;
	char digits[8192];
	bs_factor_find(rule->match, rule->caseless, 3, &pair);
	if (bs_rule_compile(rule, NULL) == BS_OK &&
		bs_regex_find(rule->regex, line, 0, NULL, 0) == BS_MATCH_YES &&
		!bs_str_has(line, BS_LIT("\xC5\xBF")) &&
		!bs_str_has(line, BS_LIT("\xE2\x84\xAA"))) {
		struct bs_str text = bs_str(digits, line.len < sizeof(digits) ? line.len : 0);
		for (size_t i = 0; i < text.len; i++)
			digits[i] = bs_is_digit(line.ptr[i]) ? '0' : line.ptr[i];
		assert(text.len < line.len || (holds(text, &pair.best) && holds(text, &pair.also)));
	}
	bs_regex_free(rule->regex);
	bs_regex_free(rule->unless_regex);
	bs_regex_free(rule->while_regex);
	bs_regex_free(rule->until_regex);
	rule->regex = rule->unless_regex = rule->while_regex = rule->until_regex = NULL;
}

// A pack, or when the first byte is 0: a pattern and, behind a newline, a line.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_arena arena;
	struct bs_err err = {0};
	struct bs_pack pack = {0};
	struct bs_str text = bs_str((const char *)data, size);
	if (size > 0 && data[0] == 0) {
		struct bs_str rest = bs_str_from(text, 1), pattern = {0};
		(void)bs_str_split(&rest, '\n', &pattern);
		struct bs_rule rule = {
			.id = "x", .place = "x", .match = pattern, .caseless = pattern.len % 2};
		if (pattern.len > 0)
			check_rule(&rule, rest);
		return 0;
	}
	bs_arena_init(&arena, 16 * 1024 * 1024);
	enum bs_status status = bs_pack_read("pack.yml", text, &arena, &pack, &err);
	assert(status == BS_OK || status == BS_NOMEM ||
		bs_str_starts(bs_str_c(err.msg), BS_LIT("pack.yml")));
	for (size_t i = 0; status == BS_OK && i < pack.rules_count; i++)
		for (const struct bs_example *e = pack.rules[i]->matches; e; e = e->next)
			check_rule(pack.rules[i], e->text);
	bs_arena_release(&arena);
	return 0;
}
