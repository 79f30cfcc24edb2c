// SPDX-License-Identifier: MIT
// Compaction: the same choice as for an excerpt, under a budget of half the store.
#include "core/rules/compact.h"

#include <stdlib.h>

#include "core/rules/commands.h"

// A line costs what its share of the store is, so that bytes and lines run out together.
#define LINE_COST_MIN (BS_STORE_BYTES_MAX / BS_STORE_LINES_MAX)
#define LANDMARKS_MAX 8192 // contexts and wrappers kept: the latest

static size_t cost_of(const struct bs_stored *line)
{
	return line->len + 1u < LINE_COST_MIN ? LINE_COST_MIN : line->len + 1u;
}

// Marks which lines at both ends stay whatever they say; returns what they cost.
static size_t keep_ends(const struct bs_store *store, unsigned char *keep)
{
	size_t spent = 0, cost = 0;
	for (size_t i = 0; i < store->count && cost < BS_STORE_HEAD_BYTES; i++) {
		cost += cost_of(&store->lines[i]);
		keep[i] = 1;
	}
	spent = cost;
	cost = 0;
	for (size_t i = store->count; i > 0 && cost < BS_STORE_TAIL_BYTES; i--) {
		cost += cost_of(&store->lines[i - 1]);
		keep[i - 1] = 1;
	}
	return spent + cost;
}

// Which marks stay: those of kept lines, the best half of what fits, the latest landmarks.
static void retain_marks(struct bs_marks *marks, const struct bs_store *store,
	const struct bs_rules *rules, const struct bs_ranked *ranked, size_t ranked_count,
	const unsigned char *keep)
{
	for (size_t i = BS_STORE_MARKS_MAX / 4; i < ranked_count; i++)
		marks->items[ranked[i].mark].number = 0; // no line has it
	size_t landmarks = 0;
	for (size_t i = marks->count; i > 0; i--) {
		struct bs_mark *mark = &marks->items[i - 1];
		enum bs_role role = bs_mark_role(rules, mark);
		if ((role == BS_ROLE_CONTEXT || role == BS_ROLE_WRAPPER) &&
			++landmarks > LANDMARKS_MAX)
			mark->number = 0;
	}
	size_t count = 0;
	for (size_t i = 0; i < marks->count; i++) {
		const struct bs_mark *mark = &marks->items[i];
		if (mark->number > 0 && mark->at < store->count && keep[mark->at])
			marks->items[count++] = *mark;
	}
	marks->count = count;
}

enum bs_status bs_compact(struct bs_store *store, struct bs_marks *marks,
	const struct bs_rules *rules, const struct bs_templates *templates, uint64_t lines_seen,
	struct bs_err *err)
{
	enum bs_status status = BS_OK;
	unsigned char *keep = calloc(store->count + 1, 1);
	struct bs_ranked *ranked = calloc(marks->count + 1, sizeof(*ranked));
	if (!keep || !ranked) {
		status = bs_fail_nomem(err);
		goto out;
	}
	bs_marks_locate(marks, store);
	size_t ends = keep_ends(store, keep);
	size_t ranked_count = bs_rank(rules, marks, templates, lines_seen, ranked);
	struct bs_choice choice = {
		.rules = rules,
		.store = store,
		.marks = marks,
		.ranked = ranked,
		.ranked_count = ranked_count,
		.lines_seen = lines_seen,
		.bytes_max = BS_STORE_BYTES_MAX / 2 - ends,
		.line_bytes_min = LINE_COST_MIN,
		.line_bytes_max = BS_LINE_BYTES_MAX,
		.keep = keep,
	};
	choice.is_explained = bs_commands_are_explained(&choice);
	bs_choose(&choice);
	retain_marks(marks, store, rules, ranked, ranked_count, keep);
	bs_store_retain(store, keep);
out:
	free(keep);
	free(ranked);
	return status;
}
