// SPDX-License-Identifier: MIT
// Windows hashed without a branch, in blocks; then the buckets of those that passed.
#include "core/rules/sieve.h"

#include <stdlib.h>

#include "core/rules/factor_set.h"
#include "core/text/block.h"

#define BUCKETS ((size_t)1 << BS_SIEVE_BUCKET_BITS)
#define MASKS ((size_t)1 << BS_SIEVE_HASH_BITS)
#define THREE 0xFFFFFFu
#define ANY_FOURTH 0xFFFF // behind a window of three

static inline uint32_t load(const char *bytes)
{
	unsigned char b[BS_SIEVE_WINDOW];
	memcpy(b, bytes, sizeof(b));
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

// Sets the bit that tells letters' cases apart; digits, by now all '0', have it.
static inline uint32_t lower(uint32_t window)
{
	return window | 0x20202020u;
}

// Of its first three bytes.
static inline uint32_t hash(uint32_t window)
{
	return window * (0x9E3779B1u << 8) >> (32 - BS_SIEVE_HASH_BITS);
}

// Which bit of a mask stands for the fourth byte.
static inline uint32_t fourth(uint32_t window)
{
	return window >> 24 & 15;
}

// Of all four, or of three and nothing behind.
static inline uint32_t bucket_of(uint32_t window)
{
	return window * 0x9E3779B1u >> (32 - BS_SIEVE_BUCKET_BITS);
}

uint32_t bs_sieve_window(const char *text, size_t bytes)
{
	char window[BS_SIEVE_WINDOW] = {0};
	for (size_t i = 0; i < bytes; i++)
		window[i] = bs_is_digit(text[i]) ? '0' : text[i];
	return bytes < BS_SIEVE_WINDOW ? lower(load(window)) & THREE : lower(load(window));
}

// --- making one

static size_t window_bytes(const struct bs_factor_literal *literal)
{
	return literal->len < BS_SIEVE_WINDOW ? literal->len : BS_SIEVE_WINDOW;
}

uint8_t bs_sieve_back(const struct bs_factor_literal *literal)
{
	unsigned best = 0;
	uint8_t back = 0;
	for (size_t i = 0; i + window_bytes(literal) <= literal->len; i++) {
		unsigned sum = 0;
		for (size_t k = i; k < i + window_bytes(literal); k++)
			sum += bs_factor_surprise(k > i ? literal->bytes[k - 1] : '\0',
				literal->bytes[k], literal->caseless);
		if (sum > best) {
			best = sum;
			back = (uint8_t)i;
		}
	}
	return back;
}

static struct bs_sieve_entry entry_of(const struct bs_sieve_literal *from)
{
	const struct bs_factor_literal *literal = from->literal;
	struct bs_sieve_entry entry = {.id = from->id, .bytes = literal->len, .back = from->back};
	for (size_t i = 0; i < literal->len; i++) {
		bool letter = literal->caseless && bs_is_alpha(literal->bytes[i]);
		entry.mask[i] = letter ? 0xDF : 0xFF;
		entry.bits[i] = (unsigned char)literal->bytes[i] & entry.mask[i];
	}
	return entry;
}

struct tables {
	uint16_t masks[MASKS];
	uint32_t buckets[BUCKETS + 2];
	uint32_t *windows;
	struct bs_sieve_entry entries[];
};

static void put(struct tables *tables, const struct bs_sieve_literal *literal, uint32_t window)
{
	uint32_t at = tables->buckets[bucket_of(window) + 1]++;
	tables->entries[at] = entry_of(literal);
	tables->windows[at] = window;
	uint16_t *mask = &tables->masks[hash(window)];
	*mask = (uint16_t)(*mask | (window >> 24 ? 1u << fourth(window) : ANY_FOURTH));
}

enum bs_status bs_sieve_init(struct bs_sieve *sieve, const struct bs_sieve_literal *literals,
	size_t count, struct bs_err *err)
{
	size_t bytes = sizeof(struct tables) + (count + 1) * sizeof(struct bs_sieve_entry);
	struct tables *tables = calloc(1, bytes + (count + 1) * sizeof(uint32_t));
	if (!tables)
		return bs_fail_nomem(err);
	tables->windows = (uint32_t *)((char *)tables + bytes);
	*sieve = (struct bs_sieve){
		tables->masks, tables->buckets, tables->windows, tables->entries, tables};
	// Counted, summed, put: buckets[b + 1] is where the next of bucket b goes, and in the end
	// where the bucket behind it begins.
	for (int puts = 0; puts <= 1; puts++) {
		for (size_t i = 0; i < count; i++) {
			const struct bs_factor_literal *literal = literals[i].literal;
			uint32_t window = bs_sieve_window(
				literal->bytes + literals[i].back, window_bytes(literal));
			if (puts)
				put(tables, &literals[i], window);
			else
				tables->buckets[bucket_of(window) + 2]++;
		}
		for (size_t b = 0; !puts && b < BUCKETS; b++)
			tables->buckets[b + 2] += tables->buckets[b + 1];
	}
	return BS_OK;
}

void bs_sieve_release(struct bs_sieve *sieve)
{
	if (!sieve)
		return;
	free(sieve->memory);
	*sieve = (struct bs_sieve){0};
}

// --- searching

bool bs_sieve_fold(struct bs_str text, struct bs_sieve_text *ret_text)
{
	if (text.len > BS_LINE_BYTES_MAX)
		return false;
	BS_BYTES16 all = {0};
	char *to = ret_text->bytes, *lowered = ret_text->lowered;
	if (text.len > 0)
		memcpy(to, text.ptr, text.len);
	memset(to + text.len, 0, 2 * BS_FACTOR_BYTES_MAX);
	for (size_t i = 0; i < text.len + BS_SIEVE_WINDOW; i += sizeof(all)) {
		BS_BYTES16 v, low;
		memcpy(&v, to + i, sizeof(v));
		all |= v;
		v = bs_block_zero_digits(v);
		low = v | 0x20;
		memcpy(to + i, &v, sizeof(v));
		memcpy(lowered + i, &low, sizeof(low));
	}
	uint64_t halves[2];
	memcpy(halves, &all, sizeof(halves));
	ret_text->is_ascii = ((halves[0] | halves[1]) & 0x8080808080808080u) == 0;
	ret_text->len = text.len;
	return true;
}

static inline bool is_at(const struct bs_sieve_entry *entry, const char *text)
{
	uint64_t a[2], bits[2], mask[2];
	memcpy(a, text, sizeof(a));
	memcpy(bits, entry->bits, sizeof(bits));
	memcpy(mask, entry->mask, sizeof(mask));
	return (((a[0] & mask[0]) ^ bits[0]) | ((a[1] & mask[1]) ^ bits[1])) == 0;
}

struct seeing {
	const struct bs_sieve *sieve;
	const struct bs_sieve_text *text;
	void (*see)(void *ctx, uint32_t id, size_t from, size_t to);
	void *ctx;
};

static inline void look(const struct seeing *seeing, uint32_t window, size_t at)
{
	const struct bs_sieve *sieve = seeing->sieve;
	uint32_t b = bucket_of(window);
	for (uint32_t i = sieve->buckets[b]; i < sieve->buckets[b + 1]; i++) {
		if (sieve->windows[i] != window)
			continue;
		const struct bs_sieve_entry *entry = &sieve->entries[i];
		size_t from = at - entry->back;
		if (entry->back <= at && is_at(entry, seeing->text->bytes + from))
			seeing->see(seeing->ctx, entry->id, from, from + entry->bytes);
	}
}

#define BLOCK 64 // windows looked at before those that passed are compared

void bs_sieve_find(const struct bs_sieve *sieve, const struct bs_sieve_text *text,
	void (*see)(void *ctx, uint32_t id, size_t from, size_t to), void *ctx)
{
	const struct seeing seeing = {sieve, text, see, ctx};
	const uint16_t *masks = sieve->masks;
	size_t windows = text->len < 3 ? 0 : text->len - 2;
	uint16_t passed[BLOCK] = {0};
	for (size_t from = 0; from < windows; from += BLOCK) {
		size_t to = windows - from < BLOCK ? windows : from + BLOCK, count = 0;
		for (size_t i = from; i < to; i++) {
			uint32_t window = load(text->lowered + i);
			passed[count] = (uint16_t)i;
			count += (unsigned)masks[hash(window)] >> fourth(window) & 1u;
		}
		for (size_t i = 0; i < count; i++) {
			uint32_t window = load(text->lowered + passed[i]);
			look(&seeing, window, passed[i]);
			if (masks[hash(window)] == ANY_FOURTH)
				look(&seeing, window & THREE, passed[i]);
		}
	}
}
