// SPDX-License-Identifier: MIT
// Summaries of models kept on this host, so that a retry that fails alike asks nobody.
//
// Nothing here fails a run: what cannot be read is not there, what cannot be written is lost.
#ifndef BS_PLUGIN_CACHE_H
#define BS_PLUGIN_CACHE_H

#include "core/config/config.h"
#include "core/report/kept.h"

#define BS_CACHE_KEY_BYTES 34 // two hashes of 16 hex digits, a dash, the end

// The failure's id, and the excerpt's lines without what changes from run to run.
void bs_cache_key(const struct bs_excerpt *excerpt, char key[BS_CACHE_KEY_BYTES]);

// wall_ms: now, since 1970. False: there is none that is young enough.
bool bs_cache_find(const struct bs_config *config, const char *const *environ, const char *key,
	int64_t wall_ms, struct bs_arena *arena, struct bs_kept *ret_kept) BS_MUST_USE;

// Adds one in place of an older one; the oldest go when there are too many.
void bs_cache_add(const struct bs_config *config, const char *const *environ, const char *key,
	const struct bs_kept *kept, struct bs_arena *arena, struct bs_diag *diag);

#endif
