// SPDX-License-Identifier: MIT
// All literals of the rules, each once, with the rules that wait for it, and the sieve that finds
// them: the program need not make them.
#include <stdio.h>
#include <stdlib.h>

#include ".ci/packs.h"
#include "core/rules/sieve.h"

struct want {
	const struct bs_factor_literal *literal;
	size_t rule;
};

static int compare_literals(const struct bs_factor_literal *a, const struct bs_factor_literal *b)
{
	if (a->caseless != b->caseless)
		return a->caseless ? 1 : -1;
	int order = memcmp(a->bytes, b->bytes, a->len < b->len ? a->len : b->len);
	return order != 0 ? order : (int)a->len - (int)b->len;
}

static int compare_wants(const void *left, const void *right)
{
	const struct want *a = left, *b = right;
	int order = compare_literals(a->literal, b->literal);
	return order != 0 ? order : (a->rule > b->rule) - (a->rule < b->rule);
}

// --- by which window each is found

// How often letters, pairs of them and windows stand in what the packs say lines look like: the
// examples of their rules.
struct habits {
	uint32_t bytes;
	uint32_t ones[256], pairs[256][256];
	uint32_t windows[1 << 16]; // by hash
};

static size_t habit_of(uint32_t window)
{
	return window * 0x9E3779B1u >> 16;
}

static unsigned char folded(char c)
{
	return (unsigned char)bs_sieve_window(&c, 1);
}

static void learn(struct habits *habits, const struct bs_example *example)
{
	for (; example; example = example->next) {
		struct bs_str text = example->text;
		for (size_t i = 0; i < text.len; i++) {
			habits->bytes++;
			habits->ones[folded(text.ptr[i])]++;
			if (i > 0)
				habits->pairs[folded(text.ptr[i - 1])][folded(text.ptr[i])]++;
			if (i + BS_SIEVE_WINDOW <= text.len)
				habits->windows[habit_of(
					bs_sieve_window(text.ptr + i, BS_SIEVE_WINDOW))]++;
		}
	}
}

// How often a window may be met: as often as in the examples, or as its pairs of letters say.
static double expected(const struct habits *habits, const char *text, size_t bytes)
{
	double by_pairs = 1.0 + habits->ones[folded(text[0])];
	for (size_t i = 1; i < bytes; i++)
		by_pairs *= (0.5 + habits->pairs[folded(text[i - 1])][folded(text[i])]) /
			    (20.0 + habits->ones[folded(text[i - 1])]);
	double by_window = bytes == BS_SIEVE_WINDOW
				   ? habits->windows[habit_of(bs_sieve_window(text, bytes))]
				   : 0.0;
	return 0.3 + by_pairs + 0.5 * by_window;
}

#define FIRST_PRICE 3 // of a window that no literal is found by yet, in terms of one that is

// By which window a literal is found: a rare one, best of all one that others are found by, too.
static uint8_t choose_window(const struct habits *habits, bool *used, const struct want *want)
{
	const struct bs_factor_literal *literal = want->literal;
	size_t bytes = literal->len < BS_SIEVE_WINDOW ? literal->len : BS_SIEVE_WINDOW, best = 0;
	double least = 0;
	for (size_t i = 0; i + bytes <= literal->len; i++) {
		double price = expected(habits, literal->bytes + i, bytes);
		if (!used[habit_of(bs_sieve_window(literal->bytes + i, bytes))])
			price *= FIRST_PRICE;
		if (i == 0 || price < least) {
			least = price;
			best = i;
		}
	}
	used[habit_of(bs_sieve_window(literal->bytes + best, bytes))] = true;
	return (uint8_t)best;
}

static void print_bytes(const unsigned char *bytes, size_t count)
{
	(void)putchar('{');
	for (size_t i = 0; i < count; i++)
		(void)printf("%u, ", bytes[i]);
	(void)fputs("}, ", stdout);
}

static void print_sieve(const struct bs_sieve *sieve)
{
	const size_t masks = (size_t)1 << BS_SIEVE_HASH_BITS;
	const size_t buckets = (size_t)1 << BS_SIEVE_BUCKET_BITS;
	(void)puts("static const uint16_t sieve_masks[] = {");
	for (size_t i = 0; i < masks; i++)
		(void)printf("%u,%s", sieve->masks[i], i % 32 == 31 ? "\n" : " ");
	(void)puts("};\nstatic const uint32_t sieve_buckets[] = {");
	for (size_t i = 0; i <= buckets; i++)
		(void)printf("%u,\n", sieve->buckets[i]);
	(void)puts("};\nstatic const uint32_t sieve_windows[] = {");
	for (size_t i = 0; i < sieve->buckets[buckets]; i++)
		(void)printf("%u,\n", sieve->windows[i]);
	(void)puts("};\nstatic const struct bs_sieve_entry sieve_entries[] = {");
	for (size_t i = 0; i < sieve->buckets[buckets]; i++) {
		const struct bs_sieve_entry *entry = &sieve->entries[i];
		(void)putchar('{');
		print_bytes(entry->bits, entry->bytes);
		print_bytes(entry->mask, entry->bytes);
		(void)printf("%u, %u, %u},\n", entry->id, entry->bytes, entry->back);
	}
	(void)puts("};\nconst struct bs_sieve bs_rules_builtin_sieve = {\n"
		   "\tsieve_masks, sieve_buckets, sieve_windows, sieve_entries, 0};");
}

// Both sets of every rule, sorted.
static size_t collect(const struct bs_factor_pair *pairs, size_t rules, struct want *wants)
{
	size_t count = 0;
	for (size_t i = 0; i < rules; i++) {
		for (size_t k = 0; k < pairs[i].best.count; k++)
			wants[count++] = (struct want){&pairs[i].best.literals[k], i};
		for (size_t k = 0; k < pairs[i].also.count; k++)
			wants[count++] = (struct want){
				&pairs[i].also.literals[k], i | BS_FACTOR_ALSO};
	}
	qsort(wants, count, sizeof(wants[0]), compare_wants);
	return count;
}

void packs_print_sieve(const struct printer *printer, const struct bs_factor_pair *pairs)
{
	static struct want wants[2 * BS_RULES_MAX * BS_FACTOR_LITERALS_MAX];
	static struct bs_sieve_literal literals[2 * BS_RULES_MAX * BS_FACTOR_LITERALS_MAX];
	static struct habits habits;
	static bool used[1 << 16];
	struct bs_sieve sieve;
	struct bs_err err = {0};
	size_t count = collect(pairs, printer->count, wants), shared = 0;
	for (size_t i = 0; i < printer->count; i++) {
		learn(&habits, printer->rules[i]->matches);
		learn(&habits, printer->rules[i]->ignores);
	}
	(void)puts("\nconst uint32_t bs_rules_builtin_groups[] = {");
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && compare_literals(wants[i].literal, wants[i - 1].literal) == 0)
			continue;
		literals[shared] = (struct bs_sieve_literal){wants[i].literal, (uint32_t)shared,
			choose_window(&habits, used, &wants[i])};
		shared++;
		(void)printf("%zu,\n", i);
	}
	(void)printf(
		"%zu};\nconst struct bs_factor_waiting bs_rules_builtin_waiting[] = {\n", count);
	for (size_t i = 0; i < count; i++)
		(void)printf("{%zu, %u, %d},\n", wants[i].rule, wants[i].literal->end_max,
			wants[i].literal->anchored);
	(void)puts("{0, 0, 0}};");
	if (bs_sieve_init(&sieve, literals, shared, &err) != BS_OK)
		packs_fail(err.msg);
	print_sieve(&sieve);
	bs_sieve_release(&sieve);
}
