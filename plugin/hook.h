// SPDX-License-Identifier: MIT
// What the parts of the hook share; only plugin/ includes it.
#ifndef BS_PLUGIN_HOOK_H
#define BS_PLUGIN_HOOK_H

#include "core/run.h"
#include "plugin/group.h"
#include "plugin/source.h"

struct bs_hook {
	const struct bs_config *config;
	const char *const *environ; // also with what was fetched
	const volatile sig_atomic_t *cancelled;
	struct bs_diag *diag;
	struct bs_job job;
	struct bs_arena *arena;
	struct bs_http *http;
	int64_t started_ms, deadline_at_ms; // monotonic
};

// A caller of the agent API, until then or the deadline.
struct bs_caller bs_hook_caller(const struct bs_hook *hook, int64_t until_ms);

// --- hook_ending.c
struct bs_ending bs_hook_ending(const struct bs_job *job, const struct bs_source *source);

// --- hook_answer.c
struct bs_hook_answer {
	struct bs_report report;
	struct bs_group group;
	bool is_new;  // nobody of the group knows it yet
	bool is_late; // somebody of the group may still find a better one
};

// Takes over what another job of this build has published.
void bs_hook_take(struct bs_hook *hook, const struct bs_kept *kept, struct bs_hook_answer *answer);

// The log read, and the summary of it: another job's, a kept one, a model's, or the local one.
enum bs_status bs_hook_find_answer(struct bs_hook *hook, const struct bs_source *source,
	struct bs_hook_answer *ret_answer, struct bs_err *err) BS_MUST_USE;

// --- hook_post.c
// The annotation of a failed job; also takes the job out of others that it stood in before.
enum bs_status bs_hook_post(
	struct bs_hook *hook, struct bs_hook_answer *answer, struct bs_err *err) BS_MUST_USE;
// What a retry that passes leaves behind goes.
enum bs_status bs_hook_clear(struct bs_hook *hook, struct bs_err *err) BS_MUST_USE;

#endif
