// SPDX-License-Identifier: MIT
// core/ext/json: what is accepted, written again, is accepted again and gives the same text.
#include <assert.h>
#include <stdlib.h>

#include "core/ext/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_text(const struct bs_json *json, bool ascii, struct bs_buf *out)
{
	struct bs_json_writer w;
	bs_json_writer_init(&w, out);
	w.ascii = ascii;
	bs_json_put(&w, json);
	assert(out->failed == BS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_json *first = NULL, *second = NULL;
	struct bs_buf once, twice;
	struct bs_err err = {0};
	// A writer accepts any bytes, and a reader accepts what it wrote unless U+0000 was in it.
	bs_buf_init(&once, (size_t)1 << 24);
	bs_buf_init(&twice, (size_t)1 << 24);
	struct bs_str bytes = bs_str((const char *)data, size);
	struct bs_json_writer w;
	bs_json_writer_init(&w, &once);
	bs_json_put_str(&w, bytes);
	bool has_nul = bs_str_find_char(bytes, '\0') != SIZE_MAX;
	assert((bs_json_parse(bs_buf_str(&once), &first, &err) == BS_OK) == !has_nul);
	bs_json_free(first);
	first = NULL;
	bs_buf_clear(&once);

	if (bs_json_parse(bytes, &first, &err) != BS_OK) {
		assert(err.msg[0] && !first);
		goto out;
	}
	for (int ascii = 0; ascii <= 1; ascii++) {
		bs_buf_clear(&once);
		bs_buf_clear(&twice);
		write_text(first, ascii, &once);
		assert(bs_json_parse(bs_buf_str(&once), &second, &err) == BS_OK);
		write_text(second, ascii, &twice);
		assert(bs_str_eq(bs_buf_str(&once), bs_buf_str(&twice)));
		bs_json_free(second);
		second = NULL;
	}
out:
	bs_json_free(first);
	bs_buf_release(&once);
	bs_buf_release(&twice);
	return 0;
}
