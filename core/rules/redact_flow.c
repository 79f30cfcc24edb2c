// SPDX-License-Identifier: MIT
// A line on its way: one pass for literals, then only the rules that have something to look at.
//
// The order: known values, names with values, patterns, the user's patterns, encoded tokens,
// private keys, Kubernetes Secrets, and last what only joined lines show. Marks are united in the
// end, so the order decides no more than the name of a placeholder.
#include "core/rules/redact_flow.h"

#include "core/rules/redact_encoded.h"

#define ENCODED_MAX 32 // runs decoded in one line; a line with more is not for reading
#define CUT_OPEN " […" // core/text/clean leaves out the middle of a line that is too long
#define CUT_CLOSE " bytes left out…] "
#define CUT_WORD_MAX 512

// What one pass over a line has found.
struct sighting {
	struct bs_rows rows;
	size_t name_end; // of the last name that was looked at
	struct bs_literal_hit encoded[ENCODED_MAX];
	size_t encoded_count;
	bool pem, kube;
	bool open;  // a token may go on in the next line
	bool stirs; // something was looked at more closely than by its literal
	bool named; // a word was found that may be a name's
};

void bs_flow_init(struct bs_flow *flow, const struct bs_engine *engine, struct bs_line_sink sink)
{
	*flow = (struct bs_flow){.engine = engine, .sink = sink};
	flow->pem.numbers = engine->numbers;
	bs_hold_init(&flow->hold);
	bs_wrap_init(&flow->wrap);
}

void bs_flow_release(struct bs_flow *flow)
{
	if (!flow)
		return;
	bs_hold_release(&flow->hold);
	bs_wrap_release(&flow->wrap);
}

static void see_value(struct bs_flow *flow, uint64_t seq, const struct bs_literal_hit *hit,
	struct bs_str text, size_t cut_at)
{
	struct bs_needle_walk walk = {BS_OWNED_OF(hit->id), 0};
	size_t at = hit->from;
	struct bs_str part = bs_str_sub(text, 0, hit->from < cut_at ? cut_at : text.len);
	// A walk tells a new line by an offset of 0 with something matched: none is matched here.
	enum bs_step step = bs_values_walk(flow->engine->values, &walk, part, &at);
	if (step == BS_STEP_MORE && part.len == text.len) {
		bs_wrap_add_walk(&flow->wrap, flow->engine, &flow->hold,
			(struct bs_wrap_walk){walk, seq, hit->from});
	} else if (step != BS_STEP_NO) {
		struct bs_value value = bs_values_of(flow->engine->values, walk.needle);
		bs_hold_mark_value(&flow->hold, seq, hit->from, at, value.text);
	}
}

static void see(struct bs_flow *flow, uint64_t seq, const struct bs_literal_hit *hit,
	struct bs_str text, size_t cut_at, struct sighting *sighting)
{
	const uint32_t owned = BS_OWNED_OF(hit->id);
	switch ((enum bs_literal_owner)BS_OWNER_OF(hit->id)) {
	case BS_OWNER_VALUE:
		sighting->stirs = true;
		see_value(flow, seq, hit, text, cut_at);
		return;
	case BS_OWNER_PATTERN:
		if (!hit->cut && bs_patterns_may_mark(flow->engine->patterns, owned, text, hit->to))
			bs_rows_set(&sighting->rows, owned);
		if (bs_patterns_row(flow->engine->patterns, owned)->flags & BS_PATTERN_PREFIX)
			sighting->open = sighting->open || bs_wrap_may_go_on(text, hit->from);
		return;
	case BS_OWNER_WORD:
		sighting->named = true;
		sighting->stirs |= bs_named_mark(&flow->named, text, hit->from, &sighting->name_end,
			bs_hold_marks(&flow->hold, seq));
		return;
	case BS_OWNER_PEM:
		sighting->pem = true;
		return;
	case BS_OWNER_KUBE:
		sighting->kube = true;
		return;
	case BS_OWNER_ENCODED:
		if (sighting->encoded_count < ENCODED_MAX)
			sighting->encoded[sighting->encoded_count] = *hit;
		sighting->encoded_count++;
		return;
	}
}

// The words that the cut through a long line has halved cannot be judged: they go.
static void mark_cut(struct bs_str text, size_t open, size_t close, struct bs_marks *marks)
{
	size_t from = open, to = close;
	while (from > 0 && open - from < CUT_WORD_MAX && !bs_is_space(text.ptr[from - 1]))
		from--;
	while (to < text.len && to - close < CUT_WORD_MAX && !bs_is_space(text.ptr[to]))
		to++;
	if (open - from >= BS_SECRET_BYTES_MIN)
		bs_marks_add(marks, (struct bs_mark){from, open, "cut", 0, {NULL, 0}});
	if (to - close >= BS_SECRET_BYTES_MIN)
		bs_marks_add(marks, (struct bs_mark){close, to, "cut", 0, {NULL, 0}});
}

// Where the middle of a cut line is missing; SIZE_MAX when it is whole.
static size_t find_cut(const struct bs_line *line, struct bs_marks *marks)
{
	if (!(line->flags & BS_LINE_CUT))
		return SIZE_MAX;
	size_t close = bs_str_find(line->text, BS_LIT(CUT_CLOSE));
	size_t open = bs_str_find(line->text, BS_LIT(CUT_OPEN));
	if (open == SIZE_MAX || close == SIZE_MAX || close < open)
		return SIZE_MAX;
	mark_cut(line->text, open, close + strlen(CUT_CLOSE), marks);
	return open;
}

static enum bs_status mark_encoded(struct bs_flow *flow, uint64_t seq, struct bs_str text,
	const struct sighting *sighting, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	if (sighting->encoded_count > ENCODED_MAX)
		return bs_fail(err, BS_LIMIT, "more than %d encoded beginnings", ENCODED_MAX);
	for (size_t i = 0; status == BS_OK && i < sighting->encoded_count; i++) {
		struct bs_literal_hit hit = sighting->encoded[i];
		bool key = false;
		hit.id = BS_OWNED_OF(hit.id);
		status = bs_encoded_mark(flow->engine->patterns, &hit, text,
			bs_hold_marks(&flow->hold, seq), &key, err);
		if (key)
			bs_pem_enter(&flow->pem, 0, bs_str_from(text, hit.from));
	}
	return status;
}

// Everything that one line shows by itself. BS_LIMIT: it has to go whole.
static enum bs_status mark_line(struct bs_flow *flow, uint64_t seq, const struct bs_line *line,
	struct sighting *sighting, struct bs_err *err)
{
	const struct bs_engine *engine = flow->engine;
	struct bs_literals_cursor cursor = {0};
	struct bs_literal_hit hit;
	struct bs_str text = line->text;
	size_t cut_at = find_cut(line, bs_hold_marks(&flow->hold, seq));
	bs_named_begin(&flow->named, text, bs_hold_marks(&flow->hold, seq));
	while (bs_literals_next(engine->literals, text, &cursor, &hit))
		see(flow, seq, &hit, text, cut_at, sighting);
	sighting->stirs |= cursor.near;
	struct bs_marks *marks = bs_hold_marks(&flow->hold, seq);
	enum bs_status status = BS_OK;
	if (sighting->rows.any)
		status = bs_engine_mark_rows(engine, &sighting->rows, text, marks, err);
	if (status == BS_OK && bs_patterns_added(engine->patterns) > 0)
		status = bs_patterns_mark_added(engine->patterns, text, marks, err);
	if (status == BS_OK && sighting->encoded_count > 0)
		status = mark_encoded(flow, seq, text, sighting, err);
	return status;
}

// --- lines in which there is nothing

// "%22" is a quote, "%33" is none.
static bool has_coded_byte(struct bs_str text)
{
	for (size_t at; (at = bs_str_find_char(text, '%')) != SIZE_MAX;) {
		text = bs_str_from(text, at + 1);
		if (text.len > 0 && bs_is_digit(text.ptr[0]))
			return true;
	}
	return false;
}

// Whether patterns were tried on this line that could find something in another one of its kind.
// Many kinds have one line only: the second is the first to ask.
static bool could_mark(
	const struct bs_flow *flow, const struct bs_line *line, const struct bs_rows *rows)
{
	struct bs_kind *kind = line->kind;
	if (!rows->any || kind->is_loud)
		return rows->any;
	if (kind->is_tried)
		kind->is_loud = bs_engine_rows_could_mark(flow->engine, rows, line->text);
	bool asked = kind->is_tried;
	kind->is_tried = true;
	return !asked || kind->is_loud;
}

// Whether no line of this kind can have anything to redact by itself, whatever its digits.
static bool is_quiet(
	const struct bs_flow *flow, const struct bs_line *line, const struct sighting *sighting)
{
	bool seen = sighting->stirs || sighting->open || sighting->pem || sighting->kube ||
		    sighting->encoded_count > 0;
	return !seen && !(line->flags & BS_LINE_CUT) && !bs_pem_may_be_inside(line->text) &&
	       bs_patterns_added(flow->engine->patterns) == 0 &&
	       !(sighting->named && has_coded_byte(line->text)) &&
	       !could_mark(flow, line, &sighting->rows);
}

// A quiet line goes straight through when nothing of the lines before waits or goes on in it.
static bool passes(struct bs_flow *flow, const struct bs_line *line)
{
	return line->kind && line->kind->is_quiet && flow->hold.count == 0 &&
	       flow->named.waiting == BS_NAME_NONE && bs_pem_is_idle(&flow->pem) &&
	       bs_kube_is_idle(&flow->kube) && bs_wrap_pass(&flow->wrap, flow->engine, line->text);
}

enum bs_status bs_flow_take(struct bs_flow *flow, const struct bs_line *line, struct bs_err *err)
{
	if (passes(flow, line))
		return flow->sink.take(flow->sink.ctx, line, err);
	struct sighting sighting = {.name_end = 0};
	struct bs_err why = {0};
	uint64_t seq = 0, wait = BS_HOLD_NONE;
	enum bs_status status = bs_hold_push(&flow->hold, line, &seq, err);
	if (status != BS_OK)
		return status;
	status = mark_line(flow, seq, line, &sighting, &why);
	if (line->kind && !line->kind->is_quiet)
		line->kind->is_quiet = is_quiet(flow, line, &sighting);
	uint64_t pem = bs_pem_take(&flow->pem, &flow->hold, seq, sighting.pem);
	uint64_t kube = bs_kube_take(&flow->kube, &flow->hold, seq, sighting.kube);
	if (status == BS_OK || status == BS_LIMIT) {
		enum bs_status joined = bs_wrap_take(
			&flow->wrap, flow->engine, &flow->hold, seq, sighting.open, &wait, &why);
		status = joined == BS_OK ? status : joined;
	}
	if (status == BS_LIMIT) { // what could not be searched is not sent
		bs_hold_mark(&flow->hold, seq, 0, line->text.len, "line", 0);
		status = BS_OK;
	}
	if (status != BS_OK)
		return bs_fail(err, status, "%s", why.msg);
	wait = pem < wait ? pem : wait;
	wait = kube < wait ? kube : wait;
	return bs_hold_flush(&flow->hold, wait, flow->engine->numbers, flow->sink, err);
}

enum bs_status bs_flow_finish(struct bs_flow *flow, struct bs_err *err)
{
	enum bs_status status = bs_hold_flush(
		&flow->hold, BS_HOLD_NONE, flow->engine->numbers, flow->sink, err);
	// Nothing waits any more: what comes next is another text.
	flow->pem = (struct bs_pem){.numbers = flow->engine->numbers};
	flow->kube = (struct bs_kube){0};
	flow->named = (struct bs_named){0};
	bs_wrap_reset(&flow->wrap);
	return status;
}
