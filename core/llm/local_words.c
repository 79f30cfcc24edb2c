// SPDX-License-Identifier: MIT
// The sentences of the local summary: what was counted and seen, without a guess.
#include "core/llm/local_words.h"

#include <inttypes.h>

#define FILE_CHARS_MAX 48 // in a sentence: the message matters more than the way to the file

// A long path is told by its end: the failures below have all of it.
static void add_place(const struct bs_failure *failure, struct bs_buf *out)
{
	struct bs_str file = failure->file;
	for (size_t slash; bs_str_chars(file) > FILE_CHARS_MAX &&
			   (slash = bs_str_find_char(file, '/')) != SIZE_MAX;)
		file = bs_str_from(file, slash + 1);
	bs_buf_addf(out, "%s%.*s", file.len < failure->file.len ? "…/" : "", BS_FMT(file));
	if (failure->line)
		bs_buf_addf(out, ":%" PRIu64, failure->line);
}

static void write_failure(const struct bs_failure *first, bool is_test, struct bs_buf *out)
{
	if (is_test && first->name.len) {
		bs_buf_add(out, first->name);
		bs_buf_add_c(out, first->message.len ? " failed: " : " failed");
		bs_buf_add(out, first->message);
	} else if (first->file.len && first->message.len) {
		add_place(first, out);
		bs_buf_add_c(out, ": ");
		bs_buf_add(out, first->message);
	} else {
		bs_buf_add(out, first->message.len ? first->message : first->name);
		if (!first->message.len)
			bs_buf_add_c(out, " failed");
	}
}

void bs_local_headline(const struct bs_summary *summary, const struct bs_ending *ending,
	bool outweighed, struct bs_buf *out)
{
	const struct bs_failure *first = summary->failures_count ? &summary->failures[0] : NULL;
	if (first && !outweighed) {
		write_failure(first, summary->category == BS_CATEGORY_TEST_FAILURE, out);
		return;
	}
	size_t begin = out->len;
	bs_ending_put_sentence(ending, out);
	if (out->len == begin)
		bs_buf_add_c(out, "The build failed");
	if (first) {
		bs_buf_add_c(out, "; the log also shows: ");
		write_failure(first, first->name.len > 0, out);
	} else {
		bs_buf_add_c(out, "; the log names no cause");
	}
}

// "=== 1 failed, 9 passed ===" without what was drawn around it.
static struct bs_str without_rule(struct bs_str text)
{
	while (text.len && strchr("=-_* \t\r", text.ptr[0]) && text.ptr[0])
		text = bs_str_from(text, 1);
	while (text.len && strchr("=-_* \t\r", text.ptr[text.len - 1]) && text.ptr[text.len - 1])
		text.len--;
	return text;
}

// The last line that counts failures ("3 failed, 10 passed"), if the log has one.
static const struct bs_finding *find_totals(const struct bs_excerpt *excerpt)
{
	const struct bs_finding *last = NULL;
	for (size_t i = 0; i < excerpt->findings_count; i++)
		if (excerpt->findings[i].role == BS_ROLE_SUMMARY &&
			(!last || excerpt->findings[i].line_number > last->line_number))
			last = &excerpt->findings[i];
	return last;
}

static void write_first_failure(
	const struct bs_summary *summary, bool outweighed, struct bs_buf *out)
{
	const struct bs_failure *first = &summary->failures[0];
	const char *kind = outweighed ? "failure" : bs_category_words(summary->category);
	if (summary->failures_count == 1)
		bs_buf_addf(out, "The log shows one %s: ", kind);
	else
		bs_buf_addf(out, "The log shows %zu%s failures, the most telling a %s: ",
			summary->failures_count,
			summary->failures_count == BS_FAILURES_MAX ? " or more" : "", kind);
	if (first->name.len) {
		bs_buf_add(out, first->name);
		bs_buf_add_c(out, first->file.len ? " in " : "");
	}
	if (first->file.len)
		add_place(first, out);
	if (first->message.len) {
		bs_buf_add_c(out, first->name.len || first->file.len ? ", with “" : "“");
		bs_buf_add(out, first->message);
		bs_buf_add_c(out, "”");
	}
	bs_buf_add_c(out, ". ");
}

static void write_ending(const struct bs_ending *ending, struct bs_buf *out)
{
	size_t begin = out->len;
	bs_ending_put_sentence(ending, out);
	if (out->len > begin)
		bs_buf_add_c(out, ". ");
}

void bs_local_paragraph(const struct bs_summary *summary, const struct bs_excerpt *excerpt,
	const struct bs_ending *ending, bool outweighed, struct bs_buf *out)
{
	const struct bs_finding *totals = find_totals(excerpt);
	if (outweighed)
		write_ending(ending, out);
	if (summary->failures_count) {
		write_first_failure(summary, outweighed, out);
	} else {
		bs_buf_addf(out, "No line of the log was recognised as a cause; below is %s. ",
			excerpt->whole ? "the log" : "how it ends");
	}
	if (totals && summary->failures_count) {
		struct bs_str words = bs_str_clip_chars(without_rule(totals->text), 160);
		bs_buf_addf(out, "The run's own count: “%.*s”. ", BS_FMT(words));
	}
	if (!outweighed)
		write_ending(ending, out);
	bs_buf_add_c(out, "Read from the log by rules, without a model.");
}
