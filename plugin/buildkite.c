// SPDX-License-Identifier: MIT
// The hook's body: job → log → summary → annotation, bounded, and silent where there is nothing to
// say.
#include "plugin/buildkite.h"

#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "core/run.h"
#include "plugin/agent.h"
#include "plugin/source.h"

#define MARKER_WAIT_MS 2000 // the agent writes the file within milliseconds; this is patience
#define TIMED_OUT_DEADLINE_MS \
	6000 // of the 9 s that the agent leaves to the hooks of a timed-out job
#define REMOVE_MS 3000

struct hook {
	const struct bs_config *config;
	const char *const *environ;
	const volatile sig_atomic_t *cancelled;
	struct bs_diag *diag;
	struct bs_job job;
	struct bs_arena *arena;
	struct bs_http *http;
	int64_t started_ms, deadline_at_ms; // monotonic
};

// One line into the job's log, begun by our own name so that nothing in it can open a group.
static void say(const char *what, const char *detail)
{
	struct bs_buf line;
	bs_buf_init(&line, BS_LINE_BYTES_MAX);
	bs_buf_addf(&line, "buildsum: %s%s%s\n", what, *detail ? ": " : "", detail);
	if (bs_file_write(STDERR_FILENO, bs_buf_str(&line), "standard error", NULL) != BS_OK)
		bs_buf_clear(&line); // nobody listens; that changes nothing
	bs_buf_release(&line);
}

static const char *choose_style(const struct hook *hook, const struct bs_report *report)
{
	if (hook->config->annotation_style)
		return hook->config->annotation_style;
	return report->by_llm && !report->low_confidence ? "error" : "warning";
}

static enum bs_status post(struct hook *hook, const struct bs_report *report, struct bs_err *err)
{
	struct bs_buf body;
	bs_buf_init(&body, BS_ANNOTATION_BYTES_MAX);
	bs_report_markdown(report, hook->job.url, BS_ANNOTATION_BYTES_AIM, &body);
	const struct bs_annotation annotation = {
		.body = bs_buf_str(&body),
		.context = hook->job.context,
		.style = choose_style(hook, report),
		.scope = hook->config->annotation_scope,
		.priority = hook->config->annotation_priority,
	};
	enum bs_status status = bs_buf_status(&body, "annotation", err);
	if (status == BS_OK)
		status = bs_agent_annotate(
			hook->http, &hook->job, &annotation, hook->deadline_at_ms, err);
	bs_buf_release(&body);
	return status;
}

static enum bs_status summarise(struct hook *hook, const struct bs_log_source *source,
	struct bs_report *ret_report, struct bs_err *err)
{
	if (source->bytes == 0)
		return bs_fail(err, BS_EMPTY, "the log is empty");
	const struct bs_run run = {
		.config = hook->config,
		.environ = hook->environ,
		.log_fd = source->fd,
		.log_bytes_max = source->bytes,
		.exit_status = hook->job.exit_status == BS_JOB_STATUS_UNKNOWN
				       ? -1
				       : hook->job.exit_status,
		.started_ms = hook->started_ms,
		.deadline_at_ms = hook->deadline_at_ms,
		.cancelled = hook->cancelled,
		.diag = hook->diag,
	};
	return bs_run_report(&run, hook->arena, ret_report, err);
}

static enum bs_status annotate(struct hook *hook, struct bs_err *err)
{
	struct bs_log_source source;
	struct bs_report report = {0};
	struct bs_buf footer;
	enum bs_status status = bs_source_open(
		&hook->job, STDOUT_FILENO, bs_clock_ms() + MARKER_WAIT_MS, &source, err);
	if (status != BS_OK)
		return status;
	status = summarise(hook, &source, &report, err);
	(void)close(source.fd);
	if (status == BS_OK)
		status = post(hook, &report, err);
	if (status != BS_OK)
		return status;
	bs_buf_init(&footer, BS_LINE_BYTES_MAX);
	bs_report_trail(&report, &footer);
	say("annotated this build", footer.len ? footer.ptr : "by rules");
	bs_buf_release(&footer);
	return BS_OK;
}

// What the state of the job asks for.
static enum bs_status act(struct hook *hook, struct bs_err *err)
{
	const struct bs_job *job = &hook->job;
	if (job->exit_status == 0 && job->retried)
		return bs_agent_remove(hook->http, job, job->context,
			hook->config->annotation_scope, bs_clock_ms() + REMOVE_MS, err);
	if (job->exit_status == 0 || (job->cancelled && !job->timed_out))
		return BS_OK;
	return annotate(hook, err);
}

void bs_buildkite_hook(const struct bs_config *config, const char *const *env,
	const volatile sig_atomic_t *cancelled, struct bs_diag *diag)
{
	struct bs_err err;
	struct bs_arena arena;
	struct hook hook = {
		.config = config,
		.environ = env,
		.cancelled = cancelled,
		.diag = diag,
		.arena = &arena,
		.started_ms = bs_clock_ms(),
	};
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	enum bs_status status = bs_job_read(
		env, config->annotation_context, &arena, &hook.job, &err);
	int64_t budget_ms = config->deadline_ms;
	if (hook.job.timed_out && budget_ms > TIMED_OUT_DEADLINE_MS)
		budget_ms = TIMED_OUT_DEADLINE_MS;
	hook.deadline_at_ms = hook.started_ms + budget_ms;
	if (status == BS_OK)
		status = bs_http_new(&hook.http, &err);
	if (status == BS_OK)
		status = act(&hook, &err);
	if (status == BS_EMPTY)
		say("nothing to summarise", err.msg);
	else if (status != BS_OK)
		say("no annotation", err.msg);
	for (size_t i = 0; i < diag->notes_count; i++)
		say("warning", diag->notes[i]);
	bs_http_free(hook.http);
	bs_arena_release(&arena);
}
