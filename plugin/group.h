// SPDX-License-Identifier: MIT
// Jobs of a build that fail alike agree on who asks a model, through the build's meta-data.
//
// Meta-data has no compare-and-set, so the owner is found by Fischer's rule (L. Lamport, "A fast
// mutual exclusion algorithm", 1987): see nobody, write yourself, wait longer than a write takes,
// and see whether it is still you. A job that was held up between seeing and writing may become a
// second owner: then two models are asked and one annotation replaces the other. Whatever fails
// here makes the job go alone, which costs a request and an annotation of its own.
#ifndef BS_PLUGIN_GROUP_H
#define BS_PLUGIN_GROUP_H

#include "core/report/kept.h"
#include "plugin/group_view.h"
#include "plugin/meta.h"

struct bs_group {
	struct bs_caller caller; // until when at most
	const struct bs_job *job;
	struct bs_arena *arena;
	struct bs_group_self self;
	bool on; // false: this job goes alone
};

enum bs_group_turn {
	BS_TURN_ASK,   // we are the owner: ask, then publish
	BS_TURN_TAKE,  // somebody else has asked
	BS_TURN_ALONE, // nobody can be agreed with
};

// Says that this job failed so. failure_id lives as long as the group.
void bs_group_join(struct bs_group *group, const struct bs_caller *caller, const struct bs_job *job,
	const char *failure_id, struct bs_arena *arena);

// What was published. BS_EMPTY: nothing yet.
enum bs_status bs_group_kept(struct bs_group *group, const char *id, struct bs_kept *ret_kept,
	struct bs_err *err) BS_MUST_USE;

// Waits for what another job finds out, at most half of the time until until_ms, and then once
// more in half of the rest: an owner may have died. ret_kept is filled for BS_TURN_TAKE.
enum bs_group_turn bs_group_turn(
	struct bs_group *group, int64_t until_ms, struct bs_kept *ret_kept);

// For everybody who failed or will fail alike. context: where the annotation is going to stand.
enum bs_status bs_group_publish(
	struct bs_group *group, const struct bs_kept *kept, struct bs_err *err) BS_MUST_USE;

// Who failed alike by now.
enum bs_status bs_group_look(
	struct bs_group *group, struct bs_group_view *ret_view, struct bs_err *err) BS_MUST_USE;

// This attempt did not fail like `id`.
enum bs_status bs_group_leave(
	struct bs_group *group, const char *id, struct bs_err *err) BS_MUST_USE;

#endif
