// SPDX-License-Identifier: MIT
// Bodies in the wire formats of OpenAI chat completions and Anthropic messages.
#include "tests/exchange/server/parts.h"

#define DELTA_BYTES 24 // of answer in one event: about six tokens

// A JSON string with its quotes. Bytes above 0x7e stay as they are, also when they are no UTF-8.
static void put_text(struct bs_buf *out, struct bs_str text)
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

// --- why it stopped

struct stop {
	const char *openai, *anthropic;
};

static struct stop stop_of(const struct fault_rule *rule)
{
	static const struct stop stops[FAULT_ANSWER_COUNT] = {
		[FAULT_ANSWER_LENGTH] = {"length", "max_tokens"},
		[FAULT_ANSWER_REASONING] = {"length", "max_tokens"},
		[FAULT_ANSWER_FILTERED] = {"content_filter", "refusal"},
		[FAULT_ANSWER_REFUSAL] = {"stop", "refusal"},
	};
	return stops[rule->answer].openai ? stops[rule->answer] : (struct stop){"stop", "end_turn"};
}

static bool is_refusal(const struct fault_rule *rule)
{
	return rule->answer == FAULT_ANSWER_REFUSAL;
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

void fault_wire_error(
	const struct fault_rule *rule, const struct fault_request *request, struct bs_buf *out)
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
	put_text(out, type_said);
	bs_buf_add_c(out, ",\"message\":");
	put_text(out, message);
	if (!request->anthropic) {
		bs_buf_add_c(out, ",\"param\":null,\"code\":");
		if (code.ptr)
			put_text(out, code);
		else
			bs_buf_add_c(out, "null");
	} else if (rule->code.ptr) {
		bs_buf_add_c(out, ",\"details\":{\"error_code\":");
		put_text(out, code);
		bs_buf_add_c(out, "}");
	}
	bs_buf_add_c(out, request->anthropic ? "},\"request_id\":\"req_fault\"}" : "}}");
}

// --- whole bodies

void fault_wire_whole(const struct fault_rule *rule, const struct fault_request *request,
	struct bs_str answer, struct bs_buf *out)
{
	struct stop stop = stop_of(rule);
	bool thinks = rule->answer == FAULT_ANSWER_REASONING;
	if (request->anthropic) {
		bs_buf_add_c(out,
			"{\"id\":\"msg_fault\",\"type\":\"message\",\"role\":\"assistant\","
			"\"model\":\"fault\",\"content\":[");
		if (thinks)
			bs_buf_add_c(out, "{\"type\":\"thinking\",\"thinking\":\"Let me see\"}");
		else if (answer.len) {
			bs_buf_add_c(out, "{\"type\":\"text\",\"text\":");
			put_text(out, answer);
			bs_buf_add_c(out, "}");
		}
		bs_buf_addf(out,
			"],\"stop_reason\":\"%s\",\"stop_sequence\":null,"
			"\"usage\":{\"input_tokens\":100,\"output_tokens\":50}}",
			stop.anthropic);
		return;
	}
	bs_buf_add_c(out, "{\"id\":\"chatcmpl-fault\",\"object\":\"chat.completion\","
			  "\"created\":1,\"model\":\"fault\",\"choices\":[{\"index\":0,"
			  "\"message\":{\"role\":\"assistant\",\"content\":");
	if (thinks)
		bs_buf_add_c(out, "null,\"reasoning_content\":\"Let me see\"");
	else if (is_refusal(rule))
		bs_buf_add_c(out, "null");
	else
		put_text(out, answer);
	bs_buf_add_c(out, ",\"refusal\":");
	if (is_refusal(rule))
		put_text(out, answer);
	else
		bs_buf_add_c(out, "null");
	bs_buf_addf(out,
		"},\"logprobs\":null,\"finish_reason\":\"%s\"}],\"usage\":{\"prompt_tokens\":100,"
		"\"completion_tokens\":50,\"total_tokens\":150}}",
		stop.openai);
}

// --- streams

static const char *eol(const struct fault_rule *rule)
{
	static const char *const eols[] = {"\n", "\r\n", "\r"};
	return eols[rule->eol];
}

static void add_event(
	struct bs_buf *out, const struct fault_rule *rule, const char *event, struct bs_str data)
{
	if (event)
		bs_buf_addf(out, "event: %s%s", event, eol(rule));
	bs_buf_addf(out, "data: %.*s%s%s", BS_FMT(data), eol(rule), eol(rule));
}

static void end_event(struct fault_events *out)
{
	if (out->count < sizeof(out->ends) / sizeof(out->ends[0]))
		out->ends[out->count++] = out->bytes.len;
}

static void put_event(struct fault_events *out, const struct fault_rule *rule, const char *event,
	const char *data)
{
	add_event(&out->bytes, rule, event, bs_str_c(data));
	end_event(out);
}

#define CHUNK_HEAD                                                                       \
	"{\"id\":\"chatcmpl-fault\",\"object\":\"chat.completion.chunk\",\"created\":1," \
	"\"model\":\"fault\","

// One delta. field: "content", "refusal", "reasoning_content".
static void add_delta(const struct fault_rule *rule, const struct fault_request *request,
	const char *field, struct bs_str text, struct bs_buf *out)
{
	struct bs_buf data;
	bs_buf_init(&data, FAULT_REPLY_BYTES_MAX);
	if (request->anthropic) {
		bool thinks = strcmp(field, "reasoning_content") == 0;
		bs_buf_addf(&data,
			"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"%s\",\"%s\":",
			thinks ? "thinking_delta" : "text_delta", thinks ? "thinking" : "text");
		put_text(&data, text);
		bs_buf_add_c(&data, "}}");
	} else {
		bs_buf_addf(
			&data, CHUNK_HEAD "\"choices\":[{\"index\":0,\"delta\":{\"%s\":", field);
		put_text(&data, text);
		bs_buf_add_c(&data, "},\"finish_reason\":null}]}");
	}
	add_event(out, rule, request->anthropic ? "content_block_delta" : NULL, bs_buf_str(&data));
	bs_buf_release(&data);
}

static void put_answer(const struct fault_rule *rule, const struct fault_request *request,
	struct bs_str answer, struct fault_events *out)
{
	const char *field = is_refusal(rule) ? "refusal" : "content";
	if (rule->answer == FAULT_ANSWER_REASONING) {
		field = "reasoning_content";
		answer = BS_LIT("Let me see what this log says, line by line.");
	}
	for (size_t at = 0, end; at < answer.len; at = end) {
		end = at + DELTA_BYTES;
		while (end < answer.len && ((unsigned char)answer.ptr[end] & 0xc0) == 0x80)
			end++; // a character is never cut in two
		add_delta(rule, request, field, bs_str_sub(answer, at, end - at), &out->bytes);
		end_event(out);
	}
}

static void put_error_event(const struct fault_rule *rule, const struct fault_request *request,
	struct fault_events *out)
{
	struct bs_buf error;
	bs_buf_init(&error, FAULT_REPLY_BYTES_MAX);
	fault_wire_error(rule, request, &error);
	add_event(&out->bytes, rule, request->anthropic ? "error" : NULL, bs_buf_str(&error));
	end_event(out);
	bs_buf_release(&error);
}

static void put_beginning(const struct fault_rule *rule, const struct fault_request *request,
	struct fault_events *out)
{
	if (!request->anthropic) {
		put_event(out, rule, NULL,
			CHUNK_HEAD "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
				   "\"content\":\"\",\"refusal\":null},\"finish_reason\":null}]}");
		return;
	}
	put_event(out, rule, "message_start",
		"{\"type\":\"message_start\",\"message\":{\"id\":\"msg_fault\",\"type\":\"message\","
		"\"role\":\"assistant\",\"model\":\"fault\",\"content\":[],\"stop_reason\":null,"
		"\"usage\":{\"input_tokens\":100,\"output_tokens\":1}}}");
	put_event(out, rule, "content_block_start",
		rule->answer == FAULT_ANSWER_REASONING
			? "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
			  "{\"type\":\"thinking\",\"thinking\":\"\"}}"
			: "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
			  "{\"type\":\"text\",\"text\":\"\"}}");
	put_event(out, rule, "ping", "{\"type\":\"ping\"}");
}

static void put_ending(const struct fault_rule *rule, const struct fault_request *request,
	struct fault_events *out)
{
	char data[400];
	struct stop stop = stop_of(rule);
	if (request->anthropic) {
		put_event(out, rule, "content_block_stop",
			"{\"type\":\"content_block_stop\",\"index\":0}");
		snprintf(data, sizeof(data),
			"{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"%s\","
			"\"stop_sequence\":null},\"usage\":{\"output_tokens\":50}}",
			stop.anthropic);
		put_event(out, rule, "message_delta", data);
		if (!rule->no_done)
			put_event(out, rule, "message_stop", "{\"type\":\"message_stop\"}");
		return;
	}
	snprintf(data, sizeof(data),
		CHUNK_HEAD "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}",
		stop.openai);
	put_event(out, rule, NULL, data);
	put_event(out, rule, NULL,
		CHUNK_HEAD "\"choices\":[],\"usage\":{\"prompt_tokens\":100,"
			   "\"completion_tokens\":50,\"total_tokens\":150}}");
	if (!rule->no_done)
		put_event(out, rule, NULL, "[DONE]");
}

void fault_wire_events(const struct fault_rule *rule, const struct fault_request *request,
	struct bs_str answer, struct fault_events *out)
{
	put_beginning(rule, request, out);
	out->content_from = out->count;
	put_answer(rule, request, answer, out);
	out->content_to = out->count;
	if (rule->error_after >= 0) {
		size_t keep = out->content_from + (size_t)rule->error_after;
		if (keep < out->count) {
			out->count = keep;
			bs_buf_cut(&out->bytes, out->ends[keep - 1]);
		}
		put_error_event(rule, request, out);
		return;
	}
	if (!rule->endless)
		put_ending(rule, request, out);
}

void fault_wire_ping(
	const struct fault_rule *rule, const struct fault_request *request, struct bs_buf *out)
{
	if (request->anthropic)
		add_event(out, rule, "ping", BS_LIT("{\"type\":\"ping\"}"));
	else
		bs_buf_addf(out, ": ping%s%s", eol(rule), eol(rule));
}

void fault_wire_filler(
	const struct fault_rule *rule, const struct fault_request *request, struct bs_buf *out)
{
	static const char filler[] = "and so on and so on and so on and so on and so on and so on ";
	if (request->stream && !rule->whole)
		add_delta(rule, request, "content", bs_str(filler, sizeof(filler) - 1), out);
	else
		for (int i = 0; i < 16; i++)
			bs_buf_add(out, bs_str(filler, sizeof(filler) - 1));
}
