// SPDX-License-Identifier: MIT
// core/llm/cost: tokens and prices into dollars, and what a request costs at the most.
#include "tests/unit/unit.h"

#include "core/llm/cost.h"

static const struct bs_price luna = {100000, 10000, 125000, 500000, 272000, 200000, 750000};

static uint64_t cost(const struct bs_price *price, struct bs_usage usage)
{
	struct bs_cost cost = bs_cost_of(price, &usage);
	assert_true(cost.known);
	return cost.pico_usd;
}

static void cost_counts_every_kind_of_token_by_its_own_price(void **state)
{
	(void)state;
	const struct bs_price plain = {.input = 100000, .output = 500000};
	// $0.10 and $0.50 a million: 1000 tokens in and 100 out are $0.00015
	assert_int_equal(cost(&luna, (struct bs_usage){.input_tokens = 1000, .output_tokens = 100}),
		150000000);
	// 600 of them from a cache, 100 written to one
	assert_int_equal(cost(&luna, (struct bs_usage){.input_tokens = 1000,
					     .output_tokens = 100,
					     .cached_tokens = 600,
					     .written_tokens = 100}),
		300 * 100000 + 600 * 10000 + 100 * 125000 + 100 * 500000);
	// whose price is not published costs what input does
	assert_int_equal(
		cost(&plain, (struct bs_usage){.input_tokens = 1000, .cached_tokens = 600}),
		100000000);
	// more from a cache than there was: nonsense costs no less than nothing
	assert_int_equal(cost(&luna, (struct bs_usage){.input_tokens = 10,
					     .cached_tokens = 600,
					     .written_tokens = 600}),
		10 * 10000);
}

static void cost_takes_the_step_for_all_of_a_long_request(void **state)
{
	(void)state;
	assert_int_equal(
		cost(&luna, (struct bs_usage){.input_tokens = 272000}), 272000 * UINT64_C(100000));
	assert_int_equal(cost(&luna, (struct bs_usage){.input_tokens = 272001, .output_tokens = 1}),
		272001 * UINT64_C(200000) + 750000);
}

static void cost_never_overflows(void **state)
{
	(void)state;
	const struct bs_price dear = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, 0, 0, 0};
	const struct bs_usage usage = {.input_tokens = UINT64_MAX,
		.output_tokens = UINT64_MAX,
		.cached_tokens = UINT64_MAX / 2,
		.written_tokens = UINT64_MAX / 2};
	assert_int_equal(cost(&dear, usage), 2 * UINT64_C(1000000000) * UINT32_MAX);
	assert_int_equal(
		bs_cost_most(&dear, UINT64_MAX, UINT64_MAX), 2 * UINT64_C(1000000000) * UINT32_MAX);
}

static void cost_at_the_most_is_never_less_than_what_it_was(void **state)
{
	(void)state;
	static const uint64_t sizes[] = {0, 1, 1000, 271999, 272001, 1000000};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (uint64_t tokens = sizes[i] / 5; tokens <= sizes[i];
			tokens += sizes[i] / 5 + 1) {
			const struct bs_usage usage = {.input_tokens = tokens,
				.output_tokens = 4000,
				.written_tokens = tokens / 2};
			assert_true(bs_cost_most(&luna, sizes[i], 4000) >= cost(&luna, usage));
		}
}

static void cost_of_a_run_is_that_of_two_requests_to_a_route(void **state)
{
	(void)state;
	const struct bs_price price = {.input = 2, .output = 3};
	const struct bs_templates templates = {.system = BS_LIT("12345"), .user = BS_LIT("67")};
	struct bs_cost_parts parts = bs_cost_most_of(&price, &templates, 1000);
	assert_int_equal(parts.input, 2 * (1000 + 7 + 8192));
	assert_int_equal(parts.output, 3 * BS_OUTPUT_TOKENS);
	assert_int_equal(parts.reask, 2 * 32768);
	assert_int_equal(bs_cost_request_most(&parts), parts.input + parts.output);
	assert_int_equal(
		bs_cost_run_most(&parts), 2 * parts.input + parts.reask + 3 * parts.output);
}

static void cost_believes_amounts_and_nothing_else(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool known;
		uint64_t pico_usd;
	} cases[] = {{"0.00015", true, 150000000}, {"4.1e-05", true, 41000000}, {"0", true, 0},
		{"", false, 0}, {"-1", false, 0}, {"NaN", false, 0}, {"1e9", false, 0},
		{"None", false, 0}, {"\"0.1\"", false, 0}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bs_cost said = {0};
		bs_cost_parse_usd(bs_str_c(cases[i].text), &said);
		assert_int_equal(said.known, cases[i].known);
		assert_int_equal(said.pico_usd, cases[i].pico_usd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cost_counts_every_kind_of_token_by_its_own_price),
		cmocka_unit_test(cost_takes_the_step_for_all_of_a_long_request),
		cmocka_unit_test(cost_never_overflows),
		cmocka_unit_test(cost_at_the_most_is_never_less_than_what_it_was),
		cmocka_unit_test(cost_of_a_run_is_that_of_two_requests_to_a_route),
		cmocka_unit_test(cost_believes_amounts_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
