// SPDX-License-Identifier: MIT
// Bytes of a log → clean lines: escapes, redraws, timestamps, encodings.
//
// Streaming and bounded: memory does not depend on the input. Every input byte sequence gives the
// same lines however it is split into feeds.
#ifndef BS_TEXT_CLEAN_H
#define BS_TEXT_CLEAN_H

#include "core/base/buf.h"
#include "core/text/line.h"

enum bs_clean_flags {
	BS_CLEAN_KEEP_STAMPS = 1 << 0,  // leave timestamps of CI systems at the start of lines
	BS_CLEAN_KEEP_REDRAWS = 1 << 1, // leave what '\r' and '\b' overwrote, for `buildsum redact`
	BS_CLEAN_NO_KINDS = 1 << 2,     // lines come without their kind: every one is looked at
	BS_CLEAN_CAREFUL = 1 << 3,      // every line goes through row.c: the same, slower
};

struct bs_clean_stats {
	uint64_t input_bytes;
	uint64_t input_lines;
	bool had_content; // anything but white space
};

struct bs_clean;

// flags: enum bs_clean_flags. Lines go to sink, whose ctx must outlive the cleaner.
enum bs_status bs_clean_new(unsigned flags, struct bs_line_sink sink, struct bs_clean **ret_clean,
	struct bs_err *err) BS_MUST_USE;
void bs_clean_free(struct bs_clean *clean);

// BS_INPUT with a hint when the input is no text (gzip, zip, ELF, core dump, random bytes).
enum bs_status bs_clean_feed(
	struct bs_clean *clean, struct bs_str bytes, struct bs_err *err) BS_MUST_USE;
// The last line, when it has no newline.
enum bs_status bs_clean_finish(struct bs_clean *clean, struct bs_err *err) BS_MUST_USE;

struct bs_clean_stats bs_clean_stats(const struct bs_clean *clean);

// Copies s to out without anything that is active on a terminal or breaks a line: escapes, control
// bytes, bidirectional overrides and zero-width characters gone, invalid UTF-8 replaced by U+FFFD,
// newlines as spaces. For model text and names from outside.
void bs_clean_inline(struct bs_str s, struct bs_buf *out);

#endif
