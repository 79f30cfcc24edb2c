// SPDX-License-Identifier: MIT
// Plays one scenario: serves the faults while runs, each a process of its own, ask for summaries.
#include "core/drill/play.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/drill/perform.h"
#include "core/drill/stage.h"

#define LOOK_MS 20             // how often a run's end is looked for
#define OVERTIME_MS 3000       // a run that is not over so long after its deadline is killed
#define BACK_RUN_EVERY_MS 1000 // in a scenario that waits for a recovery …
#define BACK_MS_MAX 60000      // … which is given up after that
#define SCRIPT_BYTES_MAX (64 * 1024)

// --- serving it

struct scene {
	const struct bs_drill *drill;
	struct bs_fault_server *server;
	struct bs_stage stage;
	struct bs_arena arena;
	char state_dir[64]; // empty: none was made
	pid_t parent;       // with it the game is over
	int64_t started_ms;
};

static bool is_cancelled(const struct scene *scene)
{
	const volatile sig_atomic_t *cancelled = scene->drill->options->cancelled;
	return (cancelled && *cancelled) || getppid() != scene->parent;
}

// Serves until the run is over, or has to be ended.
static enum bs_status serve_run(struct scene *scene, pid_t pid, int64_t until_ms,
	struct bs_drill_run *run, struct bs_err *err)
{
	int status;
	for (;;) {
		pid_t ended = waitpid(pid, &status, WNOHANG);
		if (ended == pid || (ended < 0 && errno != EINTR)) {
			if (run->ending == BS_DRILL_LOST) // it may have died before it could say
				run->elapsed_ms = bs_clock_ms() - scene->started_ms - run->at_ms;
			break;
		}
		if (!is_cancelled(scene) && bs_clock_ms() < until_ms) {
			(void)bs_fault_server_step(scene->server, LOOK_MS);
			continue;
		}
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, &status, 0);
		if (is_cancelled(scene))
			return bs_fail(err, BS_CANCELLED, "cancelled");
		run->ending = BS_DRILL_LOST;
		run->elapsed_ms = bs_clock_ms() - scene->started_ms - run->at_ms;
		break;
	}
	return BS_OK;
}

static enum bs_status play_run(struct scene *scene, struct bs_drill_run *run, struct bs_err *err)
{
	*run = (struct bs_drill_run){.ending = BS_DRILL_LOST};
	run->at_ms = bs_clock_ms() - scene->started_ms;
	pid_t pid = fork();
	if (pid < 0)
		return bs_fail(err, BS_SYSTEM, "no process for a run: %s", strerror(errno));
	if (pid == 0) {
		bs_fault_server_forget(scene->server);
		bs_drill_perform(&scene->stage.config, scene->stage.environ,
			scene->drill->options->log, NULL, run);
		_exit(0);
	}
	int64_t until_ms = bs_clock_ms() + scene->stage.config.deadline_ms + OVERTIME_MS;
	return serve_run(scene, pid, until_ms, run, err);
}

// Nothing but serving: what a provider does goes on between two runs.
static enum bs_status serve_until(struct scene *scene, int64_t until_ms, struct bs_err *err)
{
	for (int64_t now_ms; (now_ms = bs_clock_ms()) < until_ms;) {
		if (is_cancelled(scene))
			return bs_fail(err, BS_CANCELLED, "cancelled");
		(void)bs_fault_server_step(
			scene->server, until_ms - now_ms < LOOK_MS ? until_ms - now_ms : LOOK_MS);
	}
	return BS_OK;
}

// --- the course of a scenario

static enum bs_status play_runs(
	struct scene *scene, struct bs_drill_result *result, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < scene->drill->options->runs; i++) {
		status = play_run(scene, &result->runs[i], err);
		result->runs_count += status == BS_OK;
	}
	return status;
}

// Until the first provider has failed and answered again.
static enum bs_status play_until_back(
	struct scene *scene, struct bs_drill_result *result, struct bs_err *err)
{
	const char *first = scene->drill->routes[0].name;
	enum bs_status status = BS_OK;
	bool was_away = false;
	result->back_ms = -1;
	while (status == BS_OK && result->runs_count < BS_DRILL_RUNS_MAX) {
		struct bs_drill_run *run = &result->runs[result->runs_count];
		status = play_run(scene, run, err);
		if (status != BS_OK)
			break;
		result->runs_count++;
		bool by_first = run->ending == BS_DRILL_MODEL &&
				strncmp(run->route, first, BS_DRILL_NAME_BYTES - 1) == 0;
		was_away |= !by_first;
		if (was_away && by_first) {
			result->back_ms = run->at_ms - result->scenario->outage_ms;
			break;
		}
		int64_t next_ms = scene->started_ms + run->at_ms + BACK_RUN_EVERY_MS;
		if (next_ms - scene->started_ms > BACK_MS_MAX)
			break;
		status = serve_until(scene, next_ms, err);
	}
	return status;
}

// --- the stage

static enum bs_status make_state_dir(struct scene *scene, struct bs_err *err)
{
	const char *folder = bs_env_get(scene->drill->options->environ, "TMPDIR");
	if (!folder || !*folder || strlen(folder) > 30 || access(folder, W_OK | X_OK) != 0)
		folder = "/tmp";
	(void)snprintf(
		scene->state_dir, sizeof(scene->state_dir), "%s/buildsum-drill-XXXXXX", folder);
	if (mkdtemp(scene->state_dir))
		return BS_OK;
	enum bs_status status = bs_fail(err, BS_SYSTEM, "no folder for the drill's state: %s: %s",
		scene->state_dir, strerror(errno));
	scene->state_dir[0] = '\0';
	return status;
}

// The few files that the runs left in it, and the folder.
static void remove_state_dir(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	while (folder && (entry = readdir(folder)))
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		(void)closedir(folder);
	(void)rmdir(path);
}

int64_t bs_drill_scenario_ms_max(const struct bs_drill *drill, const struct bs_drill_result *result)
{
	int64_t run_ms = drill->options->config->deadline_ms + OVERTIME_MS;
	if (result->scenario->outage_ms)
		return BACK_MS_MAX + 2 * run_ms;
	return (int64_t)(drill->options->runs + 1) * run_ms;
}

static enum bs_status set_scene(
	struct scene *scene, const struct bs_drill_result *result, bool alone, struct bs_err *err)
{
	struct bs_buf script;
	bs_buf_init(&script, SCRIPT_BYTES_MAX);
	bs_stage_count_hosts(scene->drill, &scene->stage);
	bs_drill_scenario_script(result->scenario, scene->stage.hosts_count,
		scene->drill->options->latency_ms, &script);
	const struct bs_fault_options options = {.text = bs_buf_str(&script),
		.lifetime_ms = bs_drill_scenario_ms_max(scene->drill, result)};
	enum bs_status status = bs_buf_status(&script, "the script", err);
	if (status == BS_OK)
		status = bs_fault_server_start(&options, &scene->server, err);
	if (status == BS_OK)
		status = make_state_dir(scene, err);
	if (status == BS_OK)
		status = bs_stage_set(&scene->stage, scene->drill, scene->server, scene->state_dir,
			alone, &scene->arena, err);
	bs_buf_release(&script);
	return status;
}

enum bs_status bs_drill_play_scenario(const struct bs_drill *drill, struct bs_drill_result *result,
	bool alone, struct bs_err *err)
{
	struct scene scene = {.drill = drill, .parent = getppid()};
	bs_arena_init(&scene.arena, BS_RUN_ARENA_BYTES_MAX);
	enum bs_status status = set_scene(&scene, result, alone, err);
	scene.started_ms = bs_clock_ms();
	if (status == BS_OK && alone)
		status = play_run(&scene, &result->alone, err);
	else if (status == BS_OK)
		status = result->scenario->outage_ms ? play_until_back(&scene, result, err)
						     : play_runs(&scene, result, err);
	bs_fault_server_stop(scene.server);
	if (scene.state_dir[0])
		remove_state_dir(scene.state_dir);
	bs_arena_release(&scene.arena);
	return status;
}
