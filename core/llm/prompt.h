// SPDX-License-Identifier: MIT
// Prompt templates (prompts/, or the folder of the setting `prompts`) → the messages of a request.
#ifndef BS_LLM_PROMPT_H
#define BS_LLM_PROMPT_H

#include "core/base/arena.h"
#include "core/llm/ending.h"
#include "core/llm/outcome.h"
#include "core/text/excerpt.h"

// Families of models that want to be told in their own way.
enum bs_family {
	BS_FAMILY_COMMON,
	BS_FAMILY_CLAUDE, // reads tags better than rulers
	BS_FAMILY_SMALL,  // a few billion parameters: short rules, one thing each
	BS_FAMILY_BRIEF,  // no models: as little as a summary can be asked for with (check --live)
	BS_FAMILY_COUNT
};

// Templates, checked: every {{placeholder}} in them is known and closed.
struct bs_templates {
	struct bs_str system; // system.md; system.claude.md for the family, and so on
	struct bs_str user;   // user.md
	struct bs_str shape;  // shape.md: the schema in words, where no mode holds the model to it
	struct bs_str reask;  // reask.md
};

struct bs_prompts {
	struct bs_templates of[BS_FAMILY_COUNT];
};

// folder NULL: the embedded ones; a file missing in folder is taken from them. BS_USAGE names
// "file:line:column: what" of a bad placeholder.
enum bs_status bs_prompts_load(const char *folder, struct bs_arena *arena,
	struct bs_prompts *ret_prompts, struct bs_err *err) BS_MUST_USE;

// What one request is about.
struct bs_prompt_input {
	const struct bs_excerpt *excerpt;
	struct bs_ending ending;
	enum bs_schema_mode mode;
	enum bs_family family;
	bool tell_shape;   // in every mode: the host shows the model no schema
	uint64_t nonce[2]; // random, of this run: marks where the log begins and ends
	// For a re-ask, both from the answer that was refused; otherwise empty.
	struct bs_str last_answer, errors;
};

struct bs_message {
	bool from_model;
	struct bs_str text;
};

#define BS_MESSAGES_MAX 3 // question; or question, refused answer, its errors

struct bs_prompt {
	struct bs_str system;
	struct bs_message messages[BS_MESSAGES_MAX]; // begins and ends with a message of ours
	size_t messages_count;
};

enum bs_status bs_prompt_build(const struct bs_prompts *prompts,
	const struct bs_prompt_input *input, struct bs_arena *arena, struct bs_prompt *ret_prompt,
	struct bs_err *err) BS_MUST_USE;

#endif
