// SPDX-License-Identifier: MIT
// core/llm/hint and retry_after: whatever a header says, the hint is -1 or within a day.
#include <assert.h>

#include "core/llm/classify.h"
#include "core/llm/hint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int64_t ms)
{
	assert(ms >= -1 && ms <= BS_RETRY_AFTER_MS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"retry-after-ms", "x-ms-retry-after-ms", "retry-after",
		"x-ratelimit-reset-requests", "x-ratelimit-reset-tokens",
		"anthropic-ratelimit-requests-reset", "x-ratelimit-reset"};
	static const int64_t walls_ms[] = {0, 1795420800000, INT64_C(253402300799000)};
	struct bs_str value = bs_str((const char *)data, size);
	struct bs_api_error error = {.present = true, .retry_ms = -1, .message = value};
	for (size_t w = 0; w < sizeof(walls_ms) / sizeof(walls_ms[0]); w++) {
		check(bs_hint_until_ms(value, walls_ms[w]));
		check(bs_retry_after_ms(NULL, 0, &error, walls_ms[w]));
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			const struct bs_header headers[] = {
				{bs_str_c(names[i]), value},
				{bs_str_c("x-ratelimit-remaining-requests"), bs_str_c("0")},
				{bs_str_c("x-ratelimit-remaining-tokens"), bs_str_c("0")},
				{bs_str_c("anthropic-ratelimit-requests-remaining"), bs_str_c("0")},
				{bs_str_c("x-ratelimit-remaining"), bs_str_c("0")},
			};
			check(bs_retry_after_ms(headers, 5, NULL, walls_ms[w]));
		}
	}
	check(bs_hint_number_ms(value, 1000));
	check(bs_hint_go_ms(value));
	check(bs_hint_in_text_ms(value));
	return 0;
}
