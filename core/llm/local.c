// SPDX-License-Identifier: MIT
// The summary without a model: what the rules saw, put into sentences, and nothing beyond that.
#include "core/llm/local.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/llm/local_failures.h"
#include "core/llm/local_words.h"

#define HEADLINE_CHARS_MAX 120
#define SUMMARY_CHARS_MAX 700
#define FIELD_CHARS_MAX 300
#define EVIDENCE_LINES 6
#define EVIDENCE_CHARS_MAX 400
#define TELLING_WEIGHT 70 // a rule that knows its tool

struct draft {
	const struct bs_excerpt *excerpt;
	const struct bs_ending *ending;
	struct bs_arena *arena;
	struct bs_summary *summary;
	const struct bs_finding *principal; // NULL: no rule saw a cause
	bool outweighed;                    // it is not why the command ended as it did
};

// A copy of at most chars_max characters, cut at a word where one is near, marked by an ellipsis.
static bool copy_clipped(
	struct draft *draft, struct bs_str text, size_t chars_max, struct bs_str *ret_copy)
{
	struct bs_str clipped = bs_str_clip_chars(text, chars_max);
	if (clipped.len < text.len) {
		clipped = bs_str_clip_chars(text, chars_max - 1);
		size_t end = clipped.len;
		while (end > clipped.len / 2 && clipped.ptr[end - 1] != ' ')
			end--;
		if (end > clipped.len / 2)
			clipped.len = end;
		clipped = bs_str_trim_end(clipped);
		ret_copy->ptr = bs_arena_printf(draft->arena, "%.*s…", BS_FMT(clipped));
		ret_copy->len = ret_copy->ptr ? strlen(ret_copy->ptr) : 0;
	} else {
		*ret_copy = bs_arena_str(draft->arena, clipped);
	}
	return ret_copy->ptr != NULL;
}

// --- category

// The ending's category where that says more, else the principal finding's; where both are unknown
// the strongest finding's that has one.
static enum bs_category choose_category(const struct draft *draft)
{
	enum bs_category by_ending = bs_ending_category(draft->ending);
	if (draft->outweighed)
		return by_ending;
	if (draft->principal && draft->principal->category != BS_CATEGORY_UNKNOWN)
		return draft->principal->category;
	if (by_ending != BS_CATEGORY_UNKNOWN)
		return by_ending;
	for (size_t i = 0; i < draft->excerpt->findings_count; i++)
		if (draft->excerpt->findings[i].category != BS_CATEGORY_UNKNOWN)
			return draft->excerpt->findings[i].category;
	return BS_CATEGORY_UNKNOWN;
}

// --- failures

static bool copy_field(struct draft *draft, struct bs_str *field)
{
	return field->len == 0 || copy_clipped(draft, *field, FIELD_CHARS_MAX, field);
}

static bool add_failures(struct draft *draft)
{
	struct bs_summary *summary = draft->summary;
	summary->failures_count = bs_local_failures(
		draft->excerpt, draft->principal, summary->failures);
	for (size_t i = 0; i < summary->failures_count; i++) {
		struct bs_failure *failure = &summary->failures[i];
		if (!copy_field(draft, &failure->name) || !copy_field(draft, &failure->file) ||
			!copy_field(draft, &failure->message))
			return false;
	}
	return true;
}

// --- evidence

static bool is_evidence(const struct bs_summary *summary, uint64_t line)
{
	for (size_t i = 0; i < summary->evidence_count; i++)
		if (summary->evidence[i].line == line)
			return true;
	return false;
}

static bool add_evidence_line(struct draft *draft, uint64_t number, struct bs_str text)
{
	struct bs_summary *summary = draft->summary;
	if (is_evidence(summary, number) || bs_str_trim(text).len == 0)
		return true;
	struct bs_evidence evidence = {.line = number};
	// verbatim: cut at the end perhaps, never rewritten
	evidence.text = bs_arena_str(
		draft->arena, bs_str_clip_chars(bs_str_trim_end(text), EVIDENCE_CHARS_MAX));
	if (!evidence.text.ptr)
		return false;
	size_t at = summary->evidence_count++;
	for (; at > 0 && summary->evidence[at - 1].line > number; at--)
		summary->evidence[at] = summary->evidence[at - 1];
	summary->evidence[at] = evidence;
	return true;
}

// The strongest findings' lines in the order of the log; where there is none, the end of the log.
static bool add_evidence(struct draft *draft)
{
	const struct bs_excerpt *excerpt = draft->excerpt;
	for (size_t i = 0;
		i < excerpt->findings_count && draft->summary->evidence_count < EVIDENCE_LINES; i++)
		if (excerpt->findings[i].role != BS_ROLE_CONTEXT &&
			!add_evidence_line(
				draft, excerpt->findings[i].line_number, excerpt->findings[i].text))
			return false;
	if (draft->principal)
		return true;
	for (size_t i = excerpt->lines_count;
		i > 0 && draft->summary->evidence_count < EVIDENCE_LINES; i--)
		if (excerpt->lines[i - 1].number &&
			!add_evidence_line(
				draft, excerpt->lines[i - 1].number, excerpt->lines[i - 1].text))
			return false;
	return true;
}

// --- a job whose time was up

// Of the agent ending the command, in the packs ci and system: the end of such a job, not its
// cause.
static bool is_echo(const struct bs_finding *finding)
{
	static const char *const rules[] = {
		"buildkite-killed", "system-killed", "system-killed-target", "system-asked-to-end"};
	for (size_t i = 0; finding->rule && i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(rules[i], finding->rule) == 0)
			return true;
	return false;
}

static bool leave_out_echoes(
	const struct bs_excerpt *excerpt, struct bs_arena *arena, struct bs_excerpt *ret_excerpt)
{
	struct bs_finding *findings = bs_arena_alloc(
		arena, (excerpt->findings_count + 1) * sizeof(*findings));
	size_t count = 0;
	for (size_t i = 0; findings && i < excerpt->findings_count; i++)
		if (!is_echo(&excerpt->findings[i]))
			findings[count++] = excerpt->findings[i];
	*ret_excerpt = *excerpt;
	ret_excerpt->findings = findings;
	ret_excerpt->findings_count = count;
	return findings != NULL;
}

// --- the whole

static bool write_texts(struct draft *draft, struct bs_buf *buf)
{
	struct bs_summary *summary = draft->summary;
	bs_buf_clear(buf);
	bs_local_headline(summary, draft->ending, draft->outweighed, buf);
	if (buf->failed != BS_OK ||
		!copy_clipped(draft, bs_buf_str(buf), HEADLINE_CHARS_MAX, &summary->headline))
		return false;
	bs_buf_clear(buf);
	bs_local_paragraph(summary, draft->excerpt, draft->ending, draft->outweighed, buf);
	return buf->failed == BS_OK &&
	       copy_clipped(draft, bs_buf_str(buf), SUMMARY_CHARS_MAX, &summary->summary);
}

enum bs_status bs_local_summary(const struct bs_excerpt *excerpt, const struct bs_ending *ending,
	struct bs_arena *arena, struct bs_summary *ret_summary, struct bs_err *err)
{
	struct bs_summary summary = {.next_step = BS_LIT("")};
	struct draft draft = {
		.excerpt = excerpt, .ending = ending, .arena = arena, .summary = &summary};
	struct bs_excerpt rest;
	struct bs_buf buf;
	if (ending->timed_out) {
		if (!leave_out_echoes(excerpt, arena, &rest))
			return bs_fail_nomem(err);
		draft.excerpt = &rest;
	}
	draft.principal = bs_local_principal(draft.excerpt);
	draft.outweighed = bs_ending_outweighs(
		ending, draft.principal ? draft.principal->category : BS_CATEGORY_UNKNOWN);
	bs_buf_init(&buf, 64 * 1024);
	summary.category = choose_category(&draft);
	bool done = (!draft.principal || add_failures(&draft)) && add_evidence(&draft) &&
		    write_texts(&draft, &buf);
	bool placed = summary.failures_count &&
		      (summary.failures[0].file.len || summary.failures[0].name.len);
	summary.confidence = draft.principal && draft.principal->weight >= TELLING_WEIGHT && placed
				     ? BS_CONFIDENCE_MEDIUM
				     : BS_CONFIDENCE_LOW;
	bs_buf_release(&buf);
	if (!done)
		return bs_fail_nomem(err);
	*ret_summary = summary;
	return BS_OK;
}
