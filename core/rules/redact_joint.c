// SPDX-License-Identifier: MIT
// The evidence that a line goes on with the token of the one before.
#include "core/rules/redact_joint.h"

#include "core/rules/redact_judge.h"
#include "core/rules/redact_whole.h"

#define REST_BYTES_MIN 3 // of a token, to be told from a count or a letter before a message

// Whether the token was one without the newest line: then only more of the same may follow.
static bool was_whole(const struct bs_wrap *wrap, struct bs_hold *hold, size_t from)
{
	size_t line = wrap->count - 1;
	if (from < wrap->starts[0])
		return false;
	while (wrap->starts[line] > from)
		line--;
	const struct bs_marks *marks = bs_hold_marks(hold, wrap->first + line);
	for (size_t i = 0; i < marks->count; i++) {
		if (marks->items[i].from == from - wrap->starts[line])
			return true;
	}
	return false;
}

// Whether a line near the one before is exactly as wide.
static bool has_neighbour(const struct bs_wrap *wrap, size_t width, size_t next_bytes)
{
	bool near = next_bytes == width;
	for (size_t i = 0; i < BS_WRAP_WIDTHS; i++)
		near = near || (i != wrap->newest && wrap->widths[i] == width);
	return near;
}

// Whether the token already went on over a whole line of the same width.
static bool fills_lines(const struct bs_wrap *wrap, size_t from)
{
	size_t line = wrap->count - 1;
	return line >= 2 && from < wrap->starts[line - 1] &&
	       wrap->starts[line] - wrap->starts[line - 1] ==
		       wrap->starts[line - 1] - wrap->starts[line - 2];
}

bool bs_joint_goes_on(const struct bs_wrap *wrap, struct bs_hold *hold, const struct bs_mark *mark)
{
	size_t joint = wrap->starts[wrap->count - 1];
	struct bs_str text = bs_buf_str(&wrap->text);
	struct bs_str line = bs_str_from(text, joint);
	struct bs_str rest = bs_str_sub(text, joint, mark->to - joint);
	size_t missing = bs_whole_missing(bs_str_sub(text, mark->from, joint - mark->from), rest);
	if (missing == 0)
		return false;
	if (missing == bs_whole_run(rest)) // exactly what it lacks
		return true;
	if (bs_whole_is_word(line, false))
		return false;
	if (!was_whole(wrap, hold, mark->from) || fills_lines(wrap, mark->from))
		return true;
	size_t width = joint - wrap->starts[wrap->count - 2];
	if (width < BS_WRAP_WIDTH_MIN)
		return false;
	bool named = bs_whole_is_word(line, true);
	if (has_neighbour(wrap, width, line.len) && rest.len >= REST_BYTES_MIN && !named)
		return true;
	return bs_judge_random(rest) && (bs_whole_is_width(width) || !named);
}
