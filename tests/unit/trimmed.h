// SPDX-License-Identifier: MIT
// What holds for every excerpt whatever the log: for the unit tests and the fuzzer of the trimmer.
#ifndef BS_TESTS_TRIMMED_H
#define BS_TESTS_TRIMMED_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/rules/same.h"
#include "core/rules/trim.h"

// The line of this number in a log, from 1.
static inline struct bs_str trimmed_line(struct bs_str log, uint64_t number)
{
	struct bs_str line = {0};
	for (uint64_t i = 0; i < number; i++)
		if (!bs_str_split(&log, '\n', &line))
			return bs_str(NULL, 0);
	return line;
}

// True when an excerpt's line is the log's, or its head and tail with a gap between.
static inline bool trimmed_is(struct bs_str got, struct bs_str line)
{
	if (bs_str_eq(got, line))
		return true;
	size_t gap = bs_str_find(got, BS_LIT(" […"));
	size_t end = bs_str_find(got, BS_LIT(" bytes left out…] "));
	if (gap == SIZE_MAX || end == SIZE_MAX)
		return false;
	struct bs_str tail = bs_str_from(got, end + sizeof(" bytes left out…] ") - 1);
	return bs_str_starts(line, bs_str_sub(got, 0, gap)) && bs_str_ends(line, tail);
}

// True when the marker says that lines were said again that were not, or as often.
static inline bool trimmed_again_wrong(
	const char *marker, struct bs_str log, uint64_t from, uint64_t to)
{
	const char *says = strstr(marker, "left out: the ");
	unsigned period = 1;
	uint64_t times = 0;
	if (!says)
		return false;
	says += sizeof("left out: the ") - 1;
	if (sscanf(says, "line above %" SCNu64 " times more", &times) != 1 &&
		sscanf(says, "%u lines above %" SCNu64 " times more", &period, &times) != 2)
		return true;
	if (period < 1 || from <= period || times * period != to - from + 1)
		return true;
	if (strstr(says, ", with other numbers]"))
		return false;
	struct bs_str rest = log, line, above[BS_SAME_PERIOD_MAX];
	for (uint64_t i = 1; i <= to && bs_str_split(&rest, '\n', &line); i++) {
		if (i >= from && !bs_str_eq(line, above[i % period]))
			return true;
		above[i % period] = line;
	}
	return false;
}

// NULL, or what is wrong with the excerpt of this log ('\n' ends each of its `lines`).
static inline const char *trimmed_wrong(
	const struct bs_excerpt *excerpt, struct bs_str log, uint64_t lines, size_t bytes_max)
{
	uint64_t next = 1; // number that the next line or marker must begin with
	struct bs_str rest = excerpt->text, text;
	if (excerpt->text.len > bytes_max)
		return "over its budget";
	if (excerpt->text.len == 0)
		return NULL;
	for (size_t i = 0; i < excerpt->lines_count; i++) {
		struct bs_excerpt_line line = excerpt->lines[i];
		if (!bs_str_split(&rest, '\n', &text) || !bs_str_eq(text, line.text))
			return "text and lines differ";
		if (line.number == 0) {
			uint64_t from = 0, to = 0;
			char marker[160];
			(void)snprintf(marker, sizeof(marker), "%.*s", BS_FMT(line.text));
			int n = sscanf(marker, "[lines %" SCNu64 "-%" SCNu64, &from, &to);
			if (n != 2 && sscanf(marker, "[line %" SCNu64 " left", &from) == 1)
				to = from;
			if (from != next || to < from || to > lines)
				return "a marker that does not fit";
			if (trimmed_again_wrong(marker, log, from, to))
				return "a marker that says again what was not said";
			next = to + 1;
			continue;
		}
		if (line.number != next)
			return "lines missing or out of order without a marker";
		if (!trimmed_is(line.text, trimmed_line(log, line.number)))
			return "a line that is not the log's";
		next = line.number + 1;
	}
	if (next != lines + 1)
		return "lines missing at the end without a marker";
	for (size_t i = 0; i < excerpt->findings_count; i++) {
		const struct bs_finding *finding = &excerpt->findings[i];
		if (!bs_str_eq(finding->text, trimmed_line(log, finding->line_number)))
			return "a finding that is not in the log";
	}
	return excerpt->whole && excerpt->text.len != log.len ? "whole, but it is not" : NULL;
}

#endif
