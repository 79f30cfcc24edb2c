// SPDX-License-Identifier: MIT
// The annotation: whatever log and model say, its tags are the template's own and its text holds no
// Markdown.
#include <assert.h>
#include <stdint.h>

#include "core/report/report.h"

// The tags the template may write; everything else that begins with '<' came from outside.
static const char *const tags[] = {"<h4>", "</h4>", "<p>", "</p>", "<p class=\"muted\">", "<ul>",
	"</ul>", "<li>", "</li>", "<code>", "</code>", "<pre><code>", "</pre>",
	"<span class=\"bold\">", "<span class=\"muted\">", "</span>", "<details>", "</details>",
	"<summary>", "</summary>"};

static bool is_own_tag(struct bs_str at)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (bs_str_starts(at, bs_str_c(tags[i])))
			return true;
	return false;
}

static void check(struct bs_str body)
{
	bool in_pre = false;
	assert(bs_str_is_utf8(body));
	for (size_t i = 0; i < body.len; i++) {
		struct bs_str at = bs_str_from(body, i);
		unsigned char c = (unsigned char)body.ptr[i];
		assert(c >= 0x20 || c == '\n' || c == '\t');
		if (bs_str_starts(at, BS_LIT("<pre>")))
			in_pre = true;
		else if (bs_str_starts(at, BS_LIT("</pre>")))
			in_pre = false;
		assert(c != '<' || is_own_tag(at));
		assert(in_pre || !c || !strchr("*_`[]!\\@|~", c));
	}
	assert(!in_pre);
}

// The input is cut into pieces at 0xFF; they fill the report's fields in turn.
static struct bs_str next_piece(struct bs_str *rest)
{
	struct bs_str piece = {"", 0};
	if (rest->ptr && !bs_str_split(rest, (char)0xFF, &piece))
		piece = BS_LIT("");
	return piece;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_str rest = bs_str((const char *)data, size);
	struct bs_report report = {.by_llm = true, .route = "openai/gpt"};
	struct bs_excerpt_line lines[4];
	struct bs_buf out;
	report.summary.headline = next_piece(&rest);
	report.summary.summary = next_piece(&rest);
	report.summary.next_step = next_piece(&rest);
	report.summary.failures[0] = (struct bs_failure){
		next_piece(&rest), next_piece(&rest), next_piece(&rest), 7};
	report.summary.failures_count = 1;
	report.summary.evidence[0] = (struct bs_evidence){3, next_piece(&rest)};
	report.summary.evidence_count = 1;
	for (size_t i = 0; i < 4; i++)
		lines[i] = (struct bs_excerpt_line){i + 1, next_piece(&rest)};
	report.excerpt.lines = lines;
	report.excerpt.lines_count = 4;
	bs_buf_init(&out, BS_ANNOTATION_BYTES_MAX);
	bs_report_markdown(&report, NULL, BS_ANNOTATION_BYTES_AIM, &out);
	if (out.failed == BS_OK)
		check(bs_buf_str(&out));
	bs_buf_release(&out);
	return 0;
}
