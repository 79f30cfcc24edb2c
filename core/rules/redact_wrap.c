// SPDX-License-Identifier: MIT
// Lines joined again where a token reached the end of one.
#include "core/rules/redact_wrap.h"

#include "core/rules/redact_joint.h"

#define TERMINAL_WIDTH_MAX 4096
#define HEAD_BYTES 160  // of a line looked at for a prefix cut after its first bytes
#define SOUGHT_BYTES 24 // of it for the prefix itself
#define JOINED_BYTES_MAX (sizeof(((struct bs_wrap *)0)->tail) + HEAD_BYTES)

void bs_wrap_init(struct bs_wrap *wrap)
{
	*wrap = (struct bs_wrap){0};
	bs_buf_init(&wrap->text, BS_LINE_BYTES_MAX * 2);
}

void bs_wrap_reset(struct bs_wrap *wrap)
{
	bs_buf_clear(&wrap->text);
	wrap->count = wrap->walks_count = wrap->tail_bytes = 0;
}

void bs_wrap_release(struct bs_wrap *wrap)
{
	if (wrap)
		bs_buf_wipe(&wrap->text);
}

bool bs_wrap_may_go_on(struct bs_str text, size_t from)
{
	for (size_t i = text.len; i > from;
		i--) { // from the end: that is where a line stops being a token
		if (!bs_is_alnum(text.ptr[i - 1]) && !strchr("_-.~+/=%", text.ptr[i - 1]))
			return false;
	}
	return from < text.len && text.ptr[text.len - 1] != '\0';
}

// Marks the part of [from, to) of the joined text that each line has.
static void mark_lines(struct bs_wrap *wrap, const struct bs_engine *engine, struct bs_hold *hold,
	const struct bs_mark *mark)
{
	uint32_t number = bs_numbers_of(engine->numbers,
		bs_str_sub(bs_buf_str(&wrap->text), mark->from, mark->to - mark->from));
	for (size_t i = 0; i < wrap->count; i++) {
		size_t start = wrap->starts[i];
		size_t end = i + 1 < wrap->count ? wrap->starts[i + 1] : wrap->text.len;
		size_t from = mark->from > start ? mark->from : start;
		size_t to = mark->to < end ? mark->to : end;
		if (from < to)
			bs_hold_mark(hold, wrap->first + i, from - start, to - start, mark->kind,
				number);
	}
}

static enum bs_status join(struct bs_wrap *wrap, const struct bs_engine *engine,
	struct bs_hold *hold, struct bs_str text, struct bs_err *err)
{
	struct bs_marks found = {0};
	bool reached = true, refused = false, accepted = false;
	wrap->starts[wrap->count++] = wrap->text.len;
	bs_buf_add(&wrap->text, text);
	enum bs_status status = bs_buf_status(&wrap->text, "wrapped token", err);
	if (status == BS_OK)
		status = bs_engine_mark_prefixes(engine, bs_buf_str(&wrap->text), &found, err);
	if (status == BS_OK && found.failed)
		status = bs_fail_nomem(err);
	for (size_t i = 0; status == BS_OK && i < found.count; i++) {
		size_t joint = wrap->starts[wrap->count - 1];
		bool meets = found.items[i].from < joint && found.items[i].to > joint;
		bool crosses = meets && bs_joint_goes_on(wrap, hold, &found.items[i]);
		refused = refused || (meets && !crosses);
		accepted = accepted || crosses;
		if (crosses)
			mark_lines(wrap, engine, hold, &found.items[i]);
		reached = reached && (!crosses || found.items[i].to == wrap->text.len);
	}
	bs_marks_release(&found);
	if (status != BS_OK || !reached || (refused && !accepted) || !bs_wrap_may_go_on(text, 0))
		wrap->count = 0;
	return status;
}

// --- known values

static void mark_walk(const struct bs_engine *engine, struct bs_hold *hold,
	const struct bs_wrap_walk *walk, uint64_t last, size_t end)
{
	struct bs_value value = bs_values_of(engine->values, walk->walk.needle);
	for (uint64_t seq = walk->seq; seq <= last; seq++) {
		struct bs_str text = bs_hold_text(hold, seq);
		size_t from = walk->from, to = seq == last ? end : text.len;
		if (seq > walk->seq) // indented
			from = text.len - bs_str_trim(text).len -
			       (text.len - bs_str_trim_end(text).len);
		bs_hold_mark_value(hold, seq, from, to, value.text);
	}
}

void bs_wrap_add_walk(struct bs_wrap *wrap, const struct bs_engine *engine, struct bs_hold *hold,
	struct bs_wrap_walk walk)
{
	if (wrap->walks_count < BS_WRAP_WALKS_MAX && bs_hold_has_room(hold))
		wrap->walks[wrap->walks_count++] = walk;
	else
		mark_walk(engine, hold, &walk, walk.seq, bs_hold_text(hold, walk.seq).len);
}

// Goes on with the values that lines before ended in; those of the newest line were added already.
static void walk_on(
	struct bs_wrap *wrap, const struct bs_engine *engine, struct bs_hold *hold, uint64_t seq)
{
	struct bs_str text = bs_hold_text(hold, seq);
	size_t kept = 0;
	for (size_t i = 0; i < wrap->walks_count; i++) {
		struct bs_wrap_walk walk = wrap->walks[i];
		size_t at = 0;
		enum bs_step step = BS_STEP_MORE;
		if (walk.seq < seq)
			step = bs_values_walk(engine->values, &walk.walk, text, &at);
		if (step == BS_STEP_YES || (step == BS_STEP_MORE && !bs_hold_has_room(hold)))
			mark_walk(engine, hold, &walk, seq, at);
		else if (step == BS_STEP_MORE)
			wrap->walks[kept++] = walk;
	}
	wrap->walks_count = kept;
}

// The tail of the line before and the head of text.
static struct bs_str join_head(const struct bs_wrap *wrap, struct bs_str text, size_t head_bytes,
	char joined[JOINED_BYTES_MAX])
{
	size_t more = text.len < head_bytes ? text.len : head_bytes;
	memcpy(joined, wrap->tail, wrap->tail_bytes);
	memcpy(joined + wrap->tail_bytes, text.ptr, more);
	return bs_str(joined, wrap->tail_bytes + more);
}

// The next hit in `sought` that begins in the tail and is of what may be cut there: a value, or
// else a prefix.
static bool next_at_seam(const struct bs_wrap *wrap, const struct bs_engine *engine,
	struct bs_str sought, struct bs_literals_cursor *cursor, struct bs_literal_hit *ret_hit)
{
	while (bs_literals_next(engine->literals, sought, cursor, ret_hit) &&
		ret_hit->from < wrap->tail_bytes) {
		uint32_t owner = BS_OWNER_OF(ret_hit->id), owned = BS_OWNED_OF(ret_hit->id);
		if (owner == BS_OWNER_VALUE)
			return true;
		if (owner == BS_OWNER_PATTERN && !ret_hit->cut &&
			bs_patterns_row(engine->patterns, owned)->flags & BS_PATTERN_PREFIX)
			return true;
	}
	return false;
}

// A prefix or a value cut after its first byte or two: what little of it went out tells nothing,
// the rest is marked here.
static enum bs_status join_tail(struct bs_wrap *wrap, const struct bs_engine *engine,
	struct bs_hold *hold, uint64_t seq, bool *ret_prefix, struct bs_err *err)
{
	struct bs_str text = bs_hold_text(hold, seq);
	char bytes[JOINED_BYTES_MAX];
	struct bs_str joined = join_head(wrap, text, HEAD_BYTES, bytes);
	struct bs_literals_cursor cursor = {0};
	struct bs_literal_hit hit;
	struct bs_rows rows = {0};
	struct bs_marks found = {0};
	struct bs_str sought = bs_str_sub(joined, 0, wrap->tail_bytes + SOUGHT_BYTES);
	while (next_at_seam(wrap, engine, sought, &cursor, &hit)) {
		uint32_t owned = BS_OWNED_OF(hit.id);
		if (BS_OWNER_OF(hit.id) == BS_OWNER_VALUE) {
			struct bs_needle_walk walk = {
				owned, (uint32_t)(wrap->tail_bytes - hit.from)};
			size_t at = 0;
			if (bs_values_walk(engine->values, &walk, text, &at) == BS_STEP_YES)
				mark_walk(engine, hold, &(struct bs_wrap_walk){walk, seq, 0}, seq,
					at);
		} else {
			bs_rows_set(&rows, owned);
		}
	}
	enum bs_status status = BS_OK;
	*ret_prefix = rows.any;
	if (rows.any)
		status = bs_engine_mark_rows(engine, &rows, joined, &found, err);
	for (size_t i = 0; status == BS_OK && i < found.count; i++) {
		struct bs_mark mark = found.items[i];
		if (mark.from < wrap->tail_bytes && mark.to > wrap->tail_bytes)
			bs_hold_mark(hold, seq, 0, mark.to - wrap->tail_bytes, mark.kind, 0);
	}
	if (status == BS_OK && found.failed)
		status = bs_fail_nomem(err);
	bs_marks_release(&found);
	return status;
}

// Begins to wait with the newest line, after the last bytes of the one before when a prefix began
// there.
static void start(struct bs_wrap *wrap, struct bs_hold *hold, uint64_t seq, bool open, size_t tail)
{
	struct bs_str text = bs_hold_text(hold, seq);
	bs_buf_clear(&wrap->text);
	if (!open || text.len > TERMINAL_WIDTH_MAX || !bs_hold_has_room(hold))
		return;
	bs_buf_add(&wrap->text, bs_str(wrap->tail, tail));
	bs_buf_add(&wrap->text, text);
	wrap->starts[0] = tail;
	wrap->count = 1;
	wrap->first = seq;
}

static void keep_tail(struct bs_wrap *wrap, struct bs_str text)
{
	wrap->newest = (wrap->newest + 1) % BS_WRAP_WIDTHS;
	wrap->widths[wrap->newest] = (uint32_t)text.len;
	wrap->tail_bytes = text.len >= BS_WRAP_WIDTH_MIN ? sizeof(wrap->tail) : 0;
	if (wrap->tail_bytes > 0)
		memcpy(wrap->tail, text.ptr + text.len - wrap->tail_bytes, wrap->tail_bytes);
}

// Whether something begins in the tail that may go on in text.
static bool crosses_seam(
	const struct bs_wrap *wrap, const struct bs_engine *engine, struct bs_str text)
{
	char bytes[JOINED_BYTES_MAX];
	struct bs_literals_cursor cursor = {0};
	struct bs_literal_hit hit;
	struct bs_str sought = join_head(wrap, text, SOUGHT_BYTES, bytes);
	return next_at_seam(wrap, engine, sought, &cursor, &hit);
}

// The first bytes on both sides say of nearly all lines that it does not.
static bool may_cross_seam(
	const struct bs_wrap *wrap, const struct bs_engine *engine, struct bs_str text)
{
	char seam[sizeof(wrap->tail) + 2] = {0};
	if (wrap->tail_bytes == 0 || text.len == 0)
		return false;
	memcpy(seam, wrap->tail, sizeof(wrap->tail));
	seam[sizeof(wrap->tail)] = text.ptr[0];
	seam[sizeof(wrap->tail) + 1] = text.len > 1 ? text.ptr[1] : '\0';
	return (bs_literals_may_begin(engine->literals, seam) ||
		       bs_literals_may_begin(engine->literals, seam + 1)) &&
	       crosses_seam(wrap, engine, text);
}

bool bs_wrap_pass(struct bs_wrap *wrap, const struct bs_engine *engine, struct bs_str text)
{
	if (wrap->count > 0 || wrap->walks_count > 0 || may_cross_seam(wrap, engine, text))
		return false;
	keep_tail(wrap, text);
	return true;
}

enum bs_status bs_wrap_take(struct bs_wrap *wrap, const struct bs_engine *engine,
	struct bs_hold *hold, uint64_t seq, bool open, uint64_t *ret_wait, struct bs_err *err)
{
	struct bs_str text = bs_hold_text(hold, seq);
	enum bs_status status = BS_OK;
	bool prefix = false; // one that began in the line before
	if (wrap->walks_count > 0)
		walk_on(wrap, engine, hold, seq);
	if (wrap->tail_bytes > 0 && text.len > 0)
		status = join_tail(wrap, engine, hold, seq, &prefix, err);
	if (wrap->count == BS_WRAP_LINES_MAX || !bs_hold_has_room(hold) ||
		text.len + wrap->text.len > BS_LINE_BYTES_MAX)
		wrap->count = 0;
	if (status == BS_OK && wrap->count > 0)
		status = join(wrap, engine, hold, text, err);
	if (wrap->count == 0) {
		prefix = prefix && bs_wrap_may_go_on(text, 0);
		start(wrap, hold, seq, open || prefix, prefix ? wrap->tail_bytes : 0);
	}
	keep_tail(wrap, text);
	*ret_wait = wrap->count > 0 ? wrap->first : BS_HOLD_NONE;
	for (size_t i = 0; i < wrap->walks_count; i++)
		*ret_wait = wrap->walks[i].seq < *ret_wait ? wrap->walks[i].seq : *ret_wait;
	return status == BS_OK ? bs_buf_status(&wrap->text, "wrapped token", err) : status;
}
