// SPDX-License-Identifier: MIT
// Google's generateContent, as the provider speaks it.
#include "core/fault/wire.h"

#define USAGE                                                                      \
	"\"usageMetadata\":{\"promptTokenCount\":100,\"candidatesTokenCount\":50," \
	"\"totalTokenCount\":150},\"modelVersion\":\"fault\",\"responseId\":\"fault-1\"}"

// It has no refusals of its own: those are filtered, and the model's words are lost.
static const char *const stops[] = {"STOP", "STOP", "MAX_TOKENS", "SAFETY", "PROHIBITED_CONTENT"};

static void put_part(
	enum bs_fault_manner manner, struct bs_str tool, struct bs_str text, struct bs_buf *out)
{
	bool object = text.len && text.ptr[0] == '{' && text.ptr[text.len - 1] == '}';
	if (manner == BS_FAULT_MANNER_REFUSAL)
		return;
	if (manner == BS_FAULT_MANNER_TOOL && object) {
		bs_buf_addf(out, "{\"functionCall\":{\"name\":\"%.*s\",\"args\":%.*s}}",
			BS_FMT(tool), BS_FMT(text));
		return;
	}
	bs_buf_add_c(out, "{\"text\":");
	bs_fault_put_text(out, text);
	bs_buf_add_c(out, manner == BS_FAULT_MANNER_THOUGHTS ? ",\"thought\":true}" : "}");
}

static void whole(const struct bs_fault_said *said, struct bs_buf *out)
{
	bs_buf_add_c(out, "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[");
	put_part(said->manner, said->tool, said->text, out);
	bs_buf_addf(out, "]},\"finishReason\":\"%s\",\"index\":0}]," USAGE, stops[said->stop]);
}

static void begin(const struct bs_fault_said *said, struct bs_fault_events *out)
{
	(void)said, (void)out;
}

static void delta(enum bs_fault_manner manner, struct bs_str text, struct bs_buf *out)
{
	// A call of a function is never cut into pieces: it comes at the end.
	bool silent = manner == BS_FAULT_MANNER_TOOL;
	bs_buf_add_c(out, "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[");
	if (!silent)
		put_part(manner, BS_LIT(""), text, out);
	bs_buf_add_c(out, "]},\"index\":0}]," USAGE);
}

static void end(const struct bs_fault_said *said, bool sentinel, struct bs_fault_events *out)
{
	struct bs_buf data;
	struct bs_str rest = said->manner == BS_FAULT_MANNER_TOOL ? said->text : BS_LIT("");
	struct bs_fault_said last = *said;
	(void)sentinel; // there is none
	last.text = rest;
	bs_buf_init(&data, BS_FAULT_REPLY_BYTES_MAX);
	whole(&last, &data);
	bs_fault_put_event(out, NULL, bs_buf_str(&data));
	bs_buf_release(&data);
}

static void error(const struct bs_fault_error *error, struct bs_buf *out)
{
	struct bs_str state = error->type.ptr ? error->type : bs_str_c(error->google_status);
	bs_buf_addf(
		out, "{\"error\":{\"code\":%lld", (long long)(error->status ? error->status : 500));
	bs_fault_put_member(out, "message", error->message);
	bs_fault_put_member(out, "status", state);
	if (error->code.ptr) {
		bs_buf_add_c(out, ",\"details\":[{\"@type\":\"type.googleapis.com/"
				  "google.rpc.ErrorInfo\"");
		bs_fault_put_member(out, "reason", error->code);
		bs_buf_add_c(out, "}]");
	}
	bs_buf_add_c(out, "}}");
}

const struct bs_fault_wire bs_fault_wire_gemini = {
	.path_part = "enerateContent",
	.whole = whole,
	.begin = begin,
	.delta = delta,
	.end = end,
	.error = error,
};
