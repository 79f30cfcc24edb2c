// SPDX-License-Identifier: MIT
// A set of hashes, one for each failure, made one.
#include "core/rules/failure_id.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/limits.h"
#include "core/rules/pack.h"
#include "core/rules/peel.h"
#include "core/rules/stable.h"

#define LAST_LINES 5   // of a silent log
#define BESIDE_LINES 8 // a test's name and its message are not further apart

struct set {
	uint64_t hashes[BS_FINDINGS_MAX + LAST_LINES];
	size_t count;
};

// Spreads what FNV leaves in the low bits: sums and orders of the hashes must not cancel out.
static uint64_t mixed(uint64_t hash)
{
	hash ^= hash >> 32;
	hash *= 0x9E3779B97F4A7C15u;
	hash ^= hash >> 29;
	return hash;
}

static uint64_t add_text(uint64_t hash, struct bs_str text)
{
	char room[BS_STABLE_BYTES_MAX];
	hash = bs_str_hash(bs_stable(bs_peel(text), room), hash);
	return bs_str_hash(BS_LIT("\n"), hash); // "a" + "bc" is not "ab" + "c"
}

static void add(struct set *set, uint64_t hash)
{
	hash = mixed(hash);
	for (size_t i = 0; i < set->count; i++)
		if (set->hashes[i] == hash)
			return;
	if (set->count < sizeof(set->hashes) / sizeof(set->hashes[0]))
		set->hashes[set->count++] = hash;
}

// A test that is named alone, where another finding names it with its message, says nothing more.
static bool is_told_elsewhere(const struct bs_excerpt *excerpt, const struct bs_finding *finding)
{
	for (size_t i = 0; !finding->message.len && i < excerpt->findings_count; i++)
		if (excerpt->findings[i].role == BS_ROLE_CAUSE &&
			excerpt->findings[i].message.len && finding->name.len &&
			bs_str_eq(excerpt->findings[i].name, finding->name))
			return true;
	return false;
}

static void add_finding(struct set *set, const struct bs_finding *finding)
{
	uint64_t hash = bs_str_hash(bs_str_c(bs_category_id(finding->category)), 0);
	hash = add_text(hash, finding->name);
	hash = add_text(hash, finding->file);
	if (finding->message.len)
		hash = add_text(hash, finding->message);
	else if (!finding->name.len)
		hash = add_text(hash, finding->text);
	add(set, hash);
}

static bool is_strong(const struct bs_finding *finding)
{
	return finding->role == BS_ROLE_CAUSE && finding->weight >= BS_RULE_STRONG;
}

// Of what repeats, only one line is a finding, and which one may change from run to run.
static bool is_beside_strong(const struct bs_excerpt *excerpt, const struct bs_finding *finding)
{
	uint64_t number = finding->line_number;
	if (is_strong(finding) || finding->repeats > 0)
		return is_strong(finding);
	for (size_t i = 0; i < excerpt->findings_count; i++) {
		uint64_t strong = excerpt->findings[i].line_number;
		if (is_strong(&excerpt->findings[i]) &&
			(strong > number ? strong - number : number - strong) <= BESIDE_LINES)
			return true;
	}
	return false;
}

// What names a failure, and the words right beside it: a test's message. Words further away come
// and go with the noise around a failure: they count only where there is nothing better.
static void add_causes(struct set *set, const struct bs_excerpt *excerpt)
{
	for (size_t i = 0; i < excerpt->findings_count; i++) {
		const struct bs_finding *finding = &excerpt->findings[i];
		if (finding->role == BS_ROLE_CAUSE && !is_told_elsewhere(excerpt, finding) &&
			is_beside_strong(excerpt, finding))
			add_finding(set, finding);
	}
}

static void add_all(struct set *set, const struct bs_excerpt *excerpt, enum bs_role role)
{
	for (size_t i = 0; i < excerpt->findings_count; i++)
		if (excerpt->findings[i].role == role)
			add_finding(set, &excerpt->findings[i]);
}

static void add_last_words(struct set *set, const struct bs_excerpt *excerpt)
{
	size_t words = 0;
	for (size_t i = excerpt->lines_count; i > 0 && words < LAST_LINES; i--) {
		struct bs_str text = excerpt->lines[i - 1].text;
		if (excerpt->lines[i - 1].number == 0 || bs_str_trim(text).len == 0)
			continue;
		add(set, add_text(0, text));
		words++;
	}
}

static int compare(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;
	return *a < *b ? -1 : *a > *b;
}

void bs_failure_id(const struct bs_excerpt *excerpt, char id[BS_FAILURE_ID_BYTES])
{
	struct set set = {.count = 0};
	uint64_t hash = 0;
	add_causes(&set, excerpt);
	if (set.count == 0)
		add_all(&set, excerpt, BS_ROLE_CAUSE);
	if (set.count == 0)
		add_all(&set, excerpt, BS_ROLE_SUMMARY);
	if (set.count == 0)
		add_last_words(&set, excerpt);
	qsort(set.hashes, set.count, sizeof(set.hashes[0]), compare);
	for (size_t i = 0; i < set.count; i++)
		hash = mixed(hash ^ set.hashes[i]) + i;
	(void)snprintf(id, BS_FAILURE_ID_BYTES, "%016" PRIx64, hash);
}
