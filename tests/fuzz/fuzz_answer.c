// SPDX-License-Identifier: MIT
// core/llm/validate: whatever a model answers, an accepted summary keeps every limit and is
// grounded.
#include <assert.h>

#include "core/llm/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct bs_str text, size_t chars_max)
{
	assert(bs_str_is_utf8(text) && bs_str_chars(text) <= chars_max);
	for (size_t i = 0; i < text.len; i++)
		assert((unsigned char)text.ptr[i] >= 0x20 && text.ptr[i] != 0x7F);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_excerpt_line lines[] = {{1, {"cc a.c", 6}}, {0, {"[line 2 left out]", 17}},
		{3, {"a.c:3:5: error: expected ';'", 28}}};
	const struct bs_excerpt excerpt = {
		.text = BS_LIT("cc a.c\n[line 2 left out]\na.c:3:5: error: expected ';'\n"),
		.lines = lines,
		.lines_count = 3,
		.input_lines = 3};
	const struct bs_ending failed = {.exit_status = 1};
	struct bs_arena arena;
	struct bs_buf errors;
	struct bs_validated v;
	bs_arena_init(&arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_buf_init(&errors, BS_VIOLATIONS_BYTES_MAX);
	assert(bs_validate_answer(bs_str((const char *)data, size), &excerpt, &failed, &arena, &v,
		       &errors, NULL) == BS_OK);
	assert((v.outcome == BS_OUTCOME_OK) == (errors.len == 0));
	if (v.outcome == BS_OUTCOME_OK) {
		const struct bs_summary *s = &v.summary;
		check_text(s->headline, 120);
		check_text(s->summary, 700);
		check_text(s->next_step, 300);
		assert(s->headline.len > 0 && s->summary.len > 0 && s->evidence_count > 0);
		assert(s->evidence_count <= BS_EVIDENCE_MAX);
		assert(s->failures_count <= BS_FAILURES_MAX);
		for (size_t i = 0; i < s->evidence_count; i++) {
			check_text(s->evidence[i].text, 500);
			assert(s->evidence[i].line == 1 || s->evidence[i].line == 3);
			assert(bs_str_has(excerpt.text, s->evidence[i].text));
		}
		for (size_t i = 0; i < s->failures_count; i++)
			assert(bs_str_has(excerpt.text, s->failures[i].file));
	}
	bs_buf_release(&errors);
	bs_arena_release(&arena);
	return 0;
}
