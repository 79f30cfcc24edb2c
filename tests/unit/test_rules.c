// SPDX-License-Identifier: MIT
// core/rules/pack: what loads, what is refused and where, what overrides what; every rule's
// examples.
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/rules/digits.h"
#include "core/rules/made.h"
#include "core/rules/pack.h"
#include "core/rules/prefilter.h"

static const char *write_pack(char path[64], const char *text)
{
	static const char shape[] = "/tmp/buildsum-pack-XXXXXX";
	memcpy(path, shape, sizeof(shape));
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

// Loads our packs and those with the given texts.
static enum bs_status load(struct bs_rules *rules, const char *const *texts, size_t count,
	struct bs_arena *arena, struct bs_err *err)
{
	char paths[4][64];
	const char *list[4];
	for (size_t i = 0; i < count; i++)
		list[i] = write_pack(paths[i], texts[i]);
	bs_arena_init(arena, 16 * 1024 * 1024);
	enum bs_status status = bs_rules_load(rules, list, count, arena, err);
	for (size_t i = 0; i < count; i++)
		(void)unlink(paths[i]);
	return status;
}

static bool has_rule(const struct bs_rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->rules_count; i++)
		if (strcmp(rules->rules[i]->id, id) == 0)
			return true;
	return false;
}

static struct bs_rule rule_of(const struct bs_rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->rules_count; i++)
		if (strcmp(rules->rules[i]->id, id) == 0)
			return *rules->rules[i];
	fail_msg("no rule %s", id);
	return (struct bs_rule){0};
}

static const char tiny[] = "pack: tiny\n"
			   "about: a compiler of our own\n"
			   "rules:\n"
			   "  - id: tiny-error\n"
			   "    category: compile_error\n"
			   "    weight: 90\n"
			   "    match: '^(?<file>[^:\\s]+):(?<line>\\d+): error: (?<message>.+)'\n"
			   "    after: 6\n"
			   "    while: '^\\s'\n"
			   "    matches: [\"src/a.c:3: error: expected ';'\"]\n"
			   "    ignores: ['0 errors', 'a: error: none']\n"
			   "  - id: tiny-end\n"
			   "    role: wrapper\n"
			   "    match: 'TINY STOPPED'\n"
			   "    unless: 'by hand'\n"
			   "    caseless: true\n"
			   "    said_before: true\n"
			   "    before: 0\n"
			   "    lines: 3\n"
			   "    until: '^ok'\n"
			   "    matches: ['tiny stopped']\n"
			   "    ignores: ['tiny', 'By hand tiny stopped']\n";

static void rules_load_with_all_that_was_said_and_defaults_for_the_rest(void **state)
{
	(void)state;
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_err err = {0};
	const char *texts[] = {tiny};
	if (load(&rules, texts, 1, &arena, &err) != BS_OK)
		fail_msg("%s", err.msg);
	struct bs_rule error = rule_of(&rules, "tiny-error");
	assert_string_equal(error.pack, "tiny");
	assert_int_equal(error.role, BS_ROLE_CAUSE);
	assert_int_equal(error.category, BS_CATEGORY_COMPILE_ERROR);
	assert_int_equal(error.weight, 90);
	assert_int_equal(error.before, 1);
	assert_int_equal(error.after, 6);
	assert_int_equal(error.lines_max, 40);
	assert_str(error.block_while, "^\\s");
	assert_null(error.block_until.ptr);
	assert_non_null(strstr(error.place, ":4:5"));
	assert_int_equal(error.group_file, 1);
	assert_int_equal(error.group_line, 2);
	assert_int_equal(error.group_message, 3);
	struct bs_rule end = rule_of(&rules, "tiny-end");
	assert_int_equal(end.role, BS_ROLE_WRAPPER);
	assert_int_equal(end.weight, 20);
	assert_int_equal(end.before, 0);
	assert_true(end.caseless);
	assert_true(end.said_before);
	assert_false(error.said_before);
	bs_rules_release(&rules);
	bs_rules_release(&rules);
	bs_rules_release(NULL);
	bs_arena_release(&arena);
}

#define RULE "rules:\n  - id: a\n    match: 'xyz'\n"

static void rules_say_where_a_pack_is_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text, *words;
	} examples[] = {
		{"rules: [", ":1:"},
		{"- a\n", ":1:1: expected a pack"},
		{"rulez: []\n", ":1:1: unknown key \"rulez\"; did you mean \"rules\""},
		{"rules: {}\n", ":1:8: \"rules\": expected a list"},
		{"pack: []\n", ":1:7: \"pack\": expected a text"},
		{"rules:\n  - 5\n", ":2:5: expected a rule"},
		{"rules:\n  - id: a\n", ":2:5: a rule without \"match\""},
		{"rules:\n  - match: abc\n", ":2:5: a rule without \"id\""},
		{"rules:\n  - id: 'a b'\n", ":2:9: \"id\": expected letters"},
		{RULE "    wieght: 3\n", ":4:5: unknown key \"wieght\"; did you mean \"weight\""},
		{RULE "    colour: red\n", ":4:5: unknown key \"colour\"; expected for example"},
		{RULE "    weight: 101\n",
			":4:13: \"weight\": expected a whole number from 1 to 100"},
		{RULE "    weight: heavy\n", ":4:13: \"weight\": expected a whole number"},
		{RULE "    before: -1\n", ":4:13: \"before\": expected a whole number from 0"},
		{RULE "    lines: 401\n",
			":4:12: \"lines\": expected a whole number from 1 to 400"},
		{RULE "    role: boss\n", ":4:11: \"role\": expected cause, summary"},
		{RULE "    category: test_failur\n",
			":4:15: \"category\": expected one of the categories, such as test_failure"},
		{RULE "    said_before: 1\n", ":4:18: \"said_before\": expected true or false"},
		{RULE "    caseless: yes\n", ":4:15: \"caseless\": expected true or false"},
		{RULE "    matches: abc\n", ":4:14: \"matches\": expected a list"},
		{RULE "    ignores: [[a]]\n", ":4:15: expected a line of text"},
		{RULE "    while: ''\n", ":4:12: \"while\": expected a text"},
		{RULE RULE, ":4:1: "},
		{RULE "  - id: a\n    match: abc\n", ":4:5: the id \"a\" stands already at"},
		{"rules:\n  - id: a\n    match: 'a('\n",
			":2:5: rule a, \"match\": pattern, offset 2"},
		{"rules:\n  - id: a\n    match: 'a*'\n", "matches the empty string"},
		{RULE "    until: '(*UTF)x'\n", "\"until\": pattern"},
		{RULE "    unless: 'a('\n", "\"unless\": pattern, offset 2"},
		{"disable: a\n", ":1:10: \"disable\": expected a list"},
		{"disable: [no-such-rule-anywhere]\n",
			":1:11: \"disable\": expected the id of a rule"},
	};
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct bs_rules rules;
		struct bs_arena arena;
		struct bs_err err = {0};
		const char *texts[] = {examples[i].text};
		assert_int_equal(load(&rules, texts, 1, &arena, &err), BS_USAGE);
		if (!strstr(err.msg, examples[i].words))
			fail_msg("\"%s\" does not say \"%s\"", err.msg, examples[i].words);
		bs_arena_release(&arena);
	}
}

static void rules_of_later_packs_replace_and_disable_earlier_ones(void **state)
{
	(void)state;
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_err err = {0};
	const char *texts[] = {tiny,
		"pack: mine\ndisable: [tiny-end]\nrules:\n  - id: tiny-error\n    match: mine\n"};
	if (load(&rules, texts, 2, &arena, &err) != BS_OK)
		fail_msg("%s", err.msg);
	assert_false(has_rule(&rules, "tiny-end"));
	assert_string_equal(rule_of(&rules, "tiny-error").pack, "mine");
	bs_rules_release(&rules);
	bs_arena_release(&arena);

	const char *wrong[] = {tiny, "disable: [tiny-ent]\n"};
	assert_int_equal(load(&rules, wrong, 2, &arena, &err), BS_USAGE);
	assert_non_null(strstr(err.msg, "did you mean tiny-end"));
	bs_arena_release(&arena);
}

static void rules_name_a_pack_that_cannot_be_read(void **state)
{
	(void)state;
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_err err = {0};
	const char *paths[] = {"/nonexistent/pack.yml"};
	bs_arena_init(&arena, 16 * 1024 * 1024);
	assert_int_not_equal(bs_rules_load(&rules, paths, 1, &arena, &err), BS_OK);
	assert_non_null(strstr(err.msg, "/nonexistent/pack.yml"));
	bs_arena_release(&arena);
}

static void note_failure(
	void *ctx, const struct bs_rule *rule, const struct bs_example *example, bool should_match)
{
	(*(size_t *)ctx)++;
	print_message("%s (%s): %s \"%.*s\"\n", rule->place, rule->id,
		should_match ? "does not match" : "matches", BS_FMT(example->text));
}

static void rules_report_examples_that_do_not_hold(void **state)
{
	(void)state;
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_err err = {0};
	const char *texts[] = {
		"pack: wrong\nrules:\n  - id: wrong\n    match: 'abc'\n    matches: [abd, abc]\n"
		"    ignores: [xabcx]\n"};
	assert_int_equal(load(&rules, texts, 1, &arena, &err), BS_OK);
	size_t failures = 0, tried = 0;
	assert_int_equal(bs_rules_test(&rules, note_failure, &failures, &tried, &err), BS_OK);
	assert_true(tried >= 3);
	assert_int_equal(failures, 2);
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

static void our_packs_hold_their_examples(void **state)
{
	(void)state;
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_err err = {0};
	const char *texts[] = {tiny};
	if (load(&rules, texts, 1, &arena, &err) != BS_OK)
		fail_msg("%s", err.msg);
	size_t failures = 0, tried = 0, silent = 0;
	if (bs_rules_test(&rules, note_failure, &failures, &tried, &err) != BS_OK)
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < rules.rules_count; i++)
		if (!rules.rules[i]->matches || !rules.rules[i]->ignores) {
			print_message("%s: no examples\n", rules.rules[i]->place);
			silent++;
		}
	assert_int_equal(failures, 0);
	assert_int_equal(silent, 0);
	// Rules without a literal run on every line: few may.
	assert_true(bs_prefilter_blind(rules.prefilter) <= 4 + rules.rules_count / 20);
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

// A line made of an example by cutting, repeating, changing case and replacing bytes.
static size_t mutate(struct bs_str example, uint32_t *seed, char *line, size_t bytes_max)
{
	size_t len = 0;
	for (size_t i = 0; i < example.len && len + 4 < bytes_max; i++) {
		char c = example.ptr[i];
		uint32_t dice = next_random(seed) % 64;
		if (dice == 0)
			continue;
		if (dice == 1)
			line[len++] = c;
		if (dice == 2)
			c = " .:x09"[next_random(seed) % 6];
		if (dice == 3 && bs_is_alpha(c))
			c = (char)(c ^ 0x20);
		if (dice == 4 && (c == 's' || c == 'S')) { // U+017F
			line[len++] = '\xC5';
			c = '\xBF';
		}
		line[len++] = c;
	}
	return len;
}

static void prefilter_never_hides_a_match(void **state)
{
	(void)state;
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_err err = {0};
	const char *texts[] = {tiny, "pack: shapes\nrules:\n"
				     "  - {id: s1, match: '(?:abc|[Dd]ef+|g{2,}hij)(?:x|y)?'}\n"
				     "  - {id: s2, match: 'a?bcd*e|(?i)stop|\\bk\\w+'}\n"
				     "  - {id: s3, match: '(?<=ab)cd(?=ef)|(?!x)y{0,3}zzz'}\n"
				     "  - {id: s4, match: 'class(?:es)?', caseless: true}\n"
				     "  - {id: s5, match: '[]a]bc|[^]]def|\\[ghi\\]'}\n"
				     "  - {id: s6, match: '(a)\\1bcd|x\\x41yz'}\n"
				     "  - {id: s7, match: '(?x) a b c # def'}\n"
				     "  - {id: s8, match: '\\Qa|b\\Ecd'}\n"
				     "  - {id: s9, match: 'a{2}bc{3}d|[[:alpha:]]xyz'}\n"
				     "  - {id: s10, match: '✗ (?<name>.+)|\xC3\xA9?tude'}\n"};
	if (load(&rules, texts, 2, &arena, &err) != BS_OK)
		fail_msg("%s", err.msg);
	static const char *const more[] = {"abc", "def", "Deff", "ggghij", "bce", "abcdde", "STOP",
		"\xC5\xBFtop", "kx", "abcdef", "zzz", "yyzzz", "CLASS", "cla\xC5\xBF\xC5\xBF",
		"]bc", "abc]def", "xdef", "[ghi]", "aabcd", "xAyz", "a|bcd", "aabcccd", "qxyz",
		"\xE2\x9C\x97 x", "tude", "\xC3\xA9tude", "ab c"};
	uint32_t seed = 7;
	char line[2048];
	size_t matches = 0;
	for (size_t i = 0; i < rules.rules_count; i++)
		assert_int_equal(bs_rule_compile(rules.rules[i], &err), BS_OK);
	for (size_t i = 0; i < rules.rules_count + sizeof(more) / sizeof(more[0]); i++)
		for (size_t round = 0; round < 40; round++) {
			const struct bs_example *example = i < rules.rules_count
								   ? rules.rules[i]->matches
								   : NULL;
			struct bs_str base =
				example ? example->text
					: bs_str_c(more[i % (sizeof(more) / sizeof(more[0]))]);
			struct bs_str text = bs_str(line, mutate(base, &seed, line, sizeof(line)));
			struct bs_candidates candidates;
			bs_prefilter_find(rules.prefilter, text, 0, &candidates);
			for (size_t k = 0; k < rules.rules_count; k++) {
				struct bs_span match, starts, same = {0, 0};
				if (bs_regex_find(rules.order[k]->regex, text, 0, &match, 1) !=
					BS_MATCH_YES)
					continue;
				matches++;
				if (!bs_candidates_have(&candidates, k) ||
					!bs_prefilter_reach(candidates.reach[k], rules.order[k],
						text, 0, &starts) ||
					bs_regex_find_from(rules.order[k]->regex, text, starts,
						false, &same, 1) != BS_MATCH_YES ||
					same.from != match.from || same.to != match.to)
					fail_msg("rule %s is hidden from \"%.*s\"",
						rules.order[k]->id, BS_FMT(text));
			}
		}
	assert_true(matches > 500);
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

static void rules_speak_in_the_order_of_their_precedence(void **state)
{
	(void)state;
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_err err = {0};
	const char *texts[] = {"pack: p\nrules:\n"
			       "  - {id: p-weak, weight: 59, match: aaa}\n"
			       "  - {id: p-wrapper, role: wrapper, match: aaa}\n"
			       "  - {id: p-strong, weight: 61, match: aaa}\n"
			       "  - {id: p-hush, role: noise, weight: 79, match: aaa}\n"
			       "  - {id: p-noise, role: noise, match: aaa}\n"};
	assert_int_equal(load(&rules, texts, 1, &arena, &err), BS_OK);
	static const char *const expected[] = {
		"p-noise", "p-hush", "p-strong", "p-wrapper", "p-weak"};
	size_t seen = 0;
	for (size_t i = 0; i < rules.rules_count; i++)
		if (strncmp(rules.order[i]->id, "p-", 2) == 0)
			assert_string_equal(rules.order[i]->id, expected[seen++]);
	assert_int_equal(seen, 5);
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

static void assert_made(const struct bs_rule *rule, enum bs_made_kind kind, struct bs_str pattern)
{
	struct bs_arena arena;
	struct bs_regex *regex = NULL;
	struct bs_str bytes = {0};
	struct bs_regex_made made = bs_made_of(rule, kind);
	bs_arena_init(&arena, 256 * 1024);
	assert_int_equal(
		bs_regex_new(pattern, rule->caseless ? BS_REGEX_CASELESS : 0, &regex, NULL), BS_OK);
	assert_int_equal(bs_regex_make(regex, &arena, &bytes, NULL), BS_OK);
	if (!bs_str_starts(bytes, made.lead) ||
		!bs_str_eq(bs_str_from(bytes, made.lead.len), made.rest))
		fail_msg("rule %s: pattern %d is not what the build made of it", rule->id,
			(int)kind);
	bs_regex_free(regex);
	bs_arena_release(&arena);
}

static void what_the_build_made_is_what_pcre2_makes(void **state)
{
	(void)state;
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_err err = {0};
	size_t relaxed_count = 0;
	assert_true(bs_made_fits());
	assert_int_equal(load(&rules, (const char *[]){tiny}, 1, &arena, &err), BS_OK);
	for (size_t i = 0; i < rules.rules_count; i++) {
		const struct bs_rule *rule = rules.rules[i];
		struct bs_buf relaxed;
		if (!rule->takes_made) {
			assert_null(bs_made_of(rule, BS_MADE_MATCH).rest.ptr);
			continue;
		}
		assert_made(rule, BS_MADE_MATCH, rule->match);
		if (rule->unless.ptr)
			assert_made(rule, BS_MADE_UNLESS, rule->unless);
		if (rule->block_while.ptr)
			assert_made(rule, BS_MADE_WHILE, rule->block_while);
		if (rule->block_until.ptr)
			assert_made(rule, BS_MADE_UNTIL, rule->block_until);
		bs_buf_init(&relaxed, 3 * BS_PATTERN_BYTES_MAX);
		if (!rule->digits_alike && bs_digits_relax(rule->match, &relaxed)) {
			assert_made(rule, BS_MADE_RELAXED, bs_buf_str(&relaxed));
			relaxed_count++;
		}
		bs_buf_release(&relaxed);
	}
	assert_true(relaxed_count > 50);
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_load_with_all_that_was_said_and_defaults_for_the_rest),
		cmocka_unit_test(rules_say_where_a_pack_is_wrong),
		cmocka_unit_test(rules_of_later_packs_replace_and_disable_earlier_ones),
		cmocka_unit_test(rules_name_a_pack_that_cannot_be_read),
		cmocka_unit_test(rules_report_examples_that_do_not_hold),
		cmocka_unit_test(our_packs_hold_their_examples),
		cmocka_unit_test(prefilter_never_hides_a_match),
		cmocka_unit_test(what_the_build_made_is_what_pcre2_makes),
		cmocka_unit_test(rules_speak_in_the_order_of_their_precedence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
