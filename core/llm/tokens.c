// SPDX-License-Identifier: MIT
// Runs of one kind of character, each at its price.
#include "core/llm/tokens.h"

// In hundredths of a token.
#define LOWER_COST 34
#define UPPER_COST 55
#define TOKEN_COST 100
#define REPEAT_COST 50   // of each further one of a repeated sign
#define BLANKS_A_TOKEN 8 // at least, of a long run

// A word costs whole tokens.
static size_t word(struct bs_str s, uint64_t *tokens)
{
	size_t n = 0;
	uint64_t cost = 0;
	for (; n < s.len && bs_is_alpha(s.ptr[n]); n++)
		cost += s.ptr[n] == bs_lower(s.ptr[n]) ? LOWER_COST : UPPER_COST;
	*tokens += (cost + TOKEN_COST - 1) / TOKEN_COST;
	return n;
}

// A single space goes with the word behind it.
static size_t blanks(struct bs_str s, uint64_t *tokens)
{
	size_t n = 0;
	while (n < s.len && s.ptr[n] == ' ')
		n++;
	if (n > 1 || n == s.len || !bs_is_alpha(s.ptr[n]))
		*tokens += 1 + n / BLANKS_A_TOKEN;
	return n;
}

static size_t sign(struct bs_str s, uint64_t *tokens)
{
	size_t n = 1;
	while (n < s.len && s.ptr[n] == s.ptr[0])
		n++;
	*tokens += (TOKEN_COST + (n - 1) * REPEAT_COST + TOKEN_COST - 1) / TOKEN_COST;
	return n;
}

// Beyond ASCII: a letter of the alphabets is one token at most, what takes more bytes may be one
// for each of them.
static size_t foreign(struct bs_str s, uint64_t *tokens)
{
	size_t n = 1;
	while (n < s.len && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
		n++;
	*tokens += n <= 2 ? 1 : n;
	return n;
}

uint64_t bs_tokens_most(struct bs_str text)
{
	uint64_t tokens = 0;
	while (text.len > 0) {
		char c = text.ptr[0];
		size_t n = 1;
		if (bs_is_alpha(c))
			n = word(text, &tokens);
		else if (c == ' ')
			n = blanks(text, &tokens);
		else if ((unsigned char)c & 0x80)
			n = foreign(text, &tokens);
		else if (bs_is_digit(c) || bs_is_space(c))
			tokens++;
		else
			n = sign(text, &tokens);
		text = bs_str_from(text, n);
	}
	return tokens;
}
