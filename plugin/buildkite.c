// SPDX-License-Identifier: MIT
// The hook's body: job → log → summary → annotation, bounded, and silent where there is nothing to
// say.
#include "plugin/buildkite.h"

#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "plugin/budget.h"
#include "plugin/hook.h"
#include "plugin/secret.h"

#define FILE_WAIT_MS 2000  // the agent writes the file within milliseconds; this is patience
#define REST_WAIT_MS 12000 // Buildkite shows a log some seconds late …
#define REST_SHARE 3       // … but a model needs the rest of the time
#define SECRETS_SHARE 4
#define REMOVE_MS 8000 // of a retry that passes; only slow meta-data needs so long
#define AGENT_ERROR "\xF0\x9F\x9A\xA8 Error: " // how the agent's own shell says that it failed

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

static int64_t share_of_rest(const struct bs_hook *hook, int64_t share, int64_t ms_max)
{
	int64_t now_ms = bs_clock_ms();
	int64_t ms = (hook->deadline_at_ms - now_ms) / share;
	return now_ms + (ms < ms_max ? ms : ms_max);
}

static void say_what_was_posted(const struct bs_report *report)
{
	struct bs_buf footer;
	bs_buf_init(&footer, BS_LINE_BYTES_MAX);
	if (report->told)
		bs_report_told(report, &footer);
	else
		bs_report_trail(report, &footer);
	say("annotated this build", footer.len ? footer.ptr : "by rules");
	bs_buf_release(&footer);
}

// --- the log

static enum bs_status open_log(
	struct bs_hook *hook, struct bs_source *ret_source, struct bs_err *err)
{
	const char *named = hook->config->log_token;
	const char *value = named ? bs_env_get(hook->environ, named) : NULL;
	const char *no_token = named ? bs_arena_printf(
					       hook->arena, "log.token: %s is not set", named)
				     : NULL;
	const struct bs_source_wish wish = {
		.job = &hook->job,
		.http = hook->http,
		.cancelled = hook->cancelled,
		.marker_fd = STDOUT_FILENO,
		.file_until_ms = share_of_rest(hook, REST_SHARE, FILE_WAIT_MS),
		.rest_until_ms = share_of_rest(hook, REST_SHARE, REST_WAIT_MS),
		.rest_url = hook->config->log_url,
		.token = bs_str_trim(bs_str_c(value)),
		.no_token = no_token,
	};
	enum bs_status status = bs_source_open(&wish, ret_source, err);
	if (status == BS_OK && ret_source->is_cut)
		bs_diag_warn(hook->diag, "only the last %d KiB of the log were read",
			BS_LOG_TAIL_BYTES_MAX / 1024);
	return status;
}

// The command may never have run, and then only the agent's own line tells a job that failed before
// it from one that was not to run it here; so it does of one that failed after it.
static bool has_failed(const struct bs_hook *hook, const struct bs_source *source)
{
	char window[BS_READ_CHUNK_BYTES];
	if (hook->job.exit_status != BS_JOB_STATUS_UNKNOWN && !hook->job.hook_status)
		return true;
	return bs_str_has(bs_source_end(source, window, sizeof(window)), BS_LIT(AGENT_ERROR));
}

// The annotation stands: now the run is counted, also one that took another's answer over.
static void tell(const struct bs_hook *hook, const struct bs_report *report)
{
	const struct bs_run run = {
		.config = hook->config,
		.environ = hook->environ,
		.deadline_at_ms = hook->deadline_at_ms,
		.diag = hook->diag,
	};
	bs_run_tell(&run, report);
}

static enum bs_status answer_and_post(
	struct bs_hook *hook, const struct bs_source *source, struct bs_err *err)
{
	struct bs_hook_answer answer = {0};
	if (source->fd >= 0 && source->bytes == 0)
		return bs_fail(err, BS_EMPTY, "the log is empty");
	enum bs_status status = bs_hook_find_answer(hook, source, &answer, err);
	if (status == BS_OK)
		status = bs_hook_post(hook, &answer, err);
	if (status == BS_OK) {
		say_what_was_posted(&answer.report);
		tell(hook, &answer.report);
	}
	return status;
}

static enum bs_status annotate(struct bs_hook *hook, struct bs_err *err)
{
	struct bs_source source = {.fd = -1};
	const struct bs_caller caller = bs_hook_caller(
		hook, share_of_rest(hook, SECRETS_SHARE, hook->config->deadline_ms));
	enum bs_status status = bs_secrets_fetch(&caller, &hook->job, hook->config, hook->environ,
		hook->arena, hook->diag, &hook->environ, err);
	if (status == BS_OK)
		status = open_log(hook, &source, err);
	if (status != BS_OK)
		return status;
	if (has_failed(hook, &source))
		status = answer_and_post(hook, &source, err);
	bs_source_close(&source);
	return status;
}

// What the state of the job asks for.
static enum bs_status act(struct bs_hook *hook, struct bs_err *err)
{
	const struct bs_job *job = &hook->job;
	bool passed = job->exit_status == 0 && !job->hook_status;
	if (passed && job->retried) {
		int64_t until_ms = bs_clock_ms() + REMOVE_MS;
		if (until_ms < hook->deadline_at_ms)
			hook->deadline_at_ms = until_ms;
		return bs_hook_clear(hook, err);
	}
	if (passed || (job->cancelled && !job->timed_out))
		return BS_OK;
	return annotate(hook, err);
}

void bs_buildkite_hook(const struct bs_config *config, const char *const *env,
	const volatile sig_atomic_t *cancelled, struct bs_diag *diag)
{
	struct bs_err err;
	struct bs_arena arena;
	struct bs_hook hook = {
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
	if (status == BS_OK)
		status = bs_http_new(&hook.http, &err);
	if (status == BS_OK) {
		hook.deadline_at_ms = hook.started_ms + bs_budget_ms(&hook.job, config->deadline_ms,
								bs_clock_wall_ms());
		status = act(&hook, &err);
	}
	if (status == BS_EMPTY)
		say("nothing to summarise", err.msg);
	else if (status != BS_OK)
		say("no annotation", err.msg);
	for (size_t i = 0; i < diag->notes_count; i++)
		say("warning", diag->notes[i]);
	bs_http_free(hook.http);
	bs_arena_release(&arena);
}
