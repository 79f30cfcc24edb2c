// SPDX-License-Identifier: MIT
// SHA-256 and HMAC, by OpenSSL's libcrypto, which libcurl brings along anyway.
#ifndef BS_EXT_DIGEST_H
#define BS_EXT_DIGEST_H

#include "core/base/err.h"
#include "core/base/str.h"

#define BS_SHA256_BYTES 32

// Fail only for memory.
enum bs_status bs_sha256(struct bs_str bytes, unsigned char ret_digest[BS_SHA256_BYTES],
	struct bs_err *err) BS_MUST_USE;
// The result may stand where the key stood.
enum bs_status bs_hmac_sha256(struct bs_str key, struct bs_str bytes,
	unsigned char ret_digest[BS_SHA256_BYTES], struct bs_err *err) BS_MUST_USE;

// Lower-case digits with a NUL.
void bs_sha256_hex(
	const unsigned char digest[BS_SHA256_BYTES], char ret_hex[2 * BS_SHA256_BYTES + 1]);

#endif
