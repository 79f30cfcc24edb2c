// SPDX-License-Identifier: MIT
// One run of a drill: all that a run does, from the log to the rendered annotation, and its
// account.
#include "core/drill/perform.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "core/base/clock.h"
#include "core/run.h"

static void copy_text(char *to, size_t bytes, const char *from)
{
	struct bs_str text = bs_str_clip_utf8(bs_str_c(from ? from : ""), bytes - 1);
	memset(to, 0, bytes);
	if (text.len)
		memcpy(to, text.ptr, text.len);
}

static void copy_trail(const struct bs_trail *trail, struct bs_drill_run *run)
{
	size_t count = trail->count < BS_ATTEMPTS_MAX ? trail->count : BS_ATTEMPTS_MAX;
	for (size_t i = 0; i < count; i++) {
		const struct bs_attempt_record *record = &trail->attempts[i];
		struct bs_drill_attempt *attempt = &run->attempts[i];
		copy_text(attempt->route, sizeof(attempt->route), record->route);
		copy_text(attempt->key, sizeof(attempt->key), record->key);
		attempt->mode = record->mode;
		attempt->outcome = record->outcome;
		attempt->http_status = record->http_status;
		attempt->started_ms = record->started_ms;
		attempt->first_token_ms = record->first_token_ms;
		attempt->elapsed_ms = record->elapsed_ms;
		attempt->input_tokens = record->input_tokens;
		attempt->output_tokens = record->output_tokens;
		attempt->cost = record->cost;
		attempt->hedge = record->hedge;
		copy_text(attempt->reason, sizeof(attempt->reason), record->reason);
	}
	run->attempts_count = count;
}

static enum bs_status summarise(const struct bs_run *run, struct bs_str log, struct bs_arena *arena,
	struct bs_report *ret_report, struct bs_err *err)
{
	struct bs_reading *reading = NULL;
	struct bs_buf page;
	bs_buf_init(&page, BS_ANNOTATION_BYTES_MAX);
	enum bs_status status = bs_reading_new(
		run->config, run->environ, run->diag, arena, &reading, err);
	if (status == BS_OK)
		status = bs_reading_feed(reading, log, err);
	if (status == BS_OK)
		status = bs_run_conclude(run, reading, arena, ret_report, err);
	if (status == BS_OK) {
		bs_report_markdown(ret_report, NULL, BS_ANNOTATION_BYTES_AIM, &page);
		status = bs_buf_status(&page, "the annotation", err);
	}
	bs_buf_release(&page);
	bs_reading_free(reading);
	return status;
}

static int64_t cpu_us(void)
{
	struct rusage usage;
	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return 0;
	return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       (int64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void bs_drill_perform(const struct bs_config *config, const char *const *env, struct bs_str log,
	const volatile sig_atomic_t *cancelled, struct bs_drill_run *run)
{
	struct bs_arena arena;
	struct bs_report report;
	struct bs_err err;
	struct bs_diag *diag = calloc(1, sizeof(*diag));
	int64_t started_ms = bs_clock_ms(), before_us = cpu_us();
	const struct bs_run order = {
		.config = config,
		.environ = env,
		.log_fd = -1,
		.ending = {.exit_status = 1},
		.started_ms = started_ms,
		.deadline_at_ms = started_ms + config->deadline_ms,
		.cancelled = cancelled,
		.diag = diag,
	};
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	if (summarise(&order, log, &arena, &report, &err) == BS_OK) {
		copy_text(run->route, sizeof(run->route), report.by_llm ? report.route : "");
		copy_trail(&report.trail, run);
		run->repaired = report.repaired;
		run->reasked = report.reasked;
		run->ending = report.by_llm ? BS_DRILL_MODEL : BS_DRILL_LOCAL;
	}
	run->elapsed_ms = bs_clock_ms() - started_ms;
	run->cpu_us = cpu_us() - before_us;
	bs_arena_release(&arena);
	free(diag);
}
