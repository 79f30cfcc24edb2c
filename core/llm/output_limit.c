// SPDX-License-Identifier: MIT
// Numbers in a provider's sentence about output tokens: the model's maximum, or what a window
// leaves.
//
// "max_tokens: 4000 > 2048, which is the maximum allowed number of output tokens" (Anthropic),
// "This model supports at most 2048 completion tokens" (OpenAI), "4000 > 4096 - 1500" (vLLM),
// "199000 + 4000 > 200000, decrease input length" (Anthropic), "from 1 (inclusive) to 2049
// (exclusive)" (Google), "[1, 2048]" (DeepSeek, Qwen).
#include "core/llm/output_limit.h"

#include "core/llm/param.h"

#define TOKENS_MIN 256 // fewer hold no summary
#define ROOM_MIN 1000  // with less a shorter log is better than a shorter answer
#define NUMBERS_MAX 16

static const char *const about_words[] = {"output tokens", "completion tokens", "in the completion",
	"maximum tokens", "max tokens", NULL};
static const char *const size_words[] = {"too large", "too high", "too big", "at most", "or equal",
	"maximum", "exceed", "greater than", "range", "must be", "should be", "limit", "lower than",
	"<=", ">", "decrease", "reduce", NULL};
// It is not the size that they mind.
static const char *const other_words[] = {"unsupported parameter", "not supported", "not support",
	"unknown", "unrecognized", "not permitted", "unexpected", NULL};
static const char *const window_words[] = {"context length", "context size", "context window",
	"context limit", "input tokens", "`inputs` tokens", "prompt contains", "in the messages",
	NULL};
static const char *const exclusive_words[] = {"exclusive", "lower than", "strictly less", NULL};

static bool has_any(struct bs_str text, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (bs_str_ifind(text, bs_str_c(words[i])) != SIZE_MAX)
			return true;
	return false;
}

struct numbers {
	uint64_t at[NUMBERS_MAX];
	size_t count;
};

// Digits that belong to a name: gpt-4-0613, v2.5, x_2.
static bool is_joint(struct bs_str text, size_t i, size_t beyond)
{
	char c = i < text.len ? text.ptr[i] : ' ';
	char next = beyond < text.len ? text.ptr[beyond] : ' ';
	return bs_is_alnum(c) || c == '_' || c == '-' ||
	       ((c == '.' || c == ':') && bs_is_alnum(next));
}

// Whole numbers that stand alone, "16,384" too.
static struct numbers find_numbers(struct bs_str text)
{
	struct numbers found = {.count = 0};
	for (size_t i = 0; i < text.len && found.count < NUMBERS_MAX; i++) {
		size_t begin = i;
		uint64_t number = 0;
		if (!bs_is_digit(text.ptr[i]))
			continue;
		for (; i < text.len && i - begin < 12; i++) {
			bool group = text.ptr[i] == ',' && i + 3 < text.len &&
				     bs_is_digit(text.ptr[i + 1]) && bs_is_digit(text.ptr[i + 2]) &&
				     bs_is_digit(text.ptr[i + 3]) &&
				     !(i + 4 < text.len && bs_is_digit(text.ptr[i + 4]));
			if (!group && !bs_is_digit(text.ptr[i]))
				break;
			if (!group)
				number = number * 10 + (uint64_t)(text.ptr[i] - '0');
		}
		bool named = (begin > 0 &&
				     is_joint(text, begin - 1, begin > 1 ? begin - 2 : SIZE_MAX)) ||
			     is_joint(text, i, i + 1);
		if (!named)
			found.at[found.count++] = number;
	}
	return found;
}

// Is it the sum of what was asked for and another number there?
static bool is_total(const struct numbers *numbers, uint64_t number, uint64_t asked)
{
	for (size_t i = 0; i < numbers->count; i++)
		if (numbers->at[i] > 1 && numbers->at[i] + asked == number)
			return true;
	return false;
}

// What a window leaves beside the input: the largest number is the window, and the largest below it
// with which the answer does not fit is the input. 0: they are not both there.
static uint64_t room_in(const struct numbers *numbers, uint64_t asked)
{
	uint64_t window = 0, input = 0;
	for (size_t i = 0; i < numbers->count; i++) {
		uint64_t n = numbers->at[i];
		if (n > window && n != asked && !is_total(numbers, n, asked))
			window = n;
	}
	for (size_t i = 0; i < numbers->count; i++) {
		uint64_t n = numbers->at[i];
		if (n > input && n < window && n != asked && n + asked > window)
			input = n;
	}
	return input ? window - input : 0;
}

static uint64_t largest_below(const struct numbers *numbers, uint64_t asked)
{
	uint64_t best = 0;
	for (size_t i = 0; i < numbers->count; i++)
		if (numbers->at[i] > best && numbers->at[i] < asked)
			best = numbers->at[i];
	return best;
}

struct bs_output_limit bs_output_limit_read(struct bs_str sentence, unsigned asked)
{
	struct bs_output_limit limit = {.about = false};
	bool named = bs_params_named(bs_str("", 0), sentence) & BS_PARAM_LIMIT;
	if (!asked || !(named || has_any(sentence, about_words)) ||
		!has_any(sentence, size_words) || has_any(sentence, other_words))
		return limit;
	struct numbers numbers = find_numbers(sentence);
	if (has_any(sentence, window_words)) {
		uint64_t room = room_in(&numbers, asked);
		limit.about = room > 0;
		limit.no_room = room > 0 && room < ROOM_MIN;
		if (room > 0)
			limit.tokens = room < ROOM_MIN || room > asked ? asked : (unsigned)room;
		return limit;
	}
	uint64_t tokens = largest_below(&numbers, asked);
	if (tokens > TOKENS_MIN && has_any(sentence, exclusive_words))
		tokens--;
	if (tokens < TOKENS_MIN)
		tokens = asked / 2 < TOKENS_MIN ? asked : asked / 2;
	limit.about = true;
	limit.tokens = (unsigned)tokens;
	return limit;
}
