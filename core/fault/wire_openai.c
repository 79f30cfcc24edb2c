// SPDX-License-Identifier: MIT
// OpenAI chat completions, as the provider speaks them.
#include "core/fault/wire.h"

#define USAGE "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150}}"
#define CHUNK                                                                            \
	"{\"id\":\"chatcmpl-fault\",\"object\":\"chat.completion.chunk\",\"created\":1," \
	"\"model\":\"fault\",\"choices\":["

// A refusal stops as if all were well: only its field tells.
static const char *const stops[] = {"stop", "tool_calls", "length", "content_filter", "stop"};

static void whole(const struct bs_fault_said *said, struct bs_buf *out)
{
	bs_buf_add_c(out, "{\"id\":\"chatcmpl-fault\",\"object\":\"chat.completion\","
			  "\"created\":1,\"model\":\"fault\",\"choices\":[{\"index\":0,"
			  "\"message\":{\"role\":\"assistant\",\"content\":");
	if (said->manner == BS_FAULT_MANNER_TEXT)
		bs_fault_put_text(out, said->text);
	else
		bs_buf_add_c(out, "null");
	bs_buf_add_c(out, ",\"refusal\":");
	if (said->manner == BS_FAULT_MANNER_REFUSAL)
		bs_fault_put_text(out, said->text);
	else
		bs_buf_add_c(out, "null");
	if (said->manner == BS_FAULT_MANNER_THOUGHTS) {
		bs_buf_add_c(out, ",\"reasoning_content\":");
		bs_fault_put_text(out, said->text);
	}
	if (said->manner == BS_FAULT_MANNER_TOOL) {
		bs_buf_addf(out,
			",\"tool_calls\":[{\"id\":\"call_fault\",\"type\":\"function\","
			"\"function\":{\"name\":\"%.*s\",\"arguments\":",
			BS_FMT(said->tool));
		bs_fault_put_text(out, said->text);
		bs_buf_add_c(out, "}}]");
	}
	bs_buf_addf(
		out, "},\"logprobs\":null,\"finish_reason\":\"%s\"}]," USAGE, stops[said->stop]);
}

static void begin(const struct bs_fault_said *said, struct bs_fault_events *out)
{
	char data[600];
	bs_fault_put_event(out, NULL,
		BS_LIT(CHUNK "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\","
			     "\"refusal\":null},\"finish_reason\":null}]}"));
	if (said->manner != BS_FAULT_MANNER_TOOL)
		return;
	snprintf(data, sizeof(data),
		CHUNK
		"{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_fault\","
		"\"type\":\"function\",\"function\":{\"name\":\"%.*s\",\"arguments\":\"\"}}]},"
		"\"finish_reason\":null}]}",
		BS_FMT(said->tool));
	bs_fault_put_event(out, NULL, bs_str_c(data));
}

static void delta(enum bs_fault_manner manner, struct bs_str text, struct bs_buf *out)
{
	static const char *const heads[] = {
		[BS_FAULT_MANNER_TEXT] = "\"content\":",
		[BS_FAULT_MANNER_TOOL] =
			"\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":",
		[BS_FAULT_MANNER_REFUSAL] = "\"refusal\":",
		[BS_FAULT_MANNER_THOUGHTS] = "\"reasoning_content\":",
	};
	bs_buf_addf(out, CHUNK "{\"index\":0,\"delta\":{%s", heads[manner]);
	bs_fault_put_text(out, text);
	bs_buf_addf(
		out, "%s},\"finish_reason\":null}]}", manner == BS_FAULT_MANNER_TOOL ? "}}]" : "");
}

static void end(const struct bs_fault_said *said, bool sentinel, struct bs_fault_events *out)
{
	char data[400];
	snprintf(data, sizeof(data), CHUNK "{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}",
		stops[said->stop]);
	bs_fault_put_event(out, NULL, bs_str_c(data));
	bs_fault_put_event(out, NULL, BS_LIT(CHUNK "]," USAGE));
	if (sentinel)
		bs_fault_put_event(out, NULL, BS_LIT("[DONE]"));
}

static void error(const struct bs_fault_error *error, struct bs_buf *out)
{
	struct bs_str type = error->type.ptr ? error->type : bs_str_c(error->openai_type);
	struct bs_str code = error->code.ptr ? error->code : bs_str_c(error->openai_code);
	bs_buf_add_c(out, "{\"error\":{\"type\":");
	bs_fault_put_text(out, type);
	bs_fault_put_member(out, "message", error->message);
	bs_buf_add_c(out, ",\"param\":null");
	bs_fault_put_member(out, "code", code);
	bs_buf_add_c(out, code.ptr ? "}}" : ",\"code\":null}}");
}

const struct bs_fault_wire bs_fault_wire_openai = {
	.path_part = "/chat/completions",
	.whole = whole,
	.begin = begin,
	.delta = delta,
	.end = end,
	.error = error,
};
