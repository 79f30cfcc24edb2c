// SPDX-License-Identifier: MIT
// Why each block of an excerpt is there, block by block, then what nearly was.
#include "core/report/explain.h"

#include <inttypes.h>

#include "core/report/words.h"
#include "core/text/clean.h"
#include "core/text/explanation.h"

#define DIM "\033[2m"
#define BOLD "\033[1m"
#define PLACE "\033[36m"
#define TEXT_INDENT 8

struct page {
	struct bs_buf *out;
	struct bs_terminal terminal;
};

static const struct {
	size_t offset;
	const char *why;
} parts[] = {
#define X(part, words) {offsetof(struct bs_score, part), words},
	BS_SCORE_PARTS(X)
#undef X
};

static void add_styled(const struct page *page, const char *sgr, const char *text)
{
	bs_buf_addf(page->out, "%s%s%s", page->terminal.color ? sgr : "", text,
		page->terminal.color ? "\033[0m" : "");
}

static void add_count(const struct page *page, uint64_t count, const char *one, const char *many)
{
	bs_words_count(count, page->out);
	bs_buf_addf(page->out, " %s", count == 1 ? one : many);
}

// A line of the log, cut to the width.
static void add_text(const struct page *page, struct bs_str text)
{
	size_t room = page->terminal.width > 2 * TEXT_INDENT ? page->terminal.width - TEXT_INDENT
							     : 0;
	text = bs_str_trim(text);
	bool cut = room && bs_str_chars(text) > room;
	bs_buf_addf(page->out, "%*s", TEXT_INDENT, "");
	bs_clean_inline(cut ? bs_str_clip_chars(text, room - 1) : text, page->out);
	bs_buf_add_c(page->out, cut ? "…\n" : "\n");
}

// "score 118: weight 92, rarity +10, place +7, sameness +8"
static void add_score(const struct page *page, const struct bs_score *score)
{
	static const char *const names[] = {
#define X(part, words) #part,
		BS_SCORE_PARTS(X)
#undef X
	};
	bs_buf_addf(page->out, "score %d: ", score->total);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const int *points = (const int *)(const void *)((const char *)score +
								parts[i].offset);
		if (*points)
			bs_buf_addf(page->out, i ? ", %s %+d" : "%s %d", names[i], *points);
	}
}

static void add_reason(const struct page *page, const struct bs_reason *reason)
{
	bs_buf_add_c(page->out, "    ");
	add_styled(page, BOLD, reason->rule ? reason->rule : "(red)");
	bs_buf_addf(page->out, " at line %" PRIu64, reason->line_number);
	if (reason->lines > 1) {
		bs_buf_add_c(page->out, " and ");
		add_count(page, reason->lines - 1, "more", "more");
	}
	bs_buf_add_c(page->out, ": ");
	if (reason->rank) {
		bs_buf_addf(page->out, "no. %zu, ", reason->rank);
		add_score(page, &reason->score);
	} else {
		bs_buf_addf(page->out, "%s", bs_role_id(reason->role));
	}
	if (reason->left_for)
		bs_buf_addf(page->out, " — %s", reason->left_for);
	bs_buf_add_char(page->out, '\n');
	add_text(page, reason->text);
}

static void add_block(const struct page *page, const struct bs_block *block)
{
	struct bs_buf *out = page->out;
	if (page->terminal.color)
		bs_buf_add_c(out, PLACE);
	if (block->from == block->to)
		bs_buf_addf(out, "  line %" PRIu64, block->from);
	else
		bs_buf_addf(out, "  lines %" PRIu64 "-%" PRIu64, block->from, block->to);
	if (page->terminal.color)
		bs_buf_add_c(out, "\033[0m");
	bs_buf_add_c(out, " (");
	add_count(page, block->bytes, "byte", "bytes");
	bs_buf_add_c(out, "): ");
	const char *between = "";
	for (enum bs_kept_for why = BS_KEPT_WHOLE; why < BS_KEPT_FOR_COUNT; why++)
		if (block->kept_for & (1u << why)) {
			bs_buf_addf(out, "%s%s", between, bs_kept_for_words(why));
			between = "; ";
		}
	bs_buf_add_char(out, '\n');
	for (size_t i = 0; i < block->reasons_count; i++)
		add_reason(page, &block->reasons[i]);
	size_t shown = 0;
	for (size_t i = 0; i < block->reasons_count; i++)
		shown += block->reasons[i].lines;
	if (block->lines_named > shown) {
		bs_buf_add_c(out, "    and ");
		add_count(page, block->lines_named - shown, "line", "lines");
		bs_buf_add_c(out, " of other rules\n");
	}
}

static void add_left_out(const struct page *page, const struct bs_explanation *explanation)
{
	if (!explanation->left_out_lines)
		return;
	bs_buf_add_c(page->out, "\n  Left out though a rule spoke for them: ");
	add_count(page, explanation->left_out_lines, "line", "lines");
	bs_buf_add_c(page->out, ", the most telling of each rule:\n");
	for (size_t i = 0; i < explanation->left_out_count; i++)
		add_reason(page, &explanation->left_out[i]);
}

// The parts that appear above, once each, in words.
static void add_legend(const struct page *page)
{
	static const char *const names[] = {
#define X(part, words) #part,
		BS_SCORE_PARTS(X)
#undef X
	};
	bs_buf_add_c(page->out, "\n");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		bs_buf_addf(page->out, "  %-12s", names[i]);
		add_styled(page, DIM, parts[i].why);
		bs_buf_add_char(page->out, '\n');
	}
}

void bs_explain_terminal(
	const struct bs_excerpt *excerpt, struct bs_terminal terminal, struct bs_buf *out)
{
	const struct page page = {out, terminal};
	const struct bs_explanation *explanation = excerpt->explanation;
	uint64_t lines = 0;
	for (size_t i = 0; i < excerpt->lines_count; i++)
		lines += excerpt->lines[i].number != 0;
	bs_buf_add_c(out, "  ");
	bs_words_count(lines, out);
	bs_buf_add_c(out, " of ");
	add_count(&page, excerpt->input_lines, "line", "lines");
	bs_buf_add_c(out, ", ");
	bs_words_count(excerpt->text.len, out);
	bs_buf_add_c(out, " of ");
	add_count(&page, explanation->bytes_max, "byte", "bytes");
	bs_buf_addf(out, " spent; fingerprint %s\n", excerpt->failure_id);
	if (excerpt->silent)
		bs_buf_add_c(out, excerpt->whole
					  ? "  No rule saw a failure.\n"
					  : "  No rule saw a failure: this is what stands out, and "
					    "the end of the log.\n");
	bs_buf_add_char(out, '\n');
	for (size_t i = 0; i < explanation->blocks_count; i++)
		add_block(&page, &explanation->blocks[i]);
	if (explanation->blocks_seen > explanation->blocks_count)
		bs_buf_addf(out, "  and %zu blocks more\n",
			explanation->blocks_seen - explanation->blocks_count);
	add_left_out(&page, explanation);
	add_legend(&page);
}
