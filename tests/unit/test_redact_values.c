// SPDX-License-Identifier: MIT
// core/rules/redact_values and its forms: known values, however they are written; and every pattern
// compiles.
#include "tests/unit/unit.h"

#include "tests/unit/redacting.h"

#include "core/ext/regex.h"
#include "core/rules/redact_forms.h"
#include "core/rules/redact_patterns.h"

#define VALUE "vrl-tpu!&/\"\\x46"

static void values_are_found_in_every_form(void **state)
{
	(void)state;
	static const char *const forms[] = {VALUE, "vrl-tpu!&/\\\"\\\\x46",
		"vrl-tpu!\\u0026/\\\"\\\\x46", "vrl-tpu!&\\/\\\"\\\\x46",
		"vrl-tpu%21%26%2F%22%5Cx46", "vrl-tpu%21%26%2f%22%5cx46", "vrl-tpu!%26%2F%22%5Cx46",
		"vrl-tpu!&amp;/&quot;\\x46", "vrl-tpu!&amp;/&#34;\\x46", "dnJsLXRwdSEmLyJceDQ2",
		"76726c2d74707521262f225c783436", "76726C2D74707521262F225C783436",
		"vrl-tpu!&/\\\\\\\"\\\\\\\\x46"}; // JSON in JSON
	struct redacting redacting;
	redacting_init(&redacting);
	redacting_know(&redacting, "MY_TOKEN", VALUE);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		char text[128];
		(void)snprintf(text, sizeof(text), ">>%s<<", forms[i]);
		assert_str(redacting_run(&redacting, text), ">>[REDACTED:env#1]<<");
	}
	redacting_release(&redacting);
}

static void values_are_found_in_base64_wherever_they_start(void **state)
{
	(void)state;
	struct redacting redacting;
	redacting_init(&redacting);
	redacting_know(&redacting, "MY_TOKEN", "vrlpkr-tpuhx46!");
	// base64 of "a", "ab", "abc" before the value and "zz" after it
	static const char *const texts[] = {"YXZybHBrci10cHVoeDQ2IXp6",
		"YWJ2cmxwa3ItdHB1aHg0NiF6eg==", "YWJjdnJscGtyLXRwdWh4NDYheno="};
	for (size_t i = 0; i < 3; i++)
		assert_true(bs_str_has(
			redacting_run(&redacting, texts[i]), BS_LIT("[REDACTED:env#1]")));
	redacting_release(&redacting);
}

static void values_of_several_lines_are_found_whole_and_by_line(void **state)
{
	(void)state;
	struct redacting redacting;
	redacting_init(&redacting);
	redacting_know(&redacting, "A_SECRET", "line-one-of-it\nline-two-of-it\n");
	redacting_know(&redacting, "B_SECRET", "abc\n defgh");
	assert_str(redacting_run(&redacting, "cfg:\n  line-one-of-it\n  line-two-of-it"),
		"cfg:\n  [REDACTED:env#1]\n  [REDACTED:env#1]");
	// the agent lets any white space stand for a newline
	assert_str(redacting_run(&redacting, "x abc  defgh y"), "x [REDACTED:env#2] y");
	assert_str(redacting_run(&redacting, "x abc\n   defgh y"),
		"x [REDACTED:env#2]\n   [REDACTED:env#2] y");
	redacting_release(&redacting);
}

static void values_that_overlap_go_together(void **state)
{
	(void)state;
	struct redacting redacting;
	redacting_init(&redacting);
	redacting_know(&redacting, "A_TOKEN", "vrlpkr-tXY");
	redacting_know(&redacting, "B_TOKEN", "XYvrlpkr-t");
	redacting_know(&redacting, "C_TOKEN", "vrlpkr");
	assert_str(redacting_run(&redacting, "z vrlpkr-tXYvrlpkr-t z"), "z [REDACTED:env#1] z");
	assert_str(redacting_run(&redacting, "vrlpkr"), "[REDACTED:env#2]");
	redacting_release(&redacting);
}

static void values_broken_by_a_terminal_are_found(void **state)
{
	(void)state;
	const char value[] = "vrlpkr-tpuhx46!";
	struct redacting redacting;
	redacting_init(&redacting);
	redacting_know(&redacting, "MY_TOKEN", value);
	for (size_t cut = 1; cut + 1 < sizeof(value); cut++) {
		char text[256], pad[80];
		memset(pad, 'x', sizeof(pad));
		(void)snprintf(text, sizeof(text), "%.*s%.*s\n%s y", (int)(80 - cut), pad, (int)cut,
			value, value + cut);
		struct bs_str out = redacting_run(&redacting, text);
		assert_true(bs_str_ends(out, BS_LIT("\n[REDACTED:env#1] y")));
		assert_false(cut > 2 && bs_str_has(out, bs_str(value, 3)));
	}
	redacting_release(&redacting);
}

static void values_too_plain_are_let_be(void **state)
{
	(void)state;
	static const char *const environ[] = {"SHORT_TOKEN=ab1", "BOOL_TOKEN=true",
		"PATH_SECRET=/usr/bin", "MODE_TOKEN=production", "EMPTY_TOKEN=", "HOME=/root",
		"OTHER=abcdef-123", NULL};
	static const char text[] = "ab1 true /usr/bin production /root abcdef-123";
	struct redacting redacting;
	redacting_init(&redacting);
	assert_int_equal(bs_redact_add_environ(redacting.redact, environ, NULL, 0, NULL), BS_OK);
	assert_str(redacting_run(&redacting, text), text);
	assert_int_equal(redacting.diag.notes_count, 1);
	assert_string_equal(redacting.diag.notes[0],
		"SHORT_TOKEN is too short to be redacted (less than 6 bytes)");
	redacting_release(&redacting);
}

static void values_are_chosen_by_the_globs_of_agent_and_user(void **state)
{
	(void)state;
	static const char *const environ[] = {"BUILDKITE_REDACTED_VARS=MY_*, X_THING",
		"MY_ONE=qwe-rty-111", "X_THING=qwe-rty-222", "OPENAI_API_KEY=qwe-rty-333",
		"ANY_SSH_KEY=qwe-rty-444", "PLAIN=qwe-rty-555", "NAMED=qwe-rty-666", NULL};
	static const char *const globs[] = {"NAM?D"};
	struct redacting redacting;
	redacting_init(&redacting);
	assert_int_equal(bs_redact_add_environ(redacting.redact, environ, globs, 1, NULL), BS_OK);
	assert_int_equal(bs_redact_add_environ(redacting.redact, environ, globs, 1, NULL), BS_OK);
	assert_str(
		redacting_run(&redacting,
			"qwe-rty-111 qwe-rty-222 qwe-rty-333 qwe-rty-444 qwe-rty-555 qwe-rty-666"),
		"[REDACTED:env#1] [REDACTED:env#2] [REDACTED:env#3] [REDACTED:env#4] qwe-rty-555 "
		"[REDACTED:env#5]");
	redacting_release(&redacting);
}

static void values_too_long_are_found_by_their_pieces(void **state)
{
	(void)state;
	enum {
		BYTES = 100 * 1024
	};
	char *value = malloc(BYTES + 1);
	struct redacting redacting;
	assert_non_null(value);
	redacting_init(&redacting);
	make_body(value, BYTES + 1, BASE64, 77);
	redacting_know(&redacting, "LONG_TOKEN", value);
	value[3000] = '\0';
	struct bs_str out = redacting_run(&redacting, value + 2048 - 64);
	assert_false(bs_str_has(out, bs_str(value + 2200, 12)));
	assert_true(bs_str_starts(out, BS_LIT("[REDACTED:env#1]")));
	free(value);
	redacting_release(&redacting);
}

static void values_a_million_times_over_take_linear_time(void **state)
{
	(void)state;
	struct redacting redacting;
	struct bs_buf text;
	redacting_init(&redacting);
	redacting_know(&redacting, "MY_TOKEN", "aaaaaaaaaaaaaaaaaaaa");
	bs_buf_init(&text, 8 * 1024 * 1024);
	for (size_t i = 0; i < 1000 * 1000; i++)
		bs_buf_add_c(&text, i % 16000 == 15999 ? "a\n" : "a"); // overlaps itself everywhere
	struct bs_str out = redacting_run(&redacting, text.ptr);
	assert_false(bs_str_has(out, BS_LIT("aaaaa")));
	bs_buf_release(&text);
	redacting_release(&redacting);
}

static void patterns_all_compile_and_have_literals_that_can_be_sought(void **state)
{
	(void)state;
	const struct bs_pattern *const tables[] = {bs_patterns_tokens, bs_patterns_shapes};
	for (size_t t = 0; t < 2; t++) {
		for (const struct bs_pattern *row = tables[t]; row->kind; row++) {
			struct bs_regex *regex = NULL;
			struct bs_err err = {0};
			struct bs_str rest = bs_str_c(row->literals), literal;
			if (bs_regex_new(bs_str_c(row->pattern), 0, &regex, &err) != BS_OK)
				fail_msg("%s: %s", row->kind, err.msg);
			bs_regex_free(regex);
			while (bs_str_split(&rest, '|', &literal))
				assert_true(literal.len >= BS_LITERAL_BYTES_MIN);
			assert_true(
				strlen(row->kind) < 32 && bs_patterns_is_kind(bs_str_c(row->kind)));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_found_in_every_form),
		cmocka_unit_test(values_are_found_in_base64_wherever_they_start),
		cmocka_unit_test(values_of_several_lines_are_found_whole_and_by_line),
		cmocka_unit_test(values_that_overlap_go_together),
		cmocka_unit_test(values_broken_by_a_terminal_are_found),
		cmocka_unit_test(values_too_plain_are_let_be),
		cmocka_unit_test(values_are_chosen_by_the_globs_of_agent_and_user),
		cmocka_unit_test(values_too_long_are_found_by_their_pieces),
		cmocka_unit_test(values_a_million_times_over_take_linear_time),
		cmocka_unit_test(patterns_all_compile_and_have_literals_that_can_be_sought),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
