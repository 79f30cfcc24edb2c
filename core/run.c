// SPDX-License-Identifier: MIT
// The pipeline, readable from top to bottom: read → clean → redact → trim → ask → summary → report.
#include "core/run.h"

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "core/llm/local.h"
#include "core/rules/trim.h"
#include "core/text/clean.h"

// Kept back of the deadline, so that whatever the models do something is rendered and posted.
#define RENDER_RESERVE_MS 1500

// --- reading: bytes of the log through the cleaner, until the end, the ceiling or a signal

static enum bs_status pour(const struct bs_run *run, struct bs_clean *clean, struct bs_err *err)
{
	char chunk[BS_READ_CHUNK_BYTES];
	uint64_t left = run->log_bytes_max ? run->log_bytes_max : UINT64_MAX;
	size_t count = 1;
	enum bs_status status = BS_OK;
	while (status == BS_OK && left > 0 && count > 0) {
		size_t want = left < sizeof(chunk) ? (size_t)left : sizeof(chunk);
		if (run->cancelled && *run->cancelled)
			return bs_fail(err, BS_CANCELLED, "cancelled while reading the log");
		status = bs_file_read(run->log_fd, chunk, want, run->deadline_at_ms, &count, err);
		if (status == BS_OK && count > 0)
			status = bs_clean_feed(clean, bs_str(chunk, count), err);
		left -= count;
	}
	return status == BS_OK ? bs_clean_finish(clean, err) : status;
}

static enum bs_status know_secrets(
	const struct bs_run *run, struct bs_redact *redact, struct bs_err *err)
{
	const struct bs_config *config = run->config;
	enum bs_status status = bs_redact_add_environ(
		redact, run->environ, config->redact_env.items, config->redact_env.count, err);
	for (size_t i = 0; status == BS_OK && i < config->providers_count; i++)
		status = bs_redact_add_environ(redact, run->environ,
			config->providers[i].keys.items, config->providers[i].keys.count, err);
	for (size_t i = 0; status == BS_OK && i < config->redact_patterns.count; i++)
		status = bs_redact_add_pattern(
			redact, bs_str_c(config->redact_patterns.items[i]), err);
	return status;
}

// --- the excerpt: clean → redact → trim, each line as it comes

enum bs_status bs_run_excerpt(const struct bs_run *run, struct bs_arena *arena,
	struct bs_excerpt *ret_excerpt, struct bs_redact **ret_redact, struct bs_err *err)
{
	struct bs_rules rules = {0};
	struct bs_trim *trim = NULL;
	struct bs_redact *redact = NULL;
	struct bs_clean *clean = NULL;
	struct bs_excerpt excerpt;
	const struct bs_config *config = run->config;
	enum bs_status status = bs_rules_load(
		&rules, config->rules.items, config->rules.count, arena, err);
	if (status == BS_OK)
		status = bs_trim_new(&rules, (size_t)config->excerpt_bytes, run->diag, &trim, err);
	if (status == BS_OK)
		status = bs_redact_new(
			(struct bs_line_sink){bs_trim_take, trim}, run->diag, &redact, err);
	if (status == BS_OK)
		status = know_secrets(run, redact, err);
	if (status == BS_OK)
		status = bs_clean_new(
			0, (struct bs_line_sink){bs_redact_take, redact}, &clean, err);
	if (status == BS_OK)
		status = pour(run, clean, err);
	if (status == BS_OK)
		status = bs_redact_finish(redact, err);
	if (status == BS_OK)
		status = bs_trim_finish(trim, arena, &excerpt, err);
	if (status == BS_OK) {
		excerpt.input_bytes = bs_clean_stats(clean).input_bytes;
		excerpt.redactions = bs_redact_count(redact);
		*ret_excerpt = excerpt;
		*ret_redact = redact;
		redact = NULL;
	}
	bs_clean_free(clean);
	bs_redact_free(redact);
	bs_trim_free(trim);
	bs_rules_release(&rules);
	return status;
}

enum bs_status bs_run_redact(const struct bs_run *run, struct bs_line_sink sink,
	uint64_t *ret_redactions, struct bs_err *err)
{
	struct bs_redact *redact = NULL;
	struct bs_clean *clean = NULL;
	const unsigned flags = BS_CLEAN_KEEP_STAMPS | BS_CLEAN_KEEP_REDRAWS;
	enum bs_status status = bs_redact_new(sink, run->diag, &redact, err);
	if (status == BS_OK)
		status = know_secrets(run, redact, err);
	if (status == BS_OK)
		status = bs_clean_new(
			flags, (struct bs_line_sink){bs_redact_take, redact}, &clean, err);
	if (status == BS_OK)
		status = pour(run, clean, err);
	if (status == BS_OK)
		status = bs_redact_finish(redact, err);
	if (status == BS_OK)
		*ret_redactions = bs_redact_count(redact);
	bs_clean_free(clean);
	bs_redact_free(redact);
	return status;
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
		.exit_status = run->exit_status,
		.started_ms = started_ms,
		.deadline_at_ms = deadline_at_ms - RENDER_RESERVE_MS,
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

// Fills the report from a model's answer; false: the local summary is wanted, report says why.
static enum bs_status ask_models(const struct bs_run *run, struct bs_redact *redact,
	int64_t started_ms, int64_t deadline_at_ms, struct bs_arena *arena,
	struct bs_report *report, struct bs_err *err)
{
	struct bs_answer answer = {0};
	struct bs_err trouble = {0};
	struct bs_ask ask = ask_for(run, &report->excerpt, redact, started_ms, deadline_at_ms);
	enum bs_status status = bs_chain_ask(&ask, arena, &answer, &trouble);
	if (status == BS_USAGE)
		return bs_fail(err, status, "%s", trouble.msg);
	if (status != BS_OK) {
		bs_diag_warn(run->diag, "no model was asked: %s", trouble.msg);
		report->local_reason = "no model could be asked";
		return BS_OK;
	}
	report->trail = answer.trail;
	report->hedged = answer.hedged;
	if (answer.answered && !is_clean_answer(&answer.summary, redact)) {
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

// --- the whole line

enum bs_status bs_run_report(const struct bs_run *run, struct bs_arena *arena,
	struct bs_report *ret_report, struct bs_err *err)
{
	struct bs_report report = {
		.route = "local", .exit_status = run->exit_status, .diag = run->diag};
	struct bs_redact *redact = NULL;
	int64_t started_ms = bs_clock_ms();
	int64_t deadline_at_ms = run->deadline_at_ms;
	enum bs_status status = bs_run_excerpt(run, arena, &report.excerpt, &redact, err);
	if (status != BS_OK)
		return status;
	if (!deadline_at_ms) {
		started_ms = bs_clock_ms();
		deadline_at_ms = started_ms + run->config->deadline_ms;
	}
	if (run->config->offline)
		report.local_reason = "offline";
	else
		status = ask_models(run, redact, started_ms, deadline_at_ms, arena, &report, err);
	if (status == BS_OK && !report.by_llm)
		status = bs_local_summary(
			&report.excerpt, run->exit_status, arena, &report.summary, err);
	bs_redact_free(redact);
	if (status != BS_OK)
		return status;
	report.low_confidence = report.summary.confidence == BS_CONFIDENCE_LOW;
	report.elapsed_ms = bs_clock_ms() - started_ms;
	*ret_report = report;
	return BS_OK;
}

enum bs_status bs_run_dry(
	const struct bs_run *run, struct bs_arena *arena, struct bs_buf *out, struct bs_err *err)
{
	struct bs_excerpt excerpt;
	struct bs_redact *redact = NULL;
	enum bs_status status = bs_run_excerpt(run, arena, &excerpt, &redact, err);
	if (status != BS_OK)
		return status;
	int64_t now_ms = bs_clock_ms();
	struct bs_ask ask = ask_for(
		run, &excerpt, redact, now_ms, now_ms + run->config->deadline_ms);
	status = bs_chain_dry_run(&ask, out, err);
	bs_redact_free(redact);
	return status;
}
