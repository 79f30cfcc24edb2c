// SPDX-License-Identifier: MIT
// Trimming: within the budget, in order, nothing invented, every gap marked; every line explained;
// also beside a baseline.
#include <assert.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/text/clean.h"
#include "core/text/explanation.h"
#include "tests/unit/trimmed.h"

struct flow {
	struct bs_trim *trim;
	struct bs_baseline *baseline; // of every other line, when the budget is odd; else NULL
	struct bs_buf log;            // the clean lines
	uint64_t lines;
};

static enum bs_status take(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	struct flow *flow = ctx;
	flow->lines = line->number;
	bs_buf_add(&flow->log, line->text);
	bs_buf_add_char(&flow->log, '\n');
	if (flow->baseline && line->number % 2 == 0 &&
		bs_baseline_take(flow->baseline, line, err) != BS_OK)
		return BS_NOMEM;
	return bs_trim_take(flow->trim, line, err);
}

// As many lines in blocks as in the excerpt, and a fingerprint.
static bool is_explained(const struct bs_excerpt *excerpt)
{
	uint64_t kept = 0, explained = 0;
	for (size_t i = 0; i < excerpt->lines_count; i++)
		kept += excerpt->lines[i].number != 0;
	for (size_t i = 0; i < excerpt->explanation->blocks_count; i++)
		explained += excerpt->explanation->blocks[i].to -
			     excerpt->explanation->blocks[i].from + 1;
	bool is_cut = excerpt->explanation->blocks_seen > excerpt->explanation->blocks_count;
	return strlen(excerpt->failure_id) == BS_FAILURE_ID_BYTES - 1 &&
	       (kept == explained || is_cut || excerpt->text.len == 0);
}

// The first two bytes are the budget, the rest is the log.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bs_rules rules; // loading them is no part of this
	static struct bs_arena rules_arena;
	if (size < 2)
		return 0;
	if (!rules.rules) {
		bs_arena_init(&rules_arena, 16 * 1024 * 1024);
		enum bs_status loaded = bs_rules_load(&rules, NULL, 0, &rules_arena, NULL);
		assert(loaded == BS_OK);
	}
	size_t bytes_max = 1 + (size_t)data[0] * 16 + data[1];
	struct flow flow = {0};
	struct bs_clean *clean = NULL;
	struct bs_arena arena;
	struct bs_excerpt excerpt = {0};
	bs_arena_init(&arena, 16 * 1024 * 1024);
	bs_buf_init(&flow.log, 16 * 1024 * 1024);
	enum bs_status status = bs_trim_new(&rules, bytes_max, NULL, &flow.trim, NULL);
	assert(status == BS_OK);
	bs_trim_explain(flow.trim);
	if (bytes_max % 2 == 1) {
		flow.baseline = bs_baseline_new();
		assert(flow.baseline);
		bs_trim_compare(flow.trim, flow.baseline);
	}
	status = bs_clean_new(0, (struct bs_line_sink){take, &flow}, &clean, NULL);
	assert(status == BS_OK);
	status = bs_clean_feed(clean, bs_str((const char *)data + 2, size - 2), NULL);
	if (status == BS_OK)
		status = bs_clean_finish(clean, NULL);
	if (status == BS_OK)
		status = bs_trim_finish(flow.trim, &arena, &excerpt, NULL);
	assert(status == BS_OK || status == BS_EMPTY || status == BS_INPUT);
	// a log that speaks in our own markers cannot be told from what we left out
	if (status == BS_OK && !bs_str_has(bs_buf_str(&flow.log), BS_LIT("left out"))) {
		const char *wrong = trimmed_wrong(
			&excerpt, bs_buf_str(&flow.log), flow.lines, bytes_max);
		assert(!wrong);
	}
	assert(status != BS_OK || is_explained(&excerpt));
	bs_clean_free(clean);
	bs_trim_free(flow.trim);
	bs_baseline_free(flow.baseline);
	bs_buf_release(&flow.log);
	bs_arena_release(&arena);
	return 0;
}
