// SPDX-License-Identifier: MIT
// core/rules/factor: which literals a pattern cannot do without, and which of them are worth it.
#include "tests/unit/unit.h"

#include "core/base/buf.h"
#include "core/rules/factor.h"

static void add_set(struct bs_buf *out, const struct bs_factor *factor)
{
	for (size_t i = 0; i < factor->count; i++)
		bs_buf_addf(out, "%s%.*s", i ? "|" : "", factor->literals[i].len,
			factor->literals[i].bytes);
}

// "best&also"; "" when nothing is known.
static void assert_factors(const char *pattern, const char *expected)
{
	struct bs_factor_pair pair;
	struct bs_buf found;
	bs_factor_find(bs_str_c(pattern), false, BS_FACTOR_BYTES_MIN, &pair);
	bs_buf_init(&found, 4096);
	add_set(&found, &pair.best);
	if (pair.also.count > 0)
		bs_buf_add_char(&found, '&');
	add_set(&found, &pair.also);
	assert_str(bs_buf_str(&found), expected);
	bs_buf_release(&found);
}

static void factor_finds_what_every_match_holds(void **state)
{
	(void)state;
	assert_factors("^assertion .* failed", "assertion & failed");
	assert_factors("(?:cat|dog)fish", "catfish|dogfish");
	assert_factors("a.b.c", "");
	assert_factors("line \\d{3}", "line 000");
	// of what stands before an alternation so much as there is room for
	assert_factors("(?:[A-Z]+-|ODD_)(?:FAIL(?:ED)?|BREAK)", "-FAIL|_FAIL|-BREAK|_BREAK");
}

static void factor_leaves_out_what_does_not_pay(void **state)
{
	(void)state;
	// "not" stands in many lines, the other in next to none.
	assert_factors("not .*unrecognized relocation", "unrecognized rel");
	assert_factors("not .*found", "found&not ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(factor_finds_what_every_match_holds),
		cmocka_unit_test(factor_leaves_out_what_does_not_pay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
