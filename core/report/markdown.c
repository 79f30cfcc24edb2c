// SPDX-License-Identifier: MIT
// The annotation: Markdown that nothing from a log or a model can become active in.
//
// Only two shapes carry dynamic text, both found inert in a CommonMark renderer with GFM's
// extensions: an HTML block on one line (a blank line would bring Markdown back) and <pre><code>,
// which ends at </pre> alone. All dynamic text is escaped: HTML's characters, and in one-line
// blocks Markdown's punctuation too. Tags and classes are from the list that Buildkite's sanitiser
// lets through.
#include <inttypes.h>

#include "core/report/words.h"
#include "core/text/clean.h"

#define ALIKE_SHOWN_MAX 60

// What the fixed parts and the summary may need beyond the excerpt.
#define CLOSING_BYTES 512
// Of one line of evidence, so that the fixed parts stay far below the ceiling whatever the log
// holds.
#define EVIDENCE_CHARS_SHOWN 500
#define FAILURES_FEW 3
#define MESSAGE_CHARS_SHOWN 140
// Of a word of prose before a place to break: what a phone shows in a line of an annotation.
#define WORD_CHARS_MAX 36

// Bytes of s escaped for HTML; `punctuation` lists what else becomes a numeric entity.
static void add_escaped(struct bs_str s, const char *punctuation, struct bs_buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' ||
			(c != '\0' && strchr(punctuation, c)))
			bs_buf_addf(out, "&#%d;", (unsigned char)c);
		else
			bs_buf_add_char(out, c);
	}
}

// Text of one line, for an HTML block: cleaned, then escaped.
static void add_text(struct bs_str s, struct bs_buf *out)
{
	struct bs_buf clean;
	bs_buf_init(&clean, BS_ANNOTATION_BYTES_MAX);
	bs_clean_inline(s, &clean);
	if (clean.failed != BS_OK)
		out->failed = clean.failed;
	else
		add_escaped(bs_buf_str(&clean), "*_`~[]()!#|\\@:", out);
	bs_buf_release(&clean);
}

static bool may_break_after(char c)
{
	return strchr("/\\:.,;_-=&?)]}", c) != NULL;
}

// Prose: as add_text, with places to break in words longer than a phone is wide. Names and places,
// which people copy, have none.
static void add_prose(struct bs_str s, struct bs_buf *out)
{
	size_t chars = 0, begin = 0; // of the word since its last place to break; of what is to add
	for (size_t i = 0; i < s.len; i++) {
		bool begins_char = ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
		bool after_mark = i > 0 && s.ptr[i - 1] && may_break_after(s.ptr[i - 1]);
		if (begins_char && s.ptr[i] != ' ' &&
			(chars >= WORD_CHARS_MAX || (after_mark && chars >= WORD_CHARS_MAX / 2))) {
			add_text(bs_str_sub(s, begin, i - begin), out);
			bs_buf_add_c(out, "&#8203;"); // zero-width space
			begin = i;
			chars = 0;
		}
		chars = s.ptr[i] == ' ' ? 0 : chars + begins_char;
	}
	add_text(bs_str_from(s, begin), out);
}

// A line of a log inside <pre><code>.
static void add_code_line(struct bs_str line, struct bs_buf *out)
{
	struct bs_buf clean;
	bs_buf_init(&clean, BS_ANNOTATION_BYTES_MAX);
	bs_clean_inline(line, &clean);
	if (clean.failed != BS_OK)
		out->failed = clean.failed;
	else
		add_escaped(bs_buf_str(&clean), "`@", out);
	bs_buf_release(&clean);
	bs_buf_add_char(out, '\n');
}

static void add_block(const char *open, struct bs_str text, const char *close, struct bs_buf *out)
{
	if (text.len == 0)
		return;
	bs_buf_add_c(out, open);
	add_prose(text, out);
	bs_buf_add_c(out, close);
	bs_buf_add_c(out, "\n\n");
}

// Of many failures each is told in a line or two; the excerpt has them whole.
static void add_message(const struct bs_summary *summary, struct bs_str message, struct bs_buf *out)
{
	struct bs_str shown = summary->failures_count > FAILURES_FEW
				      ? bs_str_clip_chars(message, MESSAGE_CHARS_SHOWN)
				      : message;
	add_prose(shown, out);
	if (shown.len < message.len)
		bs_buf_add_c(out, "…");
}

static void add_failures(const struct bs_summary *summary, struct bs_buf *out)
{
	struct bs_buf place;
	if (summary->failures_count == 0)
		return;
	bs_buf_init(&place, BS_LINE_BYTES_MAX);
	bool is_open = false;
	for (size_t i = 0; i < summary->failures_count; i++) {
		const struct bs_failure *failure = &summary->failures[i];
		// a paragraph that quotes the message need not be followed by it once more
		bool is_told = bs_str_find(summary->summary, failure->message) != SIZE_MAX;
		if (is_told && !failure->file.len && !failure->name.len)
			continue;
		bs_buf_clear(&place);
		bs_words_place(failure, &place);
		bs_buf_add_c(out, is_open ? "<li>" : "<ul>\n<li>");
		is_open = true;
		if (place.len) {
			bs_buf_add_c(out, "<code>");
			add_text(bs_buf_str(&place), out);
			bs_buf_add_c(out, "</code> ");
		}
		if (failure->name.len) {
			bs_buf_add_c(out, "<span class=\"bold\">");
			add_text(failure->name, out);
			bs_buf_add_c(out, "</span> ");
		}
		if (!is_told)
			add_message(summary, failure->message, out);
		bs_buf_add_c(out, "</li>\n");
	}
	if (is_open)
		bs_buf_add_c(out, "</ul>\n\n");
	if (place.failed != BS_OK)
		out->failed = place.failed;
	bs_buf_release(&place);
}

// Digits of the largest line number, so that the numbers stand in a column no wider than needed.
static int number_width(const struct bs_summary *summary)
{
	uint64_t largest = 0;
	for (size_t i = 0; i < summary->evidence_count; i++)
		if (summary->evidence[i].line > largest)
			largest = summary->evidence[i].line;
	int width = 1;
	for (; largest >= 10; largest /= 10)
		width++;
	return width;
}

static void add_evidence(const struct bs_summary *summary, struct bs_buf *out)
{
	if (summary->evidence_count == 0)
		return;
	int width = number_width(summary);
	bs_buf_add_c(out, "<pre><code>");
	for (size_t i = 0; i < summary->evidence_count; i++) {
		if (summary->evidence[i].line)
			bs_buf_addf(out, "<span class=\"muted\">%*" PRIu64 "</span>  ", width,
				summary->evidence[i].line);
		add_code_line(
			bs_str_clip_chars(summary->evidence[i].text, EVIDENCE_CHARS_SHOWN), out);
	}
	bs_buf_add_c(out, "</code></pre>\n\n");
}

// The jobs that failed alike, each a link to its log.
static void add_alike(const struct bs_report *report, struct bs_buf *out)
{
	size_t shown = report->alike_count < ALIKE_SHOWN_MAX ? report->alike_count
							     : ALIKE_SHOWN_MAX;
	if (report->alike_count < 2)
		return;
	bs_buf_addf(out, "<p><span class=\"bold\">%zu jobs failed like this:</span> ",
		report->alike_count);
	for (size_t i = 0; i < shown; i++) {
		const struct bs_alike *job = &report->alike[i];
		bs_buf_add_c(out, i ? ", " : "");
		if (job->url) {
			bs_buf_add_c(out, "<a href=\"");
			add_escaped(bs_str_c(job->url), "", out);
			bs_buf_add_c(out, "\">");
		}
		add_text(bs_str_c(job->name), out);
		bs_buf_add_c(out, job->url ? "</a>" : "");
	}
	if (shown < report->alike_count)
		bs_buf_addf(out, " and %zu more", report->alike_count - shown);
	bs_buf_add_c(out, "</p>\n\n");
}

// What no rule understood may have had more than one reason: who reads it can see.
static void add_said(const struct bs_report *report, struct bs_buf *out)
{
	struct bs_buf line;
	size_t shown = 0;
	bool differ = false;
	for (size_t i = 0; report->alike_count > 1 && i < report->alike_count; i++) {
		const char *said = report->alike[i].said, *first = report->alike[0].said;
		shown += said != NULL;
		differ |= said && first && strcmp(said, first) != 0;
	}
	if (shown == 0)
		return;
	bs_buf_init(&line, BS_LINE_BYTES_MAX);
	bs_buf_addf(out,
		"<details%s><summary>What each of them said last, or failed in</summary>\n\n<pre><code>",
		differ ? " open" : "");
	for (size_t i = 0; i < report->alike_count && i < ALIKE_SHOWN_MAX; i++) {
		const struct bs_alike *job = &report->alike[i];
		bs_buf_clear(&line);
		bs_buf_addf(&line, "%s: %s", job->name, job->said ? job->said : "");
		add_code_line(bs_buf_str(&line), out);
	}
	bs_buf_add_c(out, "</code></pre>\n\n</details>\n\n");
	bs_buf_release(&line);
}

// What a line of the excerpt costs once escaped, so that it can be left out instead of cut.
static size_t cost_of(struct bs_str line)
{
	size_t bytes = 1;
	for (size_t i = 0; i < line.len; i++)
		bytes += line.ptr[i] && strchr("&<>\"'`@", line.ptr[i]) ? 5 : 1;
	return bytes;
}

// The excerpt's lines from both ends inwards, two from the end for one from the start: failures sit
// late.
static void choose_lines(
	const struct bs_excerpt *excerpt, size_t budget, size_t *ret_head, size_t *ret_tail)
{
	size_t head = 0, tail = excerpt->lines_count;
	for (unsigned turn = 0; head < tail; turn++) {
		bool from_start = turn % 3 == 2;
		size_t cost = cost_of(excerpt->lines[from_start ? head : tail - 1].text);
		if (cost > budget)
			break;
		budget -= cost;
		if (from_start)
			head++;
		else
			tail--;
	}
	*ret_head = head;
	*ret_tail = tail;
}

static void add_excerpt(const struct bs_excerpt *excerpt, size_t bytes_aim, struct bs_buf *out)
{
	size_t used = out->len + CLOSING_BYTES;
	size_t head, tail;
	if (used >= bytes_aim || excerpt->lines_count == 0)
		return;
	choose_lines(excerpt, bytes_aim - used, &head, &tail);
	if (head == 0 && tail == excerpt->lines_count)
		return;
	bs_buf_add_c(out, excerpt->whole ? "<details><summary>The whole log: "
					 : "<details><summary>The lines that matter: ");
	bs_words_lines(excerpt, out);
	bs_buf_add_c(out, "</summary>\n\n<pre><code>");
	for (size_t i = 0; i < head; i++)
		add_code_line(excerpt->lines[i].text, out);
	if (head < tail)
		bs_buf_addf(out, "[%zu lines of the excerpt left out]\n", tail - head);
	for (size_t i = tail; i < excerpt->lines_count; i++)
		add_code_line(excerpt->lines[i].text, out);
	bs_buf_add_c(out, "</code></pre>\n\n</details>\n\n");
}

static void add_job(const struct bs_alike *job, struct bs_buf *out)
{
	bs_buf_add_c(out, " · ");
	if (job->url) {
		bs_buf_add_c(out, "<a href=\"");
		add_escaped(bs_str_c(job->url), "", out);
		bs_buf_add_c(out, "\">log of ");
	}
	add_text(bs_str_c(job->name), out);
	bs_buf_add_c(out, job->url ? "</a>" : "");
}

static void add_footer(
	const struct bs_report *report, const struct bs_alike *job, struct bs_buf *out)
{
	struct bs_buf footer;
	bs_buf_init(&footer, BS_LINE_BYTES_MAX);
	bs_words_footer(report, &footer);
	bs_buf_add_c(out, "<p class=\"muted\">");
	add_text(bs_buf_str(&footer), out);
	if (job)
		add_job(job, out);
	bs_buf_add_c(out, "</p>\n");
	if (footer.failed != BS_OK)
		out->failed = footer.failed;
	bs_buf_release(&footer);
}

void bs_report_markdown(const struct bs_report *report, const struct bs_alike *job,
	size_t bytes_aim, struct bs_buf *out)
{
	const struct bs_summary *summary = &report->summary;
	add_block("<h4>", summary->headline, "</h4>", out);
	add_block("<p>", summary->summary, "</p>", out);
	add_failures(summary, out);
	add_evidence(summary, out);
	add_block("<p><span class=\"bold\">Next:</span> ", summary->next_step, "</p>", out);
	add_alike(report, out);
	add_said(report, out);
	add_excerpt(&report->excerpt, bytes_aim, out);
	add_footer(report, job, out);
}
