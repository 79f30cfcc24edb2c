// SPDX-License-Identifier: MIT
// core/llm/tokens: an estimate that is on the safe side, and never wild.
#include "tests/unit/unit.h"

#include "core/llm/tokens.h"

static void tokens_of_each_kind_have_their_price(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t tokens;
	} examples[] = {
		{"", 0},
		{"the", 2},
		{"the cat", 4},
		{"12345", 5},
		{"a 1", 3},
		{"\n\n", 2},
		{"========", 5},
		{"=-=-", 4},
		{"\xC3\xA9", 1},
		{"\xE9\x8C\xAF", 3},
		{"                ", 3},
	};
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		uint64_t tokens = bs_tokens_most(bs_str_c(examples[i].text));
		if (tokens != examples[i].tokens)
			fail_msg("\"%s\": %llu", examples[i].text, (unsigned long long)tokens);
	}
}

static void tokens_are_never_more_than_bytes(void **state)
{
	(void)state;
	unsigned char bytes[600];
	uint32_t seed = 7;
	for (unsigned round = 0; round < 2000; round++) {
		size_t len = round % sizeof(bytes);
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = (unsigned char)(round % 3 ? seed >> 24
							     : ' ' + (seed >> 24) % 95);
		}
		assert_true(bs_tokens_most(bs_str((char *)bytes, len)) <= len + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_of_each_kind_have_their_price),
		cmocka_unit_test(tokens_are_never_more_than_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
