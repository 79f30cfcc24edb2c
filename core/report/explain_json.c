// SPDX-License-Identifier: MIT
// The excerpt with its reasons as JSON.
#include "core/report/explain.h"
#include "core/report/json_own.h"
#include "core/text/explanation.h"

static void put_count(struct bs_json_writer *w, const char *key, uint64_t count)
{
	bs_json_put_key(w, key);
	bs_json_put_i64(w, (int64_t)count);
}

static uint64_t lines_of(const struct bs_excerpt *excerpt)
{
	uint64_t lines = 0;
	for (size_t i = 0; i < excerpt->lines_count; i++)
		lines += excerpt->lines[i].number != 0;
	return lines;
}

static void put_score(struct bs_json_writer *w, const struct bs_score *score)
{
	bs_json_open(w, '{');
	bs_json_put_key(w, "total");
	bs_json_put_i64(w, score->total);
#define X(part, words)             \
	bs_json_put_key(w, #part); \
	bs_json_put_i64(w, score->part);
	BS_SCORE_PARTS(X)
#undef X
	bs_json_close(w, '}');
}

static void put_reason(struct bs_json_writer *w, const struct bs_reason *reason)
{
	bs_json_open(w, '{');
	bs_json_put_key(w, "rule");
	bs_json_put_c(w, reason->rule);
	bs_json_put_key(w, "role");
	bs_json_put_c(w, bs_role_id(reason->role));
	put_count(w, "line", reason->line_number);
	put_count(w, "lines", reason->lines);
	bs_json_put_key(w, "rank");
	if (reason->rank)
		bs_json_put_i64(w, (int64_t)reason->rank);
	else
		bs_json_put_null(w);
	bs_json_put_key(w, "score");
	if (reason->rank)
		put_score(w, &reason->score);
	else
		bs_json_put_null(w);
	bs_json_put_key(w, "text");
	bs_json_put_str(w, reason->text);
	if (reason->left_for) {
		bs_json_put_key(w, "why");
		bs_json_put_c(w, reason->left_for);
	}
	bs_json_close(w, '}');
}

static void put_reasons(struct bs_json_writer *w, const struct bs_reason *reasons, size_t count)
{
	bs_json_put_key(w, "rules");
	bs_json_open(w, '[');
	for (size_t i = 0; i < count; i++)
		put_reason(w, &reasons[i]);
	bs_json_close(w, ']');
}

// *line: index of the excerpt's line to go on with.
static void put_block(struct bs_json_writer *w, const struct bs_excerpt *excerpt,
	const struct bs_block *block, size_t *line)
{
	bs_json_open(w, '{');
	if (*line < excerpt->lines_count && excerpt->lines[*line].number == 0)
		++*line;
	bs_json_put_key(w, "marker"); // what the excerpt says of the lines left out before it
	if (*line > 0 && excerpt->lines[*line - 1].number == 0)
		bs_json_put_str(w, excerpt->lines[*line - 1].text);
	else
		bs_json_put_null(w);
	put_count(w, "from", block->from);
	put_count(w, "to", block->to);
	put_count(w, "bytes", block->bytes);
	bs_json_put_key(w, "kept_for");
	bs_json_open(w, '[');
	for (enum bs_kept_for why = BS_KEPT_WHOLE; why < BS_KEPT_FOR_COUNT; why++)
		if (block->kept_for & (1u << why))
			bs_json_put_c(w, bs_kept_for_id(why));
	bs_json_close(w, ']');
	bs_json_put_key(w, "lines");
	bs_json_open(w, '[');
	for (; *line < excerpt->lines_count && excerpt->lines[*line].number != 0 &&
		excerpt->lines[*line].number <= block->to;
		++*line)
		bs_json_put_str(w, excerpt->lines[*line].text);
	bs_json_close(w, ']');
	put_count(w, "lines_named", block->lines_named);
	put_reasons(w, block->reasons, block->reasons_count);
	bs_json_close(w, '}');
}

void bs_explain_json(const struct bs_excerpt *excerpt, struct bs_buf *out)
{
	const struct bs_explanation *explanation = excerpt->explanation;
	struct bs_json_writer w;
	size_t line = 0;
	bs_json_writer_init(&w, out);
	w.ascii = true;
	bs_json_open(&w, '{');
	put_count(&w, "version", 1);
	bs_json_put_key(&w, "fingerprint");
	bs_json_put_c(&w, excerpt->failure_id);
	bs_json_put_key(&w, "whole");
	bs_json_put_bool(&w, excerpt->whole);
	bs_json_put_key(&w, "silent");
	bs_json_put_bool(&w, excerpt->silent);
	put_count(&w, "budget_bytes", explanation->bytes_max);
	bs_json_put_key(&w, "excerpt");
	bs_json_put_excerpt(&w, excerpt);
	bs_json_put_key(&w, "blocks");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < explanation->blocks_count; i++)
		put_block(&w, excerpt, &explanation->blocks[i], &line);
	bs_json_close(&w, ']');
	bs_json_put_key(&w, "left_out");
	bs_json_open(&w, '{');
	put_count(&w, "lines", excerpt->input_lines - lines_of(excerpt));
	put_reasons(&w, explanation->left_out, explanation->left_out_count);
	bs_json_close(&w, '}');
	bs_json_close(&w, '}');
	bs_buf_add_char(out, '\n');
}
