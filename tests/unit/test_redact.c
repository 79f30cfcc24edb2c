// SPDX-License-Identifier: MIT
// core/rules/redact: what goes, what stays, and what happens when something fails.
#include "tests/unit/unit.h"

#include "tests/unit/redacting.h"

#include "core/text/clean.h"

struct pair {
	const char *in, *out;
};

static void assert_pairs(struct redacting *redacting, const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_str(redacting_run(redacting, pairs[i].in), pairs[i].out);
}

// --- tokens

static const struct {
	const char *head, *tail, *alphabet;
	size_t bytes;
	const char *kind;
} formats[] = {
	{"gh", "p_", ALNUM, 36, "github-token"},
	{"github", "_pat_", ALNUM, 82, "github-token"},
	{"gl", "pat-", ALNUM, 20, "gitlab-token"},
	{"bk", "ua_", HEX, 40, "buildkite-token"},
	{"AK", "IA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16, "aws-key-id"},
	{"xo", "xb-123456789012-123456789012-", ALNUM, 24, "slack-token"},
	{"xa", "pp-1-A01BCDEF2GH-1234567890123-", HEX, 64, "slack-token"},
	{"xa", "pp-1-A012345-123456789-", HEX, 64, "slack-token"},
	{"sk", "_live_", ALNUM, 24, "stripe-key"},
	{"sk-", "proj-", ALNUM, 64, "openai-key"},
	{"AI", "za", ALNUM, 35, "google-key"},
	{"np", "m_", ALNUM, 36, "npm-token"},
	{"dckr", "_pat_", ALNUM, 27, "docker-token"},
	{"h", "f_", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 34,
		"huggingface-token"},
	{"hv", "s.", ALNUM, 90, "vault-token"},
	{"do", "p_v1_", HEX, 64, "digitalocean-token"},
};

static void redact_hides_tokens_whatever_surrounds_them(void **state)
{
	(void)state;
	static const char *const places[] = {"%s", "auth failed for %s", "'%s' != None",
		"<t>%s</t>", "https://host/cb?x=%s&y=1", "{\\\"t\\\":\\\"%s\\\"}", "a\\n%s\\nb",
		"x@%s@y", "%%3D%s", "(%s)", "+%s"};
	struct redacting redacting;
	redacting_init(&redacting);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char token[160], body[128], line[400], kind[64];
		make_body(body, formats[i].bytes + 1, formats[i].alphabet, (unsigned)i + 7);
		(void)snprintf(
			token, sizeof(token), "%s%s%s", formats[i].head, formats[i].tail, body);
		(void)snprintf(kind, sizeof(kind), "[REDACTED:%s#", formats[i].kind);
		for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
			const char *at = strstr(places[p], "%s");
			(void)snprintf(line, sizeof(line), "%.*s%s%s", (int)(at - places[p]),
				places[p], token, at + 2);
			struct bs_str out = redacting_run(&redacting, line);
			if (bs_str_has(out, bs_str_c(body + formats[i].bytes / 2)))
				fail_msg("%s survived in place %zu", formats[i].kind, p);
			if (p == 0)
				assert_true(bs_str_starts(out, bs_str_c(kind)));
		}
	}
	redacting_release(&redacting);
}

static void redact_joins_tokens_that_a_terminal_wrapped(void **state)
{
	(void)state;
	char body[37], text[400];
	struct redacting redacting;
	redacting_init(&redacting);
	make_body(body, sizeof(body), ALNUM, 99);
	for (size_t cut = 1; cut < 40; cut++) {
		char token[64], pad[128];
		(void)snprintf(token, sizeof(token), "gh%s%s", "p_", body);
		memset(pad, 'x', sizeof(pad));
		(void)snprintf(text, sizeof(text), "%.*s %.*s\n%s done\nafter", (int)(79 - cut),
			pad, (int)cut, token, token + cut);
		struct bs_str out = redacting_run(&redacting, text);
		assert_false(bs_str_has(out, bs_str(body + 20, 10)));
		assert_false(cut > 15 && bs_str_has(out, bs_str(body, 10)));
		assert_true(bs_str_ends(out, BS_LIT(" done\nafter")));
	}
	redacting_release(&redacting);
}

static void redact_leaves_the_next_line_alone_when_a_token_ended(void **state)
{
	(void)state;
	char body[37], text[200];
	struct redacting redacting;
	redacting_init(&redacting);
	make_body(body, sizeof(body), ALNUM, 3);
	(void)snprintf(text, sizeof(text), "using gh%s%s\nfailed", "p_", body);
	assert_str(redacting_run(&redacting, text), "using [REDACTED:github-token#1]\nfailed");
	redacting_release(&redacting);
}

// A token of fixed length is over where it is complete; what follows is the reader's evidence.
static void redact_keeps_words_after_a_line_that_ends_in_a_token(void **state)
{
	(void)state;
	static const char *const lines[] = {"IndexError: list index out of range",
		"TestOrders: want 3", "OrdersServiceTest.java:12: bad", "TestShape/up failed",
		"FAILED tests/a.py::b", "AssertionError: 1 != 2", "2026-01-01T00:00:00 failed",
		"HTTPError: 500", "src/app/main.go:12: undefined"};
	static const struct {
		const char *head, *tail;
		size_t bytes;
	} ends[] = {{"gh", "p_", 36}, {"np", "m_", 36}, {"gl", "pat-", 20},
		{"ey", "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", 43},
		{"ey", "JhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", 86},
		{"ey", "JhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", 342},
		{"xa", "pp-1-A01BCDEF2GH-1234567890123-", 64}, {"sk-", "proj-", 64},
		{"hv", "s.", 90}};
	char body[400], text[600];
	struct redacting redacting;
	redacting_init(&redacting);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		make_body(body, ends[i].bytes + 1, i == 6 ? HEX : ALNUM, (unsigned)i + 40);
		for (size_t k = 0; k < sizeof(lines) / sizeof(lines[0]); k++) {
			(void)snprintf(text, sizeof(text), "clone with %s%s%s\n%s\nx", ends[i].head,
				ends[i].tail, body, lines[k]);
			struct bs_str out = redacting_run(&redacting, text);
			(void)snprintf(text, sizeof(text), "]\n%s\nx", lines[k]);
			assert_true(bs_str_starts(out, BS_LIT("clone with [REDACTED:")));
			if (!bs_str_ends(out, bs_str_c(text)))
				fail_msg("row %zu: %s was eaten", i, lines[k]);
		}
	}
	// as wide as the line before: what goes on need not look random then
	make_body(body, 91, ALNUM, 5);
	(void)snprintf(text, sizeof(text), "%050d\n%.14s hv%s%.31s\nwlbfV done", 1,
		"aaaaaaaaaaaaaaaaaaa", "s.", body);
	assert_true(bs_str_ends(redacting_run(&redacting, text), BS_LIT("] done")));
	redacting_release(&redacting);
}

static void redact_joins_tokens_wrapped_at_any_width(void **state)
{
	(void)state;
	char body[121], text[1400], line[700];
	struct redacting redacting;
	redacting_init(&redacting);
	make_body(body, sizeof(body), ALNUM, 77);
	for (size_t width = 40; width <= 400; width += 3) {
		size_t len = 0, at = width - 20;
		(void)snprintf(line, sizeof(line), "%0*d %s%s%s done", (int)at, 1, "py",
			"pi-AgEIcHlwaS5vcmc", body);
		(void)snprintf(text, sizeof(text), "%0*d\n", (int)width, 1);
		for (size_t from = 0; from < strlen(line); from += width) {
			len = strlen(text);
			(void)snprintf(
				text + len, sizeof(text) - len, "%.*s\n", (int)width, line + from);
		}
		struct bs_str out = redacting_run(&redacting, text);
		for (size_t i = 0; i + 6 <= 120; i += 6) {
			if (bs_str_has(out, bs_str(body + i, 6)))
				fail_msg("width %zu: %.6s survived", width, body + i);
		}
	}
	redacting_release(&redacting);
}

static void redact_hides_a_password_that_a_sentence_sets(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{"new password for alice: oknp-zeu43!",
			"new password for alice: [REDACTED:password#1]"},
		{"Initial password for user admin: 'oknp-zeu43!'",
			"Initial password for user admin: '[REDACTED:password#1]'"},
		{"[sudo] password for bob: Sorry, try again.",
			"[sudo] password for bob: Sorry, try again."},
		{"new password for bob: required", "new password for bob: required"},
	};
	struct redacting redacting;
	redacting_init(&redacting);
	assert_pairs(&redacting, pairs, sizeof(pairs) / sizeof(pairs[0]));
	redacting_release(&redacting);
}

static void redact_finds_tokens_in_base64_and_percent_encoding(void **state)
{
	(void)state;
	// "token=gh" "p_" and 36 times "a1B2", encoded outside: the parts stand apart here
	static const char base64[] = "c=dG9rZW49Z2h"
				     "wX2ExQjJhMUIyYTFCMmExQjJhMUIyYTFCMmExQjJhMUIyYTFCMg==";
	static const char percent[] =
		"u=%67%68%70"
		"%5f%61%31%42%32%61%31%42%32%61%31%42%32%61%31%42%32%61%31%42%32%61"
		"%31%42%32%61%31%42%32%61%31%42%32%61%31%42%32&x";
	struct redacting redacting;
	redacting_init(&redacting);
	assert_str(redacting_run(&redacting, base64), "c=[REDACTED:github-token#1]");
	assert_str(redacting_run(&redacting, percent), "u=[REDACTED:github-token#2]&x");
	redacting_release(&redacting);
}

// --- names

static void redact_hides_the_values_of_telling_names(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{"password: \"oknp-zeu43!\"", "password: \"[REDACTED:password#1]\""},
		{"PGPASSWORD=oknp-zeu43! pg_dump", "PGPASSWORD=[REDACTED:password#1] pg_dump"},
		{"{:password=>\"oknp-zeu43!\"}", "{:password=>\"[REDACTED:password#1]\"}"},
		{"Server=db;Password=oknp-zeu43!;Encrypt=True",
			"Server=db;Password=[REDACTED:password#1];Encrypt=True"},
		{"+ mysql -usvc -poknp-zeu43! app", "+ mysql -usvc -p[REDACTED:password#1] app"},
		{"docker login -u ci --password oknp-zeu43! host",
			"docker login -u ci --password [REDACTED:password#1] host"},
		{"sshpass -p 'oknp-zeu43!' ssh ci@host",
			"sshpass -p '[REDACTED:password#1]' ssh ci@host"},
		{"redis://:oknp-zeu43!@cache:6379/0",
			"redis://:[REDACTED:url-password#1]@cache:6379/0"},
		{"curl -u elastic:oknp-zeu43! https://h",
			"curl -u elastic:[REDACTED:password#1] https://h"},
		{"<password>oknp-zeu43!</password>", "<password>[REDACTED:password#1]</password>"},
		{"<apiToken>\n  oknp-zeu43!\n</apiToken>",
			"<apiToken>\n  [REDACTED:token#1]\n</apiToken>"},
		{"- name: API_TOKEN\n  value: oknp-zeu43!",
			"- name: API_TOKEN\n  value: [REDACTED:token#1]"},
		{"setProperty(\"API_TOKEN\", \"oknp-zeu43!\")",
			"setProperty(\"API_TOKEN\", \"[REDACTED:token#1]\")"},
		{"> Proxy-Authorization: Basic Y2k6b2tucA==",
			"> Proxy-Authorization: Basic [REDACTED:authorization#2]"},
		{"Set-Cookie: sid=a8f9e7c6b5; Path=/; HttpOnly",
			"Set-Cookie: sid=[REDACTED:cookie#3]; Path=/; HttpOnly"},
		{"?X-Amz-Signature=9f1c07b2e35a48d6aa10 403",
			"?X-Amz-Signature=[REDACTED:signature#4] 403"},
	};
	struct redacting redacting;
	redacting_init(&redacting);
	assert_pairs(&redacting, pairs, sizeof(pairs) / sizeof(pairs[0]));
	redacting_release(&redacting);
}

static void redact_keeps_the_evidence(void **state)
{
	(void)state;
	static const char *const lines[] = {"HEAD is now at b100dd2 fix token parser",
		"commit f89c4a1f7b973abaeaf6bbc13aa1a9560a6e0047",
		"Digest: sha256:eb0a1ab83fe1134fd68a5fa4cc780fda6384f2c51601cbda6cf4e97bafbb16d8",
		"github.com/acme/app v1.2.3 h1:WEA/9NR8/Z1KeWT2ls/WcPAf1GsR5n+DwHHLq8IaC8g=",
		"BUILDKITE_JOB_ID=0b802d75-2a9c-8931-d505-3bd2dca0a981",
		"--- PASS: TestLogin_V2a (0.00s)", "PWD=/builds/worker/x1",
		"password: ", "token: ***", "Authorization: Bearer ${TOKEN}",
		"Authorization: Bearer <token>", "echo $GITHUB_TOKEN | gh auth login --with-token",
		"server-password: GITHUB_TOKEN", "$ export KEY_SECRET=[secure]",
		"KeyError: 'access_token'", "secret \"db-creds\" not found", "pass: 12 fail: 1",
		"tokens used: 306622", "primary_key: id",
		"cache key: v1-deps-005e807e58368d15f43d2b55",
		"> Task :grpc-auth:checkUpperBoundDeps NO-SOURCE",
		"'dependencies.dependency.version' for com.google.auth:google-auth is missing",
		"grant_token = JWTGrantToken(jwttok)", "password=[REDACTED]",
		"https://ci@dev.test/_git/app",
		"    at com.acme.auth.TokenServiceTest.passwordReset(TokenServiceTest.java:314)",
		"{\"password\": \"This password is too short. It must contain 8 characters.\"}",
		("-----BEGIN CERTIFICATE-----\nPsFC5a8YNmT1uR6MVIWGqFikkaoEt7zHjzoaORcSnfMB3Wox6+rP6kWBRLuvqWBn\n"
		 "-----END CERTIFICATE-----"),
		"layer 39f91d425d37: Pull complete", "key: value",
		"traceparent: 00-a9a6d03da2e98abb793ec181f6360035-92b861daacc80146-01"};
	struct redacting redacting;
	redacting_init(&redacting);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_str(redacting_run(&redacting, lines[i]), lines[i]);
	assert_int_equal(bs_redact_count(redacting.redact), 0);
	redacting_release(&redacting);
}

// --- private keys

// A key of ten lines with `prefix` before each; begin and end may be left out.
static void make_key(struct bs_buf *out, const char *prefix, bool begin, bool end)
{
	char line[65];
	bs_buf_clear(out);
	if (begin)
		bs_buf_addf(out, "%s-----%s RSA %s KEY-----\n", prefix, "BEGIN", "PRIVATE");
	for (unsigned i = 0; i < 10; i++) {
		make_body(line, i < 9 ? sizeof(line) : 25, BASE64, i + 1);
		bs_buf_addf(out, "%s%s\n", prefix, line);
	}
	if (end)
		bs_buf_addf(out, "%s-----%s RSA %s KEY-----\n", prefix, "END", "PRIVATE");
	bs_buf_add_c(out, "after the key");
}

static void redact_hides_keys_however_a_log_mangles_them(void **state)
{
	(void)state;
	static const char *const prefixes[] = {
		"", "+", "    ", "web_1  | ", "2026-08-01T10:00:00.123Z "};
	struct redacting redacting;
	struct bs_buf key;
	redacting_init(&redacting);
	bs_buf_init(&key, 4096);
	for (size_t i = 0; i < 3 * sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		make_key(&key, prefixes[i / 3], i % 3 != 1, i % 3 != 2);
		struct bs_str out = redacting_run(&redacting, key.ptr);
		for (unsigned line = 0; line < 10; line++) {
			char body[17];
			make_body(body, sizeof(body), BASE64, line + 1);
			if (bs_str_has(out, bs_str_c(body)))
				fail_msg("line %u survived, case %zu: %.*s", line, i, BS_FMT(out));
		}
		assert_true(bs_str_ends(out, BS_LIT("\nafter the key")));
	}
	bs_buf_release(&key);
	redacting_release(&redacting);
}

static void redact_hides_keys_on_one_line(void **state)
{
	(void)state;
	char text[400], body[65];
	struct redacting redacting;
	redacting_init(&redacting);
	make_body(body, sizeof(body), BASE64, 5);
	(void)snprintf(text, sizeof(text),
		"{\"k\": \"-----%s %s KEY-----\\n%s\\nAb9=\\n-----END %s KEY-----\\n\", \"type\": 1}",
		"BEGIN", "PRIVATE", body, "PRIVATE");
	struct bs_str out = redacting_run(&redacting, text);
	assert_false(bs_str_has(out, bs_str(body, 12)));
	assert_true(bs_str_ends(out, BS_LIT("\"type\": 1}")));
	redacting_release(&redacting);
}

static void redact_hides_kubernetes_secrets_before_their_kind_is_known(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{"apiVersion: v1\ndata:\n  user: YWRtaW46cGFzcw==\nkind: Secret\nmetadata:\n  name: some-name-here",
			"apiVersion: v1\ndata:\n  user: [REDACTED:kubernetes-secret#1]\nkind: Secret\n"
			"metadata:\n  name: some-name-here"},
		{"apiVersion: v1\ndata:\n  user: YWRtaW46cGFzcw==\nkind: ConfigMap",
			"apiVersion: v1\ndata:\n  user: YWRtaW46cGFzcw==\nkind: ConfigMap"},
		{"kind: Secret\ndata:\n  user: YWRtaW46cGFzcw==\nother: YWRtaW46cGFzcw==",
			"kind: Secret\ndata:\n  user: [REDACTED:kubernetes-secret#1]\nother: YWRtaW46cGFzcw=="},
	};
	struct redacting redacting;
	redacting_init(&redacting);
	assert_pairs(&redacting, pairs, sizeof(pairs) / sizeof(pairs[0]));
	redacting_release(&redacting);
}

// --- failing closed, texts, the tripwire

static void redact_replaces_a_line_it_cannot_search(void **state)
{
	(void)state;
	struct redacting redacting;
	redacting_init(&redacting);
	assert_int_equal(
		bs_redact_add_pattern(redacting.redact, BS_LIT("(?:a+)+[bc]"), NULL), BS_OK);
	assert_str(
		redacting_run(&redacting, "x\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\ny"),
		"x\n[REDACTED:line#1]\ny");
	redacting_release(&redacting);
}

static void redact_takes_patterns_of_the_user(void **state)
{
	(void)state;
	struct redacting redacting;
	struct bs_err err = {0};
	redacting_init(&redacting);
	assert_int_equal(
		bs_redact_add_pattern(redacting.redact, BS_LIT("acct-([0-9]+)"), NULL), BS_OK);
	assert_str(redacting_run(&redacting, "acct-1234 and acct-77 and acct-1234"),
		"acct-[REDACTED:pattern#1] and acct-[REDACTED:pattern#2] and acct-[REDACTED:pattern#1]");
	assert_int_equal(bs_redact_add_pattern(redacting.redact, BS_LIT("("), &err), BS_USAGE);
	assert_int_equal(err.status, BS_USAGE);
	redacting_release(&redacting);
}

static void redact_text_leaves_placeholders_as_they_are(void **state)
{
	(void)state;
	static const char text[] = "password=[REDACTED:password#1]\ntoken: [REDACTED]\n";
	struct redacting redacting;
	struct bs_buf out;
	redacting_init(&redacting);
	redacting_know(&redacting, "X_TOKEN", "REDACTED:password");
	bs_buf_init(&out, 4096);
	bs_redact_text(redacting.redact, bs_str_c(text), &out);
	assert_str(bs_buf_str(&out), text);
	bs_buf_clear(&out);
	// what only looks like a placeholder does not shelter a value
	redacting_know(&redacting, "Y_TOKEN", "kx7-ozpe-2a");
	bs_redact_text(redacting.redact, BS_LIT("a [REDACTED:kx7-ozpe-2a#1] b"), &out);
	assert_false(bs_str_has(bs_buf_str(&out), BS_LIT("kx7-ozpe-2a")));
	bs_buf_release(&out);
	redacting_release(&redacting);
}

static void redact_tripwire_stops_what_slipped_through(void **state)
{
	(void)state;
	char body[37], text[128];
	struct bs_err err = {0};
	struct redacting redacting;
	redacting_init(&redacting);
	redacting_know(&redacting, "DB_PASSWORD", "pa\"ss\nwo-rd77");
	redacting_know(&redacting, "WORD_TOKEN", "postgres");
	assert_int_equal(bs_redact_tripwire(redacting.redact,
				 BS_LIT("{\"m\": \"failed for postgres [REDACTED:env#1]\"}"), &err),
		BS_OK);
	assert_int_equal(bs_redact_tripwire(
				 redacting.redact, BS_LIT("{\"m\": \"pa\\\"ss\\nwo-rd77\"}"), &err),
		BS_SECRET);
	assert_string_equal(err.msg, "the value of DB_PASSWORD was about to leave");
	make_body(body, sizeof(body), ALNUM, 11);
	(void)snprintf(text, sizeof(text), "{\"m\": \"gh%s%s\"}", "p_", body);
	assert_int_equal(bs_redact_tripwire(redacting.redact, bs_str_c(text), &err), BS_SECRET);
	assert_string_equal(err.msg, "a secret (github-token) was about to leave");
	redacting_release(&redacting);
}

// --- boundaries

static enum bs_status feed_redact(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	return bs_redact_take(ctx, line, err);
}

static void redact_loses_nothing_where_a_long_line_is_cut(void **state)
{
	(void)state;
	enum {
		BYTES = 20000,
		TOKEN = 40
	};
	char *text = malloc(BYTES), token[TOKEN + 1], body[37];
	assert_non_null(text);
	make_body(body, sizeof(body), ALNUM, 21);
	(void)snprintf(token, sizeof(token), "gh%s%s", "p_", body);
	for (size_t at = 0; at + TOKEN<BYTES; at += at> 12100 && at < 12400 ? 1 : 61) {
		struct redacting redacting;
		struct bs_clean *clean = NULL;
		redacting_init(&redacting);
		for (size_t i = 0; i < BYTES; i++)
			text[i] = i % 5 == 4 ? ' ' : 'w';
		memcpy(text + at, token, TOKEN);
		if (at > 0)
			text[at - 1] = '"';
		text[at + TOKEN] = '"';
		assert_int_equal(
			bs_clean_new(0, (struct bs_line_sink){feed_redact, redacting.redact},
				&clean, NULL),
			BS_OK);
		assert_int_equal(bs_clean_feed(clean, bs_str(text, BYTES), NULL), BS_OK);
		assert_int_equal(bs_clean_finish(clean, NULL), BS_OK);
		assert_int_equal(bs_redact_finish(redacting.redact, NULL), BS_OK);
		for (size_t i = 0; i + 10 <= 36; i++) {
			if (bs_str_has(bs_buf_str(&redacting.out), bs_str(body + i, 10)))
				fail_msg("at %zu: %.10s survived", at, body + i);
		}
		bs_clean_free(clean);
		redacting_release(&redacting);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(redact_hides_tokens_whatever_surrounds_them),
		cmocka_unit_test(redact_joins_tokens_that_a_terminal_wrapped),
		cmocka_unit_test(redact_leaves_the_next_line_alone_when_a_token_ended),
		cmocka_unit_test(redact_keeps_words_after_a_line_that_ends_in_a_token),
		cmocka_unit_test(redact_joins_tokens_wrapped_at_any_width),
		cmocka_unit_test(redact_hides_a_password_that_a_sentence_sets),
		cmocka_unit_test(redact_finds_tokens_in_base64_and_percent_encoding),
		cmocka_unit_test(redact_hides_the_values_of_telling_names),
		cmocka_unit_test(redact_keeps_the_evidence),
		cmocka_unit_test(redact_hides_keys_however_a_log_mangles_them),
		cmocka_unit_test(redact_hides_keys_on_one_line),
		cmocka_unit_test(redact_hides_kubernetes_secrets_before_their_kind_is_known),
		cmocka_unit_test(redact_replaces_a_line_it_cannot_search),
		cmocka_unit_test(redact_takes_patterns_of_the_user),
		cmocka_unit_test(redact_text_leaves_placeholders_as_they_are),
		cmocka_unit_test(redact_tripwire_stops_what_slipped_through),
		cmocka_unit_test(redact_loses_nothing_where_a_long_line_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
