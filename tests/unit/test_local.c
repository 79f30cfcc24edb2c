// SPDX-License-Identifier: MIT
// core/llm/local: the summary without a model says what the rules saw, and no more.
#include "tests/unit/unit.h"

#include "core/base/arena.h"
#include "core/llm/local.h"

static struct bs_arena arena;
static struct bs_summary summary;

static int set_up(void **state)
{
	(void)state;
	bs_arena_init(&arena, 1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bs_arena_release(&arena);
	return 0;
}

static void summarise_ended(
	struct bs_finding *findings, size_t count, const struct bs_ending *ending)
{
	static struct bs_excerpt_line lines[] = {
		{7, {"building", 8}}, {8, {"   ", 3}}, {9, {"the very end", 12}}};
	struct bs_excerpt excerpt = {.lines = lines,
		.lines_count = 3,
		.findings = findings,
		.findings_count = count,
		.input_lines = 9};
	assert_int_equal(bs_local_summary(&excerpt, ending, &arena, &summary, NULL), BS_OK);
}

static void summarise(struct bs_finding *findings, size_t count, int exit_status)
{
	summarise_ended(findings, count, &(struct bs_ending){.exit_status = exit_status});
}

static void names_the_failing_test_with_place_and_message(void **state)
{
	(void)state;
	struct bs_finding findings[] = {
		{.rule = "pytest-failed",
			.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_TEST_FAILURE,
			.weight = 85,
			.line_number = 120,
			.text = BS_LIT("FAILED tests/a.py::test_x - assert 1 == 2"),
			.name = BS_LIT("test_x"),
			.file = BS_LIT("tests/a.py")},
		{.rule = "pytest-e",
			.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_TEST_FAILURE,
			.weight = 80,
			.line_number = 110,
			.text = BS_LIT("E   assert 1 == 2"),
			.message = BS_LIT("assert 1 == 2")},
		{.rule = "pytest-totals",
			.role = BS_ROLE_SUMMARY,
			.weight = 50,
			.line_number = 125,
			.text = BS_LIT("=== 1 failed, 9 passed in 0.1s ===")},
	};
	summarise(findings, 3, 1);
	assert_str(summary.headline, "test_x failed: assert 1 == 2");
	assert_int_equal(summary.category, BS_CATEGORY_TEST_FAILURE);
	assert_int_equal(summary.failures_count, 1);
	assert_str(summary.failures[0].file, "tests/a.py");
	assert_int_equal(summary.evidence_count, 3);
	assert_int_equal(summary.evidence[0].line, 110);
	assert_str(summary.evidence[2].text, "=== 1 failed, 9 passed in 0.1s ===");
	assert_int_equal(summary.confidence, BS_CONFIDENCE_MEDIUM);
	assert_true(bs_str_has(summary.summary, BS_LIT("“1 failed, 9 passed in 0.1s”")));
}

static void does_not_lend_one_test_the_message_of_another(void **state)
{
	(void)state;
	struct bs_finding findings[] = {
		{.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_TEST_FAILURE,
			.weight = 85,
			.line_number = 10,
			.text = BS_LIT("FAIL a"),
			.name = BS_LIT("a")},
		{.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_TEST_FAILURE,
			.weight = 85,
			.line_number = 12,
			.text = BS_LIT("FAIL b: boom"),
			.name = BS_LIT("b"),
			.message = BS_LIT("boom")},
	};
	summarise(findings, 2, 1);
	assert_str(summary.headline, "a failed");
	assert_int_equal(summary.failures_count, 2);
}

static void puts_the_lines_about_one_test_together(void **state)
{
	(void)state;
	struct bs_finding findings[] = {
		{.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_TEST_FAILURE,
			.weight = 90,
			.line_number = 110,
			.text = BS_LIT("E   assert 1 == 2"),
			.message = BS_LIT("assert 1 == 2")},
		{.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_TEST_FAILURE,
			.weight = 75,
			.line_number = 100,
			.text = BS_LIT("____ test_x ____"),
			.name = BS_LIT("test_x")},
		{.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_TEST_FAILURE,
			.weight = 70,
			.line_number = 112,
			.text = BS_LIT("tests/a.py:17: AssertionError"),
			.file = BS_LIT("tests/a.py"),
			.file_line = 17,
			.message = BS_LIT("AssertionError")},
		{.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_TEST_FAILURE,
			.weight = 85,
			.line_number = 900,
			.text = BS_LIT("FAILED tests/a.py::test_x"),
			.name = BS_LIT("tests/a.py::test_x"),
			.file = BS_LIT("tests/a.py")},
	};
	summarise(findings, 4, 1);
	assert_int_equal(summary.failures_count, 1);
	assert_str(summary.failures[0].name, "tests/a.py::test_x");
	assert_str(summary.failures[0].file, "tests/a.py");
	assert_int_equal(summary.failures[0].line, 17);
	assert_str(summary.failures[0].message, "assert 1 == 2");
}

static void takes_the_first_of_equal_compile_errors(void **state)
{
	(void)state;
	struct bs_finding findings[] = {
		{.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_COMPILE_ERROR,
			.weight = 90,
			.line_number = 30,
			.text = BS_LIT("b.c:7: error: y"),
			.file = BS_LIT("b.c"),
			.file_line = 7,
			.message = BS_LIT("y")},
		{.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_COMPILE_ERROR,
			.weight = 90,
			.line_number = 20,
			.text = BS_LIT("a.c:3: error: x"),
			.file = BS_LIT("a.c"),
			.file_line = 3,
			.message = BS_LIT("x")},
	};
	summarise(findings, 2, 1);
	assert_str(summary.headline, "a.c:3: x");
	assert_int_equal(summary.failures_count, 2);
	assert_str(summary.failures[1].file, "b.c");
}

static void is_honest_when_the_log_names_no_cause(void **state)
{
	(void)state;
	summarise(NULL, 0, 3);
	assert_str(summary.headline, "The command exited with status 3; the log names no cause");
	assert_int_equal(summary.category, BS_CATEGORY_UNKNOWN);
	assert_int_equal(summary.confidence, BS_CONFIDENCE_LOW);
	assert_int_equal(summary.failures_count, 0);
	assert_int_equal(summary.evidence_count, 2); // the blank line proves nothing
	assert_str(summary.evidence[1].text, "the very end");
}

static void lets_the_exit_status_speak_for_a_silent_log(void **state)
{
	(void)state;
	summarise(NULL, 0, 137);
	assert_int_equal(summary.category, BS_CATEGORY_OUT_OF_MEMORY);
	summarise(NULL, 0, 139);
	assert_int_equal(summary.category, BS_CATEGORY_CRASH);
	summarise(NULL, 0, 124);
	assert_int_equal(summary.category, BS_CATEGORY_TIMEOUT);
}

static const struct bs_finding failed_test = {.rule = "pytest-failed",
	.role = BS_ROLE_CAUSE,
	.category = BS_CATEGORY_TEST_FAILURE,
	.weight = 85,
	.line_number = 120,
	.text = {"FAILED tests/a.py::test_x - assert 1 == 2", 41},
	.name = {"test_x", 6},
	.message = {"assert 1 == 2", 13}};

static void lets_a_forced_end_outweigh_a_failing_test(void **state)
{
	(void)state;
	struct bs_finding findings[] = {failed_test};
	summarise(findings, 1, 137);
	assert_int_equal(summary.category, BS_CATEGORY_OUT_OF_MEMORY);
	assert_str(summary.headline,
		"The command was ended by signal 9 (killed, SIGKILL: mostly out of memory); the "
		"log also shows: test_x failed: assert 1…");
	assert_true(bs_str_starts(summary.summary, BS_LIT("The command was ended by signal 9")));
	assert_true(bs_str_has(summary.summary, BS_LIT("The log shows one failure: test_x")));
	summarise(findings, 1, 139);
	assert_int_equal(summary.category, BS_CATEGORY_CRASH);
	summarise(findings, 1, 124);
	assert_int_equal(summary.category, BS_CATEGORY_TIMEOUT);
	summarise(findings, 1, 1);
	assert_int_equal(summary.category, BS_CATEGORY_TEST_FAILURE);
	summarise(findings, 1, 127);
	assert_int_equal(summary.category, BS_CATEGORY_TEST_FAILURE);
	findings[0].category = BS_CATEGORY_NETWORK; // that may well be why it was ended
	summarise(findings, 1, 143);
	assert_int_equal(summary.category, BS_CATEGORY_NETWORK);
}

static void never_takes_a_time_out_for_a_lack_of_memory(void **state)
{
	(void)state;
	struct bs_ending ending = {
		.exit_status = 137, .by_signal = true, .timed_out = true, .limit_ms = 1800000};
	struct bs_finding findings[] = {
		{.rule = "system-killed",
			.role = BS_ROLE_CAUSE,
			.category = BS_CATEGORY_OUT_OF_MEMORY,
			.weight = 90,
			.line_number = 8,
			.text = BS_LIT("signal: killed")},
		failed_test,
	};
	summarise_ended(findings, 1, &ending);
	assert_int_equal(summary.category, BS_CATEGORY_TIMEOUT);
	assert_str(summary.headline, "The job ran out of its 30 minutes; the log names no cause");
	assert_false(bs_str_has(summary.summary, BS_LIT("memory")));
	assert_int_equal(summary.failures_count, 0);
	summarise_ended(findings, 2, &ending);
	assert_int_equal(summary.category, BS_CATEGORY_TIMEOUT);
	assert_str(summary.headline,
		"The job ran out of its 30 minutes; the log also shows: test_x failed: assert 1 == 2");
	ending.limit_ms = 0;
	summarise_ended(findings, 1, &ending);
	assert_str(summary.headline, "The job ran out of time; the log names no cause");
}

static void says_what_is_known_of_a_signal(void **state)
{
	(void)state;
	summarise_ended(NULL, 0, &(struct bs_ending){.exit_status = -1, .by_signal = true});
	assert_str(summary.headline, "The command was ended by a signal; the log names no cause");
	assert_int_equal(summary.category, BS_CATEGORY_UNKNOWN);
	summarise_ended(NULL, 0, &(struct bs_ending){.exit_status = 139, .by_signal = true});
	assert_str(summary.headline,
		"The command was ended by signal 11 (crashed, SIGSEGV); the log names no cause");
	assert_int_equal(summary.category, BS_CATEGORY_CRASH);
	summarise_ended(
		NULL, 0, &(struct bs_ending){.exit_status = -1, .failed = BS_FAILED_BEFORE});
	assert_str(
		summary.headline, "The job failed before its command ran; the log names no cause");
	summarise_ended(NULL, 0, &(struct bs_ending){.exit_status = -1});
	assert_str(summary.headline, "The build failed; the log names no cause");
}

static void keeps_to_the_limits_of_the_contract(void **state)
{
	(void)state;
	static char text[4000];
	struct bs_finding findings[40];
	memset(text, 'w', sizeof(text));
	for (size_t i = 0; i < sizeof(text); i += 7)
		text[i] = ' ';
	for (size_t i = 0; i < 40; i++)
		findings[i] = (struct bs_finding){.role = BS_ROLE_CAUSE,
			.weight = 90,
			.line_number = i + 1,
			.text = bs_str(text, sizeof(text)),
			.file = bs_str(text, i + 1),
			.file_line = i,
			.message = bs_str(text, sizeof(text))};
	summarise(findings, 40, 1);
	assert_true(bs_str_chars(summary.headline) <= 120);
	assert_true(bs_str_chars(summary.summary) <= 700);
	assert_int_equal(summary.failures_count, BS_FAILURES_MAX);
	assert_true(bs_str_ends(summary.headline, BS_LIT("…")));
}

static void leaves_a_long_path_s_message_its_room(void **state)
{
	(void)state;
	struct bs_finding findings[] = {{.role = BS_ROLE_CAUSE,
		.category = BS_CATEGORY_COMPILE_ERROR,
		.weight = 85,
		.line_number = 10,
		.text = BS_LIT("..."),
		.file = BS_LIT(
			"/home/ci/build/acme/shop/core/src/main/java/com/acme/shop/Agent.java"),
		.file_line = 12,
		.message = BS_LIT("package com.sun.tools.attach does not exist")}};
	summarise(findings, 1, 1);
	assert_str(summary.headline, "…/shop/core/src/main/java/com/acme/shop/Agent.java:12: "
				     "package com.sun.tools.attach does not exist");
	assert_str(summary.failures[0].file,
		"/home/ci/build/acme/shop/core/src/main/java/com/acme/shop/Agent.java");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			names_the_failing_test_with_place_and_message, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			does_not_lend_one_test_the_message_of_another, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			puts_the_lines_about_one_test_together, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			takes_the_first_of_equal_compile_errors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			is_honest_when_the_log_names_no_cause, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			lets_the_exit_status_speak_for_a_silent_log, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			lets_a_forced_end_outweigh_a_failing_test, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			never_takes_a_time_out_for_a_lack_of_memory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(says_what_is_known_of_a_signal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			leaves_a_long_path_s_message_its_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			keeps_to_the_limits_of_the_contract, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
