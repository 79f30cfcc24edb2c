// SPDX-License-Identifier: MIT
// core/llm/validate: from the text of an answer to a summary, or to why there is none.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/llm/validate.h"

#define ANSWER                                                                                    \
	"{\"evidence\":[{\"line\":1,\"text\":\"a.c:3:5: error: expected ';'\"}],\"failures\":[]," \
	"\"category\":\"compile_error\",\"summary\":\"a.c lacks a semicolon.\",\"headline\":"     \
	"\"a.c does not compile\",\"next_step\":\"\",\"confidence\":\"high\"}"

struct fixture {
	struct bs_arena arena;
	struct bs_buf errors;
	struct bs_excerpt_line line;
	struct bs_excerpt excerpt;
	struct bs_validated validated;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	if (!f)
		return -1;
	bs_arena_init(&f->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_buf_init(&f->errors, BS_VIOLATIONS_BYTES_MAX);
	f->line = (struct bs_excerpt_line){1, BS_LIT("a.c:3:5: error: expected ';'")};
	f->excerpt = (struct bs_excerpt){.text = BS_LIT("a.c:3:5: error: expected ';'\n"),
		.lines = &f->line,
		.lines_count = 1,
		.input_lines = 1};
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

static const struct bs_ending failed = {.exit_status = 1};

static enum bs_outcome validate(struct fixture *f, const char *answer)
{
	bs_buf_clear(&f->errors);
	assert_int_equal(bs_validate_answer(bs_str_c(answer), &f->excerpt, &failed, &f->arena,
				 &f->validated, &f->errors, NULL),
		BS_OK);
	assert_int_equal(f->errors.len > 0, f->validated.outcome != BS_OUTCOME_OK);
	return f->validated.outcome;
}

static void validate_accepts_a_clean_answer_as_it_is(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(validate(f, ANSWER), BS_OUTCOME_OK);
	assert_false(f->validated.repaired);
	assert_str(f->validated.summary.headline, "a.c does not compile");
}

static void validate_tells_that_it_repaired(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(validate(f, "Here:\n```json\n" ANSWER "\n```\n"), BS_OUTCOME_OK);
	assert_true(f->validated.repaired);
	assert_int_equal(validate(f, "<think>the {\"a\":1} thing</think>\n" ANSWER), BS_OUTCOME_OK);
	assert_true(f->validated.repaired);
	assert_int_equal(validate(f, "{\"summary\":" ANSWER "}"), BS_OUTCOME_OK);
	assert_true(f->validated.repaired);
	assert_int_equal(validate(f, "[" ANSWER "]"), BS_OUTCOME_OK);
	assert_true(f->validated.repaired);
}

static void validate_tells_what_is_wrong(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(validate(f, " \n\t"), BS_OUTCOME_EMPTY);
	assert_str(bs_buf_str(&f->errors), "the answer is empty\n");
	assert_int_equal(validate(f, "I cannot tell."), BS_OUTCOME_INVALID_JSON);
	assert_str(bs_buf_str(&f->errors), "JSON: byte 0: expected a value\n");
	assert_int_equal(validate(f, "{\"headline\":\"cut of"), BS_OUTCOME_INVALID_JSON);
	assert_int_equal(validate(f, "{\"headline\":\"x\"}"), BS_OUTCOME_INVALID_SUMMARY);
	assert_true(bs_str_starts(bs_buf_str(&f->errors), BS_LIT("/evidence: is missing\n")));
	f->line.text = BS_LIT("something else");
	assert_int_equal(validate(f, ANSWER), BS_OUTCOME_INVALID_SUMMARY);
	assert_true(bs_str_starts(bs_buf_str(&f->errors),
		BS_LIT("/evidence/0/text: does not stand in the log: a.c:3:5")));
}

static void validate_fails_for_memory(void **state)
{
	struct fixture *f = *state;
	struct bs_arena none;
	struct bs_err err = {0};
	bs_arena_init(&none, 64);
	assert_int_equal(bs_validate_answer(BS_LIT(ANSWER), &f->excerpt, &failed, &none,
				 &f->validated, &f->errors, &err),
		BS_NOMEM);
	assert_int_equal(err.status, BS_NOMEM);
	bs_arena_release(&none);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(validate_accepts_a_clean_answer_as_it_is),
		TEST(validate_tells_that_it_repaired),
		TEST(validate_tells_what_is_wrong),
		TEST(validate_fails_for_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
