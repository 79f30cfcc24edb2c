// SPDX-License-Identifier: MIT
// Bytes as one of 64 classes, two of them as a place in the table, four steps between branches.
#include "core/rules/pairs.h"

#include "core/text/block.h"

#define LANES 4
#define LANE_BITS 16
#define BUCKETS 8
#define SHORT_BYTES 4 // literals that leave the later lanes open have buckets of their own
#define ANY (-1)
#define END 0 // the class of the zeros behind a text
#define LANE 0xFFFFu

// --- classes: letters without their case, one for all digits; the rest as luck has it

#define PAIRS8 uint16_t __attribute__((vector_size(16)))

static unsigned class_of(char c)
{
	unsigned byte = bs_is_digit(c) ? '0' : (unsigned char)c;
	return (byte & 0x1F) | (byte & 0x40) >> 1;
}

// Of two classes as they lie in memory.
static size_t place_of(unsigned first, unsigned second)
{
	const unsigned char two[2] = {(unsigned char)first, (unsigned char)second};
	uint16_t pair;
	memcpy(&pair, two, sizeof(pair));
	return (pair & 0x3Fu) | (pair >> 2 & 0xFC0u);
}

// Sixteen bytes → eight places in the table.
static inline void fold16(const char *bytes, uint16_t *places)
{
	BS_BYTES16 v;
	memcpy(&v, bytes, sizeof(v));
	v = bs_block_zero_digits(v);
	v = (v & 0x1F) | ((v & 0x40) >> 1);
	PAIRS8 pairs = (PAIRS8)v;
	pairs = (pairs & 0x3F) | ((pairs >> 2) & 0xFC0);
	memcpy(places, &pairs, sizeof(pairs));
}

// --- the table

void bs_pairs_init(struct bs_pairs *pairs)
{
	*pairs = (struct bs_pairs){.open = 0};
	memset(pairs->table, 0xFF, sizeof(pairs->table));
}

// Whether the bit has to be cleared yet: most wide entries are the same for many literals.
static bool is_new(uint64_t *done, uint64_t bit)
{
	bool is = (*done & bit) == 0;
	*done |= bit;
	return is;
}

static void allow(struct bs_pairs *pairs, int first, int second, uint64_t bit)
{
	uint64_t *table = pairs->table;
	if (first != ANY && second != ANY) {
		table[place_of((unsigned)first, (unsigned)second)] &= ~bit;
	} else if (second != ANY) {
		if (is_new(&pairs->before[second], bit))
			for (unsigned c = 0; c < BS_PAIRS_CLASSES; c++)
				table[place_of(c, (unsigned)second)] &= ~bit;
	} else if (first != ANY) {
		if (is_new(&pairs->behind[first], bit))
			for (unsigned c = 0; c < BS_PAIRS_CLASSES; c++)
				table[place_of((unsigned)first, c)] &= ~bit;
	} else if (is_new(&pairs->open, bit)) {
		for (size_t i = 0; i < sizeof(pairs->table) / sizeof(table[0]); i++)
			table[i] &= ~bit;
	}
}

static int class_at(struct bs_str literal, size_t at)
{
	return at < literal.len ? (int)class_of(literal.ptr[at]) : ANY;
}

// The literal's bytes at `at` and behind it as a pair of a lane; at SIZE_MAX the one behind is its
// first.
static void add_pair(
	struct bs_pairs *pairs, struct bs_str literal, bool runs_off, size_t at, uint64_t bit)
{
	if (pairs->open & bit)
		return;
	int first = at == SIZE_MAX ? ANY : class_at(literal, at),
	    second = class_at(literal, at + 1);
	allow(pairs, first, second, bit);
	if (!runs_off || at == SIZE_MAX)
		return;
	if (at + 1 >= BS_PAIRS_BYTES_MIN)
		allow(pairs, first, END, bit);
	if (at >= BS_PAIRS_BYTES_MIN)
		allow(pairs, END, END, bit);
}

void bs_pairs_add(struct bs_pairs *pairs, struct bs_str literal, bool runs_off)
{
	unsigned bucket = class_of(literal.ptr[0]) % (BUCKETS / 2) +
			  (literal.len > SHORT_BYTES ? BUCKETS / 2 : 0);
	for (unsigned lane = 0; lane < LANES; lane++) {
		uint64_t bit = (uint64_t)1 << (lane * LANE_BITS + bucket);
		size_t at = (size_t)lane * 2;
		add_pair(pairs, literal, runs_off, at, bit);
		add_pair(pairs, literal, runs_off, at - 1, bit << BUCKETS);
	}
}

// --- looking

// The last lanes of four states, of which each byte tells of one place in the text → a bit for each
// that leaves something possible.
static inline uint64_t starts_of(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	const unsigned last = LANE_BITS * (LANES - 1);
	const uint64_t tops = 0x8080808080808080u;
	uint64_t lanes = ~(a >> last | b >> last << LANE_BITS | c >> last << 2 * LANE_BITS |
			   d >> last << 3 * LANE_BITS);
	uint64_t set = (((lanes & ~tops) + ~tops) | lanes) & tops;
	return (set >> 7) * 0x0102040810204080u >> 56;
}

size_t bs_pairs_look(const struct bs_pairs *pairs, struct bs_str text, size_t from,
	uint64_t ret_starts[BS_PAIRS_BLOCK / 64])
{
	char bytes[BS_PAIRS_BLOCK + 16];
	uint16_t places[sizeof(bytes) / 2];
	const uint64_t *table = pairs->table;
	size_t left = text.len - from;
	size_t count = left < BS_PAIRS_BLOCK ? left : BS_PAIRS_BLOCK;
	size_t whole = (count + LANES * 2 + 15) / 16 * 16; // what the last literal may reach
	size_t copied = left < whole ? left : whole;
	if (count == 0)
		return 0;
	memcpy(bytes, text.ptr + from, copied);
	memset(bytes + copied, 0, whole - copied);
	for (size_t i = 0; i < whole; i += 16)
		fold16(bytes + i, places + i / 2);
	memset(ret_starts, 0, (count + 63) / 64 * sizeof(ret_starts[0]));
	uint64_t state = UINT64_MAX; // a literal moves through the lanes as its pairs pass by
	for (size_t i = 0; i < LANES - 1; i++)
		state = state << LANE_BITS | table[places[i]];
	for (size_t i = 0; i < (count + 1) / 2; i += LANES) {
		const uint16_t *next = places + i + LANES - 1;
		uint64_t a = state << LANE_BITS | table[next[0]];
		uint64_t b = a << LANE_BITS | table[next[1]];
		uint64_t c = b << LANE_BITS | table[next[2]];
		state = c << LANE_BITS | table[next[3]];
		if ((a & b & c & state) >> (LANE_BITS * (LANES - 1)) == LANE)
			continue;
		ret_starts[i * 2 / 64] |= starts_of(a, b, c, state) << (i * 2 % 64);
	}
	return (count + 63) / 64;
}
