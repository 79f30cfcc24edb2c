// SPDX-License-Identifier: MIT
// Names of secrets: by how they end, after what says nothing is taken off.
#include "core/rules/redact_names.h"

#define NAME_BYTES_MAX 128
#define W(word)                        \
	{                              \
		word, sizeof(word) - 1 \
	} // three bytes at least where it may stand anywhere

const char *const bs_names_words[] = {"passw", "pass", "pwd", "pw=", "pw:", "secret", "token",
	"key", "auth", "cred", "sig=", "amz-signature", "goog-signature", "cookie", "session",
	"jwt", "_pat", "accessid", "access_id", "sonar.login", "adafruit", "airtable", "algolia",
	"asana", "bitbucket", "cloudflare", "codecov", "datadog", "discord", "facebook", "fastly",
	"finnhub", "heroku", "hubspot", "mailchimp", "mailgun", "messagebird", "netlify", "okta",
	"sendbird", "snyk", "sonar_login", "sourcegraph", "squarespace", "sumo", "sumologic",
	"telegram", "twilio", "twitch", "twitter", "yandex", "zendesk", NULL};

// Services whose keys have no shape of their own.
static const struct bs_str vendors[] = {W("adafruit"), W("airtable"), W("algolia"), W("asana"),
	W("bitbucket"), W("cloudflare"), W("codecov"), W("datadog"), W("discord"), W("facebook"),
	W("fastly"), W("finnhub"), W("heroku"), W("hubspot"), W("mailchimp"), W("mailgun"),
	W("messagebird"), W("netlify"), W("okta"), W("sendbird"), W("snyk"), W("sonar_login"),
	W("sourcegraph"), W("squarespace"), W("sumo"), W("sumologic"), W("telegram"), W("twilio"),
	W("twitch"), W("twitter"), W("yandex"), W("zendesk"), {NULL, 0}};

// Ends that make anything before them harmless.
static const struct bs_str harmless_ends[] = {W("id"), W("ids"), W("secrets"), W("tokens"),
	W("session"), W("sessionid"), W("signature"), W("signatures"), W("name"), W("names"),
	W("url"), W("uri"), W("urls"), W("path"), W("file"), W("files"), W("dir"), W("size"),
	W("length"), W("len"), W("type"), W("types"), W("count"), W("host"), W("hostname"),
	W("port"), W("version"), W("algorithm"), W("alg"), W("mode"), W("status"), W("state"),
	W("expiry"), W("expires"), W("expiration"), W("ttl"), W("prefix"), W("suffix"), W("field"),
	W("header"), W("regex"), W("pattern"), W("policy"), W("provider"), W("ring"), W("index"),
	W("class"), W("function"), W("test"), W("tests"), W("enabled"), W("disabled"),
	W("required"), W("format"), W("source"), W("store"), W("storage"), W("manager"),
	W("engine"), W("rotation"), W("scope"), W("scopes"), W("date"), W("time"), W("at"),
	W("user"), W("username"), W("email"), W("hash"), W("checksum"), W("fingerprint"), W("pair"),
	W("usage"), W("limit"), W("max"), W("min"), W("reset"), W("error"), W("errors"),
	W("service"), W("method"), W("endpoint"), W("variable"), W("ref"), W("arn"), W("board"),
	W("word"), W("words"), W("frame"), W("code"), W("map"), W("list"), W("info"), W("rule"),
	W("rules"), W("env"), {NULL, 0}};

// Ends that add nothing.
static const struct bs_str empty_ends[] = {W("value"), W("val"), W("string"), W("str"), W("raw"),
	W("plain"), W("text"), W("b64"), W("base64"), W("base"), W("data"), W("env"), W("var"),
	W("literal"), {NULL, 0}};

// Somewhere in a name: a value beyond doubt is secret then.
static const struct bs_str weak_parts[] = {W("secret"), W("token"), W("passw"), W("credential"),
	W("apikey"), W("api_key"), W("accesskey"), W("access_key"), W("privatekey"),
	W("private_key"), W("authkey"), W("auth_key"), {NULL, 0}};

// Anywhere in a name: not secret by intent.
static const struct bs_str public_parts[] = {W("public"), W("publish"), W("foreign"), W("primary"),
	W("partition"), W("bucket_key"), W("bucketkey"), W("cache"), W("stash_key"),
	W("restore_key"), W("sort_key"), W("sortkey"), W("keyboard"), W("monkey"), W("donkey"),
	W("turkey"), W("hockey"), W("keyword"), W("tokenizer"), W("csrf"), W("cancellation"),
	W("pagination"), W("continuation"), W("next_token"), W("nexttoken"), W("page_token"),
	W("pagetoken"), W("passed"), W("passing"), W("passive"), W("passage"), W("compass"),
	W("bypass"), W("author_"), W("authors"), {NULL, 0}};

static const struct bs_str password_ends[] = {W("password"), W("passwd"), W("passwort"),
	W("passphrase"), W("passcode"), W("pass"), W("pwd"), W("passwords"), W("pgpass"),
	{NULL, 0}};
static const struct bs_str token_ends[] = {W("token"), W("secret"), W("jwt"), W("credential"),
	W("credentials"), W("creds"), W("cred"), W("_pat"), W("accountkey"), W("sharedaccesskey"),
	{NULL, 0}};
// What stands before "key" when it is one that opens something.
static const struct bs_str key_owners[] = {W("api"), W("access"), W("secret"), W("private"),
	W("encryption"), W("encrypt"), W("signing"), W("sign"), W("master"), W("admin"),
	W("deploy"), W("service"), W("shared"), W("ssh"), W("license"), W("auth"), W("app"),
	W("application"), W("client"), W("webhook"), W("consumer"), W("session"), W("rsa"),
	W("write"), W("read"), W("ingest"), W("integration"), W("subscription"), W("account"),
	W("storage"), W("security"), W("decryption"), W("crypto"), W("hmac"), W("gpg"), W("pgp"),
	W("ssl"), W("tls"), W("wireguard"), W("root"), W("user"), W("vault"), W("stripe"), W("aws"),
	{NULL, 0}};

struct tail {
	char text[NAME_BYTES_MAX]; // lower case, without '-', '.' and with '_' kept
	size_t len;
	uint32_t letters; // that are in it, five bits of each
};

// Most names end in none of a list's words, and the last letter says so.
static bool ends(const struct tail *name, struct bs_str end)
{
	return name->len >= end.len && name->text[name->len - 1] == end.ptr[end.len - 1] &&
	       memcmp(name->text + name->len - end.len, end.ptr, end.len) == 0;
}

// Bytes of the longest that the name ends in; 0: in none.
static size_t ends_in(const struct tail *name, const struct bs_str *list)
{
	size_t longest = 0;
	for (; list->ptr; list++) {
		if (list->len > longest && ends(name, *list))
			longest = list->len;
	}
	return longest;
}

static uint32_t letter_bit(char c)
{
	return 1u << (c & 31);
}

// Where the word is in the name; SIZE_MAX: nowhere, which its letters say of most words.
static size_t find(const struct tail *name, struct bs_str word)
{
	uint32_t letters = letter_bit(word.ptr[0]) | letter_bit(word.ptr[1]) |
			   letter_bit(word.ptr[2]) | letter_bit(word.ptr[word.len - 1]);
	return (letters & ~name->letters) == 0 ? bs_str_find(bs_str(name->text, name->len), word)
					       : SIZE_MAX;
}

static bool holds(const struct tail *name, const struct bs_str *list)
{
	for (; list->ptr; list++) {
		if (find(name, *list) != SIZE_MAX)
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
	for (const struct bs_str *vendor = vendors; vendor->ptr; vendor++) {
		struct bs_str word = *vendor;
		size_t at = find(tail, word);
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
		tail.letters |= letter_bit(tail.text[tail.len - 1]);
	}
	return tail;
}

static bool is_key_owned(struct tail name)
{
	name.len -= strlen("key");
	while (name.len > 0 && name.text[name.len - 1] == '_')
		name.len--;
	return ends_in(&name, key_owners) > 0;
}

// After the tail was cut to what may tell something.
static enum bs_name_class by_end(const struct tail *name)
{
	static const struct bs_str auth[] = {
		W("authorization"), W("_auth"), W("xauth"), W("userauth"), {NULL, 0}};
	static const struct bs_str cookie[] = {W("cookie"), W("set_cookie"), {NULL, 0}};
	static const struct bs_str signature[] = {
		W("amz_signature"), W("_sig"), W("goog_signature"), {NULL, 0}};
	if (ends_in(name, password_ends) || bs_str_eq_c(bs_str(name->text, name->len), "pw") ||
		ends(name, BS_LIT("_pw")))
		return BS_NAME_PASSWORD;
	if (ends_in(name, auth) || bs_str_eq_c(bs_str(name->text, name->len), "auth"))
		return BS_NAME_AUTH;
	if (ends_in(name, cookie))
		return BS_NAME_COOKIE;
	if (ends_in(name, signature) || bs_str_eq_c(bs_str(name->text, name->len), "sig"))
		return BS_NAME_SIGNATURE;
	if (ends_in(name, token_ends))
		return BS_NAME_TOKEN;
	if (ends(name, BS_LIT("key")) && is_key_owned(*name))
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
	size_t end = ends_in(name, empty_ends);
	if (end < name->len)
		name->len -= end;
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
	size_t end = ends_in(&tail, harmless_ends);
	bool harmless = end > 0 && is_apart(name, end);
	if (names_vendor(&tail, name))
		return harmless && !ends(&tail, BS_LIT("id")) ? BS_NAME_NONE : BS_NAME_VENDOR;
	bool some_key = ends(&tail, BS_LIT("key")) && tail.len > strlen("key");
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
