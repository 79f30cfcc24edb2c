// SPDX-License-Identifier: MIT
// What a run would begin with: its routes, their keys, and what is remembered of both. Asks nobody
// but for AWS's credentials.
#ifndef BS_LLM_SURVEY_H
#define BS_LLM_SURVEY_H

#include "core/llm/cost.h"
#include "core/llm/health_file.h"
#include "core/llm/providers.h"

struct bs_survey_key {
	const char *name;
	const char *wrong;           // why it cannot be used: "is not set"; NULL: it can
	const char *from;            // where it was found, when it was looked for; or NULL
	struct bs_health_key health; // zeroed: nothing is remembered
};

struct bs_survey_route {
	const char *name;   // as configured, or in full when it is usable
	const char *broken; // why it can never be asked; then there is nothing below. NULL: it can
	struct bs_route route;
	struct bs_survey_key keys[BS_KEYS_MAX]; // none: no credential is sent
	size_t keys_count;
	bool has_key;  // or needs none
	bool repeated; // stands in the route before
	bool usable;   // has a key, may cost what it costs, is not repeated
	// What it may cost with as much log as is ever sent; all 0 when its price is not known.
	struct bs_cost_parts most;
	// Under a ceiling on costs: the bytes of log it is asked about at the most. SIZE_MAX: all.
	size_t affordable_bytes;
	struct bs_health_route health;  // zeroed: nothing is remembered
	struct bs_health_key anonymous; // of a route that needs no key
};

// A key that is set and that no route uses.
struct bs_survey_passed {
	const char *provider, *variable;
	const char *why;
	bool incomplete; // something is missing; false: it takes part only where it is named
};

#define BS_SURVEY_PASSED_MAX 24

struct bs_survey {
	int64_t wall_ms;            // "now" of all times in it
	const char *const *environ; // with what was looked for elsewhere
	const char *aws_from,
		*aws_trouble; // where AWS's credentials are from, or why there are none
	struct bs_survey_route routes[BS_ROUTES_MAX];
	size_t routes_count, usable_count;

	// When no route is configured.
	struct bs_survey_passed passed[BS_SURVEY_PASSED_MAX];
	size_t passed_count;

	const char *folder;                 // where it is remembered; NULL: nowhere
	const char *folder_trouble;         // why nothing new can be remembered there; NULL: it can
	int64_t retry_tenths, hedge_tenths; // what the host has left
};

// Strings live in the arena, the configuration or the environment. What is odd about the health
// file is a warning in diag, what is wrong with a route is told in it: fails for memory only.
enum bs_status bs_survey_make(const struct bs_config *config, const char *const *environ,
	int64_t wall_ms, struct bs_arena *arena, struct bs_diag *diag, struct bs_survey *ret_survey,
	struct bs_err *err) BS_MUST_USE;

// survey_passed.c: fills in what was passed over. Fails for memory only.
enum bs_status bs_survey_find_passed(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_survey *survey, struct bs_err *err) BS_MUST_USE;

#endif
