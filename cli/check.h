// SPDX-License-Identifier: MIT
// `buildsum check`: what was found out (check_find.c), said in words (check_words.c), as text
// (cmd_check.c) and as JSON (check_json.c).
#ifndef BS_CLI_CHECK_H
#define BS_CLI_CHECK_H

#include "cli/cli.h"
#include "core/drill/live.h"
#include "core/ext/http.h"
#include "core/ext/json.h"
#include "core/llm/survey.h"
#include "plugin/job.h"

#define BS_CHECK_PROBLEMS_MAX 48 // two for each route, and some; the rest is counted

struct bs_check {
	struct bs_cli *cli;
	struct bs_survey survey;

	const char *problems[BS_CHECK_PROBLEMS_MAX]; // each keeps the configuration from working
	size_t problems_count;

	// the network; of the first usable route that has one
	const char *ca_file; // NULL: none was found
	size_t ca_count;     // certificates in it
	bool has_proxy;
	struct bs_http_proxy proxy;

	// the excerpt
	size_t rules_count, own_rules_count;

	// the Buildkite job around us
	bool in_job;
	struct bs_job job;
	const char *job_trouble; // why nothing could be posted; NULL: it could
	bool log_there;

	// with --live: what came of asking the route of the same index; NULL: it was not asked
	const struct bs_drill_run *runs[BS_ROUTES_MAX];
	size_t asked_count, answered_count;
};

// Looks at everything. Fails for memory only; whatever else is wrong is a problem or a warning.
enum bs_status bs_check_find(struct bs_check *check, struct bs_err *err) BS_MUST_USE;

// --live: asks each usable route once, alone. BS_CANCELLED.
enum bs_status bs_check_ask_live(struct bs_check *check, struct bs_err *err) BS_MUST_USE;

// --- in words, onto `out`
// "closed", "open until 14:02:11 UTC (17 s more): it failed with timeout"
void bs_check_put_breaker(const struct bs_survey_route *route, int64_t wall_ms, struct bs_buf *out);
// What the host has been found not to accept; nothing when nothing was.
// What its requests hold that a host may refuse, and what the user added.
void bs_check_put_sent(const struct bs_route *route, struct bs_buf *out);
void bs_check_put_learnt(const struct bs_survey_route *route, int64_t wall_ms, struct bs_buf *out);
// "95 of 100 first tokens came within 812 ms (20 seen)"
void bs_check_put_latency(const struct bs_survey_route *route, struct bs_buf *out);
// "warm", "cooling until …: …", "left out until …: …"
void bs_check_put_key(const struct bs_health_key *key, int64_t wall_ms, struct bs_buf *out);
// "$0.10 for a million tokens in, $0.01 of them cached, $0.50 out (list price of 2026-11-25)"
void bs_check_put_price(const struct bs_route *route, struct bs_buf *out);
// "at most $0.0053 a request and $0.0131 a run …", and what the ceiling makes of it
void bs_check_put_costs(
	const struct bs_check *check, const struct bs_survey_route *route, struct bs_buf *out);
// "1043500 tokens of log, about 2608 KB", or what is assumed
void bs_check_put_window(const struct bs_route *route, struct bs_buf *out);
void bs_check_put_usd(uint64_t pico_usd, struct bs_buf *out); // "$0.10", "$0.000041"
// Of all of a run's requests to it, within the ceiling.
uint64_t bs_check_run_most(const struct bs_check *check, const struct bs_survey_route *route);
// "5 of 5 retries and 3 of 3 hedges are in hand"
void bs_check_put_budget(const struct bs_survey *survey, struct bs_buf *out);

// "works: all of it in 1.2 s, …", "does not answer: it does not accept the key A (HTTP 401 …): …"
void bs_check_put_live(const struct bs_drill_run *run, struct bs_buf *out);
void bs_check_put_live_json(const struct bs_drill_run *run, struct bs_json_writer *w);

// --- as a whole
void bs_check_put_text(const struct bs_check *check, struct bs_buf *out);
void bs_check_put_json(const struct bs_check *check, struct bs_buf *out);

#endif
