// SPDX-License-Identifier: MIT
// Lines that wait for the records of their kinds.
#include "core/text/batch.h"

#include "core/text/caret.h"
#include "core/text/stamp.h"
#include "core/text/utf8.h"

static bool has_content(struct bs_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!bs_is_space(s.ptr[i]))
			return true;
	return false;
}

enum bs_status bs_batch_deliver(struct bs_batch *batch, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; i < batch->count && status == BS_OK; i++) {
		const struct bs_waiting *waiting = &batch->waiting[i];
		struct bs_line line = {
			.number = ++batch->lines, .text = waiting->text, .flags = waiting->flags};
		if (batch->kinds)
			line.kind = bs_kinds_of(batch->kinds, waiting->hash);
		status = batch->sink.take(batch->sink.ctx, &line, err);
	}
	batch->count = batch->used = 0;
	return status;
}

enum bs_status bs_batch_add(struct bs_batch *batch, struct bs_str text, unsigned flags,
	unsigned seen, struct bs_err *err)
{
	char *room = bs_batch_room(batch);
	if (seen & BS_UTF8_HINT && bs_caret_is_in(text)) {
		bool red = false;
		text = bs_caret_strip(text, room, &red);
		flags |= red ? BS_LINE_RED : 0u;
	}
	if (text.ptr == room)
		batch->used += text.len;
	if (!batch->keeps_stamps)
		text = bs_stamp_strip(text, seen & BS_UTF8_HINT);
	if (!batch->had_content)
		batch->had_content = has_content(text);
	struct bs_waiting *waiting = &batch->waiting[batch->count++];
	*waiting = (struct bs_waiting){text, 0, flags | (seen & BS_UTF8_WIDE ? 0u : BS_LINE_ASCII)};
	if (batch->kinds) {
		waiting->hash = bs_kinds_hash(batch->kinds, text, flags);
		bs_kinds_expect(batch->kinds, waiting->hash);
	}
	bool is_full = batch->count == BS_BATCH_LINES ||
		       batch->used + BS_LINE_BYTES_MAX + BS_BATCH_SLACK > sizeof(batch->room);
	return is_full ? bs_batch_deliver(batch, err) : BS_OK;
}
