// SPDX-License-Identifier: MIT
// The room of libcrypto.
#include "core/ext/digest.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum bs_status bs_sha256(
	struct bs_str bytes, unsigned char ret_digest[BS_SHA256_BYTES], struct bs_err *err)
{
	unsigned char digest[BS_SHA256_BYTES];
	unsigned len = 0;
	if (EVP_Digest(bytes.len ? bytes.ptr : "", bytes.len, digest, &len, EVP_sha256(), NULL) !=
			1 ||
		len != BS_SHA256_BYTES)
		return bs_fail_nomem(err);
	memcpy(ret_digest, digest, BS_SHA256_BYTES);
	return BS_OK;
}

enum bs_status bs_hmac_sha256(struct bs_str key, struct bs_str bytes,
	unsigned char ret_digest[BS_SHA256_BYTES], struct bs_err *err)
{
	unsigned char digest[BS_SHA256_BYTES];
	unsigned len = 0;
	if (key.len > INT_MAX)
		return bs_fail(err, BS_LIMIT, "a key for signing is too long");
	if (!HMAC(EVP_sha256(), key.len ? key.ptr : "", (int)key.len,
		    (const unsigned char *)(bytes.len ? bytes.ptr : ""), bytes.len, digest, &len) ||
		len != BS_SHA256_BYTES)
		return bs_fail_nomem(err);
	memcpy(ret_digest, digest, BS_SHA256_BYTES);
	explicit_bzero(digest, sizeof(digest));
	return BS_OK;
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
