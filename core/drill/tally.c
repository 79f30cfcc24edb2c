// SPDX-License-Identifier: MIT
// Counts what the runs of a drill came to.
#include "core/drill/tally.h"

#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

int64_t bs_drill_percentile_ms(const struct bs_drill_run *runs, size_t runs_count, unsigned percent)
{
	int64_t times[BS_DRILL_RUNS_MAX];
	size_t count = runs_count < BS_DRILL_RUNS_MAX ? runs_count : BS_DRILL_RUNS_MAX;
	if (count == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		times[i] = runs[i].elapsed_ms;
	qsort(times, count, sizeof(times[0]), by_size);
	size_t rank = (count * percent + 99) / 100;
	return times[rank ? rank - 1 : 0];
}

static bool is_of(const struct bs_drill_attempt *attempt, const char *provider)
{
	size_t len = strlen(provider);
	return strncmp(attempt->route, provider, len) == 0 && attempt->route[len] == '/';
}

static enum bs_drill_verdict judge(
	const struct bs_drill_result *result, const struct bs_config *config)
{
	bool late = false, local = false;
	for (size_t i = 0; i < result->runs_count; i++) {
		const struct bs_drill_run *run = &result->runs[i];
		if (run->ending == BS_DRILL_LOST)
			return BS_DRILL_NO_SUMMARY;
		late |= run->elapsed_ms > config->deadline_ms;
		local |= run->ending == BS_DRILL_LOCAL;
	}
	if (late)
		return BS_DRILL_TOO_LATE;
	if (result->scenario->outage_ms &&
		(result->back_ms < 0 || result->back_ms > BS_DRILL_BACK_MS_MAX))
		return BS_DRILL_NOT_BACK;
	if (!local)
		return BS_DRILL_OK;
	if (result->alone_played && result->alone.ending == BS_DRILL_MODEL)
		return BS_DRILL_WORSE;
	return config->require_llm ? BS_DRILL_NO_MODEL : BS_DRILL_FELL_BACK;
}

void bs_drill_tally(
	struct bs_drill_result *result, const char *first_provider, const struct bs_config *config)
{
	result->attempts_max = result->first_provider_sends = result->answered_by_models = 0;
	for (size_t i = 0; i < result->runs_count; i++) {
		const struct bs_drill_run *run = &result->runs[i];
		if (run->attempts_count > result->attempts_max)
			result->attempts_max = (unsigned)run->attempts_count;
		for (size_t k = 0; k < run->attempts_count; k++)
			result->first_provider_sends += is_of(&run->attempts[k], first_provider);
		result->answered_by_models += run->ending == BS_DRILL_MODEL;
	}
	result->first_ms = result->runs_count ? result->runs[0].elapsed_ms : 0;
	result->p50_ms = bs_drill_percentile_ms(result->runs, result->runs_count, 50);
	result->p95_ms = bs_drill_percentile_ms(result->runs, result->runs_count, 95);
	result->verdict = judge(result, config);
}

bool bs_drill_failed(const struct bs_drill_result *result)
{
	return !result->played ||
	       (result->verdict != BS_DRILL_OK && result->verdict != BS_DRILL_FELL_BACK);
}

struct bs_drill_totals bs_drill_total(const struct bs_drill *drill)
{
	struct bs_drill_totals totals = {.scenarios = drill->results_count};
	int64_t deadline_ms = drill->options->config->deadline_ms;
	for (size_t i = 0; i < drill->results_count; i++) {
		const struct bs_drill_result *result = &drill->results[i];
		totals.failed += bs_drill_failed(result);
		totals.runs += result->runs_count;
		totals.alone_lost += result->alone_played && result->alone.ending != BS_DRILL_MODEL;
		for (size_t k = 0; k < result->runs_count; k++) {
			const struct bs_drill_run *run = &result->runs[k];
			totals.by_models += run->ending == BS_DRILL_MODEL;
			totals.by_rules += run->ending == BS_DRILL_LOCAL;
			totals.lost += run->ending == BS_DRILL_LOST;
			totals.late += run->elapsed_ms > deadline_ms;
		}
	}
	return totals;
}

static const char *answerer(const struct bs_drill_run *run)
{
	static const char *const words[] = {
		[BS_DRILL_LOST] = "nobody", [BS_DRILL_LOCAL] = "rules", [BS_DRILL_MODEL] = NULL};
	return words[run->ending] ? words[run->ending] : run->route;
}

void bs_drill_add_answerers(const struct bs_drill_result *result, bool brief, struct bs_buf *out)
{
	for (size_t i = 0; i < result->runs_count; i++) {
		const char *name = answerer(&result->runs[i]);
		size_t same = 0;
		while (same < i && strcmp(answerer(&result->runs[same]), name) != 0)
			same++;
		if (same < i)
			continue;
		if (i)
			bs_buf_add_c(out, ", ");
		struct bs_str text = bs_str_c(name);
		bs_buf_add(
			out, bs_str_sub(text, 0, brief ? bs_str_find_char(text, '/') : text.len));
	}
}
