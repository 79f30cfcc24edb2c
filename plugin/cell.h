// SPDX-License-Identifier: MIT
// Which job of its step this is, as far as the step's other jobs can differ from it.
//
// Jobs of a matrix have one key and one step id. No variable names the cell; but its values may be
// interpolated into label, command, plugins, environment and the tags of agents, and nowhere else
// (Buildkite's documentation, "build matrix"), and a retry is sent the same again, but for what
// tracing, credentials and clocks add.
#ifndef BS_PLUGIN_CELL_H
#define BS_PLUGIN_CELL_H

#include <stdint.h>

#include "core/base/arena.h"

struct bs_cell {
	uint32_t shown; // a hash of label, command, plugins and queue
	uint32_t all;   // of those and what else was sent, without what changes between attempts
	bool is_known;  // false: the agent's file could not be read, and `all` is no more than
			// `shown`
};

// Not for secrets: the build page shows whoever sees an annotation the same environment. What
// cannot be read does not count.
struct bs_cell bs_cell(const char *const *environ, struct bs_arena *arena);

#endif
