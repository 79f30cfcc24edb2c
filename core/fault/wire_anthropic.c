// SPDX-License-Identifier: MIT
// Anthropic messages, as the provider speaks them.
#include "core/fault/wire.h"

static const char *const stops[] = {"end_turn", "tool_use", "max_tokens", "refusal", "refusal"};

static void whole(const struct bs_fault_said *said, struct bs_buf *out)
{
	bs_buf_add_c(out, "{\"id\":\"msg_fault\",\"type\":\"message\",\"role\":\"assistant\","
			  "\"model\":\"fault\",\"content\":[");
	bool object = said->text.len && said->text.ptr[0] == '{' &&
		      said->text.ptr[said->text.len - 1] == '}';
	if (said->manner == BS_FAULT_MANNER_TOOL && object) {
		bs_buf_addf(out,
			"{\"type\":\"tool_use\",\"id\":\"toolu_fault\",\"name\":\"%.*s\",\"input\":"
			"%.*s}",
			BS_FMT(said->tool), BS_FMT(said->text));
	} else if (said->manner == BS_FAULT_MANNER_THOUGHTS) {
		bs_buf_add_c(out, "{\"type\":\"thinking\",\"thinking\":");
		bs_fault_put_text(out, said->text);
		bs_buf_add_c(out, "}");
	} else if (said->text.len) {
		bs_buf_add_c(out, "{\"type\":\"text\",\"text\":");
		bs_fault_put_text(out, said->text);
		bs_buf_add_c(out, "}");
	}
	bs_buf_addf(out,
		"],\"stop_reason\":\"%s\",\"stop_sequence\":null,"
		"\"usage\":{\"input_tokens\":100,\"output_tokens\":50}}",
		stops[said->stop]);
}

static void begin(const struct bs_fault_said *said, struct bs_fault_events *out)
{
	char block[400], data[500];
	snprintf(block, sizeof(block), "{\"type\":\"text\",\"text\":\"\"}");
	if (said->manner == BS_FAULT_MANNER_THOUGHTS)
		snprintf(block, sizeof(block), "{\"type\":\"thinking\",\"thinking\":\"\"}");
	if (said->manner == BS_FAULT_MANNER_TOOL)
		snprintf(block, sizeof(block),
			"{\"type\":\"tool_use\",\"id\":\"toolu_fault\",\"name\":\"%.*s\",\"input\":{}}",
			BS_FMT(said->tool));
	snprintf(data, sizeof(data),
		"{\"type\":\"content_block_start\",\"index\":0,\"content_block\":%s}", block);
	bs_fault_put_event(out, "message_start",
		BS_LIT("{\"type\":\"message_start\",\"message\":{\"id\":\"msg_fault\","
		       "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"fault\",\"content\":[],"
		       "\"stop_reason\":null,\"usage\":{\"input_tokens\":100,\"output_tokens\":1}}}"));
	bs_fault_put_event(out, "content_block_start", bs_str_c(data));
	bs_fault_put_event(out, "ping", BS_LIT("{\"type\":\"ping\"}"));
}

static void delta(enum bs_fault_manner manner, struct bs_str text, struct bs_buf *out)
{
	static const struct {
		const char *type, *field;
	} kinds[] = {
		[BS_FAULT_MANNER_TEXT] = {"text_delta", "text"},
		[BS_FAULT_MANNER_TOOL] = {"input_json_delta", "partial_json"},
		[BS_FAULT_MANNER_REFUSAL] = {"text_delta", "text"},
		[BS_FAULT_MANNER_THOUGHTS] = {"thinking_delta", "thinking"},
	};
	bs_buf_addf(out,
		"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"%s\",\"%s\":",
		kinds[manner].type, kinds[manner].field);
	bs_fault_put_text(out, text);
	bs_buf_add_c(out, "}}");
}

static void end(const struct bs_fault_said *said, bool sentinel, struct bs_fault_events *out)
{
	char data[300];
	bs_fault_put_event(
		out, "content_block_stop", BS_LIT("{\"type\":\"content_block_stop\",\"index\":0}"));
	snprintf(data, sizeof(data),
		"{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"%s\","
		"\"stop_sequence\":null},\"usage\":{\"output_tokens\":50}}",
		stops[said->stop]);
	bs_fault_put_event(out, "message_delta", bs_str_c(data));
	if (sentinel)
		bs_fault_put_event(out, "message_stop", BS_LIT("{\"type\":\"message_stop\"}"));
}

static void error(const struct bs_fault_error *error, struct bs_buf *out)
{
	struct bs_str type = error->type.ptr ? error->type : bs_str_c(error->anthropic_type);
	bs_buf_add_c(out, "{\"type\":\"error\",\"error\":{\"type\":");
	bs_fault_put_text(out, type);
	bs_fault_put_member(out, "message", error->message);
	if (error->code.ptr) {
		bs_buf_add_c(out, ",\"details\":{\"error_code\":");
		bs_fault_put_text(out, error->code);
		bs_buf_add_c(out, "}");
	}
	bs_buf_add_c(out, "},\"request_id\":\"req_fault\"}");
}

const struct bs_fault_wire bs_fault_wire_anthropic = {
	.path_part = "/messages",
	.whole = whole,
	.begin = begin,
	.delta = delta,
	.delta_event = "content_block_delta",
	.end = end,
	.error = error,
	.error_event = "error",
	.ping = "ping",
};
