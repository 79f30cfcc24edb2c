// SPDX-License-Identifier: MIT
// Replays router scripts on a fake clock: replay FILE… prints one TAP line a section.
//
// The format is told in tests/router/README.md.
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/str.h"
#include "core/config/config.h"
#include "core/llm/health.h"
#include "core/llm/router.h"

#define WALL_MS INT64_C(1700000000000) // when a play begins

static const char *const outcome_ids[] = {
#define X(name, id) id,
	BS_OUTCOMES(X)
#undef X
};
static const char *const mode_ids[] = {
#define X(name, id) id,
	BS_SCHEMA_MODES(X)
#undef X
};

struct script {
	const char *path;
	int line_number;
	struct bs_router_config config;
	char names[BS_ROUTES_MAX][32];
};

struct play {
	struct script *script;
	struct bs_router router;
	int64_t now_ms, due_ms; // due: of the last wait, or now
	bool begun, waiting, ended;
	struct bs_buf problem;
	// Between the runs of a section.
	struct bs_health health;
	struct bs_health_ids ids;
	int64_t jumped_ms; // the wall clock, ahead of the true time
	struct {
		int64_t started_ms, first_token_ms; // by attempt; -1: none
	} seen[BS_ATTEMPTS_MAX];
};

#define FAILED(play, ...)                                                      \
	do {                                                                   \
		bs_buf_addf(&(play)->problem, "%s:%d: ", (play)->script->path, \
			(play)->script->line_number);                          \
		bs_buf_addf(&(play)->problem, __VA_ARGS__);                    \
		bs_buf_add_char(&(play)->problem, '\n');                       \
	} while (0)

// --- words

static struct bs_str next_word(struct bs_str *line)
{
	*line = bs_str_trim(*line);
	size_t len = 0;
	while (len < line->len && !bs_is_space(line->ptr[len]))
		len++;
	struct bs_str word = bs_str_sub(*line, 0, len);
	*line = bs_str_trim(bs_str_from(*line, len));
	return word;
}

// "key=value" → true and both parts; "flag" → the flag and "1".
static void split_pair(struct bs_str word, struct bs_str *ret_name, struct bs_str *ret_value)
{
	size_t at = bs_str_find_char(word, '=');
	*ret_name = bs_str_sub(word, 0, at);
	*ret_value = at < word.len ? bs_str_from(word, at + 1) : BS_LIT("1");
}

// "1.5s", "300ms", "1.5" (seconds); "never" is -1.
static bool parse_time(struct bs_str text, int64_t *ret_ms)
{
	char copy[32];
	if (!text.len || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	char *end = NULL;
	double number = strtod(copy, &end);
	bool ms = strcmp(end, "ms") == 0;
	if (end == copy || (*end && !ms && strcmp(end, "s") != 0))
		return false;
	double scaled = ms ? number : number * 1000;
	*ret_ms = (int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5));
	return true;
}

static int64_t number_of(struct play *play, struct bs_str text, bool time)
{
	uint64_t number = 0;
	int64_t ms = 0;
	if (time ? parse_time(text, &ms) : bs_str_to_u64(text, &number))
		return time ? ms : (int64_t)number;
	FAILED(play, "not a %s: %.*s", time ? "time" : "number", BS_FMT(text));
	return 0;
}

static size_t index_of(struct play *play, struct bs_str word, const char *const *list, size_t count,
	const char *what)
{
	for (size_t i = 0; i < count; i++)
		if (bs_str_eq_c(word, list[i]))
			return i;
	FAILED(play, "unknown %s: %.*s", what, BS_FMT(word));
	return 0;
}

static size_t route_of(struct play *play, struct bs_str name)
{
	for (size_t i = 0; i < play->script->config.routes_count; i++)
		if (bs_str_eq_c(name, play->script->names[i]))
			return i;
	FAILED(play, "unknown route: %.*s", BS_FMT(name));
	return 0;
}

// "max_tokens,store"; max_tokens* is its usual name.
static const char *const param_words[] = {"max_tokens", "max_tokens*", "reasoning_effort",
	"prompt_cache_key", "chat_template_kwargs", "stream_options", "store", "stream"};

static unsigned params_of(struct play *play, struct bs_str list)
{
	unsigned params = 0;
	struct bs_str word;
	while (list.len && bs_str_split(&list, ',', &word))
		params |= 1u << index_of(play, word, param_words, 8, "parameter");
	return params;
}

static void print_dropped(unsigned dropped, struct bs_buf *out)
{
	const char *between = " dropped=";
	for (size_t i = 0; i < 8; i++) {
		if (!(dropped & 1u << i))
			continue;
		bs_buf_addf(out, "%s%s", between, param_words[i]);
		between = ",";
	}
}

// --- what stands before the play: routes and budgets

static void add_route(struct play *play, struct bs_str rest)
{
	struct script *script = play->script;
	size_t index = script->config.routes_count;
	struct bs_str word = next_word(&rest), name, value;
	assert(index < BS_ROUTES_MAX && word.len < sizeof(script->names[0]));
	memcpy(script->names[index], word.ptr, word.len);
	script->names[index][word.len] = '\0';
	script->config.routes_count++;
	struct bs_router_route *route = &script->config.routes[index];
	*route = (struct bs_router_route){.host = (unsigned)index,
		.keys_count = 1,
		.params = BS_PARAM_LIMIT | BS_PARAM_EFFORT | BS_PARAM_STORE,
		.cost_unbounded_pico_usd = BS_ROUTER_COST_UNKNOWN,
		.modes = (1u << BS_SCHEMA_MODE_COUNT) - 1,
		.connect_ms = 2000,
		.first_token_ms = 4000,
		.idle_ms = 4000,
		.attempt_ms = 15000};
	size_t keys_from = index;
	while ((word = next_word(&rest)).len) {
		split_pair(word, &name, &value);
		if (bs_str_eq_c(name, "keys"))
			route->keys_count = (size_t)number_of(play, value, false);
		else if (bs_str_eq_c(name, "host"))
			route->host = script->config.routes[route_of(play, value)].host;
		else if (bs_str_eq_c(name, "keys_of"))
			keys_from = route_of(play, value);
		else if (bs_str_eq_c(name, "window"))
			route->window_bytes = (uint64_t)number_of(play, value, false);
		else if (bs_str_eq_c(name, "input_cost"))
			route->cost_input_pico_usd = (uint64_t)number_of(play, value, false);
		else if (bs_str_eq_c(name, "output_cost"))
			route->cost_output_pico_usd = (uint64_t)number_of(play, value, false);
		else if (bs_str_eq_c(name, "unbounded_cost"))
			route->cost_unbounded_pico_usd = (uint64_t)number_of(play, value, false);
		else if (bs_str_eq_c(name, "params"))
			route->params = params_of(play, value);
		else if (bs_str_eq_c(name, "reask_cost"))
			route->cost_reask_pico_usd = (uint64_t)number_of(play, value, false);
		else if (bs_str_eq_c(name, "skip"))
			route->skip_until_ms = number_of(play, value, true);
		else if (bs_str_eq_c(name, "connect"))
			route->connect_ms = number_of(play, value, true);
		else if (bs_str_eq_c(name, "first_token"))
			route->first_token_ms = number_of(play, value, true);
		else if (bs_str_eq_c(name, "idle"))
			route->idle_ms = number_of(play, value, true);
		else if (bs_str_eq_c(name, "attempt"))
			route->attempt_ms = number_of(play, value, true);
		else if (bs_str_eq_c(name, "modes")) {
			route->modes = 0;
			route->best_mode = BS_SCHEMA_MODE_COUNT;
			struct bs_str mode;
			while (bs_str_split(&value, ',', &mode)) {
				size_t m = index_of(
					play, mode, mode_ids, BS_SCHEMA_MODE_COUNT, "mode");
				route->modes |= 1u << m;
				if (m < route->best_mode)
					route->best_mode = (enum bs_schema_mode)m;
			}
		} else
			FAILED(play, "unknown word of a route: %.*s", BS_FMT(word));
	}
	for (unsigned i = 0; i < route->keys_count; i++)
		route->key_ids[i] = (unsigned)keys_from * BS_KEYS_MAX + i;
}

static bool set_budget(struct play *play, struct bs_str word, struct bs_str rest)
{
	struct bs_router_config *config = &play->script->config;
	if (bs_str_eq_c(word, "route"))
		add_route(play, rest);
	else if (bs_str_eq_c(word, "deadline"))
		config->deadline_ms = number_of(play, rest, true);
	else if (bs_str_eq_c(word, "attempts"))
		config->attempts_max = (unsigned)number_of(play, rest, false);
	else if (bs_str_eq_c(word, "sends"))
		config->sends_per_route_max = (unsigned)number_of(play, rest, false);
	else if (bs_str_eq_c(word, "ceiling"))
		config->cost_max_pico_usd = (uint64_t)number_of(play, rest, false);
	else if (bs_str_eq_c(word, "seed"))
		config->seed = (uint64_t)number_of(play, rest, false);
	else if (bs_str_eq_c(word, "on_refusal"))
		config->refusal_goes_next = bs_str_eq_c(rest, "next");
	else if (bs_str_eq_c(word, "hedge"))
		config->hedge_ms = bs_str_eq_c(rest, "off")    ? BS_HEDGE_OFF
				   : bs_str_eq_c(rest, "auto") ? BS_HEDGE_AUTO
							       : number_of(play, rest, true);
	else
		return false;
	return true;
}

// --- between runs: what core/llm/chain_health.c does with a file

static int64_t wall_ms(const struct play *play)
{
	return WALL_MS + play->now_ms + play->jumped_ms;
}

static void name_routes(struct play *play)
{
	const struct bs_router_config *config = &play->script->config;
	play->ids.routes_count = config->routes_count;
	for (size_t i = 0; i < config->routes_count; i++) {
		const struct bs_router_route *route = &config->routes[i];
		play->ids.routes[i].route = i + 1;
		play->ids.routes[i].keys_count = route->keys_count ? route->keys_count : 1;
		play->ids.routes[i].keys[0] = 1000 + i;
		for (size_t k = 0; k < route->keys_count; k++)
			play->ids.routes[i].keys[k] = 2000 + route->key_ids[k];
	}
}

static void begin_run(struct play *play)
{
	struct bs_router_config config = play->script->config;
	if (!play->ids.run) {
		bs_health_init(&play->health, &(struct bs_salt){{1, 2}});
		name_routes(play);
	}
	play->ids.run++;
	config.seed += play->ids.run;
	bs_health_settle(&play->health, wall_ms(play));
	bs_health_claim(&play->health, &play->ids, config.deadline_ms, wall_ms(play));
	if (play->ids.run > 1) // the first one finds no file
		bs_health_advise(&play->health, &play->ids, wall_ms(play), play->now_ms, &config);
	bs_router_init(&play->router, &config, play->now_ms);
	play->ended = play->waiting = false;
	play->due_ms = play->now_ms;
}

static void note(struct play *play, unsigned id, const struct bs_try_result *result)
{
	const struct bs_try *order = &play->router.attempts[id].order;
	const struct bs_router_route *route = &play->router.config.routes[order->route];
	struct bs_health_event event = {.order = *order,
		.result = *result,
		.elapsed_ms = play->now_ms - play->seen[id].started_ms,
		.at_ms = wall_ms(play),
		.chance = play->ids.run * 7919 + id * 104729,
		.streams = true,
		.cut_short = order->attempt_ms < route->attempt_ms &&
			     order->attempt_ms < route->first_token_ms};
	if (play->seen[id].first_token_ms >= 0)
		event.result.first_token_ms = play->seen[id].first_token_ms -
					      play->seen[id].started_ms;
	bs_health_note(&play->health, &play->ids, &event);
	play->health.saved_ms = wall_ms(play);
}

// What may stand between two runs.
static bool change_run(struct play *play, struct bs_str word, struct bs_str rest)
{
	if (bs_str_eq_c(word, "run")) {
		bs_health_release(&play->health, &play->ids);
		begin_run(play);
	} else if (bs_str_eq_c(word, "clock")) {
		play->jumped_ms += number_of(play, rest, true);
	} else {
		return false;
	}
	return true;
}

// --- events: what happens to the router

static void tell_done(struct play *play, struct bs_str rest)
{
	unsigned id = (unsigned)number_of(play, next_word(&rest), false);
	struct bs_try_result result = {
		.retry_after_ms = -1, .first_token_ms = -1, .should_retry = -1};
	result.outcome = (enum bs_outcome)index_of(
		play, next_word(&rest), outcome_ids, BS_OUTCOME_COUNT, "outcome");
	result.connected = result.outcome != BS_OUTCOME_UNREACHABLE;
	struct bs_str word, name, value;
	while ((word = next_word(&rest)).len) {
		split_pair(word, &name, &value);
		if (bs_str_eq_c(name, "http"))
			result.http_status = (int)number_of(play, value, false);
		else if (bs_str_eq_c(name, "retry_after"))
			result.retry_after_ms = number_of(play, value, true);
		else if (bs_str_eq_c(name, "should_retry"))
			result.should_retry = (int)number_of(play, value, false);
		else if (bs_str_eq_c(name, "connected"))
			result.connected = number_of(play, value, false) != 0;
		else if (bs_str_eq_c(name, "cost"))
			result.cost = (struct bs_cost){
				true, (uint64_t)number_of(play, value, false)};
		else if (bs_str_eq_c(name, "parameter")) {
			result.parameter_refused = true;
			result.params = bs_str_eq_c(value, "1") ? 0 : params_of(play, value);
		} else if (bs_str_eq_c(name, "allowed"))
			result.output_tokens_max = (unsigned)number_of(play, value, false);
		else if (bs_str_eq_c(name, "remaining_zero"))
			result.remaining_zero = true;
		else
			FAILED(play, "unknown word of a result: %.*s", BS_FMT(word));
	}
	if (id >= play->router.attempts_count || !play->router.attempts[id].running) {
		FAILED(play, "attempt %u is not under way", id);
	} else if (!play->problem.len) {
		note(play, id, &result);
		bs_router_done(&play->router, id, &result, play->now_ms);
	}
}

static bool tell(struct play *play, struct bs_str word, struct bs_str rest)
{
	if (bs_str_eq_c(word, "done"))
		tell_done(play, rest);
	else if (bs_str_eq_c(word, "first_token")) {
		unsigned id = (unsigned)number_of(play, rest, false);
		bs_router_first_token(&play->router, id, play->now_ms);
		play->seen[id].first_token_ms = play->now_ms;
	} else if (bs_str_eq_c(word, "signal"))
		bs_router_cancel(&play->router, play->now_ms);
	else
		return false;
	return true;
}

// --- actions: what the router must answer

static void print_action(struct play *play, const struct bs_action *action, struct bs_buf *out)
{
	const struct bs_try *order = &action->attempt;
	switch (action->kind) {
	case BS_ACTION_START:
		bs_buf_addf(out, "start %u %s", order->id, play->script->names[order->route]);
		if (order->key)
			bs_buf_addf(out, " key=%zu", order->key);
		if (order->mode != play->script->config.routes[order->route].best_mode)
			bs_buf_addf(out, " mode=%s", mode_ids[order->mode]);
		if (order->output_scale != 1)
			bs_buf_addf(out, " output=%u", order->output_scale);
		if (order->output_tokens_max)
			bs_buf_addf(out, " tokens=%u", order->output_tokens_max);
		if (order->excerpt_percent != 100)
			bs_buf_addf(out, " excerpt=%u", order->excerpt_percent);
		if (order->reask)
			bs_buf_add_c(out, " reask");
		if (order->fresh_connection)
			bs_buf_add_c(out, " fresh");
		if (order->hedge)
			bs_buf_add_c(out, " hedge");
		print_dropped(order->dropped, out);
		return;
	case BS_ACTION_CANCEL:
		bs_buf_addf(out, "cancel %u %s", order->id, outcome_ids[action->reason]);
		return;
	case BS_ACTION_WAIT:
		bs_buf_addf(out, "wait %" PRId64 ".%03" PRId64, action->until_ms / 1000,
			action->until_ms % 1000);
		return;
	case BS_ACTION_ACCEPT:
		bs_buf_addf(out, "accept %u", order->id);
		return;
	case BS_ACTION_GIVE_UP:
		bs_buf_addf(out, "give_up %s", outcome_ids[action->reason]);
		return;
	}
}

// "wait 1.5", "wait 0.1..0.3" or "wait deadline".
static bool wait_fits(struct play *play, int64_t until_ms, struct bs_str rest)
{
	if (bs_str_eq_c(rest, "deadline"))
		return until_ms == play->router.deadline.at_ms;
	size_t dots = bs_str_find(rest, BS_LIT(".."));
	if (dots == SIZE_MAX)
		return until_ms == number_of(play, rest, true);
	return until_ms >= number_of(play, bs_str_sub(rest, 0, dots), true) &&
	       until_ms <= number_of(play, bs_str_from(rest, dots + 2), true);
}

// Limits that a start line may name: "attempt=3s first_token=3s"; they are taken off the line.
static void check_limits(struct play *play, const struct bs_try *order, struct bs_str rest,
	struct bs_buf *without_limits)
{
	const struct {
		const char *name;
		int64_t ms;
	} limits[] = {{"connect", order->connect_ms}, {"first_token", order->first_token_ms},
		{"idle", order->idle_ms}, {"attempt", order->attempt_ms}};
	struct bs_str word, name, value;
	while ((word = next_word(&rest)).len) {
		bool is_limit = false;
		split_pair(word, &name, &value);
		for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
			if (!bs_str_eq_c(name, limits[i].name))
				continue;
			is_limit = true;
			if (number_of(play, value, true) != limits[i].ms)
				FAILED(play, "%s is %" PRId64 " ms, expected %.*s", limits[i].name,
					limits[i].ms, BS_FMT(value));
		}
		if (!is_limit)
			bs_buf_addf(without_limits, "%s%.*s", without_limits->len ? " " : "",
				BS_FMT(word));
	}
}

static void expect(struct play *play, struct bs_str word, struct bs_str line)
{
	struct bs_action action = bs_router_next(&play->router, play->now_ms);
	struct bs_buf got, wanted;
	bs_buf_init(&got, 1000);
	bs_buf_init(&wanted, 1000);
	print_action(play, &action, &got);
	if (action.kind == BS_ACTION_START)
		check_limits(play, &action.attempt, line, &wanted);
	else
		bs_buf_add(&wanted, line);
	bool fits = bs_str_eq(bs_buf_str(&got), bs_buf_str(&wanted));
	if (action.kind == BS_ACTION_WAIT && bs_str_eq_c(word, "wait"))
		fits = wait_fits(play, action.until_ms, bs_str_trim(bs_str_from(line, 4)));
	if (!fits)
		FAILED(play, "at %.3f s expected: %.*s\n    got: %.*s", (double)play->now_ms / 1000,
			BS_FMT(bs_buf_str(&wanted)), BS_FMT(bs_buf_str(&got)));
	if (action.kind == BS_ACTION_WAIT && action.until_ms <= play->now_ms)
		FAILED(play, "a wait that does not last");
	if (action.kind == BS_ACTION_START) {
		play->seen[action.attempt.id].started_ms = play->now_ms;
		play->seen[action.attempt.id].first_token_ms = -1;
	}
	if (action.kind == BS_ACTION_CANCEL)
		note(play, action.attempt.id,
			&(struct bs_try_result){.outcome = action.reason,
				.retry_after_ms = -1,
				.first_token_ms = -1});
	play->due_ms = action.kind == BS_ACTION_WAIT ? action.until_ms : play->now_ms;
	play->waiting = action.kind == BS_ACTION_WAIT;
	play->ended = action.kind == BS_ACTION_ACCEPT || action.kind == BS_ACTION_GIVE_UP;
	if (play->ended)
		play->due_ms = INT64_MAX;
	bs_buf_release(&got);
	bs_buf_release(&wanted);
}

// --- the play

// The time before a line: "1.250", "+0.1" (later than the line before), "due" (end of the wait),
// "late 9" (the machine slept).
static bool move_clock(struct play *play, struct bs_str *line)
{
	struct bs_str rest = *line, word = next_word(&rest);
	int64_t at_ms = play->now_ms;
	bool slept = bs_str_eq_c(word, "late");
	if (slept)
		word = next_word(&rest);
	if (bs_str_eq_c(word, "due"))
		at_ms = play->due_ms;
	else if (word.len && word.ptr[0] == '+')
		at_ms += number_of(play, bs_str_from(word, 1), true);
	else if (word.len && bs_is_digit(word.ptr[0]))
		at_ms = number_of(play, word, true);
	else
		return true;
	*line = rest;
	// Time passes only while the router waits; a line that says so may be left out.
	if (at_ms > play->now_ms && !play->waiting)
		expect(play, BS_LIT("wait"), BS_LIT("wait 0..1e9"));
	if (at_ms < play->now_ms)
		FAILED(play, "time goes backwards");
	else if (at_ms > play->due_ms && !slept)
		FAILED(play, "nobody waits that long: the router wants to be asked at %.3f s",
			(double)play->due_ms / 1000);
	play->now_ms = at_ms;
	return play->problem.len == 0;
}

static void play_line(struct play *play, struct bs_str line)
{
	struct bs_str rest = line, word = next_word(&rest);
	if (!play->begun && set_budget(play, word, rest))
		return;
	if (!play->begun) {
		play->begun = true;
		begin_run(play);
	}
	bool ended = play->ended;
	play->waiting |= ended; // time passes between runs
	if (!move_clock(play, &line))
		return;
	rest = line;
	word = next_word(&rest);
	if (bs_str_eq_c(word, "killed")) {
		play->ids.run++; // nobody gives back what that run held
		play->ended = true;
		play->due_ms = INT64_MAX;
		return;
	}
	if (ended) {
		if (!change_run(play, word, rest))
			FAILED(play, "a line after the end: %.*s", BS_FMT(line));
		return;
	}
	if (!tell(play, word, rest))
		expect(play, word, line);
	else
		play->waiting = false;
}

static void play_lines(struct play *play, struct bs_str text, int first_line)
{
	struct bs_str line;
	play->script->line_number = first_line - 1;
	while (!play->problem.len && bs_str_split(&text, '\n', &line)) {
		play->script->line_number++;
		line = bs_str_trim(bs_str_sub(line, 0, bs_str_find_char(line, '#')));
		if (line.len)
			play_line(play, line);
	}
}

// Plays one section after the file's prelude. Prints its TAP line.
static bool play_section(const char *path, struct bs_str prelude, struct bs_str name,
	struct bs_str text, int first_line)
{
	static struct script script; // large
	static struct play play;
	script = (struct script){.path = path,
		.config = {.deadline_ms = 28500,
			.attempts_max = 6,
			.sends_per_route_max = 2,
			.retries_max = BS_ATTEMPTS_MAX,
			.hedge_ms = BS_HEDGE_OFF,
			.seed = 1}};
	play = (struct play){.script = &script};
	bs_buf_init(&play.problem, 10000);
	play_lines(&play, prelude, 1);
	play_lines(&play, text, first_line);
	if (!play.problem.len && !play.ended)
		FAILED(&play, "the section ends before the router does");
	bool ok = play.problem.len == 0;
	const char *file = strrchr(path, '/');
	printf("%sok - %s: %.*s\n", ok ? "" : "not ", file ? file + 1 : path, BS_FMT(name));
	if (!ok)
		printf("# %.*s", BS_FMT(bs_buf_str(&play.problem)));
	bs_buf_release(&play.problem);
	return ok;
}

// Sections begin with "== name"; what stands before the first one belongs to all.
static void play_file(const char *path, struct bs_str text, int *sections, int *failures)
{
	struct bs_str rest = text, line, prelude = {text.ptr, 0}, name = {NULL, 0};
	const char *body = text.ptr;
	int line_number = 0, body_line = 1;
	for (;;) {
		const char *line_start = rest.ptr;
		bool more = bs_str_split(&rest, '\n', &line);
		line_number++;
		if (more && !bs_str_starts(line, BS_LIT("== ")))
			continue;
		const char *end = more ? line_start : text.ptr + text.len;
		if (!name.ptr)
			prelude.len = (size_t)(end - text.ptr);
		else {
			++*sections;
			if (!play_section(path, prelude, name, bs_str(body, (size_t)(end - body)),
				    body_line))
				++*failures;
		}
		if (!more)
			return;
		name = bs_str_trim(bs_str_from(line, 3));
		body = line.ptr + line.len;
		body_line = line_number;
	}
}

int main(int argc, char **argv)
{
	int sections = 0, failures = 0;
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		if (!file) {
			fprintf(stderr, "replay: %s: %s\n", argv[i], strerror(errno));
			return 2;
		}
		static char text[256 * 1024];
		size_t len = fread(text, 1, sizeof(text), file);
		fclose(file);
		assert(len < sizeof(text));
		play_file(argv[i], bs_str(text, len), &sections, &failures);
	}
	printf("1..%d\n", sections);
	return failures > 0;
}
