// SPDX-License-Identifier: MIT
// OpenAI chat completions, as the provider speaks them.
#include "tests/exchange/server/wire.h"

#define USAGE "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150}}"
#define CHUNK                                                                            \
	"{\"id\":\"chatcmpl-fault\",\"object\":\"chat.completion.chunk\",\"created\":1," \
	"\"model\":\"fault\",\"choices\":["

// A refusal stops as if all were well: only its field tells.
static const char *const stops[] = {"stop", "tool_calls", "length", "content_filter", "stop"};

static void whole(const struct fault_said *said, struct bs_buf *out)
{
	bs_buf_add_c(out, "{\"id\":\"chatcmpl-fault\",\"object\":\"chat.completion\","
			  "\"created\":1,\"model\":\"fault\",\"choices\":[{\"index\":0,"
			  "\"message\":{\"role\":\"assistant\",\"content\":");
	if (said->manner == FAULT_MANNER_TEXT)
		fault_put_text(out, said->text);
	else
		bs_buf_add_c(out, "null");
	bs_buf_add_c(out, ",\"refusal\":");
	if (said->manner == FAULT_MANNER_REFUSAL)
		fault_put_text(out, said->text);
	else
		bs_buf_add_c(out, "null");
	if (said->manner == FAULT_MANNER_THOUGHTS) {
		bs_buf_add_c(out, ",\"reasoning_content\":");
		fault_put_text(out, said->text);
	}
	if (said->manner == FAULT_MANNER_TOOL) {
		bs_buf_addf(out,
			",\"tool_calls\":[{\"id\":\"call_fault\",\"type\":\"function\","
			"\"function\":{\"name\":\"%.*s\",\"arguments\":",
			BS_FMT(said->tool));
		fault_put_text(out, said->text);
		bs_buf_add_c(out, "}}]");
	}
	bs_buf_addf(
		out, "},\"logprobs\":null,\"finish_reason\":\"%s\"}]," USAGE, stops[said->stop]);
}

static void begin(const struct fault_said *said, struct fault_events *out)
{
	char data[600];
	fault_put_event(out, NULL,
		BS_LIT(CHUNK "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\","
			     "\"refusal\":null},\"finish_reason\":null}]}"));
	if (said->manner != FAULT_MANNER_TOOL)
		return;
	snprintf(data, sizeof(data),
		CHUNK
		"{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_fault\","
		"\"type\":\"function\",\"function\":{\"name\":\"%.*s\",\"arguments\":\"\"}}]},"
		"\"finish_reason\":null}]}",
		BS_FMT(said->tool));
	fault_put_event(out, NULL, bs_str_c(data));
}

static void delta(enum fault_manner manner, struct bs_str text, struct bs_buf *out)
{
	static const char *const heads[] = {
		[FAULT_MANNER_TEXT] = "\"content\":",
		[FAULT_MANNER_TOOL] = "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":",
		[FAULT_MANNER_REFUSAL] = "\"refusal\":",
		[FAULT_MANNER_THOUGHTS] = "\"reasoning_content\":",
	};
	bs_buf_addf(out, CHUNK "{\"index\":0,\"delta\":{%s", heads[manner]);
	fault_put_text(out, text);
	bs_buf_addf(out, "%s},\"finish_reason\":null}]}", manner == FAULT_MANNER_TOOL ? "}}]" : "");
}

static void end(const struct fault_said *said, bool sentinel, struct fault_events *out)
{
	char data[400];
	snprintf(data, sizeof(data), CHUNK "{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}",
		stops[said->stop]);
	fault_put_event(out, NULL, bs_str_c(data));
	fault_put_event(out, NULL, BS_LIT(CHUNK "]," USAGE));
	if (sentinel)
		fault_put_event(out, NULL, BS_LIT("[DONE]"));
}

const struct fault_wire fault_wire_openai = {whole, begin, delta, NULL, end};
