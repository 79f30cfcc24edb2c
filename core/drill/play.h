// SPDX-License-Identifier: MIT
// One scenario of a drill, played: fault servers, and runs against them one after the other.
#ifndef BS_DRILL_PLAY_H
#define BS_DRILL_PLAY_H

#include "core/drill/drill.h"

// Plays result->scenario in this process and fills the result as far as it gets: result->alone
// when `alone`, else the runs. The caller gave it a process of its own, and bounds its time.
enum bs_status bs_drill_play_scenario(const struct bs_drill *drill, struct bs_drill_result *result,
	bool alone, struct bs_err *err) BS_MUST_USE;

// How long a scenario may take at the most.
int64_t bs_drill_scenario_ms_max(
	const struct bs_drill *drill, const struct bs_drill_result *result);

#endif
