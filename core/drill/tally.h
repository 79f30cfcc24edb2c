// SPDX-License-Identifier: MIT
// What the runs of a scenario come to: percentiles, sends, the verdict. Pure.
#ifndef BS_DRILL_TALLY_H
#define BS_DRILL_TALLY_H

#include "core/drill/drill.h"
#include "core/ext/json.h"

// Fills what follows from the runs. first_provider: of the first route; config has the deadline,
// and whether a model is required.
void bs_drill_tally(
	struct bs_drill_result *result, const char *first_provider, const struct bs_config *config);

// The smallest number that at least `percent` of the elapsed times do not exceed (nearest rank).
int64_t bs_drill_percentile_ms(
	const struct bs_drill_run *runs, size_t runs_count, unsigned percent);

// The totals of a drill, for its last line.
struct bs_drill_totals {
	size_t scenarios, failed, runs, by_models, by_rules, lost, late;
	size_t alone_lost; // scenarios in which the first route alone gave no summary by a model
};
struct bs_drill_totals bs_drill_total(const struct bs_drill *drill);

// Who answered, for a table: "openai/m", "openai/m, anthropic/n", "rules", …; brief: without the
// models.
void bs_drill_add_answerers(const struct bs_drill_result *result, bool brief, struct bs_buf *out);

// --- table.c
// "112 ms", "1.61 s"
void bs_drill_add_time(int64_t ms, struct bs_buf *out);
// Text of a table's cell: what would end it, or become markup, is escaped.
void bs_drill_add_markdown(struct bs_str text, struct bs_buf *out);

// --- print_json.c
// One run with its attempts, as an object.
void bs_drill_put_run(struct bs_json_writer *w, const struct bs_drill_run *run);

#endif
