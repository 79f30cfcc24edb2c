// SPDX-License-Identifier: MIT
// Small pieces of wording: counts, durations, places, the trail of attempts, the footer.
#include "core/report/words.h"

#include <inttypes.h>
#include <string.h>

#include "core/text/clean.h"

void bs_words_count(uint64_t count, struct bs_buf *out)
{
	if (count >= 1000) {
		bs_words_count(count / 1000, out);
		bs_buf_addf(out, ",%03" PRIu64, count % 1000);
	} else {
		bs_buf_addf(out, "%" PRIu64, count);
	}
}

void bs_words_duration(int64_t ms, struct bs_buf *out)
{
	if (ms < 100)
		bs_buf_addf(out, "%" PRId64 " ms", ms);
	else if (ms < 10000)
		bs_buf_addf(out, "%" PRId64 ".%" PRId64 " s", ms / 1000, ms % 1000 / 100);
	else
		bs_buf_addf(out, "%" PRId64 " s", (ms + 500) / 1000);
}

void bs_words_place(const struct bs_failure *failure, struct bs_buf *out)
{
	bs_clean_inline(failure->file, out);
	if (failure->file.len && failure->line)
		bs_buf_addf(out, ":%" PRIu64, failure->line);
}

static struct bs_str provider_of(const char *route)
{
	struct bs_str whole = bs_str_c(route);
	return bs_str_sub(whole, 0, bs_str_find_char(whole, '/'));
}

static bool is_same_step(const struct bs_attempt_record *a, const struct bs_attempt_record *b)
{
	return strcmp(a->route, b->route) == 0 && a->outcome == b->outcome &&
	       a->http_status == b->http_status;
}

// "429", "timeout 4.0 s", "invalid summary"
static void add_step(const struct bs_attempt_record *attempt, struct bs_buf *out)
{
	if (attempt->http_status && attempt->http_status != 200) {
		bs_buf_addf(out, "%d", attempt->http_status);
		return;
	}
	for (const char *c = bs_outcome_id(attempt->outcome); *c; c++)
		bs_buf_add_char(out, *c == '_' ? ' ' : *c);
	if (attempt->outcome == BS_OUTCOME_TIMEOUT && attempt->elapsed_ms >= 0) {
		bs_buf_add_char(out, ' ');
		bs_words_duration(attempt->elapsed_ms, out);
	}
}

static void add_steps(const struct bs_attempt_record *attempts, size_t count, struct bs_buf *out)
{
	for (size_t i = 0; i < count;) {
		size_t same = 1;
		while (i + same < count && is_same_step(&attempts[i], &attempts[i + same]))
			same++;
		if (i > 0)
			bs_buf_add_c(out, " → ");
		bs_buf_add(out, provider_of(attempts[i].route));
		bs_buf_add_char(out, ' ');
		add_step(&attempts[i], out);
		if (same > 1)
			bs_buf_addf(out, " ×%zu", same);
		i += same;
	}
}

void bs_report_trail(const struct bs_report *report, struct bs_buf *out)
{
	const struct bs_trail *trail = &report->trail;
	add_steps(trail->attempts, trail->count, out);
	if (trail->count > 1 || (trail->count == 1 && !report->by_llm)) {
		bs_buf_addf(out, " (%zu attempt%s, ", trail->count, trail->count == 1 ? "" : "s");
		bs_words_duration(report->elapsed_ms, out);
		bs_buf_add_char(out, ')');
	}
	if (trail->count > 0 && !report->by_llm)
		bs_buf_add_c(out, " → local summary");
}

// What was tried before, or beside, the attempt that answered.
static void add_detour(const struct bs_trail *trail, struct bs_buf *out)
{
	struct bs_attempt_record others[BS_ATTEMPTS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < trail->count && count < BS_ATTEMPTS_MAX; i++)
		if (trail->attempts[i].outcome != BS_OUTCOME_OK)
			others[count++] = trail->attempts[i];
	if (count > 0)
		bs_buf_add_c(out, " after ");
	add_steps(others, count, out);
}

void bs_words_lines(const struct bs_excerpt *excerpt, struct bs_buf *out)
{
	uint64_t lines = 0;
	for (size_t i = 0; i < excerpt->lines_count; i++)
		lines += excerpt->lines[i].number != 0;
	bs_words_count(lines, out);
	if (!excerpt->whole) {
		bs_buf_add_c(out, " of ");
		bs_words_count(excerpt->input_lines, out);
	}
	bs_buf_add_c(out, excerpt->input_lines == 1 ? " log line" : " log lines");
}

static void add_lines_read(const struct bs_excerpt *excerpt, struct bs_buf *out)
{
	bs_words_lines(excerpt, out);
	if (excerpt->redactions) {
		bs_buf_add_c(out, ", ");
		bs_words_count(excerpt->redactions, out);
		bs_buf_add_c(
			out, excerpt->redactions == 1 ? " secret redacted" : " secrets redacted");
	}
}

struct bs_cost bs_report_cost(const struct bs_report *report)
{
	struct bs_cost total = {.known = true};
	for (size_t i = 0; i < report->trail.count; i++) {
		total.known &= report->trail.attempts[i].cost.known;
		total.pico_usd += report->trail.attempts[i].cost.pico_usd;
	}
	return total;
}

// " · $0.0042", by list price; nothing for what is not known or costs nothing.
static void add_cost(const struct bs_report *report, struct bs_buf *out)
{
	struct bs_cost cost = bs_report_cost(report);
	uint64_t ten_thousandths = (cost.pico_usd + 50000000) / 100000000;
	if (!cost.known || !cost.pico_usd)
		return;
	if (ten_thousandths)
		bs_buf_addf(out, " · $%" PRIu64 ".%04" PRIu64, ten_thousandths / 10000,
			ten_thousandths % 10000);
	else
		bs_buf_add_c(out, " · under $0.0001");
}

void bs_report_told(const struct bs_report *report, struct bs_buf *out)
{
	if (report->told) {
		bs_buf_add_c(out, report->told);
		return;
	}
	if (report->by_llm) {
		bs_buf_addf(out, "%s answered in ", report->route);
		bs_words_duration(report->elapsed_ms, out);
		add_detour(&report->trail, out);
	} else if (report->trail.count > 0) {
		bs_report_trail(report, out);
	} else {
		bs_buf_addf(out, "local summary by rules%s%s, ", report->local_reason ? ", " : "",
			report->local_reason ? report->local_reason : "");
		bs_words_duration(report->elapsed_ms, out);
	}
	add_cost(report, out);
}

void bs_words_footer(const struct bs_report *report, struct bs_buf *out)
{
	bs_buf_add_c(out, "buildsum: ");
	bs_report_told(report, out);
	if (report->excerpt.input_lines) {
		bs_buf_add_c(out, " · ");
		add_lines_read(&report->excerpt, out);
	}
	bs_buf_addf(out, " · %s confidence", bs_confidence_id(report->summary.confidence));
}
