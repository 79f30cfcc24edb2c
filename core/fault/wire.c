// SPDX-License-Identifier: MIT
// Bodies in the wire formats: what they have in common, and errors.
#include "core/fault/wire.h"

#include "core/base/crc.h"

#define DELTA_BYTES 24 // of answer in one event: about six tokens

void bs_fault_put_text(struct bs_buf *out, struct bs_str text)
{
	bs_buf_add_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == '"' || c == '\\')
			bs_buf_addf(out, "\\%c", c);
		else if (c == '\n')
			bs_buf_add_c(out, "\\n");
		else if (c < 0x20)
			bs_buf_addf(out, "\\u%04x", c);
		else
			bs_buf_add_char(out, (char)c);
	}
	bs_buf_add_char(out, '"');
}

void bs_fault_put_member(struct bs_buf *out, const char *key, struct bs_str text)
{
	if (!text.ptr)
		return;
	bs_buf_addf(out, ",\"%s\":", key);
	bs_fault_put_text(out, text);
}

// The most particular path first; what fits none is OpenAI's.
static const struct bs_fault_wire *const wires[] = {&bs_fault_wire_responses,
	&bs_fault_wire_anthropic, &bs_fault_wire_gemini, &bs_fault_wire_ollama,
	&bs_fault_wire_bedrock, &bs_fault_wire_openai};

const struct bs_fault_wire *bs_fault_wire_of(struct bs_str path)
{
	size_t i = 0;
	while (wires[i] != &bs_fault_wire_openai &&
		!bs_str_has(path, bs_str_c(wires[i]->path_part)))
		i++;
	return wires[i];
}

// --- errors

static const struct bs_fault_error errors[] = {
#define ERROR(status, openai_type, openai_code, anthropic_type, google_status, message)    \
	{                                                                                  \
		status, {NULL, 0}, {NULL, 0}, {message, sizeof(message) - 1}, openai_type, \
			openai_code, anthropic_type, google_status, false                  \
	}
	ERROR(400, "invalid_request_error", NULL, "invalid_request_error", "INVALID_ARGUMENT",
		"the request is not valid"),
	ERROR(401, "invalid_request_error", "invalid_api_key", "authentication_error",
		"UNAUTHENTICATED", "Incorrect API key provided"),
	ERROR(402, "insufficient_quota", "billing_hard_limit_reached", "billing_error",
		"RESOURCE_EXHAUSTED", "your credit balance is too low"),
	ERROR(403, "permission_error", NULL, "permission_error", "PERMISSION_DENIED",
		"not allowed to use this model"),
	ERROR(404, "invalid_request_error", "model_not_found", "not_found_error", "NOT_FOUND",
		"the model does not exist"),
	ERROR(408, "timeout", NULL, "timeout_error", "DEADLINE_EXCEEDED", "request timed out"),
	ERROR(413, "invalid_request_error", "context_length_exceeded", "request_too_large",
		"INVALID_ARGUMENT", "the request is too large: maximum context length exceeded"),
	ERROR(422, "invalid_request_error", NULL, "invalid_request_error", "INVALID_ARGUMENT",
		"unprocessable"),
	ERROR(429, "requests", "rate_limit_exceeded", "rate_limit_error", "RESOURCE_EXHAUSTED",
		"rate limit reached"),
	ERROR(500, "server_error", NULL, "api_error", "INTERNAL", "the server had an error"),
	ERROR(502, "server_error", NULL, "api_error", "UNAVAILABLE", "bad gateway"),
	ERROR(503, "service_unavailable_error", "server_is_overloaded", "overloaded_error",
		"UNAVAILABLE", "the server is overloaded"),
	ERROR(504, "server_error", NULL, "timeout_error", "DEADLINE_EXCEEDED", "gateway timeout"),
	ERROR(529, "server_error", "overloaded", "overloaded_error", "UNAVAILABLE", "Overloaded"),
	ERROR(0, "server_error", NULL, "api_error", "INTERNAL", "something went wrong"),
#undef ERROR
};

static void put_error(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	bool in_stream, struct bs_buf *out)
{
	size_t i = 0;
	while (errors[i].status && errors[i].status != rule->status)
		i++;
	struct bs_fault_error error = errors[i];
	error.type = rule->error_type;
	error.code = rule->code;
	error.in_stream = in_stream;
	if (rule->message.ptr)
		error.message = rule->message;
	request->wire->error(&error, out);
}

void bs_fault_wire_error(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out)
{
	put_error(rule, request, false, out);
}

// --- whole bodies and streams

static bool is_plain(const struct bs_fault_rule *rule)
{
	return rule->answer == BS_FAULT_ANSWER_REFUSAL ||
	       rule->answer == BS_FAULT_ANSWER_REASONING || rule->answer == BS_FAULT_ANSWER_EMPTY ||
	       rule->as_text;
}

// How the answer is given: a refusal, shown thoughts, a tool's arguments, or plain text.
static enum bs_fault_manner manner_of(
	const struct bs_fault_rule *rule, const struct bs_fault_request *request)
{
	if (rule->answer == BS_FAULT_ANSWER_REFUSAL)
		return BS_FAULT_MANNER_REFUSAL;
	if (rule->answer == BS_FAULT_ANSWER_REASONING)
		return BS_FAULT_MANNER_THOUGHTS;
	return request->tool.ptr && !is_plain(rule) ? BS_FAULT_MANNER_TOOL : BS_FAULT_MANNER_TEXT;
}

static struct bs_fault_said said_of(const struct bs_fault_rule *rule,
	const struct bs_fault_request *request, struct bs_str answer)
{
	struct bs_fault_said said = {.manner = manner_of(rule, request),
		.tool = request->tool,
		.stop = BS_FAULT_STOP_END,
		.text = answer};
	if (said.manner == BS_FAULT_MANNER_TOOL)
		said.stop = BS_FAULT_STOP_TOOL;
	if (said.manner == BS_FAULT_MANNER_REFUSAL)
		said.stop = BS_FAULT_STOP_REFUSAL;
	if (said.manner == BS_FAULT_MANNER_THOUGHTS) {
		said.text = BS_LIT("Let me see what this log says, line by line.");
		said.stop = BS_FAULT_STOP_LENGTH;
	}
	if (rule->answer == BS_FAULT_ANSWER_LENGTH)
		said.stop = BS_FAULT_STOP_LENGTH;
	if (rule->answer == BS_FAULT_ANSWER_FILTERED)
		said.stop = BS_FAULT_STOP_FILTER;
	return said;
}

void bs_fault_wire_whole(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_str answer, struct bs_buf *out)
{
	struct bs_fault_said said = said_of(rule, request, answer);
	request->wire->whole(&said, out);
}

static const char *eol(const struct bs_fault_rule *rule)
{
	static const char *const eols[] = {"\n", "\r\n", "\r"};
	return eols[rule->eol];
}

static void put_u32(struct bs_buf *out, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		bs_buf_add_char(out, (char)(unsigned char)(number >> shift));
}

static void put_header(struct bs_buf *out, const char *name, const char *value)
{
	bs_buf_add_char(out, (char)strlen(name));
	bs_buf_add_c(out, name);
	bs_buf_add_char(out, 7); // a string
	bs_buf_add_char(out, 0);
	bs_buf_add_char(out, (char)strlen(value));
	bs_buf_add_c(out, value);
}

// An event of a kind whose name says so is an exception.
static void add_frame(struct bs_buf *out, const char *event, struct bs_str data)
{
	struct bs_buf headers;
	bool exception = bs_str_has(bs_str_c(event), BS_LIT("Exception"));
	size_t from = out->len;
	bs_buf_init(&headers, 1000);
	put_header(&headers, ":message-type", exception ? "exception" : "event");
	put_header(&headers, exception ? ":exception-type" : ":event-type", event);
	put_header(&headers, ":content-type", "application/json");
	put_u32(out, (uint32_t)(12 + headers.len + data.len + 4));
	put_u32(out, (uint32_t)headers.len);
	put_u32(out, bs_crc32(bs_str_from(bs_buf_str(out), from)));
	bs_buf_add(out, bs_buf_str(&headers));
	bs_buf_add(out, data);
	put_u32(out, bs_crc32(bs_str_from(bs_buf_str(out), from)));
	bs_buf_release(&headers);
}

static void add_event(struct bs_buf *out, const struct bs_fault_rule *rule,
	const struct bs_fault_wire *wire, const char *event, struct bs_str data)
{
	switch (wire->framing) {
	case BS_FAULT_WIRE_LINES:
		bs_buf_addf(out, "%.*s%s", BS_FMT(data), eol(rule));
		return;
	case BS_FAULT_WIRE_FRAMES:
		add_frame(out, event, data);
		return;
	case BS_FAULT_WIRE_EVENTS:
		break;
	}
	if (event)
		bs_buf_addf(out, "event: %s%s", event, eol(rule));
	bs_buf_addf(out, "data: %.*s%s%s", BS_FMT(data), eol(rule), eol(rule));
}

void bs_fault_put_event(struct bs_fault_events *out, const char *event, struct bs_str data)
{
	add_event(&out->bytes, out->rule, out->wire, event, data);
	if (out->count < sizeof(out->ends) / sizeof(out->ends[0]))
		out->ends[out->count++] = out->bytes.len;
}

static void put_answer(const struct bs_fault_wire *wire, const struct bs_fault_said *said,
	struct bs_fault_events *out)
{
	struct bs_str text = said->text;
	for (size_t at = 0, end; at < text.len; at = end) {
		struct bs_buf data;
		bs_buf_init(&data, BS_FAULT_REPLY_BYTES_MAX);
		end = at + DELTA_BYTES;
		while (end < text.len && ((unsigned char)text.ptr[end] & 0xc0) == 0x80)
			end++; // a character is never cut in two
		wire->delta(said->manner, bs_str_sub(text, at, end - at), &data);
		bs_fault_put_event(out, wire->delta_event, bs_buf_str(&data));
		bs_buf_release(&data);
	}
}

// The stream stops being an answer: what is left of it goes, and an error comes.
static void break_off(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_fault_events *out)
{
	struct bs_buf error;
	size_t keep = out->content_from + (size_t)rule->error_after;
	if (keep < out->count) {
		out->count = keep;
		bs_buf_cut(&out->bytes, keep ? out->ends[keep - 1] : 0);
	}
	bs_buf_init(&error, BS_FAULT_REPLY_BYTES_MAX);
	put_error(rule, request, true, &error);
	bs_fault_put_event(out, request->wire->error_event, bs_buf_str(&error));
	bs_buf_release(&error);
}

void bs_fault_wire_events(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_str answer, struct bs_fault_events *out)
{
	const struct bs_fault_wire *wire = request->wire;
	struct bs_fault_said said = said_of(rule, request, answer);
	out->rule = rule;
	out->wire = wire;
	wire->begin(&said, out);
	out->content_from = out->count;
	put_answer(wire, &said, out);
	if (rule->error_after >= 0)
		break_off(rule, request, out);
	else if (!rule->endless)
		wire->end(&said, !rule->no_done, out);
}

void bs_fault_wire_ping(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out)
{
	const struct bs_fault_wire *wire = request->wire;
	char data[60];
	snprintf(data, sizeof(data), "{\"type\":\"%s\"}", wire->ping ? wire->ping : "");
	if (wire->ping)
		add_event(out, rule, wire, wire->ping, bs_str_c(data));
	else
		bs_buf_addf(out, "%s%s", wire->framing == BS_FAULT_WIRE_LINES ? "" : ": ping",
			eol(rule));
	if (!wire->ping && wire->framing == BS_FAULT_WIRE_EVENTS)
		bs_buf_add_c(out, eol(rule));
}

void bs_fault_wire_filler(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out)
{
	static const char filler[] = "and so on and so on and so on and so on and so on and so on ";
	struct bs_str text = bs_str(filler, sizeof(filler) - 1);
	const struct bs_fault_wire *wire = request->wire;
	if (request->stream && !rule->whole) {
		struct bs_buf data;
		bs_buf_init(&data, BS_FAULT_REPLY_BYTES_MAX);
		wire->delta(manner_of(rule, request), text, &data);
		add_event(out, rule, wire, wire->delta_event, bs_buf_str(&data));
		bs_buf_release(&data);
		return;
	}
	for (int i = 0; i < 16; i++)
		bs_buf_add(out, text);
}
