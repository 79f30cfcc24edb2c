// SPDX-License-Identifier: MIT
// The trimmer: remembers lines and what the rules say of them, then chooses under the budget.
//
// While the log streams by, every line is stored and scanned; where a rule speaks, a mark is left
// and its block grows as long as the rule says. When the store is full its dull middle goes. At the
// end marks are ranked (rank.c), lines chosen (choose.c) and written (render.c).
#include "core/rules/trim.h"

#include <stdlib.h>

#include "core/rules/choose.h"
#include "core/rules/commands.h"
#include "core/rules/compact.h"
#include "core/rules/explain.h"
#include "core/rules/failure_id.h"
#include "core/rules/find.h"
#include "core/rules/odd.h"
#include "core/rules/render.h"

// In an excerpt that is not the whole log, a longer line loses its middle.
#define LINE_SHARE 16 // a sixteenth of the budget, and room for what tools say in one line
#define LINE_BYTES_MIN 512
#define LINE_BYTES_MAX 2048

// Of a log that a rule explains, only so many lines are worth looking through for odd ones.
#define ODD_LINES_MAX 8192

// A block that is still growing.
struct open_block {
	uint64_t number; // of its mark's line
	uint16_t rule;
	uint16_t lines; // behind the mark's line so far
};

struct bs_trim {
	size_t bytes_max;
	struct bs_diag *diag;
	const struct bs_baseline *baseline; // NULL: there is none
	bool explains;
	struct bs_scan scan;
	struct bs_templates *templates;
	struct bs_store store;
	struct bs_marks marks;
	struct open_block open[BS_BLOCKS_OPEN_MAX];
	size_t open_count;
	uint64_t lines_seen, bytes_seen; // of text, newlines included
	bool has_content;
	bool lost_lines; // a compaction took place, or a line came cut
};

enum bs_status bs_trim_new(struct bs_rules *rules, size_t bytes_max, struct bs_diag *diag,
	struct bs_trim **ret_trim, struct bs_err *err)
{
	struct bs_trim *trim = calloc(1, sizeof(*trim));
	if (!trim)
		return bs_fail_nomem(err);
	trim->bytes_max = bytes_max;
	trim->diag = diag;
	trim->templates = bs_templates_new();
	enum bs_status status = bs_scan_init(&trim->scan, rules, diag, err);
	if (status == BS_OK && !trim->templates)
		status = bs_fail_nomem(err);
	if (status != BS_OK) {
		bs_trim_free(trim);
		return status;
	}
	*ret_trim = trim;
	return BS_OK;
}

void bs_trim_free(struct bs_trim *trim)
{
	if (!trim)
		return;
	bs_store_release(&trim->store);
	bs_templates_free(trim->templates);
	bs_scan_release(&trim->scan);
	free(trim->marks.items);
	free(trim);
}

void bs_trim_explain(struct bs_trim *trim)
{
	trim->explains = true;
}

void bs_trim_compare(struct bs_trim *trim, const struct bs_baseline *baseline)
{
	trim->baseline = baseline;
}

// --- while the log streams by

static struct bs_mark *mark_of(struct bs_trim *trim, uint64_t number)
{
	for (size_t i = trim->marks.count; i > 0 && trim->marks.items[i - 1].number >= number; i--)
		if (trim->marks.items[i - 1].number == number)
			return &trim->marks.items[i - 1];
	return NULL;
}

// Lets every open block go on with this line or end.
static void grow_blocks(struct bs_trim *trim, const struct bs_line *line)
{
	size_t kept = 0;
	for (size_t i = 0; i < trim->open_count; i++) {
		struct open_block block = trim->open[i];
		const struct bs_rule *rule = trim->scan.rules->order[block.rule];
		struct bs_mark *mark = mark_of(trim, block.number);
		if (!mark || block.lines + 1u >= rule->lines_max ||
			!bs_scan_goes_on(&trim->scan, block.rule, line))
			continue;
		block.lines++;
		if (block.lines > mark->extent)
			mark->extent = block.lines;
		trim->open[kept++] = block;
	}
	trim->open_count = kept;
}

static void open_block(struct bs_trim *trim, uint64_t number, uint16_t rule)
{
	if (trim->open_count == BS_BLOCKS_OPEN_MAX) // the oldest has had its share
		memmove(trim->open, trim->open + 1, --trim->open_count * sizeof(trim->open[0]));
	trim->open[trim->open_count++] = (struct open_block){number, rule, 0};
}

#define MARKS_FIRST 256

static bool reserve_mark(struct bs_marks *marks)
{
	if (marks->count < marks->cap)
		return true;
	size_t cap = marks->cap ? marks->cap * 2 : MARKS_FIRST;
	struct bs_mark *grown = realloc(marks->items, cap * sizeof(*grown));
	if (!grown)
		return false;
	marks->items = grown;
	marks->cap = cap;
	return true;
}

static enum bs_status leave_mark(struct bs_trim *trim, const struct bs_line *line, uint16_t at,
	struct bs_str name, struct bs_err *err)
{
	const struct bs_rule *rule = at == BS_SCAN_NOBODY ? NULL : trim->scan.rules->order[at];
	if (rule && rule->role == BS_ROLE_NOISE)
		return BS_OK;
	if (!reserve_mark(&trim->marks))
		return bs_fail_nomem(err);
	uint64_t shape = bs_templates_shape(trim->templates, line, at);
	// Tests that are told apart by a number in their name are different tests.
	if (name.len > 0)
		shape = bs_str_hash(name, shape);
	struct bs_mark mark = {.number = line->number,
		.rule = at,
		.is_known = trim->baseline && bs_baseline_knows(trim->baseline, line->text)};
	mark.slot = (uint16_t)bs_templates_count(trim->templates, shape, &mark.ordinal);
	mark.extent = (uint16_t)(rule ? rule->after : 1);
	trim->marks.items[trim->marks.count++] = mark;
	if (rule && (rule->while_regex || rule->until_regex))
		open_block(trim, line->number, at);
	return BS_OK;
}

static bool has_content(struct bs_str text)
{
	return bs_str_trim(text).len > 0;
}

enum bs_status bs_trim_take(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	struct bs_trim *trim = ctx;
	trim->lines_seen = line->number;
	trim->bytes_seen += line->text.len + 1;
	trim->lost_lines = trim->lost_lines || (line->flags & BS_LINE_CUT);
	trim->has_content = trim->has_content || has_content(line->text);

	enum bs_store_verdict verdict = bs_store_add(&trim->store, line);
	if (verdict == BS_STORE_FULL || trim->marks.count == BS_STORE_MARKS_MAX) {
		trim->lost_lines = true;
		enum bs_status status = bs_compact(&trim->store, &trim->marks, trim->scan.rules,
			trim->templates, trim->lines_seen, err);
		if (status != BS_OK)
			return status;
		if (verdict == BS_STORE_FULL)
			verdict = bs_store_add(&trim->store, line);
	}
	if (verdict != BS_STORE_TAKEN)
		return bs_fail_nomem(err);

	if (trim->open_count > 0)
		grow_blocks(trim, line);
	struct bs_str name;
	uint16_t rule = bs_scan_line(&trim->scan, line, &name);
	if (rule == BS_SCAN_NOBODY && !(line->flags & BS_LINE_RED))
		return BS_OK;
	return leave_mark(trim, line, rule, name, err);
}

// --- at its end

static size_t line_bytes_max(const struct bs_trim *trim)
{
	size_t bytes = trim->bytes_max / LINE_SHARE;
	return bytes < LINE_BYTES_MIN   ? LINE_BYTES_MIN
	       : bytes > LINE_BYTES_MAX ? LINE_BYTES_MAX
					: bytes;
}

// Only what is still held at the end is looked up: most lines of a long log are not.
static void mark_known_lines(struct bs_trim *trim)
{
	for (size_t i = 0; trim->baseline && i < trim->store.count; i++)
		if (bs_baseline_knows(trim->baseline, bs_store_text(&trim->store, i)))
			trim->store.lines[i].flags |= BS_LINE_KNOWN;
}

// Says in choice->keep what every line of the excerpt is kept for, if it is.
static enum bs_status choose_lines(
	struct bs_trim *trim, bool whole, struct bs_choice *choice, struct bs_err *err)
{
	if (whole) {
		memset(choice->keep, BS_KEPT_WHOLE, trim->store.count);
		choice->line_bytes_max = BS_LINE_BYTES_MAX;
		return BS_OK;
	}
	mark_known_lines(trim);
	unsigned char *odd = calloc(trim->store.count + 1, 1);
	if (!odd)
		return bs_fail_nomem(err);
	size_t lines_max = choice->is_explained ? ODD_LINES_MAX : SIZE_MAX;
	enum bs_status status = bs_odd_lines(&trim->store, lines_max, odd, err);
	if (status == BS_OK) {
		choice->odd = odd;
		bs_choose(choice);
		choice->odd = NULL;
	}
	free(odd);
	return status;
}

static bool saw_failure(const struct bs_excerpt *excerpt)
{
	for (size_t i = 0; i < excerpt->findings_count; i++)
		if (excerpt->findings[i].role == BS_ROLE_CAUSE ||
			excerpt->findings[i].role == BS_ROLE_SUMMARY)
			return true;
	return false;
}

enum bs_status bs_trim_finish(struct bs_trim *trim, struct bs_arena *arena,
	struct bs_excerpt *ret_excerpt, struct bs_err *err)
{
	if (!trim->has_content)
		return bs_fail(err, BS_EMPTY, "the log holds nothing but white space");
	enum bs_status status = BS_OK;
	bool fits = trim->store.count == trim->lines_seen && trim->bytes_seen <= trim->bytes_max;
	struct bs_excerpt excerpt = {
		.input_lines = trim->lines_seen, .whole = fits && !trim->lost_lines};
	unsigned char *keep = calloc(trim->store.count + 1, 1);
	struct bs_ranked *ranked = calloc(trim->marks.count + 1, sizeof(*ranked));
	struct bs_same same = {&trim->store, &trim->marks, calloc(trim->store.count + 1, 1)};
	if (!keep || !ranked || !same.states) {
		status = bs_fail_nomem(err);
		goto out;
	}
	bs_marks_locate(&trim->marks, &trim->store);
	struct bs_choice choice = {
		.rules = trim->scan.rules,
		.store = &trim->store,
		.marks = &trim->marks,
		.ranked = ranked,
		.ranked_count = bs_rank(
			trim->scan.rules, &trim->marks, trim->templates, trim->lines_seen, ranked),
		.lines_seen = trim->lines_seen,
		.has_baseline = trim->baseline != NULL,
		.bytes_max = trim->bytes_max,
		.line_bytes_max = line_bytes_max(trim),
		.same = fits ? NULL : &same,
		.keep = keep,
	};
	choice.is_explained = bs_commands_are_explained(&choice);
	choice.has_cause = bs_commands_have_cause(&choice);
	status = choose_lines(trim, fits, &choice, err);
	if (status == BS_OK)
		status = bs_render(&choice, arena, &excerpt, err);
	if (status == BS_OK)
		status = bs_find(&trim->scan, &trim->store, &trim->marks, trim->templates, ranked,
			choice.ranked_count, arena, &excerpt, err);
	if (status == BS_OK && trim->explains)
		status = bs_explain(&choice, arena, &excerpt.explanation, err);
	if (status != BS_OK)
		goto out;
	excerpt.silent = !saw_failure(&excerpt);
	bs_failure_id(&excerpt, excerpt.failure_id);
	*ret_excerpt = excerpt;
out:
	free(keep);
	free(ranked);
	free(same.states);
	return status;
}
