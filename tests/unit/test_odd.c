// SPDX-License-Identifier: MIT
// core/rules/odd: which lines stand out from what surrounds them.
#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/rules/odd.h"

#define LINES_MAX 1024

struct log {
	struct bs_store store;
	unsigned char odd[LINES_MAX];
};

static void add(struct log *log, const char *text)
{
	struct bs_line line = {.number = log->store.count + 1, .text = bs_str_c(text)};
	assert_true(log->store.count < LINES_MAX);
	assert_int_equal(bs_store_add(&log->store, &line), BS_STORE_TAKEN);
}

// Lines that a tool says for each of its files or tests, `forms` of them in turn.
static void add_many(struct log *log, size_t count, const char *const *forms, size_t forms_count)
{
	for (size_t i = 0; i < count; i++) {
		char text[120];
		(void)snprintf(text, sizeof(text), "%s %zu", forms[i % forms_count], i);
		add(log, text);
	}
}

// How many lines are odd, and whether `text` is among them.
static size_t odd_of(struct log *log, size_t lines_max, const char *text, bool *ret_has)
{
	struct bs_err err;
	size_t count = 0;
	*ret_has = false;
	memset(log->odd, 0, sizeof(log->odd));
	assert_int_equal(bs_odd_lines(&log->store, lines_max, log->odd, &err), BS_OK);
	for (size_t i = 0; i < log->store.count; i++) {
		count += log->odd[i];
		*ret_has = *ret_has ||
			   (log->odd[i] && bs_str_eq_c(bs_store_text(&log->store, i), text));
	}
	return count;
}

static const char *const forms[] = {"tests/tide/test_moon.py::test_rise PASSED",
	"2026-11-25T10:00:01.5Z tests/ebb.py ok", "[info] compiling", "  ok",
	"test_flood_tide ... ok"};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

static void odd_marks_a_few_lines_amid_many_of_few_kinds(void **state)
{
	(void)state;
	struct log log = {0};
	bool has;
	add_many(&log, 300, forms, FORMS);
	assert_int_equal(odd_of(&log, SIZE_MAX, "", &has), 0);
	add(&log, "Harbour of Brest:");
	add(&log, "");
	add(&log, "    wanted 4 m");
	add_many(&log, 300, forms, FORMS);
	assert_int_equal(odd_of(&log, SIZE_MAX, "    wanted 4 m", &has), 2);
	assert_true(has);
	bs_store_release(&log.store);
}

static void odd_marks_the_line_that_begins_the_log(void **state)
{
	(void)state;
	struct log log = {0};
	bool has;
	add(&log, "Harbour of Brest:");
	add_many(&log, 300, forms, FORMS);
	assert_int_equal(odd_of(&log, SIZE_MAX, "Harbour of Brest:", &has), 1);
	assert_true(has);
	bs_store_release(&log.store);
}

static void odd_leaves_a_stretch_of_ever_new_kinds_alone(void **state)
{
	(void)state;
	struct log log = {0};
	bool has;
	add_many(&log, 100, forms, FORMS);
	for (char a = 'a'; a <= 'z'; a++)
		for (char b = 'a'; b <= 'd'; b++)
			add(&log, (char[]){a, b, ' ', 'x', '\0'});
	add_many(&log, 100, forms, FORMS);
	(void)odd_of(&log, SIZE_MAX, "mc x", &has);
	assert_false(has);
	bs_store_release(&log.store);
}

static void odd_looks_at_the_last_lines_alone(void **state)
{
	(void)state;
	struct log log = {0};
	bool has;
	add_many(&log, 100, forms, FORMS);
	add(&log, "Harbour of Brest:");
	add_many(&log, 300, forms, FORMS);
	add(&log, "Port of Spain:");
	add_many(&log, 100, forms, FORMS);
	assert_int_equal(odd_of(&log, 300, "Port of Spain:", &has), 1);
	assert_true(has);
	bs_store_release(&log.store);
}

static void odd_takes_an_empty_store(void **state)
{
	(void)state;
	struct log log = {0};
	bool has;
	assert_int_equal(odd_of(&log, SIZE_MAX, "", &has), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_marks_a_few_lines_amid_many_of_few_kinds),
		cmocka_unit_test(odd_marks_the_line_that_begins_the_log),
		cmocka_unit_test(odd_leaves_a_stretch_of_ever_new_kinds_alone),
		cmocka_unit_test(odd_looks_at_the_last_lines_alone),
		cmocka_unit_test(odd_takes_an_empty_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
