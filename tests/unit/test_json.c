// SPDX-License-Identifier: MIT
// core/ext/json: what is refused and where, getters that accept anything, a writer that is valid.
#include "tests/unit/unit.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "core/ext/json.h"

static void assert_refused(struct bs_str text, enum bs_status status, const char *message)
{
	struct bs_err err = {0};
	struct bs_json *json = NULL;
	if (bs_json_parse(text, &json, &err) != status || strcmp(err.msg, message) != 0)
		fail_msg("%.*s: got \"%s\", expected \"%s\"", BS_FMT(text), err.msg, message);
	assert_null(json);
}

static void json_refuses_what_is_not_json(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"", "JSON: byte 0: the text ends, expected a value"},
		{"{\"a\":1} x", "JSON: byte 8: expected the end"},
		{"{\"a\":1}{}", "JSON: byte 7: expected the end"},
		{"\xEF\xBB\xBF{}", "JSON: byte 0: expected a value"},
		{"{\"a\":1,}", "JSON: byte 7: expected a name in double quotes"},
		{"[1,]", "JSON: byte 3: expected a value"},
		{"[1 2]", "JSON: byte 3: expected ',' or ']'"},
		{"{\"a\" 1}", "JSON: byte 5: expected ':' after a name"},
		{"{'a':1}", "JSON: byte 1: expected a name in double quotes"},
		{"{\"a\":1", "JSON: byte 6: the text ends, expected ',' or '}'"},
		{"[012]", "JSON: byte 1: a number with a leading zero"},
		{"[-]", "JSON: byte 2: expected a digit"},
		{"[1.]", "JSON: byte 3: expected a digit after the decimal point"},
		{"[.5]", "JSON: byte 1: expected a value"},
		{"[+1]", "JSON: byte 1: expected a value"},
		{"[1e]", "JSON: byte 3: expected a digit of the exponent"},
		{"[1e999]", "JSON: byte 1: a number that is too large"},
		{"[-1e999]", "JSON: byte 1: a number that is too large"},
		{"[NaN]", "JSON: byte 1: expected a value"},
		{"[1111111111111111111111111111111111111111111111111111111111111111]",
			"JSON: byte 1: a number of more than 63 characters"},
		{"[\"a\nb\"]", "JSON: byte 3: a raw control character in a string"},
		{"[\"a", "JSON: byte 1: a string without its closing quote"},
		{"[\"a\\", "JSON: byte 3: an unknown escape"},
		{"[\"\\x41\"]", "JSON: byte 2: an unknown escape"},
		{"[\"\\u12G4\"]", "JSON: byte 2: \\u without four hexadecimal digits"},
		{"[\"\\u0000\"]", "JSON: byte 2: the character \\u0000"},
		{"[\"\\ud800\"]", "JSON: byte 2: half of a surrogate pair"},
		{"[\"\\ud800\\u0041\"]", "JSON: byte 2: half of a surrogate pair"},
		{"[\"\\udc00\"]", "JSON: byte 2: half of a surrogate pair"},
		{"[\"ab\xFF\"]", "JSON: byte 4: not UTF-8"},
		{"[\"\xC3\xA4\xC3\"]", "JSON: byte 4: not UTF-8"},
		{"// no\n1", "JSON: byte 0: expected a value"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(bs_str_c(cases[i].text), BS_FORMAT, cases[i].message);
	assert_refused(BS_LIT("[\"a\0b\"]"), BS_FORMAT,
		"JSON: byte 3: a raw control character in a string");
	assert_refused(BS_LIT("1\0"), BS_FORMAT, "JSON: byte 1: expected the end");
}

static void json_refuses_a_name_that_stands_twice_in_one_object(void **state)
{
	(void)state;
	assert_refused(BS_LIT("{\"a\":{\"b\":1},\"b\":2,\"a\":3}"), BS_FORMAT,
		"JSON: byte 19: the name stands twice in one object");
	// the same name, written differently
	assert_refused(BS_LIT("[{\"x\":[{\"a\":1,\"\\u0061\":2}]}]"), BS_FORMAT,
		"JSON: byte 14: the name stands twice in one object");
	struct bs_json *json = NULL;
	assert_int_equal(
		bs_json_parse(BS_LIT("[{\"a\":1},{\"a\":{\"a\":2}}]"), &json, NULL), BS_OK);
	bs_json_free(json);
}

static void json_refuses_depth_and_size_over_the_ceiling(void **state)
{
	(void)state;
	char deep[2 * BS_JSON_DEPTH_MAX + 2];
	memset(deep, '[', sizeof(deep));
	memset(deep + BS_JSON_DEPTH_MAX, ']', BS_JSON_DEPTH_MAX);
	struct bs_json *json = NULL;
	assert_int_equal(bs_json_parse(bs_str(deep, 2 * BS_JSON_DEPTH_MAX), &json, NULL), BS_OK);
	bs_json_free(json);
	json = NULL;
	memset(deep, '[', sizeof(deep));
	assert_refused(bs_str(deep, sizeof(deep)), BS_LIMIT,
		"JSON: byte 32: nested deeper than 32 levels");

	char *large = malloc(BS_JSON_BYTES_MAX + 1);
	assert_non_null(large);
	memset(large, ' ', BS_JSON_BYTES_MAX + 1);
	large[0] = '1';
	assert_int_equal(bs_json_parse(bs_str(large, BS_JSON_BYTES_MAX), &json, NULL), BS_OK);
	bs_json_free(json);
	assert_refused(bs_str(large, BS_JSON_BYTES_MAX + 1), BS_LIMIT,
		"JSON: 4194305 bytes, more than 4194304");
	free(large);
}

static void json_reads_every_type(void **state)
{
	(void)state;
	struct bs_json *json = NULL;
	uint64_t whole = 0;
	double number = 0;
	bool truth = false;
	assert_int_equal(bs_json_parse(BS_LIT(" {\"s\":\"\\u00e4\\ud83d\\ude00\\/\",\"n\":-1.5e1,"
					      "\"i\":9007199254740992,\"t\":true,\"z\":null,"
					      "\"a\":[1,[2],{}],\"\":0} \n"),
				 &json, NULL),
		BS_OK);
	assert_int_equal(bs_json_type(json), BS_JSON_OBJECT);
	assert_int_equal(bs_json_count(json), 7);
	assert_str(bs_json_text(bs_json_get(json, "s")), "\xC3\xA4\xF0\x9F\x98\x80/");
	assert_true(bs_json_number(bs_json_get(json, "n"), &number));
	assert_true(number > -15.1 && number < -14.9);
	assert_true(bs_json_u64(bs_json_get(json, "i"), &whole));
	assert_int_equal(whole, UINT64_C(9007199254740992));
	assert_true(bs_json_bool(bs_json_get(json, "t"), &truth) && truth);
	assert_true(bs_json_is_null(bs_json_get(json, "z")));
	const struct bs_json *array = bs_json_get(json, "a");
	assert_int_equal(bs_json_type(bs_json_at(array, 1)), BS_JSON_ARRAY);
	assert_null(bs_json_at(array, 3));
	assert_str(bs_json_key(bs_json_next(bs_json_first(json))), "n");
	bs_json_free(json);
}

static void json_getters_answer_nothing_for_the_wrong_type(void **state)
{
	(void)state;
	static const char *const not_whole[] = {"-1", "1.5", "9007199254740993e3", "\"1\"", "null"};
	struct bs_json *json = NULL;
	uint64_t whole = 7;
	double number;
	bool truth;
	assert_int_equal(bs_json_parse(BS_LIT("{\"error\":\"text\",\"S\":1}"), &json, NULL), BS_OK);
	assert_null(bs_json_get(bs_json_get(json, "error"), "message"));
	assert_null(bs_json_text(bs_json_get(bs_json_get(json, "error"), "message")).ptr);
	assert_null(bs_json_get(json, "s")); // case counts
	assert_null(bs_json_at(json, 0));
	assert_false(bs_json_number(bs_json_get(json, "error"), &number));
	assert_false(bs_json_bool(bs_json_get(json, "S"), &truth));
	assert_true(bs_json_is_null(NULL));
	assert_null(bs_json_first(NULL));
	assert_null(bs_json_next(NULL));
	assert_null(bs_json_key(NULL).ptr);
	assert_int_equal(bs_json_count(NULL), 0);
	bs_json_free(json);
	bs_json_free(NULL);
	for (size_t i = 0; i < sizeof(not_whole) / sizeof(not_whole[0]); i++) {
		assert_int_equal(bs_json_parse(bs_str_c(not_whole[i]), &json, NULL), BS_OK);
		assert_false(bs_json_u64(json, &whole));
		bs_json_free(json);
	}
	assert_int_equal(whole, 7);
}

static void json_writes_commas_where_they_belong(void **state)
{
	(void)state;
	struct bs_buf buf;
	struct bs_json_writer w;
	bs_buf_init(&buf, 1000);
	bs_json_writer_init(&w, &buf);
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "a");
	bs_json_open(&w, '[');
	bs_json_put_i64(&w, INT64_MIN);
	bs_json_put_bool(&w, false);
	bs_json_put_null(&w);
	bs_json_open(&w, '[');
	bs_json_close(&w, ']');
	bs_json_put_c(&w, NULL);
	bs_json_close(&w, ']');
	bs_json_put_key(&w, "b");
	bs_json_put_raw(&w, BS_LIT("{\"x\":1}"));
	bs_json_put_key(&w, "c");
	bs_json_put_c(&w, "t");
	bs_json_close(&w, '}');
	assert_str(bs_buf_str(&buf),
		"{\"a\":[-9223372036854775808,false,null,[],null],\"b\":{\"x\":1},\"c\":\"t\"}");
	bs_buf_release(&buf);
}

static void json_writes_any_bytes_as_valid_text(void **state)
{
	(void)state;
	const struct bs_str bytes = BS_LIT(
		"a\"\\/\b\n\x01\x7F\0\xC3\xA4\xFF\xF0\x9F\x98\x80\xE2\x82");
	struct bs_buf buf;
	struct bs_json_writer w;
	bs_buf_init(&buf, 1000);
	bs_json_writer_init(&w, &buf);
	bs_json_put_str(&w, bytes);
	assert_str(bs_buf_str(&buf), "\"a\\\"\\\\/\\b\\n\\u0001\x7F\\u0000\xC3\xA4\xEF\xBF\xBD"
				     "\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD\"");
	bs_buf_clear(&buf);
	bs_json_writer_init(&w, &buf);
	w.ascii = true;
	bs_json_put_str(&w, bytes);
	assert_str(bs_buf_str(&buf), "\"a\\\"\\\\/\\b\\n\\u0001\\u007f\\u0000\\u00e4\\ufffd"
				     "\\ud83d\\ude00\\ufffd\\ufffd\"");
	bs_buf_release(&buf);
}

static void json_writes_numbers_without_regard_to_the_locale(void **state)
{
	(void)state;
	static const struct {
		double number;
		const char *text;
	} cases[] = {{0.1, "0.1"}, {-2, "-2"}, {1e300, "1e+300"},
		{0.1 + 0.2, "0.30000000000000004"}, {HUGE_VAL, "null"}};
	static const char *const locales[] = {"C", "de_DE.UTF-8", "fr_FR.UTF-8"};
	for (size_t l = 0; l < sizeof(locales) / sizeof(locales[0]); l++) {
		if (!setlocale(LC_NUMERIC, locales[l]))
			continue; // not installed here
		struct bs_json *json = NULL;
		double number = 0;
		assert_int_equal(bs_json_parse(BS_LIT("2.5"), &json, NULL), BS_OK);
		assert_true(bs_json_number(json, &number) && number > 2.4);
		bs_json_free(json);
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct bs_buf buf;
			struct bs_json_writer w;
			bs_buf_init(&buf, 100);
			bs_json_writer_init(&w, &buf);
			bs_json_put_double(&w, cases[i].number);
			assert_str(bs_buf_str(&buf), cases[i].text);
			bs_buf_release(&buf);
		}
	}
	(void)setlocale(LC_NUMERIC, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_refuses_what_is_not_json),
		cmocka_unit_test(json_refuses_a_name_that_stands_twice_in_one_object),
		cmocka_unit_test(json_refuses_depth_and_size_over_the_ceiling),
		cmocka_unit_test(json_reads_every_type),
		cmocka_unit_test(json_getters_answer_nothing_for_the_wrong_type),
		cmocka_unit_test(json_writes_commas_where_they_belong),
		cmocka_unit_test(json_writes_any_bytes_as_valid_text),
		cmocka_unit_test(json_writes_numbers_without_regard_to_the_locale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
