// SPDX-License-Identifier: MIT
// Who asks: claims, patience with whoever claimed, and what is told to the others.
#include "plugin/group.h"

#include <inttypes.h>

#include "core/base/clock.h"

#define REQUEST_MS_MAX 1500 // of one, repeats included: slower meta-data is not worth it
#define TRY_MS_MAX 1000
#define TRIES_MAX 2
#define SETTLE_MS_MIN 250 // longer than a write usually takes …
#define SETTLE_MS_MAX 2000
#define SETTLE_SHARE 2 // … and than this one took, so many times
#define LOOK_MS_FIRST 400
#define LOOK_MS_MAX 2000
#define FAILURES_MAX 3
#define ROUNDS_MAX 2
#define CLOCKS_APART_MS 10000 // between the hosts of a build

static struct bs_caller caller_now(const struct bs_group *group)
{
	struct bs_caller caller = group->caller;
	int64_t until_ms = bs_clock_ms() + REQUEST_MS_MAX;
	caller.who = "meta-data";
	caller.try_ms_max = TRY_MS_MAX;
	caller.tries_max = TRIES_MAX;
	if (until_ms < caller.until_ms)
		caller.until_ms = until_ms;
	return caller;
}

static enum bs_status get(struct bs_group *group, const char *id, const char *what,
	struct bs_buf *value, struct bs_err *err)
{
	struct bs_buf key;
	const struct bs_caller caller = caller_now(group);
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_group_key(id, what, &key);
	bs_buf_clear(value);
	enum bs_status status = bs_buf_status(&key, "meta-data", err);
	if (status == BS_OK)
		status = bs_meta_get(&caller, group->job, key.ptr, value, err);
	bs_buf_release(&key);
	return status;
}

static enum bs_status set_one(
	struct bs_group *group, struct bs_buf *key, struct bs_str value, struct bs_err *err)
{
	const struct bs_caller caller = caller_now(group);
	enum bs_status status = bs_buf_status(key, "meta-data", err);
	if (status == BS_OK)
		status = bs_meta_set(
			&caller, group->job, &(struct bs_meta_item){key->ptr, value}, 1, err);
	bs_buf_release(key);
	return status;
}

void bs_group_join(struct bs_group *group, const struct bs_caller *caller, const struct bs_job *job,
	const char *failure_id, struct bs_arena *arena)
{
	struct bs_buf key;
	*group = (struct bs_group){
		.caller = *caller,
		.job = job,
		.arena = arena,
		.self = {failure_id, job->slot, job->at},
	};
	if (!failure_id)
		return;
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_group_job_key(failure_id, job->slot, job->attempt, job->id, job->name, &key);
	group->on = set_one(group, &key, BS_LIT("1"), NULL) == BS_OK;
}

enum bs_status bs_group_kept(
	struct bs_group *group, const char *id, struct bs_kept *ret_kept, struct bs_err *err)
{
	struct bs_buf value;
	bs_buf_init(&value, BS_KEPT_BYTES_MAX);
	enum bs_status status = get(group, id, "kept", &value, err);
	if (status == BS_OK)
		status = bs_kept_read(bs_buf_str(&value), group->arena, ret_kept, err);
	bs_buf_release(&value);
	return status;
}

// --- the owner

enum claim {
	CLAIM_WON,
	CLAIM_TAKEN, // `owner` is somebody else's, or may be
	CLAIM_FAILED,
};

// "JOB SINCE FOR": since 1970, and milliseconds. A job that has died is not waited for.
static bool is_over(struct bs_str owner)
{
	struct bs_str job, since;
	uint64_t since_ms, for_ms;
	int64_t now_ms = bs_clock_wall_ms();
	(void)bs_str_split(&owner, ' ', &job);
	(void)bs_str_split(&owner, ' ', &since);
	if (!bs_str_to_u64(since, &since_ms) || !bs_str_to_u64(owner, &for_ms) ||
		since_ms > INT64_MAX / 2 || for_ms > INT64_MAX / 2)
		return true;
	return (int64_t)(since_ms + for_ms) + CLOCKS_APART_MS < now_ms;
}

static const char *own_claim(const struct bs_group *group, int64_t until_ms)
{
	int64_t left_ms = bs_deadline_left_ms((struct bs_deadline){until_ms}, bs_clock_ms());
	return bs_arena_printf(group->arena, "%s %" PRId64 " %" PRId64, group->job->id,
		bs_clock_wall_ms(), left_ms);
}

// `owner` holds the claim that is known to be dead, or nothing; and then whoever claimed last.
static enum claim try_claim(struct bs_group *group, int64_t until_ms, struct bs_buf *owner)
{
	struct bs_buf key, seen;
	enum claim claim = CLAIM_FAILED;
	const char *mine = own_claim(group, until_ms);
	int64_t began_ms = bs_clock_ms();
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_buf_init(&seen, BS_LINE_BYTES_MAX);
	enum bs_status status = get(group, group->self.id, "owner", &seen, NULL);
	if (!mine || (status != BS_OK && status != BS_EMPTY))
		goto out;
	if (status == BS_OK && !bs_str_eq(bs_buf_str(&seen), bs_buf_str(owner)) &&
		!is_over(bs_buf_str(&seen))) {
		claim = CLAIM_TAKEN;
		goto out;
	}
	bs_group_key(group->self.id, "owner", &key);
	if (set_one(group, &key, bs_str_c(mine), NULL) != BS_OK)
		goto out;
	int64_t settle_ms = (bs_clock_ms() - began_ms) * SETTLE_SHARE;
	settle_ms = settle_ms < SETTLE_MS_MIN   ? SETTLE_MS_MIN
		    : settle_ms > SETTLE_MS_MAX ? SETTLE_MS_MAX
						: settle_ms;
	if (!bs_call_pause(&group->caller, settle_ms) ||
		get(group, group->self.id, "owner", &seen, NULL) != BS_OK)
		goto out;
	claim = bs_str_eq_c(bs_buf_str(&seen), mine) ? CLAIM_WON : CLAIM_TAKEN;
out:
	bs_buf_clear(owner);
	bs_buf_add(owner, bs_buf_str(&seen));
	bs_buf_release(&seen);
	bs_buf_release(&key);
	return owner->failed == BS_OK ? claim : CLAIM_FAILED;
}

// Until the summary is there. BS_TIMEOUT: not by then.
static enum bs_status await_kept(struct bs_group *group, int64_t until_ms, struct bs_kept *ret_kept)
{
	unsigned failures = 0;
	int64_t pause_ms = LOOK_MS_FIRST;
	while (bs_clock_ms() < until_ms && failures < FAILURES_MAX) {
		if (!bs_call_pause(&group->caller, pause_ms))
			return BS_CANCELLED;
		enum bs_status status = bs_group_kept(group, group->self.id, ret_kept, NULL);
		if (status == BS_OK)
			return BS_OK;
		failures = status == BS_EMPTY ? 0 : failures + 1;
		pause_ms = pause_ms * 3 / 2 < LOOK_MS_MAX ? pause_ms * 3 / 2 : LOOK_MS_MAX;
	}
	return failures < FAILURES_MAX ? BS_TIMEOUT : BS_NETWORK;
}

enum bs_group_turn bs_group_turn(struct bs_group *group, int64_t until_ms, struct bs_kept *ret_kept)
{
	struct bs_buf owner;
	enum bs_group_turn turn = BS_TURN_ALONE;
	bs_buf_init(&owner, BS_LINE_BYTES_MAX);
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		enum claim claim = try_claim(group, until_ms, &owner);
		if (claim == CLAIM_WON)
			turn = BS_TURN_ASK;
		if (claim != CLAIM_TAKEN)
			break;
		int64_t now_ms = bs_clock_ms();
		enum bs_status status = await_kept(
			group, now_ms + (until_ms - now_ms) / 2, ret_kept);
		if (status == BS_OK)
			turn = BS_TURN_TAKE;
		if (status != BS_TIMEOUT)
			break;
	}
	bs_buf_release(&owner);
	return turn;
}

// --- what is told

enum bs_status bs_group_publish(
	struct bs_group *group, const struct bs_kept *kept, struct bs_err *err)
{
	struct bs_buf key, at_key, value;
	const struct bs_caller caller = caller_now(group);
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_buf_init(&at_key, BS_GROUP_KEY_BYTES_MAX);
	bs_buf_init(&value, BS_KEPT_BYTES_MAX);
	bs_group_key(group->self.id, "kept", &key);
	bs_group_at_key(group->self.id, group->self.at, group->self.slot, &at_key);
	bs_kept_write(kept, &value);
	const struct bs_meta_item items[] = {
		{key.ptr, bs_buf_str(&value)}, {at_key.ptr, BS_LIT("1")}};
	enum bs_status status = bs_buf_status(&key, "meta-data", err);
	if (status == BS_OK)
		status = bs_buf_status(&at_key, "meta-data", err);
	if (status == BS_OK)
		status = bs_buf_status(&value, "a kept summary", err);
	if (status == BS_OK)
		status = bs_meta_set(&caller, group->job, items, 2, err);
	bs_buf_release(&value);
	bs_buf_release(&at_key);
	bs_buf_release(&key);
	return status;
}

enum bs_status bs_group_look(
	struct bs_group *group, struct bs_group_view *ret_view, struct bs_err *err)
{
	struct bs_json *keys = NULL;
	const struct bs_caller caller = caller_now(group);
	enum bs_status status = bs_meta_keys(&caller, group->job, &keys, err);
	if (status == BS_OK)
		status = bs_group_view(keys, &group->self, group->arena, ret_view, err);
	bs_json_free(keys);
	return status;
}

enum bs_status bs_group_leave(struct bs_group *group, const char *id, struct bs_err *err)
{
	struct bs_buf key;
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_group_job_key(id, group->job->slot, group->job->attempt, NULL, NULL, &key);
	return set_one(group, &key, BS_LIT("1"), err);
}
