// SPDX-License-Identifier: MIT
// What the jobs of a build that fail alike tell each other: requests, each bounded in time.
#include "plugin/group.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/clock.h"

// Of one request: a share of the time there was at first, for whoever owns a failure makes about
// ten. Slower meta-data counts as none. The first request also looks the host up and connects.
#define TRY_MS_MIN 1500
#define TRY_MS_MAX 3500
#define TRY_SHARE 8
#define LEAVE_TRY_MS_MAX 2500 // of a job that passed
#define AGAIN_MS 1000         // for a second try
#define TRIES_MAX 2
#define POST_MS_MIN 1000 // of the deadline, kept for the annotation itself: so much,
#define POST_TRIPS 2     // … but no less than its request may take, by those that we have seen,
#define POST_SHARE 3     // … and no more than so much of what there was at first
#define TRIPS_ALL 8      // of an owner, its model's time aside
#define TRIPS_AFTER 4 // requests about the group between an answer and its annotation, and one more

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t bs_group_until_ms(const struct bs_group *group)
{
	int64_t post_ms = most(POST_MS_MIN, group->round_trip_ms * POST_TRIPS);
	return group->caller.until_ms - least(post_ms, group->time_ms / POST_SHARE);
}

static struct bs_caller caller_now(const struct bs_group *group)
{
	struct bs_caller caller = group->caller;
	caller.who = "meta-data";
	caller.try_ms_max = least(most(group->time_ms / TRY_SHARE, TRY_MS_MIN), TRY_MS_MAX);
	caller.tries_max = TRIES_MAX;
	if (group->is_leaving) {
		caller.try_ms_max = LEAVE_TRY_MS_MAX;
		caller.tries_max = 0; // an annotation may be taken for stale, or for needed
	}
	caller.until_ms = least(
		bs_group_until_ms(group), bs_clock_ms() + caller.try_ms_max + AGAIN_MS);
	return caller;
}

static void note_trip(struct bs_group *group, int64_t began_ms)
{
	group->round_trip_ms = most(group->round_trip_ms, bs_clock_ms() - began_ms);
}

int64_t bs_group_reserve_ms(const struct bs_group *group)
{
	return group->on ? group->round_trip_ms * TRIPS_AFTER : 0;
}

enum bs_status bs_group_get(struct bs_group *group, const char *id, const char *what,
	struct bs_buf *value, struct bs_err *err)
{
	struct bs_buf key;
	const struct bs_caller caller = caller_now(group);
	int64_t began_ms = bs_clock_ms();
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_group_key(id, what, &key);
	bs_buf_clear(value);
	enum bs_status status = bs_buf_status(&key, "meta-data", err);
	if (status == BS_OK)
		status = bs_meta_get(&caller, group->job, key.ptr, value, err);
	bs_buf_release(&key);
	note_trip(group, began_ms);
	return status;
}

enum bs_status bs_group_set(
	struct bs_group *group, const struct bs_meta_item *items, size_t count, struct bs_err *err)
{
	const struct bs_caller caller = caller_now(group);
	int64_t began_ms = bs_clock_ms();
	enum bs_status status = bs_meta_set(&caller, group->job, items, count, err);
	note_trip(group, began_ms);
	return status;
}

static enum bs_status set_mark(struct bs_group *group, struct bs_buf *key, struct bs_err *err)
{
	enum bs_status status = bs_buf_status(key, "meta-data", err);
	if (status == BS_OK)
		status = bs_group_set(group, &(struct bs_meta_item){key->ptr, BS_LIT("1")}, 1, err);
	bs_buf_release(key);
	return status;
}

void bs_group_join(struct bs_group *group, const struct bs_caller *caller, const struct bs_job *job,
	const char *failure_id, const char *said, struct bs_arena *arena)
{
	struct bs_buf key;
	*group = (struct bs_group){
		.caller = *caller,
		.job = job,
		.arena = arena,
		.self = {failure_id, job->slot, !failure_id && job->is_slot_vague, job->at},
		.is_leaving = !failure_id,
		.time_ms = bs_deadline_left_ms(
			(struct bs_deadline){caller->until_ms}, bs_clock_ms()),
	};
	if (!failure_id)
		return;
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_group_job_key(failure_id, job->slot, job->attempt, job->id, job->name, said, &key);
	group->on = set_mark(group, &key, NULL) == BS_OK &&
		    group->round_trip_ms * TRIPS_ALL <= group->time_ms;
}

enum bs_status bs_group_kept(
	struct bs_group *group, const char *id, struct bs_kept *ret_kept, struct bs_err *err)
{
	struct bs_buf value;
	bs_buf_init(&value, BS_KEPT_BYTES_MAX);
	enum bs_status status = bs_group_get(group, id, "kept", &value, err);
	if (status == BS_OK)
		status = bs_kept_read(bs_buf_str(&value), group->arena, ret_kept, err);
	bs_buf_release(&value);
	return status;
}

const char *bs_group_claimed_home(struct bs_group *group, struct bs_str claim)
{
	struct bs_str job;
	if (!bs_str_split(&claim, ' ', &job) || claim.len == 0 ||
		claim.len > BS_CONTEXT_BYTES_MAX || !bs_str_is_utf8(claim))
		return NULL;
	return bs_arena_cstr(group->arena, claim);
}

const char *bs_group_find_home(struct bs_group *group, const char *id)
{
	struct bs_buf claim;
	const char *home = NULL;
	bs_buf_init(&claim, BS_LINE_BYTES_MAX);
	if (bs_group_get(group, id, "owner", &claim, NULL) == BS_OK)
		home = bs_group_claimed_home(group, bs_buf_str(&claim));
	bs_buf_release(&claim);
	return home;
}

enum bs_status bs_group_publish(
	struct bs_group *group, const struct bs_kept *kept, struct bs_err *err)
{
	struct bs_buf key, at_key, value;
	char at[17];
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_buf_init(&at_key, BS_GROUP_KEY_BYTES_MAX);
	bs_buf_init(&value, BS_KEPT_BYTES_MAX);
	(void)snprintf(at, sizeof(at), "%016" PRIx64, bs_str_hash(bs_str_c(kept->context), 0));
	bs_group_key(group->self.id, "kept", &key);
	bs_group_at_key(group->self.id, at, group->self.slot, &at_key);
	bs_kept_write(kept, &value);
	const struct bs_meta_item items[] = {
		{key.ptr, bs_buf_str(&value)}, {at_key.ptr, BS_LIT("1")}};
	enum bs_status status = bs_buf_status(&key, "meta-data", err);
	if (status == BS_OK)
		status = bs_buf_status(&at_key, "meta-data", err);
	if (status == BS_OK)
		status = bs_buf_status(&value, "a kept summary", err);
	if (status == BS_OK)
		status = bs_group_set(group, items, 2, err);
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
	int64_t began_ms = bs_clock_ms();
	enum bs_status status = bs_meta_keys(&caller, group->job, &keys, err);
	if (status == BS_OK)
		status = bs_group_view(keys, &group->self, group->arena, ret_view, err);
	bs_json_free(keys);
	note_trip(group, began_ms);
	return status;
}

enum bs_status bs_group_leave(struct bs_group *group, const char *id, struct bs_err *err)
{
	struct bs_buf key;
	bs_buf_init(&key, BS_GROUP_KEY_BYTES_MAX);
	bs_group_job_key(id, group->self.slot, group->job->attempt, NULL, NULL, NULL, &key);
	return set_mark(group, &key, err);
}
