// SPDX-License-Identifier: MIT
// The budget of an excerpt, line by line: what a line costs, and who may still have it.
#include "core/rules/purse.h"

size_t bs_marker_bytes_max(uint64_t lines_seen)
{
	size_t digits = 1;
	for (uint64_t n = lines_seen; n > 9; n /= 10)
		digits++;
	return sizeof("[lines - left out]\n") - 1 + 2 * digits;
}

size_t bs_purse_share(const struct bs_choice *choice, size_t percent)
{
	return choice->bytes_max / 100 * percent;
}

static bool is_kept(const struct bs_choice *choice, size_t index, uint64_t number)
{
	return index < choice->store->count && choice->keep[index] &&
	       choice->store->lines[index].number == number;
}

// The cost of one line more: its bytes, and what it makes of the markers around it.
static long cost_of(const struct bs_choice *choice, size_t index)
{
	const struct bs_stored *line = &choice->store->lines[index];
	size_t len = line->len < choice->line_bytes_max ? line->len : choice->line_bytes_max;
	if (len < choice->line_bytes_min)
		len = choice->line_bytes_min;
	bool joins_before = line->number == 1 ||
			    (index > 0 && is_kept(choice, index - 1, line->number - 1));
	bool joins_after = line->number == choice->lines_seen ||
			   is_kept(choice, index + 1, line->number + 1);
	long marker = (long)bs_marker_bytes_max(choice->lines_seen);
	return (long)len + 1 + (joins_before && joins_after ? -marker : 0) +
	       (!joins_before && !joins_after ? marker : 0);
}

bool bs_purse_take(struct bs_choice *choice, size_t index, size_t limit)
{
	if (choice->keep[index] || (choice->same && bs_same_period(choice->same, index)))
		return true;
	long cost = cost_of(choice, index);
	if ((long)choice->bytes + cost > (long)limit)
		return false;
	choice->keep[index] = (unsigned char)choice->kept_for;
	choice->bytes = (size_t)((long)choice->bytes + cost);
	return true;
}

// Lines from `index` on, up to `count` of them, as long as they follow each other in the log.
void bs_purse_take_after(struct bs_choice *choice, size_t index, size_t count, size_t limit)
{
	const struct bs_stored *lines = choice->store->lines;
	for (size_t i = index + 1; i < choice->store->count && i <= index + count; i++)
		if (lines[i].number != lines[i - 1].number + 1 || !bs_purse_take(choice, i, limit))
			return;
}

void bs_purse_take_before(struct bs_choice *choice, size_t index, size_t count, size_t limit)
{
	const struct bs_stored *lines = choice->store->lines;
	for (size_t i = index; i > 0 && i + count > index; i--)
		if (lines[i - 1].number + 1 != lines[i].number ||
			!bs_purse_take(choice, i - 1, limit))
			return;
}

void bs_purse_take_said_before(struct bs_choice *choice, size_t index, size_t count, size_t limit)
{
	const struct bs_stored *lines = choice->store->lines;
	unsigned period = 0; // lines to go until all that was said again was said once
	for (size_t i = index; i > 0 && (index - i < count || period > 0); i--) {
		bool follows = i == choice->store->count ||
			       lines[i - 1].number + 1 == lines[i].number;
		if (!follows || !bs_purse_take(choice, i - 1, limit))
			return;
		if (choice->keep[i - 1] == BS_KEPT_NOT)
			period = bs_same_period(choice->same, i - 1);
		else if (period > 0)
			period--;
	}
}
