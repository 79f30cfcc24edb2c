// SPDX-License-Identifier: MIT
// core/llm/ground: quotes, files, numbers and the verdict against the excerpt.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/llm/ground.h"

struct fixture {
	struct bs_arena arena;
	struct bs_buf errors;
	struct bs_excerpt excerpt;
	struct bs_excerpt_line lines[9];
	struct bs_summary summary;
};

static int setup(void **state)
{
	static const struct {
		uint64_t number;
		const char *text;
	} lines[] = {
		{1, "$ make"},
		{0, "[lines 2-9 left out]"},
		{10, "src/a.c:12:5: error: expected ';' before 'return'"},
		{11, "   12 |\t  x = 1"},
		{12, "      |       ^"},
		{13, "FAILED"},
		{14, ""},
		{30, "src/a.c:12:5: error: expected ';' before 'return'"},
		{31, "make: *** [Makefile:7: a.o] Error 1"},
	};
	struct fixture *f = calloc(1, sizeof(*f));
	struct bs_buf text;
	if (!f)
		return -1;
	bs_arena_init(&f->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_buf_init(&f->errors, BS_VIOLATIONS_BYTES_MAX);
	bs_buf_init(&text, 4096);
	for (size_t i = 0; i < 9; i++) {
		f->lines[i] = (struct bs_excerpt_line){lines[i].number, bs_str_c(lines[i].text)};
		bs_buf_addf(&text, "%s\n", lines[i].text);
	}
	f->excerpt = (struct bs_excerpt){.text = bs_arena_str(&f->arena, bs_buf_str(&text)),
		.lines = f->lines,
		.lines_count = 9,
		.input_lines = 31};
	bs_buf_release(&text);
	f->summary = (struct bs_summary){.headline = BS_LIT("src/a.c does not compile"),
		.category = BS_CATEGORY_COMPILE_ERROR,
		.evidence = {{10, BS_LIT("error: expected ';' before 'return'")}},
		.evidence_count = 1};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	bs_arena_release(&f->arena);
	bs_buf_release(&f->errors);
	free(f);
	return 0;
}

static enum bs_status check_ended(struct fixture *f, const struct bs_ending *ending)
{
	bs_buf_clear(&f->errors);
	return bs_ground_check(&f->excerpt, ending, &f->arena, &f->summary, &f->errors, NULL);
}

static enum bs_status check(struct fixture *f, int exit_status)
{
	return check_ended(f, &(struct bs_ending){.exit_status = exit_status});
}

static void quote(struct fixture *f, uint64_t line, const char *text)
{
	f->summary.evidence[0] = (struct bs_evidence){line, bs_str_c(text)};
	f->summary.evidence_count = 1;
}

static void ground_sets_the_number_of_the_nearest_occurrence(void **state)
{
	struct fixture *f = *state;
	static const struct {
		uint64_t given, found;
	} cases[] = {{0, 10}, {9, 10}, {10, 10}, {19, 10}, {21, 30}, {30, 30}, {4000, 30}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		quote(f, cases[i].given, " error: expected ';' before 'return'");
		assert_int_equal(check(f, 2), BS_OK);
		assert_int_equal(f->summary.evidence[0].line, cases[i].found);
		assert_str(f->summary.evidence[0].text, "error: expected ';' before 'return'");
	}
}

static void ground_refuses_what_the_log_does_not_say(void **state)
{
	struct fixture *f = *state;
	quote(f, 10, "src/a.c:13:5: error: expected ';' before 'return'");
	assert_int_equal(check(f, 2), BS_FORMAT);
	assert_str(bs_buf_str(&f->errors), "/evidence/0/text: does not stand in the log: "
					   "src/a.c:13:5: error: expected ';' before 'return'\n");
	quote(f, 10, "[lines 2-9 left out]");
	assert_int_equal(check(f, 2), BS_FORMAT); // ours, and so no evidence
}

static void ground_wants_a_telling_part_or_a_whole_line(void **state)
{
	struct fixture *f = *state;
	quote(f, 13, "FAILED");
	assert_int_equal(check(f, 2), BS_OK); // a whole line, however short
	quote(f, 10, "error: ");
	assert_int_equal(check(f, 2), BS_FORMAT);
	assert_str(bs_buf_str(&f->errors), "/evidence/0/text: is no whole line of the log and too "
					   "short for a part of one: error:\n");
	quote(f, 10, "expected");
	assert_int_equal(check(f, 2), BS_OK); // eight characters
}

static void ground_forgives_layout_and_then_quotes_the_log(void **state)
{
	struct fixture *f = *state;
	quote(f, 11, "12 | x =   1");
	assert_int_equal(check(f, 2), BS_OK);
	assert_int_equal(f->summary.evidence[0].line, 11);
	assert_str(f->summary.evidence[0].text, "12 |   x = 1");
}

static void ground_takes_off_what_models_put_around_a_quote(void **state)
{
	struct fixture *f = *state;
	static const char *const dressed[] = {"\"make: *** [Makefile:7: a.o] Error 1\"",
		"`make: *** [Makefile:7: a.o] Error 1`", "31: make: *** [Makefile:7: a.o] Error 1",
		"31| make: *** [Makefile:7: a.o] Error 1"};
	for (size_t i = 0; i < sizeof(dressed) / sizeof(dressed[0]); i++) {
		quote(f, 0, dressed[i]);
		assert_int_equal(check(f, 2), BS_OK);
		assert_str(f->summary.evidence[0].text, "make: *** [Makefile:7: a.o] Error 1");
	}
	quote(f, 0, "…error: expected ';'...");
	assert_int_equal(check(f, 2), BS_OK);
	assert_str(f->summary.evidence[0].text, "error: expected ';'");
	quote(f, 0, "...error: expected...");
	assert_int_equal(check(f, 2), BS_OK);
	quote(f, 0, "...");
	assert_int_equal(check(f, 2), BS_FORMAT);
}

static void ground_splits_a_quote_of_several_lines(void **state)
{
	struct fixture *f = *state;
	quote(f, 30,
		"src/a.c:12:5: error: expected ';' before 'return'\n\n"
		"[lines 2-9 left out]\nmake: *** [Makefile:7: a.o] Error 1\n");
	assert_int_equal(check(f, 2), BS_OK);
	assert_int_equal(f->summary.evidence_count, 2);
	assert_int_equal(f->summary.evidence[0].line, 30);
	assert_int_equal(f->summary.evidence[1].line, 31);
	assert_str(f->summary.evidence[1].text, "make: *** [Makefile:7: a.o] Error 1");
}

static void ground_wants_evidence_unless_the_log_is_silent(void **state)
{
	struct fixture *f = *state;
	f->summary.evidence_count = 0;
	assert_int_equal(check(f, 2), BS_FORMAT);
	f->summary.category = BS_CATEGORY_UNKNOWN;
	assert_int_equal(check(f, 2), BS_FORMAT);
	f->excerpt.silent = true;
	assert_int_equal(check(f, 2), BS_OK);
	f->summary.category = BS_CATEGORY_TIMEOUT;
	assert_int_equal(check(f, 2), BS_FORMAT);
}

static void ground_refuses_a_file_that_is_not_named(void **state)
{
	struct fixture *f = *state;
	f->summary.failures_count = 2;
	f->summary.failures[0].file = BS_LIT("src/a.c");
	f->summary.failures[1].file = BS_LIT("src/b.c");
	assert_int_equal(check(f, 2), BS_FORMAT);
	assert_str(
		bs_buf_str(&f->errors), "/failures/1/file: does not stand in the log: src/b.c\n");
}

static void ground_drops_a_line_number_that_is_nowhere(void **state)
{
	struct fixture *f = *state;
	f->summary.failures_count = 3;
	f->summary.failures[0].line = 12;
	f->summary.failures[1].line = 2; // only as a part of 12
	f->summary.failures[2].line = 99;
	assert_int_equal(check(f, 2), BS_OK);
	assert_int_equal(f->summary.failures[0].line, 12);
	assert_int_equal(f->summary.failures[2].line, 0);
	assert_int_equal(f->summary.failures[1].line, 2); // "[lines 2-9": stands there
}

static void ground_does_not_let_a_failed_build_succeed(void **state)
{
	struct fixture *f = *state;
	static const char *const lies[] = {"Build passed", "All tests passed",
		"The build succeeded without problems", "No failures found", "no errors",
		"Success: everything is fine"};
	static const char *const truths[] = {"Tests passed, but coverage is below 80 %",
		"3 tests failed, 10 passed", "Deploy step exited with 1 after tests passed",
		"No space left on device", "src/a.c does not compile"};
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		f->summary.headline = bs_str_c(lies[i]);
		assert_int_equal(check(f, 1), BS_FORMAT);
		assert_int_equal(check(f, -1), BS_FORMAT);
		assert_int_equal(check(f, 0), BS_OK);
	}
	for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
		f->summary.headline = bs_str_c(truths[i]);
		if (check(f, 1) != BS_OK)
			fail_msg("refused: %s", truths[i]);
	}
}

static void ground_lets_a_silent_log_be_called_silent(void **state)
{
	struct fixture *f = *state;
	f->summary.headline = BS_LIT("The log shows no error");
	assert_int_equal(check(f, 1), BS_FORMAT);
	f->summary.category = BS_CATEGORY_UNKNOWN;
	f->excerpt.silent = true;
	assert_int_equal(check(f, 1), BS_OK);
}

static void ground_compares_the_category_with_the_exit_status(void **state)
{
	struct fixture *f = *state;
	f->summary.category = BS_CATEGORY_TEST_FAILURE;
	assert_int_equal(check(f, 137), BS_OK);
	f->summary.category = BS_CATEGORY_LINT;
	assert_int_equal(check(f, 137), BS_FORMAT);
	assert_str(bs_buf_str(&f->errors),
		"/category: the command was killed, crashed or ran out of time: lint\n");
	assert_int_equal(check(f, 1), BS_OK);
}

static void ground_takes_no_time_out_for_a_lack_of_memory(void **state)
{
	struct fixture *f = *state;
	struct bs_ending ending = {.exit_status = 137};
	f->summary.category = BS_CATEGORY_OUT_OF_MEMORY;
	assert_int_equal(check_ended(f, &ending), BS_OK);
	ending.timed_out = true;
	assert_int_equal(check_ended(f, &ending), BS_FORMAT);
	assert_true(
		bs_str_starts(bs_buf_str(&f->errors), BS_LIT("/category: the job's time was up")));
	f->summary.category = BS_CATEGORY_TIMEOUT;
	assert_int_equal(check_ended(f, &ending), BS_OK);
}

static void ground_leaves_a_refused_summary_as_it_was(void **state)
{
	struct fixture *f = *state;
	struct bs_summary before = f->summary;
	f->summary.evidence[0].line = before.evidence[0].line = 17;
	f->summary.headline = before.headline = BS_LIT("Build passed");
	assert_int_equal(check(f, 1), BS_FORMAT);
	assert_memory_equal(&before, &f->summary, sizeof(before));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ground_sets_the_number_of_the_nearest_occurrence),
		TEST(ground_refuses_what_the_log_does_not_say),
		TEST(ground_wants_a_telling_part_or_a_whole_line),
		TEST(ground_forgives_layout_and_then_quotes_the_log),
		TEST(ground_takes_off_what_models_put_around_a_quote),
		TEST(ground_splits_a_quote_of_several_lines),
		TEST(ground_wants_evidence_unless_the_log_is_silent),
		TEST(ground_refuses_a_file_that_is_not_named),
		TEST(ground_drops_a_line_number_that_is_nowhere),
		TEST(ground_does_not_let_a_failed_build_succeed),
		TEST(ground_lets_a_silent_log_be_called_silent),
		TEST(ground_compares_the_category_with_the_exit_status),
		TEST(ground_takes_no_time_out_for_a_lack_of_memory),
		TEST(ground_leaves_a_refused_summary_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
