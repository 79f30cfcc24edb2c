// SPDX-License-Identifier: MIT
// What was counted before, read from a file: any bytes; what is printed of it reads the same again.
#include <assert.h>
#include <stdint.h>

#include "core/observe/series.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_arena arena;
	struct bs_buf once, twice;
	bs_arena_init(&arena, 4 << 20);
	struct bs_series *first = bs_series_new(&arena), *second = bs_series_new(&arena);
	bs_buf_init(&once, BS_SERIES_TEXT_BYTES_MAX * 2);
	bs_buf_init(&twice, BS_SERIES_TEXT_BYTES_MAX * 2);
	if (first && second &&
		bs_series_parse(first, bs_str((const char *)data, size), NULL) == BS_OK) {
		bs_series_print(first, &once);
		enum bs_status status = bs_series_parse(second, bs_buf_str(&once), NULL);
		assert(status == BS_OK);
		bs_series_print(second, &twice);
		assert(bs_str_eq(bs_buf_str(&once), bs_buf_str(&twice)));
	}
	bs_buf_release(&once);
	bs_buf_release(&twice);
	bs_arena_release(&arena);
	return 0;
}
