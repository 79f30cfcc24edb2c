// SPDX-License-Identifier: MIT
// Thousands of literals searched for in one pass, for those who can bear to be told too much.
//
// Each literal is found by the rarest four of its bytes (or its three): three bytes of the text are
// hashed into a table of masks that fits the first cache, the fourth is looked up in the mask, and
// what passes is compared sixteen bytes at a time. The tables of our own packs are made by the
// build and only read here; core/rules/literals.h is for sets that are made anew in each run and
// must be exact.
#ifndef BS_RULES_SIEVE_H
#define BS_RULES_SIEVE_H

#include "core/base/err.h"
#include "core/rules/factor.h"

#define BS_SIEVE_HASH_BITS 14
#define BS_SIEVE_BUCKET_BITS 14
#define BS_SIEVE_WINDOW 4

struct bs_sieve_entry {
	unsigned char bits[BS_FACTOR_BYTES_MAX]; // what the text must be …
	unsigned char mask[BS_FACTOR_BYTES_MAX]; // … where it counts
	uint32_t id;
	uint8_t bytes; // of the literal
	uint8_t back;  // of them before the window
};

struct bs_sieve {
	const uint16_t *masks;   // 2^BS_SIEVE_HASH_BITS, of the fourth bytes that may follow three
	const uint32_t *buckets; // first entry of each of 2^BS_SIEVE_BUCKET_BITS, and one beyond
	const uint32_t *windows; // of the entries
	const struct bs_sieve_entry *entries;
	void *memory; // that holds them; NULL when they are the build's
};

// A literal and which of its windows it is found by; bs_sieve_back says which when nobody knows
// better. Ids are the caller's.
struct bs_sieve_literal {
	const struct bs_factor_literal *literal;
	uint32_t id;
	uint8_t back;
};

uint8_t bs_sieve_back(const struct bs_factor_literal *literal);
// BS_NOMEM only. Freed by bs_sieve_release; that of a sieve of the build's is not.
enum bs_status bs_sieve_init(struct bs_sieve *sieve, const struct bs_sieve_literal *literals,
	size_t count, struct bs_err *err) BS_MUST_USE;
void bs_sieve_release(struct bs_sieve *sieve);

// The window as the sieve sees it: letters in lower case, digits as '0'. bytes: 3 or 4.
uint32_t bs_sieve_window(const char *text, size_t bytes);

// A text made ready: its digits as '0', zeros behind it.
struct bs_sieve_text {
	size_t len;
	bool is_ascii;
	char bytes[BS_LINE_BYTES_MAX + 2 * BS_FACTOR_BYTES_MAX];
	char lowered[BS_LINE_BYTES_MAX + 2 * BS_FACTOR_BYTES_MAX]; // letters; others as it comes
};

// False when it is longer than a line may be.
bool bs_sieve_fold(struct bs_str text, struct bs_sieve_text *ret_text);

// Tells of every occurrence of every literal, in any order; digits in the text stand for any, and
// where a literal is caseless a few strangers may be taken for letters.
void bs_sieve_find(const struct bs_sieve *sieve, const struct bs_sieve_text *text,
	void (*see)(void *ctx, uint32_t id, size_t from, size_t to), void *ctx);

#endif
