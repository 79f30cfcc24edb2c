// SPDX-License-Identifier: MIT
// THE table of the summary's fields: one row is what is read, checked, described and limited.
#include "core/llm/summary.h"

#include <assert.h>
#include <stddef.h>

const char *bs_confidence_id(enum bs_confidence confidence)
{
	static const char *const ids[] = {
		[BS_CONFIDENCE_LOW] = "low",
		[BS_CONFIDENCE_MEDIUM] = "medium",
		[BS_CONFIDENCE_HIGH] = "high",
	};
	assert(confidence <= BS_CONFIDENCE_HIGH);
	return ids[confidence];
}

static const char *category_id(unsigned value)
{
	return bs_category_id((enum bs_category)value);
}

static const char *confidence_id(unsigned value)
{
	return bs_confidence_id((enum bs_confidence)value);
}

// The reader of answers stores enums as what they are numbered by.
_Static_assert(sizeof(enum bs_category) == sizeof(unsigned), "an enum is not an unsigned");
_Static_assert(sizeof(enum bs_confidence) == sizeof(unsigned), "an enum is not an unsigned");

static const struct bs_field failure_fields[] = {
	{.key = "name",
		.about = "the failing test, target, package, rule or job step, as the log names it",
		.type = BS_FIELD_TEXT,
		.offset = offsetof(struct bs_failure, name),
		.nullable = true,
		.chars_max = 200},
	{.key = "file",
		.about =
			"path of the source file at fault, spelled exactly as in the log; null when "
			"the log names none",
		.type = BS_FIELD_TEXT,
		.offset = offsetof(struct bs_failure, file),
		.nullable = true,
		.chars_max = 300},
	{.key = "line",
		.about = "line number inside that file, not inside the log",
		.type = BS_FIELD_LINE,
		.offset = offsetof(struct bs_failure, line),
		.nullable = true},
	{.key = "message",
		.about = "what went wrong there, in the words of the log",
		.type = BS_FIELD_TEXT,
		.offset = offsetof(struct bs_failure, message),
		.nullable = true,
		.chars_max = 300},
	{0},
};

static const struct bs_field evidence_fields[] = {
	{.key = "line",
		.about = "number of that line in the log",
		.type = BS_FIELD_LINE,
		.offset = offsetof(struct bs_evidence, line),
		.verbatim = true},
	{.key = "text",
		.about =
			"one line of the log, or a telling part of it, copied character by character",
		.type = BS_FIELD_TEXT,
		.offset = offsetof(struct bs_evidence, text),
		.verbatim = true,
		.chars_max = 500},
	{0},
};

// Models write the members in this order: what they read comes before what they conclude.
const struct bs_field bs_summary_fields[] = {
	{.key = "evidence",
		.about = "the lines of the log that prove the root cause, the most telling first",
		.type = BS_FIELD_LIST,
		.offset = offsetof(struct bs_summary, evidence),
		.items = evidence_fields,
		.item_bytes = sizeof(struct bs_evidence),
		.items_max = BS_EVIDENCE_MAX,
		.count_offset = offsetof(struct bs_summary, evidence_count),
		.item_text = "text"},
	{.key = "failures",
		.about = "each distinct failure, the root cause first",
		.type = BS_FIELD_LIST,
		.offset = offsetof(struct bs_summary, failures),
		.items = failure_fields,
		.item_bytes = sizeof(struct bs_failure),
		.items_max = BS_FAILURES_MAX,
		.count_offset = offsetof(struct bs_summary, failures_count)},
	{.key = "category",
		.about = "the kind of the root cause; unknown when the log does not tell",
		.type = BS_FIELD_ENUM,
		.offset = offsetof(struct bs_summary, category),
		.enum_id = category_id,
		.enum_count = BS_CATEGORY_COUNT},
	{.key = "summary",
		.about = "one paragraph for the engineer whose build is red: the root cause first, "
			 "then what followed from it",
		.type = BS_FIELD_TEXT,
		.offset = offsetof(struct bs_summary, summary),
		.chars_max = 700},
	{.key = "headline",
		.about = "what failed and why, in one line",
		.type = BS_FIELD_TEXT,
		.offset = offsetof(struct bs_summary, headline),
		.chars_max = 120},
	{.key = "next_step",
		.about = "the one thing to do next; empty when the log suggests none",
		.type = BS_FIELD_TEXT,
		.offset = offsetof(struct bs_summary, next_step),
		.may_be_empty = true,
		.chars_max = 300},
	{.key = "confidence",
		.about = "how surely the log shows this cause",
		.type = BS_FIELD_ENUM,
		.offset = offsetof(struct bs_summary, confidence),
		.enum_id = confidence_id,
		.enum_count = BS_CONFIDENCE_HIGH + 1},
	{0},
};
