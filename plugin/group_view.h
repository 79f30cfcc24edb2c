// SPDX-License-Identifier: MIT
// What the keys of a build's meta-data tell of the jobs that failed alike.
//
// Each failure has an id (bs_excerpt.failure_id), each step and index of a build a slot. Keys alone
// carry it all, for one request lists them:
//
//     buildsum/1/ID/job/SLOT/ATTEMPT/JOB/NAME   this job failed so, in that attempt of its slot
//     buildsum/1/ID/job/SLOT/ATTEMPT/JOB/NAME/SAID   and those were its last words
//     buildsum/1/ID/job/SLOT/ATTEMPT/-          an attempt that did not; the highest one counts
//     buildsum/1/ID/at/CONTEXT/SLOT             the failure's annotation stands at that context
//     buildsum/1/ID/owner                       who asks a model, and where the annotation will
//     stand buildsum/1/ID/beat                        changes as long as it lives
//     buildsum/1/ID/kept                        the summary (core/report/kept.h)
#ifndef BS_PLUGIN_GROUP_VIEW_H
#define BS_PLUGIN_GROUP_VIEW_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/ext/json.h"

#define BS_GROUP_ENTRIES_MAX 2000  // of a build; what comes later is not looked at
#define BS_GROUP_LEFT_MAX 8        // failures that one slot has left behind
#define BS_GROUP_KEY_BYTES_MAX 255 // no limit is documented; many tables end a name there

struct bs_group_member {
	const char *job_id, *name;
	const char *said; // its last words; NULL: the reason is known without
};

struct bs_group_view {
	const char *slot;                // ours; see bs_group_self.is_vague
	struct bs_group_member *members; // of the failure, by name
	size_t count;
	uint64_t hash;        // of them
	bool owned, answered; // somebody has claimed the failure; a summary of it was published
	bool at_taken; // another failure's annotation stands at our context, and others need it
	const char *left[BS_GROUP_LEFT_MAX]; // other failures in which our slot is still counted
	bool left_empty[BS_GROUP_LEFT_MAX];  // nobody else is
	size_t left_count;
};

struct bs_group_self {
	const char *id;   // of our failure; NULL: we have none
	const char *slot; // sixteen hex digits
	bool is_vague;    // only the first half is known for certain: if no key has that slot, but
		       // those of one other that begins so, it is ours
	const char *at; // of our usual context, the same
};

// keys: a JSON array of strings; whatever else stands in it is skipped. Strings live in the arena.
enum bs_status bs_group_view(const struct bs_json *keys, const struct bs_group_self *self,
	struct bs_arena *arena, struct bs_group_view *ret_view, struct bs_err *err) BS_MUST_USE;

// The keys; names and words that are too long are cut. job_id NULL: that attempt did not fail so.
void bs_group_job_key(const char *id, const char *slot, uint64_t attempt, const char *job_id,
	const char *name, const char *said, struct bs_buf *out);
void bs_group_at_key(const char *id, const char *at, const char *slot, struct bs_buf *out);
void bs_group_key(const char *id, const char *what, struct bs_buf *out); // "owner", "kept"

#endif
