// SPDX-License-Identifier: MIT
// core/llm/stream: a stream cut anywhere gives the events that it gives in one piece.
#include <assert.h>
#include <stdlib.h>

#include "core/llm/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct notes {
	uint64_t hash;
	size_t count;
};

static enum bs_status note(void *ctx, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	(void)err;
	struct notes *notes = ctx;
	// No line end is left in a name; in data only those that join its lines.
	assert(bs_str_find_char(event, '\n') == SIZE_MAX);
	assert(bs_str_find_char(event, '\r') == SIZE_MAX);
	assert(bs_str_find_char(data, '\r') == SIZE_MAX);
	notes->hash = bs_str_hash(event, notes->hash);
	notes->hash = bs_str_hash(BS_LIT("|"), notes->hash);
	notes->hash = bs_str_hash(data, notes->hash);
	notes->count++;
	return BS_OK;
}

static struct notes read_in_pieces(struct bs_str text, size_t step)
{
	struct notes notes = {0};
	struct bs_stream stream;
	bs_stream_init(&stream, (struct bs_stream_sink){note, &notes});
	for (size_t i = 0; i < text.len; i += step)
		if (bs_stream_feed(&stream, bs_str_sub(text, i, step), NULL) != BS_OK)
			break;
	bs_stream_release(&stream);
	return notes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > BS_SSE_EVENT_BYTES_MAX)
		return 0;
	struct bs_str text = bs_str((const char *)data + 1, size - 1);
	struct notes whole = read_in_pieces(text, size);
	struct notes bytes = read_in_pieces(text, 1);
	struct notes pieces = read_in_pieces(text, (size_t)data[0] % 17 + 1);
	assert(whole.count == bytes.count && whole.hash == bytes.hash);
	assert(whole.count == pieces.count && whole.hash == pieces.hash);
	return 0;
}
