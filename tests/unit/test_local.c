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

static void summarise(struct bs_finding *findings, size_t count, int exit_status)
{
	static struct bs_excerpt_line lines[] = {
		{7, {"building", 8}}, {8, {"   ", 3}}, {9, {"the very end", 12}}};
	struct bs_excerpt excerpt = {.lines = lines,
		.lines_count = 3,
		.findings = findings,
		.findings_count = count,
		.input_lines = 9};
	assert_int_equal(bs_local_summary(&excerpt, exit_status, &arena, &summary, NULL), BS_OK);
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
			leaves_a_long_path_s_message_its_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			keeps_to_the_limits_of_the_contract, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
