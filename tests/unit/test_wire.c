// SPDX-License-Identifier: MIT
// core/llm/wire: the user's own members in the bodies of every wire format.
#include "tests/unit/wired.h"

#include <stdio.h>

#include "core/config/config.h"
#include "core/llm/wire.h"

static void own_members_stand_in_every_body(void **state)
{
	struct wired *f = *state;
	static const char *members[] = {"x: {\"y\":[1,null]}", "seed:7", "z: null"};
	const struct bs_strings own = {members, 3};
#define X(wire) &(wire),
	static const struct bs_wire *const wires[] = {BS_WIRES(X)};
#undef X
	for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++)
		for (unsigned mode = 0; mode < BS_SCHEMA_MODE_COUNT; mode++) {
			struct bs_request request = {.model = "m",
				.prompt = &wired_prompt,
				.mode = (enum bs_schema_mode)mode,
				.output_tokens = 4000};
			if (!(wires[i]->modes & 1u << mode))
				continue;
			size_t without = bs_json_count(wired_build(f, wires[i], &request));
			request.own = &own;
			const struct bs_json *json = wired_build(f, wires[i], &request);
			assert_int_equal(bs_json_count(json), without + 2);
			wired_number_is(json, "x/y/0", 1);
			wired_number_is(json, "seed", 7);
		}
}

// Each of the user's replaces ours, or takes it away.
static void own_members_replace_ours(void **state)
{
	struct wired *f = *state;
	static const struct {
		const struct bs_wire *wire;
		const char *model, *name, *gone;
		unsigned param;
	} rows[] = {
		{&bs_wire_openai, "gpt-6-luna", "store", "store", BS_PARAM_STORE},
		{&bs_wire_openai, "gpt-6-luna", "prompt_cache_key", "prompt_cache_key",
			BS_PARAM_CACHE_KEY},
		{&bs_wire_openai, "gpt-6-luna", "reasoning_effort", "reasoning_effort",
			BS_PARAM_EFFORT},
		{&bs_wire_openai, "gpt-6-luna", "reasoning", "reasoning_effort", BS_PARAM_EFFORT},
		{&bs_wire_openai, "m", "chat_template_kwargs", "chat_template_kwargs",
			BS_PARAM_TEMPLATE},
		{&bs_wire_openai, "m", "stream_options", "stream_options", BS_PARAM_STREAM_OPTIONS},
		{&bs_wire_openai, "m", "provider", "provider", 0},
		{&bs_wire_responses, "gpt-6-luna", "store", "store", 0},
		{&bs_wire_responses, "gpt-6-luna", "reasoning", "reasoning", BS_PARAM_EFFORT},
		{&bs_wire_anthropic, "claude-haiku-5-5", "thinking", "thinking", BS_PARAM_EFFORT},
		{&bs_wire_ollama, "qwen3", "think", "think", BS_PARAM_EFFORT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[60], nothing[60];
		const char *members[] = {text};
		const struct bs_strings own = {members, 1};
		struct bs_request request = {.model = rows[i].model,
			.prompt = &wired_prompt,
			.mode = BS_SCHEMA_PROMPT,
			.quirks = 0xFF & ~(unsigned)BS_QUIRK_NO_STREAM_OPTIONS,
			.stream = true,
			.output_tokens = 4000};
		(void)snprintf(text, sizeof(text), "%s: 12345", rows[i].name);
		(void)snprintf(nothing, sizeof(nothing), "%s: null", rows[i].name);
		unsigned before = rows[i].wire->params(&request);
		assert_non_null(wired_at(wired_build(f, rows[i].wire, &request), rows[i].gone));
		request.own = &own;
		assert_int_equal(rows[i].wire->params(&request), before & ~rows[i].param);
		const struct bs_json *json = wired_build(f, rows[i].wire, &request);
		wired_number_is(json, rows[i].name, 12345);
		members[0] = nothing;
		json = wired_build(f, rows[i].wire, &request);
		assert_null(wired_at(json, rows[i].gone));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRED(own_members_stand_in_every_body),
		WIRED(own_members_replace_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
