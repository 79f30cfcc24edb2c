// SPDX-License-Identifier: MIT
// The plan of a reply: its bytes, in parts, and when each part is sent.
#include <stdlib.h>

#include "core/fault/wire.h"

// --- parts

static struct bs_fault_part *add_part(struct bs_fault_plan *plan, size_t from, int64_t wait_ms)
{
	static struct bs_fault_part nowhere; // written to when memory is out
	if (plan->parts_count == plan->parts_cap) {
		size_t cap = plan->parts_cap ? plan->parts_cap * 2 : 64;
		struct bs_fault_part *parts = cap > BS_FAULT_PARTS_MAX
						      ? NULL
						      : realloc(plan->parts, cap * sizeof(*parts));
		if (!parts) {
			plan->failed = true;
			return &nowhere;
		}
		plan->parts = parts;
		plan->parts_cap = cap;
	}
	struct bs_fault_part *part = &plan->parts[plan->parts_count++];
	*part = (struct bs_fault_part){
		.from = from, .len = plan->bytes.len - from, .wait_ms = wait_ms, .times = 1};
	return part;
}

void bs_fault_plan_release(struct bs_fault_plan *plan)
{
	bs_buf_release(&plan->bytes);
	free(plan->parts);
	*plan = (struct bs_fault_plan){.parts = NULL};
}

// --- the body: pieces, framed

enum framing {
	BY_LENGTH,
	BY_CHUNKS,
	BY_CLOSE,
};

// One piece of the body as a part of its own.
static struct bs_fault_part *add_piece(
	struct bs_fault_plan *plan, enum framing framing, struct bs_str piece, int64_t wait_ms)
{
	size_t from = plan->bytes.len;
	if (framing == BY_CHUNKS)
		bs_buf_addf(&plan->bytes, "%zx\r\n", piece.len);
	bs_buf_add(&plan->bytes, piece);
	if (framing == BY_CHUNKS)
		bs_buf_add_c(&plan->bytes, "\r\n");
	return add_part(plan, from, wait_ms);
}

// The body in pieces: at the events' ends, or at every `split` bytes.
static void add_pieces(struct bs_fault_plan *plan, const struct bs_fault_rule *rule,
	enum framing framing, struct bs_str body, const size_t *ends, size_t ends_count)
{
	size_t at = 0, index = 0;
	while (at < body.len) {
		size_t end = body.len;
		if (rule->split > 0)
			end = at + (size_t)rule->split;
		else if (index < ends_count)
			end = ends[index++];
		if (end > body.len)
			end = body.len;
		if (rule->bad_chunk && at && at >= body.len / 2) {
			size_t from = plan->bytes.len;
			bs_buf_add_c(&plan->bytes, "no size at all\r\n");
			add_part(plan, from, 0);
			return;
		}
		bool paced = rule->gap_ms > 0 && at;
		struct bs_fault_part *part = add_piece(
			plan, framing, bs_str_sub(body, at, end - at), paced ? rule->gap_ms : 0);
		part->rate = rule->drip > 0 ? (uint64_t)rule->drip : 0;
		at = end;
	}
}

// Cuts the parts from `first` on after `bytes` bytes. The rest is dropped, or sent after wait_ms.
static void break_parts(
	struct bs_fault_plan *plan, size_t first, uint64_t bytes, bool drop, int64_t wait_ms)
{
	for (size_t i = first; i < plan->parts_count; i++) {
		struct bs_fault_part *part = &plan->parts[i];
		if (bytes >= part->len) {
			bytes -= part->len;
			continue;
		}
		if (drop) {
			part->len = (size_t)bytes;
			plan->parts_count = i + 1;
			return;
		}
		struct bs_fault_part rest = *part;
		part->len = (size_t)bytes;
		rest.from += (size_t)bytes;
		rest.len -= (size_t)bytes;
		rest.wait_ms = wait_ms;
		add_part(plan, plan->bytes.len, 0);
		if (plan->failed)
			return;
		memmove(&plan->parts[i + 2], &plan->parts[i + 1],
			(plan->parts_count - i - 2) * sizeof(*part));
		plan->parts[i + 1] = rest;
		return;
	}
}

// --- the head

static const char *reason_of(int64_t status)
{
	static const struct {
		int64_t status;
		const char *reason;
	} reasons[] = {{200, "OK"}, {307, "Temporary Redirect"}, {400, "Bad Request"},
		{401, "Unauthorized"}, {404, "Not Found"}, {429, "Too Many Requests"},
		{500, "Internal Server Error"}, {502, "Bad Gateway"}, {503, "Service Unavailable"}};
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Whatever";
}

static void add_head(struct bs_fault_plan *plan, const struct bs_fault_rule *rule, int64_t status,
	enum framing framing, const char *type, size_t body_bytes)
{
	struct bs_buf *out = &plan->bytes;
	struct bs_str version = rule->version.ptr ? rule->version : BS_LIT("HTTP/1.1");
	bs_buf_addf(out, "%.*s %lld %s\r\n", BS_FMT(version), (long long)status, reason_of(status));
	if (rule->type.ptr)
		bs_buf_addf(out, "Content-Type: %.*s\r\n", BS_FMT(rule->type));
	else
		bs_buf_addf(out, "Content-Type: %s\r\n", type);
	if (rule->redirect.ptr)
		bs_buf_addf(out, "Location: %.*s\r\n", BS_FMT(rule->redirect));
	for (size_t i = 0; i < rule->headers_count; i++)
		bs_buf_addf(out, "%.*s\r\n", BS_FMT(rule->headers[i]));
	if (rule->huge_header >= 0) {
		bs_buf_add_c(out, "X-Huge: ");
		for (int64_t i = 0; i < rule->huge_header && !out->failed; i++)
			bs_buf_add_char(out, 'h');
		bs_buf_add_c(out, "\r\n");
	}
	if (framing == BY_CHUNKS)
		bs_buf_add_c(out, "Transfer-Encoding: chunked\r\n");
	if (framing == BY_LENGTH)
		bs_buf_addf(out, "Content-Length: %lld\r\n", (long long)body_bytes + rule->length);
	if (framing == BY_CLOSE)
		bs_buf_add_c(out, "Connection: close\r\n");
	bs_buf_add_c(out, "\r\n");
}

// --- all of it

static bool is_ok(int64_t status)
{
	return status >= 200 && status < 300;
}

static void add_waiting(struct bs_fault_plan *plan, const struct bs_fault_rule *rule,
	const struct bs_fault_request *request, enum framing framing)
{
	if (rule->ping_ms < 0) {
		if (rule->first_token_ms >= 0)
			add_part(plan, plan->bytes.len, rule->first_token_ms);
		return;
	}
	struct bs_buf ping;
	bs_buf_init(&ping, 1000);
	bs_fault_wire_ping(rule, request, &ping);
	int64_t every_ms = rule->ping_ms > 0 ? rule->ping_ms : 1;
	struct bs_fault_part *part = add_piece(plan, framing, bs_buf_str(&ping), 0);
	bool ends = rule->first_token_ms >= 0 && rule->first_token_ms != BS_FAULT_FOREVER_MS;
	part->times = ends ? (uint64_t)(rule->first_token_ms / every_ms) + 1 : 0;
	part->every_ms = every_ms;
	bs_buf_release(&ping);
}

static void add_filler(struct bs_fault_plan *plan, const struct bs_fault_rule *rule,
	const struct bs_fault_request *request, enum framing framing)
{
	struct bs_buf filler;
	bs_buf_init(&filler, 10000);
	bs_fault_wire_filler(rule, request, &filler);
	struct bs_fault_part *part = add_piece(plan, framing, bs_buf_str(&filler), 0);
	part->times = 0;
	part->every_ms = rule->gap_ms > 0 ? rule->gap_ms : 0;
	part->rate = rule->drip > 0 ? (uint64_t)rule->drip : 0;
	bs_buf_release(&filler);
}

static enum framing choose_framing(const struct bs_fault_rule *rule, bool stream)
{
	if (rule->framing == BS_FAULT_FRAMING_LENGTH || rule->length_said)
		return BY_LENGTH;
	if (rule->framing == BS_FAULT_FRAMING_CLOSE)
		return BY_CLOSE;
	bool chunks = stream || rule->endless || rule->bad_chunk || rule->no_terminator;
	return chunks || rule->framing == BS_FAULT_FRAMING_CHUNKED ? BY_CHUNKS : BY_LENGTH;
}

static enum bs_fault_end choose_end(const struct bs_fault_rule *rule,
	const struct bs_fault_request *request, enum framing framing)
{
	if (rule->hold)
		return BS_FAULT_END_HOLD;
	if (rule->rst)
		return BS_FAULT_END_RST;
	bool broken = rule->cut >= 0 || rule->bad_chunk || rule->no_terminator || rule->length_said;
	return broken || framing == BY_CLOSE || !request->keep_alive ? BS_FAULT_END_FIN
								     : BS_FAULT_END_KEEP;
}

// The body's bytes; for a stream also where its events end.
static void make_body(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	bool stream, int64_t status, struct bs_fault_events *out)
{
	static const char page[] =
		"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
		"<body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>\n";
	if (rule->body.ptr)
		bs_buf_add(&out->bytes, rule->body);
	else if (rule->html)
		bs_buf_add_c(&out->bytes, page);
	else if (rule->error || !is_ok(status))
		bs_fault_wire_error(rule, request, &out->bytes);
	else {
		struct bs_buf answer;
		bs_buf_init(&answer, BS_FAULT_REPLY_BYTES_MAX);
		bs_fault_answer_write(rule, request, &answer);
		if (stream)
			bs_fault_wire_events(rule, request, bs_buf_str(&answer), out);
		else
			bs_fault_wire_whole(rule, request, bs_buf_str(&answer), &out->bytes);
		bs_buf_release(&answer);
	}
}

static void add_before_head(
	struct bs_fault_plan *plan, const struct bs_fault_rule *rule, int64_t latency_ms)
{
	add_part(plan, plan->bytes.len, latency_ms);
	if (rule->interim < 0)
		return;
	size_t from = plan->bytes.len;
	bs_buf_add_c(&plan->bytes, "HTTP/1.1 100 Continue\r\n\r\n");
	add_part(plan, from, 0)->times = (uint64_t)rule->interim;
}

void bs_fault_plan_make(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	int64_t latency_ms, struct bs_fault_plan *plan)
{
	bs_buf_init(&plan->bytes, BS_FAULT_REPLY_BYTES_MAX);
	add_before_head(plan, rule, rule->latency_ms >= 0 ? rule->latency_ms : latency_ms);
	if (rule->reset || rule->close || rule->raw.ptr) {
		size_t raw_from = plan->bytes.len;
		bs_buf_add(&plan->bytes, rule->raw.ptr ? rule->raw : BS_LIT(""));
		add_part(plan, raw_from, 0);
		plan->end = rule->reset || rule->rst ? BS_FAULT_END_RST
			    : rule->hold             ? BS_FAULT_END_HOLD
						     : BS_FAULT_END_FIN;
		return;
	}
	int64_t status = rule->status >= 0 ? rule->status : rule->redirect.ptr ? 307 : 200;
	bool answers = is_ok(status) && !rule->body.ptr && !rule->html && !rule->error;
	bool stream = request->stream && !rule->whole && answers;
	enum framing framing = choose_framing(rule, stream);
	struct bs_fault_events *events = calloc(1, sizeof(*events));
	if (!events) {
		plan->failed = true;
		return;
	}
	bs_buf_init(&events->bytes, BS_FAULT_REPLY_BYTES_MAX);
	make_body(rule, request, stream, status, events);

	static const char *const streams[] = {[BS_FAULT_WIRE_EVENTS] = "text/event-stream",
		[BS_FAULT_WIRE_LINES] = "application/x-ndjson",
		[BS_FAULT_WIRE_FRAMES] = "application/vnd.amazon.eventstream"};
	const char *type = rule->html ? "text/html"
			   : stream   ? streams[request->wire->framing]
				      : "application/json";
	size_t from = plan->bytes.len;
	add_head(plan, rule, status, framing, type, events->bytes.len);
	struct bs_fault_part *head = add_part(plan, from, 0);
	head->rate = rule->slow_head > 0 ? (uint64_t)rule->slow_head : 0;
	size_t first = plan->parts_count;
	add_waiting(plan, rule, request, framing);
	size_t first_of_body = plan->parts_count;
	add_pieces(plan, rule, framing, bs_buf_str(&events->bytes), events->ends, events->count);
	if (rule->endless)
		add_filler(plan, rule, request, framing);
	if (framing == BY_CHUNKS && !rule->no_terminator && !rule->bad_chunk) {
		from = plan->bytes.len;
		bs_buf_add_c(&plan->bytes, "0\r\n\r\n");
		add_part(plan, from, 0);
	}
	if (rule->stall >= 0)
		break_parts(plan, first_of_body, (uint64_t)rule->stall, false, rule->stall_ms);
	if (rule->cut >= 0)
		break_parts(plan, first, (uint64_t)rule->cut, true, 0);
	plan->end = choose_end(rule, request, framing);
	plan->failed = plan->failed || plan->bytes.failed != BS_OK;
	bs_buf_release(&events->bytes);
	free(events);
}
