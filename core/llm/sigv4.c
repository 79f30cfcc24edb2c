// SPDX-License-Identifier: MIT
// Signature Version 4: canonical request → string to sign → signature, each as the document says.
#include "core/llm/sigv4.h"

#include <stdio.h>
#include <time.h>

#include "core/base/limits.h"
#include "core/base/sha256.h"

#define ID_END "ACCESS_KEY_ID"
#define CANONICAL_BYTES_MAX (4 * BS_SETTING_BYTES_MAX + BS_KEY_BYTES_MAX)

void bs_sigv4_release(struct bs_sigv4 *signed_request)
{
	if (signed_request)
		bs_buf_wipe(&signed_request->authorization);
}

bool bs_sigv4_companion(
	const char *id_name, const char *companion, char ret_name[BS_SIGV4_NAME_BYTES])
{
	struct bs_str name = bs_str_c(id_name);
	if (!bs_str_ends(name, BS_LIT(ID_END)))
		return false;
	int before = (int)(name.len - strlen(ID_END));
	int n = snprintf(ret_name, BS_SIGV4_NAME_BYTES, "%.*s%s", before, id_name, companion);
	return n > 0 && n < BS_SIGV4_NAME_BYTES;
}

// --- the URL

static struct bs_str after_scheme(struct bs_str url)
{
	size_t at = bs_str_find(url, BS_LIT("://"));
	return at == SIZE_MAX ? bs_str("", 0) : bs_str_from(url, at + 3);
}

static struct bs_str host_of(struct bs_str url)
{
	struct bs_str rest = after_scheme(url);
	return bs_str_sub(rest, 0, bs_str_find_char(rest, '/'));
}

static struct bs_str path_of(struct bs_str url)
{
	struct bs_str rest = after_scheme(url);
	struct bs_str path = bs_str_from(rest, host_of(url).len);
	return path.len ? path : BS_LIT("/");
}

// Each byte of the path but unreserved ones and slashes, also the % of what is encoded already.
static void put_path(struct bs_str path, struct bs_buf *out)
{
	for (size_t i = 0; i < path.len; i++) {
		char c = path.ptr[i];
		if (bs_is_alnum(c) || strchr("-._~/", c))
			bs_buf_add_char(out, c);
		else
			bs_buf_addf(out, "%%%02X", (unsigned char)c);
	}
}

// --- the three steps

static bool format_date(int64_t wall_ms, char date[17])
{
	struct tm utc;
	time_t seconds = (time_t)(wall_ms / 1000);
	if (!gmtime_r(&seconds, &utc))
		return false;
	return strftime(date, 17, "%Y%m%dT%H%M%SZ", &utc) == 16;
}

static const char *names_of(const struct bs_sigv4_key *key, const struct bs_sigv4_request *request)
{
	static const char *const names[] = {"host;x-amz-date",
		"host;x-amz-date;x-amz-security-token", "host;x-amz-content-sha256;x-amz-date",
		"host;x-amz-content-sha256;x-amz-date;x-amz-security-token"};
	return names[(request->hash_header ? 2 : 0) + (key->session_token.len ? 1 : 0)];
}

static enum bs_status hash_canonical(const struct bs_sigv4_key *key,
	const struct bs_sigv4_request *request, const struct bs_sigv4 *s, char ret_hex[65],
	struct bs_err *err)
{
	struct bs_buf text;
	unsigned char digest[BS_SHA256_BYTES];
	struct bs_str url = bs_str_c(request->url), host = host_of(url);
	bs_buf_init(&text, CANONICAL_BYTES_MAX);
	bs_buf_addf(&text, "%s\n", request->method);
	put_path(path_of(url), &text);
	bs_buf_addf(&text, "\n\nhost:%.*s\n", BS_FMT(host));
	if (request->hash_header)
		bs_buf_addf(&text, "x-amz-content-sha256:%s\n", s->body_hash);
	bs_buf_addf(&text, "x-amz-date:%s\n", s->date);
	if (key->session_token.len)
		bs_buf_addf(&text, "x-amz-security-token:%.*s\n", BS_FMT(key->session_token));
	bs_buf_addf(&text, "\n%s\n%s", names_of(key, request), s->body_hash);
	enum bs_status status = bs_buf_status(&text, "the canonical request", err);
	bs_sha256(bs_buf_str(&text), digest);
	bs_sha256_hex(digest, ret_hex);
	bs_buf_wipe(&text);
	return status;
}

// The secret becomes the key of a day, a region, a service.
static enum bs_status derive_key(const struct bs_sigv4_key *key,
	const struct bs_sigv4_request *request, const char *date,
	unsigned char ret_key[BS_SHA256_BYTES], struct bs_err *err)
{
	const struct bs_str parts[] = {bs_str(date, 8), bs_str_c(request->region),
		bs_str_c(request->service), BS_LIT("aws4_request")};
	struct bs_buf first;
	bs_buf_init(&first, BS_KEY_BYTES_MAX + 8);
	bs_buf_add_c(&first, "AWS4");
	bs_buf_add(&first, key->secret);
	enum bs_status status = bs_buf_status(&first, "the secret key", err);
	struct bs_str with = bs_buf_str(&first);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		bs_hmac_sha256(with, parts[i], ret_key);
		with = bs_str((const char *)ret_key, BS_SHA256_BYTES);
	}
	bs_buf_wipe(&first);
	return status;
}

static enum bs_status put_signature(const struct bs_sigv4_key *key,
	const struct bs_sigv4_request *request, const char *canonical_hash, struct bs_sigv4 *s,
	struct bs_err *err)
{
	char scope[200], text[400], hex[65];
	unsigned char digest[BS_SHA256_BYTES];
	int n = snprintf(scope, sizeof(scope), "%.8s/%s/%s/aws4_request", s->date, request->region,
		request->service);
	if (n < 0 || (size_t)n >= sizeof(scope))
		return bs_fail(err, BS_USAGE, "the region is too long: %.40s…", request->region);
	n = snprintf(
		text, sizeof(text), "AWS4-HMAC-SHA256\n%s\n%s\n%s", s->date, scope, canonical_hash);
	enum bs_status status = derive_key(key, request, s->date, digest, err);
	if (status != BS_OK)
		return status;
	bs_hmac_sha256(
		bs_str((const char *)digest, sizeof(digest)), bs_str(text, (size_t)n), digest);
	bs_sha256_hex(digest, hex);
	bs_buf_addf(&s->authorization,
		"AWS4-HMAC-SHA256 Credential=%.*s/%s, SignedHeaders=%s, Signature=%s",
		BS_FMT(key->id), scope, names_of(key, request), hex);
	return bs_buf_status(&s->authorization, "the signature", err);
}

enum bs_status bs_sigv4_sign(const struct bs_sigv4_key *key, const struct bs_sigv4_request *request,
	struct bs_sigv4 *ret_signed, struct bs_err *err)
{
	struct bs_sigv4 s = {0};
	char canonical_hash[65];
	unsigned char digest[BS_SHA256_BYTES];
	bs_buf_init(&s.authorization, BS_HEADER_VALUE_BYTES_MAX);
	if (!host_of(bs_str_c(request->url)).len || !format_date(request->wall_ms, s.date))
		return bs_fail(err, BS_USAGE, "no address and date that can be signed");
	bs_sha256(request->body, digest);
	bs_sha256_hex(digest, s.body_hash);
	enum bs_status status = hash_canonical(key, request, &s, canonical_hash, err);
	if (status == BS_OK)
		status = put_signature(key, request, canonical_hash, &s, err);
	if (status == BS_OK)
		*ret_signed = s;
	else
		bs_sigv4_release(&s);
	return status;
}
