// SPDX-License-Identifier: MIT
// core/llm/frames: any bytes, cut anywhere; whole messages come out alike, however they came in.
//
// The first byte is the size of the pieces. Checksums are mended where lengths allow, or no input
// would get past them.
#include <assert.h>
#include <stdlib.h>

#include "core/base/crc.h"
#include "core/llm/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t hash;
	size_t count;
};

static enum bs_status take(void *ctx, struct bs_str kind, struct bs_str data, struct bs_err *err)
{
	struct seen *seen = ctx;
	(void)err;
	seen->count++;
	seen->hash = bs_str_hash(kind, bs_str_hash(data, seen->hash));
	return BS_OK;
}

static struct seen feed(struct bs_str bytes, size_t piece, enum bs_status *ret_status)
{
	struct seen seen = {0};
	struct bs_frames frames;
	bs_frames_init(&frames, (struct bs_stream_sink){take, &seen});
	*ret_status = BS_OK;
	for (size_t at = 0; at < bytes.len && *ret_status == BS_OK; at += piece)
		*ret_status = bs_frames_feed(&frames, bs_str_sub(bytes, at, piece), NULL);
	assert(frames.message.len <= BS_SSE_EVENT_BYTES_MAX);
	bs_frames_release(&frames);
	return seen;
}

static void put(char *at, uint32_t number)
{
	for (size_t i = 0; i < 4; i++)
		at[i] = (char)(unsigned char)(number >> (24 - 8 * i));
}

static uint32_t get(const char *at)
{
	uint32_t number = 0;
	for (size_t i = 0; i < 4; i++)
		number = number << 8 | (unsigned char)at[i];
	return number;
}

static void mend(char *bytes, size_t size)
{
	while (size >= 16) {
		size_t len = get(bytes);
		put(bytes + 8, bs_crc32(bs_str(bytes, 8)));
		if (len < 16 || len > size)
			return;
		put(bytes + len - 4, bs_crc32(bs_str(bytes, len - 4)));
		bytes += len;
		size -= len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum bs_status whole_status, cut_status;
	if (size < 2)
		return 0;
	char *bytes = malloc(size - 1);
	if (!bytes)
		return 0;
	memcpy(bytes, data + 1, size - 1);
	if (data[0] & 1)
		mend(bytes, size - 1);
	struct bs_str text = bs_str(bytes, size - 1);
	struct seen whole = feed(text, text.len, &whole_status);
	struct seen cut = feed(text, data[0] % 16u + 1, &cut_status);
	assert(whole_status == cut_status);
	assert(whole.count == cut.count && whole.hash == cut.hash);
	assert(whole.count <= text.len / 16);
	free(bytes);
	return 0;
}
