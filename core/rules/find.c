// SPDX-License-Identifier: MIT
// Findings: one for each shape among the best marks, captured by matching the rule once more.
#include "core/rules/find.h"
#include "core/rules/try.h"

#define WRAPPERS_MAX 3
#define CAUSES_WITH_PLACES 10
#define PLACE_LINES 40
#define PLACES_MAX 60

struct finder {
	struct bs_scan *scan;
	const struct bs_store *store;
	const struct bs_templates *templates;
	struct bs_arena *arena;
	struct bs_finding *findings;
	uint32_t *slots; // shapes that have a finding, parallel to findings
	size_t count;
};

static struct bs_str captured(struct bs_str text, const struct bs_span *spans, size_t group)
{
	if (group == 0 || group > BS_REGEX_GROUPS_MAX || spans[group].from == SIZE_MAX)
		return bs_str(NULL, 0);
	return bs_str_trim(
		bs_str_sub(text, spans[group].from, spans[group].to - spans[group].from));
}

static void take(
	struct bs_finding *finding, const struct bs_rule *rule, const struct bs_span *spans)
{
	struct bs_str text = finding->text;
	if (!finding->name.len)
		finding->name = captured(text, spans, rule->group_name);
	if (!finding->message.len)
		finding->message = captured(text, spans, rule->group_message);
	if (finding->file.len)
		return;
	finding->file = captured(text, spans, rule->group_file);
	if (!bs_str_to_u64(captured(text, spans, rule->group_line), &finding->file_line))
		finding->file_line = 0;
}

// What the rule of the mark captured. Where that is neither a name nor a place, the next rule that
// knows one of them completes it: the strongest rule of a line is not always the one that knows
// most.
static void capture(struct finder *finder, uint16_t at, struct bs_finding *finding)
{
	const struct bs_rules *rules = finder->scan->rules;
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1];
	if (!bs_try_captures(finder->scan, at, finding->text, spans))
		return;
	take(finding, rules->order[at], spans);
	while (finding->role == BS_ROLE_CAUSE && !finding->name.len && !finding->file.len) {
		at = bs_scan_next(finder->scan, at, finding->text, spans);
		if (at == BS_SCAN_NOBODY)
			return;
		const struct bs_rule *rule = rules->order[at];
		if (rule->role != BS_ROLE_CAUSE || (!rule->group_name && !rule->group_file))
			continue;
		take(finding, rule, spans);
		if (finding->category == BS_CATEGORY_UNKNOWN)
			finding->category = rule->category;
	}
}

// The line before one that says only where it happened; empty when it is not there. False when
// memory is out.
static bool take_said_before(struct finder *finder, size_t index, struct bs_str *ret_said)
{
	const struct bs_stored *lines = finder->store->lines;
	if (index == 0 || lines[index - 1].number + 1 != lines[index].number)
		return true;
	struct bs_str said = bs_str_trim(bs_store_text(finder->store, index - 1));
	if (said.len == 0)
		return true;
	*ret_said = bs_arena_str(finder->arena, said);
	return ret_said->ptr != NULL;
}

// False when memory is out.
static bool add(struct finder *finder, const struct bs_mark *mark)
{
	if (finder->count == BS_FINDINGS_MAX || mark->rule == BS_SCAN_NOBODY)
		return true;
	if (mark->at == finder->store->count)
		return true;
	const struct bs_rule *rule = finder->scan->rules->order[mark->rule];
	struct bs_str text = bs_arena_str(finder->arena, bs_store_text(finder->store, mark->at));
	if (!text.ptr)
		return false;
	struct bs_finding *finding = &finder->findings[finder->count];
	*finding = (struct bs_finding){
		.rule = rule->id,
		.role = rule->role,
		.category = rule->category,
		.weight = rule->weight,
		.line_number = mark->number,
		.repeats = bs_templates_total(finder->templates, mark->slot) - 1,
		.text = text,
	};
	capture(finder, mark->rule, finding);
	if (rule->said_before && !finding->message.len &&
		!take_said_before(finder, mark->at, &finding->message))
		return false;
	finder->slots[finder->count++] = mark->slot;
	return true;
}

static bool is_known_shape(const struct finder *finder, const struct bs_mark *mark)
{
	for (size_t i = 0; i < finder->count; i++)
		if (finder->slots[i] == mark->slot)
			return true;
	return false;
}

static bool add_ranked(struct finder *finder, const struct bs_marks *marks,
	const struct bs_ranked *ranked, size_t ranked_count, enum bs_role role)
{
	for (size_t i = 0; i < ranked_count && finder->count < BS_FINDINGS_MAX; i++) {
		const struct bs_mark *mark = &marks->items[ranked[i].mark];
		if (bs_mark_role(finder->scan->rules, mark) == role &&
			!is_known_shape(finder, mark) && !add(finder, mark))
			return false;
	}
	return true;
}

static bool add_wrappers(struct finder *finder, const struct bs_marks *marks)
{
	size_t seen = 0;
	for (size_t i = marks->count; i > 0 && seen < WRAPPERS_MAX; i--) {
		const struct bs_mark *mark = &marks->items[i - 1];
		if (bs_mark_role(finder->scan->rules, mark) != BS_ROLE_WRAPPER)
			continue;
		seen++;
		if (!is_known_shape(finder, mark) && !add(finder, mark))
			return false;
	}
	return true;
}

static bool is_near_cause(const struct finder *finder, uint64_t number)
{
	for (size_t i = 0; i < finder->count && i < CAUSES_WITH_PLACES; i++) {
		uint64_t cause = finder->findings[i].line_number;
		if (finder->findings[i].role == BS_ROLE_CAUSE &&
			(cause > number ? cause - number : number - cause) <= PLACE_LINES)
			return true;
	}
	return false;
}

// Lines that name a place beside the strongest causes: frames of a stack, a compiler's arrow.
static bool add_places(struct finder *finder, const struct bs_marks *marks)
{
	size_t seen = 0;
	for (size_t i = 0; i < marks->count && seen < PLACES_MAX; i++) {
		const struct bs_mark *mark = &marks->items[i];
		const struct bs_rule *rule = bs_mark_rule(finder->scan->rules, mark);
		if (!rule || rule->role != BS_ROLE_CONTEXT || !rule->group_file ||
			!is_near_cause(finder, mark->number))
			continue;
		seen++;
		if (!add(finder, mark))
			return false;
	}
	return true;
}

enum bs_status bs_find(struct bs_scan *scan, const struct bs_store *store,
	const struct bs_marks *marks, const struct bs_templates *templates,
	const struct bs_ranked *ranked, size_t ranked_count, struct bs_arena *arena,
	struct bs_excerpt *excerpt, struct bs_err *err)
{
	struct finder finder = {scan, store, templates, arena, NULL, NULL, 0};
	finder.findings = BS_NEW_ARRAY(arena, struct bs_finding, BS_FINDINGS_MAX);
	finder.slots = BS_NEW_ARRAY(arena, uint32_t, BS_FINDINGS_MAX);
	if (!finder.findings || !finder.slots ||
		!add_ranked(&finder, marks, ranked, ranked_count, BS_ROLE_CAUSE) ||
		!add_ranked(&finder, marks, ranked, ranked_count, BS_ROLE_SUMMARY) ||
		!add_wrappers(&finder, marks) || !add_places(&finder, marks))
		return bs_fail_nomem(err);
	excerpt->findings = finder.findings;
	excerpt->findings_count = finder.count;
	return BS_OK;
}
