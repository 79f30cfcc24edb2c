// SPDX-License-Identifier: MIT
// plugin: the job from its environment, its time, and where its own output ends.
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/budget.h"
#include "plugin/cell.h"
#include "plugin/marker.h"

#define STAMP "\x1b_bk;t=1700000000021\a"
#define MARKER "buildsum: reading the log ("
#define HEADER STAMP "~~~ Running plugin buildsum post-command hook\r\r\n"
#define PROMPT STAMP "\x1b[90m$\x1b[0m /builds/plugin/hooks/post-command\r\r\n"
#define HOUR_MS (60 * 60 * 1000)

static void marker_leaves_the_jobs_own_output(void **state)
{
	(void)state;
	static const struct {
		const char *own, *rest;
	} cases[] = {
		{"make: error\r\r\n", HEADER PROMPT STAMP MARKER},
		{"make: error\r\r\n", HEADER PROMPT STAMP "buildsum: warning: a\r\n" STAMP MARKER},
		{"make: error\n", "~~~ Running agent pre-exit hook\n$ hooks/pre-exit\n" MARKER},
		{"make: error\r\n", STAMP MARKER},      // run by hand: nobody announced us
		{"error: cut off in its mids", MARKER}, // onto an unfinished line
		{"", HEADER PROMPT STAMP MARKER},
		{"[2024-01-01T00:00:00Z] make: error\r\n",
			"[2024-01-01T00:00:00Z] ~~~ Running plugin buildsum post-command hook\r\n"
			"[2024-01-01T00:00:00Z] \x1b[90m$\x1b[0m hooks/post-command\r\n"
			"[2024-01-01T00:00:00Z] " MARKER},
		{"", MARKER},
		{"", ""},
		// what only looks alike is the job's
		{"~~~ Running tests\n$ make\n", MARKER},
		{"x ~~~ Running a hook\n$ make\n", MARKER},
		{"says buildsum: no\n", MARKER},
		{HEADER PROMPT "error: of another hook\r\r\n", STAMP MARKER},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[BS_MARKER_BEFORE_BYTES];
		int len = snprintf(text, sizeof(text), "%s%s", cases[i].own, cases[i].rest);
		size_t cut = bs_marker_cut(bs_str(text, (size_t)len));
		if (cut != strlen(cases[i].own))
			fail_msg("case %zu: %zu bytes, expected %zu", i, cut, strlen(cases[i].own));
	}
}

static void marker_survives_any_bytes(void **state)
{
	(void)state;
	static const char alphabet[] = "\x1b\a_[m\n\r~$ :buildsum: reading the log (Running hook";
	char text[200];
	unsigned seed = 1;
	for (unsigned round = 0; round < 20000; round++) {
		size_t len = round % sizeof(text);
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245 + 12345;
			text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		assert_true(bs_marker_cut(bs_str(text, len)) <= len);
	}
}

static struct bs_job read_job(struct bs_arena *arena, const char *const *more)
{
	const char *list[16] = {"BUILDKITE_JOB_ID=0190-a", "BUILDKITE_AGENT_ACCESS_TOKEN=x",
		"BUILDKITE_AGENT_ENDPOINT=https://agent.example/v3"};
	struct bs_job job;
	for (size_t i = 0; more[i]; i++)
		list[3 + i] = more[i];
	assert_int_equal(bs_job_read(list, NULL, arena, &job, NULL), BS_OK);
	return job;
}

static void job_takes_the_endpoint_of_its_agent(void **state)
{
	(void)state;
	static const char *const good[] = {"https://agent.example/v3", "HTTPS://agent.example",
		"http://proxy.internal:8080/v3", "http://10.1.2.3/v3", "http://localhost",
		"http://127.0.0.1", "http://[::1]", "http://[fd00::1]:8080/v3/"};
	static const char *const bad[] = {"ftp://agent.example", "agent.example/v3", "https://",
		"http:///v3", "http://:80/", "https://me:word@agent.example/v3",
		"https://agent.example/v3?x=", "https://agent.example/v3#x",
		"https://agent.example\\@evil.example/", "https://agent.example/ v3",
		"file:///etc/passwd", "https://agent.example/\r\nX: y"};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]) + sizeof(bad) / sizeof(bad[0]); i++) {
		bool is_good = i < sizeof(good) / sizeof(good[0]);
		const char *endpoint = is_good ? good[i] : bad[i - sizeof(good) / sizeof(good[0])];
		char variable[200];
		struct bs_arena arena;
		struct bs_job job;
		struct bs_err err = {0};
		(void)snprintf(variable, sizeof(variable), "BUILDKITE_AGENT_ENDPOINT=%s", endpoint);
		const char *const list[] = {"BUILDKITE_JOB_ID=0190-a",
			"BUILDKITE_AGENT_ACCESS_TOKEN=x", variable, NULL};
		bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
		enum bs_status status = bs_job_read(list, NULL, &arena, &job, &err);
		if (status != (is_good ? BS_OK : BS_USAGE))
			fail_msg("%s: %s", endpoint, err.msg);
		bs_arena_release(&arena);
	}
}

static void job_tells_its_times(void **state)
{
	(void)state;
	static const struct {
		const char *variables[3];
		int64_t timeout_ms, grace_ms;
	} cases[] = {
		{{"BUILDKITE_TIMEOUT=false", NULL}, 0, 0},
		{{"BUILDKITE_TIMEOUT=10", NULL}, 600000, 0},
		{{"BUILDKITE_TIMEOUT=-1", NULL}, 0, 0},
		{{"BUILDKITE_TIMEOUT=99999999999999", NULL}, 0, 0},
		{{"BUILDKITE_SIGNAL_GRACE_PERIOD_SECONDS=9", NULL}, 0, 9000},
		{{"BUILDKITE_CANCEL_SIGNAL_TIMEOUT=10s", NULL}, 0, 10000},
		{{"BUILDKITE_CANCEL_SIGNAL_TIMEOUT=1m0s", NULL}, 0, 60000},
		{{"BUILDKITE_CANCEL_SIGNAL_TIMEOUT=1h0m0s", NULL}, 0, 0}, // no hook needs that
		{{"BUILDKITE_CANCEL_SIGNAL_TIMEOUT=1.5s", NULL}, 0, 0},
		{{"BUILDKITE_CANCEL_SIGNAL_TIMEOUT=nonsense", NULL}, 0, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bs_arena arena;
		bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
		struct bs_job job = read_job(&arena, cases[i].variables);
		if (job.timeout_ms != cases[i].timeout_ms || job.grace_ms != cases[i].grace_ms)
			fail_msg("%s: %ld %ld", cases[i].variables[0], (long)job.timeout_ms,
				(long)job.grace_ms);
		bs_arena_release(&arena);
	}
}

static void job_is_named_for_people(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"BUILDKITE_LABEL=:hammer: Specs", "Specs"},
		{"BUILDKITE_LABEL=:hammer::linux: Specs :ok:  on  arm", "Specs on arm"},
		{"BUILDKITE_LABEL=:rspec:", ":rspec:"},
		{"BUILDKITE_LABEL=at 10:30:45, a:b:c", "at 10:30:45, a:b:c"},
		{"BUILDKITE_LABEL=:", ":"},
		{"BUILDKITE_LABEL=", "job"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bs_arena arena;
		const char *const more[] = {cases[i][0], NULL};
		bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
		assert_string_equal(read_job(&arena, more).name, cases[i][1]);
		bs_arena_release(&arena);
	}
}

static void budget_is_what_the_job_has_left(void **state)
{
	(void)state;
	char path[] = "/tmp/buildsum-test-XXXXXX";
	struct stat info;
	int fd = mkstemp(path);
	assert_true(fd >= 0 && fstat(fd, &info) == 0);
	int64_t began_ms = (int64_t)info.st_mtime * 1000;
	const struct bs_job timed = {.timeout_ms = 60000, .env_file = path};
	const struct bs_job untold = {.timeout_ms = 60000};
	const struct bs_job ended = {.timed_out = true, .timeout_ms = 60000, .env_file = path};
	const struct bs_job limited = {.limit_ms = 120000}, hurried = {.limit_ms = 6000};
	const struct bs_job patient = {.timed_out = true, .grace_ms = 60000};
	assert_int_equal(bs_budget_ms(&(struct bs_job){0}, 30000, began_ms), 30000);
	assert_int_equal(bs_budget_ms(&timed, 30000, began_ms + 1000), 30000);
	assert_int_equal(bs_budget_ms(&timed, 30000, began_ms + 40000), 15000);
	assert_int_equal(bs_budget_ms(&timed, 30000, began_ms + 59000), 2500);
	assert_int_equal(bs_budget_ms(&timed, 30000, began_ms + HOUR_MS), 2500);
	assert_int_equal(bs_budget_ms(&timed, 1000, began_ms + HOUR_MS), 1000);
	// a clock that was put back, or a file that is not there, tells nothing
	assert_int_equal(bs_budget_ms(&timed, 30000, began_ms - 5000), 30000);
	assert_int_equal(bs_budget_ms(&untold, 30000, began_ms + 59000), 30000);
	assert_int_equal(bs_budget_ms(&ended, 30000, began_ms + 60000), 6000);
	assert_int_equal(bs_budget_ms(&patient, 30000, began_ms), 30000);
	// and no longer than the shell around it waits
	assert_int_equal(bs_budget_ms(&limited, 140000, began_ms), 115000);
	assert_int_equal(bs_budget_ms(&limited, 30000, began_ms), 30000);
	assert_int_equal(bs_budget_ms(&hurried, 30000, began_ms), 2500);
	assert_int_equal(bs_budget_ms(&hurried, 1000, began_ms), 1000);
	assert_int_equal(bs_budget_ms(&patient, HOUR_MS, began_ms), 40000);
	(void)close(fd);
	(void)unlink(path);
}

static uint32_t cell_of(const char *file, const char *const *variables)
{
	char path[] = "/tmp/buildsum-test-XXXXXX", variable[64];
	const char *list[8] = {variable};
	struct bs_arena arena;
	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, file, strlen(file)) == (ssize_t)strlen(file));
	(void)snprintf(variable, sizeof(variable), "BUILDKITE_ENV_FILE=%s", path);
	for (size_t i = 0; variables[i]; i++)
		list[1 + i] = variables[i];
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	uint32_t cell = bs_cell(list, &arena).all;
	bs_arena_release(&arena);
	(void)close(fd);
	(void)unlink(path);
	return cell;
}

static void cell_is_that_of_each_attempt_and_of_no_other_job(void **state)
{
	(void)state;
	static const char *const none[] = {NULL};
	static const char *const changed[] = {"BUILDKITE_LABEL=by a hook", "OS=1", NULL};
	static const char *const queue[] = {"BUILDKITE_AGENT_META_DATA_QUEUE=arm", NULL};
	static const char sent[] =
		"OS=\"linux\"\nBUILDKITE_LABEL=\"a\"\nBUILDKITE_RETRY_COUNT=\"0\"\n";
	uint32_t cell = cell_of(sent, none);
	assert_int_equal(cell_of("BUILDKITE_RETRY_COUNT=\"1\"\nBUILDKITE_LABEL=\"a\"\n"
				 "BUILDKITE_JOB_ID=\"b\"\nOS=\"linux\"\n",
				 none),
		cell);
	assert_int_equal(cell_of("OS=\"linux\"\nBUILDKITE_LABEL=\"a\"\nTRACEPARENT=\"00-1\"\n"
				 "OTEL_X=\"1\"\nAPI_TOKEN=\"x\"\nCI=\"true\"\nPATH=\"/bin\"\n",
				 none),
		cell);
	assert_int_equal(cell_of(sent, changed), cell);
	assert_int_not_equal(cell_of(sent, queue), cell);
	assert_int_not_equal(cell_of("OS=\"linux\"\nBUILDKITE_LABEL=\"b\"\n", none), cell);
	assert_int_not_equal(cell_of("OS=\"macos\"\nBUILDKITE_LABEL=\"a\"\n", none), cell);
	assert_int_not_equal(cell_of("", none), cell);
}

static void cell_shows_the_same_without_the_agents_file(void **state)
{
	(void)state;
	struct bs_arena arena;
	char path[] = "/tmp/buildsum-test-XXXXXX", variable[64];
	static const char file[] =
		"BUILDKITE_COMMAND=\"echo \\\"a\\\"\\n\\tb\\\\\"\nOS=\"linux\"\n";
	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, file, strlen(file)) == (ssize_t)strlen(file));
	(void)snprintf(variable, sizeof(variable), "BUILDKITE_ENV_FILE=%s", path);
	const char *const with[] = {variable, NULL};
	const char *const without[] = {"BUILDKITE_COMMAND=echo \"a\"\n\tb\\", "OS=linux", NULL};
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	struct bs_cell a = bs_cell(with, &arena), b = bs_cell(without, &arena);
	assert_true(a.is_known && !b.is_known);
	assert_int_equal(a.shown, b.shown);
	assert_int_equal(b.all, b.shown);
	assert_int_not_equal(a.all, a.shown);
	bs_arena_release(&arena);
	(void)close(fd);
	(void)unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marker_leaves_the_jobs_own_output),
		cmocka_unit_test(marker_survives_any_bytes),
		cmocka_unit_test(job_takes_the_endpoint_of_its_agent),
		cmocka_unit_test(job_tells_its_times),
		cmocka_unit_test(job_is_named_for_people),
		cmocka_unit_test(budget_is_what_the_job_has_left),
		cmocka_unit_test(cell_shows_the_same_without_the_agents_file),
		cmocka_unit_test(cell_is_that_of_each_attempt_and_of_no_other_job),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
