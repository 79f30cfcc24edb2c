// SPDX-License-Identifier: MIT
// Whose summary it is: looked for where it costs nothing before a model is asked.
#include "plugin/hook.h"

#include <inttypes.h>

#include "core/base/clock.h"
#include "core/llm/ground.h"
#include "plugin/beat.h"
#include "plugin/cache.h"
#include "plugin/group_id.h"

#define RESERVE_SHARE 2 // of the time left: at most that for agreeing with others after an answer

static enum bs_status read_log(const struct bs_run *run, const struct bs_source *source,
	struct bs_reading *reading, struct bs_err *err)
{
	if (source->fd < 0)
		return bs_reading_feed(reading, bs_buf_str(&source->tail), err);
	return source->bytes ? bs_run_read(run, reading, err) : BS_OK;
}

// A report whose summary somebody else made.
static struct bs_report report_of(const struct bs_hook *hook, const struct bs_kept *kept,
	const struct bs_excerpt *excerpt, const char *told, const char *told_by)
{
	return (struct bs_report){
		.by_llm = kept->by_llm,
		.route = "",
		.summary = kept->summary,
		.low_confidence = kept->summary.confidence == BS_CONFIDENCE_LOW,
		.told = told ? told : kept->told,
		.told_by = told_by,
		.elapsed_ms = bs_clock_ms() - hook->started_ms,
		.excerpt = *excerpt,
		.diag = hook->diag,
	};
}

void bs_hook_take(struct bs_hook *hook, const struct bs_kept *kept, struct bs_hook_answer *answer)
{
	const char *told = bs_arena_printf(
		hook->arena, "%s, for another job of this build", kept->told);
	answer->report = report_of(hook, kept, &answer->report.excerpt, told, "build");
	if (*kept->context)
		answer->group.home = kept->context;
	answer->is_new = answer->is_late = false;
}

// "14 min"
static const char *age_of(const struct bs_kept *kept, int64_t wall_ms, struct bs_arena *arena)
{
	int64_t minutes = (wall_ms - kept->made_ms) / 60000;
	if (minutes < 100)
		return bs_arena_printf(arena, "%" PRId64 " min", minutes);
	return bs_arena_printf(arena, "%" PRId64 " h", (minutes + 30) / 60);
}

// A kept summary has to stand in this log, too: its lines are looked up here.
static bool take_from_cache(struct bs_hook *hook, const struct bs_run *run, const char *key,
	struct bs_hook_answer *answer)
{
	const struct bs_excerpt *excerpt = &answer->report.excerpt;
	struct bs_kept kept;
	struct bs_buf errors;
	int64_t wall_ms = bs_clock_wall_ms();
	if (hook->config->offline || run->ending.timed_out ||
		!bs_cache_find(hook->config, hook->environ, key, wall_ms, hook->arena, &kept))
		return false;
	bs_buf_init(&errors, BS_VIOLATIONS_BYTES_MAX);
	bool stands = bs_ground_check(excerpt, &run->ending, hook->arena, &kept.summary, &errors,
			      NULL) == BS_OK;
	bs_buf_release(&errors);
	if (!stands)
		return false;
	const char *age = age_of(&kept, wall_ms, hook->arena);
	const char *told = bs_arena_printf(
		hook->arena, "%s, %s ago, for the same failure", kept.told, age ? age : "?");
	answer->report = report_of(hook, &kept, excerpt, told, "host");
	return true;
}

static void keep(struct bs_hook *hook, const struct bs_ending *ending, const char *key,
	const struct bs_report *report)
{
	struct bs_buf told;
	bs_buf_init(&told, BS_LINE_BYTES_MAX);
	bs_report_told(report, &told);
	const struct bs_kept kept = {
		.by_llm = true,
		.told = told.len ? told.ptr : "",
		.context = "",
		.made_ms = bs_clock_wall_ms(),
		.summary = report->summary,
	};
	if (report->by_llm && !ending->timed_out && told.failed == BS_OK)
		bs_cache_add(hook->config, hook->environ, key, &kept, hook->arena, hook->diag);
	bs_buf_release(&told);
}

// Asks while the others see that somebody does. An owner's answer still has to be published.
static enum bs_status ask(struct bs_hook *hook, const struct bs_run *run,
	struct bs_reading *reading, struct bs_hook_answer *answer, struct bs_err *err)
{
	struct bs_buf key;
	struct bs_beat beat;
	struct bs_run timed = *run;
	const struct bs_excerpt excerpt = answer->report.excerpt;
	int64_t reserve_ms = bs_group_reserve_ms(&answer->group);
	int64_t most_ms = (run->deadline_at_ms - bs_clock_ms()) / RESERVE_SHARE;
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	timed.deadline_at_ms -= reserve_ms < most_ms ? reserve_ms : most_ms;
	if (answer->group.on) {
		bs_group_key(answer->group.self.id, "beat", &key);
		timed.progress = (struct bs_progress){.tick = bs_beat_tick, .ctx = &beat};
	}
	bs_beat_init(&beat, hook->http, &hook->job, key.ptr, hook->deadline_at_ms);
	enum bs_status status = bs_buf_status(&key, "meta-data", err);
	if (status == BS_OK)
		status = bs_run_ask(&timed, reading, &excerpt, hook->arena, &answer->report, err);
	bs_beat_release(&beat);
	bs_buf_release(&key);
	return status;
}

// By rules, at once: whoever asks may be slow, and this job may not.
static enum bs_status answer_late(struct bs_hook *hook, const struct bs_run *run,
	struct bs_reading *reading, struct bs_hook_answer *answer, struct bs_err *err)
{
	struct bs_config offline = *hook->config;
	struct bs_run alone = *run;
	const struct bs_excerpt excerpt = answer->report.excerpt;
	offline.offline = true;
	alone.config = &offline;
	enum bs_status status = bs_run_ask(
		&alone, reading, &excerpt, hook->arena, &answer->report, err);
	if (status == BS_OK)
		answer->report.local_reason = "no answer yet to another job of this build";
	return status;
}

static enum bs_status find_answer(struct bs_hook *hook, const struct bs_run *run,
	struct bs_reading *reading, struct bs_hook_answer *answer, struct bs_err *err)
{
	struct bs_kept kept;
	char key[BS_CACHE_KEY_BYTES];
	struct bs_excerpt *excerpt = &answer->report.excerpt;
	const struct bs_caller caller = bs_hook_caller(hook, hook->deadline_at_ms);
	enum bs_group_turn turn = BS_TURN_ALONE;
	enum bs_status status = bs_reading_excerpt(reading, excerpt, err);
	if (status != BS_OK)
		return status;
	struct bs_group_id of = {0};
	if (hook->config->annotation_group)
		of = bs_group_id(&hook->job, &run->ending, excerpt, hook->arena);
	bs_group_join(&answer->group, &caller, &hook->job, of.id, of.said, hook->arena);
	bs_cache_key(excerpt, key);
	if (answer->group.on)
		turn = bs_group_turn(&answer->group, &kept);
	answer->group.on = turn != BS_TURN_ALONE;
	answer->is_new = turn == BS_TURN_ASK;
	answer->is_late = turn == BS_TURN_LATE;
	if (turn == BS_TURN_TAKE) {
		bs_hook_take(hook, &kept, answer);
		return BS_OK;
	}
	if (take_from_cache(hook, run, key, answer))
		return BS_OK;
	if (turn == BS_TURN_LATE)
		return answer_late(hook, run, reading, answer, err);
	status = ask(hook, run, reading, answer, err);
	if (status == BS_OK)
		keep(hook, &run->ending, key, &answer->report);
	return status;
}

enum bs_status bs_hook_find_answer(struct bs_hook *hook, const struct bs_source *source,
	struct bs_hook_answer *ret_answer, struct bs_err *err)
{
	struct bs_reading *reading = NULL;
	const struct bs_run run = {
		.config = hook->config,
		.environ = hook->environ,
		.log_fd = source->fd,
		.log_bytes_max = source->bytes,
		.ending = bs_hook_ending(&hook->job, source),
		.started_ms = hook->started_ms,
		.deadline_at_ms = hook->deadline_at_ms,
		.cancelled = hook->cancelled,
		.diag = hook->diag,
	};
	enum bs_status status = bs_reading_new(
		run.config, run.environ, run.diag, hook->arena, &reading, err);
	if (status == BS_OK)
		status = read_log(&run, source, reading, err);
	if (status == BS_OK)
		status = find_answer(hook, &run, reading, ret_answer, err);
	bs_reading_free(reading);
	return status;
}
