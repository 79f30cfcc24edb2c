// SPDX-License-Identifier: MIT
// Names of secrets: by how they end, after what says nothing is taken off.
#include "core/rules/redact_names.h"

#define NAME_BYTES_MAX 128

const char *const bs_names_words[] = {"passw", "pass", "pwd", "pw=", "pw:", "secret", "token",
	"key", "auth", "cred", "sig=", "amz-signature", "goog-signature", "cookie", "session",
	"jwt", "_pat", "accessid", "access_id", "sonar.login", "adafruit", "airtable", "algolia",
	"asana", "bitbucket", "cloudflare", "codecov", "datadog", "discord", "facebook", "fastly",
	"finnhub", "heroku", "hubspot", "mailchimp", "mailgun", "messagebird", "netlify", "okta",
	"sendbird", "snyk", "sonar_login", "sourcegraph", "squarespace", "sumo", "sumologic",
	"telegram", "twilio", "twitch", "twitter", "yandex", "zendesk", NULL};

// Services whose keys have no shape of their own.
static const char *const vendors[] = {"adafruit", "airtable", "algolia", "asana", "bitbucket",
	"cloudflare", "codecov", "datadog", "discord", "facebook", "fastly", "finnhub", "heroku",
	"hubspot", "mailchimp", "mailgun", "messagebird", "netlify", "okta", "sendbird", "snyk",
	"sonar_login", "sourcegraph", "squarespace", "sumo", "sumologic", "telegram", "twilio",
	"twitch", "twitter", "yandex", "zendesk", NULL};

// Ends that make anything before them harmless.
static const char *const harmless_ends[] = {"id", "ids", "secrets", "tokens", "session",
	"sessionid", "signature", "signatures", "name", "names", "url", "uri", "urls", "path",
	"file", "files", "dir", "size", "length", "len", "type", "types", "count", "host",
	"hostname", "port", "version", "algorithm", "alg", "mode", "status", "state", "expiry",
	"expires", "expiration", "ttl", "prefix", "suffix", "field", "header", "regex", "pattern",
	"policy", "provider", "ring", "index", "class", "function", "test", "tests", "enabled",
	"disabled", "required", "format", "source", "store", "storage", "manager", "engine",
	"rotation", "scope", "scopes", "date", "time", "at", "user", "username", "email", "hash",
	"checksum", "fingerprint", "pair", "usage", "limit", "max", "min", "reset", "error",
	"errors", "service", "method", "endpoint", "variable", "ref", "arn", "board", "word",
	"words", "frame", "code", "map", "list", "info", "rule", "rules", "env", NULL};

// Ends that add nothing.
static const char *const empty_ends[] = {"value", "val", "string", "str", "raw", "plain", "text",
	"b64", "base64", "base", "data", "env", "var", "literal", NULL};

// Somewhere in a name: a value beyond doubt is secret then.
static const char *const weak_parts[] = {"secret", "token", "passw", "credential", "apikey",
	"api_key", "accesskey", "access_key", "privatekey", "private_key", "authkey", "auth_key",
	NULL};

// Anywhere in a name: not secret by intent.
static const char *const public_parts[] = {"public", "publish", "foreign", "primary", "partition",
	"bucket_key", "bucketkey", "cache", "stash_key", "restore_key", "sort_key", "sortkey",
	"keyboard", "monkey", "donkey", "turkey", "hockey", "keyword", "tokenizer", "csrf",
	"cancellation", "pagination", "continuation", "next_token", "nexttoken", "page_token",
	"pagetoken", "passed", "passing", "passive", "passage", "compass", "bypass", "author_",
	"authors", NULL};

static const char *const password_ends[] = {"password", "passwd", "passwort", "passphrase",
	"passcode", "pass", "pwd", "passwords", "pgpass", NULL};
static const char *const token_ends[] = {"token", "secret", "jwt", "credential", "credentials",
	"creds", "cred", "_pat", "accountkey", "sharedaccesskey", NULL};
// What stands before "key" when it is one that opens something.
static const char *const key_owners[] = {"api", "access", "secret", "private", "encryption",
	"encrypt", "signing", "sign", "master", "admin", "deploy", "service", "shared", "ssh",
	"license", "auth", "app", "application", "client", "webhook", "consumer", "session", "rsa",
	"write", "read", "ingest", "integration", "subscription", "account", "storage", "security",
	"decryption", "crypto", "hmac", "gpg", "pgp", "ssl", "tls", "wireguard", "root", "user",
	"vault", "stripe", "aws", NULL};

struct tail {
	char text[NAME_BYTES_MAX]; // lower case, without '-', '.' and with '_' kept
	size_t len;
};

static bool ends(const struct tail *name, const char *end)
{
	struct bs_str s = bs_str_c(end);
	return bs_str_ends(bs_str(name->text, name->len), s);
}

static const char *ends_in(const struct tail *name, const char *const *list)
{
	const char *longest = NULL;
	for (; *list; list++) {
		if (ends(name, *list) && (!longest || strlen(*list) > strlen(longest)))
			longest = *list;
	}
	return longest;
}

static bool holds(const struct tail *name, const char *const *list)
{
	for (; *list; list++) {
		if (bs_str_has(bs_str(name->text, name->len), bs_str_c(*list)))
			return true;
	}
	return false;
}

// Whether the end stands apart from what is before it: token_id and tokenId do, paid does not.
static bool is_apart(struct bs_str name, size_t end_bytes)
{
	if (name.len <= end_bytes)
		return true;
	char first = name.ptr[name.len - end_bytes], before = name.ptr[name.len - end_bytes - 1];
	if (!bs_is_alpha(before))
		return true;
	return first >= 'A' && first <= 'Z' && before >= 'a' && before <= 'z';
}

// A vendor's name as a word: not "okta" in rookTable, nor "sumo" in sumOf.
static bool names_vendor(const struct tail *tail, struct bs_str name)
{
	for (const char *const *vendor = vendors; *vendor; vendor++) {
		struct bs_str word = bs_str_c(*vendor);
		size_t at = bs_str_find(bs_str(tail->text, tail->len), word);
		if (at == SIZE_MAX)
			continue;
		char before = at > 0 ? name.ptr[at - 1] : '\0', first = name.ptr[at];
		char after = at + word.len < name.len ? name.ptr[at + word.len] : '\0';
		bool begins = !bs_is_alpha(before) || (first <= 'Z' && before >= 'a');
		if (begins && !(after >= 'a' && after <= 'z'))
			return true;
	}
	return false;
}

static struct tail lower_tail(struct bs_str name)
{
	struct tail tail = {.len = 0};
	for (size_t i = 0; i < name.len && tail.len < sizeof(tail.text); i++) {
		char c = bs_lower(name.ptr[i]);
		tail.text[tail.len++] = c == '-' || c == '.' ? '_' : c;
	}
	return tail;
}

static bool is_key_owned(struct tail name)
{
	name.len -= strlen("key");
	while (name.len > 0 && name.text[name.len - 1] == '_')
		name.len--;
	return ends_in(&name, key_owners) != NULL;
}

// After the tail was cut to what may tell something.
static enum bs_name_class by_end(const struct tail *name)
{
	static const char *const auth[] = {"authorization", "_auth", "xauth", "userauth", NULL};
	static const char *const cookie[] = {"cookie", "set_cookie", NULL};
	static const char *const signature[] = {"amz_signature", "_sig", "goog_signature", NULL};
	if (ends_in(name, password_ends) || bs_str_eq_c(bs_str(name->text, name->len), "pw") ||
		ends(name, "_pw"))
		return BS_NAME_PASSWORD;
	if (ends_in(name, auth) || bs_str_eq_c(bs_str(name->text, name->len), "auth"))
		return BS_NAME_AUTH;
	if (ends_in(name, cookie))
		return BS_NAME_COOKIE;
	if (ends_in(name, signature) || bs_str_eq_c(bs_str(name->text, name->len), "sig"))
		return BS_NAME_SIGNATURE;
	if (ends_in(name, token_ends))
		return BS_NAME_TOKEN;
	if (ends(name, "key") && is_key_owned(*name))
		return BS_NAME_TOKEN;
	return BS_NAME_NONE;
}

// Takes off digits, '_' and ends that add nothing: DB_PASSWORD_2, mySecretString, client-key-data.
static bool shorten(struct tail *name)
{
	size_t before = name->len;
	while (name->len > 0 &&
		(bs_is_digit(name->text[name->len - 1]) || name->text[name->len - 1] == '_'))
		name->len--;
	const char *end = ends_in(name, empty_ends);
	if (end && strlen(end) < name->len)
		name->len -= strlen(end);
	return name->len < before && name->len > 0;
}

enum bs_name_class bs_names_classify(struct bs_str name)
{
	if (name.len > NAME_BYTES_MAX)
		name = bs_str_from(name, name.len - NAME_BYTES_MAX);
	struct tail tail = lower_tail(name);
	if (holds(&tail, public_parts))
		return BS_NAME_NONE;
	struct tail shorter = tail;
	do {
		enum bs_name_class found = by_end(&shorter);
		if (found != BS_NAME_NONE)
			return found;
	} while (shorten(&shorter));
	const char *end = ends_in(&tail, harmless_ends);
	bool harmless = end && is_apart(name, strlen(end));
	if (names_vendor(&tail, name))
		return harmless && !ends(&tail, "id") ? BS_NAME_NONE : BS_NAME_VENDOR;
	bool some_key = ends(&tail, "key") && tail.len > strlen("key");
	if (harmless || !(holds(&tail, weak_parts) || some_key))
		return BS_NAME_NONE;
	return BS_NAME_WEAK;
}

bool bs_names_is_common(struct bs_str name)
{
	return bs_str_eq_c(name, "PASS") || bs_str_eq_c(name, "PWD") || bs_str_eq_c(name, "OLDPWD");
}

const char *bs_names_kind(enum bs_name_class name_class, struct bs_str name)
{
	switch (name_class) {
	case BS_NAME_PASSWORD:
		return "password";
	case BS_NAME_AUTH:
		return "authorization";
	case BS_NAME_COOKIE:
		return "cookie";
	case BS_NAME_SIGNATURE:
		return "signature";
	case BS_NAME_TOKEN:
	case BS_NAME_VENDOR:
	case BS_NAME_WEAK:
	case BS_NAME_NONE:
		break;
	}
	return bs_str_ifind(name, BS_LIT("key")) != SIZE_MAX      ? "key"
	       : bs_str_ifind(name, BS_LIT("secret")) != SIZE_MAX ? "secret"
								  : "token";
}
