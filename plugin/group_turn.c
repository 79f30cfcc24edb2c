// SPDX-License-Identifier: MIT
// Who asks: claims, and patience with whoever claimed as long as its heart beats.
#include <inttypes.h>

#include "core/base/clock.h"
#include "plugin/beat.h"
#include "plugin/group.h"

#define SETTLE_MS_MIN 250 // longer than a write usually takes …
#define SETTLE_MS_MAX 2500
#define SETTLE_SHARE 2 // … and than this one took, so many times
#define LOOK_MS_FIRST 400
#define LOOK_MS_MAX 2000
#define FAILURES_MAX 3
#define ROUNDS_MAX 4 // owners that die
// Without a beat an owner is dead: several times BS_BEAT_MS, and longer than a claim takes.
#define DEAD_MS_MIN 5000
#define DEAD_MS_MAX 7000
#define DEAD_SHARE 2 // between the two, so much of what is left …
#define DEAD_TRIPS 5 // … and after so many requests, and settling, if they are slow
#define LAST_MS 400  // after all waiting: this, …
#define LAST_TRIPS 2 // … so many requests
#define LAST_SHARE 2 // … but no more than so much of what is left

// --- claims

enum claim {
	CLAIM_WON,
	CLAIM_TAKEN, // `owner` is somebody else's, or may be
	CLAIM_KEPT,  // an answer was published meanwhile
	CLAIM_FAILED,
};

// The step's own context, unless another failure stands there that others still need.
static const char *choose_home(const struct bs_group *group, const struct bs_group_view *view)
{
	if (!view->at_taken)
		return group->job->context;
	return bs_arena_printf(group->arena, "%.*s/%.8s", BS_CONTEXT_BYTES_MAX - 9,
		group->job->context, group->self.slot);
}

static bool write_claim(struct bs_group *group, const char *claim)
{
	struct bs_buf owner_key, beat_key;
	bs_buf_init(&owner_key, BS_GROUP_KEY_BYTES_MAX);
	bs_buf_init(&beat_key, BS_GROUP_KEY_BYTES_MAX);
	bs_group_key(group->self.id, "owner", &owner_key);
	bs_group_key(group->self.id, "beat", &beat_key);
	const struct bs_meta_item items[] = {
		{owner_key.ptr, bs_str_c(claim)}, {beat_key.ptr, bs_str_c(group->job->id)}};
	bool written = owner_key.failed == BS_OK && beat_key.failed == BS_OK &&
		       bs_group_set(group, items, 2, NULL) == BS_OK;
	bs_buf_release(&beat_key);
	bs_buf_release(&owner_key);
	return written;
}

// Longer than whoever saw nobody just before us needs until its own claim is there.
static bool settle(struct bs_group *group, int64_t began_ms)
{
	int64_t settle_ms = (bs_clock_ms() - began_ms) * SETTLE_SHARE;
	settle_ms = settle_ms < SETTLE_MS_MIN   ? SETTLE_MS_MIN
		    : settle_ms > SETTLE_MS_MAX ? SETTLE_MS_MAX
						: settle_ms;
	return bs_call_pause(&group->caller, settle_ms);
}

// `owner` holds the claim that is known to be dead, or nothing; and then whoever claimed last.
// view: just seen; what is no key of it need not be asked for.
static enum claim try_claim(struct bs_group *group, const struct bs_group_view *view,
	int64_t began_ms, struct bs_buf *owner, struct bs_kept *ret_kept)
{
	struct bs_buf seen;
	enum claim claim = CLAIM_FAILED;
	const char *home = owner->len ? group->home : choose_home(group, view);
	const char *mine = home ? bs_arena_printf(group->arena, "%s %s", group->job->id, home)
				: NULL;
	bs_buf_init(&seen, BS_LINE_BYTES_MAX);
	enum bs_status status = view->owned
					? bs_group_get(group, group->self.id, "owner", &seen, NULL)
					: BS_EMPTY;
	if (!mine || (status != BS_OK && status != BS_EMPTY))
		goto out;
	claim = CLAIM_TAKEN;
	if (status == BS_OK && !bs_str_eq(bs_buf_str(&seen), bs_buf_str(owner)))
		goto out;
	claim = CLAIM_FAILED;
	if (!write_claim(group, mine) || !settle(group, began_ms) ||
		bs_group_get(group, group->self.id, "owner", &seen, NULL) != BS_OK)
		goto out;
	claim = CLAIM_TAKEN;
	if (!bs_str_eq_c(bs_buf_str(&seen), mine))
		goto out;
	// an owner that was quick may have ended between our looking and our writing
	status = bs_group_kept(group, group->self.id, ret_kept, NULL);
	claim = status == BS_OK ? CLAIM_KEPT : status == BS_EMPTY ? CLAIM_WON : CLAIM_FAILED;
out:
	bs_buf_clear(owner);
	bs_buf_add(owner, bs_buf_str(&seen));
	group->home = bs_group_claimed_home(group, bs_buf_str(&seen));
	bs_buf_release(&seen);
	return owner->failed == BS_OK && (group->home || claim == CLAIM_KEPT) ? claim
									      : CLAIM_FAILED;
}

static enum claim look_and_claim(
	struct bs_group *group, struct bs_buf *owner, struct bs_kept *ret_kept)
{
	struct bs_group_view view;
	int64_t began_ms = bs_clock_ms();
	if (bs_group_look(group, &view, NULL) != BS_OK)
		return CLAIM_FAILED;
	if (view.answered && bs_group_kept(group, group->self.id, ret_kept, NULL) == BS_OK)
		return CLAIM_KEPT;
	return try_claim(group, &view, began_ms, owner, ret_kept);
}

// --- patience

struct watch {
	struct bs_buf beat; // as last seen
	int64_t changed_at_ms, dead_ms;
};

// True: the heart has stopped. What cannot be read tells nothing.
static bool is_dead(struct bs_group *group, struct watch *watch)
{
	struct bs_buf seen;
	bs_buf_init(&seen, BS_LINE_BYTES_MAX);
	enum bs_status status = bs_group_get(group, group->self.id, "beat", &seen, NULL);
	bool read = status == BS_OK || status == BS_EMPTY;
	if (!read || !bs_str_eq(bs_buf_str(&seen), bs_buf_str(&watch->beat)))
		watch->changed_at_ms = bs_clock_ms();
	if (read) {
		bs_buf_clear(&watch->beat);
		bs_buf_add(&watch->beat, bs_buf_str(&seen));
	}
	bs_buf_release(&seen);
	return bs_clock_ms() - watch->changed_at_ms >= watch->dead_ms;
}

static int64_t waits_until_ms(const struct bs_group *group)
{
	int64_t now_ms = bs_clock_ms();
	int64_t left_ms = bs_deadline_left_ms(
		(struct bs_deadline){bs_group_until_ms(group)}, now_ms);
	int64_t last_ms = group->round_trip_ms * LAST_TRIPS + LAST_MS;
	return now_ms + left_ms - (last_ms < left_ms / LAST_SHARE ? last_ms : left_ms / LAST_SHARE);
}

// Jobs that began together should not ask the server together.
static int64_t spread(const struct bs_group *group, int64_t pause_ms)
{
	uint64_t hash = bs_str_hash(bs_str_c(group->job->id), (uint64_t)pause_ms);
	return pause_ms - (int64_t)(hash % 1000) * pause_ms / 4000;
}

enum waited {
	WAITED_KEPT,   // the summary is there
	WAITED_DEAD,   // the owner's heart has stopped
	WAITED_LATE,   // we have no more time
	WAITED_FAILED, // the meta-data does not answer
};

static int64_t dead_after_ms(const struct bs_group *group, int64_t left_ms)
{
	int64_t dead_ms = left_ms / DEAD_SHARE;
	int64_t slow_ms = group->round_trip_ms * DEAD_TRIPS + SETTLE_MS_MAX;
	dead_ms = dead_ms < DEAD_MS_MIN   ? DEAD_MS_MIN
		  : dead_ms > DEAD_MS_MAX ? DEAD_MS_MAX
					  : dead_ms;
	return dead_ms < slow_ms ? slow_ms : dead_ms;
}

static enum waited await_kept(struct bs_group *group, struct bs_kept *ret_kept)
{
	unsigned failures = 0;
	int64_t pause_ms = LOOK_MS_FIRST, now_ms = bs_clock_ms();
	const int64_t until_ms = waits_until_ms(group);
	struct watch watch = {
		.changed_at_ms = now_ms, .dead_ms = dead_after_ms(group, until_ms - now_ms)};
	enum waited waited = WAITED_LATE;
	bs_buf_init(&watch.beat, BS_LINE_BYTES_MAX);
	for (; now_ms < until_ms && waited == WAITED_LATE; now_ms = bs_clock_ms()) {
		int64_t step_ms = spread(group, pause_ms);
		if (!bs_call_pause(&group->caller,
			    step_ms < until_ms - now_ms ? step_ms : until_ms - now_ms)) {
			waited = WAITED_FAILED; // cancelled
			break;
		}
		enum bs_status status = bs_group_kept(group, group->self.id, ret_kept, NULL);
		failures = status == BS_OK || status == BS_EMPTY ? 0 : failures + 1;
		if (status == BS_OK)
			waited = WAITED_KEPT;
		else if (failures == FAILURES_MAX)
			waited = WAITED_FAILED;
		else if (failures == 0 && is_dead(group, &watch))
			waited = WAITED_DEAD;
		pause_ms = pause_ms * 3 / 2 < LOOK_MS_MAX ? pause_ms * 3 / 2 : LOOK_MS_MAX;
	}
	bs_buf_release(&watch.beat);
	return waited;
}

static enum bs_group_turn turn_of(enum claim claim, enum waited waited)
{
	switch (claim) {
	case CLAIM_WON:
		return BS_TURN_ASK;
	case CLAIM_KEPT:
		return BS_TURN_TAKE;
	case CLAIM_FAILED:
		return BS_TURN_ALONE;
	case CLAIM_TAKEN:
		break;
	}
	switch (waited) {
	case WAITED_KEPT:
		return BS_TURN_TAKE;
	case WAITED_DEAD:
	case WAITED_LATE:
		return BS_TURN_LATE;
	case WAITED_FAILED:
		break;
	}
	return BS_TURN_ALONE;
}

enum bs_group_turn bs_group_turn(struct bs_group *group, struct bs_kept *ret_kept)
{
	struct bs_buf owner;
	enum claim claim = CLAIM_FAILED;
	enum waited waited = WAITED_DEAD;
	bs_buf_init(&owner, BS_LINE_BYTES_MAX);
	for (unsigned round = 0; round < ROUNDS_MAX && waited == WAITED_DEAD; round++) {
		claim = look_and_claim(group, &owner, ret_kept);
		if (claim != CLAIM_TAKEN)
			break;
		waited = await_kept(group, ret_kept);
	}
	bs_buf_release(&owner);
	return turn_of(claim, waited);
}
