// SPDX-License-Identifier: MIT
// AWS Bedrock's Converse, as the provider speaks it.
#include "core/fault/wire.h"

static const char *const stops[] = {
	"end_turn", "tool_use", "max_tokens", "content_filtered", "refusal"};

static void whole(const struct bs_fault_said *said, struct bs_buf *out)
{
	bool object = said->text.len && said->text.ptr[0] == '{' &&
		      said->text.ptr[said->text.len - 1] == '}';
	bs_buf_add_c(out, "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[");
	if (said->manner == BS_FAULT_MANNER_TOOL && object) {
		bs_buf_addf(out,
			"{\"toolUse\":{\"toolUseId\":\"tooluse_fault\",\"name\":\"%.*s\",\"input\":"
			"%.*s}}",
			BS_FMT(said->tool), BS_FMT(said->text));
	} else if (said->manner == BS_FAULT_MANNER_THOUGHTS) {
		bs_buf_add_c(out, "{\"reasoningContent\":{\"reasoningText\":{\"text\":");
		bs_fault_put_text(out, said->text);
		bs_buf_add_c(out, "}}}");
	} else {
		bs_buf_add_c(out, "{\"text\":");
		bs_fault_put_text(out, said->text);
		bs_buf_add_c(out, "}");
	}
	bs_buf_addf(out,
		"]}},\"stopReason\":\"%s\",\"usage\":{\"inputTokens\":100,\"outputTokens\":50,"
		"\"totalTokens\":150},\"metrics\":{\"latencyMs\":5}}",
		stops[said->stop]);
}

static void begin(const struct bs_fault_said *said, struct bs_fault_events *out)
{
	char data[300];
	bs_fault_put_event(out, "messageStart", BS_LIT("{\"p\":\"abc\",\"role\":\"assistant\"}"));
	if (said->manner != BS_FAULT_MANNER_TOOL)
		return;
	snprintf(data, sizeof(data),
		"{\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"toolUseId\":\"tooluse_fault\","
		"\"name\":\"%.*s\"}}}",
		BS_FMT(said->tool));
	bs_fault_put_event(out, "contentBlockStart", bs_str_c(data));
}

static void delta(enum bs_fault_manner manner, struct bs_str text, struct bs_buf *out)
{
	static const char *const heads[] = {
		[BS_FAULT_MANNER_TEXT] = "{\"text\":",
		[BS_FAULT_MANNER_TOOL] = "{\"toolUse\":{\"input\":",
		[BS_FAULT_MANNER_REFUSAL] = "{\"text\":",
		[BS_FAULT_MANNER_THOUGHTS] = "{\"reasoningContent\":{\"text\":",
	};
	bool deep = manner == BS_FAULT_MANNER_TOOL || manner == BS_FAULT_MANNER_THOUGHTS;
	bs_buf_addf(out, "{\"contentBlockIndex\":0,\"delta\":%s", heads[manner]);
	bs_fault_put_text(out, text);
	bs_buf_add_c(out, deep ? "}}}" : "}}");
}

static void end(const struct bs_fault_said *said, bool sentinel, struct bs_fault_events *out)
{
	char data[100];
	bs_fault_put_event(out, "contentBlockStop", BS_LIT("{\"contentBlockIndex\":0}"));
	snprintf(data, sizeof(data), "{\"stopReason\":\"%s\"}", stops[said->stop]);
	bs_fault_put_event(out, "messageStop", bs_str_c(data));
	if (sentinel)
		bs_fault_put_event(out, "metadata",
			BS_LIT("{\"usage\":{\"inputTokens\":100,\"outputTokens\":50,"
			       "\"totalTokens\":150},\"metrics\":{\"latencyMs\":5}}"));
}

static void error(const struct bs_fault_error *error, struct bs_buf *out)
{
	bs_buf_add_c(out, "{\"message\":");
	bs_fault_put_text(out, error->message);
	bs_fault_put_member(out, "__type", error->type);
	bs_buf_add_c(out, "}");
}

const struct bs_fault_wire bs_fault_wire_bedrock = {
	.path_part = "/converse",
	.whole = whole,
	.begin = begin,
	.delta = delta,
	.delta_event = "contentBlockDelta",
	.end = end,
	.error = error,
	.error_event = "internalServerException",
	.ping = "initial-response",
	.framing = BS_FAULT_WIRE_FRAMES,
};
