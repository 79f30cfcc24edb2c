// SPDX-License-Identifier: MIT
// core/llm/repair: valid objects survive unchanged, repairing twice changes nothing, nothing is
// invented.
#include <assert.h>

#include "core/ext/json.h"
#include "core/llm/repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compact(const struct bs_json *json, struct bs_buf *out)
{
	struct bs_json_writer w;
	bs_buf_clear(out);
	bs_json_writer_init(&w, out);
	bs_json_put(&w, json);
	assert(out->failed == BS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_str text = bs_str((const char *)data, size);
	struct bs_json *before = NULL, *after = NULL;
	struct bs_buf once, twice, a, b;
	bs_buf_init(&once, (size_t)1 << 24);
	bs_buf_init(&twice, (size_t)1 << 24);
	bs_buf_init(&a, (size_t)1 << 24);
	bs_buf_init(&b, (size_t)1 << 24);
	bool done = bs_repair_json(text, &once);
	assert(done == (once.len > 0));
	if (done) {
		assert(bs_repair_json(bs_buf_str(&once), &twice));
		assert(bs_str_eq(bs_buf_str(&once), bs_buf_str(&twice)));
		// only escapes and commas are added: eight bytes stand for two at most
		assert(once.len <= 6 * text.len);
	}
	if (bs_json_parse(text, &before, NULL) == BS_OK && bs_json_type(before) == BS_JSON_OBJECT &&
		bs_json_count(before) > 0) {
		assert(done);
		assert(bs_json_parse(bs_buf_str(&once), &after, NULL) == BS_OK);
		compact(before, &a);
		compact(after, &b);
		assert(bs_str_eq(bs_buf_str(&a), bs_buf_str(&b)));
	}
	bs_json_free(before);
	bs_json_free(after);
	bs_buf_release(&once);
	bs_buf_release(&twice);
	bs_buf_release(&a);
	bs_buf_release(&b);
	return 0;
}
