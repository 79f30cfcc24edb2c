// SPDX-License-Identifier: MIT
// What flows from the rules to the models and the reports: the lines that matter, and what was
// seen.
#ifndef BS_TEXT_EXCERPT_H
#define BS_TEXT_EXCERPT_H

#include "core/base/category.h"
#include "core/base/str.h"

// What a rule says of the lines it matches.
#define BS_ROLES(X)                                                                              \
	X(BS_ROLE_CAUSE, "cause")     /* names a failure: an assertion, a compiler error */      \
	X(BS_ROLE_SUMMARY, "summary") /* counts or lists failures: "3 failed, 10 passed" */      \
	X(BS_ROLE_WRAPPER, "wrapper") /* says only that something failed: "make: *** Error 2" */ \
	X(BS_ROLE_CONTEXT, "context") /* where we are: a group header, a command */              \
	X(BS_ROLE_NOISE, "noise")     /* looks like a failure and is none: "0 errors" */

enum bs_role {
#define X(name, id) name,
	BS_ROLES(X)
#undef X
	BS_ROLE_COUNT
};

// What a rule saw in one line (or the block that began there). Empty slices and 0: not there.
struct bs_finding {
	const char *rule; // id of the rule
	enum bs_role role;
	enum bs_category category;
	unsigned weight;       // 1..100, from the rule and its place
	uint64_t line_number;  // in the log
	uint64_t repeats;      // further lines of the same shape in the log
	struct bs_str text;    // the log line itself
	struct bs_str name;    // failing test, target, package …: the rule's (?<name>…)
	struct bs_str file;    // (?<file>…)
	uint64_t file_line;    // (?<line>…)
	struct bs_str message; // (?<message>…)
};

struct bs_excerpt_line {
	uint64_t number; // in the log; 0 for a marker of omitted lines
	struct bs_str text;
};

#define BS_FAILURE_ID_BYTES 17 // sixteen hex digits and the end

struct bs_explanation; // core/text/explanation.h

struct bs_excerpt {
	// Exactly what a model is sent: the lines as they are, '\n' ended, and where some were left
	// out a line "[lines 12-3816 left out]", so that the number of every line can be told; of
	// lines that are said again, "[lines 12-3816 left out: the line above 3805 times more]".
	struct bs_str text;
	struct bs_excerpt_line *lines;
	size_t lines_count;
	struct bs_finding *findings; // the most telling first; noise is not among them
	size_t findings_count;
	uint64_t input_bytes, input_lines; // of the log
	uint64_t redactions;
	char failure_id[BS_FAILURE_ID_BYTES];     // core/rules/failure_id.h
	const struct bs_explanation *explanation; // NULL: not asked for
	bool whole;                               // nothing of the log was left out
	bool silent; // no rule saw a failure: the excerpt is what stands out and the log's end
};

#endif
