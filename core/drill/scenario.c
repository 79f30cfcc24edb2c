// SPDX-License-Identifier: MIT
// The scenarios of the drill, and the fault scripts they are played from.
#include "core/drill/scenario.h"

#include "core/fault/server.h"

#define STORM "latency=0ms status=429 header='Retry-After: 60'"
// Nothing in it says "overloaded": that is a scenario of its own.
#define PLAIN_503 \
	"latency=0ms status=503 error-type=server_error code=unavailable message='try again later'"

static const struct bs_drill_scenario scenarios[] = {
	{"healthy", "nothing is wrong", NULL, NULL, NULL, 0},
	{"rate-limit-storm", "the first provider answers every key with 429, Retry-After 60 s",
		"* " STORM, NULL, NULL, 0},
	{"rate-limit-blip", "one 429 with Retry-After 0.2 s",
		"1 latency=0ms status=429 header='retry-after-ms: 200'", NULL, NULL, 0},
	{"dead-key", "the first key that is tried is refused with 401",
		"* key=1 latency=0ms status=401", NULL, NULL, 0},
	{"no-credit", "the first provider's credit is used up (429, insufficient_quota)",
		"* latency=0ms status=429 code=insufficient_quota error-type=insufficient_quota "
		"message='You exceeded your current quota, please check your plan and billing "
		"details.'",
		NULL, NULL, 0},
	{"hard-503", "the first provider answers everything with 503", "* " PLAIN_503, NULL, NULL,
		0},
	{"overloaded", "the first provider answers everything with 529", "* latency=0ms status=529",
		NULL, NULL, 0},
	{"gateway-page", "a proxy answers for the first provider, with a page of HTML",
		"* latency=0ms status=502 html", NULL, NULL, 0},
	{"refused", "nobody listens at the first provider", NULL, NULL, "refuse", 0},
	{"reset", "the first provider resets every connection", "* reset", NULL, NULL, 0},
	{"latency-30s", "the first provider takes 30 s to say anything", "* latency=30s", NULL,
		NULL, 0},
	{"slow-first-token", "the first provider sends pings for 20 s before the first word",
		"* first-token=20s pings=500ms", NULL, NULL, 0},
	{"cut-stream", "the first provider's streams are cut in the middle", "* cut=700", NULL,
		NULL, 0},
	{"stall", "the first provider's streams go silent in the middle", "* stall=700", NULL, NULL,
		0},
	{"drip", "the first provider sends 50 bytes a second", "* drip=50", NULL, NULL, 0},
	{"error-in-stream", "the first provider's streams end in an error event", "* error-after=3",
		NULL, NULL, 0},
	{"wrong-model", "the first provider no longer has the model", "* latency=0ms status=404",
		NULL, NULL, 0},
	{"empty-answer", "the first provider answers with nothing", "* answer=empty", NULL, NULL,
		0},
	{"cut-answer", "the first provider's answers stop at the length limit", "* answer=length",
		NULL, NULL, 0},
	{"broken-json", "the first provider's answers are no JSON", "* answer=broken", NULL, NULL,
		0},
	{"invented-lines", "the first provider quotes lines that the log does not have",
		"* answer=ungrounded", NULL, NULL, 0},
	{"fenced-json", "the first provider's answers stand in a code fence", "* answer=fenced",
		NULL, NULL, 0},
	{"schema-slip", "the first provider's first answer breaks the schema", "1 answer=missing",
		NULL, NULL, 0},
	{"schema-refused", "the first provider does not take a JSON Schema",
		"1 latency=0ms status=400 message='response_format of type json_schema is not "
		"supported'",
		NULL, NULL, 0},
	{"all-refused", "the first provider refuses every request for a parameter it does not name",
		"* latency=0ms status=400 code=unsupported_parameter message='Unsupported "
		"parameter'",
		NULL, NULL, 0},
	{"window-too-small", "the first provider's window is too small for the log",
		"* latency=0ms status=413", NULL, NULL, 0},
	{"wrong-length", "the first provider's bodies are shorter than they say", "* length=+100",
		NULL, NULL, 0},
	{"bad-chunk", "the first provider's streams are framed wrongly", "* bad-chunk", NULL, NULL,
		0},
	{"refusal", "the first provider's model declines to answer", "* answer=refusal", NULL, NULL,
		0},
	{"redirect", "the first provider redirects elsewhere",
		"* latency=0ms redirect=http://127.0.0.1:9/v1/elsewhere", NULL, NULL, 0},
	{"broken-lifeboat", "the first provider is down, all others break the schema",
		"* " PLAIN_503, "* answer=missing", NULL, 0},
	{"all-down", "every provider answers everything with 503", "* " PLAIN_503, "* " PLAIN_503,
		NULL, 0},
	{"all-silent", "no provider says anything", "* silence", "* silence", NULL, 0},
	{"recovery", "the first provider is down for 8 s, then well again", "* " PLAIN_503, NULL,
		NULL, 8000},
};
#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

const struct bs_drill_scenario *bs_drill_scenario_at(size_t index)
{
	return index < SCENARIOS ? &scenarios[index] : NULL;
}

// --- the user's words

static enum bs_status fail_unknown(struct bs_str name, struct bs_err *err)
{
	const char *nearest = NULL;
	size_t best = 5; // further away it is no slip of the finger
	for (size_t i = 0; i < SCENARIOS; i++) {
		size_t distance = bs_str_distance(name, bs_str_c(scenarios[i].name), best);
		if (distance < best) {
			best = distance;
			nearest = scenarios[i].name;
		}
	}
	if (nearest)
		return bs_fail(err, BS_USAGE, "--scenario: there is no \"%.*s\"; did you mean %s?",
			BS_FMT(name), nearest);
	return bs_fail(err, BS_USAGE,
		"--scenario: there is no \"%.*s\"; `buildsum drill --list` names them, and "
		"NAME='* status=503' makes one",
		BS_FMT(name));
}

// A line that cannot be read is told now, not in the middle of the game.
static enum bs_status try_script(const struct bs_drill_scenario *scenario, struct bs_err *err)
{
	struct bs_buf text;
	struct bs_err trouble;
	struct bs_fault_server *server = NULL;
	bs_buf_init(&text, BS_SETTING_BYTES_MAX * 2);
	bs_drill_scenario_script(scenario, 1, 0, &text);
	const struct bs_fault_options options = {.text = bs_buf_str(&text), .lifetime_ms = 1};
	enum bs_status status = bs_buf_status(&text, "the scenario", err);
	if (status == BS_OK && bs_fault_server_start(&options, &server, &trouble) != BS_OK) {
		const char *what = strrchr(trouble.msg, ':');
		status = bs_fail(err, trouble.status, "--scenario %s:%s", scenario->name,
			what ? what + 1 : trouble.msg);
	}
	bs_fault_server_stop(server);
	bs_buf_release(&text);
	return status;
}

enum bs_status bs_drill_scenario_find(struct bs_str text, struct bs_arena *arena,
	const struct bs_drill_scenario **ret_scenario, struct bs_err *err)
{
	size_t equals = bs_str_find_char(text, '=');
	struct bs_str name = bs_str_trim(bs_str_sub(text, 0, equals));
	for (size_t i = 0; equals == SIZE_MAX && i < SCENARIOS; i++)
		if (bs_str_eq_c(name, scenarios[i].name)) {
			*ret_scenario = &scenarios[i];
			return BS_OK;
		}
	if (equals == SIZE_MAX || !name.len)
		return fail_unknown(name, err);
	if (bs_str_find_char(text, '\n') != SIZE_MAX)
		return bs_fail(err, BS_USAGE, "--scenario %.*s: one line of script, not several",
			BS_FMT(name));
	struct bs_drill_scenario *own = BS_NEW(arena, struct bs_drill_scenario);
	struct bs_str line = bs_str_trim(bs_str_from(text, equals + 1));
	if (!own)
		return bs_fail_nomem(err);
	own->name = bs_arena_cstr(arena, name);
	own->first = own->about = bs_arena_cstr(arena, line);
	if (!own->name || !own->first)
		return bs_fail_nomem(err);
	enum bs_status status = try_script(own, err);
	if (status == BS_OK)
		*ret_scenario = own;
	return status;
}

// --- the script

void bs_drill_scenario_script(const struct bs_drill_scenario *scenario, size_t hosts_count,
	int64_t latency_ms, struct bs_buf *out)
{
	for (size_t i = 0; i < hosts_count; i++) {
		const char *line = i == 0 ? scenario->first : scenario->others;
		const char *words = i == 0 ? scenario->first_server : NULL;
		bs_buf_addf(out, "server p%zu latency=%lldms %s\n%s", i, (long long)latency_ms,
			words ? words : "", line ? line : "* ok");
		if (i == 0 && scenario->outage_ms)
			bs_buf_addf(out, " until=%lldms", (long long)scenario->outage_ms);
		bs_buf_add_char(out, '\n');
	}
}
