// SPDX-License-Identifier: MIT
// What the pipeline's step says to the plugin, also for a hook of the agent itself.
#ifndef BS_PLUGIN_LISTED_H
#define BS_PLUGIN_LISTED_H

#include "core/base/arena.h"

// The plugin's properties as JSON: BUILDKITE_PLUGIN_CONFIGURATION; where the agent's own hook runs,
// those of the first entry of BUILDKITE_PLUGINS that is this plugin. It is known by the name of its
// repository, and where it lies in the checkout by its plugin.yml. NULL: nothing is said.
const char *bs_listed_properties(const char *const *environ, struct bs_arena *arena);

#endif
