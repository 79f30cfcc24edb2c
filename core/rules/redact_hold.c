// SPDX-License-Identifier: MIT
// Lines that wait, and how they leave: untouched when nothing was marked, else with placeholders.
#include "core/rules/redact_hold.h"

#include <assert.h>
#include <stdlib.h>

// Placeholders are longer than most values: a line may grow, within reason.
#define LINE_GROWTH 64

void bs_hold_init(struct bs_hold *hold)
{
	*hold = (struct bs_hold){0};
	bs_buf_init(&hold->out, (size_t)BS_REQUEST_BYTES_MAX * LINE_GROWTH);
}

static void drop_copy(struct bs_hold *hold, struct bs_held *held)
{
	if (held->copy) {
		explicit_bzero(held->copy, held->line.text.len);
		hold->bytes -= held->line.text.len;
	}
	free(held->copy);
	held->copy = NULL;
}

void bs_hold_release(struct bs_hold *hold)
{
	if (!hold)
		return;
	for (size_t i = 0; i < hold->cap; i++) {
		drop_copy(hold, &hold->lines[i]);
		bs_marks_release(&hold->lines[i].marks);
	}
	free(hold->lines);
	bs_buf_wipe(&hold->out);
	hold->lines = NULL;
	hold->count = hold->cap = 0;
}

enum bs_status bs_hold_push(
	struct bs_hold *hold, const struct bs_line *line, uint64_t *ret_seq, struct bs_err *err)
{
	if (hold->count == hold->cap) {
		size_t cap = hold->cap ? hold->cap * 2 : 4;
		struct bs_held *grown = realloc(hold->lines, cap * sizeof(*grown));
		if (!grown)
			return bs_fail_nomem(err);
		memset(grown + hold->cap, 0, (cap - hold->cap) * sizeof(*grown));
		hold->lines = grown;
		hold->cap = cap;
	}
	struct bs_held *held = &hold->lines[hold->count];
	assert(!held->copy);
	held->line = *line;
	held->marks.count = 0;
	*ret_seq = hold->first + hold->count++;
	return BS_OK;
}

static struct bs_held *find(const struct bs_hold *hold, uint64_t seq)
{
	assert(seq >= hold->first && seq - hold->first < hold->count);
	return &hold->lines[seq - hold->first];
}

struct bs_str bs_hold_text(const struct bs_hold *hold, uint64_t seq)
{
	return find(hold, seq)->line.text;
}

struct bs_marks *bs_hold_marks(struct bs_hold *hold, uint64_t seq)
{
	return &find(hold, seq)->marks;
}

void bs_hold_mark(struct bs_hold *hold, uint64_t seq, size_t from, size_t to, const char *kind,
	uint32_t number)
{
	bs_marks_add(&find(hold, seq)->marks, (struct bs_mark){from, to, kind, number, {NULL, 0}});
}

void bs_hold_mark_value(
	struct bs_hold *hold, uint64_t seq, size_t from, size_t to, struct bs_str value)
{
	bs_marks_add(&find(hold, seq)->marks, (struct bs_mark){from, to, "env", 0, value});
}

bool bs_hold_has_room(const struct bs_hold *hold)
{
	return hold->count < BS_HELD_LINES_MAX && hold->bytes < BS_HELD_BYTES_MAX;
}

static enum bs_status emit(struct bs_hold *hold, struct bs_held *held, struct bs_numbers *numbers,
	struct bs_line_sink sink, struct bs_err *err)
{
	if (held->marks.failed)
		return bs_fail_nomem(err);
	struct bs_line line = held->line;
	if (held->marks.count > 0) {
		bs_buf_clear(&hold->out);
		hold->redactions += bs_marks_render(&held->marks, line.text, numbers, &hold->out);
		enum bs_status status = bs_buf_status(&hold->out, "redacted line", err);
		if (status != BS_OK)
			return status;
		size_t bytes_max = line.text.len > BS_LINE_BYTES_MAX ? line.text.len
								     : BS_LINE_BYTES_MAX;
		line.text = bs_str_clip_utf8(bs_buf_str(&hold->out), bytes_max);
		line.kind = NULL; // that was another text's
		line.flags &= ~(unsigned)BS_LINE_ASCII;
	}
	return sink.take(sink.ctx, &line, err);
}

enum bs_status bs_hold_flush(struct bs_hold *hold, uint64_t keep_from, struct bs_numbers *numbers,
	struct bs_line_sink sink, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	size_t gone = 0;
	while (status == BS_OK && gone < hold->count && hold->first + gone < keep_from) {
		struct bs_held *held = &hold->lines[gone++];
		status = emit(hold, held, numbers, sink, err);
		drop_copy(hold, held);
	}
	// The slots that were emptied go behind the rest: their marks keep their memory.
	for (size_t i = 0; gone > 0 && i + gone < hold->count; i++) {
		struct bs_held slot = hold->lines[i];
		hold->lines[i] = hold->lines[i + gone];
		hold->lines[i + gone] = slot;
	}
	hold->first += gone;
	hold->count -= gone;
	if (status != BS_OK || hold->count == 0)
		return status;
	struct bs_held *newest = &hold->lines[hold->count - 1];
	newest->line.kind = NULL; // it was borrowed
	if (newest->copy || newest->line.text.len == 0)
		return BS_OK;
	newest->copy = malloc(newest->line.text.len);
	if (!newest->copy)
		return bs_fail_nomem(err);
	memcpy(newest->copy, newest->line.text.ptr, newest->line.text.len);
	newest->line.text.ptr = newest->copy;
	hold->bytes += newest->line.text.len;
	return BS_OK;
}
