// SPDX-License-Identifier: MIT
// Short marks of texts that must not be written down: the same text has the same mark on one host,
// and the mark does not tell the text.
#ifndef BS_LLM_FINGERPRINT_H
#define BS_LLM_FINGERPRINT_H

#include "core/base/str.h"

#define BS_FINGERPRINT_SECRET_BITS 24

struct bs_salt {
	uint64_t words[2]; // random, made with the file that the marks stand in
};

// Of what is no secret: 64 bits.
uint64_t bs_fingerprint(const struct bs_salt *salt, struct bs_str text);

// Of a key, at the place where it is used. Slow (a fraction of a millisecond) and cut to 24 bits:
// whoever has the file and its salt finds many texts with the same mark sooner than the key. The
// price: among ten keys of a host two share a mark in one of 400 000 files; one then rests for
// both.
uint64_t bs_fingerprint_secret(
	const struct bs_salt *salt, struct bs_str place, struct bs_str secret);

#endif
