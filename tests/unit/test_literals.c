// SPDX-License-Identifier: MIT
// core/rules/literals: what is found, in which order, and what is not.
#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/base/buf.h"
#include "core/rules/literals.h"

static struct bs_literals *make(const char *const *literals, size_t count, unsigned flags)
{
	struct bs_literals *set = NULL;
	assert_int_equal(bs_literals_new(&set, NULL), BS_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(
			bs_literals_add(set, bs_str_c(literals[i]), flags, (uint32_t)i, NULL),
			BS_OK);
	return set;
}

// "0@3-8 1@5-9": id, from, to of each hit.
static void assert_hits(struct bs_literals *set, const char *text, const char *expected)
{
	struct bs_buf found;
	struct bs_literals_cursor cursor = {0};
	struct bs_literal_hit hit;
	bs_buf_init(&found, 4096);
	while (bs_literals_next(set, bs_str_c(text), &cursor, &hit))
		bs_buf_addf(&found, "%s%u@%zu-%zu%s", found.len ? " " : "", hit.id, hit.from,
			hit.to, hit.cut ? "..." : "");
	assert_str(bs_buf_str(&found), expected);
	bs_buf_release(&found);
}

static void literals_are_found_where_they_overlap(void **state)
{
	(void)state;
	const char *const words[] = {"token", "okens", "ken"};
	struct bs_literals *set = make(words, 3, 0);
	assert_hits(set, "tokens", "0@0-5 1@1-6 2@2-5");
	assert_hits(set, "", "");
	assert_hits(set, "to", "");
	assert_hits(set, "xxken", "2@2-5");
	bs_literals_free(set);
}

static void literals_mind_case_unless_told_otherwise(void **state)
{
	(void)state;
	const char *const words[] = {"Api-Key"};
	struct bs_literals *set = make(words, 1, 0);
	assert_hits(set, "api-key Api-Key", "0@8-15");
	bs_literals_free(set);
	set = make(words, 1, BS_LITERAL_CASELESS);
	assert_hits(set, "api-key API-KEY api\rkey", "0@0-7 0@8-15"); // '\r' | 0x20 is '-'
	bs_literals_free(set);
}

static void literals_tell_when_the_text_ends_inside_one(void **state)
{
	(void)state;
	const char *const words[] = {"secret-value"};
	struct bs_literals *set = make(words, 1, BS_LITERAL_RUNS_OFF);
	assert_hits(set, "x secr", "0@2-6...");
	assert_hits(set, "x se", "");
	assert_hits(set, "secret-value", "0@0-12");
	bs_literals_free(set);
}

static void literals_of_any_byte_are_found_at_every_offset(void **state)
{
	(void)state;
	struct bs_literals *set = NULL;
	char text[64];
	assert_int_equal(bs_literals_new(&set, NULL), BS_OK);
	assert_int_equal(bs_literals_add(set, bs_str("\0\xff\n\x80", 4), 0, 7, NULL), BS_OK);
	for (size_t at = 0; at + 4 <= sizeof(text); at++) {
		struct bs_literals_cursor cursor = {0};
		struct bs_literal_hit hit = {0};
		memset(text, 'a', sizeof(text));
		memcpy(text + at, "\0\xff\n\x80", 4);
		assert_true(bs_literals_next(set, bs_str(text, sizeof(text)), &cursor, &hit));
		assert_int_equal(hit.from, at);
		assert_int_equal(hit.id, 7);
		assert_false(bs_literals_next(set, bs_str(text, sizeof(text)), &cursor, &hit));
	}
	bs_literals_free(set);
}

static void literals_too_short_or_too_long_are_refused(void **state)
{
	(void)state;
	struct bs_literals *set = NULL;
	char text[BS_LITERAL_BYTES_MAX + 1];
	memset(text, 'a', sizeof(text));
	assert_int_equal(bs_literals_new(&set, NULL), BS_OK);
	assert_int_equal(bs_literals_add(set, BS_LIT("ab"), 0, 0, NULL), BS_USAGE);
	assert_int_equal(bs_literals_add(set, bs_str(text, sizeof(text)), 0, 0, NULL), BS_USAGE);
	assert_int_equal(bs_literals_add(set, bs_str(text, sizeof(text) - 1), 0, 0, NULL), BS_OK);
	bs_literals_free(set);
	bs_literals_free(NULL);
}

static void literals_by_the_thousand_are_all_found(void **state)
{
	(void)state;
	struct bs_literals *set = NULL;
	char word[32];
	assert_int_equal(bs_literals_new(&set, NULL), BS_OK);
	for (unsigned i = 0; i < 5000; i++) {
		int len = snprintf(word, sizeof(word), "w%04u-%u", i, i * 7919);
		assert_int_equal(
			bs_literals_add(set, bs_str(word, (size_t)len), 0, i, NULL), BS_OK);
	}
	for (unsigned i = 0; i < 5000; i++) {
		struct bs_literals_cursor cursor = {0};
		struct bs_literal_hit hit;
		bool found = false;
		int len = snprintf(word, sizeof(word), "w%04u-%u", i, i * 7919);
		while (bs_literals_next(set, bs_str(word, (size_t)len), &cursor, &hit))
			found = found || hit.id == i;
		assert_true(found);
	}
	bs_literals_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals_are_found_where_they_overlap),
		cmocka_unit_test(literals_mind_case_unless_told_otherwise),
		cmocka_unit_test(literals_tell_when_the_text_ends_inside_one),
		cmocka_unit_test(literals_of_any_byte_are_found_at_every_offset),
		cmocka_unit_test(literals_too_short_or_too_long_are_refused),
		cmocka_unit_test(literals_by_the_thousand_are_all_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
