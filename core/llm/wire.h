// SPDX-License-Identifier: MIT
// What the wire formats share: small readers that take whatever a provider sends.
#ifndef BS_LLM_WIRE_H
#define BS_LLM_WIRE_H

#include "core/ext/json.h"
#include "core/llm/provider.h"

// The name of the schema, and of the tool that takes it.
#define BS_WIRE_SCHEMA_NAME "ci_summary"
#define BS_WIRE_TOOL_ABOUT "Hands in the summary of the failed build."
// Requests of all runs begin alike (system prompt, schema): they may share a cache.
#define BS_WIRE_CACHE_KEY "buildsum-1"

// One spelling of a stop reason; tables end with a NULL word.
struct bs_wire_stop {
	const char *word;
	enum bs_stop stop;
};

// Takes a stop reason unless a refusal was seen already; what is in no row is UNKNOWN.
void bs_wire_stop(struct bs_reply *reply, const struct bs_wire_stop *table, struct bs_str word);

// Appends to the answer, to the arguments of the tool that replace it, to the refusal.
void bs_wire_add_text(struct bs_reply *reply, struct bs_str text);
void bs_wire_add_arguments(struct bs_reply *reply, struct bs_str text);
void bs_wire_add_refusal(struct bs_reply *reply, struct bs_str text);
// The same for the JSON object of a tool's arguments.
void bs_wire_add_object(struct bs_reply *reply, const struct bs_json *object);

// Keeps the model's own name for itself; the first that is said counts.
enum bs_status bs_wire_model(
	struct bs_reply *reply, struct bs_str model, struct bs_err *err) BS_MUST_USE;

// Parses a whole body, or one event, and hands it to `take`. A malformed event is counted and
// skipped; a malformed body is BS_FORMAT.
enum bs_status bs_wire_whole(struct bs_reply *reply, struct bs_str body,
	enum bs_status (*take)(struct bs_reply *, const struct bs_json *, struct bs_err *),
	struct bs_err *err) BS_MUST_USE;
enum bs_status bs_wire_event(struct bs_reply *reply, struct bs_str data,
	enum bs_status (*take)(struct bs_reply *, const struct bs_json *, struct bs_err *),
	struct bs_err *err) BS_MUST_USE;

// "key": "value".
void bs_wire_pair(struct bs_json_writer *w, const char *key, const char *value);

// `params` (enum bs_param) without those dropped, and those that the user's own members replace.
unsigned bs_wire_params(const struct bs_request *request, unsigned params);
// Is there a member of the user's of that name?
bool bs_wire_has_own(const struct bs_request *request, const char *name);
// The user's own members, into an open object.
void bs_wire_put_own(struct bs_json_writer *w, const struct bs_request *request);

// A count of tokens; null, negative, absent or a string changes nothing.
void bs_wire_tokens(const struct bs_json *count, uint64_t *tokens);

// BS_OK unless the answer went over its ceiling or memory ran out.
enum bs_status bs_wire_status(const struct bs_reply *reply, struct bs_err *err) BS_MUST_USE;

// The error in a parsed body, as bs_api_error_read; leaves *error alone when there is none.
enum bs_status bs_api_error_take(const struct bs_json *root, struct bs_arena *arena,
	struct bs_api_error *error, struct bs_err *err) BS_MUST_USE;

#endif
