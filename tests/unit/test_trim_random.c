// SPDX-License-Identifier: MIT
// core/rules/trim over random logs and budgets: what holds for every excerpt.
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/rules/trim.h"
#include "core/text/explanation.h"
#include "tests/unit/trimmed.h"

#define ROUNDS 400

struct fixture {
	struct bs_rules rules;
	struct bs_arena arena; // of the rules
	uint64_t seed;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct bs_err err = {0};
	if (!f)
		return -1;
	f->seed = 20240607;
	bs_arena_init(&f->arena, 16 * 1024 * 1024);
	*state = f;
	return bs_rules_load(&f->rules, NULL, 0, &f->arena, &err) == BS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	bs_rules_release(&f->rules);
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

static unsigned below(struct fixture *f, unsigned bound)
{
	f->seed = f->seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(f->seed >> 33) % bound;
}

// Lines of many tools, of none, and of odd lengths.
static const struct {
	const char *before, *behind; // a number
} failures[] = {
	{"src/a.c:", ":5: error: expected ';' before '}' token"},
	{"FAILED tests/test_x.py::test_", " - AssertionError: assert 1 == 2"},
	{"--- FAIL: TestThing", " (0.00s)"},
	{"npm ERR! code ELIFECYCLE ", ""},
	{"[ERROR] Failed to execute goal org.x:y:", ":test (z) on project p: Boom"},
	{"thread 'main' panicked at src/main.rs:", ":9:"},
	{"Segmentation fault (core dumped) ", ""},
	{"make: *** [Makefile:", ": all] Error 2"},
	{"~~~ Running step ", ""},
	{"warning: unused variable x", ""},
	{"Traceback (most recent call last): ", ""},
};

static void add_line(struct fixture *f, bool may_fail, struct bs_buf *log)
{
	unsigned kind = below(f, 40);
	size_t which = below(f, sizeof(failures) / sizeof(failures[0]));
	if (may_fail && kind < 2)
		bs_buf_addf(log, "%s%u%s", failures[which].before, below(f, 5000),
			failures[which].behind);
	else if (kind == 2)
		for (unsigned n = below(f, 3000); n > 0; n--)
			bs_buf_add_c(log, n % 7 ? "x" : "\xC3\xA9");
	else if (kind != 3)
		bs_buf_addf(log, "step %u went well in %ums", below(f, 5000), below(f, 90));
	bs_buf_add_char(log, '\n');
}

struct trimmed {
	struct bs_buf log;
	uint64_t lines;
	size_t bytes_max;
	struct bs_arena arena;
	struct bs_excerpt excerpt;
	enum bs_status status;
};

static void make(struct fixture *f, bool may_fail, struct trimmed *t)
{
	*t = (struct trimmed){.lines = 1 + below(f, 600)};
	bs_buf_init(&t->log, 8 * 1024 * 1024);
	for (uint64_t i = 0; i < t->lines; i++)
		add_line(f, may_fail, &t->log);
	// from next to nothing to more than there is
	t->bytes_max = 1 + below(f, 1u << (4 + below(f, 15)));
	bs_arena_init(&t->arena, 64 * 1024 * 1024);
}

static void feed(struct fixture *f, const struct bs_baseline *baseline, struct trimmed *t)
{
	struct bs_trim *trim = NULL;
	struct bs_err err = {0};
	struct bs_str rest = bs_buf_str(&t->log);
	assert_int_equal(bs_trim_new(&f->rules, t->bytes_max, NULL, &trim, &err), BS_OK);
	bs_trim_explain(trim);
	if (baseline)
		bs_trim_compare(trim, baseline);
	for (uint64_t i = 1; i <= t->lines; i++) {
		struct bs_line line = {.number = i};
		assert_true(bs_str_split(&rest, '\n', &line.text));
		assert_int_equal(bs_trim_take(trim, &line, &err), BS_OK);
	}
	t->status = bs_trim_finish(trim, &t->arena, &t->excerpt, &err);
	bs_trim_free(trim);
}

static void release(struct trimmed *t)
{
	bs_arena_release(&t->arena);
	bs_buf_release(&t->log);
}

static void assert_sound(struct trimmed *t)
{
	const char *wrong = trimmed_wrong(&t->excerpt, bs_buf_str(&t->log), t->lines, t->bytes_max);
	if (wrong)
		fail_msg("%s: %llu lines, %zu bytes", wrong, (unsigned long long)t->lines,
			t->bytes_max);
	assert_int_equal(t->excerpt.whole, t->log.len <= t->bytes_max);
	assert_int_equal(strlen(t->excerpt.failure_id), BS_FAILURE_ID_BYTES - 1);
	uint64_t kept = 0, explained = 0;
	for (size_t i = 0; i < t->excerpt.lines_count; i++)
		kept += t->excerpt.lines[i].number != 0;
	for (size_t i = 0; i < t->excerpt.explanation->blocks_count; i++)
		explained += t->excerpt.explanation->blocks[i].to -
			     t->excerpt.explanation->blocks[i].from + 1;
	if (t->excerpt.text.len > 0)
		assert_int_equal(kept, explained);
	else // not even the marker found room
		assert_true(t->bytes_max < 64);
}

static void trim_keeps_its_promises_over_random_logs(void **state)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct trimmed t;
		make(*state, true, &t);
		feed(*state, NULL, &t);
		if (t.status == BS_OK)
			assert_sound(&t);
		else
			assert_int_equal(t.status, BS_EMPTY);
		release(&t);
	}
}

static void trim_keeps_them_beside_any_baseline(void **state)
{
	for (unsigned round = 0; round < ROUNDS / 4; round++) {
		struct trimmed t, passed;
		struct bs_baseline *baseline = bs_baseline_new();
		assert_non_null(baseline);
		make(*state, round % 2, &passed);
		struct bs_str rest = bs_buf_str(&passed.log);
		struct bs_line line = {.number = 1};
		while (bs_str_split(&rest, '\n', &line.text))
			assert_int_equal(bs_baseline_take(baseline, &line, NULL), BS_OK);
		make(*state, true, &t);
		feed(*state, baseline, &t);
		if (t.status == BS_OK)
			assert_sound(&t);
		release(&t);
		release(&passed);
		bs_baseline_free(baseline);
	}
}

// The last lines without a gap, for half of the room at least, before them what stands out; and
// said to be no more than that.
static void trim_of_a_silent_log_is_what_stands_out_and_its_end(void **state)
{
	for (unsigned round = 0; round < ROUNDS / 4; round++) {
		struct trimmed t;
		make(*state, false, &t);
		feed(*state, NULL, &t);
		if (t.status == BS_OK && t.excerpt.text.len > 0) {
			assert_sound(&t);
			assert_true(t.excerpt.silent);
			uint64_t number = t.lines;
			size_t end_bytes = 0;
			for (size_t i = t.excerpt.lines_count; i > 0; i--, number--) {
				if (t.excerpt.lines[i - 1].number != number)
					break;
				end_bytes += t.excerpt.lines[i - 1].text.len + 1;
			}
			assert_true(2 * end_bytes + 5000 > t.excerpt.text.len);
			// what was left out would not have fitted: room for one cut line, no more
			if (!t.excerpt.whole && t.bytes_max > 8000)
				assert_true(t.excerpt.text.len + 4000 > t.bytes_max);
		}
		release(&t);
	}
}

static void trim_gives_the_same_twice(void **state)
{
	for (unsigned round = 0; round < ROUNDS / 8; round++) {
		struct trimmed t;
		make(*state, true, &t);
		feed(*state, NULL, &t);
		struct trimmed again = t;
		feed(*state, NULL, &again);
		assert_int_equal(t.status, again.status);
		if (t.status == BS_OK) {
			assert_true(bs_str_eq(t.excerpt.text, again.excerpt.text));
			assert_string_equal(t.excerpt.failure_id, again.excerpt.failure_id);
		}
		t.arena = again.arena;
		release(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trim_keeps_its_promises_over_random_logs),
		cmocka_unit_test(trim_keeps_them_beside_any_baseline),
		cmocka_unit_test(trim_of_a_silent_log_is_what_stands_out_and_its_end),
		cmocka_unit_test(trim_gives_the_same_twice),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
