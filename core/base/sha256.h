// SPDX-License-Identifier: MIT
// SHA-256 and HMAC, for signatures over public requests.
//
// Our own: loading libcrypto costs every start of the program more than trimming a small log does,
// and only Bedrock's signatures need it. Source: NIST FIPS 180-4 and FIPS 198-1.
#ifndef BS_BASE_SHA256_H
#define BS_BASE_SHA256_H

#include "core/base/str.h"

#define BS_SHA256_BYTES 32

void bs_sha256(struct bs_str bytes, unsigned char ret_digest[BS_SHA256_BYTES]);
// The result may stand where the key stood.
void bs_hmac_sha256(
	struct bs_str key, struct bs_str bytes, unsigned char ret_digest[BS_SHA256_BYTES]);

// Lower-case digits with a NUL.
void bs_sha256_hex(
	const unsigned char digest[BS_SHA256_BYTES], char ret_hex[2 * BS_SHA256_BYTES + 1]);

#endif
