// SPDX-License-Identifier: MIT
// The last of cleaning: clean lines without their stamps, told their kinds and handed on some at
// once, so that the records of their kinds come from memory side by side.
#ifndef BS_TEXT_BATCH_H
#define BS_TEXT_BATCH_H

#include "core/base/limits.h"
#include "core/text/line.h"

#define BS_BATCH_LINES 16
#define BS_BATCH_SLACK 16 // bytes behind a line that its writer may spoil

struct bs_batch {
	struct bs_line_sink sink;
	bool keeps_stamps;
	struct bs_kinds *kinds; // NULL: not asked for
	uint64_t lines;         // handed on
	bool had_content;       // anything but white space
	struct bs_waiting {
		struct bs_str text;
		uint64_t hash;
		unsigned flags;
	} waiting[BS_BATCH_LINES];
	size_t count;
	size_t used; // bytes of room in which lines wait
	char room[2 * BS_LINE_BYTES_MAX + BS_BATCH_SLACK];
};

// Where the next line may be written: BS_LINE_BYTES_MAX bytes and the slack.
static inline char *bs_batch_room(struct bs_batch *batch)
{
	return batch->room + batch->used;
}

// Takes a line that lies in bs_batch_room, or elsewhere and stays there until the batch is
// delivered. flags: enum bs_line_flags. seen: what may be in it (enum bs_utf8_seen).
enum bs_status bs_batch_add(struct bs_batch *batch, struct bs_str text, unsigned flags,
	unsigned seen, struct bs_err *err) BS_MUST_USE;
// Hands on what waits.
enum bs_status bs_batch_deliver(struct bs_batch *batch, struct bs_err *err) BS_MUST_USE;

#endif
