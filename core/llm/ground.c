// SPDX-License-Identifier: MIT
// Checks a summary against the excerpt its model was sent: quotes, files, numbers, the verdict.
//
// Every defence inside a prompt can be talked around; this one is not in the prompt.
#include "core/llm/ground.h"

#include <stdio.h>

#include "core/text/clean.h"

#define PART_CHARS_MIN 8   // a shorter part of a line proves nothing: "error"
#define QUOTE_CHARS_MAX 60 // of a quote in a message
#define EVIDENCE_CHARS_MAX 500
#define VIOLATIONS_MAX 20 // the first few say it all, and each costs a search of the excerpt

struct ground {
	const struct bs_excerpt *excerpt;
	struct bs_arena *arena;
	struct bs_buf *errors;
	struct bs_err *err;
	struct bs_buf quote, line; // scratch
	size_t violations;
};

static void violation(struct ground *g, const char *pointer, const char *what, struct bs_str text)
{
	struct bs_str shown = bs_str_clip_chars(text, QUOTE_CHARS_MAX);
	const char *dots = shown.len < text.len ? "…" : "";
	if (g->violations++ == 0)
		(void)bs_fail(
			g->err, BS_FORMAT, "%s: %s: %.*s%s", pointer, what, BS_FMT(shown), dots);
	bs_buf_addf(g->errors, "%s: %s: %.*s%s\n", pointer, what, BS_FMT(shown), dots);
}

// --- quotes

// Cleaned as answers are, white space folded: what is left when nothing but layout differs.
static struct bs_str fold(struct bs_str text, struct bs_buf *scratch)
{
	bs_buf_clear(scratch);
	bs_clean_inline(text, scratch);
	size_t to = 0;
	for (size_t i = 0; i < scratch->len; i++) {
		char c = scratch->ptr[i] == '\t' ? ' ' : scratch->ptr[i];
		if (c != ' ' || (to > 0 && scratch->ptr[to - 1] != ' '))
			scratch->ptr[to++] = c;
	}
	if (scratch->ptr)
		bs_buf_cut(scratch, to);
	return bs_str_trim(bs_buf_str(scratch));
}

// How a quote stands in a line: not at all, as a part that is long enough, or as the whole of it.
static bool stands_in(struct bs_str quote, struct bs_str line)
{
	if (quote.len == 0)
		return false;
	return bs_str_eq(quote, bs_str_trim(line)) ||
	       (bs_str_chars(quote) >= PART_CHARS_MIN && bs_str_has(line, quote));
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

// The line that holds the quote, nearest to `near`; NULL when none does. `folded`: only the layout
// may differ.
static const struct bs_excerpt_line *find_line(
	struct ground *g, struct bs_str quote, uint64_t near, bool folded)
{
	const struct bs_excerpt_line *best = NULL;
	for (size_t i = 0; i < g->excerpt->lines_count; i++) {
		const struct bs_excerpt_line *line = &g->excerpt->lines[i];
		if (line->number == 0 ||
			(best && distance(line->number, near) >= distance(best->number, near)))
			continue;
		if (stands_in(quote, folded ? fold(line->text, &g->line) : line->text))
			best = line;
	}
	return best;
}

// What models put around a quote although they were told not to: quotation marks, dots for what
// they left away, the number of the line. What is inside still has to stand in the log.
static struct bs_str undress(struct bs_str quote)
{
	static const char *const dress[] = {"…", "...", "\"", "`"};
	size_t digits = 0;
	while (digits < quote.len && bs_is_digit(quote.ptr[digits]))
		digits++;
	struct bs_str after = bs_str_from(quote, digits);
	if (digits > 0 &&
		(bs_str_starts(after, BS_LIT(": ")) || bs_str_starts(after, BS_LIT("| "))))
		quote = bs_str_from(after, 2);
	for (size_t i = 0; i < sizeof(dress) / sizeof(dress[0]); i++) {
		struct bs_str d = bs_str_c(dress[i]);
		if (bs_str_starts(quote, d))
			quote = bs_str_from(quote, d.len);
		if (bs_str_ends(quote, d))
			quote.len -= d.len;
	}
	return bs_str_trim(quote);
}

// One line of a quote → an item of evidence, with the true number and the log's own bytes.
static enum bs_status check_quote(struct ground *g, const char *pointer, struct bs_str quote,
	uint64_t near, struct bs_evidence *ret_item)
{
	const struct bs_excerpt_line *line = find_line(g, quote, near, false);
	struct bs_str text = quote;
	if (!line) {
		text = undress(quote);
		line = find_line(g, text, near, false);
	}
	if (!line) {
		line = find_line(g, fold(quote, &g->quote), near, true);
		text = line ? bs_str_trim(line->text) : quote;
	}
	if (g->quote.failed == BS_NOMEM || g->line.failed == BS_NOMEM)
		return bs_fail_nomem(g->err);
	*ret_item = (struct bs_evidence){0};
	if (!line) {
		struct bs_str shown = fold(quote, &g->quote);
		bool fragment = bs_str_chars(shown) < PART_CHARS_MIN;
		violation(g, pointer,
			fragment ? "is no whole line of the log and too short for a part of one"
				 : "does not stand in the log",
			shown);
		return BS_OK;
	}
	bs_buf_clear(&g->quote);
	bs_clean_inline(bs_str_clip_chars(text, EVIDENCE_CHARS_MAX), &g->quote);
	text = bs_arena_str(g->arena, bs_str_trim(bs_buf_str(&g->quote)));
	if (g->quote.failed == BS_NOMEM || !text.ptr)
		return bs_fail_nomem(g->err);
	*ret_item = (struct bs_evidence){line->number, text};
	return BS_OK;
}

// A marker of ours inside a quote of several lines is not evidence, and neither is a blank line.
static bool is_marker(const struct ground *g, struct bs_str text)
{
	for (size_t i = 0; i < g->excerpt->lines_count; i++)
		if (g->excerpt->lines[i].number == 0 &&
			bs_str_eq(bs_str_trim(g->excerpt->lines[i].text), text))
			return true;
	return false;
}

// Only a log without a failure in it may be answered with nothing.
static bool may_be_silent(const struct ground *g, const struct bs_summary *summary)
{
	return g->excerpt->silent && summary->category == BS_CATEGORY_UNKNOWN;
}

static enum bs_status check_evidence(struct ground *g, struct bs_summary *summary)
{
	struct bs_evidence kept[BS_EVIDENCE_MAX] = {{0}};
	size_t count = 0;
	for (size_t i = 0; i < summary->evidence_count; i++) {
		char pointer[40];
		struct bs_str rest = summary->evidence[i].text, quote;
		uint64_t near = summary->evidence[i].line;
		(void)snprintf(pointer, sizeof(pointer), "/evidence/%zu/text", i);
		while (count < BS_EVIDENCE_MAX && g->violations < VIOLATIONS_MAX &&
			bs_str_split(&rest, '\n', &quote)) {
			quote = bs_str_trim(quote);
			if (quote.len == 0 || is_marker(g, quote))
				continue;
			enum bs_status status = check_quote(g, pointer, quote, near, &kept[count]);
			if (status != BS_OK)
				return status;
			near = kept[count].line ? kept[count].line + 1 : near + 1;
			count += kept[count].line > 0;
		}
	}
	if (count == 0 && g->violations == 0 && !may_be_silent(g, summary))
		violation(g, "/evidence", "at least one line of the log has to prove the cause",
			bs_str_c(bs_category_id(summary->category)));
	memcpy(summary->evidence, kept, sizeof(kept));
	summary->evidence_count = count;
	return BS_OK;
}

// --- files and numbers

// Is the number in the log, not as a part of a longer one?
static bool has_number(struct bs_str text, uint64_t number)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	struct bs_str wanted = bs_str(digits, len > 0 ? (size_t)len : 0);
	for (size_t from = 0;;) {
		size_t at = bs_str_find(bs_str_from(text, from), wanted);
		if (at == SIZE_MAX)
			return false;
		from += at;
		size_t end = from + wanted.len;
		if ((from == 0 || !bs_is_digit(text.ptr[from - 1])) &&
			(end == text.len || !bs_is_digit(text.ptr[end])))
			return true;
		from++;
	}
}

static void check_failures(struct ground *g, struct bs_summary *summary)
{
	struct bs_str text = g->excerpt->text;
	for (size_t i = 0; i < summary->failures_count; i++) {
		struct bs_failure *failure = &summary->failures[i];
		char pointer[40];
		(void)snprintf(pointer, sizeof(pointer), "/failures/%zu/file", i);
		if (failure->file.len && !bs_str_has(text, failure->file))
			violation(g, pointer, "does not stand in the log", failure->file);
		if (failure->line && !has_number(text, failure->line))
			failure->line = 0; // unknown is better than made up
	}
}

// --- the verdict

static bool has_any(struct bs_str text, const char *const *phrases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bs_str_ifind(text, bs_str_c(phrases[i])) != SIZE_MAX)
			return true;
	return false;
}

// Does a headline report success, and nothing of a failure beside it? "No error" is honest only
// where the log is silent and the cause unknown.
static bool claims_success(struct bs_str headline, bool may_be_silent)
{
	static const char *const success[] = {
		"succeeded", "success", "passed", "is green", "nothing failed", "all good"};
	static const char *const nothing[] = {"no failure", "no error", "no problem", "no issue"};
	static const char *const failure[] = {"but ", "except", "although", "despite", "however",
		"unsuccessful", " failed", "failure:", "error:", "fails", "not ", "exit", "killed",
		"crash", "timed out", "timeout", "missing", "broke", "below", "exceed"};
	bool claims = has_any(headline, success, sizeof(success) / sizeof(success[0])) ||
		      (!may_be_silent &&
			      has_any(headline, nothing, sizeof(nothing) / sizeof(nothing[0])));
	return claims && !has_any(headline, failure, sizeof(failure) / sizeof(failure[0]));
}

static void check_verdict(
	struct ground *g, const struct bs_ending *ending, const struct bs_summary *summary)
{
	const char *why = bs_ending_contradicts(ending, summary->category);
	if (ending->exit_status != 0 &&
		claims_success(summary->headline, may_be_silent(g, summary)))
		violation(g, "/headline", "the command failed, but the headline reports success",
			summary->headline);
	if (why)
		violation(g, "/category", why, bs_str_c(bs_category_id(summary->category)));
}

enum bs_status bs_ground_check(const struct bs_excerpt *excerpt, const struct bs_ending *ending,
	struct bs_arena *arena, struct bs_summary *summary, struct bs_buf *errors,
	struct bs_err *err)
{
	struct ground g = {.excerpt = excerpt, .arena = arena, .errors = errors, .err = err};
	struct bs_summary checked = *summary;
	bs_buf_init(&g.quote, BS_JSON_BYTES_MAX);
	bs_buf_init(&g.line, BS_JSON_BYTES_MAX);
	enum bs_status status = check_evidence(&g, &checked);
	bs_buf_release(&g.quote);
	bs_buf_release(&g.line);
	if (status != BS_OK)
		return status;
	check_failures(&g, &checked);
	check_verdict(&g, ending, &checked);
	if (g.violations > 0)
		return BS_FORMAT;
	*summary = checked;
	return BS_OK;
}
