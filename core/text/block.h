// SPDX-License-Identifier: MIT
// Sixteen bytes of a text looked at side by side: with SSE2, which every x86-64 has, or without.
#ifndef BS_TEXT_BLOCK_H
#define BS_TEXT_BLOCK_H

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BS_BLOCK_BYTES 16
#define BS_BYTES16 unsigned char __attribute__((vector_size(BS_BLOCK_BYTES)))

// The block with '0' for every digit, so that what differs in digits alone is alike.
static inline BS_BYTES16 bs_block_zero_digits(BS_BYTES16 block)
{
	BS_BYTES16 value = block - '0';
	return block - (value & (BS_BYTES16)(value < 10));
}

// A bit for each byte, the first one's lowest.
struct bs_block {
	unsigned odd;   // no printable ASCII, nor a tab
	unsigned hints; // a tab or '^'
};

#ifdef __SSE2__

static inline struct bs_block bs_block_look(const char *bytes)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)bytes);
	__m128i tab = _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'));
	__m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(' ')); // and, as signed bytes, no ASCII
	__m128i odd = _mm_or_si128(
		_mm_andnot_si128(tab, low), _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)));
	__m128i hints = _mm_or_si128(tab, _mm_cmpeq_epi8(v, _mm_set1_epi8('^')));
	return (struct bs_block){
		(unsigned)_mm_movemask_epi8(odd), (unsigned)_mm_movemask_epi8(hints)};
}

#else

// Bytes of which each is 0 or 0xFF.
static inline unsigned bs_block_bits(const unsigned char bytes[8])
{
	uint64_t word = 0;
	for (unsigned i = 0; i < 8; i++)
		word |= (uint64_t)bytes[i] << (8 * i);
	return (unsigned)((word & 0x8040201008040201u) * 0x0101010101010101u >> 56);
}

static inline struct bs_block bs_block_look(const char *bytes)
{
	unsigned char __attribute__((vector_size(BS_BLOCK_BYTES))) v, tab, odd, hints;
	unsigned char marks[2][BS_BLOCK_BYTES];
	memcpy(&v, bytes, sizeof(v));
	tab = (__typeof__(v))(v == '\t');
	odd = (__typeof__(v))((__typeof__(v))(v - 0x20) >= 0x5F) & ~tab;
	hints = tab | (__typeof__(v))(v == '^');
	memcpy(marks[0], &odd, sizeof(odd));
	memcpy(marks[1], &hints, sizeof(hints));
	return (struct bs_block){bs_block_bits(marks[0]) | bs_block_bits(marks[0] + 8) << 8,
		bs_block_bits(marks[1]) | bs_block_bits(marks[1] + 8) << 8};
}

#endif

#endif
