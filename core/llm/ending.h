// SPDX-License-Identifier: MIT
// How a command ended, as far as anybody knows, and what that says about the cause.
#ifndef BS_LLM_ENDING_H
#define BS_LLM_ENDING_H

#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/category.h"

#define BS_STATUS_OF_SIGNAL 128 // added to its number by shells (POSIX: greater than 128)

enum bs_failed {
	BS_FAILED_COMMAND,
	BS_FAILED_BEFORE, // the command never ran
	BS_FAILED_AFTER,  // the command passed; exit_status is that of what failed then
};

struct bs_ending {
	int exit_status;  // -1: unknown; BS_STATUS_OF_SIGNAL and its number: ended by a signal
	bool by_signal;   // ended by one, whether or not exit_status tells which
	bool timed_out;   // the job's time was up; what the status says follows from that
	int64_t limit_ms; // that time; 0: not told
	enum bs_failed failed;
};

// What the ending alone says; BS_CATEGORY_UNKNOWN: nothing.
enum bs_category bs_ending_category(const struct bs_ending *ending);

// Does the ending say more than a cause of this category that the log shows? A program whose tests
// fail ends by itself: one that was killed did not end for them.
bool bs_ending_outweighs(const struct bs_ending *ending, enum bs_category cause);

// A summary of this category contradicts the ending. NULL: it does not; else why, for the model.
const char *bs_ending_contradicts(const struct bs_ending *ending, enum bs_category category);

// "exit status 137 (killed, SIGKILL: mostly out of memory)", after "The command ended with".
void bs_ending_put_facts(const struct bs_ending *ending, struct bs_buf *out);

// "The command was killed by signal 9 (SIGKILL: mostly out of memory)", without a full stop.
// Nothing when nothing is known.
void bs_ending_put_sentence(const struct bs_ending *ending, struct bs_buf *out);

#endif
