// SPDX-License-Identifier: MIT
// core/rules/pairs: no place where a literal begins is passed over, and most others are.
#include "tests/unit/unit.h"

#include "core/rules/pairs.h"

#define ROUNDS 40
#define LITERALS 60
#define LITERAL_BYTES_MAX 12

static struct bs_pairs pairs;

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static bool may_begin(struct bs_str text, size_t at)
{
	uint64_t starts[BS_PAIRS_BLOCK / 64] = {0};
	size_t from = at / BS_PAIRS_BLOCK * BS_PAIRS_BLOCK;
	size_t words = bs_pairs_look(&pairs, text, from, starts);
	assert_true((at - from) / 64 < words);
	return starts[(at - from) / 64] >> (at % 64) & 1;
}

static void pairs_let_every_literal_pass(void **state)
{
	(void)state;
	char text[2 * BS_PAIRS_BLOCK + 40], literals[LITERALS][LITERAL_BYTES_MAX];
	uint32_t seed = 7;
	for (size_t round = 0; round < ROUNDS; round++) {
		size_t lens[LITERALS], bytes = 60 + next(&seed) % (sizeof(text) - 60);
		bs_pairs_init(&pairs);
		for (size_t i = 0; i < LITERALS; i++) {
			lens[i] = BS_PAIRS_BYTES_MIN +
				  next(&seed) % (LITERAL_BYTES_MAX - BS_PAIRS_BYTES_MIN + 1);
			for (size_t k = 0; k < lens[i]; k++)
				literals[i][k] = (char)next(&seed);
			bs_pairs_add(&pairs, bs_str(literals[i], lens[i]), false);
		}
		for (size_t i = 0; i < LITERALS; i++) {
			size_t at = next(&seed) % (bytes - lens[i] + 1);
			for (size_t k = 0; k < bytes; k++)
				text[k] = (char)next(&seed);
			memcpy(text + at, literals[i], lens[i]);
			assert_true(may_begin(bs_str(text, bytes), at));
			size_t last = bytes - lens[i]; // nothing is behind it
			memcpy(text + last, literals[i], lens[i]);
			assert_true(may_begin(bs_str(text, bytes), last));
		}
	}
}

static void pairs_mind_neither_case_nor_which_digit(void **state)
{
	(void)state;
	bs_pairs_init(&pairs);
	bs_pairs_add(&pairs, BS_LIT("Key-2048"), false);
	assert_true(may_begin(BS_LIT("kEY-7391"), 0));
	assert_true(may_begin(BS_LIT("a KEY-0000"), 2));
	assert_true(may_begin(BS_LIT("ab KEY-0000"), 3));
	assert_false(may_begin(BS_LIT("a KEY_0000"), 2));
	assert_false(may_begin(BS_LIT("a KEY-000x"), 2));
}

static void pairs_see_a_literal_in_which_the_text_ends(void **state)
{
	(void)state;
	struct bs_str whole = BS_LIT("prefix9"); // all of it counts, wherever it begins
	for (size_t gap = 0; gap < 3; gap++)
		for (size_t bytes = 1; bytes <= whole.len; bytes++) {
			char text[16] = "...";
			memcpy(text + gap, whole.ptr, bytes);
			for (int runs_off = 0; runs_off <= 1; runs_off++) {
				bs_pairs_init(&pairs);
				bs_pairs_add(&pairs, whole, runs_off);
				bool expected = bytes == whole.len ||
						(runs_off && bytes >= BS_PAIRS_BYTES_MIN);
				assert_int_equal(
					may_begin(bs_str(text, gap + bytes), gap), expected);
			}
		}
}

static void pairs_pass_over_most_of_a_text(void **state)
{
	(void)state;
	const char *const words[] = {"password", "token", "secret", "api_key", "AKIA", "ghp_"};
	struct bs_str text = BS_LIT(
		"[ 41%] Building CXX object src/net/CMakeFiles/net.dir/socket_linux.cpp.o\n"
		"In file included from /usr/include/c++/12/string:40, from src/base/text.h:9:\n"
		"running 12 tests, of which 3 are new; see the report of the passing ones below\n");
	uint64_t starts[BS_PAIRS_BLOCK / 64];
	size_t passed = 0;
	bs_pairs_init(&pairs);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		bs_pairs_add(&pairs, bs_str_c(words[i]), false);
	size_t count = bs_pairs_look(&pairs, text, 0, starts);
	assert_int_equal(count, (text.len + 63) / 64);
	for (size_t i = 0; i < count; i++)
		passed += (size_t)__builtin_popcountll(starts[i]);
	assert_in_range(passed, 0, text.len / 50);
	assert_int_equal(bs_pairs_look(&pairs, text, text.len, starts), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_let_every_literal_pass),
		cmocka_unit_test(pairs_mind_neither_case_nor_which_digit),
		cmocka_unit_test(pairs_see_a_literal_in_which_the_text_ends),
		cmocka_unit_test(pairs_pass_over_most_of_a_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
