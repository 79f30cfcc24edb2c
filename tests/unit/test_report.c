// SPDX-License-Identifier: MIT
// core/report: the three faces of a report, and what must never get out of them.
#include "tests/unit/unit.h"

#include "core/ext/json.h"
#include "tests/unit/report_sample.h"

static void assert_has(const struct bs_buf *out, const char *part)
{
	if (!bs_str_has(bs_buf_str(out), bs_str_c(part)))
		fail_msg("\"%s\" is not in:\n%s", part, out->ptr);
}

static void assert_lacks(const struct bs_buf *out, const char *part)
{
	if (bs_str_has(bs_buf_str(out), bs_str_c(part)))
		fail_msg("\"%s\" is in:\n%s", part, out->ptr);
}

static void json_is_what_the_contract_says(void **state)
{
	(void)state;
	struct bs_report report = sample_report();
	struct bs_buf out;
	struct bs_json *json = NULL;
	bs_buf_init(&out, 1 << 20);
	report.hedged = true;
	bs_report_json(&report, &out);
	assert_int_equal(bs_json_parse(bs_buf_str(&out), &json, NULL), BS_OK);
	static const char *const keys[] = {"version", "outcome", "route", "summary", "flags",
		"attempts", "elapsed_ms", "cost_usd", "excerpt", "warnings", "fingerprint"};
	const struct bs_json *member = bs_json_first(json);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_str(bs_json_key(member), keys[i]);
		member = bs_json_next(member);
	}
	assert_null(member);
	assert_str(bs_json_text(bs_json_get(json, "fingerprint")), "00112233aabbccdd");
	const struct bs_json *first = bs_json_at(bs_json_get(json, "attempts"), 0);
	assert_str(bs_json_text(bs_json_get(first, "outcome")), "rate_limited");
	assert_true(bs_json_is_null(bs_json_get(first, "first_token_ms")));
	assert_str(bs_json_text(bs_json_get(first, "request_id")), "req_1");
	assert_true(bs_json_is_null(
		bs_json_get(bs_json_at(bs_json_get(json, "attempts"), 1), "request_id")));
	assert_str(bs_json_text(bs_json_at(bs_json_get(json, "flags"), 0)), "hedged");
	assert_int_equal(bs_json_count(bs_json_get(json, "flags")), 1);
	bs_json_free(json);
	bs_buf_release(&out);
}

static void json_writes_unknown_parts_as_null(void **state)
{
	(void)state;
	struct bs_report report = sample_report();
	struct bs_buf out;
	bs_buf_init(&out, 1 << 20);
	report.summary.failures[0] = (struct bs_failure){.message = BS_LIT("only this")};
	bs_report_json(&report, &out);
	assert_has(&out, "{\"name\":null,\"file\":null,\"line\":null,\"message\":\"only this\"}");
	bs_buf_release(&out);
}

static void costs_are_said_when_they_are_known(void **state)
{
	(void)state;
	struct bs_report report = sample_report();
	struct bs_buf out;
	bs_buf_init(&out, 1 << 20);
	bs_report_json(&report, &out);
	assert_has(&out, "\"cached_tokens\":512,\"cost_usd\":0.0042,\"request_id\":\"req_3\"");
	assert_has(&out, "\"cost_usd\":0.0042,\"excerpt\"");
	bs_report_terminal(&report, (struct bs_terminal){false, 0}, &out);
	assert_has(&out, " · $0.0042 · ");
	bs_buf_clear(&out);
	sample_attempts[2].cost.pico_usd = 35000000;
	bs_report_terminal(&report, (struct bs_terminal){false, 0}, &out);
	assert_has(&out, " · under $0.0001 · ");
	bs_buf_clear(&out);
	sample_attempts[1].cost.known = false; // then nobody knows what all of it cost
	bs_report_json(&report, &out);
	assert_has(&out, "\"cost_usd\":null,\"excerpt\"");
	bs_report_terminal(&report, (struct bs_terminal){false, 0}, &out);
	assert_lacks(&out, "$");
	sample_attempts[1].cost.known = true;
	sample_attempts[2].cost.pico_usd = 4200000000;
	bs_buf_release(&out);
}

static void trail_counts_equal_attempts_together(void **state)
{
	(void)state;
	struct bs_report report = sample_report();
	struct bs_buf out;
	bs_buf_init(&out, 1 << 20);
	bs_report_trail(&report, &out);
	assert_str(bs_buf_str(&out), "openai 429 ×2 → anthropic ok (3 attempts, 0.8 s)");
	sample_attempts[2].outcome = BS_OUTCOME_TIMEOUT;
	sample_attempts[2].http_status = 0;
	sample_attempts[2].elapsed_ms = 4000;
	report.by_llm = false;
	report.elapsed_ms = 4300;
	bs_buf_clear(&out);
	bs_report_trail(&report, &out);
	assert_str(bs_buf_str(&out),
		"openai 429 ×2 → anthropic timeout 4.0 s (3 attempts, 4.3 s) → local summary");
	bs_buf_release(&out);
}

static void terminal_starts_no_line_with_foreign_text(void **state)
{
	(void)state;
	struct bs_report report = sample_report();
	struct bs_buf out;
	bs_buf_init(&out, 1 << 20);
	report.summary.headline = BS_LIT("--- not a group");
	report.summary.summary = BS_LIT(
		"+++ open me \n^^^ +++\n~~~ and me \033]1338;url=x\007 \033[31mred");
	report.summary.failures[0].message = BS_LIT("\r--- x");
	report.summary.evidence[0].text = BS_LIT("+++ y");
	bs_report_terminal(&report, (struct bs_terminal){false, 80}, &out);
	struct bs_str rest = bs_buf_str(&out), line;
	while (bs_str_split(&rest, '\n', &line))
		if (line.len)
			assert_true(line.ptr[0] == ' ' || bs_str_starts(line, BS_LIT("✗ ")));
	assert_lacks(&out, "\033");
	assert_lacks(&out, "\r");
	bs_buf_release(&out);
}

static void terminal_wraps_at_the_width(void **state)
{
	(void)state;
	struct bs_report report = sample_report();
	struct bs_buf out;
	bs_buf_init(&out, 1 << 20);
	report.summary.summary = BS_LIT(
		"many words of ordinary length in one paragraph that has to be "
		"broken more than once before it ends, so that nothing is lost");
	bs_report_terminal(&report, (struct bs_terminal){false, 50}, &out);
	struct bs_str rest = bs_buf_str(&out), line;
	size_t paragraph = 0;
	while (bs_str_split(&rest, '\n', &line)) {
		if (bs_str_has(line, BS_LIT("buildsum:")))
			break;
		assert_true(bs_str_chars(line) <= 50);
		paragraph += line.len > 0;
	}
	assert_true(paragraph > 4);
	bs_buf_release(&out);
}

static void terminal_colours_only_when_asked(void **state)
{
	(void)state;
	struct bs_report report = sample_report();
	struct bs_buf plain, color;
	bs_buf_init(&plain, 1 << 20);
	bs_buf_init(&color, 1 << 20);
	bs_report_terminal(&report, (struct bs_terminal){false, 0}, &plain);
	bs_report_terminal(&report, (struct bs_terminal){true, 0}, &color);
	assert_lacks(&plain, "\033[");
	assert_has(&color, "\033[1;31m");
	bs_buf_release(&plain);
	bs_buf_release(&color);
}

// What a Markdown parser would look at: everything but <pre> blocks.
static void add_outside_of_pre(struct bs_str body, struct bs_buf *out)
{
	for (;;) {
		size_t open = bs_str_find(body, BS_LIT("<pre>"));
		bs_buf_add(out, bs_str_sub(body, 0, open));
		if (open == SIZE_MAX)
			return;
		body = bs_str_from(body, open);
		body = bs_str_from(body, bs_str_find(body, BS_LIT("</pre>")));
	}
}

static void markdown_makes_nothing_active(void **state)
{
	(void)state;
	struct bs_report report = sample_report();
	struct bs_buf out;
	bs_buf_init(&out, BS_ANNOTATION_BYTES_MAX);
	struct bs_str hostile = BS_LIT(
		"</p></code></pre><img src=x onerror=y> ![a](http://evil/?q) "
		"[b](javascript:c) `d` <a href='e'> a@b.test www.evil.test \n\n# h");
	report.summary.headline = report.summary.summary = report.summary.next_step = hostile;
	report.summary.failures[0] = (struct bs_failure){hostile, hostile, hostile, 1};
	report.summary.evidence[0].text = hostile;
	sample_lines[2].text = hostile;
	const struct bs_alike job = {
		"<img src=x> Specs #3", "https://buildkite.com/o/p/builds/1#id", NULL};
	bs_report_markdown(&report, &job, BS_ANNOTATION_BYTES_AIM, &out);
	sample_lines[2].text = BS_LIT("E   assert 2 == 2.5");
	assert_lacks(&out, "<img");
	assert_lacks(&out, "<a href='");
	assert_lacks(&out, "a@b");
	struct bs_buf prose;
	bs_buf_init(&prose, BS_ANNOTATION_BYTES_MAX);
	add_outside_of_pre(bs_buf_str(&out), &prose);
	assert_has(&prose, "evil/?q");
	assert_lacks(&prose, "](");
	assert_lacks(&prose, "javascript:");
	assert_lacks(&prose, "`");
	bs_buf_release(&prose);
	assert_has(&out, "<a href=\"https://buildkite.com/o/p/builds/1#id\">"
			 "log of &#60;img src=x&#62; Specs &#35;3</a>");
	bs_buf_release(&out);
}

static void markdown_keeps_to_its_aim_and_says_what_it_left_out(void **state)
{
	(void)state;
	static struct bs_excerpt_line lines[4000];
	struct bs_report report = sample_report();
	struct bs_buf out;
	bs_buf_init(&out, BS_ANNOTATION_BYTES_MAX);
	for (size_t i = 0; i < 4000; i++)
		lines[i] = (struct bs_excerpt_line){
			i + 1, BS_LIT("<<<<<<<< eight escaped >>>>>>>>")};
	report.excerpt.lines = lines;
	report.excerpt.lines_count = 4000;
	bs_report_markdown(&report, NULL, BS_ANNOTATION_BYTES_AIM, &out);
	assert_int_equal(out.failed, BS_OK);
	assert_true(out.len <= BS_ANNOTATION_BYTES_AIM);
	assert_true(out.len > BS_ANNOTATION_BYTES_AIM / 2);
	assert_has(&out, "lines of the excerpt left out]");
	bs_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_what_the_contract_says),
		cmocka_unit_test(json_writes_unknown_parts_as_null),
		cmocka_unit_test(terminal_starts_no_line_with_foreign_text),
		cmocka_unit_test(terminal_wraps_at_the_width),
		cmocka_unit_test(terminal_colours_only_when_asked),
		cmocka_unit_test(markdown_makes_nothing_active),
		cmocka_unit_test(markdown_keeps_to_its_aim_and_says_what_it_left_out),
		cmocka_unit_test(costs_are_said_when_they_are_known),
		cmocka_unit_test(trail_counts_equal_attempts_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
