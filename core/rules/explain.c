// SPDX-License-Identifier: MIT
// Blocks of kept lines, the marks that stand in them, and the most telling marks that stand in
// none.
#include "core/rules/explain.h"

#define TEXT_BYTES_MAX 300 // of a line that a reason shows

struct explainer {
	const struct bs_choice *choice;
	struct bs_arena *arena;
	struct bs_explanation *explanation;
	bool out_of_memory;
};

static bool begins_block(const struct bs_choice *choice, size_t index)
{
	const struct bs_stored *lines = choice->store->lines;
	return choice->keep[index] && (index == 0 || !choice->keep[index - 1] ||
					      lines[index - 1].number + 1 != lines[index].number);
}

static size_t count_blocks(const struct bs_choice *choice)
{
	size_t count = 0;
	for (size_t i = 0; i < choice->store->count; i++)
		count += begins_block(choice, i);
	return count;
}

static void fill_blocks(struct explainer *e)
{
	const struct bs_choice *choice = e->choice;
	struct bs_block *block = e->explanation->blocks - 1;
	for (size_t i = 0; i < choice->store->count; i++) {
		const struct bs_stored *line = &choice->store->lines[i];
		if (begins_block(choice, i)) {
			if (e->explanation->blocks_count == BS_EXPLAINED_BLOCKS_MAX)
				return;
			e->explanation->blocks_count++;
			*++block = (struct bs_block){.from = line->number};
		}
		if (!choice->keep[i])
			continue;
		block->to = line->number;
		block->kept_for |= 1u << choice->keep[i];
		block->bytes += (line->len < choice->line_bytes_max ? line->len
								    : choice->line_bytes_max) +
				1;
	}
}

// The block that holds the line; NULL: it is not in the excerpt.
static struct bs_block *block_of(const struct explainer *e, uint64_t number)
{
	size_t low = 0, high = e->explanation->blocks_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct bs_block *block = &e->explanation->blocks[middle];
		if (number >= block->from && number <= block->to)
			return block;
		if (number < block->from)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static struct bs_reason reason_of(
	struct explainer *e, const struct bs_mark *mark, const struct bs_ranked *ranked)
{
	const struct bs_rule *rule = bs_mark_rule(e->choice->rules, mark);
	struct bs_reason reason = {
		.rule = rule ? rule->id : NULL,
		.role = bs_mark_role(e->choice->rules, mark),
		.line_number = mark->number,
		.lines = 1,
	};
	if (ranked) {
		reason.rank = (size_t)(ranked - e->choice->ranked) + 1;
		reason.score = ranked->score;
	}
	if (mark->at < e->choice->store->count) {
		struct bs_str text = bs_str_clip_utf8(
			bs_store_text(e->choice->store, mark->at), TEXT_BYTES_MAX);
		reason.text = bs_arena_str(e->arena, text);
		e->out_of_memory = e->out_of_memory || !reason.text.ptr;
	}
	return reason;
}

// Adds a line to what its rule said already, or opens a reason; false when there is no more room.
static bool add_line(struct explainer *e, struct bs_reason *reasons, size_t *count, size_t max,
	const struct bs_mark *mark, const struct bs_ranked *ranked)
{
	const struct bs_rule *rule = bs_mark_rule(e->choice->rules, mark);
	const char *id = rule ? rule->id : NULL;
	for (size_t i = 0; i < *count; i++)
		if (reasons[i].rule == id) {
			reasons[i].lines++;
			return false;
		}
	if (*count == max)
		return false;
	reasons[(*count)++] = reason_of(e, mark, ranked);
	return true;
}

static void add_to_block(struct explainer *e, struct bs_block *block, const struct bs_mark *mark,
	const struct bs_ranked *ranked)
{
	block->lines_named++;
	(void)add_line(
		e, block->reasons, &block->reasons_count, BS_REASONS_OF_BLOCK_MAX, mark, ranked);
}

static bool is_spared(const struct bs_choice *choice, const struct bs_mark *mark)
{
	return choice->same && mark->at < choice->store->count &&
	       bs_same_period(choice->same, mark->at) > 0;
}

static void add_left_out(
	struct explainer *e, const struct bs_mark *mark, const struct bs_ranked *ranked)
{
	struct bs_explanation *explanation = e->explanation;
	explanation->left_out_lines++;
	if (add_line(e, explanation->left_out, &explanation->left_out_count,
		    BS_EXPLAINED_LEFT_OUT_MAX, mark, ranked))
		explanation->left_out[explanation->left_out_count - 1].left_for =
			is_spared(e->choice, mark) ? "said again, in the same words"
			: bs_choice_is_weak(e->choice, ranked)
				? "weak words in a log that was understood"
				: "no room";
}

// Wrappers and contexts have no score; they count where a line was kept for what they say.
static void add_unranked(struct explainer *e)
{
	const struct bs_choice *choice = e->choice;
	for (size_t i = 0; i < choice->marks->count; i++) {
		const struct bs_mark *mark = &choice->marks->items[i];
		enum bs_role role = bs_mark_role(choice->rules, mark);
		struct bs_block *block = block_of(e, mark->number);
		if (block && (role == BS_ROLE_WRAPPER || role == BS_ROLE_CONTEXT))
			add_to_block(e, block, mark, NULL);
	}
}

enum bs_status bs_explain(const struct bs_choice *choice, struct bs_arena *arena,
	const struct bs_explanation **ret_explanation, struct bs_err *err)
{
	struct bs_explanation *explanation = BS_NEW(arena, struct bs_explanation);
	struct explainer e = {choice, arena, explanation, false};
	if (!explanation)
		return bs_fail_nomem(err);
	size_t count = count_blocks(choice);
	*explanation = (struct bs_explanation){.bytes_max = choice->bytes_max,
		.blocks_seen = count,
		.blocks = BS_NEW_ARRAY(arena, struct bs_block,
			(count < BS_EXPLAINED_BLOCKS_MAX ? count : BS_EXPLAINED_BLOCKS_MAX) + 1),
		.left_out = BS_NEW_ARRAY(arena, struct bs_reason, BS_EXPLAINED_LEFT_OUT_MAX)};
	if (!explanation->blocks || !explanation->left_out)
		return bs_fail_nomem(err);
	fill_blocks(&e);
	for (size_t i = 0; i < choice->ranked_count; i++) {
		const struct bs_mark *mark = &choice->marks->items[choice->ranked[i].mark];
		struct bs_block *block = block_of(&e, mark->number);
		if (block)
			add_to_block(&e, block, mark, &choice->ranked[i]);
		else
			add_left_out(&e, mark, &choice->ranked[i]);
	}
	add_unranked(&e);
	if (e.out_of_memory)
		return bs_fail_nomem(err);
	*ret_explanation = explanation;
	return BS_OK;
}
