// SPDX-License-Identifier: MIT
// The summary: its struct, and THE table of its fields, which validates, fills and prints the JSON
// Schema.
#ifndef BS_LLM_SUMMARY_H
#define BS_LLM_SUMMARY_H

#include "core/base/category.h"
#include "core/base/limits.h"
#include "core/base/str.h"

enum bs_confidence {
	BS_CONFIDENCE_LOW,
	BS_CONFIDENCE_MEDIUM,
	BS_CONFIDENCE_HIGH,
};

const char *bs_confidence_id(enum bs_confidence confidence); // "low"

// Unknown parts: ptr NULL, line 0; null in JSON.
struct bs_failure {
	struct bs_str name, file, message;
	uint64_t line;
};

struct bs_evidence {
	uint64_t line;      // in the log
	struct bs_str text; // verbatim from the log
};

// Slices live in the arena the summary was made in; valid UTF-8, single lines.
struct bs_summary {
	struct bs_str headline; // ≤ 120 characters
	struct bs_str summary;  // one paragraph, ≤ 700 characters
	enum bs_category category;
	struct bs_failure failures[BS_FAILURES_MAX];
	size_t failures_count;
	struct bs_evidence evidence[BS_EVIDENCE_MAX];
	size_t evidence_count;
	struct bs_str next_step; // ≤ 300 characters, may be empty
	enum bs_confidence confidence;
};

// --- the table of fields: the contract of the JSON result, in rows

enum bs_field_type {
	BS_FIELD_TEXT, // struct bs_str
	BS_FIELD_LINE, // uint64_t, from 1
	BS_FIELD_ENUM, // an enum numbered from 0
	BS_FIELD_LIST, // an array of structs, and its count beside it
};

struct bs_field {
	const char *key;
	const char *about; // for the schema; limits are appended to it
	enum bs_field_type type;
	size_t offset;
	bool nullable; // unknown: ptr NULL, line 0
	bool may_be_empty;
	bool verbatim; // quoted from the log: not cleaned or cut here, checked by grounding
	size_t chars_max;
	const char *(*enum_id)(unsigned value);
	unsigned enum_count;
	const struct bs_field *items; // the fields of an item
	size_t item_bytes, items_max, count_offset;
	const char *item_text; // the field meant when an item is a bare string; NULL: none
};

// Ends with a row whose key is NULL, as do the fields of items.
extern const struct bs_field bs_summary_fields[];

#endif
