// SPDX-License-Identifier: MIT
// Where the job's log is: opened once, cut at a marker of ours.
#include "plugin/source.h"

#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"

#define MARKER_BYTES 96
#define LOOK_STEP_MS 10

#define HOW_TO_SWITCH_ON \
	"start the agent with --enable-job-log-tmpfile (BUILDKITE_ENABLE_JOB_LOG_TMPFILE=true)"

static enum bs_status print_marker(
	const struct bs_job *job, int fd, char *marker, size_t bytes, struct bs_err *err)
{
	int len = snprintf(marker, bytes, "buildsum: reading the log of job %.40s (%lx)", job->id,
		(unsigned long)bs_clock_ms());
	char line[MARKER_BYTES + 2];
	(void)snprintf(line, sizeof(line), "%s\n", marker);
	return bs_file_write(fd, bs_str(line, (size_t)len + 1), "standard output", err);
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

// Where the log proper ends: before our marker. UINT64_MAX when the marker does not show up in
// time.
static uint64_t find_end(int fd, struct bs_str marker, uint64_t from, int64_t until_ms)
{
	for (;;) {
		uint64_t at = look_for(fd, marker, &from);
		if (at != UINT64_MAX || bs_clock_ms() >= until_ms)
			return at;
		(void)poll(NULL, 0, LOOK_STEP_MS);
	}
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
	uint64_t end = find_end(fd, bs_str_c(marker), (uint64_t)info.st_size, marker_until_ms);
	if (end == UINT64_MAX) {
		(void)close(fd);
		return bs_fail(err, BS_INPUT,
			"%s does not hold the output of this job; nothing is summarised",
			job->log_path);
	}
	*ret_source = (struct bs_log_source){fd, end};
	return BS_OK;
}
