// SPDX-License-Identifier: MIT
// core/base/sha256: the published vectors of SHA-256 (NIST) and of HMAC (RFC 4231), and all
// lengths.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/base/sha256.h"

static void assert_hash(struct bs_str bytes, const char *expected)
{
	unsigned char digest[BS_SHA256_BYTES];
	char hex[2 * BS_SHA256_BYTES + 1];
	bs_sha256(bytes, digest);
	bs_sha256_hex(digest, hex);
	assert_string_equal(hex, expected);
}

static void assert_hmac(struct bs_str key, struct bs_str bytes, const char *expected)
{
	unsigned char digest[BS_SHA256_BYTES];
	char hex[2 * BS_SHA256_BYTES + 1];
	bs_hmac_sha256(key, bytes, digest);
	bs_sha256_hex(digest, hex);
	assert_string_equal(hex, expected);
}

static void sha256_gives_the_published_digests(void **state)
{
	(void)state;
	char *million = malloc(1000000);
	assert_non_null(million);
	memset(million, 'a', 1000000);
	assert_hash(BS_LIT(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_hash(
		BS_LIT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_hash(BS_LIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	assert_hash(bs_str(million, 1000000),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}

// Where the padding needs a block of its own, and where it does not: the digest of the digests of
// 0 … 200 letters, as another program computed it.
static void sha256_pads_every_length(void **state)
{
	(void)state;
	char letters[200];
	unsigned char digests[201 * BS_SHA256_BYTES];
	memset(letters, 'x', sizeof(letters));
	for (size_t n = 0; n <= 200; n++)
		bs_sha256(bs_str(letters, n), digests + n * BS_SHA256_BYTES);
	assert_hash(bs_str((const char *)digests, sizeof(digests)),
		"2e9fcf76499976b60177466c31b8ab5caa7d4c6dd8dd97c8ce7b574af689ec94");
}

static void hmac_gives_the_published_digests(void **state)
{
	(void)state;
	char key[131];
	memset(key, 0x0b, 20);
	assert_hmac(bs_str(key, 20), BS_LIT("Hi There"),
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	assert_hmac(BS_LIT("Jefe"), BS_LIT("what do ya want for nothing?"),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key)); // longer than a block: its digest is the key
	assert_hmac(bs_str(key, sizeof(key)),
		BS_LIT("Test Using Larger Than Block-Size Key - Hash Key First"),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_published_digests),
		cmocka_unit_test(sha256_pads_every_length),
		cmocka_unit_test(hmac_gives_the_published_digests),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
