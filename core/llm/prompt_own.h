// SPDX-License-Identifier: MIT
// Between the two halves of the prompts: templates read and checked (prompt_load.c), and filled
// (prompt.c).
#ifndef BS_LLM_PROMPT_OWN_H
#define BS_LLM_PROMPT_OWN_H

#include "core/llm/prompt.h"

enum bs_placeholder {
	BS_PLACEHOLDER_DELIMITER,
	BS_PLACEHOLDER_ERRORS,
	BS_PLACEHOLDER_EXCERPT,
	BS_PLACEHOLDER_EXIT_STATUS,
	BS_PLACEHOLDER_INPUT_LINES,
	BS_PLACEHOLDER_SCHEMA,
	BS_PLACEHOLDER_SENT,
	BS_PLACEHOLDER_SHAPE,
	BS_PLACEHOLDERS,
};

// The next "{{" from there on. SIZE_MAX: none. The name is what stands between the braces, ptr
// NULL when they are not closed.
size_t bs_placeholder_next(struct bs_str text, size_t from, struct bs_str *ret_name);
bool bs_placeholder_find(struct bs_str name, enum bs_placeholder *ret_placeholder);

#endif
