// SPDX-License-Identifier: MIT
// The verdict table of a drill, for a terminal and as Markdown.
#include "core/drill/tally.h"
#include "core/text/clean.h"

#define CELL_BYTES_MAX 512
#define WORDS_BYTES_MAX (16 * 1024)
#define INDENT "  "

enum column {
	COLUMN_SCENARIO,
	COLUMN_VERDICT,
	COLUMN_ANSWERED,
	COLUMN_SENDS,
	COLUMN_FIRST,
	COLUMN_P50,
	COLUMN_P95,
	COLUMN_ALONE,
	COLUMN_COUNT,
};

static const struct {
	const char *head;
	bool right; // aligned
} columns[COLUMN_COUNT] = {
	[COLUMN_SCENARIO] = {"scenario", false},
	[COLUMN_VERDICT] = {"verdict", false},
	[COLUMN_ANSWERED] = {"answered by", false},
	[COLUMN_SENDS] = {"sends", true},
	[COLUMN_FIRST] = {"first run", true},
	[COLUMN_P50] = {"p50", true},
	[COLUMN_P95] = {"p95", true},
	[COLUMN_ALONE] = {"without fallback", false},
};

void bs_drill_add_time(int64_t ms, struct bs_buf *out)
{
	if (ms < 1000)
		bs_buf_addf(out, "%lld ms", (long long)ms);
	else
		bs_buf_addf(
			out, "%lld.%02lld s", (long long)(ms / 1000), (long long)(ms % 1000 / 10));
}

static void add_alone(const struct bs_drill_result *result, struct bs_buf *out)
{
	const struct bs_drill_run *run = &result->alone;
	if (!result->alone_played) {
		bs_buf_add_c(out, "not played");
		return;
	}
	bs_buf_add_c(out, run->ending == BS_DRILL_MODEL ? "ok, " : "no answer, ");
	bs_drill_add_time(run->elapsed_ms, out);
}

// Where each provider stands once in the route, its name says enough.
static bool providers_differ(const struct bs_drill *drill)
{
	for (size_t i = 0; i < drill->routes_count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(drill->routes[i].provider, drill->routes[k].provider) == 0)
				return false;
	return true;
}

static void add_answered(
	const struct bs_drill *drill, const struct bs_drill_result *result, struct bs_buf *out)
{
	if (!result->played) {
		bs_clean_inline(bs_str_c(result->trouble), out);
		return;
	}
	bs_drill_add_answerers(result, providers_differ(drill), out);
	if (!result->scenario->outage_ms || result->back_ms < 0)
		return;
	bs_buf_add_c(out, ", again the first ");
	bs_drill_add_time(result->back_ms, out);
	bs_buf_add_c(out, " after its outage");
}

static void add_cell(const struct bs_drill *drill, const struct bs_drill_result *result,
	enum column column, struct bs_buf *out)
{
	switch (column) {
	case COLUMN_SCENARIO:
		bs_clean_inline(bs_str_c(result->scenario->name), out);
		return;
	case COLUMN_VERDICT:
		bs_buf_add_c(
			out, result->played ? bs_drill_verdict_id(result->verdict) : "not over");
		return;
	case COLUMN_ANSWERED:
		add_answered(drill, result, out);
		return;
	case COLUMN_SENDS:
		bs_buf_addf(out, "%u", result->attempts_max);
		return;
	case COLUMN_FIRST:
		bs_drill_add_time(result->first_ms, out);
		return;
	case COLUMN_P50:
		bs_drill_add_time(result->p50_ms, out);
		return;
	case COLUMN_P95:
		bs_drill_add_time(result->p95_ms, out);
		return;
	case COLUMN_ALONE:
		add_alone(result, out);
		return;
	case COLUMN_COUNT:
		return;
	}
}

// --- what stands around the table

static void add_route(const struct bs_drill *drill, struct bs_buf *out)
{
	for (size_t i = 0; i < drill->routes_count; i++) {
		size_t keys = drill->routes[i].keys.count;
		bs_clean_inline(bs_str_c(drill->routes[i].name), out);
		if (keys > 1)
			bs_buf_addf(out, " (%zu keys)", keys);
		bs_buf_add_c(out, " → ");
	}
	bs_buf_add_c(out, "local summary");
}

static void add_setting(const struct bs_drill *drill, struct bs_buf *out)
{
	const struct bs_drill_options *options = drill->options;
	if (drill->borrowed_route)
		bs_buf_add_c(out, "No route is configured and no key is set: the built-in "
				  "providers stand in. ");
	bs_buf_addf(out, "%zu run%s of each scenario in one outage; a healthy provider takes ",
		options->runs, options->runs == 1 ? "" : "s");
	bs_drill_add_time(options->latency_ms, out);
	bs_buf_add_c(out, "; the deadline is ");
	bs_drill_add_time(options->config->deadline_ms, out);
	bs_buf_add_c(out, ". Played on this machine: no real provider was asked.");
}

static void add_outcome(const struct bs_drill *drill, struct bs_buf *out)
{
	struct bs_drill_totals totals = bs_drill_total(drill);
	bs_buf_addf(out,
		"%zu scenarios, %zu runs: %zu summaries by models, %zu by rules, %zu lost, %zu late. "
		"Without fallback, %zu of the %zu scenarios get no answer from a model. ",
		totals.scenarios, totals.runs, totals.by_models, totals.by_rules, totals.lost,
		totals.late, totals.alone_lost, totals.scenarios);
	if (totals.failed == 0)
		bs_buf_add_c(out,
			"Passed: no scenario costs an annotation, the deadline, or an answer that the first route alone would have given.");
	else
		bs_buf_addf(out, "FAILED: %zu scenario%s.", totals.failed,
			totals.failed == 1 ? "" : "s");
}

// --- a terminal

static size_t width_of(const struct bs_drill *drill, enum column column, struct bs_buf *scratch)
{
	size_t width = strlen(columns[column].head);
	for (size_t i = 0; i < drill->results_count; i++) {
		bs_buf_clear(scratch);
		add_cell(drill, &drill->results[i], column, scratch);
		size_t chars = bs_str_chars(bs_buf_str(scratch));
		if (chars > width)
			width = chars;
	}
	return width;
}

static void add_padded(struct bs_str text, size_t width, bool right, struct bs_buf *out)
{
	size_t chars = bs_str_chars(text);
	int pad = width > chars ? (int)(width - chars) : 0;
	bs_buf_addf(out, "%*s%.*s%*s", right ? pad : 0, "", BS_FMT(text), right ? 0 : pad, "");
}

static const char *color_of(const struct bs_drill_result *result)
{
	if (bs_drill_failed(result))
		return "\033[1;31m";
	return result->verdict == BS_DRILL_OK ? "\033[32m" : "\033[33m";
}

// Words broken before the last column.
static void add_wrapped(struct bs_str text, unsigned width, struct bs_buf *out)
{
	struct bs_str word;
	size_t column = strlen(INDENT);
	bs_buf_add_c(out, INDENT);
	for (bool first = true; bs_str_split(&text, ' ', &word); first = false) {
		size_t chars = bs_str_chars(word);
		if (!first && width && column + 1 + chars > width) {
			bs_buf_add_c(out, "\n" INDENT);
			column = strlen(INDENT);
		} else if (!first) {
			bs_buf_add_char(out, ' ');
			column++;
		}
		bs_buf_add(out, word);
		column += chars;
	}
	bs_buf_add_char(out, '\n');
}

static void add_rows(const struct bs_drill *drill, bool color, struct bs_buf *out)
{
	size_t widths[COLUMN_COUNT];
	struct bs_buf cell;
	bs_buf_init(&cell, CELL_BYTES_MAX);
	for (int c = 0; c < COLUMN_COUNT; c++)
		widths[c] = width_of(drill, (enum column)c, &cell);
	widths[COLUMN_COUNT - 1] = 0; // nothing stands right of it
	bs_buf_add_c(out, color ? "\033[1m" : "");
	for (int c = 0; c < COLUMN_COUNT; c++) {
		bs_buf_add_c(out, INDENT);
		add_padded(bs_str_c(columns[c].head), widths[c], columns[c].right, out);
	}
	bs_buf_add_c(out, color ? "\033[0m\n" : "\n");
	for (size_t i = 0; i < drill->results_count; i++) {
		for (int c = 0; c < COLUMN_COUNT; c++) {
			bool dyed = color && c == COLUMN_VERDICT;
			bs_buf_clear(&cell);
			add_cell(drill, &drill->results[i], (enum column)c, &cell);
			bs_buf_addf(out, INDENT "%s", dyed ? color_of(&drill->results[i]) : "");
			add_padded(bs_buf_str(&cell), widths[c], columns[c].right, out);
			bs_buf_add_c(out, dyed ? "\033[0m" : "");
		}
		bs_buf_add_char(out, '\n');
	}
	bs_buf_release(&cell);
}

void bs_drill_print_text(
	const struct bs_drill *drill, struct bs_terminal terminal, struct bs_buf *out)
{
	struct bs_buf words;
	bs_buf_init(&words, WORDS_BYTES_MAX);
	add_route(drill, &words);
	add_wrapped(bs_buf_str(&words), terminal.width, out);
	bs_buf_clear(&words);
	add_setting(drill, &words);
	add_wrapped(bs_buf_str(&words), terminal.width, out);
	bs_buf_add_char(out, '\n');
	add_rows(drill, terminal.color, out);
	bs_buf_add_char(out, '\n');
	bs_buf_clear(&words);
	add_outcome(drill, &words);
	add_wrapped(bs_buf_str(&words), terminal.width, out);
	bs_buf_release(&words);
}

// --- Markdown

void bs_drill_add_markdown(struct bs_str text, struct bs_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("|*_`[]<>\\", text.ptr[i]) && text.ptr[i])
			bs_buf_add_char(out, '\\');
		bs_buf_add_char(out, text.ptr[i]);
	}
}

void bs_drill_print_markdown(const struct bs_drill *drill, struct bs_buf *out)
{
	struct bs_buf cell;
	bs_buf_init(&cell, CELL_BYTES_MAX * 4);
	add_route(drill, &cell);
	bs_buf_add_c(out, "### buildsum drill: ");
	bs_drill_add_markdown(bs_buf_str(&cell), out);
	bs_buf_add_c(out, "\n\n");
	add_setting(drill, out);
	bs_buf_add_c(out, "\n\n|");
	for (int c = 0; c < COLUMN_COUNT; c++)
		bs_buf_addf(out, " %s |", columns[c].head);
	bs_buf_add_c(out, "\n|");
	for (int c = 0; c < COLUMN_COUNT; c++)
		bs_buf_add_c(out, columns[c].right ? "---:|" : "---|");
	for (size_t i = 0; i < drill->results_count; i++) {
		bs_buf_add_c(out, "\n|");
		for (int c = 0; c < COLUMN_COUNT; c++) {
			bs_buf_clear(&cell);
			add_cell(drill, &drill->results[i], (enum column)c, &cell);
			bs_buf_add_char(out, ' ');
			bs_drill_add_markdown(bs_buf_str(&cell), out);
			bs_buf_add_c(out, " |");
		}
	}
	bs_buf_add_c(out, "\n\n");
	add_outcome(drill, out);
	bs_buf_add_char(out, '\n');
	bs_buf_release(&cell);
}
