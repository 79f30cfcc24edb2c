// SPDX-License-Identifier: MIT
// Files and descriptors: bounded reads, complete writes, atomic replacement. EINTR is handled here.
#ifndef BS_EXT_FILE_H
#define BS_EXT_FILE_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"

// Opens a file for reading, close-on-exec. Refuses directories, sockets and devices other than
// what stdin may be, each with a line of its own; never blocks on a FIFO without a writer.
enum bs_status bs_file_open(const char *path, int *ret_fd, struct bs_err *err) BS_MUST_USE;

// Reads up to `bytes` into memory; *ret_count 0 means the end. Waits for non-blocking descriptors,
// at most until the monotonic time until_ms (0: for ever); BS_TIMEOUT after that.
enum bs_status bs_file_read(int fd, void *memory, size_t bytes, int64_t until_ms, size_t *ret_count,
	struct bs_err *err) BS_MUST_USE;

// A whole small file into the arena. BS_LIMIT over bytes_max. BS_INPUT otherwise, path and reason
// named.
enum bs_status bs_file_load(const char *path, size_t bytes_max, struct bs_arena *arena,
	struct bs_str *ret_text, struct bs_err *err) BS_MUST_USE;
bool bs_file_exists(const char *path);
// True when every user of the host may write to it.
bool bs_file_is_open_to_all(const char *path);

// Writes everything or fails with BS_SYSTEM; `name` opens the message ("standard output").
enum bs_status bs_file_write(
	int fd, struct bs_str bytes, const char *name, struct bs_err *err) BS_MUST_USE;

// Writes `path` by a temporary file beside it, fsync and rename, mode as given.
enum bs_status bs_file_replace(
	const char *path, struct bs_str bytes, unsigned mode, struct bs_err *err) BS_MUST_USE;

// --- files that this user alone writes, in a folder of their own (file_own.c)

// Opens the folder, after making it and what is missing above it (mode 0700). BS_SYSTEM: it cannot
// be, or it is not this user's, or others may write to it.
enum bs_status bs_folder_open(const char *path, int *ret_folder, struct bs_err *err) BS_MUST_USE;
// Holds the lock file `name` of the folder until ret_fd is closed, which the end of the process
// does, too. Waits for others at most wait_ms; BS_TIMEOUT after that.
enum bs_status bs_file_lock(
	int folder, const char *name, int64_t wait_ms, int *ret_fd, struct bs_err *err) BS_MUST_USE;
// Adds a whole small file of the folder to `out`, nothing when there is none. BS_SYSTEM for what
// is no file of this user's: a link, a FIFO, a stranger's.
enum bs_status bs_file_load_own(
	int folder, const char *name, struct bs_buf *out, struct bs_err *err) BS_MUST_USE;
// Writes a file of the folder by another one and a rename, mode 0600, for a caller that holds a
// lock. Does not wait for the disk: after a crash of the machine it may be empty or damaged.
enum bs_status bs_file_swap_own(int folder, const char *name, const char *temporary,
	struct bs_str bytes, struct bs_err *err) BS_MUST_USE;
// Opens an empty file of this user's for writing, mode 0600, wherever it lies; one that is there
// loses its content. BS_SYSTEM for what is no file of this user's.
enum bs_status bs_file_create_own(const char *path, int *ret_fd, struct bs_err *err) BS_MUST_USE;
// Makes it empty again.
enum bs_status bs_file_empty(int fd, const char *name, struct bs_err *err) BS_MUST_USE;
// Accepts -1.
void bs_file_close(int fd);

#endif
