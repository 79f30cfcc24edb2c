// SPDX-License-Identifier: MIT
// The shape of a provider: a wire format as pure functions over bytes, and what a reply holds.
#ifndef BS_LLM_PROVIDER_H
#define BS_LLM_PROVIDER_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/llm/outcome.h"
#include "core/llm/param.h"
#include "core/llm/prompt.h"

struct bs_strings;

// One header of a reply. Names are compared without regard to case.
struct bs_header {
	struct bs_str name, value;
};

// The value of the first header of that name, trimmed; ptr NULL when there is none.
struct bs_str bs_header_get(const struct bs_header *headers, size_t count, const char *name);

// How a host differs from its wire format.
enum bs_quirk {
	BS_QUIRK_MAX_TOKENS = 1 << 0,        // max_tokens, not max_completion_tokens
	BS_QUIRK_STORE = 1 << 1,             // keeps requests unless told `store: false`
	BS_QUIRK_EFFORT = 1 << 2,            // reasoning_effort may be set, by model
	BS_QUIRK_NO_STREAM_OPTIONS = 1 << 3, // unknown there; the usage comes unasked
	BS_QUIRK_CACHE_KEY = 1 << 4, // takes prompt_cache_key: equal beginnings go to one cache
	BS_QUIRK_TEMPLATE = 1 << 5,  // takes chat_template_kwargs: thinking can be turned off
	BS_QUIRK_HOSTS = 1 << 6,     // hands requests on to hosts, by `provider` (OpenRouter)
	// Refuses store and prompt_cache_key unless the model is called openai/… or azure/….
	BS_QUIRK_BY_MAKER = 1 << 7,
};

// --- a request

struct bs_request {
	const char *model;
	const struct bs_prompt *prompt;
	enum bs_schema_mode mode; // one of the wire's modes
	unsigned quirks;          // enum bs_quirk
	unsigned output_tokens;   // BS_OUTPUT_TOKENS × output_scale
	bool stream;
	unsigned dropped;             // enum bs_param: left out, for the host refused them
	const struct bs_strings *own; // "name: JSON", the user's members of it; NULL: none
};

// --- a reply

// Why a model stopped. Providers' lists are open: what is not known is UNKNOWN, and then the
// answer counts if it validates.
enum bs_stop {
	BS_STOP_NONE, // nothing was said yet
	BS_STOP_COMPLETE,
	BS_STOP_TRUNCATED,
	BS_STOP_REFUSED,
	BS_STOP_FILTERED,
	BS_STOP_CONTEXT_EXCEEDED,
	BS_STOP_PROVIDER_ERROR,
	BS_STOP_UNKNOWN,
};

// An error object, wherever it stood and whatever its shape. Slices live in the arena; ptr NULL:
// not said.
struct bs_api_error {
	bool present;
	struct bs_str type, code, message, param, request_id;
	struct bs_str detail; // the finer code some send beside: error.details.error_code, …
	struct bs_str raw;    // what the host behind a gateway said, as it came
	struct bs_str host_message; // … and what of it is for people
	int status;                 // an HTTP status inside the body, 0: none
	int64_t retry_ms;           // a hint in the body, -1: none
};

// Reads the error out of any body: JSON of any of the shapes in use. present stays false when the
// body holds none. Fails only for memory.
enum bs_status bs_api_error_read(struct bs_str body, struct bs_arena *arena,
	struct bs_api_error *ret_error, struct bs_err *err) BS_MUST_USE;

struct bs_usage {
	uint64_t input_tokens, output_tokens;   // input includes the next two
	uint64_t cached_tokens, written_tokens; // read from a cache, written to one
	struct bs_cost cost;                    // where the provider says it itself
};

struct bs_reply {
	struct bs_arena *arena; // of the attempt
	enum bs_stop stop;
	struct bs_buf text;    // the answer, whether it came as text or as a tool's arguments
	struct bs_buf refusal; // what the model said instead
	struct bs_usage usage;
	bool from_tool;      // text is a tool's arguments: what was said beside them is dropped
	struct bs_str model; // who says it answered
	struct bs_str id;    // the provider's name for this reply, where headers have none
	struct bs_api_error error;
	bool saw_finish;         // a stop reason came
	bool saw_sentinel;       // "[DONE]", message_stop
	uint64_t content_bytes;  // of text and refusal so far: above 0 the first token is there
	uint64_t thinking_bytes; // of reasoning shown before the answer
	size_t skipped_events;   // malformed ones
};

void bs_reply_init(struct bs_reply *reply, struct bs_arena *arena);
// Accepts NULL and a zeroed reply.
void bs_reply_release(struct bs_reply *reply);

// --- a wire format

struct bs_wire_header {
	const char *name, *value;
};

// How a stream is cut into events.
enum bs_framing {
	BS_FRAMING_EVENTS, // server-sent events
	BS_FRAMING_LINES,  // a JSON text a line
	BS_FRAMING_FRAMES, // AWS's binary messages
};

struct bs_wire {
	const char *name; // "openai": what `api:` in a configuration says
	// After the base URL; {model} stands for the model's name, percent-encoded. For a stream
	// the second, where there is one.
	const char *path, *stream_path;
	const char *key_header; // "Authorization"
	const char *key_prefix; // "Bearer "
	enum bs_framing framing;
	unsigned modes;                   // bit set: 1 << enum bs_schema_mode
	struct bs_wire_header headers[3]; // beside Content-Type; ends with a NULL name

	// Which members that a host may refuse and can do without the request holds, but for those
	// dropped: bits of enum bs_param.
	unsigned (*params)(const struct bs_request *request);
	// The body of a request. Fails for memory and for BS_REQUEST_BYTES_MAX.
	enum bs_status (*build)(
		const struct bs_request *request, struct bs_buf *out, struct bs_err *err);
	// A whole body of a 2xx. BS_FORMAT: not JSON or not of this format at all.
	enum bs_status (*read)(struct bs_reply *reply, struct bs_str body, struct bs_err *err);
	// One event of a stream; `event` may be empty. A malformed one is counted and skipped; an
	// error object fills reply->error. BS_LIMIT: the answer grew past BS_ANSWER_BYTES_MAX.
	// NULL: never streamed.
	enum bs_status (*read_event)(struct bs_reply *reply, struct bs_str event,
		struct bs_str data, struct bs_err *err);
	// Does the count of tokens say that the host left out a part of the request of that size
	// without a word? NULL: hosts of this format do not.
	bool (*was_cut)(size_t request_bytes, const struct bs_usage *usage);
};

// --- the wire formats
#define BS_WIRES(X)                                                                     \
	X(bs_wire_openai)    /* OpenAI's chat completions, and whoever imitates them */ \
	X(bs_wire_responses) /* OpenAI's Responses */                                   \
	X(bs_wire_anthropic) /* Anthropic's messages */                                 \
	X(bs_wire_gemini)    /* Google's generateContent */                             \
	X(bs_wire_ollama)    /* Ollama's own chat */                                    \
	X(bs_wire_bedrock)   /* AWS Bedrock's Converse */

#define X(wire) extern const struct bs_wire wire;
BS_WIRES(X)
#undef X

#endif
