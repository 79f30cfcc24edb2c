// SPDX-License-Identifier: MIT
// Hints when to come back, in the order in which they are believed.
#include "core/llm/classify.h"
#include "core/llm/hint.h"

#define MINUTE_LEFT_MS 30000 // of a minute that nobody knows the end of: half, on average

static int64_t milliseconds(struct bs_str value, int64_t wall_ms)
{
	(void)wall_ms;
	return bs_hint_number_ms(value, 1);
}

static int64_t seconds_or_date(struct bs_str value, int64_t wall_ms)
{
	int64_t ms = bs_hint_number_ms(value, 1000);
	return ms >= 0 ? ms : bs_hint_until_ms(value, wall_ms);
}

// "6m0s" (OpenAI), a date (Anthropic), seconds, or an epoch in seconds or milliseconds
// (OpenRouter).
static int64_t any(struct bs_str value, int64_t wall_ms)
{
	uint64_t number = 0;
	bool whole = bs_str_to_u64(value, &number);
	if (whole && number > UINT64_C(1000000000) && number < UINT64_C(100000000000000)) {
		int64_t at_ms = (int64_t)number;
		if (number < UINT64_C(100000000000))
			at_ms *= 1000;
		int64_t left_ms = at_ms > wall_ms ? at_ms - wall_ms : 0;
		return left_ms <= BS_RETRY_AFTER_MS_MAX ? left_ms : -1;
	}
	int64_t ms = bs_hint_go_ms(value);
	return ms >= 0 ? ms : seconds_or_date(value, wall_ms);
}

static const struct {
	const char *name;
	int64_t (*read)(struct bs_str value, int64_t wall_ms);
} hints[] = {
	{"retry-after-ms", milliseconds},
	{"x-ms-retry-after-ms", milliseconds},
	{"retry-after", seconds_or_date},
};

// Buckets of a rate limit: when nothing remains of one, its reset is the hint; without one the
// bucket is of a minute.
static const struct {
	const char *remaining, *reset;
} buckets[] = {
	{"x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
	{"x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
	{"anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"},
	{"anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"},
	{"anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"},
	{"anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"},
	{"x-ratelimit-remaining-project-tokens", "x-ratelimit-reset-project-tokens"}, // OpenAI
	{"x-ratelimit-remaining-req-minute", NULL},                                   // Mistral
	{"x-ratelimit-remaining-tokens-minute", NULL},
	{"ratelimitbysize-remaining", "ratelimitbysize-reset"},
	// LiteLLM hands on what its host said
	{"llm_provider-x-ratelimit-remaining-requests", "llm_provider-x-ratelimit-reset-requests"},
	{"llm_provider-x-ratelimit-remaining-tokens", "llm_provider-x-ratelimit-reset-tokens"},
	{"x-ratelimit-remaining", "x-ratelimit-reset"},
	{"ratelimit-remaining", "ratelimit-reset"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_empty_bucket(const struct bs_header *headers, size_t count, size_t bucket)
{
	return bs_str_eq_c(bs_header_get(headers, count, buckets[bucket].remaining), "0");
}

bool bs_rate_limit_used_up(const struct bs_header *headers, size_t count)
{
	for (size_t i = 0; i < COUNT(buckets); i++)
		if (is_empty_bucket(headers, count, i))
			return true;
	return false;
}

int64_t bs_retry_after_ms(const struct bs_header *headers, size_t count,
	const struct bs_api_error *error, int64_t wall_ms)
{
	int64_t longest_ms = -1;
	// Dates are the host's: by its own clock they are right, whatever ours says.
	(void)bs_hint_date_ms(bs_header_get(headers, count, "date"), &wall_ms);
	for (size_t i = 0; i < COUNT(hints); i++) {
		struct bs_str value = bs_header_get(headers, count, hints[i].name);
		int64_t ms = value.ptr ? hints[i].read(value, wall_ms) : -1;
		if (ms >= 0)
			return ms;
	}
	for (size_t i = 0; i < COUNT(buckets); i++) {
		if (!is_empty_bucket(headers, count, i))
			continue;
		int64_t ms = MINUTE_LEFT_MS;
		if (buckets[i].reset) {
			struct bs_str value = bs_header_get(headers, count, buckets[i].reset);
			ms = value.ptr ? any(value, wall_ms) : -1;
		}
		longest_ms = ms > longest_ms ? ms : longest_ms;
	}
	if (longest_ms >= 0 || !error || !error->present)
		return longest_ms;
	return error->retry_ms >= 0 ? error->retry_ms : bs_hint_in_text_ms(error->message);
}
