// SPDX-License-Identifier: MIT
// A game day: the user's own route, played against providers that misbehave on demand.
//
// Every provider of the route is replaced by a fault server on loopback (core/fault) and every key
// by a made-up one, so that nothing real is asked and nothing real is sent. Each run is a process
// of its own that does all a run does (core/run.h), from the log to the rendered annotation.
#ifndef BS_DRILL_DRILL_H
#define BS_DRILL_DRILL_H

#include <signal.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/diag.h"
#include "core/config/config.h"
#include "core/drill/scenario.h"
#include "core/llm/outcome.h"
#include "core/llm/providers.h"
#include "core/report/report.h"

#define BS_DRILL_RUNS_MAX 100
#define BS_DRILL_NAME_BYTES 64 // of a route, a key; longer ones are cut
#define BS_DRILL_REASON_BYTES 160

// How a run ended.
#define BS_DRILL_ENDINGS(X)                                                   \
	X(BS_DRILL_LOST, "lost")   /* no summary at all: it failed or hung */ \
	X(BS_DRILL_LOCAL, "local") /* the rules wrote it */                   \
	X(BS_DRILL_MODEL, "model") /* a model did */

enum bs_drill_ending {
#define X(name, id) name,
	BS_DRILL_ENDINGS(X)
#undef X
};

// What a scenario came to.
#define BS_DRILL_VERDICTS(X)                                                                    \
	X(BS_DRILL_OK, "ok")           /* a model answered in every run */                      \
	X(BS_DRILL_FELL_BACK, "local") /* the rules stood in, in some or all runs */            \
	X(BS_DRILL_TOO_LATE, "late")   /* a run took longer than the deadline */                \
	X(BS_DRILL_NO_SUMMARY, "lost") /* a run left no summary */                              \
	X(BS_DRILL_WORSE, "worse") /* the rules stood in where the first route alone answers */ \
	X(BS_DRILL_NO_MODEL, "no model") /* the rules stood in, and --require-llm was given */  \
	X(BS_DRILL_NOT_BACK, "not back") /* the first provider was not asked again in time */

enum bs_drill_verdict {
#define X(name, id) name,
	BS_DRILL_VERDICTS(X)
#undef X
};

const char *bs_drill_ending_id(enum bs_drill_ending ending);
const char *bs_drill_verdict_id(enum bs_drill_verdict verdict);

// One attempt of a run; times are milliseconds since the run began, -1: did not happen.
struct bs_drill_attempt {
	char route[BS_DRILL_NAME_BYTES], key[BS_DRILL_NAME_BYTES];
	enum bs_schema_mode mode;
	enum bs_outcome outcome;
	int http_status;
	int64_t started_ms, first_token_ms, elapsed_ms;
	uint64_t input_tokens, output_tokens;
	struct bs_cost cost;
	bool hedge;
	char reason[BS_DRILL_REASON_BYTES]; // one redacted line; empty when all was well
};

struct bs_drill_run {
	enum bs_drill_ending ending;
	char route[BS_DRILL_NAME_BYTES]; // who answered
	int64_t at_ms;                   // when it began, since the scenario did
	int64_t elapsed_ms;              // from the log to the rendered annotation
	int64_t cpu_us;                  // of the whole run
	bool repaired, reasked;
	size_t attempts_count;
	struct bs_drill_attempt attempts[BS_ATTEMPTS_MAX];
};

struct bs_drill_result {
	const struct bs_drill_scenario *scenario;
	enum bs_drill_verdict verdict;
	size_t runs_count;
	int64_t first_ms, p50_ms, p95_ms; // elapsed: of the first run, and of all (nearest rank)
	unsigned attempts_max;            // of one run
	unsigned first_provider_sends;    // attempts at the first provider in all runs together
	unsigned answered_by_models;
	int64_t back_ms; // from the end of its outage until the first provider answered; -1: it
			 // did not
	bool played;     // false: it was interrupted before it was over
	struct bs_drill_run alone; // one run of the first route alone: one key, one try, no limits
				   // but the deadline
	bool alone_played;
	char trouble[BS_DRILL_REASON_BYTES]; // why it could not be played; empty: it could
	struct bs_drill_run *runs;
};

struct bs_drill_options {
	const struct bs_config *config; // the user's
	const char *const *environ;
	struct bs_str log; // what is summarised; never leaves this host
	const struct bs_drill_scenario *const *scenarios; // which, in order
	size_t scenarios_count;
	size_t runs;        // of each scenario, one after the other in the same outage
	int64_t latency_ms; // how long a healthy provider takes
	size_t jobs;        // scenarios played at the same time
	const volatile sig_atomic_t *cancelled;
	struct bs_diag *diag; // may be NULL
	// Called when a scenario is over; may be NULL.
	void (*progress)(void *ctx, const struct bs_drill_result *result, size_t done, size_t all);
	void *progress_ctx;
};

// The first provider has to be asked again so soon after it has recovered.
#define BS_DRILL_BACK_MS_MAX 30000

struct bs_drill {
	const struct bs_drill_options *options;
	struct bs_route routes[BS_ROUTES_MAX]; // the user's, as drilled
	size_t routes_count;
	bool borrowed_route; // the user has none: the built-in providers stand in
	struct bs_drill_result *results;
	size_t results_count;
	int64_t elapsed_ms;
};

// Plays it. The results live in memory of the drill's own until bs_drill_release. BS_USAGE: the
// route is impossible. BS_EMPTY, BS_INPUT: the log gives no summary. BS_CANCELLED. BS_SYSTEM: no
// process, no socket, no folder for the state.
enum bs_status bs_drill_play(struct bs_drill *ret_drill, const struct bs_drill_options *options,
	struct bs_arena *arena, struct bs_err *err) BS_MUST_USE;
// Accepts NULL and a zeroed drill.
void bs_drill_release(struct bs_drill *drill);

// Would this scenario have cost an annotation or the deadline, or a model's answer that the first
// route alone would have given, or that --require-llm asks for?
bool bs_drill_failed(const struct bs_drill_result *result);

// --- the verdict table, in four forms
void bs_drill_print_text(
	const struct bs_drill *drill, struct bs_terminal terminal, struct bs_buf *out);
void bs_drill_print_markdown(const struct bs_drill *drill, struct bs_buf *out);
void bs_drill_print_json(const struct bs_drill *drill, struct bs_buf *out);
// A page of its own, with every attempt drawn on a time line.
void bs_drill_print_html(const struct bs_drill *drill, struct bs_buf *out);

// A short failed log for those who name none.
extern const struct bs_str bs_drill_sample_log;
extern const struct bs_str bs_drill_tiny_log; // … and `check --live`

#endif
