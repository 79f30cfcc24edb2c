// SPDX-License-Identifier: MIT
// Which job of its step this is, as far as the step's other jobs can differ from it.
//
// Jobs of a matrix have one key and one step id. No variable names the cell; but its values may be
// interpolated into label, command, plugins, environment and the tags of agents, and nowhere else
// (Buildkite's documentation, "build matrix"), and a retry is sent the same again.
#ifndef BS_PLUGIN_CELL_H
#define BS_PLUGIN_CELL_H

#include <stdint.h>

#include "core/base/arena.h"

// A hash of those. Not for secrets: the build page shows whoever sees an annotation the same
// environment. What cannot be read does not count.
uint32_t bs_cell(const char *const *environ, struct bs_arena *arena);

#endif
