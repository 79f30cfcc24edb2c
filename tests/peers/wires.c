// SPDX-License-Identifier: MIT
// Shows what the wire formats write and read, so that others' software can judge it.
//
//     wires bodies [PROVIDER/MODEL]…     every request body of every built-in provider and of the
//                                        routes named, a JSON line each: by mode, stream, re-ask
//     wires read WIRE whole|stream       a reply on standard input → what was understood of it
//     wires names                        the wire formats there are, a line each
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/ext/file.h"
#include "core/ext/json.h"
#include "core/llm/attempt.h"

static const char log_text[] =
	"list.c:42: assertion failed: count == 1\nError: \"3\" \\ \t\u00e4\n";

static int fail(const struct bs_err *err)
{
	fprintf(stderr, "wires: %s\n", err->msg);
	return 1;
}

// --- bodies

static void put_text(struct bs_json_writer *w, const char *key, const char *text)
{
	bs_json_put_key(w, key);
	bs_json_put_c(w, text);
}

static void put_flag(struct bs_json_writer *w, const char *key, bool value)
{
	bs_json_put_key(w, key);
	bs_json_put_bool(w, value);
}

static enum bs_status print_body(
	const struct bs_attempt_plan *plan, struct bs_arena *arena, struct bs_err *err)
{
	struct bs_buf body, line;
	struct bs_json_writer w;
	struct bs_excerpt sent;
	bs_buf_init(&body, BS_REQUEST_BYTES_MAX);
	bs_buf_init(&line, BS_REQUEST_BYTES_MAX + 4096);
	enum bs_status status = bs_attempt_build(plan, arena, &body, &sent, err);
	if (status == BS_OK) {
		bs_json_writer_init(&w, &line);
		bs_json_open(&w, '{');
		put_text(&w, "route", plan->route->name);
		put_text(&w, "provider", plan->route->provider);
		put_text(&w, "wire", plan->route->wire->name);
		put_text(&w, "model", plan->route->model);
		put_text(&w, "base_url", plan->route->base_url);
		put_text(&w, "url", plan->route->url);
		put_text(&w, "mode", bs_schema_mode_id(plan->order.mode));
		put_flag(&w, "stream", plan->route->stream);
		put_flag(&w, "reask", plan->order.reask);
		put_flag(&w, "plain", plan->order.dropped);
		bs_json_put_key(&w, "body");
		bs_json_put_raw(&w, bs_buf_str(&body));
		bs_json_close(&w, '}');
		puts(line.ptr ? line.ptr : "");
	}
	bs_buf_release(&line);
	bs_buf_release(&body);
	return status;
}

// Eight ways in each mode: streamed, asked again, without optional parameters.
static enum bs_status print_route(const struct bs_config *config, const char *name,
	struct bs_arena *arena, struct bs_err *err)
{
	struct bs_route route;
	struct bs_prompts prompts;
	struct bs_excerpt_line lines[2] = {{1, BS_LIT("x")}, {2, BS_LIT("y")}};
	struct bs_excerpt excerpt = {.text = bs_str_c(log_text),
		.lines = lines,
		.lines_count = 2,
		.input_lines = 2,
		.input_bytes = sizeof(log_text) - 1,
		.whole = true};
	extern char **environ; // addresses of some providers stand there
	enum bs_status status = bs_route_resolve(
		config, (const char *const *)environ, name, arena, &route, err);
	if (status == BS_OK)
		status = bs_prompts_load(NULL, arena, &prompts, err);
	for (unsigned i = 0; status == BS_OK && i < 8 * BS_SCHEMA_MODE_COUNT; i++) {
		route.stream = i & 1;
		struct bs_attempt_plan plan = {
			.route = &route,
			.order = {.mode = i / 8,
				.output_scale = 1,
				.excerpt_percent = 100,
				.reask = i & 2,
				.dropped = i & 4 ? BS_PARAMS_UNNAMED : 0},
			.prompts = &prompts,
			.excerpt = &excerpt,
			.ending = {.exit_status = 1},
			.nonce = {1, 2},
			.last_answer = BS_LIT("{\"headline\":3}"),
			.errors = BS_LIT("headline: expected a string\n"),
		};
		if (route.stream && !route.wire->read_event)
			continue;
		if (route.wire->modes & 1u << plan.order.mode)
			status = print_body(&plan, arena, err);
	}
	return status;
}

static int print_bodies(char **routes, struct bs_arena *arena)
{
	struct bs_err err = {0};
	struct bs_config config;
	enum bs_status status = bs_config_defaults(&config, arena, &err);
	const struct bs_provider *provider;
	for (size_t i = 0; status == BS_OK && (provider = bs_provider_at(i)); i++) {
		const char *name = bs_arena_printf(arena, "%s/%s", provider->name,
			provider->model ? provider->model : "any-model");
		status = name ? print_route(&config, name, arena, &err) : bs_fail_nomem(&err);
	}
	for (; status == BS_OK && *routes; routes++)
		status = print_route(&config, *routes, arena, &err);
	return status == BS_OK ? 0 : fail(&err);
}

// --- replies

static const char *const stops[] = {
	[BS_STOP_NONE] = "none",
	[BS_STOP_COMPLETE] = "complete",
	[BS_STOP_TRUNCATED] = "truncated",
	[BS_STOP_REFUSED] = "refused",
	[BS_STOP_FILTERED] = "filtered",
	[BS_STOP_CONTEXT_EXCEEDED] = "context_exceeded",
	[BS_STOP_PROVIDER_ERROR] = "provider_error",
	[BS_STOP_UNKNOWN] = "unknown",
};

struct reading {
	const struct bs_wire *wire;
	struct bs_reply reply;
};

static enum bs_status take_event(
	void *ctx, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	struct reading *r = ctx;
	return r->wire->read_event(&r->reply, event, data, err);
}

static enum bs_status feed(struct reading *r, bool stream, struct bs_str body, struct bs_err *err)
{
	struct bs_stream events;
	if (!stream)
		return r->wire->read(&r->reply, body, err);
	bs_stream_init(&events, (struct bs_stream_sink){take_event, r});
	events.lines = r->wire->framing == BS_FRAMING_LINES;
	enum bs_status status = bs_stream_feed(&events, body, err);
	bs_stream_release(&events);
	return status;
}

static void put_slice(struct bs_json_writer *w, const char *key, struct bs_str text)
{
	bs_json_put_key(w, key);
	bs_json_put_str(w, text);
}

static void put_count(struct bs_json_writer *w, const char *key, uint64_t count)
{
	bs_json_put_key(w, key);
	bs_json_put_i64(w, (int64_t)count);
}

static void print_reply(const struct bs_reply *reply)
{
	struct bs_buf out;
	struct bs_json_writer w;
	bs_buf_init(&out, BS_JSON_BYTES_MAX);
	bs_json_writer_init(&w, &out);
	bs_json_open(&w, '{');
	put_slice(&w, "text", bs_buf_str(&reply->text));
	put_slice(&w, "refusal", bs_buf_str(&reply->refusal));
	put_text(&w, "stop", stops[reply->stop]);
	put_slice(&w, "model", reply->model);
	put_count(&w, "input", reply->usage.input_tokens);
	put_count(&w, "output", reply->usage.output_tokens);
	put_count(&w, "cached", reply->usage.cached_tokens);
	put_count(&w, "skipped", reply->skipped_events);
	put_flag(&w, "finished", reply->saw_finish);
	put_flag(&w, "sentinel", reply->saw_sentinel);
	put_flag(&w, "tool", reply->from_tool);
	put_flag(&w, "error", reply->error.present);
	put_slice(&w, "error_message", reply->error.message);
	bs_json_close(&w, '}');
	puts(out.ptr ? out.ptr : "");
	bs_buf_release(&out);
}

static int read_reply(const char *name, const char *how, struct bs_arena *arena)
{
	static char bytes[1 << 20];
	struct bs_err err = {0};
	unsigned quirks;
	struct reading r = {.wire = bs_wire_find(name, &quirks)};
	bool stream = strcmp(how, "stream") == 0;
	size_t length = fread(bytes, 1, sizeof(bytes), stdin);
	if (!r.wire || (stream && !r.wire->read_event)) {
		fprintf(stderr, "wires: %s has no %s\n", name, how);
		return 2;
	}
	bs_reply_init(&r.reply, arena);
	enum bs_status status = feed(&r, stream, bs_str(bytes, length), &err);
	if (status == BS_OK)
		print_reply(&r.reply);
	bs_reply_release(&r.reply);
	return status == BS_OK ? 0 : fail(&err);
}

static int print_names(void)
{
	const struct bs_wire *wire;
	for (size_t i = 0; (wire = bs_wire_at(i)); i++)
		puts(wire->name);
	return 0;
}

int main(int argc, char **argv)
{
	struct bs_arena arena;
	int status = 2;
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	if (argc > 1 && strcmp(argv[1], "bodies") == 0)
		status = print_bodies(argv + 2, &arena);
	else if (argc == 4 && strcmp(argv[1], "read") == 0)
		status = read_reply(argv[2], argv[3], &arena);
	else if (argc == 2 && strcmp(argv[1], "names") == 0)
		status = print_names();
	else
		fputs("usage: wires bodies [ROUTE]... | read WIRE whole|stream | names\n", stderr);
	bs_arena_release(&arena);
	return status;
}
