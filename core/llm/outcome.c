// SPDX-License-Identifier: MIT
// The names of how an attempt ended, and of the ways to make an answer fit the schema.
#include "core/llm/outcome.h"

#include <assert.h>

const char *bs_outcome_id(enum bs_outcome outcome)
{
	static const char *const ids[] = {
#define X(name, id) [name] = (id),
		BS_OUTCOMES(X)
#undef X
	};
	assert(outcome < BS_OUTCOME_COUNT);
	return ids[outcome];
}

const char *bs_schema_mode_id(enum bs_schema_mode mode)
{
	static const char *const ids[] = {
#define X(name, id) [name] = (id),
		BS_SCHEMA_MODES(X)
#undef X
	};
	assert(mode < BS_SCHEMA_MODE_COUNT);
	return ids[mode];
}
