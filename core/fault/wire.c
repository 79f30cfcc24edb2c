// SPDX-License-Identifier: MIT
// Bodies in the two wire formats: what both have in common, and errors.
#include "core/fault/wire.h"

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

// --- errors

struct error_words {
	int64_t status;
	const char *openai_type, *openai_code, *anthropic_type, *message;
};

static const struct error_words errors[] = {
	{400, "invalid_request_error", NULL, "invalid_request_error", "the request is not valid"},
	{401, "invalid_request_error", "invalid_api_key", "authentication_error",
		"Incorrect API key provided"},
	{402, "insufficient_quota", "billing_hard_limit_reached", "billing_error",
		"your credit balance is too low"},
	{403, "permission_error", NULL, "permission_error", "not allowed to use this model"},
	{404, "invalid_request_error", "model_not_found", "not_found_error",
		"the model does not exist"},
	{408, "timeout", NULL, "timeout_error", "request timed out"},
	{413, "invalid_request_error", "context_length_exceeded", "request_too_large",
		"the request is too large: maximum context length exceeded"},
	{422, "invalid_request_error", NULL, "invalid_request_error", "unprocessable"},
	{429, "requests", "rate_limit_exceeded", "rate_limit_error", "rate limit reached"},
	{500, "server_error", NULL, "api_error", "the server had an error"},
	{502, "server_error", NULL, "api_error", "bad gateway"},
	{503, "service_unavailable_error", "server_is_overloaded", "overloaded_error",
		"the server is overloaded"},
	{504, "server_error", NULL, "timeout_error", "gateway timeout"},
	{529, "server_error", "overloaded", "overloaded_error", "Overloaded"},
};

void bs_fault_wire_error(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out)
{
	struct error_words words = {0, "server_error", NULL, "api_error", "something went wrong"};
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].status == rule->status)
			words = errors[i];
	const char *type = request->anthropic ? words.anthropic_type : words.openai_type;
	struct bs_str type_said = rule->error_type.ptr ? rule->error_type : bs_str_c(type);
	struct bs_str message = rule->message.ptr ? rule->message : bs_str_c(words.message);
	struct bs_str code = rule->code.ptr ? rule->code : bs_str_c(words.openai_code);
	bs_buf_add_c(out, request->anthropic ? "{\"type\":\"error\",\"error\":{\"type\":"
					     : "{\"error\":{\"type\":");
	bs_fault_put_text(out, type_said);
	bs_buf_add_c(out, ",\"message\":");
	bs_fault_put_text(out, message);
	if (!request->anthropic) {
		bs_buf_add_c(out, ",\"param\":null,\"code\":");
		if (code.ptr)
			bs_fault_put_text(out, code);
		else
			bs_buf_add_c(out, "null");
	} else if (rule->code.ptr) {
		bs_buf_add_c(out, ",\"details\":{\"error_code\":");
		bs_fault_put_text(out, code);
		bs_buf_add_c(out, "}");
	}
	bs_buf_add_c(out, request->anthropic ? "},\"request_id\":\"req_fault\"}" : "}}");
}

// --- whole bodies and streams

static const struct bs_fault_wire *wire_of(const struct bs_fault_request *request)
{
	return request->anthropic ? &bs_fault_wire_anthropic : &bs_fault_wire_openai;
}

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
	wire_of(request)->whole(&said, out);
}

static const char *eol(const struct bs_fault_rule *rule)
{
	static const char *const eols[] = {"\n", "\r\n", "\r"};
	return eols[rule->eol];
}

static void add_event(
	struct bs_buf *out, const struct bs_fault_rule *rule, const char *event, struct bs_str data)
{
	if (event)
		bs_buf_addf(out, "event: %s%s", event, eol(rule));
	bs_buf_addf(out, "data: %.*s%s%s", BS_FMT(data), eol(rule), eol(rule));
}

void bs_fault_put_event(struct bs_fault_events *out, const char *event, struct bs_str data)
{
	add_event(&out->bytes, out->rule, event, data);
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
static void put_error(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_fault_events *out)
{
	struct bs_buf error;
	size_t keep = out->content_from + (size_t)rule->error_after;
	if (keep < out->count) {
		out->count = keep;
		bs_buf_cut(&out->bytes, keep ? out->ends[keep - 1] : 0);
	}
	bs_buf_init(&error, BS_FAULT_REPLY_BYTES_MAX);
	bs_fault_wire_error(rule, request, &error);
	bs_fault_put_event(out, request->anthropic ? "error" : NULL, bs_buf_str(&error));
	bs_buf_release(&error);
}

void bs_fault_wire_events(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_str answer, struct bs_fault_events *out)
{
	const struct bs_fault_wire *wire = wire_of(request);
	struct bs_fault_said said = said_of(rule, request, answer);
	out->rule = rule;
	wire->begin(&said, out);
	out->content_from = out->count;
	put_answer(wire, &said, out);
	if (rule->error_after >= 0)
		put_error(rule, request, out);
	else if (!rule->endless)
		wire->end(&said, !rule->no_done, out);
}

void bs_fault_wire_ping(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out)
{
	if (request->anthropic)
		add_event(out, rule, "ping", BS_LIT("{\"type\":\"ping\"}"));
	else
		bs_buf_addf(out, ": ping%s%s", eol(rule), eol(rule));
}

void bs_fault_wire_filler(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out)
{
	static const char filler[] = "and so on and so on and so on and so on and so on and so on ";
	struct bs_str text = bs_str(filler, sizeof(filler) - 1);
	const struct bs_fault_wire *wire = wire_of(request);
	if (request->stream && !rule->whole) {
		struct bs_buf data;
		bs_buf_init(&data, BS_FAULT_REPLY_BYTES_MAX);
		wire->delta(manner_of(rule, request), text, &data);
		add_event(out, rule, wire->delta_event, bs_buf_str(&data));
		bs_buf_release(&data);
		return;
	}
	for (int i = 0; i < 16; i++)
		bs_buf_add(out, text);
}
