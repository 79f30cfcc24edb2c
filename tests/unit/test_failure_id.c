// SPDX-License-Identifier: MIT
// core/rules/stable and core/rules/failure_id: what changes from run to run does not count, the
// rest does.
#include "tests/unit/unit.h"

#include "core/rules/failure_id.h"
#include "core/rules/shared.h"
#include "core/rules/stable.h"

static void stable_takes_away_what_changes(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} examples[] = {
		{"took 12 ms", "took #"},
		{"(0.00s)", "(#)"},
		{"1m3.5s elapsed, 45% done", "# elapsed, # done"},
		{"at 2026-08-21T12:00:01.123Z x", "at # x"},
		{"21/08/2026 12:00 x", "# x"},
		{"Aug 21 12:00:01 host", "Aug # # host"},
		{"0x7ffd12 in main", "# in main"},
		{"commit 1a2b3c4d5e done", "commit # done"},
		{"id 123e4567-e89b-12d3-a456-426614174000.", "id #."},
		{"pid 12, port 80, Thread-3", "pid #, port #, Thread-#"},
		{"==1234== Invalid read", "==#== Invalid read"},
		{"sshd[431]: no", "sshd[#]: no"},
		{"connect 10.0.0.1:45123", "connect #:#"},
		{"/home/ci/b-1/src/foo.c:12:5: error", "#foo.c# error"},
		{"C:\\b\\1\\Foo.cs(3,4): error", "#Foo.cs# error"},
		{"file:///a/b/c.js:1:2", "#c.js#"},
		{"../src/a.c", "#src/a.c"},
		{"open /tmp/build.x1/out.json", "open #out.json"},
		{"open /tmp/tmp.aBcD123456", "open #"},
		{"tmpab12_xyz gone", "# gone"},
		{"pod web-7d9f8b6c5d-x2k4z is gone", "pod web-#-# is gone"},
		{"line 12, in f", "line #, in f"},
		{"A.java:[18,58] error", "A.java# error"},
		{"  a \t b  ", "a b"},
		// and what stays
		{"want 3, got 4", "want 3, got 4"},
		{"test_issue_12345", "test_issue_12345"},
		{"t[1-2-3]", "t[1-2-3]"},
		{"version 3.11.2", "version 3.11.2"},
		{"src/a/b.c", "src/a/b.c"},
		{"feed the cafe", "feed the cafe"},
		{"a / b", "a / b"},
		{"", ""},
		{"/", "/"},
	};
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		char room[BS_STABLE_BYTES_MAX];
		assert_str(bs_stable(bs_str_c(examples[i].text), room), examples[i].expected);
	}
}

static void stable_bounds_what_it_reads(void **state)
{
	(void)state;
	char text[4 * BS_STABLE_BYTES_MAX], room[BS_STABLE_BYTES_MAX];
	memset(text, 'x', sizeof(text));
	assert_int_equal(bs_stable(bs_str(text, sizeof(text)), room).len, BS_STABLE_BYTES_MAX);
	memset(text, '/', sizeof(text));
	(void)bs_stable(bs_str(text, sizeof(text)), room);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 37);
	for (size_t i = 0; i < 256; i++) // ends anywhere
		(void)bs_stable(bs_str(text + i, i), room);
}

static struct bs_finding finding(
	const char *name, const char *message, unsigned weight, uint64_t line)
{
	return (struct bs_finding){.rule = "r",
		.role = BS_ROLE_CAUSE,
		.category = BS_CATEGORY_TEST_FAILURE,
		.weight = weight,
		.line_number = line,
		.text = bs_str_c(message),
		.name = bs_str_c(name),
		.message = bs_str_c(message)};
}

static void id_of(struct bs_finding *findings, size_t count, char id[BS_FAILURE_ID_BYTES])
{
	struct bs_excerpt_line last = {9, BS_LIT("last words")};
	struct bs_excerpt excerpt = {
		.lines = &last, .lines_count = 1, .findings = findings, .findings_count = count};
	bs_failure_id(&excerpt, id);
	assert_int_equal(strlen(id), BS_FAILURE_ID_BYTES - 1);
}

#define ID_OF(id, ...)                            \
	char id[BS_FAILURE_ID_BYTES];             \
	id_of((struct bs_finding[]){__VA_ARGS__}, \
		sizeof((struct bs_finding[]){__VA_ARGS__}) / sizeof(struct bs_finding), id)

static void failure_id_is_that_of_a_set(void **state)
{
	(void)state;
	ID_OF(both, finding("a", "want 1", 90, 10), finding("b", "want 2", 90, 20));
	ID_OF(reversed, finding("b", "want 2", 90, 5), finding("a", "want 1", 90, 70));
	ID_OF(twice, finding("a", "want 1", 90, 1), finding("b", "want 2", 90, 2),
		finding("a", "want 1", 90, 3));
	ID_OF(one, finding("a", "want 1", 90, 10));
	ID_OF(swapped, finding("a", "want 2", 90, 10), finding("b", "want 1", 90, 20));
	assert_string_equal(both, reversed);
	assert_string_equal(both, twice);
	assert_string_not_equal(both, one);
	assert_string_not_equal(both, swapped);
}

static void failure_id_hears_weak_words_only_beside_strong_ones(void **state)
{
	(void)state;
	ID_OF(alone, finding("a", "want 1", 90, 100));
	ID_OF(far, finding("a", "want 1", 90, 100), finding("", "some error", 40, 300));
	ID_OF(near, finding("a", "want 1", 90, 100), finding("", "some error", 40, 103));
	ID_OF(weak, finding("", "some error", 40, 300));
	ID_OF(other, finding("", "other error", 40, 300));
	assert_string_equal(alone, far);
	assert_string_not_equal(alone, near);
	assert_string_not_equal(weak, other);
}

static void shared_id_of(struct bs_finding *findings, size_t count, char id[BS_FAILURE_ID_BYTES],
	struct bs_str *ret_met_in)
{
	struct bs_excerpt excerpt = {.findings = findings, .findings_count = count};
	bs_failure_id(&excerpt, excerpt.failure_id);
	bs_shared_id(&excerpt, id, ret_met_in);
}

#define SHARED_ID_OF(id, met_in, ...)                                                       \
	char id[BS_FAILURE_ID_BYTES];                                                       \
	struct bs_str met_in;                                                               \
	shared_id_of((struct bs_finding[]){__VA_ARGS__},                                    \
		sizeof((struct bs_finding[]){__VA_ARGS__}) / sizeof(struct bs_finding), id, \
		&met_in)

static void shared_id_leaves_out_who_met_a_shared_reason(void **state)
{
	(void)state;
	static const char refused[] = "dial tcp 10.0.0.5:5432: connection refused";
	SHARED_ID_OF(a, met_a, finding("TestA", "", 90, 3), finding("", refused, 80, 4));
	SHARED_ID_OF(b, met_b, finding("TestB", "", 90, 7), finding("TestB/sub", "", 90, 8),
		finding("", refused, 80, 9));
	SHARED_ID_OF(own, met_own, finding("TestB", refused, 90, 7));
	SHARED_ID_OF(other, met_other, finding("TestA", "", 90, 3),
		finding("", "dial tcp 10.0.0.6:6379: connection refused", 80, 4));
	assert_string_equal(a, b);
	assert_string_equal(a, own);
	assert_string_not_equal(a, other);
	assert_true(bs_str_eq_c(met_a, "TestA") && bs_str_eq_c(met_b, "TestB"));
	assert_true(bs_str_eq_c(met_own, "TestB") && bs_str_eq_c(met_other, "TestA"));
}

static void shared_id_keeps_assertions_apart(void **state)
{
	(void)state;
	static const char refused[] = "dial tcp 10.0.0.5:5432: connection refused";
	SHARED_ID_OF(a, met_a, finding("TestA", "got 1", 90, 3), finding("TestC", "", 90, 5),
		finding("", refused, 80, 6));
	SHARED_ID_OF(b, met_b, finding("TestB", "got 1", 90, 3), finding("TestC", "", 90, 5),
		finding("", refused, 80, 6));
	SHARED_ID_OF(quoted_a, met_c, finding("TestA", "expected connection refused", 90, 3));
	SHARED_ID_OF(quoted_b, met_d, finding("TestB", "expected connection refused", 90, 3));
	SHARED_ID_OF(beside, met_e, finding("TestA", "", 90, 3), finding("TestC", "", 90, 4),
		finding("", refused, 80, 5));
	SHARED_ID_OF(alone, met_f, finding("TestC", "", 90, 4), finding("", refused, 80, 5));
	assert_string_not_equal(a, b);
	assert_string_not_equal(quoted_a, quoted_b);
	assert_string_not_equal(beside, alone);
	assert_true(bs_str_eq_c(met_a, "TestC") && bs_str_eq_c(met_b, "TestC"));
	assert_true(met_c.len == 0 && met_d.len == 0 && met_e.len > 0 && met_f.len > 0);
}

static void failure_id_of_a_silent_log_is_that_of_its_last_words(void **state)
{
	(void)state;
	char ids[3][BS_FAILURE_ID_BYTES];
	const char *words[] = {"gone after 3s", "gone after 9s", "lost after 3s"};
	for (size_t i = 0; i < 3; i++) {
		struct bs_excerpt_line lines[] = {{0, BS_LIT("[lines 1-7 left out]")},
			{8, bs_str_c(words[i])}, {9, BS_LIT("")}};
		lines[0].text.len -= i; // a marker says nothing
		struct bs_excerpt excerpt = {.lines = lines, .lines_count = 3};
		bs_failure_id(&excerpt, ids[i]);
	}
	assert_string_equal(ids[0], ids[1]);
	assert_string_not_equal(ids[0], ids[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stable_takes_away_what_changes),
		cmocka_unit_test(stable_bounds_what_it_reads),
		cmocka_unit_test(failure_id_is_that_of_a_set),
		cmocka_unit_test(failure_id_hears_weak_words_only_beside_strong_ones),
		cmocka_unit_test(shared_id_leaves_out_who_met_a_shared_reason),
		cmocka_unit_test(shared_id_keeps_assertions_apart),
		cmocka_unit_test(failure_id_of_a_silent_log_is_that_of_its_last_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
