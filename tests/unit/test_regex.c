// SPDX-License-Identifier: MIT
// core/ext/regex: what compiles, what is refused, and that no error of matching is hidden.
#include "tests/unit/unit.h"

#include "core/ext/regex.h"

static struct bs_regex *compiled(const char *pattern, unsigned flags)
{
	struct bs_regex *regex = NULL;
	struct bs_err err = {0};
	if (bs_regex_new(bs_str_c(pattern), flags, &regex, &err) != BS_OK)
		fail_msg("%s: %s", pattern, err.msg);
	return regex;
}

static void assert_refused(struct bs_str pattern, const char *words)
{
	struct bs_regex *regex = NULL;
	struct bs_err err = {0};
	assert_int_equal(bs_regex_new(pattern, 0, &regex, &err), BS_FORMAT);
	assert_null(regex);
	if (!strstr(err.msg, words))
		fail_msg("\"%s\" does not say \"%s\"", err.msg, words);
}

static void regex_finds_the_match_and_its_groups(void **state)
{
	(void)state;
	struct bs_regex *regex = compiled("(?<file>[^:\\s]+):(?<line>\\d+)(x)?", 0);
	struct bs_str text = BS_LIT("  src/a.c:12: oops");
	struct bs_span spans[6];
	assert_int_equal(bs_regex_find(regex, text, 0, spans, 6), BS_MATCH_YES);
	assert_int_equal(spans[0].from, 2);
	assert_int_equal(spans[0].to, 12);
	size_t file = bs_regex_group(regex, "file");
	assert_str(
		bs_str_sub(text, spans[file].from, spans[file].to - spans[file].from), "src/a.c");
	assert_int_equal(bs_regex_group(regex, "line"), 2);
	assert_int_equal(bs_regex_group(regex, "message"), 0);
	assert_true(spans[3].from == SIZE_MAX); // a group that took no part
	assert_true(spans[5].from == SIZE_MAX); // and one that does not exist
	bs_regex_free(regex);
	bs_regex_free(NULL);
}

static void regex_goes_on_from_an_offset_and_still_sees_what_is_before(void **state)
{
	(void)state;
	struct bs_regex *regex = compiled("(?<=a)b|^c", 0);
	struct bs_span span;
	assert_int_equal(bs_regex_find(regex, BS_LIT("ab"), 1, &span, 1), BS_MATCH_YES);
	assert_int_equal(bs_regex_find(regex, BS_LIT("xc"), 1, &span, 1), BS_MATCH_NO);
	assert_int_equal(bs_regex_find(regex, BS_LIT("ab"), 2, NULL, 0), BS_MATCH_NO);
	assert_int_equal(bs_regex_find(regex, BS_LIT("ab"), 3, NULL, 0), BS_MATCH_NO);
	assert_int_equal(bs_regex_find(regex, bs_str(NULL, 0), 0, NULL, 0), BS_MATCH_NO);
	bs_regex_free(regex);
}

static void regex_ignores_case_only_when_asked(void **state)
{
	(void)state;
	struct bs_regex *plain = compiled("fail", 0);
	struct bs_regex *caseless = compiled("fail", BS_REGEX_CASELESS);
	assert_int_equal(bs_regex_find(plain, BS_LIT("FAIL"), 0, NULL, 0), BS_MATCH_NO);
	assert_int_equal(bs_regex_find(caseless, BS_LIT("FAIL"), 0, NULL, 0), BS_MATCH_YES);
	bs_regex_free(plain);
	bs_regex_free(caseless);
}

static void regex_searches_invalid_utf8_without_an_error(void **state)
{
	(void)state;
	struct bs_regex *regex = compiled("tok=.x", 0);
	assert_int_equal(
		bs_regex_find(regex, BS_LIT("\xff\xc3 tok=\xc3\xa9x"), 0, NULL, 0), BS_MATCH_YES);
	assert_int_equal(bs_regex_find(regex, BS_LIT("tok=\xffx"), 0, NULL, 0), BS_MATCH_NO);
	// from the middle of a character on
	assert_int_equal(bs_regex_find(regex, BS_LIT("\xc3\xa9tok=yx"), 1, NULL, 0), BS_MATCH_YES);
	bs_regex_free(regex);
}

// PCRE2 10.42 with JIT fails this when told to expect invalid UTF-8.
static void regex_takes_characters_beyond_ascii_for_what_they_are_not(void **state)
{
	(void)state;
	static const char *const patterns[] = {"x\\S", "x\\D", "x\\W", "x[^ ]", "x.", "x\\S+z"};
	static const char *const texts[] = {
		"x\xC3\xA9z", "x\xE2\x80\x98z", "x\xF0\x9F\x9A\xA8z", "\xFFx\xC3\xA9z"};
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct bs_regex *regex = compiled(patterns[i], 0);
		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
			if (bs_regex_find(regex, bs_str_c(texts[k]), 0, NULL, 0) != BS_MATCH_YES)
				fail_msg("%s does not match %s", patterns[i], texts[k]);
		bs_regex_free(regex);
	}
}

static void regex_refuses_what_is_not_ours_to_run(void **state)
{
	(void)state;
	assert_refused(BS_LIT(""), "empty");
	assert_refused(BS_LIT("(*UTF)a"), "verb");
	assert_refused(BS_LIT("(*NO_JIT)a"), "verb");
	assert_refused(BS_LIT("(*LIMIT_MATCH=9)a"), "verb");
	assert_refused(BS_LIT("a\\Cb"), "\\C");
	assert_refused(BS_LIT("a*"), "empty string");
	assert_refused(BS_LIT("\\b"), "empty string");
	assert_refused(BS_LIT("a|"), "empty string");
	assert_refused(BS_LIT("a(b"), "offset 3");
	assert_refused(BS_LIT("a\xff"), "UTF-8");
	assert_refused(BS_LIT("(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)"), "17 groups");

	char deep[3 * BS_REGEX_PARENS_MAX];
	size_t n = 0;
	for (size_t i = 0; i <= BS_REGEX_PARENS_MAX; i++)
		deep[n++] = '(';
	deep[n++] = 'a';
	for (size_t i = 0; i <= BS_REGEX_PARENS_MAX; i++)
		deep[n++] = ')';
	assert_refused(bs_str(deep, n), "nested");

	char longer[BS_PATTERN_BYTES_MAX + 1];
	memset(longer, 'a', sizeof(longer));
	assert_refused(bs_str(longer, sizeof(longer)), "at most");
}

static void regex_never_reports_an_empty_match(void **state)
{
	(void)state;
	struct bs_regex *regex = compiled("b(*ACCEPT)|a+?(?=c)\\Kc", 0);
	struct bs_span span = {7, 7};
	assert_int_equal(bs_regex_find(regex, BS_LIT("aac"), 0, &span, 1), BS_MATCH_YES);
	assert_true(span.to > span.from);
	bs_regex_free(regex);
}

static void regex_tells_a_hit_limit_from_no_match(void **state)
{
	(void)state;
	struct bs_regex *regex = compiled("(?:a+)+[bc]", 0);
	char text[64];
	memset(text, 'a', sizeof(text));
	text[60] = 'b'; // a candidate's required last byte is there, but before it the x stops
	text[59] = 'x';
	assert_int_equal(
		bs_regex_find(regex, bs_str(text, sizeof(text)), 0, NULL, 0), BS_MATCH_ERROR);
	text[59] = 'a'; // and the object is fit for use after it
	assert_int_equal(
		bs_regex_find(regex, bs_str(text, sizeof(text)), 0, NULL, 0), BS_MATCH_YES);
	bs_regex_free(regex);
}

// The first texts are tried on trial: what takes long is begun anew, and found all the same.
static void regex_finds_also_what_takes_many_steps(void **state)
{
	(void)state;
	char text[3000];
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = 'z';
	text[1500] = 'x';
	for (size_t len = sizeof(text); len > sizeof(text) - 2; len--) {
		struct bs_regex *regex = compiled("^.*?x(.*?)z$", 0);
		struct bs_str log = bs_str(text, len);
		struct bs_span spans[2];
		for (int i = 0; i < 100; i++) {
			enum bs_match match = bs_regex_find(regex, log, 0, spans, 2);
			assert_int_equal(match, len == sizeof(text) ? BS_MATCH_YES : BS_MATCH_NO);
			if (match == BS_MATCH_YES)
				assert_int_equal(spans[1].from, 1501);
		}
		bs_regex_free(regex);
	}
}

static void regex_copes_with_what_the_default_jit_stack_does_not(void **state)
{
	(void)state;
	struct bs_regex *regex = compiled("^(?:a|b|cd)+$", 0);
	char text[4 * 1024];
	memset(text, 'a', sizeof(text));
	assert_int_equal(
		bs_regex_find(regex, bs_str(text, sizeof(text)), 0, NULL, 0), BS_MATCH_YES);
	bs_regex_free(regex);
}

static void regex_takes_over_what_was_made_and_compiles_what_it_cannot(void **state)
{
	(void)state;
	struct bs_arena arena;
	struct bs_str bytes = {0};
	bs_arena_init(&arena, 64 * 1024);
	struct bs_regex *regex = compiled("made (?<what>\\d+)", 0);
	assert_int_equal(bs_regex_make(regex, &arena, &bytes, NULL), BS_OK);
	bs_regex_free(regex);
	// Another pattern beside it shows which of the two was taken.
	struct bs_regex_made made = {bs_str_sub(bytes, 0, 100), bs_str_from(bytes, 100)};
	assert_int_equal(bs_regex_new_made(BS_LIT("other"), 0, &made, &regex, NULL), BS_OK);
	assert_int_equal(bs_regex_find(regex, BS_LIT("made 7"), 0, NULL, 0), BS_MATCH_YES);
	assert_int_equal(bs_regex_find(regex, BS_LIT("other"), 0, NULL, 0), BS_MATCH_NO);
	assert_int_equal(bs_regex_group(regex, "what"), 1);
	bs_regex_free(regex);
	// Of another version of PCRE2 it is refused.
	const size_t version = 4;
	((char *)(uintptr_t)bytes.ptr)[version]++;
	assert_int_equal(bs_regex_new_made(BS_LIT("other"), 0, &made, &regex, NULL), BS_OK);
	assert_int_equal(bs_regex_find(regex, BS_LIT("other"), 0, NULL, 0), BS_MATCH_YES);
	bs_regex_free(regex);
	bs_arena_release(&arena);
}

static void regex_names_its_library(void **state)
{
	(void)state;
	char text[64];
	(void)bs_regex_version(text, sizeof(text));
	assert_true(strstr(text, "10.") == text);
	assert_non_null(strstr(text, "JIT"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regex_finds_the_match_and_its_groups),
		cmocka_unit_test(regex_goes_on_from_an_offset_and_still_sees_what_is_before),
		cmocka_unit_test(regex_ignores_case_only_when_asked),
		cmocka_unit_test(regex_searches_invalid_utf8_without_an_error),
		cmocka_unit_test(regex_takes_characters_beyond_ascii_for_what_they_are_not),
		cmocka_unit_test(regex_refuses_what_is_not_ours_to_run),
		cmocka_unit_test(regex_never_reports_an_empty_match),
		cmocka_unit_test(regex_tells_a_hit_limit_from_no_match),
		cmocka_unit_test(regex_finds_also_what_takes_many_steps),
		cmocka_unit_test(regex_copes_with_what_the_default_jit_stack_does_not),
		cmocka_unit_test(regex_takes_over_what_was_made_and_compiles_what_it_cannot),
		cmocka_unit_test(regex_names_its_library),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
