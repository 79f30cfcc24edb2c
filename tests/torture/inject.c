// SPDX-License-Identifier: MIT
// A preloaded shim that makes the n-th allocation or the n-th file operation of a program fail.
//
// INJECT=memory|io chooses, INJECT_AT=n counts from 1, INJECT_LOG names a file that gets one byte
// when a failure was injected: a run without it has no n-th call any more. INJECT_FROM=1: the n-th
// and all later ones fail.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;
static long at = -1;
static int from_on;
static int memory, io;

__attribute__((constructor)) static void read_orders(void)
{
	const char *what = getenv("INJECT"), *when = getenv("INJECT_AT");
	memory = what && strcmp(what, "memory") == 0;
	io = what && strcmp(what, "io") == 0;
	from_on = getenv("INJECT_FROM") != NULL;
	at = when ? strtol(when, NULL, 10) : -1;
}

static void leave_word(void)
{
	const char *path = getenv("INJECT_LOG");
	long fd = path ? syscall(SYS_openat, AT_FDCWD, path,
				 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
		       : -1;
	if (fd >= 0) {
		(void)syscall(SYS_write, fd, "x", 1);
		(void)syscall(SYS_close, fd);
	}
}

static int is_due(int kind)
{
	if (!kind || at < 0)
		return 0;
	long call = atomic_fetch_add(&calls, 1) + 1;
	if (call != at && !(from_on && call > at))
		return 0;
	if (call == at)
		leave_word();
	return 1;
}

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *malloc(size_t bytes)
{
	if (is_due(memory)) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
	if (is_due(memory)) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
	if (is_due(memory)) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(old, bytes);
}

ssize_t read(int fd, void *bytes, size_t count)
{
	if (is_due(io)) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_read, fd, bytes, count);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
	if (is_due(io)) {
		errno = ENOSPC;
		return -1;
	}
	return syscall(SYS_write, fd, bytes, count);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	int mode = va_arg(args, int);
	va_end(args);
	if (is_due(io)) {
		errno = EMFILE;
		return -1;
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int rename(const char *from, const char *to)
{
	if (is_due(io)) {
		errno = EROFS;
		return -1;
	}
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int fsync(int fd)
{
	if (is_due(io)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fsync, fd);
}
