// SPDX-License-Identifier: MIT
// core/ext/yaml: the tree with its places, and everything that is refused, with its place.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/ext/yaml.h"

struct fixture {
	struct bs_arena arena;
	struct bs_yaml_node *root;
	struct bs_err err;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_non_null(f);
	bs_arena_init(&f->arena, BS_RUN_ARENA_BYTES_MAX);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

static void parse(struct fixture *f, const char *text)
{
	f->root = NULL;
	if (bs_yaml_parse("a.yml", bs_str_c(text), BS_YAML_BYTES_MAX, &f->arena, &f->root,
		    &f->err) != BS_OK)
		fail_msg("%s", f->err.msg);
}

static void refuse(struct fixture *f, struct bs_str text, enum bs_status status, const char *msg)
{
	struct bs_yaml_node *root = NULL;
	f->err = (struct bs_err){0};
	assert_int_equal(
		bs_yaml_parse("a.yml", text, BS_YAML_BYTES_MAX, &f->arena, &root, &f->err), status);
	assert_null(root);
	assert_string_equal(f->err.msg, msg);
}

static void yaml_keeps_keys_values_and_places(void **state)
{
	struct fixture *f = *state;
	parse(f, "deadline: 30s\n"
		 "route:\n"
		 "  - openai/x\n"
		 "  - 'anthropic/y'\n"
		 "providers: {a: {keys: []}}\n");
	assert_int_equal(f->root->type, BS_YAML_MAPPING);
	assert_int_equal(f->root->count, 3);
	const struct bs_yaml_node *deadline = bs_yaml_get(f->root, "deadline");
	assert_str(deadline->text, "30s");
	assert_int_equal(deadline->key_column, 1);
	assert_int_equal(deadline->line, 1);
	assert_int_equal(deadline->column, 11);
	assert_false(deadline->quoted);
	const struct bs_yaml_node *route = bs_yaml_get(f->root, "route");
	assert_int_equal(route->type, BS_YAML_SEQUENCE);
	assert_int_equal(route->count, 2);
	assert_int_equal(route->key_line, 2);
	assert_str(route->first->next->text, "anthropic/y");
	assert_true(route->first->next->quoted);
	assert_int_equal(route->first->next->line, 4);
	assert_int_equal(route->first->next->column, 5);
	assert_null(route->first->next->next);
	const struct bs_yaml_node *keys = bs_yaml_get(
		bs_yaml_get(bs_yaml_get(f->root, "providers"), "a"), "keys");
	assert_int_equal(keys->type, BS_YAML_SEQUENCE);
	assert_int_equal(keys->count, 0);
	assert_null(bs_yaml_get(f->root, "attempts"));
	assert_null(bs_yaml_get(NULL, "attempts"));
	assert_null(bs_yaml_get(route, "attempts"));
}

static void yaml_flags_quoted_scalars(void **state)
{
	struct fixture *f = *state;
	parse(f, "a: no\nb: \"no\"\nc: |\n  no\nd:\n");
	assert_false(bs_yaml_get(f->root, "a")->quoted);
	assert_true(bs_yaml_get(f->root, "b")->quoted);
	assert_true(bs_yaml_get(f->root, "c")->quoted);
	assert_str(bs_yaml_get(f->root, "c")->text, "no\n");
	assert_str(bs_yaml_get(f->root, "d")->text, "");
}

static void yaml_takes_an_empty_file_for_an_empty_mapping(void **state)
{
	static const char *const texts[] = {"", "\n", "# only a comment\n", "---\n...\n",
		"\xEF\xBB\xBF", "\xEF\xBB\xBF# comment"};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		parse(f, texts[i]);
		assert_int_equal(f->root->count, 0);
		assert_int_equal(f->root->line, 1);
	}
}

static void yaml_skips_a_byte_order_mark_and_keeps_columns(void **state)
{
	struct fixture *f = *state;
	parse(f, "\xEF\xBB\xBF"
		 "a: 1\r\nb: 2\r\n");
	assert_int_equal(bs_yaml_get(f->root, "a")->key_column, 1);
	assert_int_equal(bs_yaml_get(f->root, "b")->key_line, 2);
	assert_str(bs_yaml_get(f->root, "b")->text, "2");
}

static void yaml_refuses_what_settings_do_not_need(void **state)
{
	static const struct {
		const char *text, *msg;
	} rows[] = {
		{"a: &x 1\n", "a.yml:1:4: an anchor or tag; expected a plain value"},
		{"a: &x [1]\n", "a.yml:1:4: an anchor or tag; expected a plain mapping or list"},
		{"a: &x {b: 1}\n", "a.yml:1:4: an anchor or tag; expected a plain mapping or list"},
		{"a: 1\nb: *a\n", "a.yml:2:4: an alias; expected the value itself, written out"},
		{"*a : b\n", "a.yml:1:1: an alias; expected the value itself, written out"},
		{"a: !!int 1\n", "a.yml:1:4: an anchor or tag; expected a plain value"},
		{"!x\na: 1\n", "a.yml:1:1: an anchor or tag; expected a plain mapping or list"},
		{"a: 1\n---\nb: 2\n", "a.yml:2:1: a second document; expected one document"},
		{"a: 1\nb: 2\na: 3\n",
			"a.yml:3:1: this key stands already on line 1; expected each key once"},
		{"{a: 1, \"a\": 2}\n",
			"a.yml:1:8: this key stands already on line 1; expected each key once"},
		{"[a, b]: 1\n", "a.yml:1:1: a mapping or list as a key; expected a name"},
		{"? {a: b}\n: 1\n", "a.yml:1:3: a mapping or list as a key; expected a name"},
		{"%TAG ! tag:x,2000:\n---\na: 1\n",
			"a.yml:1:1: a line that begins with '%'; expected no directives"},
		{"a:\n\tb: 1\n", "a.yml:2:1: a tab; expected spaces for indentation"},
		{"\xC3\xA4: \xC3\xB6\n\xC3\xA4\xC3\xA4:\n\tb: 1\n",
			"a.yml:3:1: a tab; expected spaces for indentation"},
		{"a: [1, 2\nb: 3\n",
			"a.yml:2:2: did not find expected ',' or ']' while parsing a flow "
			"sequence that begins on line 1"},
		{"a: 1\n  b: 2\n", "a.yml:2:4: mapping values are not allowed in this context"},
		{"a: ok\nb: x\xFF\n", "a.yml:2:5: invalid leading UTF-8 octet"},
		{"a: \x01\n", "a.yml:1:4: control characters are not allowed"},
		{"\xFF\xFE"
		 "a",
			"a.yml:1:1: UTF-16; expected UTF-8"},
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refuse(f, bs_str_c(rows[i].text), BS_FORMAT, rows[i].msg);
}

static void yaml_refuses_the_seventeenth_level(void **state)
{
	struct fixture *f = *state;
	parse(f, "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]\n");
	refuse(f, BS_LIT("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]\n"), BS_LIMIT,
		"a.yml:1:17: nested too deeply; expected at most 16 levels");
}

// Shapes that libyaml needs quadratic time for must be over at once.
static void yaml_refuses_hostile_shapes_at_once(void **state)
{
	static const char *const units[] = {"[", "{", "[[]", "{a: ", "- ", "? ", "a: [", "\"a\": {",
		"[a, ", "[?", "? - ", "&a ", "*a ", "!a ", "'", "\"", "#", "-\n", "? a\n", "a\n",
		"%TAG !a! b\n", "...\n", "---\n", "a,", "[],", "\xEF\xBB\xBF", ": ", ":\n ", "|\n",
		"- |\n", ">\n\n"};
	struct fixture *f = *state;
	static char text[BS_YAML_BYTES_MAX];
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		size_t len = strlen(units[u]);
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = units[u][i % len];
		struct bs_yaml_node *root = NULL;
		int64_t start_ms = bs_clock_ms();
		enum bs_status status = bs_yaml_parse(
			"a.yml", bs_str(text, sizeof(text)), sizeof(text), &f->arena, &root, NULL);
		int64_t took_ms = bs_clock_ms() - start_ms;
		if (took_ms > 1000) // 100 ms on a quiet machine, without valgrind and sanitisers
			fail_msg("64 KiB of \"%s\" took %lld ms", units[u], (long long)took_ms);
		if (getenv("BS_TEST_TIMES"))
			print_message("# %s: %lld ms, status %d\n", units[u], (long long)took_ms,
				(int)status);
		assert_true(status == BS_OK ? root != NULL : root == NULL);
	}
}

static void yaml_has_ceilings_for_bytes_and_nodes(void **state)
{
	struct fixture *f = *state;
	static char text[BS_YAML_BYTES_MAX + 1];
	memset(text, '#', sizeof(text));
	refuse(f, bs_str(text, sizeof(text)), BS_LIMIT,
		"a.yml: has 65537 bytes; expected at most 65536");
	struct bs_yaml_node *root = NULL;
	assert_int_equal(bs_yaml_parse("a.yml", bs_str(text, sizeof(text) - 1), BS_YAML_BYTES_MAX,
				 &f->arena, &root, &f->err),
		BS_OK);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "-\n"[i % 2];
	refuse(f, bs_str(text, 40000), BS_LIMIT,
		"a.yml:9998:2: too much; expected at most 10000 nodes");
}

static void yaml_fails_cleanly_when_the_arena_is_full(void **state)
{
	struct fixture *f = *state;
	struct bs_arena small;
	enum bs_status status = BS_NOMEM;
	for (size_t bytes = 0; status != BS_OK && bytes < 10000; bytes += 16) {
		struct bs_yaml_node *root = NULL;
		bs_arena_init(&small, bytes);
		status = bs_yaml_parse(
			"a.yml", BS_LIT("a: [b, {c: d}]\n"), 100, &small, &root, &f->err);
		assert_true(status == BS_OK || (status == BS_NOMEM && !root));
		bs_arena_release(&small);
	}
	assert_int_equal(status, BS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			yaml_keeps_keys_values_and_places, set_up, tear_down),
		cmocka_unit_test_setup_teardown(yaml_flags_quoted_scalars, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			yaml_takes_an_empty_file_for_an_empty_mapping, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			yaml_skips_a_byte_order_mark_and_keeps_columns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			yaml_refuses_what_settings_do_not_need, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			yaml_refuses_the_seventeenth_level, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			yaml_refuses_hostile_shapes_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			yaml_has_ceilings_for_bytes_and_nodes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			yaml_fails_cleanly_when_the_arena_is_full, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
