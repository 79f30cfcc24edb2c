// SPDX-License-Identifier: MIT
// What the two files that read scripts share.
#ifndef BS_FAULT_SCRIPT_H
#define BS_FAULT_SCRIPT_H

#include "core/fault/parts.h"

struct bs_fault_reader {
	struct bs_arena *arena;
	const char *path; // of the script
	int line_number;
};

// "300ms", "2s".
bool bs_fault_read_time(struct bs_str text, int64_t *ret_ms);
// One word of a line, with its value: "cut=300". false: it cannot be read.
bool bs_fault_word_apply(
	struct bs_fault_reader *reader, struct bs_str text, struct bs_fault_rule *rule);

#endif
