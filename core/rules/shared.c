// SPDX-License-Identifier: MIT
// A set of hashes made one: reasons that tests share, and each failure that has none.
#include "core/rules/shared.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/limits.h"
#include "core/rules/pack.h"
#include "core/rules/peel.h"
#include "core/rules/stable.h"

#define AHEAD_LINES 12 // a test's name is not further above the reason it failed for …
#define BEHIND_LINES 4 // … and a place or a name alone not further below

// --- is it a reason that is nobody's own?

static bool is_shared_category(enum bs_category category)
{
	switch (category) {
	case BS_CATEGORY_DEPENDENCY:
	case BS_CATEGORY_INFRASTRUCTURE:
	case BS_CATEGORY_NETWORK:
	case BS_CATEGORY_TIMEOUT:
	case BS_CATEGORY_OUT_OF_MEMORY:
	case BS_CATEGORY_PERMISSION:
		return true;
	case BS_CATEGORY_UNKNOWN:
	case BS_CATEGORY_TEST_FAILURE:
	case BS_CATEGORY_COMPILE_ERROR:
	case BS_CATEGORY_LINT:
	case BS_CATEGORY_CONFIGURATION:
	case BS_CATEGORY_CRASH:
	case BS_CATEGORY_COUNT:
		break;
	}
	return false;
}

// What operating systems, resolvers and servers say; also inside a test's message.
static bool names_a_shared_reason(struct bs_str text)
{
	static const char *const reasons[] = {"connection refused", "econnrefused",
		"connection reset", "econnreset", "connection timed out", "etimedout",
		"i/o timeout", "no such host", "enotfound", "eai_again",
		"name or service not known", "name resolution", "could not resolve",
		"network is unreachable", "enetunreach", "no route to host", "ehostunreach",
		"closed the connection", "too many connections", "too many clients",
		"no space left on device", "enospc", "read-only file system", "eacces",
		"permission denied", "cannot allocate memory", "certificate verify failed",
		"certificate has expired", "handshake timeout", "service unavailable",
		"bad gateway", "gateway timeout", "too many requests"};
	static const char *const assertions[] = {"assert", "expect", " want", "should "};
	bool found = false;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]) && !found; i++)
		found = bs_str_ifind(text, bs_str_c(reasons[i])) != SIZE_MAX;
	for (size_t i = 0; i < sizeof(assertions) / sizeof(assertions[0]) && found; i++)
		found = bs_str_ifind(text, bs_str_c(assertions[i])) == SIZE_MAX;
	return found;
}

static struct bs_str words_of(const struct bs_finding *finding)
{
	return finding->message.len ? finding->message : finding->text;
}

static bool is_shared(const struct bs_finding *finding)
{
	return finding->role == BS_ROLE_CAUSE && finding->weight >= BS_RULE_STRONG &&
	       (is_shared_category(finding->category) || names_a_shared_reason(words_of(finding)));
}

// The reason alone: without the test or the place before it.
static struct bs_str reason_of(const struct bs_finding *finding)
{
	const struct bs_str dash = BS_LIT(" - ");
	struct bs_str words = words_of(finding);
	const struct bs_str owns[] = {finding->name, finding->file};
	size_t at;
	for (size_t i = 0; i < sizeof(owns) / sizeof(owns[0]); i++)
		if (owns[i].len && (at = bs_str_find(words, owns[i])) != SIZE_MAX)
			words = bs_str_from(words, at + owns[i].len);
	if ((at = bs_str_find(words, dash)) != SIZE_MAX) // "FAILED file::test - reason"
		words = bs_str_from(words, at + dash.len);
	for (size_t end; (at = bs_str_find_char(words, ':')) != SIZE_MAX && at > 0;) {
		// "file_test.go:21: "
		for (end = at + 1; end < words.len && bs_is_digit(words.ptr[end]);)
			end++;
		if (end == at + 1 || end >= words.len || words.ptr[end] != ':' ||
			bs_str_find_char(bs_str_sub(words, 0, at), ' ') != SIZE_MAX)
			break;
		words = bs_str_trim(bs_str_from(words, end + 1));
	}
	return bs_str_trim(bs_peel(words));
}

// --- whose failure is told by such a reason?

// A test and a part of it: "TestStore/empty".
static bool are_kin(struct bs_str a, struct bs_str b)
{
	return bs_str_starts(a, b) || bs_str_starts(b, a);
}

// Whether a line between `from` and `to` names another failure than `name`.
static bool is_divided(
	const struct bs_excerpt *excerpt, struct bs_str name, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < excerpt->findings_count; i++) {
		const struct bs_finding *other = &excerpt->findings[i];
		if (other->line_number > from && other->line_number < to && other->name.len &&
			(!name.len || !are_kin(other->name, name)))
			return true;
	}
	return false;
}

// A name or a place beside the reason, without words of its own.
static bool is_told_nearby(const struct bs_excerpt *excerpt, const struct bs_finding *finding)
{
	for (size_t i = 0; i < excerpt->findings_count; i++) {
		const struct bs_finding *reason = &excerpt->findings[i];
		uint64_t line = finding->line_number, at = reason->line_number;
		if (!is_shared(reason) || finding->message.len)
			continue;
		if (at >= line && at - line <= AHEAD_LINES &&
			!is_divided(excerpt, finding->name, line, at))
			return true;
		if (at < line && line - at <= BEHIND_LINES)
			return true;
	}
	return false;
}

static bool is_told(const struct bs_excerpt *excerpt, const struct bs_finding *finding)
{
	if (is_told_nearby(excerpt, finding))
		return true;
	for (size_t i = 0;
		finding->name.len && !finding->message.len && i < excerpt->findings_count; i++)
		if (bs_str_eq(excerpt->findings[i].name, finding->name) &&
			is_told_nearby(excerpt, &excerpt->findings[i]))
			return true;
	return false;
}

// --- the set

struct set {
	uint64_t hashes[BS_FINDINGS_MAX];
	size_t count;
};

static uint64_t add_text(uint64_t hash, struct bs_str text)
{
	char room[BS_STABLE_BYTES_MAX];
	hash = bs_str_hash(bs_stable(bs_peel(text), room), hash);
	return bs_str_hash(BS_LIT("\n"), hash);
}

static void add(struct set *set, uint64_t hash)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->hashes[i] == hash)
			return;
	if (set->count < BS_FINDINGS_MAX)
		set->hashes[set->count++] = hash;
}

static int compare(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;
	return *a < *b ? -1 : *a > *b;
}

void bs_shared_id(
	const struct bs_excerpt *excerpt, char id[BS_FAILURE_ID_BYTES], struct bs_str *ret_met_in)
{
	struct set set = {.count = 0};
	bool has_shared = false;
	uint64_t hash = 0;
	*ret_met_in = bs_str(NULL, 0);
	for (size_t i = 0; i < excerpt->findings_count; i++) {
		const struct bs_finding *finding = &excerpt->findings[i];
		bool shared = is_shared(finding);
		has_shared |= shared;
		if (shared) {
			add(&set, add_text(1, reason_of(finding)));
		} else if (finding->role != BS_ROLE_CAUSE || finding->weight < BS_RULE_STRONG) {
			continue;
		} else if (!is_told(excerpt, finding)) {
			hash = add_text(2, finding->name);
			hash = add_text(hash, finding->file);
			add(&set, add_text(hash, words_of(finding)));
			continue;
		}
		if (!ret_met_in->len && finding->category == BS_CATEGORY_TEST_FAILURE)
			*ret_met_in = finding->name;
	}
	memcpy(id, excerpt->failure_id, BS_FAILURE_ID_BYTES);
	if (!has_shared)
		return;
	qsort(set.hashes, set.count, sizeof(set.hashes[0]), compare);
	hash = bs_str_hash(BS_LIT("shared"), 0);
	for (size_t i = 0; i < set.count; i++)
		hash = (hash ^ set.hashes[i]) * 0x9E3779B97F4A7C15u;
	(void)snprintf(id, BS_FAILURE_ID_BYTES, "%016" PRIx64, hash);
}
