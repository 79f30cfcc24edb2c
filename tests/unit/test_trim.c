// SPDX-License-Identifier: MIT
// core/rules/trim: what an excerpt keeps, what it says of what it left out, what it never does.
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/rules/peel.h"
#include "core/rules/template.h"
#include "core/rules/try.h"
#include "tests/unit/trimmed.h"

// A pack of its own, whose words no other rule knows.
static const char pack[] = "pack: zog\n"
			   "rules:\n"
			   "  - id: zog-cause\n"
			   "    category: compile_error\n"
			   "    weight: 95\n"
			   "    match: '^(?<file>\\S+?):(?<line>\\d+): zogged: (?<message>.+)'\n"
			   "    after: 1\n"
			   "    while: '^\\s+zogline'\n"
			   "    lines: 6\n"
			   "  - id: zog-until\n"
			   "    weight: 95\n"
			   "    match: '^zogbegin'\n"
			   "    after: 0\n"
			   "    until: '^zogend'\n"
			   "  - id: zog-unless\n"
			   "    weight: 95\n"
			   "    match: 'zogfault'\n"
			   "    unless: 'fault 7[0-4] |forgiven'\n"
			   "    before: 0\n"
			   "    after: 0\n"
			   "  - id: zog-trace\n"
			   "    weight: 90\n"
			   "    match: '^  while zogging'\n"
			   "    said_before: true\n"
			   "  - id: zog-test\n"
			   "    weight: 90\n"
			   "    match: '^zogtest (?<name>\\S+) broke'\n"
			   "  - id: zog-total\n"
			   "    role: summary\n"
			   "    weight: 56\n"
			   "    match: '^\\d+ zogs broke'\n"
			   "  - id: zog-wrapper\n"
			   "    role: wrapper\n"
			   "    match: '^zog wrapper'\n"
			   "  - id: zog-header\n"
			   "    role: context\n"
			   "    match: '^== zog '\n"
			   "  - id: zog-noise\n"
			   "    role: noise\n"
			   "    match: 'zogged: never mind'\n"
			   "  - id: zog-hush\n"
			   "    role: noise\n"
			   "    weight: 90\n"
			   "    match: 'zog hush'\n";

struct fixture {
	struct bs_rules rules;
	struct bs_arena arena;
	struct bs_diag diag;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	char path[] = "/tmp/buildsum-trim-XXXXXX";
	int fd = mkstemp(path);
	if (!fixture || fd < 0 || write(fd, pack, sizeof(pack) - 1) != (ssize_t)sizeof(pack) - 1)
		return -1;
	close(fd);
	const char *paths[] = {path};
	struct bs_err err = {0};
	bs_arena_init(&fixture->arena, 64 * 1024 * 1024);
	if (bs_rules_load(&fixture->rules, paths, 1, &fixture->arena, &err) != BS_OK)
		print_message("%s\n", err.msg);
	(void)unlink(path);
	*state = fixture;
	return fixture->rules.rules_count > 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	bs_rules_release(&fixture->rules);
	bs_arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static enum bs_status trim(struct fixture *fixture, struct bs_str log, size_t bytes_max,
	struct bs_excerpt *ret_excerpt, struct bs_err *err)
{
	struct bs_trim *trim = NULL;
	struct bs_str rest = log, text;
	uint64_t number = 0;
	assert_int_equal(
		bs_trim_new(&fixture->rules, bytes_max, &fixture->diag, &trim, err), BS_OK);
	while (rest.len > 0 && bs_str_split(&rest, '\n', &text)) {
		struct bs_line line = {.number = ++number, .text = text};
		if (bs_str_istarts(text, BS_LIT("red ")))
			line.flags |= BS_LINE_RED;
		assert_int_equal(bs_trim_take(trim, &line, err), BS_OK);
	}
	enum bs_status status = bs_trim_finish(trim, &fixture->arena, ret_excerpt, err);
	bs_trim_free(trim);
	if (status == BS_OK) {
		const char *wrong = trimmed_wrong(ret_excerpt, log, number, bytes_max);
		if (wrong)
			fail_msg(
				"the excerpt is wrong: %s\n%.*s", wrong, BS_FMT(ret_excerpt->text));
	}
	return status;
}

static struct bs_excerpt excerpt_of(void **state, const struct bs_buf *log, size_t bytes_max)
{
	struct bs_excerpt excerpt = {0};
	struct bs_err err = {0};
	if (trim(*state, bs_buf_str(log), bytes_max, &excerpt, &err) != BS_OK)
		fail_msg("%s", err.msg);
	return excerpt;
}

// Lines that say nothing, no four of which in a row are said again.
static void add_dull(struct bs_buf *log, unsigned from, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		bs_buf_addf(log, "step %u of the long road, nothing to see%.*s\n", from + i,
			(int)(i % 5), "....");
}

static bool has(struct bs_excerpt excerpt, const char *text)
{
	return bs_str_has(excerpt.text, bs_str_c(text));
}

static struct bs_buf log_of(const char *text)
{
	struct bs_buf log;
	bs_buf_init(&log, 128 * 1024 * 1024);
	bs_buf_add_c(&log, text);
	return log;
}

static void trim_passes_a_log_that_fits_whole(void **state)
{
	struct bs_buf log = log_of("one\n\n  two\na.c:3: zogged: x\n");
	struct bs_excerpt excerpt = excerpt_of(state, &log, log.len);
	assert_true(excerpt.whole);
	assert_true(bs_str_eq(excerpt.text, bs_buf_str(&log)));
	assert_int_equal(excerpt.lines_count, 4);
	assert_int_equal(excerpt.input_lines, 4);
	assert_false(excerpt.silent);
	bs_buf_release(&log);
}

static void trim_refuses_a_log_of_white_space(void **state)
{
	struct bs_excerpt excerpt;
	struct bs_err err = {0};
	assert_int_equal(trim(*state, BS_LIT(" \n\t\n\n"), 1000, &excerpt, &err), BS_EMPTY);
	assert_int_equal(trim(*state, BS_LIT(""), 1000, &excerpt, &err), BS_EMPTY);
}

static void trim_keeps_the_failure_its_block_and_the_end(void **state)
{
	struct bs_buf log = log_of("first of all\n");
	add_dull(&log, 0, 2000);
	bs_buf_add_c(&log,
		"== zog compile\njust before\nsrc/a.c:12: zogged: too much\n  zogline 1\n"
		"  zogline 2\n  zogline 3\nno more of it\n");
	add_dull(&log, 2000, 2000);
	bs_buf_add_c(&log, "the very end\n");
	struct bs_excerpt excerpt = excerpt_of(state, &log, 4000);
	assert_false(excerpt.whole);
	assert_true(has(excerpt, "\n== zog compile\njust before\nsrc/a.c:12: zogged: too much\n"
				 "  zogline 1\n  zogline 2\n  zogline 3\n"));
	assert_true(has(excerpt, "the very end\n"));
	assert_int_equal(excerpt.findings_count >= 1, 1);
	const struct bs_finding *finding = &excerpt.findings[0];
	assert_string_equal(finding->rule, "zog-cause");
	assert_int_equal(finding->line_number, 2004);
	assert_str(finding->file, "src/a.c");
	assert_int_equal(finding->file_line, 12);
	assert_str(finding->message, "too much");
	assert_int_equal(finding->category, BS_CATEGORY_COMPILE_ERROR);
	bs_buf_release(&log);
}

static void trim_ends_a_block_before_the_line_that_ends_it(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 500);
	for (unsigned i = 0; i < 10; i++) // nothing odd then
		bs_buf_add_c(&log, "zogend\nbehind it\n");
	bs_buf_add_c(&log, "zogbegin\nin 1\nin 2\nin 3\nzogend\nbehind it\n");
	add_dull(&log, 500, 800);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 1500);
	assert_true(has(excerpt, "zogbegin\nin 1\nin 2\nin 3\n[line"));
	bs_buf_release(&log);
}

// What `unless` finds may stand anywhere in the line, and its digits tell lines of one kind apart.
static void trim_passes_over_what_a_rule_excepts(void **state)
{
	struct bs_buf log = log_of("");
	static const char *const lines[] = {"a zogfault 71 came\n", "a zogfault 76 came\n",
		"a zogfault 75 came\n", "forgiven zogfault came\n", "12:00:01 zogfault came\n"};
	for (unsigned i = 0; i < 5; i++) {
		add_dull(&log, i * 500, 500);
		bs_buf_add_c(&log, lines[i]);
	}
	add_dull(&log, 2500, 3000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 2000);
	assert_true(has(excerpt, "zogfault 75 came"));
	assert_true(has(excerpt, "zogfault 76 came"));
	assert_true(has(excerpt, "12:00:01 zogfault came"));
	for (size_t i = 0; i < excerpt.findings_count; i++) { // they may stand out all the same
		assert_false(bs_str_has(excerpt.findings[i].text, BS_LIT("zogfault 71")));
		assert_false(bs_str_has(excerpt.findings[i].text, BS_LIT("forgiven")));
	}
	assert_true(excerpt.findings_count > 0);
	bs_buf_release(&log);
}

static void trim_limits_a_block_to_its_lines(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 500);
	bs_buf_add_c(&log, "a.c:1: zogged: x\n");
	for (unsigned i = 1; i < 30; i++)
		bs_buf_addf(&log, "  zogline %u\n", i);
	add_dull(&log, 500, 800);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 2000);
	assert_true(has(excerpt, "  zogline 5\n[lines"));
	bs_buf_release(&log);
}

static void trim_keeps_both_ends_of_what_repeats(void **state)
{
	struct bs_buf log = log_of("");
	for (unsigned i = 0; i < 3000; i++) {
		bs_buf_addf(&log, "zogtest t%u broke\n", i);
		add_dull(&log, i, 2);
	}
	add_dull(&log, 9000, 200);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 4000);
	assert_true(has(excerpt, "zogtest t0 broke"));
	bs_buf_release(&log);

	log = log_of("");
	for (unsigned i = 0; i < 3000; i++)
		bs_buf_addf(&log, "%u zogs broke\nnothing\nnothing\n", i);
	add_dull(&log, 9000, 200);
	excerpt = excerpt_of(state, &log, 4000);
	assert_true(has(excerpt, "\n0 zogs broke\n") ||
		    bs_str_starts(excerpt.text, BS_LIT("0 zogs broke\n")));
	assert_true(has(excerpt, "\n2999 zogs broke\n"));
	for (size_t i = 0; i < excerpt.findings_count; i++)
		if (strcmp(excerpt.findings[i].rule, "zog-total") == 0)
			assert_int_equal(excerpt.findings[i].repeats, 2999);
	bs_buf_release(&log);
}

static void trim_says_how_often_a_line_is_said_again(void **state)
{
	struct bs_buf log = log_of("a.c:1: zogged: moon\n");
	for (unsigned i = 0; i < 20000; i++)
		bs_buf_add_c(&log, "the heart still beats\n");
	struct bs_excerpt excerpt = excerpt_of(state, &log, 16000);
	assert_true(bs_str_eq(
		excerpt.text, BS_LIT("a.c:1: zogged: moon\nthe heart still beats\n"
				     "[lines 3-20000 left out: the line above 19998 times more]\n"
				     "the heart still beats\n")));
	bs_buf_release(&log);
}

static void trim_says_how_often_lines_are_said_again_together(void **state)
{
	struct bs_buf log = log_of("");
	for (unsigned i = 0; i < 3000; i++)
		bs_buf_addf(&log, "beat %u\n  at 10:%02u:%02u\n  all well\n", i, i / 60, i % 60);
	bs_buf_add_c(&log, "it stopped\n");
	struct bs_excerpt excerpt = excerpt_of(state, &log, 16000);
	assert_true(bs_str_eq(excerpt.text,
		BS_LIT("beat 0\n  at 10:00:00\n  all well\n"
		       "[lines 4-8997 left out: the 3 lines above 2998 times more, with other "
		       "numbers]\nbeat 2999\n  at 10:49:59\n  all well\nit stopped\n")));
	bs_buf_release(&log);
}

// The one number that differs among many equal ones is what the log has to say.
static void trim_keeps_the_number_that_is_not_as_the_others(void **state)
{
	struct bs_buf log = log_of("");
	for (unsigned i = 0; i < 2000; i++)
		bs_buf_addf(&log, "shard %u: %u lost\n", i, i == 1234 ? 7 : 0);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 16000);
	assert_true(has(excerpt, "\nshard 1234: 7 lost\n"));
	assert_true(has(excerpt, ": the line above 1233 times more, with other numbers]\n"));
	bs_buf_release(&log);
}

static void trim_does_not_take_different_failures_for_the_same(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 1000);
	for (unsigned i = 0; i < 30; i++)
		bs_buf_addf(&log, "zogtest number-%u broke\n", i);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 8000);
	for (unsigned i = 0; i < 30; i++) {
		char name[40];
		(void)snprintf(name, sizeof(name), "zogtest number-%u broke\n", i);
		assert_true(has(excerpt, name));
	}
	bs_buf_release(&log);
}

static void trim_does_not_let_noise_spend_the_budget(void **state)
{
	struct bs_buf log = log_of("");
	for (unsigned i = 0; i < 500; i++)
		bs_buf_addf(&log, "f%u.c:1: zogged: never mind\n", i);
	bs_buf_add_c(&log, "real.c:7: zogged: this one\n");
	add_dull(&log, 0, 3000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 2000);
	assert_true(has(excerpt, "real.c:7: zogged: this one"));
	assert_false(has(excerpt, "f9.c:1:"));
	assert_int_equal(excerpt.findings_count, 1);
	bs_buf_release(&log);
}

static void trim_lets_a_rule_that_outweighs_the_noise_speak(void **state)
{
	struct bs_buf log = log_of("");
	for (unsigned i = 0; i < 500; i++)
		bs_buf_addf(&log, "zogtest t%u broke, zog hush\n", i);
	bs_buf_add_c(&log, "real.c:7: zogged: zog hush\n");
	add_dull(&log, 0, 3000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 2000);
	assert_true(has(excerpt, "real.c:7: zogged: zog hush"));
	assert_false(has(excerpt, "zogtest t9 broke"));
	assert_int_equal(excerpt.findings_count, 1);
	bs_buf_release(&log);
}

static void trim_has_a_little_room_for_weak_words_in_a_log_it_understood(void **state)
{
	struct bs_buf log = log_of("");
	for (int a = 'a'; a <= 'z'; a++)
		for (int b = 'a'; b <= 'z'; b++) {
			bs_buf_addf(&log, "gate %c%c was rejected\n", a, b);
			add_dull(&log, 0, 5);
		}
	bs_buf_add_c(&log, "real.c:7: zogged: this one\n");
	add_dull(&log, 0, 500);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 8000);
	assert_true(has(excerpt, "real.c:7: zogged: this one"));
	assert_true(has(excerpt, " was rejected\n"));
	assert_in_range(excerpt.text.len, 1, 8000 / 2);
	bs_buf_release(&log);
}

static void trim_keeps_the_total_among_many_failures(void **state)
{
	struct bs_buf log = log_of("");
	for (int a = 'a'; a <= 'z'; a++)
		for (int b = 'a'; b <= 'z'; b++)
			bs_buf_addf(&log, "f0.c:1: zogged: gate %c%c\nnothing\n", a, b);
	add_dull(&log, 0, 20);
	bs_buf_add_c(&log, "676 zogs broke, which is a long way to tell how many\n");
	add_dull(&log, 0, 3000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 4000);
	assert_true(has(excerpt, "\n676 zogs broke, which"));
	assert_true(has(excerpt, "f0.c:1: zogged"));
	bs_buf_release(&log);
}

static void trim_leaves_room_beside_what_one_rule_sees_again_and_again(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 20);
	bs_buf_add_c(&log, "the crane failed to turn\n");
	add_dull(&log, 0, 20);
	for (int a = 'a'; a <= 'z'; a++)
		for (int b = 'a'; b <= 'z'; b++)
			bs_buf_addf(&log, "f0.c:1: zogged: gate %c%c\nnothing\n", a, b);
	add_dull(&log, 0, 3000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 4000);
	assert_true(has(excerpt, "the crane failed to turn\n"));
	assert_true(has(excerpt, "f0.c:1: zogged: gate aa\n"));
	bs_buf_release(&log);
}

static void trim_shows_the_report_in_which_the_first_failure_stands(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 1000);
	bs_buf_add_c(&log, "given a moon\nwhen it rises\nthen\nzogtest tide broke\n");
	for (unsigned i = 0; i < 30; i++)
		bs_buf_addf(&log, "reading %u of the gauge%.*s\n", i, (int)(i % 5), "....");
	add_dull(&log, 1000, 1000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 32000);
	assert_true(has(excerpt, "given a moon\n"));
	assert_true(has(excerpt, "reading 15 of the gauge\n"));
	assert_false(has(excerpt, "reading 25 of the gauge\n"));
	bs_buf_release(&log);
}

// "Understood" costs the end of the log its room; a failure far away from how it ended costs it
// less.
static void trim_has_not_understood_a_log_by_what_failed_long_before(void **state)
{
	struct bs_buf near = log_of("f.c:1: zogged: moon\n"), far = log_of("f.c:1: zogged: moon\n");
	add_dull(&near, 0, 900);
	add_dull(&far, 0, 1900);
	bs_buf_add_c(&near, "zog wrapper\n");
	bs_buf_add_c(&far, "zog wrapper\n");
	struct bs_excerpt of_near = excerpt_of(state, &near, 16000);
	struct bs_excerpt of_far = excerpt_of(state, &far, 16000);
	assert_in_range(of_near.text.len, 1, 4000);
	assert_in_range(of_far.text.len, of_near.text.len + 2000, 8000);
	bs_buf_release(&near);
	bs_buf_release(&far);
}

// A larger budget is not spent on more of an end that has nothing to add to a cause.
static void trim_stays_below_its_budget_when_it_knows_the_cause(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 4000);
	bs_buf_add_c(&log, "f.c:1: zogged: moon\n");
	add_dull(&log, 4000, 4000);
	assert_in_range(excerpt_of(state, &log, 32000).text.len, 1, 10000);
	assert_in_range(excerpt_of(state, &log, 128000).text.len, 1, 12000);
	bs_buf_release(&log);
}

static void trim_keeps_the_last_wrapper_and_what_stands_before_it(void **state)
{
	struct bs_buf log = log_of("");
	for (unsigned i = 0; i < 300; i++)
		bs_buf_addf(&log, "zog wrapper %u\nabc\n", i);
	add_dull(&log, 0, 300);
	bs_buf_add_c(&log, "last words\nzog wrapper at last\n");
	add_dull(&log, 300, 3000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 4000);
	assert_true(has(excerpt, "last words\nzog wrapper at last\n"));
	assert_false(has(excerpt, "zog wrapper 150\n"));
	assert_true(excerpt.silent); // a wrapper is no cause
	bs_buf_release(&log);
}

static void trim_shows_the_end_of_a_log_in_which_no_rule_sees_a_thing(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 5000);
	bs_buf_add_c(&log, "the last line\n");
	struct bs_excerpt excerpt = excerpt_of(state, &log, 3000);
	assert_true(excerpt.silent);
	assert_int_equal(excerpt.findings_count, 0);
	assert_true(bs_str_ends(excerpt.text, BS_LIT("the last line\n")));
	assert_true(excerpt.text.len > 2800);
	bs_buf_release(&log);
}

static void trim_takes_the_line_before_for_the_message(void **state)
{
	struct bs_buf log = log_of(
		"first\n  the moon is gone \n  while zogging\n\n  while zogging on\n");
	struct bs_excerpt excerpt = excerpt_of(state, &log, 4000);
	assert_int_equal(excerpt.findings_count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_str(excerpt.findings[i].message,
			excerpt.findings[i].line_number == 3 ? "the moon is gone" : "");
	bs_buf_release(&log);
}

static void trim_keeps_what_is_unlike_all_around_it(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 900);
	bs_buf_add_c(&log, "bridge.txt, third arch:\n  drawn 7 wide\n  built 9 wide\n");
	add_dull(&log, 900, 900);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 3000);
	assert_true(has(excerpt,
		"]\nbridge.txt, third arch:\n  drawn 7 wide\n  built 9 wide\n[lines 904-"));
	assert_true(has(excerpt, "step 1799 of"));
	bs_buf_release(&log);
}

// However long it went on after that: in the first lines as well as a little behind them.
static void trim_shows_how_a_log_began_that_it_did_not_understand(void **state)
{
	for (unsigned before = 0; before < 120; before += before < 12 ? 3 : 50) {
		struct bs_buf log = log_of("");
		add_dull(&log, 0, before);
		bs_buf_add_c(&log, "gave up on the bridge\n");
		add_dull(&log, before, 10000);
		assert_true(has(excerpt_of(state, &log, 16000), "gave up on the bridge\n"));
		bs_buf_release(&log);
	}
}

// A rule has said what failed; a little room is left for what else stands out.
static void trim_keeps_what_is_unlike_all_around_it_beside_a_cause(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 900);
	bs_buf_add_c(&log, "bridge.txt, third arch:\n");
	add_dull(&log, 900, 900);
	bs_buf_add_c(&log, "src/a.c:12: zogged: too much\n");
	struct bs_excerpt excerpt = excerpt_of(state, &log, 4000);
	assert_true(has(excerpt, "\nbridge.txt, third arch:\n"));
	assert_true(has(excerpt, "too much\n"));
	bs_buf_release(&log);
}

static void trim_widens_what_stands_around_a_weak_word(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 900);
	bs_buf_add_c(&log, "arch of the bridge\n");
	add_dull(&log, 900, 8);
	bs_buf_add_c(&log, "was not found\n");
	add_dull(&log, 908, 900);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 4000);
	assert_true(has(excerpt, "arch of the bridge\nstep 900 of"));
	assert_true(has(excerpt, "was not found\nstep 908 of"));
	assert_true(has(excerpt, "step 915 of"));
	bs_buf_release(&log);
}

static void trim_takes_red_for_a_weak_sign(void **state)
{
	struct bs_buf log = log_of("");
	add_dull(&log, 0, 500);
	bs_buf_add_c(&log, "red words of an unknown tool\n");
	add_dull(&log, 500, 5000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 2000);
	assert_true(has(excerpt, "red words of an unknown tool\n"));
	bs_buf_release(&log);
}

static void trim_cuts_long_lines_in_their_middle(void **state)
{
	struct bs_buf log = log_of("a.c:1: zogged: begin ");
	for (unsigned i = 0; i < 2000; i++)
		bs_buf_add_c(&log, "\xC3\xA9");
	bs_buf_add_c(&log, " the reason at the end\n");
	add_dull(&log, 0, 3000);
	struct bs_excerpt excerpt = excerpt_of(state, &log, 8000);
	assert_true(has(excerpt, "a.c:1: zogged: begin "));
	assert_true(has(excerpt, " bytes left out…] "));
	assert_true(has(excerpt, " the reason at the end\n"));
	assert_true(bs_str_is_utf8(excerpt.text));
	bs_buf_release(&log);
}

static void trim_keeps_any_budget(void **state)
{
	struct bs_buf log = log_of("");
	for (unsigned i = 0; i < 200; i++) {
		bs_buf_addf(&log, "f%u.c:%u: zogged: number %u\n  zogline\n", i, i, i);
		add_dull(&log, i, 5);
	}
	for (size_t bytes_max = 1; bytes_max < 3000; bytes_max += 7)
		(void)excerpt_of(state, &log, bytes_max); // trimmed_wrong looks
	bs_buf_release(&log);
}

static void trim_remembers_a_failure_in_the_middle_of_a_huge_log(void **state)
{
	struct fixture *fixture = *state;
	struct bs_trim *trim = NULL;
	struct bs_err err = {0};
	assert_int_equal(bs_trim_new(&fixture->rules, 8000, &fixture->diag, &trim, &err), BS_OK);
	char text[200];
	const uint64_t lines = 900000, middle = 450000;
	for (uint64_t number = 1; number <= lines; number++) {
		int n = number == middle ? snprintf(text, sizeof(text), "deep.c:9: zogged: here")
					 : snprintf(text, sizeof(text),
						   "line %llu of very many that all look alike",
						   (unsigned long long)number);
		struct bs_line line = {.number = number, .text = bs_str(text, (size_t)n)};
		assert_int_equal(bs_trim_take(trim, &line, &err), BS_OK);
	}
	struct bs_excerpt excerpt;
	assert_int_equal(bs_trim_finish(trim, &fixture->arena, &excerpt, &err), BS_OK);
	assert_true(has(excerpt, "line 1 of very many that all look alike\n[lines 2-"));
	assert_true(has(excerpt, "line 449999 of very many that all look alike\n"
				 "deep.c:9: zogged: here\nline 450001"));
	assert_true(bs_str_ends(
		excerpt.text, BS_LIT("line 900000 of very many that all look alike\n")));
	assert_int_equal(excerpt.findings[0].line_number, middle);
	assert_true(excerpt.text.len <= 8000);
	bs_trim_free(trim);
}

static void trim_survives_a_log_of_nothing_but_failures(void **state)
{
	struct fixture *fixture = *state;
	struct bs_trim *trim = NULL;
	struct bs_err err = {0};
	assert_int_equal(bs_trim_new(&fixture->rules, 8000, &fixture->diag, &trim, &err), BS_OK);
	char text[200];
	for (uint64_t number = 1; number <= 300000; number++) {
		int n = snprintf(
			text, sizeof(text), "f%llu.c:9: zogged: again", (unsigned long long)number);
		struct bs_line line = {.number = number, .text = bs_str(text, (size_t)n)};
		assert_int_equal(bs_trim_take(trim, &line, &err), BS_OK);
	}
	struct bs_excerpt excerpt;
	assert_int_equal(bs_trim_finish(trim, &fixture->arena, &excerpt, &err), BS_OK);
	assert_true(has(excerpt, "f1.c:9: zogged: again\n"));
	assert_true(has(excerpt, "f300000.c:9: zogged: again\n"));
	assert_true(excerpt.text.len <= 8000);
	assert_true(excerpt.findings_count <= BS_FINDINGS_MAX);
	bs_trim_free(trim);
	bs_trim_free(NULL);
}

static void template_tells_places_apart_and_folds_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool same;
	} examples[] = {
		{"took 12 ms", "took 9 ms", true},
		{"took 1.2s", "took 3.44s", true},
		{"commit 1a2b3c4d5e done", "commit 99887766aa done", true},
		{"0x7ffd12 in main", "0x81aa33 in main", true},
		{"A.java:[18,58] error: x", "A.java:[20,58] error: x", false},
		{"a.c:12:5: error: x", "a.c:13:5: error: x", false},
		{"src/x.ts(3,4): error", "src/x.ts(5,4): error", false},
		{"at 12:00:01 x", "at 13:10:59 x", true},
		{"a  b", "a b", true},
		{"expected a", "expected b", false},
	};
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		bool same = bs_template_of(bs_str_c(examples[i].a), 1) ==
			    bs_template_of(bs_str_c(examples[i].b), 1);
		if (same != examples[i].same)
			fail_msg("\"%s\" and \"%s\"", examples[i].a, examples[i].b);
	}
}

static void template_is_the_same_when_the_kind_is_known(void **state)
{
	(void)state;
	static const char *const lines[] = {"a.c:12:5: error: 1", "a.c:13:5: error: 2",
		"a.c:12:5: error: 1", "0x7 in b.c(30)", "9x7 in b.c(40)", "0x8 in b.c(30)",
		"a.c:1 b.c:2 c.c:3 d.c:4 e.c:5", "a.c:1 b.c:2 c.c:3 d.c:4 e.c:6"};
	struct bs_kinds *kinds = NULL;
	struct bs_templates *templates = bs_templates_new();
	assert_non_null(templates);
	assert_int_equal(bs_kinds_new(&kinds, NULL), BS_OK);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct bs_line line = {.text = bs_str_c(lines[i])};
		line.kind = bs_kinds_of(kinds, bs_kinds_hash(kinds, line.text, 0));
		uint64_t shape = bs_templates_shape(templates, &line, i % 2);
		assert_true(shape == bs_template_of(line.text, i % 2));
	}
	bs_kinds_free(kinds);
	bs_templates_free(templates);
}

static void peel_takes_what_others_put_before_a_line(void **state)
{
	(void)state;
	static const struct {
		const char *line, *expected;
	} examples[] = {
		{"21:47:57    ERROR -    = note: x", "   = note: x"},
		{"[12:00:01] error: x", "error: x"},
		{"2026-08-21 12:00:01,123 ERROR: x", "x"},
		{"12:00:01.5 INFO - GECKO(123) | TEST x", "TEST x"},
		{"#72 12.34 ERROR: x", "ERROR: x"},
		{"#72 ERROR: x", "ERROR: x"},
		{"web_1  |   File x", "  File x"},
		{"[pkg/a] error: x", "error: x"},
		{"@acme/web:build: error: x", "error: x"},
		{"web_1  | [ERROR] x", "[ERROR] x"},
		{"web_1  | [gw3] x", "[gw3] x"},
		{"a.c:12: error: x", "a.c:12: error: x"},
		{"  plain", "  plain"},
		{"2026/08/21 12:00:01 x", "x"},
		{"[12:00:01]: x", "x"},
		{"[12:00:01]W:\t[Step 1/3] x", "x"},
		{"08-21 12:00:01.123  1234  1240 E AndroidRuntime: x", "x"},
		{"             +build | x", "x"},
		{"12:00:01 web.1  | x", "x"},
		{"[lint   ] x", "x"},
		{"[Linux x64] x", "x"},
		{"[@acme/web]: x", "x"},
		{"[CI/test]   | x", "x"},
		{"@acme/web: x", "x"},
		{"packages/web test: x", "x"},
		{"Step #3 - \"build\": x", "x"},
		{"==> default: x", "x"},
		{"    default: x", "x"},
		{"remote: x", "x"},
		{"src/a.c:3:4: x", "src/a.c:3:4: x"},
		{"src/a.c: x", "src/a.c: x"},
		{"[ 50%] x", "[ 50%] x"},
		{"[  FAILED  ] x", "[  FAILED  ] x"},
		{"[WARNING] a.java:[1,2] x", "[WARNING] a.java:[1,2] x"},
		{"[warn] x", "[warn] x"},
		{"[warnings] x", "x"},
		{"error: x", "error: x"},
		{"[a", "[a"},
		{"==> ", "==> "},
		{"Step #3 - \"", "Step #3 - \""},
		{"08-21 ", "08-21 "},
		{"12 apples", "12 apples"},
		{"", ""},
		{"12:00:01", "12:00:01"},
		{"[", "["},
		{"#", "#"},
	};
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		assert_str(bs_peel(bs_str_c(examples[i].line)), examples[i].expected);
}

static void scan_captures_behind_a_prefix(void **state)
{
	struct fixture *fixture = *state;
	struct bs_scan scan;
	for (size_t i = 0; i < fixture->rules.rules_count; i++)
		fixture->rules.order[i]->broken =
			false; // on a slow machine another test used a purse up
	assert_int_equal(bs_scan_init(&scan, &fixture->rules, NULL, NULL), BS_OK);
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1];
	struct bs_str text = BS_LIT("[pkg/a] a.c:3: zogged: x");
	struct bs_line line = {.number = 1, .text = text};
	struct bs_str name;
	uint16_t at = bs_scan_line(&scan, &line, &name);
	assert_int_not_equal(at, BS_SCAN_NOBODY);
	assert_string_equal(fixture->rules.order[at]->id, "zog-cause");
	assert_true(bs_try_captures(&scan, at, text, spans));
	struct bs_span file = spans[fixture->rules.order[at]->group_file];
	assert_str(bs_str_sub(text, file.from, file.to - file.from), "a.c");
	bs_scan_release(&scan);
	bs_scan_release(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trim_passes_a_log_that_fits_whole),
		cmocka_unit_test(trim_refuses_a_log_of_white_space),
		cmocka_unit_test(trim_keeps_the_failure_its_block_and_the_end),
		cmocka_unit_test(trim_ends_a_block_before_the_line_that_ends_it),
		cmocka_unit_test(trim_passes_over_what_a_rule_excepts),
		cmocka_unit_test(trim_limits_a_block_to_its_lines),
		cmocka_unit_test(trim_keeps_both_ends_of_what_repeats),
		cmocka_unit_test(trim_says_how_often_a_line_is_said_again),
		cmocka_unit_test(trim_says_how_often_lines_are_said_again_together),
		cmocka_unit_test(trim_keeps_the_number_that_is_not_as_the_others),
		cmocka_unit_test(trim_does_not_take_different_failures_for_the_same),
		cmocka_unit_test(trim_does_not_let_noise_spend_the_budget),
		cmocka_unit_test(trim_lets_a_rule_that_outweighs_the_noise_speak),
		cmocka_unit_test(trim_has_a_little_room_for_weak_words_in_a_log_it_understood),
		cmocka_unit_test(trim_keeps_the_total_among_many_failures),
		cmocka_unit_test(trim_leaves_room_beside_what_one_rule_sees_again_and_again),
		cmocka_unit_test(trim_shows_the_report_in_which_the_first_failure_stands),
		cmocka_unit_test(trim_has_not_understood_a_log_by_what_failed_long_before),
		cmocka_unit_test(trim_stays_below_its_budget_when_it_knows_the_cause),
		cmocka_unit_test(trim_keeps_the_last_wrapper_and_what_stands_before_it),
		cmocka_unit_test(trim_shows_the_end_of_a_log_in_which_no_rule_sees_a_thing),
		cmocka_unit_test(trim_takes_the_line_before_for_the_message),
		cmocka_unit_test(trim_keeps_what_is_unlike_all_around_it),
		cmocka_unit_test(trim_shows_how_a_log_began_that_it_did_not_understand),
		cmocka_unit_test(trim_keeps_what_is_unlike_all_around_it_beside_a_cause),
		cmocka_unit_test(trim_widens_what_stands_around_a_weak_word),
		cmocka_unit_test(trim_takes_red_for_a_weak_sign),
		cmocka_unit_test(trim_cuts_long_lines_in_their_middle),
		cmocka_unit_test(trim_keeps_any_budget),
		cmocka_unit_test(trim_remembers_a_failure_in_the_middle_of_a_huge_log),
		cmocka_unit_test(trim_survives_a_log_of_nothing_but_failures),
		cmocka_unit_test(template_tells_places_apart_and_folds_numbers),
		cmocka_unit_test(template_is_the_same_when_the_kind_is_known),
		cmocka_unit_test(peel_takes_what_others_put_before_a_line),
		cmocka_unit_test(scan_captures_behind_a_prefix),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
