// SPDX-License-Identifier: MIT
// THE table of what can go wrong: one row is a name, a sentence, and a line of fault script.
#ifndef BS_DRILL_SCENARIO_H
#define BS_DRILL_SCENARIO_H

#include "core/base/arena.h"
#include "core/base/buf.h"

// Lines are those of core/fault's scripts: "* status=503".
struct bs_drill_scenario {
	const char *name;  // "hard-503"
	const char *about; // what the providers do, as one clause
	const char
		*first; // what the first provider of the route gets; NULL: nothing is wrong with it
	const char *others;       // what all others get; NULL: nothing is wrong with them
	const char *first_server; // words of the first one's `server` line: "refuse"
	int64_t outage_ms; // only so long; then one run a second, until the first provider answers
			   // again. 0: for ever
};

// By index from 0; NULL after the last.
const struct bs_drill_scenario *bs_drill_scenario_at(size_t index);

// The scenario that a user's text names: a name of the table, or "NAME=SCRIPT LINE", which does to
// the first provider what the line says. BS_USAGE names the nearest known one.
enum bs_status bs_drill_scenario_find(struct bs_str text, struct bs_arena *arena,
	const struct bs_drill_scenario **ret_scenario, struct bs_err *err) BS_MUST_USE;

// The script of fault servers "p0", "p1" …, one for each host of a route.
void bs_drill_scenario_script(const struct bs_drill_scenario *scenario, size_t hosts_count,
	int64_t latency_ms, struct bs_buf *out);

#endif
