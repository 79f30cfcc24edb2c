// SPDX-License-Identifier: MIT
// core/llm/schema: what is accepted, what is bent, what is refused, and the schema that is printed.
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/embed.h"
#include "core/llm/schema.h"

#define FIT                                                                                       \
	"{\"evidence\":[{\"line\":7,\"text\":\"a.c:3: error: no\"}],"                             \
	"\"failures\":[{\"name\":null,\"file\":\"a.c\",\"line\":3,\"message\":\"no\"}],"          \
	"\"category\":\"compile_error\",\"summary\":\"It is so.\",\"headline\":\"a.c is wrong\"," \
	"\"next_step\":\"\",\"confidence\":\"high\"}"

struct fixture {
	struct bs_arena arena;
	struct bs_buf errors;
	struct bs_summary summary;
	bool repaired;
	struct bs_err err;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	if (!f)
		return -1;
	bs_arena_init(&f->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_buf_init(&f->errors, BS_VIOLATIONS_BYTES_MAX);
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

static enum bs_status read_answer(struct fixture *f, struct bs_str text, unsigned flags)
{
	struct bs_json *json = NULL;
	bs_buf_clear(&f->errors);
	f->err = (struct bs_err){0};
	assert_int_equal(bs_json_parse(text, &json, NULL), BS_OK);
	enum bs_status status = bs_schema_read(
		json, flags, &f->arena, &f->summary, &f->repaired, &f->errors, &f->err);
	bs_json_free(json);
	return status;
}

// FIT with the first occurrence of `from` replaced by `to`.
static struct bs_str altered(struct fixture *f, const char *from, const char *to)
{
	struct bs_str fit = bs_str_c(FIT);
	size_t at = bs_str_find(fit, bs_str_c(from));
	assert_int_not_equal(at, SIZE_MAX);
	const char *text = bs_arena_printf(
		&f->arena, "%.*s%s%s", (int)at, FIT, to, &FIT[at + strlen(from)]);
	assert_non_null(text);
	return bs_str_c(text);
}

static void schema_reads_what_fits(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_answer(f, bs_str_c(FIT), 0), BS_OK);
	assert_false(f->repaired);
	assert_int_equal(f->errors.len, 0);
	assert_str(f->summary.headline, "a.c is wrong");
	assert_str(f->summary.summary, "It is so.");
	assert_int_equal(f->summary.category, BS_CATEGORY_COMPILE_ERROR);
	assert_int_equal(f->summary.confidence, BS_CONFIDENCE_HIGH);
	assert_int_equal(f->summary.failures_count, 1);
	assert_null(f->summary.failures[0].name.ptr);
	assert_int_equal(f->summary.failures[0].line, 3);
	assert_int_equal(f->summary.evidence_count, 1);
	assert_int_equal(f->summary.evidence[0].line, 7);
	assert_int_equal(f->summary.next_step.len, 0);
}

static void schema_names_each_violation_by_its_pointer(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *from, *to, *message;
	} cases[] = {
		{"\"headline\":\"a.c is wrong\",", "", "/headline: is missing\n"},
		{"\"headline\":\"a.c is wrong\"", "\"headline\":\" \\n\"", "/headline: is empty\n"},
		{"\"headline\":\"a.c is wrong\"", "\"headline\":null",
			"/headline: expected a string, got null\n"},
		{"\"line\":3", "\"line\":\"three\"",
			"/failures/0/line: expected an integer or null, got string\n"},
		{"\"line\":3", "\"line\":3.5",
			"/failures/0/line: expected an integer or null, got number\n"},
		{"\"high\"", "\"certain\"", "/confidence: expected one of low, medium, high\n"},
		{"[{\"line\":7", "[7,{\"line\":7", "/evidence/0: expected an object, got number\n"},
		{"\"failures\":[{\"name\":null,\"file\":\"a.c\",\"line\":3,\"message\":\"no\"}],",
			"", "/failures: is missing\n"},
		{"\"text\":\"a.c:3: error: no\"", "\"text\":null",
			"/evidence/0/text: expected a string, got null\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bs_str text = altered(f, cases[i].from, cases[i].to);
		f->repaired = false;
		assert_int_equal(read_answer(f, text, 0), BS_FORMAT);
		assert_str(bs_buf_str(&f->errors), cases[i].message);
		assert_int_equal(read_answer(f, text, BS_SCHEMA_COERCE), BS_FORMAT);
		assert_str(bs_buf_str(&f->errors), cases[i].message);
		assert_true(bs_str_starts(bs_buf_str(&f->errors), bs_str_c(f->err.msg)));
	}
	assert_int_equal(read_answer(f, BS_LIT("[]"), BS_SCHEMA_COERCE), BS_FORMAT);
	assert_str(bs_buf_str(&f->errors), "/: expected an object, got array\n");
}

static void schema_bends_only_what_loses_nothing(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *from, *to, *strict;
	} cases[] = {
		{"\"line\":3", "\"line\":\" 3\"",
			"/failures/0/line: expected an integer or null, got string\n"},
		{"\"line\":7", "\"line\":null",
			"/evidence/0/line: expected an integer, got null\n"},
		{"\"compile_error\"", "\"Compile-Error\"", NULL},
		{"\"high\"", "\" HIGH \"", NULL},
		{"\"next_step\":\"\"", "\"next_step\":null",
			"/next_step: expected a string, got null\n"},
		{"[{\"line\":7,\"text\":\"a.c:3: error: no\"}]", "\"a.c:3: error: no\"",
			"/evidence: expected an array, got string\n"},
		{"[{\"line\":7,\"text\":\"a.c:3: error: no\"}]",
			"{\"line\":7,\"text\":\"a.c:3: error: no\"}",
			"/evidence: expected an array, got object\n"},
		{"\"name\":null,", "", "/failures/0/name: is missing\n"},
		{"\"next_step\"", "\"mood\\u001b[1m\":1,\"next_step\"", "/: unknown member mood\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bs_str text = altered(f, cases[i].from, cases[i].to);
		assert_int_equal(read_answer(f, text, 0), BS_FORMAT);
		if (cases[i].strict)
			assert_str(bs_buf_str(&f->errors), cases[i].strict);
		assert_int_equal(read_answer(f, text, BS_SCHEMA_COERCE), BS_OK);
		assert_true(f->repaired);
		assert_int_equal(f->summary.category, BS_CATEGORY_COMPILE_ERROR);
		assert_int_equal(f->summary.confidence, BS_CONFIDENCE_HIGH);
		assert_int_equal(f->summary.failures[0].line, 3);
		assert_int_equal(f->summary.evidence_count, 1);
		assert_str(f->summary.evidence[0].text, "a.c:3: error: no");
	}
	assert_int_equal(read_answer(f, BS_LIT("[" FIT "]"), BS_SCHEMA_COERCE), BS_OK);
	assert_int_equal(read_answer(f, BS_LIT("{\"x\":" FIT "}"), BS_SCHEMA_COERCE), BS_OK);
	assert_true(f->repaired);
}

static void schema_takes_a_line_below_one_for_unknown(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_answer(f, altered(f, "\"line\":3", "\"line\":0"), 0), BS_OK);
	assert_int_equal(f->summary.failures[0].line, 0);
	struct bs_str minus = altered(f, "\"line\":3", "\"line\":-1");
	assert_int_equal(read_answer(f, minus, BS_SCHEMA_COERCE), BS_OK);
	assert_int_equal(f->summary.failures[0].line, 0);
}

static void schema_cuts_long_text_at_a_border_with_an_ellipsis(void **state)
{
	struct fixture *f = *state;
	// 60 words of two bytes and three characters each would be 180 characters
	struct bs_buf text;
	bs_buf_init(&text, 4096);
	for (int i = 0; i < 60; i++)
		bs_buf_add_c(&text, "\xC3\xA4\xC3\xA4 ");
	struct bs_str words = altered(f, "a.c is wrong", text.ptr);
	assert_int_equal(read_answer(f, words, 0), BS_FORMAT);
	assert_str(bs_buf_str(&f->errors), "/headline: 180 characters, at most 120\n");
	assert_int_equal(read_answer(f, words, BS_SCHEMA_COERCE), BS_OK);
	assert_true(bs_str_chars(f->summary.headline) <= 120);
	assert_true(bs_str_chars(f->summary.headline) > 110);
	assert_true(bs_str_ends(f->summary.headline, BS_LIT("\xC3\xA4 \xE2\x80\xA6")));

	bs_buf_clear(&text);
	for (int i = 0; i < 30; i++)
		bs_buf_add_c(&text, i == 18 ? "end. " : "some ");
	struct bs_str sentence = altered(f, "a.c is wrong", text.ptr);
	assert_int_equal(read_answer(f, sentence, BS_SCHEMA_COERCE), BS_OK);
	assert_true(bs_str_ends(f->summary.headline, BS_LIT("some end. \xE2\x80\xA6")));
	bs_buf_release(&text);
}

static void schema_keeps_no_more_items_than_there_is_room_for(void **state)
{
	struct fixture *f = *state;
	struct bs_buf text;
	bs_buf_init(&text, 65536);
	for (int i = 0; i < BS_EVIDENCE_MAX + 3; i++)
		bs_buf_addf(&text, "{\"line\":%d,\"text\":\"x\"},", i + 1);
	bs_buf_cut(&text, text.len - 1);
	struct bs_str many = altered(f, "{\"line\":7,\"text\":\"a.c:3: error: no\"}", text.ptr);
	assert_int_equal(read_answer(f, many, 0), BS_FORMAT);
	assert_str(bs_buf_str(&f->errors), "/evidence: 15 items, at most 12\n");
	assert_int_equal(read_answer(f, many, BS_SCHEMA_COERCE), BS_OK);
	assert_int_equal(f->summary.evidence_count, BS_EVIDENCE_MAX);
	assert_int_equal(f->summary.evidence[BS_EVIDENCE_MAX - 1].line, BS_EVIDENCE_MAX);
	bs_buf_release(&text);
}

static void schema_cleans_text_but_not_quotes(void **state)
{
	struct fixture *f = *state;
	struct bs_str text = altered(f, "a.c is wrong", "a\\u001b[31m.c\\u202e is\\nwrong ");
	assert_int_equal(read_answer(f, text, 0), BS_OK);
	assert_str(f->summary.headline, "a.c is wrong");
	text = altered(f, "a.c:3: error: no", "one\\n  two");
	assert_int_equal(read_answer(f, text, 0), BS_OK);
	assert_str(f->summary.evidence[0].text, "one\n  two");
}

static void schema_says_no_more_than_there_is_room_for(void **state)
{
	struct fixture *f = *state;
	struct bs_buf text;
	bs_buf_init(&text, 1 << 20);
	bs_buf_add_char(&text, '{');
	for (int i = 0; i < 5000; i++)
		bs_buf_addf(&text, "\"unknown%d\":1,", i);
	bs_buf_add_c(&text, "\"x\":1}");
	assert_int_equal(read_answer(f, bs_buf_str(&text), 0), BS_FORMAT);
	assert_int_equal(f->errors.failed, BS_OK);
	assert_true(f->errors.len < 2000);
	bs_buf_release(&text);
}

static struct bs_buf printed(void)
{
	struct bs_buf out;
	struct bs_json_writer w;
	bs_buf_init(&out, BS_JSON_BYTES_MAX);
	bs_json_writer_init(&w, &out);
	bs_schema_put(&w, BS_SCHEMA_COMMON);
	assert_int_equal(out.failed, BS_OK);
	return out;
}

// Every object: all members required, none besides; no keyword a strict mode refuses.
static void check_subset(const struct bs_json *schema)
{
	static const char *const known[] = {"type", "properties", "required",
		"additionalProperties", "description", "anyOf", "enum", "items"};
	for (const struct bs_json *m = bs_json_first(schema); m; m = bs_json_next(m)) {
		bool found = false;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			found |= bs_str_eq_c(bs_json_key(m), known[i]);
		assert_true(found);
	}
	const struct bs_json *properties = bs_json_get(schema, "properties");
	if (properties) {
		bool more = true;
		assert_int_equal(
			bs_json_count(properties), bs_json_count(bs_json_get(schema, "required")));
		assert_true(bs_json_bool(bs_json_get(schema, "additionalProperties"), &more));
		assert_false(more);
	}
	for (const struct bs_json *p = bs_json_first(properties); p; p = bs_json_next(p))
		check_subset(p);
	if (bs_json_get(schema, "items"))
		check_subset(bs_json_get(schema, "items"));
}

static void schema_stays_in_the_subset_of_every_strict_mode(void **state)
{
	(void)state;
	struct bs_json *json = NULL;
	struct bs_buf out = printed();
	assert_int_equal(bs_json_parse(bs_buf_str(&out), &json, NULL), BS_OK);
	assert_str(bs_json_text(bs_json_get(json, "type")), "object");
	check_subset(json);
	bs_json_free(json);
	bs_buf_release(&out);
}

static void schema_file_is_what_the_table_says(void **state)
{
	(void)state;
	struct bs_json *json = NULL;
	struct bs_json_writer w;
	struct bs_buf out = printed(), kept;
	const struct bs_embedded *e = bs_embedded_prompts;
	while (e->name && strcmp(e->name, "summary.schema.json") != 0)
		e++;
	assert_non_null(e->name);
	assert_int_equal(bs_json_parse(e->text, &json, NULL), BS_OK);
	bs_buf_init(&kept, BS_JSON_BYTES_MAX);
	bs_json_writer_init(&w, &kept);
	bs_json_put(&w, json);
	if (!bs_str_eq(bs_buf_str(&kept), bs_buf_str(&out)))
		fail_msg("prompts/summary.schema.json is not the table of core/llm/summary.c; put "
			 "this there, laid out by python3 -m json.tool:\n%s",
			out.ptr);
	bs_json_free(json);
	bs_buf_release(&kept);
	bs_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(schema_reads_what_fits, setup, teardown),
		cmocka_unit_test_setup_teardown(
			schema_names_each_violation_by_its_pointer, setup, teardown),
		cmocka_unit_test_setup_teardown(
			schema_bends_only_what_loses_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			schema_takes_a_line_below_one_for_unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(
			schema_cuts_long_text_at_a_border_with_an_ellipsis, setup, teardown),
		cmocka_unit_test_setup_teardown(
			schema_keeps_no_more_items_than_there_is_room_for, setup, teardown),
		cmocka_unit_test_setup_teardown(schema_cleans_text_but_not_quotes, setup, teardown),
		cmocka_unit_test_setup_teardown(
			schema_says_no_more_than_there_is_room_for, setup, teardown),
		cmocka_unit_test(schema_stays_in_the_subset_of_every_strict_mode),
		cmocka_unit_test(schema_file_is_what_the_table_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
