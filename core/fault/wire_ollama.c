// SPDX-License-Identifier: MIT
// Ollama's own chat, as the server speaks it.
#include "core/fault/wire.h"

#define HEAD "{\"model\":\"fault\",\"created_at\":\"2026-11-23T08:00:00Z\",\"message\":"

// It knows neither refusals nor filters.
static const char *const stops[] = {"stop", "stop", "length", "length", "stop"};

static void put_message(enum bs_fault_manner manner, struct bs_str text, struct bs_buf *out)
{
	bool thought = manner == BS_FAULT_MANNER_THOUGHTS;
	bs_buf_add_c(out, HEAD "{\"role\":\"assistant\"");
	bs_fault_put_member(out, "content", thought ? BS_LIT("") : text);
	if (thought)
		bs_fault_put_member(out, "thinking", text);
	bs_buf_add_c(out, "}");
}

static void whole(const struct bs_fault_said *said, struct bs_buf *out)
{
	put_message(said->manner, said->text, out);
	bs_buf_addf(out,
		",\"done\":true,\"done_reason\":\"%s\",\"total_duration\":5,\"load_duration\":1,"
		"\"prompt_eval_count\":3100,\"eval_count\":50}",
		stops[said->stop]);
}

static void begin(const struct bs_fault_said *said, struct bs_fault_events *out)
{
	(void)said, (void)out;
}

static void delta(enum bs_fault_manner manner, struct bs_str text, struct bs_buf *out)
{
	put_message(manner, text, out);
	bs_buf_add_c(out, ",\"done\":false}");
}

// The last line is the sentinel and the stop in one.
static void end(const struct bs_fault_said *said, bool sentinel, struct bs_fault_events *out)
{
	struct bs_buf data;
	struct bs_fault_said last = *said;
	if (!sentinel)
		return;
	last.text = BS_LIT("");
	bs_buf_init(&data, BS_FAULT_REPLY_BYTES_MAX);
	whole(&last, &data);
	bs_fault_put_event(out, NULL, bs_buf_str(&data));
	bs_buf_release(&data);
}

static void error(const struct bs_fault_error *error, struct bs_buf *out)
{
	bs_buf_add_c(out, "{\"error\":");
	bs_fault_put_text(out, error->message);
	bs_buf_add_c(out, "}");
}

const struct bs_fault_wire bs_fault_wire_ollama = {
	.path_part = "/api/chat",
	.framing = BS_FAULT_WIRE_LINES,
	.whole = whole,
	.begin = begin,
	.delta = delta,
	.end = end,
	.error = error,
};
