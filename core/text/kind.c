// SPDX-License-Identifier: MIT
// A keyed hash over lines with every digit read as '0', and a table of fixed size.
//
// Logs come from people who may wish a secret into them: without the key, drawn anew for each run,
// nobody can make two lines whose hashes agree. The mixing step multiplies 64 by 64 bits and folds
// the product, as wyhash does (Wang Yi, public domain).
#include "core/text/kind.h"

#include <stdlib.h>
#include <sys/random.h>

#include "core/base/limits.h"
#include "core/text/block.h"

#define BUCKET 4 // records: as many as fit a line of the cache
#define KEYS 4

_Static_assert(sizeof(struct bs_kind) == 16, "a bucket fits a line of the cache");

_Static_assert((BS_KINDS_FIRST & (BS_KINDS_FIRST - 1)) == 0 && BS_KINDS_MAX % BS_KINDS_FIRST == 0,
	"doubling leads from the one to the other");

struct bs_kinds {
	uint64_t keys[KEYS];
	struct bs_kind *records;
	size_t count; // of records, a power of two
	size_t made;  // since the table has had this size
	bool is_last; // it grows no more
};

// Zeroed; every bucket in one line of the cache.
static struct bs_kind *make_records(size_t count)
{
	struct bs_kind *records = aligned_alloc(
		BUCKET * sizeof(*records), count * sizeof(*records));
	if (records)
		memset(records, 0, count * sizeof(*records));
	return records;
}

enum bs_status bs_kinds_new(struct bs_kinds **ret_kinds, struct bs_err *err)
{
	struct bs_kinds *kinds = calloc(1, sizeof(*kinds));
	if (!kinds)
		return bs_fail_nomem(err);
	if (getrandom(kinds->keys, sizeof(kinds->keys), GRND_NONBLOCK) !=
		(ssize_t)sizeof(kinds->keys)) // early in a boot: addresses differ by run too
		for (size_t i = 0; i < KEYS; i++)
			kinds->keys[i] = ((uintptr_t)kinds + i) * 0x9E3779B97F4A7C15u;
	kinds->count = BS_KINDS_FIRST;
	kinds->records = make_records(kinds->count);
	if (!kinds->records) {
		free(kinds);
		return bs_fail_nomem(err);
	}
	*ret_kinds = kinds;
	return BS_OK;
}

void bs_kinds_free(struct bs_kinds *kinds)
{
	if (kinds)
		free(kinds->records);
	free(kinds);
}

// --- the hash

struct halves {
	uint64_t low, high;
};

// Sixteen bytes with every digit as '0'.
static inline struct halves read16(const char *bytes)
{
	BS_BYTES16 v;
	struct halves halves;
	memcpy(&v, bytes, sizeof(v));
	v = bs_block_zero_digits(v);
	memcpy(&halves, &v, sizeof(v));
	return halves;
}

// Less than sixteen bytes, at least one: from both ends, so that every byte is there.
static inline struct halves read_short(struct bs_str text)
{
	char bytes[16] = {0};
	size_t part = text.len >= 8 ? 8 : text.len >= 4 ? 4 : text.len >= 2 ? 2 : 1;
	const char *end = text.ptr + text.len - part;
	switch (part) {
	case 8:
		memcpy(bytes, text.ptr, 8);
		memcpy(bytes + 8, end, 8);
		break;
	case 4:
		memcpy(bytes, text.ptr, 4);
		memcpy(bytes + 8, end, 4);
		break;
	case 2:
		memcpy(bytes, text.ptr, 2);
		memcpy(bytes + 8, end, 2);
		break;
	default:
		bytes[0] = text.ptr[0];
	}
	return read16(bytes);
}

static inline uint64_t mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 p = a;
	p *= b;
	return (uint64_t)p ^ (uint64_t)(p >> 64);
#else
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t low = al * bl, middle = ah * bl + (low >> 32), other = al * bh + (uint32_t)middle;
	return (a * b) ^ (ah * bh + (middle >> 32) + (other >> 32));
#endif
}

uint64_t bs_kinds_hash(const struct bs_kinds *kinds, struct bs_str text, unsigned flags)
{
	const uint64_t *keys = kinds->keys;
	uint64_t one = keys[0], other = keys[1];
	size_t at = 0;
	for (; at + 32 <= text.len; at += 32) {
		struct halves a = read16(text.ptr + at), b = read16(text.ptr + at + 16);
		one = mix(a.low ^ keys[2], a.high ^ one);
		other = mix(b.low ^ keys[3], b.high ^ other);
	}
	if (at + 16 <= text.len) {
		struct halves a = read16(text.ptr + at);
		one = mix(a.low ^ keys[2], a.high ^ one);
		at += 16;
	}
	if (at < text.len) { // what is left, and some bytes before it once more
		struct halves b = text.len >= 16 ? read16(text.ptr + text.len - 16)
						 : read_short(text);
		other = mix(b.low ^ keys[3], b.high ^ other);
	}
	uint64_t hash = mix(one ^ keys[2], mix(other ^ keys[3], (text.len << 8 | flags) ^ keys[0]));
	return hash ? hash : 1; // 0 is a record without a kind
}

// --- the table

static struct bs_kind *bucket_of(const struct bs_kinds *kinds, uint64_t hash)
{
	return &kinds->records[hash & (kinds->count - BUCKET)];
}

// Twice the room, as long as it may be; without memory for it, what there is has to do.
static void grow(struct bs_kinds *kinds)
{
	struct bs_kinds larger = {.count = kinds->count * 2};
	larger.records = kinds->count < BS_KINDS_MAX ? make_records(larger.count) : NULL;
	kinds->is_last = !larger.records;
	if (kinds->is_last)
		return;
	for (size_t i = 0; i < kinds->count; i++) {
		struct bs_kind *bucket = bucket_of(&larger, kinds->records[i].hash);
		for (size_t k = 0; k < BUCKET && kinds->records[i].hash != 0; k++)
			if (bucket[k].hash == 0) {
				bucket[k] = kinds->records[i];
				break;
			}
	}
	free(kinds->records);
	kinds->records = larger.records;
	kinds->count = larger.count;
	kinds->made = 0;
}

void bs_kinds_expect(const struct bs_kinds *kinds, uint64_t hash)
{
	__builtin_prefetch(bucket_of(kinds, hash), 1);
}

struct bs_kind *bs_kinds_of(struct bs_kinds *kinds, uint64_t hash)
{
	struct bs_kind *bucket = bucket_of(kinds, hash);
	for (size_t i = 0; i < BUCKET; i++) {
		if (bucket[i].hash != hash)
			continue;
		if (i == 0)
			return &bucket[0];
		struct bs_kind found = bucket[i]; // met again: it moves away from the end
		bucket[i] = bucket[i - 1];
		bucket[i - 1] = found;
		return &bucket[i - 1];
	}
	if (!kinds->is_last && ++kinds->made > kinds->count / 2) {
		grow(kinds);
		bucket = bucket_of(kinds, hash);
	}
	size_t free_one = 0; // or the last one, which nobody has asked for twice
	while (free_one < BUCKET - 1 && bucket[free_one].hash != 0)
		free_one++;
	bucket[free_one] = (struct bs_kind){.hash = hash};
	return &bucket[free_one];
}
