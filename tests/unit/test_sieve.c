// SPDX-License-Identifier: MIT
// The sieve finds every literal that is there, at every place, whatever it is found by.
#include "tests/unit/unit.h"

#include "core/rules/prefilter.h"

#define LITERALS 200
#define ROUNDS 60

struct found {
	struct bs_sieve_text text;
	const struct bs_factor_literal *literals;
	bool at[LITERALS][512];
};

static void see(void *ctx, uint32_t id, size_t from, size_t to)
{
	struct found *found = ctx;
	assert_true(to <= found->text.len && to - from == found->literals[id].len);
	found->at[id][from] = true;
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static const char alphabet[] = "aAbBeE0 .:\xC3";

static char letter(uint32_t *seed)
{
	return alphabet[next(seed) % (sizeof(alphabet) - 1)];
}

static struct bs_factor_literal make_literal(uint32_t *seed)
{
	struct bs_factor_literal literal = {.caseless = next(seed) % 3 == 0};
	literal.len = (unsigned char)(3 + next(seed) % (BS_FACTOR_BYTES_MAX - 3 + 1));
	for (size_t i = 0; i < literal.len; i++) {
		char c = letter(seed);
		literal.bytes[i] = literal.caseless ? bs_lower(c) : c;
	}
	return literal;
}

// The same by comparing byte by byte; digits of the text count as '0'.
static bool stands_at(const struct bs_factor_literal *literal, struct bs_str text, size_t at)
{
	if (at + literal->len > text.len)
		return false;
	for (size_t i = 0; i < literal->len; i++) {
		char c = bs_is_digit(text.ptr[at + i]) ? '0' : text.ptr[at + i];
		if ((literal->caseless ? bs_lower(c) : c) != literal->bytes[i])
			return false;
	}
	return true;
}

static void sieve_finds_what_a_comparison_finds(void **state)
{
	(void)state;
	static struct bs_factor_literal literals[LITERALS];
	static struct bs_sieve_literal wanted[LITERALS];
	static struct found found;
	struct bs_sieve sieve;
	uint32_t seed = 11;
	size_t seen = 0;
	for (size_t i = 0; i < LITERALS; i++) {
		literals[i] = make_literal(&seed);
		size_t windows = literals[i].len < BS_SIEVE_WINDOW
					 ? 1
					 : literals[i].len - BS_SIEVE_WINDOW + 1u;
		wanted[i] = (struct bs_sieve_literal){&literals[i], (uint32_t)i,
			(uint8_t)(i % 2 ? bs_sieve_back(&literals[i]) : next(&seed) % windows)};
	}
	assert_int_equal(bs_sieve_init(&sieve, wanted, LITERALS, NULL), BS_OK);
	for (size_t round = 0; round < ROUNDS; round++) {
		char line[512];
		size_t len = next(&seed) % sizeof(line);
		for (size_t i = 0; i < len; i++)
			line[i] = letter(&seed);
		for (size_t i = 0; i < 4; i++) { // some that are there for certain
			const struct bs_factor_literal *literal = &literals[next(&seed) % LITERALS];
			if (literal->len <= len)
				memcpy(line + next(&seed) % (len - literal->len + 1u),
					literal->bytes, literal->len);
		}
		for (size_t i = 0; i < len; i++)
			if (line[i] == '0')
				line[i] = (char)('0' + next(&seed) % 10);
		memset(found.at, 0, sizeof(found.at));
		found.literals = literals;
		assert_true(bs_sieve_fold(bs_str(line, len), &found.text));
		bs_sieve_find(&sieve, &found.text, see, &found);
		for (size_t i = 0; i < LITERALS; i++)
			for (size_t at = 0; at < len; at++) {
				bool there = stands_at(&literals[i], bs_str(line, len), at);
				seen += there;
				if (there && !found.at[i][at])
					fail_msg("literal %zu at %zu of round %zu", i, at, round);
				if (!there && found.at[i][at] && !literals[i].caseless)
					fail_msg(
						"no literal %zu at %zu of round %zu", i, at, round);
			}
	}
	assert_true(seen > ROUNDS);
	bs_sieve_release(&sieve);
}

static void sieve_takes_no_text_longer_than_a_line(void **state)
{
	(void)state;
	static struct bs_sieve_text text;
	static char line[BS_LINE_BYTES_MAX + 1];
	memset(line, '7', sizeof(line));
	assert_false(bs_sieve_fold(bs_str(line, sizeof(line)), &text));
	assert_true(bs_sieve_fold(bs_str(line, BS_LINE_BYTES_MAX), &text));
	assert_int_equal(text.bytes[BS_LINE_BYTES_MAX - 1], '0');
	assert_true(text.is_ascii);
	assert_true(bs_sieve_fold(bs_str("\xC3", 1), &text));
	assert_false(text.is_ascii);
	assert_true(bs_sieve_fold(bs_str(NULL, 0), &text));
}

// What the build has made is what this program would make.
static void sieve_of_the_build_is_whole(void **state)
{
	(void)state;
	size_t entries = bs_rules_builtin_sieve.buckets[(size_t)1 << BS_SIEVE_BUCKET_BITS];
	assert_true(entries > 1000);
	for (size_t i = 0; i < entries; i++) {
		const struct bs_sieve_entry *entry = &bs_rules_builtin_sieve.entries[i];
		uint32_t from = bs_rules_builtin_groups[entry->id];
		assert_true(entry->bytes >= BS_FACTOR_BYTES_MIN);
		assert_true(from < bs_rules_builtin_groups[entry->id + 1]);
		for (uint32_t k = from; k < bs_rules_builtin_groups[entry->id + 1]; k++)
			assert_true((bs_rules_builtin_waiting[k].rule & ~BS_FACTOR_ALSO) <
				    bs_rules_builtin_count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sieve_finds_what_a_comparison_finds),
		cmocka_unit_test(sieve_takes_no_text_longer_than_a_line),
		cmocka_unit_test(sieve_of_the_build_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
