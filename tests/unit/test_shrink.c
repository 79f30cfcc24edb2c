// SPDX-License-Identifier: MIT
// core/llm/shrink: the budget holds, the telling lines stay, markers tell what is missing.
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/llm/shrink.h"

#define LINES 1000

struct fixture {
	struct bs_arena arena;
	struct bs_excerpt_line lines[LINES];
	struct bs_finding findings[2];
	struct bs_excerpt excerpt, shrunk;
};

// Lines 1..1000 of 20 bytes, findings in 400 and 700.
static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct bs_buf text;
	if (!f)
		return -1;
	bs_arena_init(&f->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_buf_init(&text, BS_EXCERPT_BYTES_MAX);
	for (size_t i = 0; i < LINES; i++) {
		const char *line = bs_arena_printf(&f->arena, "this is line %06zu", i + 1);
		f->lines[i] = (struct bs_excerpt_line){i + 1, bs_str_c(line)};
		bs_buf_addf(&text, "%s\n", line);
	}
	f->findings[0].line_number = 400;
	f->findings[1].line_number = 700;
	f->excerpt = (struct bs_excerpt){.text = bs_arena_str(&f->arena, bs_buf_str(&text)),
		.lines = f->lines,
		.lines_count = LINES,
		.findings = f->findings,
		.findings_count = 2,
		.input_lines = LINES,
		.whole = true};
	bs_buf_release(&text);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

// Text and index agree, numbers rise, and each gap has its marker.
static void check(const struct bs_excerpt *excerpt, size_t bytes_max)
{
	struct bs_buf text;
	uint64_t next = 1;
	char marker[80];
	bs_buf_init(&text, BS_EXCERPT_BYTES_MAX);
	for (size_t i = 0; i < excerpt->lines_count; i++) {
		const struct bs_excerpt_line *line = &excerpt->lines[i];
		bs_buf_add(&text, line->text);
		bs_buf_add_char(&text, '\n');
		uint64_t to = i + 1 < excerpt->lines_count ? excerpt->lines[i + 1].number - 1
							   : excerpt->input_lines;
		if (line->number > 0) {
			assert_int_equal(line->number, next);
			next++;
			continue;
		}
		assert_true(to >= next);
		if (to == next)
			(void)snprintf(marker, sizeof(marker), "[line %llu left out]",
				(unsigned long long)next);
		else
			(void)snprintf(marker, sizeof(marker), "[lines %llu-%llu left out]",
				(unsigned long long)next, (unsigned long long)to);
		assert_str(line->text, marker);
		next = to + 1;
	}
	assert_int_equal(next, excerpt->input_lines + 1);
	assert_true(bs_str_eq(bs_buf_str(&text), excerpt->text));
	assert_true(excerpt->text.len <= bytes_max);
	bs_buf_release(&text);
}

static bool keeps(const struct bs_excerpt *excerpt, uint64_t number)
{
	for (size_t i = 0; i < excerpt->lines_count; i++)
		if (excerpt->lines[i].number == number)
			return true;
	return false;
}

static enum bs_status shrink(struct fixture *f, size_t bytes_max)
{
	return bs_shrink_excerpt(&f->excerpt, bytes_max, &f->arena, &f->shrunk, NULL);
}

static void shrink_leaves_alone_what_fits(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(shrink(f, f->excerpt.text.len), BS_OK);
	assert_ptr_equal(f->shrunk.text.ptr, f->excerpt.text.ptr);
	assert_true(f->shrunk.whole);
}

static void shrink_holds_every_budget(void **state)
{
	struct fixture *f = *state;
	for (size_t bytes = 200; bytes < f->excerpt.text.len; bytes += 397) {
		assert_int_equal(shrink(f, bytes), BS_OK);
		check(&f->shrunk, bytes);
		assert_false(f->shrunk.whole);
		assert_true(keeps(&f->shrunk, 400)); // the most telling line, always
	}
}

static void shrink_keeps_findings_with_their_surroundings_and_the_end(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(shrink(f, 2000), BS_OK);
	static const uint64_t kept[] = {399, 400, 401, 402, 700, 701, 702, 999, 1000};
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		assert_true(keeps(&f->shrunk, kept[i]));
	assert_false(keeps(&f->shrunk, 1));
	assert_false(keeps(&f->shrunk, 550));
}

static void shrink_uses_most_of_its_budget(void **state)
{
	struct fixture *f = *state;
	size_t bytes = f->excerpt.text.len * 60 / 100;
	assert_int_equal(shrink(f, bytes), BS_OK);
	assert_true(f->shrunk.text.len > bytes * 95 / 100);
}

static void shrink_cuts_one_line_where_none_fits(void **state)
{
	struct fixture *f = *state;
	char *endless = calloc(1, 10000);
	assert_non_null(endless);
	memset(endless, 'e', 10000);
	struct bs_excerpt_line line = {5, {endless, 10000}};
	f->excerpt = (struct bs_excerpt){
		.text = {endless, 10000}, .lines = &line, .lines_count = 1, .input_lines = 9};
	assert_int_equal(shrink(f, 1000), BS_OK);
	assert_true(f->shrunk.text.len > 800 && f->shrunk.text.len <= 1000);
	assert_true(keeps(&f->shrunk, 5));
	assert_true(bs_str_starts(f->shrunk.text, BS_LIT("[lines 1-4 left out]\neee")));
	assert_true(bs_str_ends(f->shrunk.text, BS_LIT("e\n[lines 6-9 left out]\n")));
	free(endless);
}

static void shrink_replaces_the_markers_there_were(void **state)
{
	struct fixture *f = *state;
	f->lines[500] = (struct bs_excerpt_line){0, BS_LIT("[line 501 left out]")};
	assert_int_equal(shrink(f, 15000), BS_OK);
	check(&f->shrunk, 15000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(shrink_leaves_alone_what_fits),
		TEST(shrink_holds_every_budget),
		TEST(shrink_keeps_findings_with_their_surroundings_and_the_end),
		TEST(shrink_uses_most_of_its_budget),
		TEST(shrink_cuts_one_line_where_none_fits),
		TEST(shrink_replaces_the_markers_there_were),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
