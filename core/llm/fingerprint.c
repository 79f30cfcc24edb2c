// SPDX-License-Identifier: MIT
// Marks of texts by SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012).
#include "core/llm/fingerprint.h"

#define SLOW_ROUNDS 10000

static uint64_t turn(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static void mix(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = turn(v[1], 13) ^ v[0];
	v[3] = turn(v[3], 16) ^ v[2];
	v[0] = turn(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = turn(v[1], 17) ^ v[2];
	v[3] = turn(v[3], 21) ^ v[0];
	v[2] = turn(v[2], 32);
}

// Up to eight bytes, the first one lowest.
static uint64_t word_of(const char *bytes, size_t count)
{
	uint64_t word = 0;
	for (size_t i = 0; i < count; i++)
		word |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
	return word;
}

static void take(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	mix(v);
	mix(v);
	v[0] ^= word;
}

uint64_t bs_fingerprint(const struct bs_salt *salt, struct bs_str text)
{
	uint64_t v[4] = {
		salt->words[0] ^ 0x736f6d6570736575u,
		salt->words[1] ^ 0x646f72616e646f6du,
		salt->words[0] ^ 0x6c7967656e657261u,
		salt->words[1] ^ 0x7465646279746573u,
	};
	size_t whole = text.len / 8 * 8;
	for (size_t i = 0; i < whole; i += 8)
		take(v, word_of(text.ptr + i, 8));
	take(v, word_of(text.ptr + whole, text.len - whole) | (uint64_t)text.len << 56);
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		mix(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t bs_fingerprint_secret(
	const struct bs_salt *salt, struct bs_str place, struct bs_str secret)
{
	uint64_t mark = bs_fingerprint(salt, secret);
	const struct bs_salt there = {
		{salt->words[0] ^ bs_fingerprint(salt, place), salt->words[1] ^ mark}};
	for (int i = 0; i < SLOW_ROUNDS; i++)
		mark = bs_fingerprint(&there, bs_str((const char *)&mark, sizeof(mark)));
	return mark >> (64 - BS_FINGERPRINT_SECRET_BITS);
}
