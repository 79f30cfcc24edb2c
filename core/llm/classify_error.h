// SPDX-License-Identifier: MIT
// The table that reads a provider's error: what it means, not what it says.
#ifndef BS_LLM_CLASSIFY_ERROR_H
#define BS_LLM_CLASSIFY_ERROR_H

#include "core/llm/outcome.h"
#include "core/llm/provider.h"

struct bs_error_facts {
	int status;                       // of HTTP, or the one inside the body; 0: unknown
	const struct bs_api_error *error; // may be not present
	struct bs_str body;               // searched when there is no error object
	bool html;                        // the body is a page for people
	bool waitable;                    // there is a hint to come back within minutes
};

// *ret_parameter: `capability` names an optional parameter, not the schema mode.
enum bs_outcome bs_classify_error(const struct bs_error_facts *facts, bool *ret_parameter);

#endif
