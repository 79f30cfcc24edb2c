// SPDX-License-Identifier: MIT
// The stage of a drill: the user's configuration, with loopback in the place of every provider.
#ifndef BS_DRILL_STAGE_H
#define BS_DRILL_STAGE_H

#include "core/drill/drill.h"
#include "core/fault/server.h"

// What a run is given instead of the user's own configuration and environment.
struct bs_stage {
	struct bs_config config;
	const char **environ;        // without the keys' real values
	size_t hosts_count;          // different providers' hosts; the first route's is number 0
	size_t hosts[BS_ROUTES_MAX]; // by route
};

// The routes that are drilled: the user's, or when there is none the built-in providers'.
enum bs_status bs_stage_routes(
	struct bs_drill *drill, struct bs_arena *arena, struct bs_err *err) BS_MUST_USE;

// How many different hosts the drill's routes have, and which route has which.
void bs_stage_count_hosts(const struct bs_drill *drill, struct bs_stage *stage);

// Points every provider at its fault server. alone: the first route, its first key, one try, no
// limit but the deadline, no memory: what a plain request would have come to.
enum bs_status bs_stage_set(struct bs_stage *stage, const struct bs_drill *drill,
	const struct bs_fault_server *server, const char *state_dir, bool alone,
	struct bs_arena *arena, struct bs_err *err) BS_MUST_USE;

#endif
