// SPDX-License-Identifier: MIT
// Literals found by their first pairs of bytes, then by hashed windows of three, then compared.
#include "core/rules/literals.h"

#include <stdlib.h>

#define WINDOW BS_LITERAL_BYTES_MIN
#define HASH_BITS 16
#define HEAD_BITS 14 // several hashes share a chain: a quarter of the memory
#define ENTRIES_FIRST 256
#define HAS_DIGIT (1u << 7) // beside the flags of the caller
#define POOL_BYTES_MAX (16 * 1024 * 1024)

struct entry {
	uint64_t head, mask; // the first eight bytes, of which only those in the mask count
	uint32_t next;       // index + 1 of the next entry in the chain
	uint32_t id;
	uint32_t pool_at;
	uint16_t bytes;
	uint8_t flags;
	uint8_t mark; // the bits of the hash that the chain does not tell
};

struct bs_literals {
	struct bs_pairs pairs;
	unsigned char fold[256]; // letters in lower case, every digit as '0'
	uint64_t bitmap[(1 << HASH_BITS) / 64];
	uint32_t heads[1 << HEAD_BITS]; // index + 1 of the first entry
	struct entry *entries;
	size_t entries_count, entries_cap;
	char *pool;
	size_t pool_bytes, pool_cap;
};

// Setting bit 5 makes letters lower case; other bytes meet strangers, the comparison tells them
// apart. Digits are one, so that lines of one kind (core/text/kind.h) meet the same literals.
static inline uint32_t fold(const struct bs_literals *literals, char c)
{
	return literals->fold[(unsigned char)c];
}

static inline uint32_t hash(uint32_t window)
{
	return (window * 0x9E3779B1u) >> (32 - HASH_BITS);
}

static inline uint8_t mark_of(uint32_t h)
{
	return (uint8_t)(h & ((1 << (HASH_BITS - HEAD_BITS)) - 1));
}

static inline uint32_t window_at(const struct bs_literals *literals, const char *text)
{
	return fold(literals, text[0]) | fold(literals, text[1]) << 8 |
	       fold(literals, text[2]) << 16;
}

enum bs_status bs_literals_new(struct bs_literals **ret_literals, struct bs_err *err)
{
	struct bs_literals *literals = calloc(1, sizeof(*literals));
	if (!literals)
		return bs_fail_nomem(err);
	for (unsigned c = 0; c < sizeof(literals->fold); c++)
		literals->fold[c] = bs_is_digit((char)c) ? '0' : (unsigned char)(c | 0x20);
	bs_pairs_init(&literals->pairs);
	*ret_literals = literals;
	return BS_OK;
}

void bs_literals_free(struct bs_literals *literals)
{
	if (!literals)
		return;
	if (literals->pool)
		explicit_bzero(literals->pool, literals->pool_cap);
	free(literals->pool);
	free(literals->entries);
	free(literals);
}

// Room for one more entry and its bytes; the old pool is wiped when it moves.
static bool reserve(struct bs_literals *literals, size_t bytes)
{
	if (literals->entries_count == literals->entries_cap) {
		size_t cap = literals->entries_cap ? literals->entries_cap * 2 : ENTRIES_FIRST;
		struct entry *grown = realloc(literals->entries, cap * sizeof(*grown));
		if (!grown)
			return false;
		literals->entries = grown;
		literals->entries_cap = cap;
	}
	if (literals->pool_bytes + bytes <= literals->pool_cap)
		return true;
	size_t cap = literals->pool_cap ? literals->pool_cap * 2 : 4096;
	while (cap < literals->pool_bytes + bytes)
		cap *= 2;
	char *grown = cap <= POOL_BYTES_MAX ? malloc(cap) : NULL;
	if (!grown)
		return false;
	if (literals->pool) {
		memcpy(grown, literals->pool, literals->pool_bytes);
		explicit_bzero(literals->pool, literals->pool_cap);
		free(literals->pool);
	}
	literals->pool = grown;
	literals->pool_cap = cap;
	return true;
}

static void set_head(struct entry *entry, const char *copy)
{
	unsigned char mask[sizeof(entry->mask)] = {0}, head[sizeof(entry->head)] = {0};
	bool caseless = entry->flags & BS_LITERAL_CASELESS;
	for (size_t i = 0; i < sizeof(head) && i < entry->bytes; i++) {
		mask[i] = bs_is_digit(copy[i])               ? 0xF0
			  : caseless && bs_is_alpha(copy[i]) ? 0xDF
							     : 0xFF;
		head[i] = (unsigned char)copy[i] & mask[i];
	}
	memcpy(&entry->mask, mask, sizeof(mask));
	memcpy(&entry->head, head, sizeof(head));
}

enum bs_status bs_literals_add(struct bs_literals *literals, struct bs_str literal, unsigned flags,
	uint32_t id, struct bs_err *err)
{
	if (literal.len < WINDOW || literal.len > BS_LITERAL_BYTES_MAX)
		return bs_fail(err, BS_USAGE, "literal of %zu bytes: %d to %d are allowed",
			literal.len, WINDOW, BS_LITERAL_BYTES_MAX);
	if (!reserve(literals, literal.len))
		return bs_fail_nomem(err);
	char *copy = literals->pool + literals->pool_bytes;
	for (size_t i = 0; i < literal.len; i++) {
		copy[i] = flags & BS_LITERAL_CASELESS ? bs_lower(literal.ptr[i]) : literal.ptr[i];
		if (bs_is_digit(copy[i]))
			flags |= HAS_DIGIT;
	}
	uint32_t h = hash(window_at(literals, copy));
	uint32_t *head = &literals->heads[h >> (HASH_BITS - HEAD_BITS)];
	literals->entries[literals->entries_count++] = (struct entry){
		.next = *head,
		.id = id,
		.pool_at = (uint32_t)literals->pool_bytes,
		.bytes = (uint16_t)literal.len,
		.flags = (uint8_t)flags,
		.mark = mark_of(h),
	};
	set_head(&literals->entries[literals->entries_count - 1], copy);
	*head = (uint32_t)literals->entries_count;
	literals->pool_bytes += literal.len;
	literals->bitmap[h / 64] |= (uint64_t)1 << (h % 64);
	bs_pairs_add(&literals->pairs, bs_str(copy, literal.len), flags & BS_LITERAL_RUNS_OFF);
	return BS_OK;
}

// Moves to the next place where some literal may begin, by its pairs and by the hash of its window.
static bool seek(
	const struct bs_literals *literals, struct bs_str text, struct bs_literals_cursor *cursor)
{
	for (;;) {
		while (cursor->word < cursor->words && cursor->starts[cursor->word] == 0)
			cursor->word++;
		if (cursor->word == cursor->words) {
			if (cursor->next + WINDOW > text.len)
				return false;
			cursor->block = cursor->next;
			cursor->words = bs_pairs_look(
				&literals->pairs, text, cursor->block, cursor->starts);
			cursor->word = 0;
			cursor->next += BS_PAIRS_BLOCK;
			continue;
		}
		uint64_t *starts = &cursor->starts[cursor->word];
		size_t at = cursor->block + cursor->word * 64 + (size_t)__builtin_ctzll(*starts);
		*starts &= *starts - 1;
		if (at + WINDOW > text.len)
			continue;
		uint32_t h = hash(window_at(literals, text.ptr + at));
		if (literals->bitmap[h / 64] >> (h % 64) & 1) {
			cursor->at = at;
			cursor->entry = literals->heads[h >> (HASH_BITS - HEAD_BITS)];
			cursor->mark = mark_of(h);
			return true;
		}
	}
}

// Whether two texts differ in digits alone.
static bool are_near(const char *a, const char *b, size_t bytes, bool caseless)
{
	for (size_t i = 0; i < bytes; i++) {
		char c = caseless ? bs_lower(a[i]) : a[i];
		if (c != b[i] && !(bs_is_digit(c) && bs_is_digit(b[i])))
			return false;
	}
	return true;
}

static bool are_equal(const char *a, const char *b, size_t bytes, bool caseless)
{
	if (!caseless)
		return a[0] == b[0] && memcmp(a, b, bytes) == 0;
	for (size_t i = 0; i < bytes; i++)
		if (bs_lower(a[i]) != b[i])
			return false;
	return true;
}

static bool matches(const struct bs_literals *literals, const struct entry *entry,
	struct bs_str text, size_t at, struct bs_literals_cursor *cursor,
	struct bs_literal_hit *ret_hit)
{
	struct bs_str rest = bs_str_from(text, at);
	bool cut = rest.len < entry->bytes;
	if (cut && !(entry->flags & BS_LITERAL_RUNS_OFF))
		return false;
	size_t bytes = cut ? rest.len : entry->bytes;
	const char *literal = literals->pool + entry->pool_at;
	bool caseless = entry->flags & BS_LITERAL_CASELESS;
	if (!are_equal(rest.ptr, literal, bytes, caseless)) {
		bool near = entry->flags & HAS_DIGIT &&
			    are_near(rest.ptr, literal, bytes, caseless);
		cursor->near |= near;
		return false;
	}
	*ret_hit = (struct bs_literal_hit){at, at + bytes, entry->id, cut};
	return true;
}

// Eight bytes at once tell most strangers.
static inline bool may_match(const struct entry *entry, struct bs_str text, size_t at)
{
	uint64_t word;
	if (at + sizeof(word) > text.len)
		return true;
	memcpy(&word, text.ptr + at, sizeof(word));
	return (word & entry->mask) == entry->head;
}

bool bs_literals_may_begin(
	const struct bs_literals *literals, const char text[BS_LITERAL_BYTES_MIN])
{
	uint32_t h = hash(window_at(literals, text));
	return literals->bitmap[h / 64] >> (h % 64) & 1;
}

bool bs_literals_next(const struct bs_literals *literals, struct bs_str text,
	struct bs_literals_cursor *cursor, struct bs_literal_hit *ret_hit)
{
	do {
		while (cursor->entry) {
			const struct entry *entry = &literals->entries[cursor->entry - 1];
			cursor->entry = entry->next;
			if (entry->mark == cursor->mark && may_match(entry, text, cursor->at) &&
				matches(literals, entry, text, cursor->at, cursor, ret_hit))
				return true;
		}
	} while (seek(literals, text, cursor));
	return false;
}
