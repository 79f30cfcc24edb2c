// SPDX-License-Identifier: MIT
// core/llm wire formats: any body, any stream; bounds hold, and what is read can be classified.
//
// The first byte picks whether the rest is a body or a stream of lines (bit 1), and the wire format
// (bit 0, then bits 2 and 3).
#include <assert.h>

#include "core/config/config.h"
#include "core/llm/classify.h"
#include "core/llm/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct bs_wire *const wires[8] = {&bs_wire_openai, &bs_wire_anthropic, &bs_wire_gemini,
	&bs_wire_responses, &bs_wire_ollama, &bs_wire_bedrock, &bs_wire_responses, &bs_wire_ollama};

// "name data" lines; an empty line repeats the last event, so that sums are tried as well.
static enum bs_status feed(const struct bs_wire *wire, struct bs_reply *reply, struct bs_str text)
{
	struct bs_str line, last = {NULL, 0}, name;
	enum bs_status status = BS_OK;
	while (status == BS_OK && bs_str_split(&text, '\n', &line)) {
		if (line.len > 0)
			last = line;
		struct bs_str rest = last;
		if (rest.ptr && bs_str_split(&rest, ' ', &name))
			status = wire->read_event(reply, name, rest.ptr ? rest : name, NULL);
	}
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_arena arena;
	struct bs_reply reply;
	struct bs_api_error error;
	if (size == 0)
		return 0;
	const struct bs_wire *wire = wires[(data[0] >> 1 & 6u) | (data[0] & 1u)];
	struct bs_str text = bs_str((const char *)data + 1, size - 1);
	bs_arena_init(&arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_reply_init(&reply, &arena);
	bool stream = (data[0] & 2) && wire->read_event;
	enum bs_status status = stream ? feed(wire, &reply, text) : wire->read(&reply, text, NULL);
	assert(status == BS_OK || status == BS_LIMIT || (!stream && status == BS_FORMAT));
	assert(reply.text.len <= BS_ANSWER_BYTES_MAX);
	assert(bs_str_is_utf8(bs_buf_str(&reply.text)));
	assert(reply.content_bytes + 1 > reply.text.len);
	assert(!reply.saw_finish || reply.stop != BS_STOP_NONE);
	assert(bs_api_error_read(text, &arena, &error, NULL) == BS_OK);

	static const char *members[] = {"store: false", "x: 1"};
	const struct bs_strings own = {members, 2};
	for (int http_status = 200; http_status < 600; http_status += 50) {
		const struct bs_exchange x = {.http_status = http_status,
			.output_tokens = 4000,
			.own = &own,
			.body = text,
			.read_failed = status != BS_OK,
			.reply = &reply};
		struct bs_class c = bs_classify(&x, &arena);
		assert(c.outcome < BS_OUTCOME_COUNT);
		assert(c.retry_after_ms >= -1 && c.retry_after_ms <= BS_RETRY_AFTER_MS_MAX);
		assert(!c.parameter_refused || c.outcome == BS_OUTCOME_CAPABILITY);
		assert(c.parameter_refused || (!c.params && !c.output_tokens_max));
		assert(!(c.params & ~(unsigned)BS_PARAMS_ALL) && c.output_tokens_max <= 4000);
		struct bs_str reason = bs_str_c(c.reason);
		assert(bs_str_is_utf8(reason) && bs_str_find_char(reason, '\n') == SIZE_MAX);
		// an answer is accepted only with something in it, and only from a 2xx
		assert(c.outcome != BS_OUTCOME_OK || (http_status < 300 && reply.text.len > 0));
	}
	bs_reply_release(&reply);
	bs_arena_release(&arena);
	return 0;
}
