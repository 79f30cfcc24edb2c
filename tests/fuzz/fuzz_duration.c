// SPDX-License-Identifier: MIT
// Durations: what is read prints back to the same, and only digits with a unit are read.
#include <assert.h>
#include <stdlib.h>

#include "core/config/duration.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_str text = bs_str((const char *)data, size);
	char printed[BS_DURATION_BYTES];
	int64_t ms = -7, again = -7;
	if (bs_duration_parse(text, &ms)) {
		assert(ms >= 0);
		assert(bs_is_digit(text.ptr[0]));
		assert(bs_str_ends(text, BS_LIT("s")) || bs_str_ends(text, BS_LIT("m")));
		assert(bs_duration_parse(bs_str_c(bs_duration_print(ms, printed)), &again));
		assert(again == ms);
	} else {
		assert(ms == -7);
	}
	return 0;
}
