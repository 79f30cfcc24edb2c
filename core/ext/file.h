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

#endif
