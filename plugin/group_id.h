// SPDX-License-Identifier: MIT
// Which jobs of a build failed for the same reason: equal ids, as far as logs and endings tell.
#ifndef BS_PLUGIN_GROUP_ID_H
#define BS_PLUGIN_GROUP_ID_H

#include "core/llm/ending.h"
#include "core/text/excerpt.h"
#include "plugin/job.h"

struct bs_group_id {
	const char *id;   // sixteen hex digits; NULL: nothing says what this job failed for
	const char *said; // for people, where it differs: the test that met what they share; where
			  // no rule saw a cause, the log's last line. Else NULL
};

// Where rules saw a cause, that is the reason. Where none did, jobs of one step failed alike when
// they ended with one status and their last words are the same, but for what changes from run to
// run; and those that were killed did whatever they were just doing. Strings live in the arena.
struct bs_group_id bs_group_id(const struct bs_job *job, const struct bs_ending *ending,
	const struct bs_excerpt *excerpt, struct bs_arena *arena);

#endif
