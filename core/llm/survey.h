// SPDX-License-Identifier: MIT
// What a run would begin with: its routes, their keys, and what is remembered of both. Asks nobody.
#ifndef BS_LLM_SURVEY_H
#define BS_LLM_SURVEY_H

#include "core/llm/health_file.h"
#include "core/llm/providers.h"

struct bs_survey_key {
	const char *name;
	const char *wrong;           // why it cannot be used: "is not set"; NULL: it can
	struct bs_health_key health; // zeroed: nothing is remembered
};

struct bs_survey_route {
	const char *name;   // as configured, or in full when it is usable
	const char *broken; // why it can never be asked; then there is nothing below. NULL: it can
	struct bs_route route;
	struct bs_survey_key keys[BS_KEYS_MAX]; // none: no credential is sent
	size_t keys_count;
	bool usable;                    // has a key, or needs none
	struct bs_health_route health;  // zeroed: nothing is remembered
	struct bs_health_key anonymous; // of a route that needs no key
};

struct bs_survey {
	int64_t wall_ms; // "now" of all times in it
	struct bs_survey_route routes[BS_ROUTES_MAX];
	size_t routes_count, usable_count;

	const char *folder;                 // where it is remembered; NULL: nowhere
	const char *folder_trouble;         // why nothing new can be remembered there; NULL: it can
	int64_t retry_tenths, hedge_tenths; // what the host has left
};

// Strings live in the arena, the configuration or the environment. What is odd about the health
// file is a warning in diag, what is wrong with a route is told in it: fails for memory only.
enum bs_status bs_survey_make(const struct bs_config *config, const char *const *environ,
	int64_t wall_ms, struct bs_arena *arena, struct bs_diag *diag, struct bs_survey *ret_survey,
	struct bs_err *err) BS_MUST_USE;

#endif
