// SPDX-License-Identifier: MIT
// Why an excerpt holds what it holds: for people who write rules, and for `trim --format json`.
#ifndef BS_TEXT_EXPLANATION_H
#define BS_TEXT_EXPLANATION_H

#include "core/text/excerpt.h"

// What a line was kept for, in the order in which the budget is spent.
#define BS_KEPT_FOR(X)                                                                     \
	X(BS_KEPT_WHOLE, "whole", "the log fits")                                          \
	X(BS_KEPT_END, "end", "the end of the log")                                        \
	X(BS_KEPT_FAILURE, "failure", "a line that a rule names")                          \
	X(BS_KEPT_BLOCK, "block", "what belongs to it")                                    \
	X(BS_KEPT_COMMAND, "command", "a command that failed, and what it said last")      \
	X(BS_KEPT_LAST_WORDS, "last_words", "how it ended, and what was said just before") \
	X(BS_KEPT_HEADER, "header", "the group or command it stands in")                   \
	X(BS_KEPT_AROUND, "around", "what stood around it")                                \
	X(BS_KEPT_ODD, "odd", "unlike all that stands around it")                          \
	X(BS_KEPT_NEW, "new", "was not there when it passed")                              \
	X(BS_KEPT_REST, "rest", "room was left")

enum bs_kept_for {
	BS_KEPT_NOT, // left out
#define X(name, id, words) name,
	BS_KEPT_FOR(X)
#undef X
	BS_KEPT_FOR_COUNT
};

const char *bs_role_id(enum bs_role role);
const char *bs_kept_for_id(enum bs_kept_for kept_for);
const char *bs_kept_for_words(enum bs_kept_for kept_for);

// The parts of a score, in points; their sum decides who is served first.
#define BS_SCORE_PARTS(X)                                                                        \
	X(weight, "what its rule says of such lines")                                            \
	X(rarity, "how few lines of its shape there are")                                        \
	X(repetition, "the middle of what repeats says the same again")                          \
	X(place, "later is nearer to the failure")                                               \
	X(sameness, "a compiler's first errors before those that follow; many of one rule less") \
	X(baseline, "it was there when it passed, too")

struct bs_score {
	int total;
#define X(part, why) int part;
	BS_SCORE_PARTS(X)
#undef X
};

// What a rule said, in one block or of what was left out: its most telling line there.
struct bs_reason {
	const char *rule; // id; NULL: red lines that no rule knows
	enum bs_role role;
	uint64_t line_number;
	size_t lines; // that it spoke for, in all
	size_t rank;  // 1: the most telling of all; 0: it has no score (contexts, wrappers)
	struct bs_score score; // of a line with a rank
	const char *left_for;  // of a line that was left out: why
	struct bs_str text;    // its beginning
};

#define BS_REASONS_OF_BLOCK_MAX 4

// Lines of the excerpt that follow each other.
struct bs_block {
	uint64_t from, to; // numbers of its first and last line
	size_t bytes;
	unsigned kept_for; // a bit for each enum bs_kept_for
	size_t reasons_count;
	size_t lines_named;                                // lines of it that a rule spoke for
	struct bs_reason reasons[BS_REASONS_OF_BLOCK_MAX]; // the most telling first
};

struct bs_explanation {
	size_t bytes_max; // the budget
	struct bs_block *blocks;
	size_t blocks_count, blocks_seen;
	struct bs_reason *left_out; // of lines that are not in the excerpt, the most telling first
	size_t left_out_count;
	size_t left_out_lines; // that a rule spoke for
};

#endif
