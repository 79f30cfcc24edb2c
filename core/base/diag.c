// SPDX-License-Identifier: MIT
// Warnings that a run collects: bounded, single lines, each once.
#include "core/base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool is_known(const struct bs_diag *diag, const char *note)
{
	for (size_t i = 0; i < diag->notes_count; i++)
		if (strcmp(diag->notes[i], note) == 0)
			return true;
	return false;
}

void bs_diag_warn(struct bs_diag *diag, const char *fmt, ...)
{
	char note[BS_DIAG_NOTE_BYTES];
	if (!diag)
		return;
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(note, sizeof(note), fmt, args);
	va_end(args);
	if (n < 0)
		return;
	for (char *c = note; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7F)
			*c = ' ';
	// a cut in the middle of a character would make the note invalid UTF-8
	note[bs_str_clip_utf8(bs_str_c(note), sizeof(note) - 5).len] = '\0';
	if (is_known(diag, note))
		return;
	if (diag->notes_count == BS_DIAG_NOTES_MAX) {
		diag->dropped_count++;
		return;
	}
	memcpy(diag->notes[diag->notes_count++], note, sizeof(note));
}
