// SPDX-License-Identifier: MIT
// SHA-256 as FIPS 180-4 writes it down: blocks of 64 bytes, 64 rounds each.
#include "core/base/sha256.h"

#define BLOCK_BYTES 64

// The first 32 bits of the fractions of the cube roots of the first 64 primes (4.2.2).
static const uint32_t round_constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
	0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
	0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
	0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
	0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3,
	0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

struct sha256 {
	uint32_t h[8];
	unsigned char block[BLOCK_BYTES];
	size_t filled; // bytes of the block
	uint64_t bytes;
};

static void init(struct sha256 *s)
{
	// … of the square roots of the first eight (5.3.3)
	*s = (struct sha256){.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
				     0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void expand(const unsigned char *block, uint32_t w[64])
{
	for (size_t t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
		       (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (size_t t = 16; t < 64; t++) {
		uint32_t a = w[t - 15], b = w[t - 2];
		w[t] = w[t - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 7] +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void take_block(struct sha256 *s)
{
	uint32_t w[64], v[8];
	expand(s->block, w);
	memcpy(v, s->h, sizeof(v));
	for (size_t t = 0; t < 64; t++) {
		uint32_t a = v[0], e = v[4];
		uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
		uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
		uint32_t choice = (e & v[5]) ^ (~e & v[6]);
		uint32_t majority = (a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]);
		uint32_t t1 = v[7] + sum1 + choice + round_constants[t] + w[t];
		memmove(&v[1], &v[0], 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + sum0 + majority;
	}
	for (size_t i = 0; i < 8; i++)
		s->h[i] += v[i];
	s->filled = 0;
	explicit_bzero(w, sizeof(w));
	explicit_bzero(v, sizeof(v));
}

static void update(struct sha256 *s, struct bs_str bytes)
{
	s->bytes += bytes.len;
	while (bytes.len > 0) {
		size_t room = BLOCK_BYTES - s->filled;
		struct bs_str part = bs_str_sub(bytes, 0, room);
		memcpy(s->block + s->filled, part.ptr, part.len);
		s->filled += part.len;
		bytes = bs_str_from(bytes, part.len);
		if (s->filled == BLOCK_BYTES)
			take_block(s);
	}
}

// A one, zeros, and the number of bits in the last eight bytes (5.1.1).
static void finish(struct sha256 *s, unsigned char ret_digest[BS_SHA256_BYTES])
{
	static const char padding[BLOCK_BYTES] = {(char)0x80};
	char length[8];
	uint64_t bits = s->bytes * 8;
	size_t zeros = (BLOCK_BYTES + 55 - s->filled) % BLOCK_BYTES;
	update(s, bs_str(padding, 1 + zeros));
	for (size_t i = 0; i < 8; i++)
		length[i] = (char)(unsigned char)(bits >> (56 - 8 * i));
	update(s, bs_str(length, sizeof(length)));
	for (size_t i = 0; i < BS_SHA256_BYTES; i++)
		ret_digest[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i % 4)));
	explicit_bzero(s, sizeof(*s));
}

void bs_sha256(struct bs_str bytes, unsigned char ret_digest[BS_SHA256_BYTES])
{
	struct sha256 s;
	init(&s);
	update(&s, bytes);
	finish(&s, ret_digest);
}

void bs_hmac_sha256(
	struct bs_str key, struct bs_str bytes, unsigned char ret_digest[BS_SHA256_BYTES])
{
	struct sha256 s;
	unsigned char pad[BLOCK_BYTES] = {0}, inner[BS_SHA256_BYTES];
	if (key.len > BLOCK_BYTES)
		bs_sha256(key, pad);
	else if (key.len > 0)
		memcpy(pad, key.ptr, key.len);
	for (size_t i = 0; i < BLOCK_BYTES; i++)
		pad[i] ^= 0x36;
	init(&s);
	update(&s, bs_str((const char *)pad, sizeof(pad)));
	update(&s, bytes);
	finish(&s, inner);
	for (size_t i = 0; i < BLOCK_BYTES; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	init(&s);
	update(&s, bs_str((const char *)pad, sizeof(pad)));
	update(&s, bs_str((const char *)inner, sizeof(inner)));
	finish(&s, ret_digest);
	explicit_bzero(pad, sizeof(pad));
	explicit_bzero(inner, sizeof(inner));
}

void bs_sha256_hex(
	const unsigned char digest[BS_SHA256_BYTES], char ret_hex[2 * BS_SHA256_BYTES + 1])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < BS_SHA256_BYTES; i++) {
		ret_hex[2 * i] = digits[digest[i] >> 4];
		ret_hex[2 * i + 1] = digits[digest[i] & 15];
	}
	ret_hex[2 * BS_SHA256_BYTES] = '\0';
}
