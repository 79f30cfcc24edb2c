// SPDX-License-Identifier: MIT
// How long the hook may take: the deadline of the settings, and what the job itself has left.
#ifndef BS_PLUGIN_BUDGET_H
#define BS_PLUGIN_BUDGET_H

#include "plugin/job.h"

// Milliseconds from now. A job that timed out leaves its hooks the agent's grace period; one with a
// time-out still ahead must end before that, hooks included; no job outlasts plugin/run.sh. Never
// less than what a local summary takes. wall_ms: now, since 1970.
int64_t bs_budget_ms(const struct bs_job *job, int64_t deadline_ms, int64_t wall_ms);

#endif
