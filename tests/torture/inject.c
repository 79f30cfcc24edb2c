// SPDX-License-Identifier: MIT
// A preloaded shim that makes the n-th allocation or the n-th file operation of a program fail.
//
// INJECT=memory|io chooses, INJECT_AT=n counts from 1, INJECT_LOG names a file that gets one byte
// when a failure was injected: a run without it has no n-th call any more. INJECT_FROM=1: the n-th
// and all later ones fail.
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
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

// The dynamic loader of glibc ends the process when it has no memory for a library's thread-local
// data; what may be done about that, core/ext/http_load.c does. Its own allocations are not ours.
static int is_loader(const void *caller)
{
	uintptr_t at_base = (uintptr_t)getauxval(AT_BASE);
	const ElfW(Ehdr) *head = (const ElfW(Ehdr) *)at_base;
	uintptr_t end = at_base;
	if (!at_base)
		return 0;
	const ElfW(Phdr) *parts = (const ElfW(Phdr) *)(at_base + head->e_phoff);
	for (int i = 0; i < head->e_phnum; i++)
		if (parts[i].p_type == PT_LOAD)
			end = at_base + parts[i].p_vaddr + parts[i].p_memsz;
	return (uintptr_t)caller >= at_base && (uintptr_t)caller < end;
}

static int is_due(int kind, const void *caller)
{
	if (!kind || at < 0 || (caller && is_loader(caller)))
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
	if (is_due(memory, __builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
	if (is_due(memory, __builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
	if (is_due(memory, __builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(old, bytes);
}

ssize_t read(int fd, void *bytes, size_t count)
{
	if (is_due(io, NULL)) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_read, fd, bytes, count);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
	if (is_due(io, NULL)) {
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
	if (is_due(io, NULL)) {
		errno = EMFILE;
		return -1;
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int rename(const char *from, const char *to)
{
	if (is_due(io, NULL)) {
		errno = EROFS;
		return -1;
	}
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int fsync(int fd)
{
	if (is_due(io, NULL)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fsync, fd);
}
