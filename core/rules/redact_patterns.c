// SPDX-License-Identifier: MIT
// Patterns at work: literals sown, expressions compiled when first needed, matches judged.
#include "core/rules/redact_patterns.h"

#include <assert.h>
#include <stdlib.h>

#include "core/ext/regex.h"
#include "core/rules/digits.h"
#include "core/rules/redact_judge.h"

#define ADDED_MAX 64
#define KIND_ADDED "pattern"

struct bs_patterns {
	const struct bs_pattern *rows[BS_PATTERN_ROWS_MAX];
	struct bs_regex *compiled[BS_PATTERN_ROWS_MAX];
	struct bs_regex *relaxed[BS_PATTERN_ROWS_MAX]; // for lines of which only the kind is known
	bool is_relaxed[BS_PATTERN_ROWS_MAX];          // as far as that can be done
	size_t rows_count;
	struct bs_regex *added[ADDED_MAX];
	size_t added_count;
};

// Kinds that no row of the tables has: set by other rooms of the redactor.
static const char *const other_kinds[] = {"env", "private-key", "password", "secret", "token",
	"key", "authorization", "cookie", "signature", "kubernetes-secret", "encoded", "line",
	"cut", KIND_ADDED};

enum bs_status bs_patterns_new(struct bs_patterns **ret_patterns, struct bs_err *err)
{
	const struct bs_pattern *const tables[] = {bs_patterns_tokens, bs_patterns_shapes};
	struct bs_patterns *patterns = calloc(1, sizeof(*patterns));
	if (!patterns)
		return bs_fail_nomem(err);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct bs_pattern *row = tables[i]; row->kind; row++) {
			assert(patterns->rows_count < BS_PATTERN_ROWS_MAX);
			patterns->rows[patterns->rows_count++] = row;
		}
	}
	*ret_patterns = patterns;
	return BS_OK;
}

void bs_patterns_free(struct bs_patterns *patterns)
{
	if (!patterns)
		return;
	for (size_t i = 0; i < patterns->rows_count; i++)
		bs_regex_free(patterns->compiled[i]);
	for (size_t i = 0; i < patterns->rows_count; i++)
		bs_regex_free(patterns->relaxed[i]);
	for (size_t i = 0; i < patterns->added_count; i++)
		bs_regex_free(patterns->added[i]);
	free(patterns);
}

size_t bs_patterns_rows(const struct bs_patterns *patterns)
{
	return patterns->rows_count;
}

const struct bs_pattern *bs_patterns_row(const struct bs_patterns *patterns, size_t row)
{
	assert(row < patterns->rows_count);
	return patterns->rows[row];
}

enum bs_status bs_patterns_sow(const struct bs_patterns *patterns, struct bs_literals *literals,
	uint32_t id_base, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < patterns->rows_count; i++) {
		const struct bs_pattern *row = patterns->rows[i];
		struct bs_str rest = bs_str_c(row->literals), literal;
		unsigned flags = row->flags & BS_PATTERN_CASELESS ? BS_LITERAL_CASELESS : 0;
		if (row->flags & BS_PATTERN_PREFIX)
			flags |= BS_LITERAL_RUNS_OFF; // a wrap may cut the prefix itself
		while (status == BS_OK && bs_str_split(&rest, '|', &literal))
			status = bs_literals_add(
				literals, literal, flags, id_base + (uint32_t)i, err);
	}
	return status;
}

bool bs_patterns_may_mark(
	const struct bs_patterns *patterns, size_t row, struct bs_str text, size_t to)
{
	unsigned flags = bs_patterns_row(patterns, row)->flags;
	size_t run = BS_PATTERN_RUN_OF(flags);
	if (flags & BS_PATTERN_AT && bs_str_find_char(bs_str_from(text, to), '@') == SIZE_MAX)
		return false;
	if (flags & BS_PATTERN_SPACE && (to == text.len || !bs_is_space(text.ptr[to])))
		return false;
	if (run > text.len - to)
		return false;
	for (size_t i = to; i < to + run; i++) {
		bool mark = text.ptr[i] == '_' || text.ptr[i] == '-';
		if (!bs_is_alnum(text.ptr[i]) && (!mark || flags & BS_PATTERN_PURE))
			return false;
	}
	return true;
}

// A value too short, a sample or a placeholder is no secret.
static bool is_secret(const struct bs_pattern *row, struct bs_str value)
{
	if (row->flags & BS_PATTERN_VALUE)
		return !bs_judge_placeholder(value);
	return row->flags & BS_PATTERN_SAMPLES || !bs_judge_sample(value);
}

static enum bs_status mark_all(struct bs_regex *regex, const struct bs_pattern *row,
	const char *kind, struct bs_str text, struct bs_marks *marks, struct bs_err *err)
{
	struct bs_span spans[2];
	for (size_t from = 0; from < text.len;) {
		switch (bs_regex_find(regex, text, from, spans, 2)) {
		case BS_MATCH_NO:
			return BS_OK;
		case BS_MATCH_ERROR:
			return bs_fail(err, BS_LIMIT, "%s: a limit of the matcher was hit", kind);
		case BS_MATCH_YES:
			break;
		}
		struct bs_span secret = spans[1].from != SIZE_MAX ? spans[1] : spans[0];
		if (!row || is_secret(row, bs_str_sub(text, secret.from, secret.to - secret.from)))
			bs_marks_add(marks,
				(struct bs_mark){secret.from, secret.to, kind, 0, {NULL, 0}});
		// \K and lookaheads may leave an end behind the start
		from = secret.to > from ? secret.to : from + 1;
	}
	return BS_OK;
}

enum bs_status bs_patterns_mark(struct bs_patterns *patterns, size_t row, struct bs_str text,
	struct bs_marks *marks, struct bs_err *err)
{
	const struct bs_pattern *pattern = bs_patterns_row(patterns, row);
	if (!patterns->compiled[row]) {
		unsigned flags = pattern->flags & BS_PATTERN_CASELESS ? BS_REGEX_CASELESS : 0;
		enum bs_status status = bs_regex_new(
			bs_str_c(pattern->pattern), flags, &patterns->compiled[row], err);
		assert(status == BS_OK || status == BS_NOMEM); // a test compiles every row
		if (status != BS_OK)
			return status;
	}
	return mark_all(patterns->compiled[row], pattern, pattern->kind, text, marks, err);
}

static void relax(struct bs_patterns *patterns, size_t row)
{
	const struct bs_pattern *pattern = patterns->rows[row];
	struct bs_buf relaxed;
	bs_buf_init(&relaxed, BS_PATTERN_BYTES_MAX * 3);
	patterns->is_relaxed[row] = true;
	if (!bs_digits_relax(bs_str_c(pattern->pattern), &relaxed) ||
		bs_regex_new(bs_buf_str(&relaxed),
			pattern->flags & BS_PATTERN_CASELESS ? BS_REGEX_CASELESS : 0u,
			&patterns->relaxed[row], NULL) != BS_OK)
		patterns->relaxed[row] = NULL;
	bs_buf_release(&relaxed);
}

bool bs_patterns_could_mark(struct bs_patterns *patterns, size_t row, struct bs_str text)
{
	if (!patterns->is_relaxed[row])
		relax(patterns, row);
	return !patterns->relaxed[row] ||
	       bs_regex_find(patterns->relaxed[row], text, 0, NULL, 0) != BS_MATCH_NO;
}

enum bs_status bs_patterns_add(
	struct bs_patterns *patterns, struct bs_str pattern, struct bs_err *err)
{
	if (patterns->added_count == ADDED_MAX)
		return bs_fail(err, BS_USAGE, "redact.patterns: more than %d", ADDED_MAX);
	enum bs_status status = bs_regex_new(
		pattern, 0, &patterns->added[patterns->added_count], err);
	if (status == BS_FORMAT) {
		bs_fail_in(err, "redact.patterns");
		if (err)
			err->status = BS_USAGE;
		return BS_USAGE;
	}
	if (status == BS_OK)
		patterns->added_count++;
	return status;
}

size_t bs_patterns_added(const struct bs_patterns *patterns)
{
	return patterns->added_count;
}

enum bs_status bs_patterns_mark_added(struct bs_patterns *patterns, struct bs_str text,
	struct bs_marks *marks, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < patterns->added_count; i++)
		status = mark_all(patterns->added[i], NULL, KIND_ADDED, text, marks, err);
	return status;
}

bool bs_patterns_is_kind(struct bs_str kind)
{
	const struct bs_pattern *const tables[] = {bs_patterns_tokens, bs_patterns_shapes};
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct bs_pattern *row = tables[i]; row->kind; row++) {
			if (bs_str_eq_c(kind, row->kind))
				return true;
		}
	}
	for (size_t i = 0; i < sizeof(other_kinds) / sizeof(other_kinds[0]); i++) {
		if (bs_str_eq_c(kind, other_kinds[i]))
			return true;
	}
	return false;
}
