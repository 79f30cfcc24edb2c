// SPDX-License-Identifier: MIT
// Files and descriptors over POSIX: bounded reads, complete writes, atomic replacement.
#include "core/ext/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"

// Waits until the descriptor is ready; until_ms 0 waits for ever.
static enum bs_status wait_ready(int fd, short events, int64_t until_ms, struct bs_err *err)
{
	for (;;) {
		int wait_ms = -1;
		if (until_ms) {
			int64_t left_ms = until_ms - bs_clock_ms();
			if (left_ms < 0)
				left_ms = 0;
			wait_ms = left_ms > INT_MAX ? INT_MAX : (int)left_ms;
		}
		struct pollfd polled = {.fd = fd, .events = events};
		int n = poll(&polled, 1, wait_ms);
		if (n > 0)
			return BS_OK; // an error or a hang-up too: read and write tell which
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return bs_fail(err, BS_SYSTEM, "poll: %s", strerror(errno));
		if (until_ms && bs_clock_ms() >= until_ms)
			return bs_fail(err, BS_TIMEOUT, "nothing more came in time");
	}
}

// Terminals and /dev/null may stand for input; /dev/zero and its like never end.
static bool is_harmless_device(int fd, const struct stat *st)
{
	struct stat null;
	return isatty(fd) || (stat("/dev/null", &null) == 0 && null.st_rdev == st->st_rdev);
}

// What makes this file unfit to be read, or NULL.
static const char *unreadable_kind(int fd, const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return "is a directory";
	if (S_ISSOCK(st->st_mode))
		return "is a socket";
	if (S_ISBLK(st->st_mode) || (S_ISCHR(st->st_mode) && !is_harmless_device(fd, st)))
		return "is a device";
	return NULL;
}

enum bs_status bs_file_open(const char *path, int *ret_fd, struct bs_err *err)
{
	struct stat st;
	// O_NONBLOCK: opening a FIFO does not wait for its writer; regular files ignore it
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return bs_fail(err, BS_INPUT, "%s: %s", path,
			errno == ENXIO ? "is a socket or a device without a driver"
				       : strerror(errno));
	if (fstat(fd, &st) < 0) {
		enum bs_status status = bs_fail(err, BS_INPUT, "%s: %s", path, strerror(errno));
		(void)close(fd);
		return status;
	}
	const char *kind = unreadable_kind(fd, &st);
	if (kind) {
		(void)close(fd);
		return bs_fail(err, BS_INPUT, "%s: %s", path, kind);
	}
	// A FIFO reads as ended before its writer has come: give the writer a moment.
	if (S_ISFIFO(st.st_mode))
		(void)wait_ready(fd, POLLIN, bs_clock_ms() + BS_FIFO_WRITER_MS_MAX, NULL);
	*ret_fd = fd;
	return BS_OK;
}

enum bs_status bs_file_read(
	int fd, void *memory, size_t bytes, int64_t until_ms, size_t *ret_count, struct bs_err *err)
{
	// A blocking descriptor must not hold us past that time. A non-blocking one is read first:
	// poll never ends on a FIFO that no writer has opened, read does.
	bool wait = until_ms && !(fcntl(fd, F_GETFL) & O_NONBLOCK);
	for (;;) {
		enum bs_status status = BS_OK;
		if (wait)
			status = wait_ready(fd, POLLIN, until_ms, err);
		if (status != BS_OK)
			return status;
		ssize_t n = read(fd, memory, bytes);
		if (n >= 0) {
			*ret_count = (size_t)n;
			return BS_OK;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			wait = true;
		else if (errno != EINTR)
			return bs_fail(err, BS_INPUT, "cannot be read: %s", strerror(errno));
	}
}

static enum bs_status read_all(int fd, struct bs_buf *buf, int64_t until_ms, struct bs_err *err)
{
	char chunk[16 * 1024];
	size_t count = 0;
	do {
		enum bs_status status = bs_file_read(
			fd, chunk, sizeof(chunk), until_ms, &count, err);
		if (status != BS_OK)
			return status;
		bs_buf_add(buf, bs_str(chunk, count));
	} while (count > 0 && buf->failed == BS_OK);
	return BS_OK;
}

enum bs_status bs_file_load(const char *path, size_t bytes_max, struct bs_arena *arena,
	struct bs_str *ret_text, struct bs_err *err)
{
	struct bs_buf buf;
	struct bs_str text;
	int fd = -1;
	enum bs_status status = bs_file_open(path, &fd, err);
	if (status != BS_OK)
		return status;
	bs_buf_init(&buf, bytes_max);
	status = read_all(fd, &buf, bs_clock_ms() + BS_FILE_LOAD_MS_MAX, err);
	if (status != BS_OK) {
		if (err)
			(void)bs_fail_in(err, path);
		goto out;
	}
	status = bs_buf_status(&buf, path, err);
	if (status != BS_OK)
		goto out;
	text = bs_arena_str(arena, bs_buf_str(&buf));
	if (!text.ptr) {
		status = bs_fail_nomem(err);
		goto out;
	}
	*ret_text = text;
out:
	bs_buf_release(&buf);
	(void)close(fd);
	return status;
}

bool bs_file_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

bool bs_file_is_open_to_all(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IWOTH);
}

enum bs_status bs_file_write(int fd, struct bs_str bytes, const char *name, struct bs_err *err)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n >= 0) {
			bytes = bs_str_from(bytes, (size_t)n);
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			enum bs_status status = wait_ready(fd, POLLOUT, 0, err);
			if (status != BS_OK)
				return status;
		} else if (errno != EINTR) {
			return bs_fail(err, BS_SYSTEM, "%s: %s", name, strerror(errno));
		}
	}
	return BS_OK;
}

// Fills the temporary file and closes it, whatever happens.
static enum bs_status fill(
	int fd, const char *path, struct bs_str bytes, unsigned mode, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	if (fchmod(fd, (mode_t)mode) < 0)
		status = bs_fail(err, BS_SYSTEM, "%s: %s", path, strerror(errno));
	if (status == BS_OK)
		status = bs_file_write(fd, bytes, path, err);
	if (status == BS_OK && fsync(fd) < 0)
		status = bs_fail(err, BS_SYSTEM, "%s: %s", path, strerror(errno));
	if (close(fd) < 0 && status == BS_OK) // network file systems tell a full disk only here
		status = bs_fail(err, BS_SYSTEM, "%s: %s", path, strerror(errno));
	return status;
}

enum bs_status bs_file_replace(
	const char *path, struct bs_str bytes, unsigned mode, struct bs_err *err)
{
	char temporary[PATH_MAX];
	int n = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	if (n < 0 || (size_t)n >= sizeof(temporary))
		return bs_fail(err, BS_SYSTEM, "%.60s…: the path is too long", path);
	int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return bs_fail(err, BS_SYSTEM, "%s: %s", path, strerror(errno));
	enum bs_status status = fill(fd, path, bytes, mode, err);
	if (status == BS_OK && rename(temporary, path) < 0)
		status = bs_fail(err, BS_SYSTEM, "%s: %s", path, strerror(errno));
	if (status != BS_OK)
		(void)unlink(temporary);
	return status;
}
