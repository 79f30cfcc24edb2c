// SPDX-License-Identifier: MIT
// OpenAI Responses, as the provider speaks them.
#include "core/fault/wire.h"

#define USAGE "\"usage\":{\"input_tokens\":100,\"output_tokens\":50,\"total_tokens\":150}"
#define HEAD "{\"id\":\"resp_fault\",\"object\":\"response\",\"created_at\":1,\"model\":\"fault\","

// The status, and the reason of one that is not complete. A refusal stops as if all were well.
static const struct {
	const char *event, *state;
} stops[] = {
	[BS_FAULT_STOP_END] = {"response.completed", "\"status\":\"completed\""},
	[BS_FAULT_STOP_TOOL] = {"response.completed", "\"status\":\"completed\""},
	[BS_FAULT_STOP_LENGTH] = {"response.incomplete",
		"\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}"},
	[BS_FAULT_STOP_FILTER] = {"response.incomplete",
		"\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"content_filter\"}"},
	[BS_FAULT_STOP_REFUSAL] = {"response.completed", "\"status\":\"completed\""},
};

// The one item of the output that holds the answer.
static void put_item(const struct bs_fault_said *said, struct bs_buf *out)
{
	if (said->manner == BS_FAULT_MANNER_TOOL) {
		bs_buf_addf(out,
			"{\"type\":\"function_call\",\"id\":\"fc_fault\",\"call_id\":\"call_fault\","
			"\"name\":\"%.*s\",\"status\":\"completed\",\"arguments\":",
			BS_FMT(said->tool));
		bs_fault_put_text(out, said->text);
	} else if (said->manner == BS_FAULT_MANNER_THOUGHTS) {
		bs_buf_add_c(out, "{\"type\":\"reasoning\",\"id\":\"rs_fault\",\"summary\":[]");
	} else {
		bool refused = said->manner == BS_FAULT_MANNER_REFUSAL;
		bs_buf_addf(out,
			"{\"type\":\"message\",\"id\":\"msg_fault\",\"role\":\"assistant\","
			"\"status\":\"completed\",\"content\":[{\"type\":\"%s\",%s\"%s\":",
			refused ? "refusal" : "output_text", refused ? "" : "\"annotations\":[],",
			refused ? "refusal" : "text");
		bs_fault_put_text(out, said->text);
		bs_buf_add_c(out, "}]");
	}
	bs_buf_add_c(out, "}");
}

static void put_response(const struct bs_fault_said *said, struct bs_buf *out)
{
	bs_buf_addf(out, HEAD "%s,\"error\":null,\"output\":[", stops[said->stop].state);
	put_item(said, out);
	bs_buf_add_c(out, "]," USAGE "}");
}

static void begin(const struct bs_fault_said *said, struct bs_fault_events *out)
{
	(void)said;
	bs_fault_put_event(out, "response.created",
		BS_LIT("{\"type\":\"response.created\",\"sequence_number\":0,\"response\":" HEAD
		       "\"status\":\"in_progress\",\"error\":null,\"output\":[]}}"));
}

static void delta(enum bs_fault_manner manner, struct bs_str text, struct bs_buf *out)
{
	static const char *const types[] = {
		[BS_FAULT_MANNER_TEXT] = "response.output_text.delta",
		[BS_FAULT_MANNER_TOOL] = "response.function_call_arguments.delta",
		[BS_FAULT_MANNER_REFUSAL] = "response.refusal.delta",
		[BS_FAULT_MANNER_THOUGHTS] = "response.reasoning_text.delta",
	};
	bs_buf_addf(out, "{\"type\":\"%s\",\"item_id\":\"msg_fault\",\"output_index\":0,\"delta\":",
		types[manner]);
	bs_fault_put_text(out, text);
	bs_buf_add_c(out, "}");
}

// Without the last event there is no word of the end: it is the sentinel and the stop in one.
static void end(const struct bs_fault_said *said, bool sentinel, struct bs_fault_events *out)
{
	struct bs_buf data;
	if (!sentinel)
		return;
	bs_buf_init(&data, BS_FAULT_REPLY_BYTES_MAX);
	bs_buf_addf(&data,
		"{\"type\":\"%s\",\"sequence_number\":9,\"response\":", stops[said->stop].event);
	put_response(said, &data);
	bs_buf_add_c(&data, "}");
	bs_fault_put_event(out, stops[said->stop].event, bs_buf_str(&data));
	bs_buf_release(&data);
}

// In a stream the error is the event itself.
static void error(const struct bs_fault_error *error, struct bs_buf *out)
{
	struct bs_str code = error->code.ptr      ? error->code
			     : error->openai_code ? bs_str_c(error->openai_code)
						  : bs_str_c(error->openai_type);
	if (!error->in_stream) {
		bs_fault_wire_openai.error(error, out);
		return;
	}
	bs_buf_add_c(out, "{\"type\":\"error\"");
	bs_fault_put_member(out, "code", code);
	bs_fault_put_member(out, "message", error->message);
	bs_buf_add_c(out, ",\"param\":null,\"sequence_number\":5}");
}

const struct bs_fault_wire bs_fault_wire_responses = {
	.path_part = "/responses",
	.whole = put_response,
	.begin = begin,
	.delta = delta,
	.end = end,
	.error = error,
	.error_event = "error",
};
