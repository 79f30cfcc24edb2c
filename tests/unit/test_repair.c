// SPDX-License-Identifier: MIT
// core/llm/repair: what is mended without a guess, and what is left alone.
#include "tests/unit/unit.h"

#include "core/llm/repair.h"

static void assert_repaired(const char *text, const char *expected)
{
	struct bs_buf out;
	bs_buf_init(&out, BS_JSON_BYTES_MAX);
	bool done = bs_repair_json(bs_str_c(text), &out);
	if (done != (expected != NULL) || (expected && !bs_str_eq_c(bs_buf_str(&out), expected)))
		fail_msg("%s: got %s", text, done ? out.ptr : "nothing");
	if (!done)
		assert_int_equal(out.len, 0);
	bs_buf_release(&out);
}

static void repair_takes_the_object_out_of_what_surrounds_it(void **state)
{
	(void)state;
	assert_repaired("\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}");
	assert_repaired("```json\n{\"a\": 1}\n```", "{\"a\":1}");
	assert_repaired("Sure! Here it is:\n{\"a\":[1, 2]}\nHope that helps.", "{\"a\":[1,2]}");
	assert_repaired("<think>if (x) {}</think>{\"a\":1}", "{\"a\":1}");
	assert_repaired("The set {x} holds: {\"a\":1}", "{\"a\":1}");
	assert_repaired("{\"a\":1}}", "{\"a\":1}");
	assert_repaired("{\"a\":1};", "{\"a\":1}");
}

static void repair_takes_no_object_out_of_thoughts(void **state)
{
	(void)state;
	assert_repaired("<think>the {\"a\":1} thing</think>\n{\"b\":2}", "{\"b\":2}");
	assert_repaired(
		"\n<think>\n{\"a\":1}\n{\"a\":</think>```json\n{\"b\":2}\n```", "{\"b\":2}");
	assert_repaired("<think>{\"a\":1}</think>Here it is: {\"b\":2,}", "{\"b\":2}");
	assert_repaired("<think>{\"a\":1}</think><think>{\"c\":1}</think>{\"b\":2}", "{\"b\":2}");
	assert_repaired("<thinking>{\"a\":1}</thinking>{\"b\":2}", "{\"b\":2}");
	assert_repaired("[THINK]{\"a\":1}[/THINK]{\"b\":2}", "{\"b\":2}");
	assert_repaired("the {\"a\":1} thing</think>\n\n{\"b\":2}", "{\"b\":2}");
	assert_repaired("<think>{\"a\":1}</think>", NULL);
	assert_repaired("<think>{\"a\":1}</think>{\"b\":", NULL);
	assert_repaired("<think>{\"a\":1}</think>{\"b\":2}{\"c\":3}", NULL);
}

static void repair_leaves_marks_of_thoughts_in_the_answer_alone(void **state)
{
	(void)state;
	assert_repaired("{\"a\":\"no </think> here\",\"b\":[{\"c\":1}],}",
		"{\"a\":\"no </think> here\",\"b\":[{\"c\":1}]}");
	assert_repaired("Sure: {\"a\":\"no </think> here\",\"b\":[{\"c\":1}]}",
		"{\"a\":\"no </think> here\",\"b\":[{\"c\":1}]}");
	assert_repaired("<think>{\"a\":1}</think>{\"a\":\"</think> is missing\",\"b\":[{\"c\":1}]}",
		"{\"a\":\"</think> is missing\",\"b\":[{\"c\":1}]}");
}

static void repair_mends_commas_newlines_and_stray_backslashes(void **state)
{
	(void)state;
	assert_repaired("{\"a\":[1,2,],\"b\":{\"c\":1,},}", "{\"a\":[1,2],\"b\":{\"c\":1}}");
	assert_repaired("{\"a\":\"one\ntwo\tthree\"}", "{\"a\":\"one\\u000atwo\\u0009three\"}");
	assert_repaired("{\"a\":\"C:\\dir\\'\"}", "{\"a\":\"C:\\\\dir\\\\'\"}");
	assert_repaired("{\"a\":\"\\u00e4\\\"\\\\\"}", "{\"a\":\"\\u00e4\\\"\\\\\"}");
	assert_repaired("{\"a\":\"{not} [this], }\"}", "{\"a\":\"{not} [this], }\"}");
}

static void repair_never_guesses(void **state)
{
	(void)state;
	static const char *const hopeless[] = {"", "no json", "{}", "{\"a\":1", "{\"a\":{\"b\":1}",
		"{\"a\":\"x", "{\"a\":\"x\\", "{\"a\":1}{\"b\":2}",
		"{\"a\":1} and then {\"b\":", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}",
		"{\"a\":,\"b\":1}", "{,\"a\":1}", "[1,2]"};
	for (size_t i = 0; i < sizeof(hopeless) / sizeof(hopeless[0]); i++)
		assert_repaired(hopeless[i], NULL);
}

static void repair_is_linear_in_hostile_braces(void **state)
{
	(void)state;
	struct bs_buf text, out;
	bs_buf_init(&text, 1 << 20);
	bs_buf_init(&out, 1 << 20);
	while (text.len < BS_ANSWER_BYTES_MAX)
		bs_buf_add_c(&text, "{\"a\":[1,");
	assert_false(bs_repair_json(bs_buf_str(&text), &out));
	bs_buf_release(&text);
	bs_buf_release(&out);
}

static void repair_tells_when_the_ceiling_was_reached(void **state)
{
	(void)state;
	struct bs_buf out;
	bs_buf_init(&out, 8);
	assert_false(bs_repair_json(BS_LIT("{\"a\":\"123456789\"}"), &out));
	assert_int_equal(out.failed, BS_LIMIT);
	bs_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repair_takes_the_object_out_of_what_surrounds_it),
		cmocka_unit_test(repair_takes_no_object_out_of_thoughts),
		cmocka_unit_test(repair_leaves_marks_of_thoughts_in_the_answer_alone),
		cmocka_unit_test(repair_mends_commas_newlines_and_stray_backslashes),
		cmocka_unit_test(repair_never_guesses),
		cmocka_unit_test(repair_is_linear_in_hostile_braces),
		cmocka_unit_test(repair_tells_when_the_ceiling_was_reached),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
