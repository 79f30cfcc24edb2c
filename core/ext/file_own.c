// SPDX-License-Identifier: MIT
// Files that this user alone writes: nothing that a stranger has put in their place is touched.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"

void bs_file_close(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

// --- the folder

// What is missing of the path. Whether that went well, opening it tells.
static void make_folders(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);
	if (len >= sizeof(part))
		return;
	for (size_t i = 1; i <= len; i++)
		if (path[i] == '/' || path[i] == '\0') {
			memcpy(part, path, i);
			part[i] = '\0';
			(void)mkdir(part, S_IRWXU);
		}
}

static bool is_strangers_link(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) && st.st_uid != geteuid() &&
	       st.st_uid != 0;
}

enum bs_status bs_folder_open(const char *path, int *ret_folder, struct bs_err *err)
{
	struct stat st;
	const char *wrong = NULL;
	if (is_strangers_link(path))
		return bs_fail(err, BS_SYSTEM, "%s: is another user's link", path);
	make_folders(path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		wrong = strerror(errno);
	else if (st.st_uid != geteuid())
		wrong = "is another user's folder";
	else if (st.st_mode & (S_IWGRP | S_IWOTH))
		wrong = "is a folder that other users may write to";
	if (wrong) {
		bs_file_close(fd);
		return bs_fail(err, BS_SYSTEM, "%s: %s", path, wrong);
	}
	*ret_folder = fd;
	return BS_OK;
}

// --- its files

// Opens what is a regular file of this user, with no other name, or nothing. BS_SYSTEM with errno
// in the message otherwise; *ret_fd stays when `name` does not exist.
static enum bs_status open_own(
	int folder, const char *name, int flags, int *ret_fd, struct bs_err *err)
{
	struct stat st;
	const char *wrong = NULL;
	int fd = openat(folder, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		S_IRUSR | S_IWUSR);
	if (fd < 0 && errno == ENOENT && !(flags & O_CREAT))
		return BS_OK;
	if (fd < 0 || fstat(fd, &st) < 0)
		wrong = errno == ELOOP ? "is a link" : strerror(errno);
	else if (!S_ISREG(st.st_mode))
		wrong = "is not a regular file";
	else if (st.st_uid != geteuid())
		wrong = "is another user's file";
	else if (st.st_nlink > 1) // 0: replaced since it was opened
		wrong = "is a file with another name";
	if (wrong) {
		bs_file_close(fd);
		return bs_fail(err, BS_SYSTEM, "%s: %s", name, wrong);
	}
	*ret_fd = fd;
	return BS_OK;
}

enum bs_status bs_file_empty(int fd, const char *name, struct bs_err *err)
{
	if (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return bs_fail(err, BS_SYSTEM, "%s: %s", name, strerror(errno));
	return BS_OK;
}

enum bs_status bs_file_create_own(const char *path, int *ret_fd, struct bs_err *err)
{
	int fd = -1;
	enum bs_status status = open_own(AT_FDCWD, path, O_WRONLY | O_CREAT, &fd, err);
	if (status == BS_OK)
		status = bs_file_empty(fd, path, err);
	if (status != BS_OK) {
		bs_file_close(fd);
		return status;
	}
	*ret_fd = fd;
	return BS_OK;
}

enum bs_status bs_file_lock(
	int folder, const char *name, int64_t wait_ms, int *ret_fd, struct bs_err *err)
{
	int fd = -1, pause_ms = 1;
	int64_t until_ms = bs_clock_ms() + wait_ms;
	enum bs_status status = open_own(folder, name, O_RDWR | O_CREAT, &fd, err);
	if (status != BS_OK)
		return status;
	// There is no flock with a time limit, and a timer's signal would be felt by everybody.
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int64_t left_ms = until_ms - bs_clock_ms();
		if (errno != EWOULDBLOCK && errno != EINTR)
			status = bs_fail(err, BS_SYSTEM, "%s: %s", name, strerror(errno));
		else if (left_ms <= 0)
			status = bs_fail(err, BS_TIMEOUT, "%s: another process holds it", name);
		if (status != BS_OK) {
			bs_file_close(fd);
			return status;
		}
		(void)poll(NULL, 0, pause_ms < left_ms ? pause_ms : (int)left_ms);
		pause_ms = pause_ms < 4 ? pause_ms * 2 : pause_ms;
	}
	*ret_fd = fd;
	return BS_OK;
}

enum bs_status bs_file_load_own(
	int folder, const char *name, struct bs_buf *out, struct bs_err *err)
{
	char chunk[16 * 1024];
	int fd = -1;
	size_t count = 1;
	enum bs_status status = open_own(folder, name, O_RDONLY, &fd, err);
	while (status == BS_OK && fd >= 0 && count > 0 && out->failed == BS_OK) {
		status = bs_file_read(fd, chunk, sizeof(chunk), 0, &count, err);
		if (status == BS_OK)
			bs_buf_add(out, bs_str(chunk, count));
	}
	bs_file_close(fd);
	return status == BS_OK ? bs_buf_status(out, name, err) : status;
}

enum bs_status bs_file_swap_own(int folder, const char *name, const char *temporary,
	struct bs_str bytes, struct bs_err *err)
{
	int fd = -1;
	(void)unlinkat(folder, temporary, 0); // of a process that was killed
	enum bs_status status = open_own(folder, temporary, O_WRONLY | O_CREAT | O_EXCL, &fd, err);
	if (status != BS_OK)
		return status;
	status = bs_file_write(fd, bytes, temporary, err);
	if (close(fd) < 0 && status == BS_OK) // network file systems tell a full disk only here
		status = bs_fail(err, BS_SYSTEM, "%s: %s", temporary, strerror(errno));
	if (status == BS_OK && renameat(folder, temporary, folder, name) < 0)
		status = bs_fail(err, BS_SYSTEM, "%s: %s", name, strerror(errno));
	if (status != BS_OK)
		(void)unlinkat(folder, temporary, 0);
	return status;
}
