// SPDX-License-Identifier: MIT
// The loop that obeys the router: the only place where policy meets sockets.
#ifndef BS_LLM_CHAIN_H
#define BS_LLM_CHAIN_H

#include <signal.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/diag.h"
#include "core/config/config.h"
#include "core/llm/ending.h"
#include "core/llm/outcome.h"
#include "core/llm/summary.h"
#include "core/text/excerpt.h"

// The last look at bytes about to leave, injected by core/run.c (rules and llm do not know each
// other): BS_SECRET stops the sending. redact_text makes provider messages printable.
struct bs_guard {
	enum bs_status (*check)(void *ctx, struct bs_str bytes, struct bs_err *err);
	void (*redact_text)(void *ctx, struct bs_str text, struct bs_buf *out);
	void *ctx;
};

// What the user may see while it runs; called when an attempt starts. May be NULL. tick: several
// times a second while an answer is waited for, must not wait itself. May be NULL.
struct bs_progress {
	void (*attempt)(void *ctx, unsigned number, const char *route, const char *last_outcome);
	void (*tick)(void *ctx);
	void *ctx;
};

struct bs_ask {
	const struct bs_config *config;
	const char *const *environ; // where the keys' values are
	const struct bs_excerpt *excerpt;
	struct bs_ending ending; // of the failed command
	int64_t started_ms,
		deadline_at_ms; // monotonic; the reserve for rendering is already taken off
	const volatile sig_atomic_t *cancelled; // set by the signal handler; may be NULL
	struct bs_guard guard;
	struct bs_progress progress;
	struct bs_diag *diag;
};

struct bs_answer {
	bool answered;     // false: no model did; the caller falls back to the local summary
	const char *route; // who answered
	struct bs_summary summary;
	bool repaired, reasked, hedged;
	enum bs_outcome gave_up; // why nobody answered
	bool has_routes;         // false: no route is configured and no key is set
	struct bs_trail trail;
};

// Asks the models in the order of the route. A failure of any provider is an ordinary result
// (answered false); a status other than BS_OK means that buildsum itself failed (BS_NOMEM, BS_USAGE
// for an impossible route).
enum bs_status bs_chain_ask(const struct bs_ask *ask, struct bs_arena *arena,
	struct bs_answer *ret_answer, struct bs_err *err) BS_MUST_USE;

// The exact request bodies that would be sent, one per route, for --dry-run: "POST
// url\n\nbody\n\n"; credentials are not part of a body and are not shown.
enum bs_status bs_chain_dry_run(
	const struct bs_ask *ask, struct bs_buf *out, struct bs_err *err) BS_MUST_USE;

#endif
