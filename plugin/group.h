// SPDX-License-Identifier: MIT
// Jobs of a build that fail alike agree on who asks a model, through the build's meta-data.
//
// Meta-data has no compare-and-set, so the owner is found by Fischer's rule (L. Lamport, "A fast
// mutual exclusion algorithm", 1987): see nobody, write yourself, wait longer than a write takes,
// and see whether it is still you. While the owner asks, its heart beats: others wait as long as
// they see that, by their own clocks, and only then take over. A job that was held up may become a
// second owner, or come back from the dead: then two models are asked. Nevertheless one annotation
// stands, for all who ever claimed a failure put it where the last claim says, and a claim keeps
// the place of the one before. Whatever fails here makes the job go alone, which costs a request
// and an annotation of its own.
#ifndef BS_PLUGIN_GROUP_H
#define BS_PLUGIN_GROUP_H

#include "core/report/kept.h"
#include "plugin/group_view.h"
#include "plugin/meta.h"

struct bs_group {
	struct bs_caller caller; // until when at most, with the annotation
	int64_t time_ms;         // until then, at first
	const struct bs_job *job;
	struct bs_arena *arena;
	struct bs_group_self self;
	const char *home;      // the context where the failure's annotation stands; NULL: not known
	int64_t round_trip_ms; // the longest request so far
	bool on;               // false: this job goes alone
	bool is_leaving;       // it passed, and only asks whom it stood for
};

enum bs_group_turn {
	BS_TURN_ASK,   // we are the owner: ask, then publish
	BS_TURN_TAKE,  // somebody else has asked
	BS_TURN_LATE,  // somebody else still asks, but our time is over
	BS_TURN_ALONE, // nobody can be agreed with
};

// Says that this job failed so, and what it said last (NULL: that does not matter). failure_id
// lives as long as the group. Requests of the group end early enough before caller->until_ms to
// leave time for an annotation.
void bs_group_join(struct bs_group *group, const struct bs_caller *caller, const struct bs_job *job,
	const char *failure_id, const char *said, struct bs_arena *arena);

// What was published. BS_EMPTY: nothing yet.
enum bs_status bs_group_kept(struct bs_group *group, const char *id, struct bs_kept *ret_kept,
	struct bs_err *err) BS_MUST_USE;

// Where the annotation of a failure stands, as far as somebody has claimed it; else NULL.
const char *bs_group_find_home(struct bs_group *group, const char *id);

// Agrees on who asks, and waits for whoever does. ret_kept is filled for BS_TURN_TAKE, group->home
// for all but BS_TURN_ALONE.
enum bs_group_turn bs_group_turn(struct bs_group *group, struct bs_kept *ret_kept);

// Until when requests of the group may take: what comes then is for the annotation. Monotonic.
int64_t bs_group_until_ms(const struct bs_group *group);

// Of the time until the deadline, what those need who post after all this.
int64_t bs_group_reserve_ms(const struct bs_group *group);

// For everybody who failed or will fail alike. kept->context: where the annotation is going to
// stand.
enum bs_status bs_group_publish(
	struct bs_group *group, const struct bs_kept *kept, struct bs_err *err) BS_MUST_USE;

// Who failed alike by now. BS_EMPTY: nobody can say so in this build.
enum bs_status bs_group_look(
	struct bs_group *group, struct bs_group_view *ret_view, struct bs_err *err) BS_MUST_USE;

// This attempt did not fail like `id`.
enum bs_status bs_group_leave(
	struct bs_group *group, const char *id, struct bs_err *err) BS_MUST_USE;

// --- for group_turn.c

// One value of a failure. Clears `value` first. BS_EMPTY: never set.
enum bs_status bs_group_get(struct bs_group *group, const char *id, const char *what,
	struct bs_buf *value, struct bs_err *err) BS_MUST_USE;
enum bs_status bs_group_set(struct bs_group *group, const struct bs_meta_item *items, size_t count,
	struct bs_err *err) BS_MUST_USE;
// "JOB CONTEXT" → the context, in the arena; NULL: it is none.
const char *bs_group_claimed_home(struct bs_group *group, struct bs_str claim);

#endif
