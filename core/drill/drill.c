// SPDX-License-Identifier: MIT
// The drill: deals scenarios out to processes and gathers what they came to.
#include "core/drill/drill.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/drill/play.h"
#include "core/drill/stage.h"
#include "core/drill/tally.h"
#include "core/reading.h"

#define LOOK_MS 10
#define QUIET_MS 500 // the parts that mostly wait have begun to, and cost the measured ones nothing
#define PART_MS_MAX 3000 // a process that was told to end has so long

const char *bs_drill_ending_id(enum bs_drill_ending ending)
{
	static const char *const ids[] = {
#define X(name, id) [name] = id,
		BS_DRILL_ENDINGS(X)
#undef X
	};
	return ids[ending];
}

const char *bs_drill_verdict_id(enum bs_drill_verdict verdict)
{
	static const char *const ids[] = {
#define X(name, id) [name] = id,
		BS_DRILL_VERDICTS(X)
#undef X
	};
	return ids[verdict];
}

// --- memory that all processes of a drill share

static size_t table_bytes(size_t count)
{
	return count *
	       (sizeof(struct bs_drill_result) + BS_DRILL_RUNS_MAX * sizeof(struct bs_drill_run));
}

static enum bs_status make_results(struct bs_drill *drill, struct bs_err *err)
{
	const struct bs_drill_options *options = drill->options;
	size_t count = options->scenarios_count;
	void *memory = mmap(NULL, table_bytes(count), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return bs_fail_nomem(err);
	drill->results = memory;
	drill->results_count = count;
	struct bs_drill_run *runs = (struct bs_drill_run *)(drill->results + count);
	for (size_t i = 0; i < count; i++) {
		drill->results[i].scenario = options->scenarios[i];
		drill->results[i].runs = runs + i * BS_DRILL_RUNS_MAX;
		drill->results[i].back_ms = -1;
	}
	return BS_OK;
}

void bs_drill_release(struct bs_drill *drill)
{
	if (!drill || !drill->results)
		return;
	(void)munmap(drill->results, table_bytes(drill->results_count));
	drill->results = NULL;
}

// --- processes

// A scenario with the user's route, or with its first route alone.
struct part {
	struct bs_drill_result *result;
	bool alone;
	pid_t pid; // 0: not begun, -1: over
	int64_t until_ms;
};

struct pool {
	struct bs_drill *drill;
	struct part *parts;
	size_t parts_count, busy, scenarios_over;
	int64_t quiet_ms; // from then on the others begin
};

// Parts that mostly wait cost the others nothing and need not wait for their turn.
static bool mostly_waits(const struct part *part)
{
	return part->alone || part->result->scenario->outage_ms;
}

static enum bs_status begin(struct pool *pool, struct part *part, struct bs_err *err)
{
	part->until_ms = bs_clock_ms() + bs_drill_scenario_ms_max(pool->drill, part->result);
	part->pid = fork();
	if (part->pid < 0) {
		part->pid = 0;
		return bs_fail(err, BS_SYSTEM, "no process for a scenario: %s", strerror(errno));
	}
	if (part->pid == 0) {
		struct bs_err trouble = {.msg = ""};
		enum bs_status status = bs_drill_play_scenario(
			pool->drill, part->result, part->alone, &trouble);
		if (status != BS_OK && !part->alone)
			(void)snprintf(part->result->trouble, sizeof(part->result->trouble), "%.*s",
				(int)sizeof(part->result->trouble) - 1, trouble.msg);
		_exit(status == BS_OK ? 0 : 1);
	}
	pool->busy += !mostly_waits(part);
	return BS_OK;
}

static enum bs_status begin_what_can(struct pool *pool, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < pool->parts_count; i++) {
		struct part *part = &pool->parts[i];
		bool turn = bs_clock_ms() >= pool->quiet_ms &&
			    pool->busy < pool->drill->options->jobs;
		if (part->pid == 0 && (mostly_waits(part) || turn))
			status = begin(pool, part, err);
	}
	return status;
}

static void take_end(struct pool *pool, struct part *part, bool well)
{
	const struct bs_drill_options *options = pool->drill->options;
	struct bs_drill_result *result = part->result;
	part->pid = -1;
	pool->busy -= !mostly_waits(part);
	if (part->alone) {
		result->alone_played = well;
		return;
	}
	result->played = well;
	bs_drill_tally(result, pool->drill->routes[0].provider, options->config);
	pool->scenarios_over++;
	if (options->progress)
		options->progress(options->progress_ctx, result, pool->scenarios_over,
			pool->drill->results_count);
}

// True while any part is under way or waits for its turn.
static bool look(struct pool *pool, bool end_all)
{
	bool more = false;
	for (size_t i = 0; i < pool->parts_count; i++) {
		struct part *part = &pool->parts[i];
		int status;
		if (part->pid > 0) {
			pid_t ended = waitpid(part->pid, &status, WNOHANG);
			if (ended == part->pid)
				take_end(pool, part, WIFEXITED(status) && WEXITSTATUS(status) == 0);
			else if (bs_clock_ms() > part->until_ms)
				(void)kill(part->pid, SIGKILL);
		}
		more |= part->pid > 0 || (part->pid == 0 && !end_all);
	}
	return more;
}

static void pause_ms(int64_t ms)
{
	struct timespec pause = {ms / 1000, (long)(ms % 1000) * 1000000};
	(void)nanosleep(&pause, NULL);
}

// Nothing of ours is left running.
static void end_all(struct pool *pool)
{
	int64_t until_ms = bs_clock_ms() + PART_MS_MAX;
	for (size_t i = 0; i < pool->parts_count; i++)
		if (pool->parts[i].pid > 0) {
			(void)kill(pool->parts[i].pid, SIGTERM);
			pool->parts[i].until_ms = until_ms;
		}
	while (look(pool, true))
		pause_ms(LOOK_MS);
}

static enum bs_status play_all(struct pool *pool, struct bs_err *err)
{
	const volatile sig_atomic_t *cancelled = pool->drill->options->cancelled;
	enum bs_status status = BS_OK;
	do {
		status = begin_what_can(pool, err);
		if (status == BS_OK && cancelled && *cancelled)
			status = bs_fail(err, BS_CANCELLED, "the drill was interrupted");
		if (status != BS_OK)
			break;
		pause_ms(LOOK_MS);
	} while (look(pool, false));
	end_all(pool);
	return status;
}

// A log that gives no excerpt would lose every run, whatever the providers do.
static enum bs_status try_log(
	const struct bs_drill_options *options, struct bs_arena *arena, struct bs_err *err)
{
	struct bs_reading *reading = NULL;
	struct bs_excerpt excerpt;
	enum bs_status status = bs_reading_new(
		options->config, options->environ, NULL, arena, &reading, err);
	if (status == BS_OK)
		status = bs_reading_feed(reading, options->log, err);
	if (status == BS_OK)
		status = bs_reading_excerpt(reading, &excerpt, err);
	bs_reading_free(reading);
	return status;
}

// --- the whole

enum bs_status bs_drill_play(struct bs_drill *ret_drill, const struct bs_drill_options *options,
	struct bs_arena *arena, struct bs_err *err)
{
	struct bs_drill drill = {.options = options};
	struct pool pool = {.drill = &drill, .parts_count = 2 * options->scenarios_count};
	int64_t started_ms = bs_clock_ms();
	pool.quiet_ms = started_ms + QUIET_MS;
	enum bs_status status = try_log(options, arena, err);
	if (status == BS_OK)
		status = bs_stage_routes(&drill, arena, err);
	if (status == BS_OK)
		status = make_results(&drill, err);
	pool.parts = BS_NEW_ARRAY(arena, struct part, pool.parts_count);
	if (status == BS_OK && !pool.parts)
		status = bs_fail_nomem(err);
	for (size_t i = 0; status == BS_OK && i < pool.parts_count; i++)
		pool.parts[i] = (struct part){&drill.results[i / 2], i % 2 != 0, 0, 0};
	if (status == BS_OK)
		status = play_all(&pool, err);
	// Only now it is known of each what the first route alone would have come to.
	for (size_t i = 0; status == BS_OK && i < drill.results_count; i++)
		bs_drill_tally(&drill.results[i], drill.routes[0].provider, options->config);
	drill.elapsed_ms = bs_clock_ms() - started_ms;
	if (status == BS_OK)
		*ret_drill = drill;
	else
		bs_drill_release(&drill);
	return status;
}
