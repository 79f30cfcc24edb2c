// SPDX-License-Identifier: MIT
// core/llm/health_file: many processes at once, killed ones, and files that are not what they seem.
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "core/llm/health_file.h"

#define WALL_MS INT64_C(1700000000000)
#define PATIENT_MS 20000 // a test must not fail because its machine is busy

struct fixture {
	char folder[64], path[96];
	struct bs_config config;
	struct bs_arena arena;
	struct bs_diag diag;
	struct bs_health health;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_non_null(f);
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/buildsum-health-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	(void)snprintf(f->path, sizeof(f->path), "%s/health", f->folder);
	f->config = (struct bs_config){.state = true, .state_dir = f->folder};
	bs_arena_init(&f->arena, BS_RUN_ARENA_BYTES_MAX);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	static const char *const names[] = {"health", "health.lock", "health.new", "away"};
	(void)chmod(f->folder, S_IRWXU);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[128];
		(void)snprintf(path, sizeof(path), "%s/%s", f->folder, names[i]);
		(void)unlink(path);
		(void)rmdir(path);
	}
	assert_int_equal(rmdir(f->folder), 0); // nothing else was left behind
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct bs_health_file open_file(struct fixture *f)
{
	struct bs_health_file file;
	bs_health_file_open(&file, &f->config, NULL, &f->arena, &f->diag);
	return file;
}

// Each call leaves a mark: the number of failed calls of route 1 grows.
static void add_one(void *ctx, struct bs_health *health)
{
	(void)ctx;
	struct bs_health_ids ids = {.run = 1,
		.routes_count = 1,
		.routes = {{.route = 1, .keys = {2}, .keys_count = 1}}};
	struct bs_health_event event = {.at_ms = WALL_MS,
		.result = {.outcome = BS_OUTCOME_OK,
			.http_status = 200,
			.first_token_ms = 100,
			.retry_after_ms = -1}};
	bs_health_note(health, &ids, &event);
}

static int64_t marks_in(struct fixture *f)
{
	struct bs_health_file file = open_file(f);
	bs_health_file_read(&file, WALL_MS, &f->health);
	bs_health_file_close(&file);
	int64_t marks = 0;
	for (size_t i = 0; f->health.routes_count && i < BS_BREAKER_WINDOW_MINUTES; i++)
		marks += f->health.routes[0].breaker.window_calls[i];
	return marks;
}

static enum bs_status change_once(struct fixture *f, int64_t wait_ms)
{
	struct bs_health_file file = open_file(f);
	enum bs_status status = bs_health_file_change(
		&file, wait_ms, WALL_MS, add_one, NULL, &f->health);
	bs_health_file_close(&file);
	return status;
}

static void health_file_is_begun_and_kept(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	assert_int_equal(marks_in(f), 0);
	assert_int_equal(change_once(f, PATIENT_MS), BS_OK);
	struct bs_salt salt = f->health.salt;
	assert_int_equal(change_once(f, PATIENT_MS), BS_OK);
	assert_int_equal(marks_in(f), 2);
	assert_memory_equal(&f->health.salt, &salt, sizeof(salt));
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(f->diag.notes_count, 0);
}

static void health_file_loses_nothing_of_200_processes_at_once(void **state)
{
	struct fixture *f = *state;
	int gate[2];
	assert_int_equal(pipe(gate), 0);
	pid_t children[200];
	for (size_t i = 0; i < 200; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			char c;
			(void)close(gate[1]);
			if (read(gate[0], &c, 1) != 0) // until the gate opens for all
				_exit(2);
			_exit(change_once(f, PATIENT_MS) == BS_OK && !f->diag.notes_count ? 0 : 1);
		}
	}
	(void)close(gate[0]);
	(void)close(gate[1]);
	for (size_t i = 0; i < 200; i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(marks_in(f), 200);
	assert_int_equal(f->diag.notes_count, 0);
}

static void health_file_survives_kill_at_any_moment(void **state)
{
	struct fixture *f = *state;
	int64_t before = 0;
	for (unsigned i = 0; i < 150; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			for (;;)
				(void)change_once(f, PATIENT_MS);
		for (unsigned k = 0; k < i; k++) // moves the moment
			(void)marks_in(f);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		int64_t marks = marks_in(f);
		assert_true(marks >= before);
		assert_int_equal(change_once(f, 0), BS_OK); // no lock is left behind
		before = marks + 1;
	}
	assert_int_equal(f->diag.notes_count, 0);
	print_message("# %lld changes\n", (long long)before);
}

static void health_file_goes_on_without_a_lock_that_others_hold(void **state)
{
	struct fixture *f = *state;
	char path[128];
	(void)snprintf(path, sizeof(path), "%s/health.lock", f->folder);
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	int64_t start_ms = bs_clock_ms();
	assert_int_equal(change_once(f, 0), BS_TIMEOUT);
	assert_int_equal(change_once(f, BS_HEALTH_LOCK_MS_MAX), BS_TIMEOUT);
	int64_t took_ms = bs_clock_ms() - start_ms;
	assert_true(took_ms >= BS_HEALTH_LOCK_MS_MAX && took_ms < 10 * BS_HEALTH_LOCK_MS_MAX);
	assert_int_equal(marks_in(f), 0); // reading needs no lock
	assert_int_equal(f->diag.notes_count, 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(change_once(f, 0), BS_OK);
}

// Reads as empty with one warning, and is whole again after the next change.
static void expect_rebuilt(struct fixture *f, const char *words)
{
	f->diag.notes_count = 0;
	struct bs_health_file file = open_file(f);
	bs_health_file_read(&file, WALL_MS, &f->health);
	assert_int_equal(f->health.routes_count, 0);
	assert_int_equal(f->health.retry_tenths, BS_HEALTH_RETRY_TENTHS_MAX);
	assert_int_equal(
		bs_health_file_change(&file, PATIENT_MS, WALL_MS, add_one, NULL, &f->health),
		BS_OK);
	bs_health_file_close(&file);
	assert_int_equal(f->diag.notes_count, 1);
	if (!strstr(f->diag.notes[0], words))
		fail_msg("%s", f->diag.notes[0]);
	f->diag.notes_count = 0;
	assert_int_equal(marks_in(f), 1);
	assert_int_equal(f->diag.notes_count, 0);
}

static void health_file_that_is_damaged_is_begun_anew(void **state)
{
	struct fixture *f = *state;
	static const char *const damaged[] = {"x", "\n", "buildsum-health", "buildsum-health 4\n",
		"buildsum-health 4\nhost 1 2 3 4 5\nsum 0\n"};
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		put(f->path, damaged[i]);
		expect_rebuilt(f, i < 3 ? "is not a health file" : "is damaged");
	}
	put(f->path, "buildsum-health 5\nwhatever a later version writes\n");
	expect_rebuilt(f, "another version");
	char *large = calloc(1, BS_HEALTH_BYTES_MAX + 2);
	assert_non_null(large);
	memset(large, 'a', BS_HEALTH_BYTES_MAX + 1);
	put(f->path, large);
	free(large);
	expect_rebuilt(f, "health");
}

static void health_file_cut_at_any_byte_is_whole_or_empty(void **state)
{
	struct fixture *f = *state;
	struct bs_str text;
	struct bs_health health;
	assert_int_equal(change_once(f, PATIENT_MS), BS_OK);
	assert_int_equal(bs_file_load(f->path, BS_HEALTH_BYTES_MAX, &f->arena, &text, NULL), BS_OK);
	assert_int_equal(bs_health_parse(text, &health, NULL), BS_OK);
	for (size_t len = 0; len < text.len; len++)
		assert_int_equal(bs_health_parse(bs_str(text.ptr, len), &health, NULL), BS_FORMAT);
	char *copy = malloc(text.len);
	assert_non_null(copy);
	for (size_t i = 0; i < text.len * 8; i++) { // one bit flipped
		memcpy(copy, text.ptr, text.len);
		copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
		assert_int_equal(bs_health_parse(bs_str(copy, text.len), &health, NULL), BS_FORMAT);
	}
	free(copy);
}

// One warning, nothing read, nothing written, no wait.
static void expect_useless(struct fixture *f, const char *words)
{
	f->diag.notes_count = 0;
	int64_t start_ms = bs_clock_ms();
	struct bs_health_file file = open_file(f);
	bs_health_file_read(&file, WALL_MS, &f->health);
	assert_int_equal(f->health.routes_count, 0);
	assert_int_not_equal(
		bs_health_file_change(&file, PATIENT_MS, WALL_MS, add_one, NULL, &f->health),
		BS_OK);
	bs_health_file_close(&file);
	assert_true(bs_clock_ms() - start_ms < PATIENT_MS / 2);
	assert_int_equal(f->diag.notes_count, 1);
	if (!strstr(f->diag.notes[0], words))
		fail_msg("%s", f->diag.notes[0]);
}

static void health_file_replaces_a_link_or_fifo_and_follows_neither(void **state)
{
	struct fixture *f = *state;
	char away[128];
	(void)snprintf(away, sizeof(away), "%s/away", f->folder);
	put(away, "somebody's own file");
	assert_int_equal(symlink(away, f->path), 0);
	expect_rebuilt(f, "is a link");
	struct bs_str text;
	assert_int_equal(bs_file_load(away, 100, &f->arena, &text, NULL), BS_OK);
	assert_str(text, "somebody's own file");
	assert_int_equal(unlink(f->path), 0);
	assert_int_equal(link(away, f->path), 0);
	expect_rebuilt(f, "another name");
	assert_int_equal(unlink(f->path), 0);
	assert_int_equal(mkfifo(f->path, 0600), 0);
	expect_rebuilt(f, "not a regular file");
	assert_int_equal(unlink(f->path), 0);
	assert_int_equal(mkdir(f->path, 0700), 0);
	expect_useless(f, "health");
}

static void health_file_stays_out_of_folders_that_are_not_its_users(void **state)
{
	struct fixture *f = *state;
	char lock[128];
	assert_int_equal(chmod(f->folder, 0777), 0);
	expect_useless(f, "other users may write");
	assert_int_equal(chmod(f->folder, 0700), 0);
	(void)snprintf(lock, sizeof(lock), "%s/health.lock", f->folder);
	assert_int_equal(mkfifo(lock, 0600), 0);
	expect_useless(f, "not a regular file");
	assert_int_equal(unlink(lock), 0);
	f->config.state_dir = "/dev/null";
	expect_useless(f, "/dev/null: ");
	f->config.state_dir = "/proc/buildsum/state";
	expect_useless(f, "/proc/buildsum/state: ");
	if (geteuid() == 0) {
		f->config.state_dir = f->folder;
		assert_int_equal(chown(f->folder, 65534, 65534), 0);
		expect_useless(f, "another user's folder");
		assert_int_equal(chown(f->folder, 0, 0), 0);
		put(f->path, "x");
		assert_int_equal(chown(f->path, 65534, 65534), 0);
		expect_rebuilt(f, "another user's file");
	}
}

static void health_file_is_off_when_told_so(void **state)
{
	struct fixture *f = *state;
	f->config.state = false;
	assert_int_equal(change_once(f, PATIENT_MS), BS_SYSTEM);
	f->config = (struct bs_config){.state = true, .state_dir = ""};
	assert_int_equal(change_once(f, PATIENT_MS), BS_SYSTEM);
	assert_int_equal(f->diag.notes_count, 0);
}

static void health_file_from_the_future_keeps_what_is_no_time(void **state)
{
	struct fixture *f = *state;
	struct bs_health_file file = open_file(f);
	assert_int_equal(
		bs_health_file_change(&file, PATIENT_MS,
			WALL_MS + INT64_C(1000) * BS_HEALTH_GONE_MS, add_one, NULL, &f->health),
		BS_OK);
	bs_health_file_read(&file, WALL_MS, &f->health);
	bs_health_file_close(&file);
	assert_int_equal(f->health.routes_count, 1);
	assert_int_equal(f->health.keys_count, 0);
	assert_int_equal(f->health.routes[0].first_token_ms[0], 100);
	assert_int_equal(f->health.routes[0].breaker.window_calls[0], 0);
	assert_int_equal(f->diag.notes_count, 0);
}

static void health_file_takes_the_usual_places_in_order(void **state)
{
	struct fixture *f = *state;
	char xdg[96], home[96], expected[128];
	const char *environ_list[3] = {NULL};
	struct bs_health_file file;
	f->config.state_dir = NULL;
	(void)snprintf(xdg, sizeof(xdg), "XDG_STATE_HOME=%s", f->folder);
	(void)snprintf(home, sizeof(home), "HOME=%s/health", f->folder);
	assert_int_equal(mkdir(f->path, 0700), 0);
	environ_list[0] = home;
	environ_list[1] = xdg;
	(void)snprintf(expected, sizeof(expected), "%s/buildsum", f->folder);
	for (int turn = 0; turn < 2; turn++) {
		bs_health_file_open(&file, &f->config, environ_list, &f->arena, &f->diag);
		assert_true(file.on);
		assert_string_equal(file.path, expected);
		bs_health_file_close(&file);
		assert_int_equal(rmdir(expected), 0);
		environ_list[1] = "XDG_STATE_HOME=not/absolute";
		(void)snprintf(expected, sizeof(expected), "%s/.local/state/buildsum", f->path);
	}
	(void)snprintf(expected, sizeof(expected), "%s/.local/state", f->path);
	assert_int_equal(rmdir(expected), 0);
	(void)snprintf(expected, sizeof(expected), "%s/.local", f->path);
	assert_int_equal(rmdir(expected), 0);
	assert_int_equal(f->diag.notes_count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(health_file_is_begun_and_kept),
		TEST(health_file_loses_nothing_of_200_processes_at_once),
		TEST(health_file_survives_kill_at_any_moment),
		TEST(health_file_goes_on_without_a_lock_that_others_hold),
		TEST(health_file_that_is_damaged_is_begun_anew),
		TEST(health_file_cut_at_any_byte_is_whole_or_empty),
		TEST(health_file_replaces_a_link_or_fifo_and_follows_neither),
		TEST(health_file_stays_out_of_folders_that_are_not_its_users),
		TEST(health_file_is_off_when_told_so),
		TEST(health_file_from_the_future_keeps_what_is_no_time),
		TEST(health_file_takes_the_usual_places_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
