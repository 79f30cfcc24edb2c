// SPDX-License-Identifier: MIT
// Open addressing over half-hashes: the place is one half of a line's hash, the tag the other.
#include "core/rules/baseline.h"

#include <stdlib.h>

#include "core/rules/peel.h"
#include "core/rules/stable.h"

#define SLOTS (1u << 20) // 4 MiB
#define SLOTS_USED_MAX (SLOTS / 4 * 3)

struct bs_baseline {
	size_t used;
	uint32_t tags[SLOTS]; // 0: free
};

struct bs_baseline *bs_baseline_new(void)
{
	return calloc(1, sizeof(struct bs_baseline));
}

void bs_baseline_free(struct bs_baseline *baseline)
{
	free(baseline);
}

// Folds the numbers of a stable text in place; returns its hash, 0 when it has no letters.
static uint64_t hash_of(struct bs_str text)
{
	char room[BS_STABLE_BYTES_MAX];
	struct bs_str s = bs_stable(bs_peel(text), room);
	size_t len = 0;
	bool letters = false;
	char before = ' '; // as it was: the folding is done in place
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool is_zero = c == '0' && !bs_is_alnum(before) &&
			       (i + 1 == s.len || !bs_is_alnum(s.ptr[i + 1]));
		before = c;
		if (bs_is_digit(c) && !is_zero)
			c = '#';
		if (c != '#' || len == 0 || room[len - 1] != '#')
			room[len++] = c;
		letters = letters || bs_is_alpha(c) || ((unsigned char)c & 0x80);
	}
	return letters ? bs_str_hash(bs_str(room, len), 0) | 1 : 0;
}

// The slot of a hash: where it stands, or the free one where it would.
static size_t slot_of(const struct bs_baseline *baseline, uint64_t hash)
{
	uint32_t tag = (uint32_t)hash;
	size_t at = (size_t)(hash >> 32) & (SLOTS - 1);
	while (baseline->tags[at] != 0 && baseline->tags[at] != tag)
		at = (at + 1) & (SLOTS - 1);
	return at;
}

enum bs_status bs_baseline_take(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	(void)err;
	struct bs_baseline *baseline = ctx;
	uint64_t hash = hash_of(line->text);
	size_t at = slot_of(baseline, hash);
	if (hash == 0 || baseline->tags[at] != 0 || baseline->used == SLOTS_USED_MAX)
		return BS_OK;
	baseline->tags[at] = (uint32_t)hash;
	baseline->used++;
	return BS_OK;
}

bool bs_baseline_knows(const struct bs_baseline *baseline, struct bs_str text)
{
	uint64_t hash = hash_of(text);
	return hash != 0 && baseline->tags[slot_of(baseline, hash)] != 0;
}
