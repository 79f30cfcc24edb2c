// SPDX-License-Identifier: MIT
// core/llm/hint: durations and dates as providers write them, and nonsense.
#include "tests/unit/unit.h"

#include "core/llm/hint.h"

// 2026-11-23 08:00:00 UTC
#define NOW_MS INT64_C(1795420800000)

static void hint_reads_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"0", 0}, {"2", 2000}, {" 0.25 ", 250}, {"0.0001", 1}, {"86400", 86400000},
		{"86401", -1}, {"-1", -1}, {"", -1}, {".", -1}, {"1.2.3", -1}, {"NaN", -1},
		{"inf", -1}, {"1e3", -1}, {"0x10", -1}, {"12 34", -1},
		{"99999999999999999999999999", -1}, {"5s", -1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(bs_hint_number_ms(bs_str_c(cases[i].text), 1000), cases[i].ms);
}

static void hint_reads_go_durations(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"1s", 1000}, {"6m0s", 360000}, {"17ms", 17}, {"1m30.5s", 90500},
		{"2h3m4s", 7384000}, {"46s", 46000}, {"36600.5s", 36600500}, {"100us", 1},
		{"7.66s", 7660}, {"25h", -1}, {"", -1}, {"s", -1}, {"5", -1}, {"-5s", -1},
		{"5x", -1}, {"1s!", -1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(bs_hint_go_ms(bs_str_c(cases[i].text)), cases[i].ms);
}

static void hint_finds_a_duration_in_a_sentence(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"Rate limit reached. Please try again in 1.2s. Visit …", 1200},
		{"Please retry in 46.837s.", 46837}, {"retry after 20 seconds", 20000},
		{"Try again in 6m30s", 390000}, {"try again in 250ms", 250},
		{"please wait 2 minutes", 120000}, {"try again in 3 days", -1},
		{"Try again later", -1}, {"try again in a moment", -1}, {"", -1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(bs_hint_in_text_ms(bs_str_c(cases[i].text)), cases[i].ms);
}

static void hint_counts_until_a_date(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"Mon, 23 Nov 2026 08:00:07 GMT", 7000}, {"Mon, 23 Nov 2026 07:00:00 GMT", 0},
		{"Sun, 06 Nov 1994 08:49:37 GMT", 0}, {"Wed, 25 Nov 2026 08:00:00 GMT", -1},
		{"Tue, 24 Nov 2026 08:00:00 GMT", 86400000}, {"2026-11-23T08:00:01Z", 1000},
		{"2026-11-23T08:00:01.999Z", 1999}, {"2026-11-23T08:00:01.5Z", 1500},
		{"2026-11-23T08:00:01.0001Z", 1001}, {"2026-11-23T08:00:01.000000Z", 1000},
		{"2026-11-23T08:00:01.Z", 1000}, {"2026-11-23T09:00:01+01:00", 1000},
		{"2026-11-23T03:00:01-05:00", 1000}, {"2026-11-23T08:00:01", -1},
		{"2026-13-23T08:00:01Z", -1}, {"Mon, 23 Foo 2026 08:00:07 GMT", -1},
		{"Mon, 23 Nov 2026 25:00:07 GMT", -1}, {"tomorrow", -1}, {"", -1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(bs_hint_until_ms(bs_str_c(cases[i].text), NOW_MS), cases[i].ms);
	// leap days
	assert_int_equal(bs_hint_until_ms(BS_LIT("2024-03-01T00:00:00Z"), 1709164800000), 86400000);
	assert_int_equal(bs_hint_until_ms(BS_LIT("2024-02-29T00:00:00Z"), 1709164800000), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hint_reads_numbers),
		cmocka_unit_test(hint_reads_go_durations),
		cmocka_unit_test(hint_finds_a_duration_in_a_sentence),
		cmocka_unit_test(hint_counts_until_a_date),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
