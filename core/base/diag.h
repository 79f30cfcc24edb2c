// SPDX-License-Identifier: MIT
// Warnings that a run collects: core/ notes them here and never prints; the faces print them.
#ifndef BS_BASE_DIAG_H
#define BS_BASE_DIAG_H

#include "core/base/err.h"
#include "core/base/str.h"

struct bs_diag {
	size_t notes_count;   // kept
	size_t dropped_count; // beyond the ceiling
	char notes[BS_DIAG_NOTES_MAX]
		  [BS_DIAG_NOTE_BYTES]; // one line each, no newline, no control bytes
};

// Adds a warning; the same text twice is kept once. diag may be NULL.
void bs_diag_warn(struct bs_diag *diag, const char *fmt, ...) BS_PRINTF(2, 3);

#endif
