// SPDX-License-Identifier: MIT
// Logs in files of this machine: the one the agent writes beside the upload, and the copy of the
// plugin's own wrapper.
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "plugin/source.h"

#define LOOK_STEP_MS 10

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
static uint64_t find_marker(int fd, struct bs_str marker, uint64_t from, int64_t until_ms,
	const volatile sig_atomic_t *cancelled)
{
	for (;;) {
		uint64_t at = look_for(fd, marker, &from);
		if (at != UINT64_MAX || bs_clock_ms() >= until_ms || (cancelled && *cancelled))
			return at;
		(void)poll(NULL, 0, LOOK_STEP_MS);
	}
}

static uint64_t end_of_output(int fd, uint64_t marker_at)
{
	char window[BS_MARKER_BEFORE_BYTES];
	size_t count = marker_at < sizeof(window) ? (size_t)marker_at : sizeof(window);
	if (pread(fd, window, count, (off_t)(marker_at - count)) != (ssize_t)count)
		return marker_at;
	return marker_at - count + bs_marker_cut(bs_str(window, count));
}

static enum bs_status open_regular(
	const char *path, int *ret_fd, struct stat *ret_info, struct bs_err *err)
{
	int fd = -1;
	enum bs_status status = bs_file_open(path, &fd, err);
	if (status != BS_OK)
		return status;
	if (fstat(fd, ret_info) != 0 || !S_ISREG(ret_info->st_mode)) {
		bs_file_close(fd);
		return bs_fail(err, BS_INPUT, "%s: not a regular file", path);
	}
	*ret_fd = fd;
	return BS_OK;
}

enum bs_status bs_source_file(const struct bs_source_wish *wish, struct bs_marker *marker,
	struct bs_source *ret_source, struct bs_err *err)
{
	struct stat info;
	int fd = -1;
	const char *path = wish->job->log_path;
	enum bs_status status = open_regular(path, &fd, &info, err);
	if (status == BS_OK)
		status = bs_marker_print(marker, wish->job, wish->marker_fd, err);
	if (status != BS_OK) {
		bs_file_close(fd);
		return status;
	}
	uint64_t at = find_marker(fd, bs_str_c(marker->text), (uint64_t)info.st_size,
		wish->file_until_ms, wish->cancelled);
	if (at == UINT64_MAX) {
		bs_file_close(fd);
		return bs_fail(err, BS_INPUT, "%s does not hold the output of this job", path);
	}
	ret_source->fd = fd;
	ret_source->bytes = end_of_output(fd, at);
	return BS_OK;
}

enum bs_status bs_source_copy(
	const struct bs_source_wish *wish, struct bs_source *ret_source, struct bs_err *err)
{
	struct stat info;
	int fd = -1;
	const char *path = wish->job->copy_path;
	enum bs_status status = open_regular(path, &fd, &info, err);
	if (status != BS_OK)
		return status;
	if (info.st_uid != geteuid()) { // anybody may name a file in a common folder
		bs_file_close(fd);
		return bs_fail(err, BS_INPUT, "%s: is another user's file", path);
	}
	ret_source->fd = fd;
	ret_source->bytes = (uint64_t)info.st_size;
	return BS_OK;
}
