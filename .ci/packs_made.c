// SPDX-License-Identifier: MIT
// The part of .ci/packs that prints what PCRE2 makes of the patterns.
#include <stdio.h>

#include ".ci/packs.h"
#include "core/rules/digits.h"
#include "core/rules/made.h"

struct maker {
	struct bs_arena arena;
	struct bs_str bytes[BS_RULES_MAX + 1][BS_MADE_KINDS]; // the last: of the probe
	size_t lead;                                          // bytes that all begin with
	uint32_t at;                                          // bytes printed
};

static void make(struct maker *maker, size_t rule, enum bs_made_kind kind, struct bs_str pattern,
	bool caseless)
{
	struct bs_err err = {0};
	struct bs_regex *regex = NULL;
	struct bs_str *made = &maker->bytes[rule][kind], probe = maker->bytes[BS_RULES_MAX][0];
	// A bad pattern is for the tests to tell, with its place.
	if (!pattern.ptr || bs_regex_new(pattern, caseless ? BS_REGEX_CASELESS : 0, &regex, &err))
		return;
	if (bs_regex_make(regex, &maker->arena, made, &err) != BS_OK)
		packs_fail(err.msg);
	bs_regex_free(regex);
	size_t same = 0;
	while (same < made->len && same < probe.len && made->ptr[same] == probe.ptr[same])
		same++;
	if (probe.ptr && same < maker->lead)
		maker->lead = same;
}

static void make_rule(struct maker *maker, size_t number, const struct bs_rule *rule)
{
	struct bs_buf relaxed;
	make(maker, number, BS_MADE_MATCH, rule->match, rule->caseless);
	make(maker, number, BS_MADE_UNLESS, rule->unless, rule->caseless);
	make(maker, number, BS_MADE_WHILE, rule->block_while, rule->caseless);
	make(maker, number, BS_MADE_UNTIL, rule->block_until, rule->caseless);
	bs_buf_init(&relaxed, 3 * BS_PATTERN_BYTES_MAX);
	if (!rule->digits_alike && bs_digits_relax(rule->match, &relaxed))
		make(maker, number, BS_MADE_RELAXED, bs_buf_str(&relaxed), rule->caseless);
	bs_buf_release(&relaxed);
}

// In words of the build's own byte order: the probe does not fit another one.
static struct bs_made_place print_words(struct maker *maker, struct bs_str bytes)
{
	struct bs_made_place place = {maker->at, (uint32_t)bytes.len};
	uint64_t word;
	for (size_t i = 0; i < bytes.len; i += sizeof(word)) {
		struct bs_str part = bs_str_sub(bytes, i, sizeof(word));
		word = 0;
		memcpy(&word, part.ptr, part.len);
		(void)printf("%lluu,\n", (unsigned long long)word);
		maker->at += sizeof(word);
	}
	return place;
}

void packs_print_made(const struct printer *printer)
{
	static struct maker maker;
	static struct bs_made_place places[BS_RULES_MAX][BS_MADE_KINDS];
	struct bs_str *probe = &maker.bytes[BS_RULES_MAX][0];
	bs_arena_init(&maker.arena, 256 * 1024 * 1024);
	make(&maker, BS_RULES_MAX, BS_MADE_MATCH, BS_LIT(BS_MADE_PROBE), false);
	if (!probe->ptr)
		packs_fail("the probe cannot be compiled");
	maker.lead = probe->len;
	for (size_t i = 0; i < printer->count; i++)
		make_rule(&maker, i, printer->rules[i]);
	(void)puts("static const uint64_t made_bytes[] = {");
	struct bs_made_place lead = print_words(&maker, bs_str_sub(*probe, 0, maker.lead));
	struct bs_made_place rest = print_words(&maker, bs_str_from(*probe, maker.lead));
	for (size_t i = 0; i < printer->count; i++)
		for (size_t k = 0; k < BS_MADE_KINDS; k++)
			places[i][k] = print_words(
				&maker, bs_str_from(maker.bytes[i][k], maker.lead));
	(void)puts("};\nstatic const struct bs_made_place made_rules[][BS_MADE_KINDS] = {");
	for (size_t i = 0; i < printer->count; i++) {
		(void)putchar('{');
		for (size_t k = 0; k < BS_MADE_KINDS; k++)
			(void)printf("{%u, %u}, ", places[i][k].at, places[i][k].count);
		(void)puts("},");
	}
	(void)printf("};\nconst struct bs_made bs_rules_builtin_made = {\n"
		     "\tmade_bytes, {%u, %u}, {%u, %u}, made_rules};\n",
		lead.at, lead.count, rest.at, rest.count);
	bs_arena_release(&maker.arena);
}
