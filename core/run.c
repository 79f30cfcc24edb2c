// SPDX-License-Identifier: MIT
// The pipeline, readable from top to bottom: read (clean → redact → trim) → ask → summary → report.
#include "core/run.h"

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "core/llm/local.h"
#include "core/observe/metrics.h"

#define LOOK_MS 100

// --- reading

// One read that looks up every LOOK_MS, so that a signal ends the wait for a pipe that is silent.
static enum bs_status read_some(const struct bs_run *run, char *chunk, size_t bytes,
	int64_t until_ms, size_t *ret_count, struct bs_err *err)
{
	for (;;) {
		int64_t now_ms = bs_clock_ms();
		if (run->cancelled && *run->cancelled)
			return bs_fail(err, BS_CANCELLED, "cancelled while reading the log");
		if (until_ms && now_ms >= until_ms)
			return bs_fail(err, BS_TIMEOUT, "no time was left for the rest");
		enum bs_status status = bs_file_read(
			run->log_fd, chunk, bytes, now_ms + LOOK_MS, ret_count, err);
		if (status != BS_TIMEOUT)
			return status;
	}
}

// Reading leaves the reserve; of a deadline shorter than twice that it takes half.
static int64_t reading_ends_ms(const struct bs_run *run, int64_t now_ms)
{
	int64_t left_ms = bs_deadline_left_ms((struct bs_deadline){run->deadline_at_ms}, now_ms);
	int64_t share_ms = left_ms > 2 * BS_RUN_RESERVE_MS ? left_ms - BS_RUN_RESERVE_MS
							   : left_ms / 2;
	return now_ms + (share_ms > LOOK_MS ? share_ms : LOOK_MS);
}

enum bs_status bs_run_read(const struct bs_run *run, struct bs_reading *reading, struct bs_err *err)
{
	char chunk[BS_READ_CHUNK_BYTES];
	struct bs_err trouble;
	uint64_t left = run->log_bytes_max ? run->log_bytes_max : UINT64_MAX;
	int64_t until_ms = run->deadline_at_ms ? reading_ends_ms(run, bs_clock_ms()) : 0;
	size_t count = 1;
	while (left > 0 && count > 0) {
		size_t want = left < sizeof(chunk) ? (size_t)left : sizeof(chunk);
		enum bs_status status = read_some(run, chunk, want, until_ms, &count, &trouble);
		if (status == BS_CANCELLED)
			return bs_fail(err, status, "%s", trouble.msg);
		if (status != BS_OK && bs_reading_bytes(reading) > 0) {
			bs_diag_warn(run->diag, "the log was read only in part: %s", trouble.msg);
			return BS_OK;
		}
		if (status != BS_OK)
			return bs_fail(err, status, "%s", trouble.msg);
		left -= count;
		status = bs_reading_feed(reading, bs_str(chunk, count), err);
		if (status != BS_OK)
			return status;
	}
	return BS_OK;
}

// --- asking: what leaves passes the redactor's last look, and so does what comes back

static enum bs_status check_leaving(void *ctx, struct bs_str bytes, struct bs_err *err)
{
	return bs_redact_tripwire(ctx, bytes, err);
}

static void make_printable(void *ctx, struct bs_str text, struct bs_buf *out)
{
	bs_redact_text(ctx, text, out);
}

static struct bs_ask ask_for(const struct bs_run *run, const struct bs_excerpt *excerpt,
	struct bs_redact *redact, int64_t started_ms, int64_t deadline_at_ms)
{
	return (struct bs_ask){
		.config = run->config,
		.environ = run->environ,
		.excerpt = excerpt,
		.ending = run->ending,
		.started_ms = started_ms,
		.deadline_at_ms = deadline_at_ms - BS_RUN_RESERVE_MS,
		.cancelled = run->cancelled,
		.guard = {check_leaving, make_printable, redact},
		.progress = run->progress,
		.diag = run->diag,
	};
}

// A model may repeat what it should not have seen: a secret in its answer makes the answer
// worthless.
static bool is_clean_answer(const struct bs_summary *summary, struct bs_redact *redact)
{
	const struct bs_str texts[] = {summary->headline, summary->summary, summary->next_step};
	bool clean = true;
	for (size_t i = 0; clean && i < sizeof(texts) / sizeof(texts[0]); i++)
		clean = bs_redact_tripwire(redact, texts[i], NULL) == BS_OK;
	for (size_t i = 0; clean && i < summary->failures_count; i++)
		clean = bs_redact_tripwire(redact, summary->failures[i].name, NULL) == BS_OK &&
			bs_redact_tripwire(redact, summary->failures[i].message, NULL) == BS_OK;
	return clean;
}

// Fills the report from a model's answer, or says in it why the local summary is wanted. Fails only
// where the user must act.
static enum bs_status ask_models(const struct bs_run *run, const struct bs_ask *ask,
	struct bs_arena *arena, struct bs_report *report, struct bs_err *err)
{
	struct bs_answer answer = {0};
	struct bs_err trouble = {0};
	enum bs_status status = bs_chain_ask(ask, arena, &answer, &trouble);
	if (status == BS_USAGE)
		return bs_fail(err, status, "%s", trouble.msg);
	if (status != BS_OK) {
		bs_diag_warn(run->diag, "no model was asked: %s", trouble.msg);
		report->local_reason = "no model could be asked";
		return BS_OK;
	}
	report->trail = answer.trail;
	report->hedged = answer.hedged;
	if (answer.answered && !is_clean_answer(&answer.summary, ask->guard.ctx)) {
		bs_diag_warn(run->diag, "the answer of %s held a secret and was thrown away",
			answer.route);
		answer.answered = false;
	}
	if (!answer.answered) {
		report->local_reason = answer.has_routes ? "no model answered"
							 : "no model is configured";
		return BS_OK;
	}
	report->by_llm = true;
	report->route = answer.route;
	report->summary = answer.summary;
	report->repaired = answer.repaired;
	report->reasked = answer.reasked;
	return BS_OK;
}

// --- the whole

// The run with its times set: from now on they do not depend on who asks.
static struct bs_run with_times(const struct bs_run *run)
{
	struct bs_run timed = *run;
	if (!timed.started_ms)
		timed.started_ms = bs_clock_ms();
	if (!timed.deadline_at_ms)
		timed.deadline_at_ms = timed.started_ms + run->config->deadline_ms;
	return timed;
}

enum bs_status bs_run_ask(const struct bs_run *run, struct bs_reading *reading,
	const struct bs_excerpt *excerpt, struct bs_arena *arena, struct bs_report *ret_report,
	struct bs_err *err)
{
	struct bs_report report = {.route = "local", .diag = run->diag, .excerpt = *excerpt};
	const struct bs_run timed = with_times(run);
	const struct bs_ask ask = ask_for(&timed, &report.excerpt, bs_reading_redact(reading),
		timed.started_ms, timed.deadline_at_ms);
	enum bs_status status = BS_OK;
	if (run->config->offline || run->config->dry_run)
		report.local_reason = run->config->offline ? "offline" : "a dry run";
	else
		status = ask_models(run, &ask, arena, &report, err);
	if (status == BS_OK && !report.by_llm)
		status = bs_local_summary(
			&report.excerpt, &run->ending, arena, &report.summary, err);
	if (status != BS_OK)
		return status;
	report.low_confidence = report.summary.confidence == BS_CONFIDENCE_LOW;
	report.elapsed_ms = bs_clock_ms() - timed.started_ms;
	*ret_report = report;
	return BS_OK;
}

enum bs_status bs_run_conclude(const struct bs_run *run, struct bs_reading *reading,
	struct bs_arena *arena, struct bs_report *ret_report, struct bs_err *err)
{
	struct bs_excerpt excerpt;
	const struct bs_run timed = with_times(run);
	enum bs_status status = bs_reading_excerpt(reading, &excerpt, err);
	if (status != BS_OK)
		return status;
	return bs_run_ask(&timed, reading, &excerpt, arena, ret_report, err);
}

enum bs_status bs_run_report(const struct bs_run *run, struct bs_arena *arena,
	struct bs_report *ret_report, struct bs_err *err)
{
	struct bs_reading *reading = NULL;
	enum bs_status status = bs_reading_new(
		run->config, run->environ, run->diag, arena, &reading, err);
	if (status == BS_OK)
		status = bs_run_read(run, reading, err);
	if (status == BS_OK)
		status = bs_run_conclude(run, reading, arena, ret_report, err);
	bs_reading_free(reading);
	return status;
}

void bs_run_tell(const struct bs_run *run, const struct bs_report *report)
{
	const struct bs_run_facts facts = {
		.by_llm = report->by_llm,
		.route = report->route,
		.reused_from = report->told_by,
		.trail = &report->trail,
		.elapsed_ms = report->elapsed_ms,
		.wall_ms = bs_clock_wall_ms(),
		.log_bytes = report->excerpt.input_bytes,
		.excerpt_bytes = report->excerpt.text.len,
		.redactions = report->excerpt.redactions,
	};
	int64_t until_ms = bs_clock_ms() + BS_METRICS_SEND_MS_MAX;
	if (run->deadline_at_ms && run->deadline_at_ms < until_ms)
		until_ms = run->deadline_at_ms;
	bs_metrics_tell(run->config, run->environ, &facts, until_ms, run->diag);
}

enum bs_status bs_run_excerpt(const struct bs_run *run, struct bs_arena *arena,
	struct bs_excerpt *ret_excerpt, struct bs_err *err)
{
	struct bs_reading *reading = NULL;
	enum bs_status status = bs_reading_new(
		run->config, run->environ, run->diag, arena, &reading, err);
	if (status == BS_OK && run->explain)
		bs_reading_explain(reading);
	if (status == BS_OK)
		status = bs_run_read(run, reading, err);
	if (status == BS_OK)
		status = bs_reading_excerpt(reading, ret_excerpt, err);
	bs_reading_free(reading);
	return status;
}

enum bs_status bs_run_dry(
	const struct bs_run *run, struct bs_arena *arena, struct bs_buf *out, struct bs_err *err)
{
	struct bs_excerpt excerpt;
	struct bs_reading *reading = NULL;
	int64_t now_ms = bs_clock_ms();
	enum bs_status status = bs_reading_new(
		run->config, run->environ, run->diag, arena, &reading, err);
	if (status == BS_OK)
		status = bs_run_read(run, reading, err);
	if (status == BS_OK)
		status = bs_reading_excerpt(reading, &excerpt, err);
	if (status == BS_OK) {
		const struct bs_ask ask = ask_for(run, &excerpt, bs_reading_redact(reading), now_ms,
			now_ms + run->config->deadline_ms);
		status = bs_chain_dry_run(&ask, out, err);
	}
	bs_reading_free(reading);
	return status;
}
