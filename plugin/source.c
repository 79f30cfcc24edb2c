// SPDX-License-Identifier: MIT
// Where the job's log is: opened once, cut at a marker of ours.
#include "plugin/source.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"

#define MARKER_INTRO "buildsum: reading the log ("
#define MARKER_BYTES 17
#define LINE_BYTES 64
#define LOOK_STEP_MS 10
#define ANNOUNCEMENT_BYTES_MAX 1024

#define HOW_TO_SWITCH_ON \
	"start the agent with --enable-job-log-tmpfile (BUILDKITE_ENABLE_JOB_LOG_TMPFILE=true)"

// The marker is a number, because the agent replaces in the job's output whatever is the value of a
// secret variable: words, and even the job's id, may be one.
static enum bs_status print_marker(
	const struct bs_job *job, int fd, char *marker, size_t bytes, struct bs_err *err)
{
	char line[LINE_BYTES];
	(void)snprintf(marker, bytes, "%016" PRIx64,
		bs_str_hash(bs_str_c(job->id), (uint64_t)bs_clock_ms()));
	int len = snprintf(line, sizeof(line), MARKER_INTRO "%s)\n", marker);
	return bs_file_write(fd, bs_str(line, (size_t)len), "standard output", err);
}

// Looks for the marker in what was written since *from. The offset where it begins, or UINT64_MAX.
static uint64_t look_for(int fd, struct bs_str marker, uint64_t *from)
{
	char window[BS_READ_CHUNK_BYTES];
	for (;;) {
		ssize_t count = pread(fd, window, sizeof(window), (off_t)*from);
		if (count <= 0 || (size_t)count < marker.len)
			return UINT64_MAX;
		size_t at = bs_str_find(bs_str(window, (size_t)count), marker);
		if (at != SIZE_MAX)
			return *from + at;
		// the marker may stand across the border of two windows
		*from += (size_t)count - marker.len + 1;
		if ((size_t)count < sizeof(window))
			return UINT64_MAX;
	}
}

// Where the marker is. UINT64_MAX when it does not show up in time.
static uint64_t find_marker(int fd, struct bs_str marker, uint64_t from, int64_t until_ms)
{
	for (;;) {
		uint64_t at = look_for(fd, marker, &from);
		if (at != UINT64_MAX || bs_clock_ms() >= until_ms)
			return at;
		(void)poll(NULL, 0, LOOK_STEP_MS);
	}
}

// The offset in `text` where the last `count` lines begin, an unfinished one included; 0: it holds
// no more.
static size_t last_lines(struct bs_str text, size_t count)
{
	size_t begin = text.len;
	for (; begin > 0; begin--)
		if (text.ptr[begin - 1] == '\n' && --count == 0)
			break;
	return begin;
}

// Where the job's own output ends: before what we printed, whose marker is at `marker_at`, and
// before the two lines with which the agent announces a hook, "~~~ Running plugin … post-command
// hook" and "$ …".
static uint64_t end_of_output(int fd, uint64_t marker_at)
{
	char window[ANNOUNCEMENT_BYTES_MAX];
	size_t count = marker_at < sizeof(window) ? (size_t)marker_at : sizeof(window);
	if (pread(fd, window, count, (off_t)(marker_at - count)) != (ssize_t)count)
		return marker_at;
	struct bs_str text = bs_str(window, count), header = {0};
	size_t announced = last_lines(text, 3);
	struct bs_str lines = bs_str_from(text, announced);
	(void)bs_str_split(&lines, '\n', &header);
	bool is_header = bs_str_has(header, BS_LIT("~~~ Running ")) &&
			 bs_str_ends(bs_str_trim_end(header), BS_LIT(" hook"));
	size_t line = last_lines(text, 1); // which may be an unfinished one of the job's
	size_t before = bs_str_find(bs_str_from(text, line), BS_LIT(MARKER_INTRO));
	size_t end = is_header ? announced : before == SIZE_MAX ? line : line + before;
	return marker_at - count + end;
}

enum bs_status bs_source_open(const struct bs_job *job, int marker_fd, int64_t marker_until_ms,
	struct bs_log_source *ret_source, struct bs_err *err)
{
	char marker[MARKER_BYTES];
	struct bs_err trouble;
	struct stat info;
	int fd = -1;
	if (!job->log_path)
		return bs_fail(
			err, BS_INPUT, "the agent keeps no copy of the log; " HOW_TO_SWITCH_ON);
	if (bs_file_open(job->log_path, &fd, &trouble) != BS_OK)
		return bs_fail(err, BS_INPUT, "%s; " HOW_TO_SWITCH_ON, trouble.msg);
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		(void)close(fd);
		return bs_fail(err, BS_INPUT, "%s: not a regular file", job->log_path);
	}
	enum bs_status status = print_marker(job, marker_fd, marker, sizeof(marker), &trouble);
	if (status != BS_OK) {
		(void)close(fd);
		return bs_fail(err, status, "%s", trouble.msg);
	}
	uint64_t marker_at = find_marker(
		fd, bs_str_c(marker), (uint64_t)info.st_size, marker_until_ms);
	if (marker_at == UINT64_MAX) {
		(void)close(fd);
		return bs_fail(err, BS_INPUT,
			"%s does not hold the output of this job; nothing is summarised",
			job->log_path);
	}
	*ret_source = (struct bs_log_source){fd, end_of_output(fd, marker_at)};
	return BS_OK;
}
