// SPDX-License-Identifier: MIT
// What the two files that read scripts share.
#ifndef FAULT_SCRIPT_H
#define FAULT_SCRIPT_H

#include "tests/exchange/server/parts.h"

struct fault_reader {
	struct bs_arena *arena;
	const char *path; // of the script
	int line_number;
};

// "300ms", "2s".
bool fault_read_time(struct bs_str text, int64_t *ret_ms);
// One word of a line, with its value: "cut=300". false: it cannot be read.
bool fault_word_apply(struct fault_reader *reader, struct bs_str text, struct fault_rule *rule);

#endif
