// SPDX-License-Identifier: MIT
// core/rules/baseline: knows what a passing run said, whatever has changed since, and nothing else.
#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/rules/baseline.h"

static void take(struct bs_baseline *baseline, const char *text)
{
	struct bs_line line = {.number = 1, .text = bs_str_c(text)};
	assert_int_equal(bs_baseline_take(baseline, &line, NULL), BS_OK);
}

static void baseline_knows_lines_but_for_what_changes(void **state)
{
	(void)state;
	static const struct {
		const char *passed, *now;
		bool known;
	} examples[] = {
		{"took 12 ms", "took 9 ms", true},
		{"12:00:01 cache miss in /a/b/c.db", "13:59:59 cache miss in /x/c.db", true},
		{"web_1  | retry 3 of 5", "web_1  | retry 4 of 5", true},
		{"compiled 40 files", "compiled 41 files", true},
		{"0 failed", "3 failed", false},
		{"errors: 0", "errors: 10", false},
		{"exit status 0", "exit status 1", false},
		{"cannot open a", "cannot open b", false},
		{"----", "----", false},
		{"", "", false},
	};
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct bs_baseline *baseline = bs_baseline_new();
		assert_non_null(baseline);
		take(baseline, examples[i].passed);
		if (bs_baseline_knows(baseline, bs_str_c(examples[i].now)) != examples[i].known)
			fail_msg("\"%s\" and \"%s\"", examples[i].passed, examples[i].now);
		bs_baseline_free(baseline);
	}
	bs_baseline_free(NULL);
}

// Words of letters alone: numbers would be folded.
static const char *word(unsigned n, char text[16])
{
	size_t len = 0;
	for (; n > 0; n /= 20)
		text[len++] = (char)('g' + n % 20); // no hexadecimal digit
	text[len] = '\0';
	return text;
}

static void baseline_that_is_full_takes_no_more_and_invents_nothing(void **state)
{
	(void)state;
	char text[16];
	struct bs_baseline *baseline = bs_baseline_new();
	assert_non_null(baseline);
	const unsigned lines = 1000000;
	unsigned known = 0, invented = 0;
	for (unsigned n = 1; n <= lines; n++)
		take(baseline, word(n, text));
	for (unsigned n = 1; n <= lines; n++) {
		known += bs_baseline_knows(baseline, bs_str_c(word(n, text)));
		invented += bs_baseline_knows(baseline, bs_str_c(word(lines + n, text)));
	}
	assert_in_range(known, 700000, 800000);
	assert_in_range(invented, 0, 20);
	assert_true(bs_baseline_knows(baseline, bs_str_c(word(1, text))));
	bs_baseline_free(baseline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(baseline_knows_lines_but_for_what_changes),
		cmocka_unit_test(baseline_that_is_full_takes_no_more_and_invents_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
