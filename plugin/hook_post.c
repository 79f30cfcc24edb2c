// SPDX-License-Identifier: MIT
// What stands on the build's page: one annotation for each failure, whoever failed so.
#include <inttypes.h>

#include "core/base/clock.h"
#include "plugin/hook.h"

#define REMOVE_MS_MAX 3000
#define POSTS_MAX 3 // while others keep joining; the last of them posts after us

struct bs_caller bs_hook_caller(const struct bs_hook *hook, int64_t until_ms)
{
	return (struct bs_caller){
		.http = hook->http,
		.who = "agent API",
		.until_ms = until_ms < hook->deadline_at_ms ? until_ms : hook->deadline_at_ms,
		.cancelled = hook->cancelled,
	};
}

// Red is for what the change itself may have broken; what is guessed, and what a retry may mend, is
// yellow.
static const char *choose_style(const struct bs_hook *hook, const struct bs_report *report)
{
	if (hook->config->annotation_style)
		return hook->config->annotation_style;
	if (!report->by_llm || report->low_confidence)
		return "warning";
	switch (report->summary.category) {
	case BS_CATEGORY_TEST_FAILURE:
	case BS_CATEGORY_COMPILE_ERROR:
	case BS_CATEGORY_LINT:
	case BS_CATEGORY_DEPENDENCY:
	case BS_CATEGORY_CONFIGURATION:
	case BS_CATEGORY_OUT_OF_MEMORY:
	case BS_CATEGORY_CRASH:
	case BS_CATEGORY_PERMISSION:
	case BS_CATEGORY_UNKNOWN:
		return "error";
	case BS_CATEGORY_INFRASTRUCTURE:
	case BS_CATEGORY_NETWORK:
	case BS_CATEGORY_TIMEOUT:
	case BS_CATEGORY_COUNT:
		break;
	}
	return "warning";
}

static enum bs_status post_once(struct bs_hook *hook, const struct bs_report *report,
	const char *context, struct bs_err *err)
{
	struct bs_buf body;
	const struct bs_alike job = {.name = hook->job.name, .url = hook->job.url};
	const struct bs_caller caller = bs_hook_caller(hook, hook->deadline_at_ms);
	bs_buf_init(&body, BS_ANNOTATION_BYTES_MAX);
	bs_report_markdown(
		report, report->alike_count < 2 ? &job : NULL, BS_ANNOTATION_BYTES_AIM, &body);
	const struct bs_annotation annotation = {
		.body = bs_buf_str(&body),
		.context = context,
		.style = choose_style(hook, report),
		.scope = hook->config->annotation_scope,
		.priority = hook->config->annotation_priority,
	};
	enum bs_status status = bs_buf_status(&body, "annotation", err);
	if (status == BS_OK)
		status = bs_agent_annotate(&caller, &hook->job, &annotation, err);
	bs_buf_release(&body);
	return status;
}

// --- the jobs that failed alike

static bool list_alike(
	struct bs_hook *hook, const struct bs_group_view *view, struct bs_report *report)
{
	struct bs_alike *alike = BS_NEW_ARRAY(hook->arena, struct bs_alike, view->count + 1);
	if (!alike)
		return false;
	for (size_t i = 0; i < view->count; i++) {
		alike[i].name = view->members[i].name;
		alike[i].said = view->members[i].said;
		if (hook->job.build_url)
			alike[i].url = bs_arena_printf(
				hook->arena, "%s#%s", hook->job.build_url, view->members[i].job_id);
	}
	report->alike = alike;
	report->alike_count = view->count;
	return true;
}

// Posts until the list of jobs is the one that was there after posting: whoever joins posts after
// joining, so the last of those that race has them all.
static enum bs_status post_for_all(struct bs_hook *hook, struct bs_group *group,
	struct bs_report *report, const char *context, struct bs_group_view *view,
	struct bs_err *err)
{
	for (unsigned posts = 1;; posts++) {
		uint64_t posted = view->hash;
		if (!list_alike(hook, view, report))
			return bs_fail_nomem(err);
		enum bs_status status = post_once(hook, report, context, posts > 1 ? NULL : err);
		if (status != BS_OK && posts > 1)
			return BS_OK; // an older list is better than none
		if (status != BS_OK || posts == POSTS_MAX ||
			bs_group_look(group, view, NULL) != BS_OK || view->hash == posted)
			return status;
	}
}

// Who claimed the failure after us has the last word on where it stands.
static void publish(struct bs_hook *hook, struct bs_group *group, const struct bs_report *report)
{
	struct bs_buf told;
	struct bs_err trouble;
	const char *last = bs_group_find_home(group, group->self.id);
	group->home = last ? last : group->home;
	bs_buf_init(&told, BS_LINE_BYTES_MAX);
	bs_report_told(report, &told);
	const struct bs_kept kept = {
		.by_llm = report->by_llm,
		.told = told.len ? told.ptr : "",
		.context = group->home,
		.made_ms = bs_clock_wall_ms(),
		.summary = report->summary,
	};
	if (told.failed == BS_OK && bs_group_publish(group, &kept, &trouble) != BS_OK)
		bs_diag_warn(hook->diag, "not shared with jobs that fail alike: %s", trouble.msg);
	bs_buf_release(&told);
}

// --- what was posted before

// A failure that this job no longer counts among goes, or is posted again for the others.
static void leave(struct bs_hook *hook, struct bs_group *group, const char *slot, const char *id,
	bool is_empty, const char *posted_at)
{
	struct bs_kept kept;
	struct bs_group_view view;
	struct bs_group other = *group;
	const struct bs_caller caller = bs_hook_caller(hook, hook->deadline_at_ms);
	const struct bs_excerpt none = {0};
	other.self.id = id;
	other.self.slot = slot;
	if (bs_group_leave(&other, id, NULL) != BS_OK)
		return;
	bool is_kept = bs_group_kept(&other, id, &kept, NULL) == BS_OK;
	// whoever asked may have died, and only those who were late have posted
	const char *home = is_kept ? kept.context : bs_group_find_home(&other, id);
	if (!home || (posted_at && strcmp(home, posted_at) == 0))
		return;
	enum bs_status status = BS_OK;
	if (is_empty) {
		status = bs_agent_remove(
			&caller, &hook->job, home, hook->config->annotation_scope, NULL);
	} else if (is_kept && bs_group_look(&other, &view, NULL) == BS_OK) {
		struct bs_report report = {
			.by_llm = kept.by_llm,
			.summary = kept.summary,
			.low_confidence = kept.summary.confidence == BS_CONFIDENCE_LOW,
			.told = kept.told,
			.excerpt = none,
		};
		status = post_for_all(hook, &other, &report, home, &view, NULL);
	}
	if (status != BS_OK)
		bs_diag_warn(hook->diag, "an older annotation could not be brought up to date");
}

static void leave_all(struct bs_hook *hook, struct bs_group *group,
	const struct bs_group_view *view, const char *posted_at)
{
	for (size_t i = 0; i < view->left_count; i++)
		leave(hook, group, view->slot, view->left[i], view->left_empty[i], posted_at);
}

// --- the two ways a hook ends

// Where the answer is to stand.
static const char *place_of(const struct bs_hook *hook, const struct bs_group *group)
{
	bool for_build = strcmp(hook->config->annotation_scope, "build") == 0;
	return for_build && group->on && group->home ? group->home : hook->job.context;
}

// Of a job that could not wait: an answer that came after all is posted over ours, for ours may
// have been posted over it.
static enum bs_status post_late(struct bs_hook *hook, struct bs_hook_answer *answer,
	struct bs_group_view *view, struct bs_err *err)
{
	struct bs_kept kept;
	struct bs_group *group = &answer->group;
	if (bs_group_kept(group, group->self.id, &kept, NULL) == BS_OK)
		bs_hook_take(hook, &kept, answer);
	enum bs_status status = post_for_all(
		hook, group, &answer->report, place_of(hook, group), view, err);
	if (status != BS_OK || !answer->is_late ||
		bs_group_kept(group, group->self.id, &kept, NULL) != BS_OK)
		return status;
	bs_hook_take(hook, &kept, answer);
	return post_for_all(hook, group, &answer->report, place_of(hook, group), view, err);
}

// What an earlier attempt that went alone left behind.
static void remove_own(struct bs_hook *hook, const struct bs_group_view *view)
{
	const struct bs_caller caller = bs_hook_caller(hook, hook->deadline_at_ms);
	if (!view->at_taken && bs_agent_remove(&caller, &hook->job, hook->job.context,
				       hook->config->annotation_scope, NULL) != BS_OK)
		bs_diag_warn(hook->diag, "an older annotation could not be taken away");
}

enum bs_status bs_hook_post(struct bs_hook *hook, struct bs_hook_answer *answer, struct bs_err *err)
{
	struct bs_group_view view;
	struct bs_group *group = &answer->group;
	if (group->on && answer->is_new)
		publish(hook, group, &answer->report);
	const char *place = place_of(hook, group);
	if (!group->on || bs_group_look(group, &view, NULL) != BS_OK)
		// what stands for others must not lose their names
		return post_once(
			hook, &answer->report, answer->is_new ? place : hook->job.context, err);
	enum bs_status status = answer->is_late ? post_late(hook, answer, &view, err)
						: post_for_all(hook, group, &answer->report, place,
							  &view, err);
	if (status != BS_OK || !hook->job.retried)
		return status;
	place = place_of(hook, group);
	leave_all(hook, group, &view, place);
	if (strcmp(place, hook->job.context) != 0)
		remove_own(hook, &view);
	return BS_OK;
}

enum bs_status bs_hook_clear(struct bs_hook *hook, struct bs_err *err)
{
	struct bs_group group;
	struct bs_group_view view = {0};
	const struct bs_caller caller = bs_hook_caller(hook, hook->deadline_at_ms);
	struct bs_err trouble;
	enum bs_status status = BS_EMPTY;
	bs_group_join(&group, &caller, &hook->job, NULL, NULL, hook->arena);
	if (hook->config->annotation_group)
		status = bs_group_look(&group, &view, &trouble);
	if (status != BS_OK && status != BS_EMPTY) {
		bs_diag_warn(hook->diag,
			"an annotation of an earlier attempt may be out of date, and is left for "
			"jobs that may need it: %s",
			trouble.msg);
		return BS_OK;
	}
	if (status == BS_OK)
		leave_all(hook, &group, &view, NULL);
	if (view.at_taken) // by others, who still need it
		return BS_OK;
	const struct bs_caller last = bs_hook_caller(hook, bs_clock_ms() + REMOVE_MS_MAX);
	return bs_agent_remove(
		&last, &hook->job, hook->job.context, hook->config->annotation_scope, err);
}
