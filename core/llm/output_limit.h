// SPDX-License-Identifier: MIT
// How many output tokens a host allows, read from its refusal of a request that asked for more.
#ifndef BS_LLM_OUTPUT_LIMIT_H
#define BS_LLM_OUTPUT_LIMIT_H

#include "core/base/str.h"

struct bs_output_limit {
	bool about; // the sentence is about the size of the answer; else the rest is zeroed
	// What to ask for instead: fewer than were asked for, or as many when fewer are of no use.
	unsigned tokens;
	bool no_room; // the input leaves too little of the window for an answer
};

// `asked`: the tokens that the refused request asked for. What names no number is met with half.
struct bs_output_limit bs_output_limit_read(struct bs_str sentence, unsigned asked);

#endif
