// SPDX-License-Identifier: MIT
// core/ext/file: what may be opened, bounded reads, complete writes, replacement.
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"

struct fixture {
	char folder[64], path[80];
	struct bs_arena arena;
	struct bs_err err;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_non_null(f);
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/buildsum-file-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	(void)snprintf(f->path, sizeof(f->path), "%s/x", f->folder);
	bs_arena_init(&f->arena, BS_RUN_ARENA_BYTES_MAX);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	(void)unlink(f->path);
	assert_int_equal(rmdir(f->folder), 0); // also: nothing was left behind beside the file
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

static void refuse_open(struct fixture *f, const char *path, const char *reason)
{
	char expected[256];
	int fd = -7;
	assert_int_equal(bs_file_open(path, &fd, &f->err), BS_INPUT);
	assert_int_equal(fd, -7);
	(void)snprintf(expected, sizeof(expected), "%s: %s", path, reason);
	assert_string_equal(f->err.msg, expected);
}

static void file_open_refuses_what_is_no_text_each_with_its_line(void **state)
{
	struct fixture *f = *state;
	refuse_open(f, f->path, "No such file or directory");
	refuse_open(f, f->folder, "is a directory");
	refuse_open(f, "/dev/zero", "is a device");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", f->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	refuse_open(f, f->path, "is a socket or a device without a driver");
	assert_int_equal(close(fd), 0);
}

static void file_open_closes_on_exec_and_takes_the_null_device(void **state)
{
	struct fixture *f = *state;
	int fd = -1;
	char c;
	size_t count = 7;
	assert_int_equal(bs_file_open("/dev/null", &fd, &f->err), BS_OK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(bs_file_read(fd, &c, 1, 0, &count, &f->err), BS_OK);
	assert_int_equal(count, 0);
	assert_int_equal(close(fd), 0);
}

static void file_open_does_not_wait_for_ever_on_a_fifo(void **state)
{
	struct fixture *f = *state;
	struct bs_str text = {0};
	assert_int_equal(mkfifo(f->path, 0600), 0);
	int64_t start_ms = bs_clock_ms();
	assert_int_equal(bs_file_load(f->path, 10, &f->arena, &text, &f->err), BS_OK);
	assert_int_equal(text.len, 0);
	assert_true(bs_clock_ms() - start_ms < 4 * BS_FIFO_WRITER_MS_MAX);
	// with a writer everything arrives
	int reader = open(f->path, O_RDONLY | O_NONBLOCK);
	int writer = open(f->path, O_WRONLY);
	assert_int_equal(write(writer, "abc", 3), 3);
	int fd = -1;
	char memory[8];
	size_t count = 0;
	assert_int_equal(bs_file_open(f->path, &fd, &f->err), BS_OK);
	assert_int_equal(bs_file_read(fd, memory, sizeof(memory), 0, &count, &f->err), BS_OK);
	assert_int_equal(count, 3);
	// the writer stands there in silence: time runs out
	assert_int_equal(
		bs_file_read(fd, memory, sizeof(memory), bs_clock_ms() + 20, &count, &f->err),
		BS_TIMEOUT);
	assert_int_equal(count, 3);
	assert_int_equal(close(writer), 0);
	assert_int_equal(bs_file_read(fd, memory, sizeof(memory), 0, &count, &f->err), BS_OK);
	assert_int_equal(count, 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(reader), 0);
}

static void file_read_bounds_a_blocking_descriptor(void **state)
{
	struct fixture *f = *state;
	int ends[2];
	char c;
	size_t count = 7;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(
		bs_file_read(ends[0], &c, 1, bs_clock_ms() + 20, &count, &f->err), BS_TIMEOUT);
	assert_int_equal(count, 7);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(bs_file_read(ends[0], &c, 1, 0, &count, &f->err), BS_INPUT);
	assert_string_equal(f->err.msg, "cannot be read: Bad file descriptor");
}

static void file_load_takes_a_whole_file_up_to_its_ceiling(void **state)
{
	struct fixture *f = *state;
	struct bs_str text = {0};
	char expected[256];
	put(f->path, "0123456789");
	assert_int_equal(bs_file_load(f->path, 10, &f->arena, &text, &f->err), BS_OK);
	assert_str(text, "0123456789");
	assert_int_equal(bs_file_load(f->path, 9, &f->arena, &text, &f->err), BS_LIMIT);
	(void)snprintf(expected, sizeof(expected), "%s: more than 9 bytes", f->path);
	assert_string_equal(f->err.msg, expected);
	assert_str(text, "0123456789");
	assert_int_equal(bs_file_load("/dev/zero", 9, &f->arena, &text, &f->err), BS_INPUT);
	assert_true(bs_file_exists(f->path));
	assert_false(bs_file_exists("/nonexistent/x"));
}

static void file_load_reads_files_that_state_no_size(void **state)
{
	struct fixture *f = *state;
	struct bs_str text = {0};
	if (!bs_file_exists("/proc/self/stat"))
		skip();
	assert_int_equal(bs_file_load("/proc/self/stat", 4096, &f->arena, &text, &f->err), BS_OK);
	assert_true(text.len > 10);
}

static void file_write_says_who_could_not_be_written(void **state)
{
	struct fixture *f = *state;
	int fd = open("/dev/full", O_WRONLY);
	if (fd < 0)
		skip();
	assert_int_equal(bs_file_write(fd, BS_LIT("x"), "standard output", &f->err), BS_SYSTEM);
	assert_string_equal(f->err.msg, "standard output: No space left on device");
	assert_int_equal(close(fd), 0);
}

static void file_replace_sets_content_and_mode_and_leaves_nothing_behind(void **state)
{
	struct fixture *f = *state;
	struct bs_str text = {0};
	struct stat st;
	put(f->path, "old and longer");
	assert_int_equal(bs_file_replace(f->path, BS_LIT("new"), 0640, &f->err), BS_OK);
	assert_int_equal(bs_file_load(f->path, 100, &f->arena, &text, &f->err), BS_OK);
	assert_str(text, "new");
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void file_replace_keeps_the_old_file_when_it_fails(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	assert_int_equal(mkdir(f->path, 0700), 0); // a folder cannot be replaced by a file
	assert_int_equal(bs_file_replace(f->path, BS_LIT("new"), 0600, &f->err), BS_SYSTEM);
	assert_int_equal(stat(f->path, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(rmdir(f->path), 0);
	assert_int_equal(
		bs_file_replace("/nonexistent/x", BS_LIT("new"), 0600, &f->err), BS_SYSTEM);
	assert_string_equal(f->err.msg, "/nonexistent/x: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		ROW(file_open_refuses_what_is_no_text_each_with_its_line),
		ROW(file_open_closes_on_exec_and_takes_the_null_device),
		ROW(file_open_does_not_wait_for_ever_on_a_fifo),
		ROW(file_read_bounds_a_blocking_descriptor),
		ROW(file_load_takes_a_whole_file_up_to_its_ceiling),
		ROW(file_load_reads_files_that_state_no_size),
		ROW(file_write_says_who_could_not_be_written),
		ROW(file_replace_sets_content_and_mode_and_leaves_nothing_behind),
		ROW(file_replace_keeps_the_old_file_when_it_fails),
#undef ROW
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
