// SPDX-License-Identifier: MIT
// The report for a terminal or a plain job log: wrapped, indented, coloured when asked.
//
// Every line begins with a character of ours (a mark or two spaces): a job log gives meaning to
// lines that begin with "---" or "+++", and none of those may come from a log or a model.
#include <inttypes.h>

#include "core/report/words.h"
#include "core/text/clean.h"

#define WIDTH_MIN 40
#define INDENT "  "

enum style {
	STYLE_HEADLINE,
	STYLE_LABEL,
	STYLE_PLACE,
	STYLE_DIM,
};

// SGR sequences (ECMA-48); 0 ends them all.
static const char *const sgr[] = {
	[STYLE_HEADLINE] = "\033[1;31m",
	[STYLE_LABEL] = "\033[1m",
	[STYLE_PLACE] = "\033[36m",
	[STYLE_DIM] = "\033[2m",
};

struct page {
	struct bs_buf *out;
	struct bs_terminal terminal;
};

static void start(struct page *page, enum style style)
{
	if (page->terminal.color)
		bs_buf_add_c(page->out, sgr[style]);
}

static void end(struct page *page)
{
	if (page->terminal.color)
		bs_buf_add_c(page->out, "\033[0m");
}

static void add_styled(struct page *page, enum style style, struct bs_str text)
{
	start(page, style);
	bs_clean_inline(text, page->out);
	end(page);
}

// Words of text, broken before the last column; the caller has begun the first line at `column`.
static void add_wrapped(struct page *page, struct bs_str text, const char *indent, size_t column)
{
	size_t width = page->terminal.width < WIDTH_MIN && page->terminal.width
			       ? WIDTH_MIN
			       : page->terminal.width;
	struct bs_str word;
	bool first = true;
	while (bs_str_split(&text, ' ', &word)) {
		if (word.len == 0)
			continue;
		size_t chars = bs_str_chars(word);
		if (!first && width && column + 1 + chars > width) {
			bs_buf_addf(page->out, "\n%s", indent);
			column = strlen(indent);
		} else if (!first) {
			bs_buf_add_char(page->out, ' ');
			column++;
		}
		bs_clean_inline(word, page->out);
		column += chars;
		first = false;
	}
}

static void add_failures(struct page *page, const struct bs_summary *summary)
{
	for (size_t i = 0; i < summary->failures_count; i++) {
		const struct bs_failure *failure = &summary->failures[i];
		size_t before = page->out->len;
		bs_buf_add_c(page->out, INDENT "• ");
		if (failure->file.len) {
			start(page, STYLE_PLACE);
			bs_words_place(failure, page->out);
			end(page);
			bs_buf_add_c(
				page->out, failure->name.len || failure->message.len ? "  " : "");
		}
		if (failure->name.len) {
			add_styled(page, STYLE_LABEL, failure->name);
			bs_buf_add_c(page->out, failure->message.len ? "  " : "");
		}
		size_t column = page->out->len - before;
		add_wrapped(page, failure->message, INDENT INDENT,
			page->terminal.color ? column / 2 : column);
		bs_buf_add_char(page->out, '\n');
	}
}

static int digits(uint64_t number)
{
	int count = 1;
	while (number >= 10) {
		number /= 10;
		count++;
	}
	return count;
}

static void add_evidence(struct page *page, const struct bs_summary *summary)
{
	int gutter = 1;
	for (size_t i = 0; i < summary->evidence_count; i++)
		if (digits(summary->evidence[i].line) > gutter)
			gutter = digits(summary->evidence[i].line);
	for (size_t i = 0; i < summary->evidence_count; i++) {
		const struct bs_evidence *evidence = &summary->evidence[i];
		struct bs_str text = evidence->text;
		size_t room = page->terminal.width > WIDTH_MIN
				      ? page->terminal.width - (size_t)gutter - 6
				      : 0;
		bs_buf_add_c(page->out, INDENT);
		start(page, STYLE_DIM);
		if (evidence->line)
			bs_buf_addf(page->out, "%*" PRIu64 " │ ", gutter, evidence->line);
		else
			bs_buf_addf(page->out, "%*s │ ", gutter, "");
		end(page);
		bool cut = room && bs_str_chars(text) > room;
		bs_clean_inline(cut ? bs_str_clip_chars(text, room - 1) : text, page->out);
		bs_buf_add_c(page->out, cut ? "…\n" : "\n");
	}
}

void bs_report_terminal(
	const struct bs_report *report, struct bs_terminal terminal, struct bs_buf *out)
{
	struct page page = {out, terminal};
	const struct bs_summary *summary = &report->summary;
	start(&page, STYLE_HEADLINE);
	bs_buf_add_c(out, "✗ ");
	add_wrapped(&page, summary->headline, INDENT, 2);
	end(&page);
	bs_buf_add_c(out, "\n" INDENT);
	add_styled(&page, STYLE_DIM, bs_str_c(bs_category_words(summary->category)));
	bs_buf_add_c(out, "\n\n" INDENT);
	add_wrapped(&page, summary->summary, INDENT, 2);
	bs_buf_add_char(out, '\n');
	if (summary->failures_count) {
		bs_buf_add_char(out, '\n');
		add_failures(&page, summary);
	}
	if (summary->evidence_count) {
		bs_buf_add_char(out, '\n');
		add_evidence(&page, summary);
	}
	if (summary->next_step.len) {
		bs_buf_add_c(out, "\n" INDENT);
		add_styled(&page, STYLE_LABEL, BS_LIT("Next: "));
		add_wrapped(&page, summary->next_step, INDENT, 8);
		bs_buf_add_char(out, '\n');
	}
	bs_buf_add_c(out, "\n" INDENT);
	start(&page, STYLE_DIM);
	bs_words_footer(report, out);
	end(&page);
	bs_buf_add_char(out, '\n');
}
