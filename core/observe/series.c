// SPDX-License-Identifier: MIT
// Metric series: the table of families, adding up, and Prometheus text.
#include "core/observe/series.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define VALUE_MAX 1e15 // whole numbers up to here are exact, also as text

const struct bs_family bs_families[] = {
	{"buildsum_build_info", BS_FAMILY_GAUGE, "1", "The version that ran last; always 1."},
	{"buildsum_runs_total", BS_FAMILY_COUNTER, "{run}",
		"Summaries by what wrote them: llm, local, or reused from another run."},
	{"buildsum_reuses_total", BS_FAMILY_COUNTER, "{run}",
		"Summaries that another job of the build had made, or an earlier run on this host."},
	{"buildsum_last_run_timestamp_seconds", BS_FAMILY_GAUGE, "s",
		"When the last summary was made, seconds since 1970."},
	{"buildsum_run_duration_seconds", BS_FAMILY_HISTOGRAM, "s",
		"From the end of the log to the summary."},
	{"buildsum_attempts_total", BS_FAMILY_COUNTER, "{attempt}",
		"Requests to models by how they ended."},
	{"buildsum_attempt_duration_seconds", BS_FAMILY_HISTOGRAM, "s",
		"One request from beginning to end."},
	{"buildsum_first_token_seconds", BS_FAMILY_HISTOGRAM, "s",
		"From a request's start to the first byte of its answer."},
	{"buildsum_fallbacks_total", BS_FAMILY_COUNTER, "{run}",
		"Summaries that another one wrote than the first of the route, and who did."},
	{"buildsum_hedges_total", BS_FAMILY_COUNTER, "{attempt}",
		"Requests that were sent beside a slow one."},
	{"buildsum_tokens_total", BS_FAMILY_COUNTER, "{token}",
		"Tokens by the providers' own count; input includes cached_input."},
	{"buildsum_cost_usd_total", BS_FAMILY_COUNTER, "{USD}",
		"What requests cost in US dollars, by list price or the provider's own word."},
	{"buildsum_log_bytes_total", BS_FAMILY_COUNTER, "By",
		"Bytes of logs that were read, and of excerpts made of them."},
	{"buildsum_redactions_total", BS_FAMILY_COUNTER, "{secret}",
		"Secrets replaced in excerpts."},
	{NULL, 0, NULL, NULL},
};

const double bs_bucket_bounds[BS_BUCKETS] = {0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 20, 30, 60};

struct bs_series *bs_series_new(struct bs_arena *arena)
{
	return BS_NEW(arena, struct bs_series);
}

// --- adding

static const struct bs_family *find_family(const char *name)
{
	const struct bs_family *family = bs_families;
	while (family->name && strcmp(family->name, name) != 0)
		family++;
	assert(family->name);
	return family;
}

static void put(
	struct bs_series *series, const struct bs_family *family, struct bs_str name, double value)
{
	struct bs_one_series *one = series->items;
	while (one < series->items + series->count && !bs_str_eq_c(name, one->name))
		one++;
	if (one == series->items + series->count) {
		if (series->count == BS_SERIES_MAX || name.len >= BS_SERIES_NAME_BYTES) {
			series->dropped_count++;
			return;
		}
		*one = (struct bs_one_series){.family = family};
		memcpy(one->name, name.ptr, name.len);
		series->count++;
	}
	one->value = family->type == BS_FAMILY_GAUGE ? value : one->value + value;
	if (one->value > VALUE_MAX)
		one->value = VALUE_MAX;
}

static void add_label_value(struct bs_buf *out, const char *value)
{
	for (const char *c = value; *c; c++) {
		if (*c == '"' || *c == '\\')
			bs_buf_add_char(out, '\\');
		if (*c == '\n')
			bs_buf_add_c(out, "\\n");
		else
			bs_buf_add_char(out, *c);
	}
}

// name_suffix{a="b",le="bound"}; bound NULL: none.
static void put_sample(struct bs_series *series, const struct bs_family *family, const char *suffix,
	const struct bs_label *labels, size_t labels_count, const char *bound, double value)
{
	struct bs_buf name;
	const char *comma = "{";
	bs_buf_init(&name, BS_SERIES_NAME_BYTES);
	bs_buf_addf(&name, "%s%s", family->name, suffix);
	for (size_t i = 0; i < labels_count; i++, comma = ",") {
		bs_buf_addf(&name, "%s%s=\"", comma, labels[i].name);
		add_label_value(&name, labels[i].value ? labels[i].value : "");
		bs_buf_add_char(&name, '"');
	}
	if (bound) {
		bs_buf_addf(&name, "%sle=\"%s\"", comma, bound);
		comma = ",";
	}
	bs_buf_add_c(&name, *comma == ',' ? "}" : "");
	if (name.failed == BS_OK)
		put(series, family, bs_buf_str(&name), value);
	else
		series->dropped_count++;
	bs_buf_release(&name);
}

void bs_series_add(struct bs_series *series, const char *name, const struct bs_label *labels,
	size_t labels_count, double value)
{
	const struct bs_family *family = find_family(name);
	if (!isfinite(value))
		return;
	if (family->type != BS_FAMILY_HISTOGRAM) {
		put_sample(series, family, "", labels, labels_count, NULL, value);
		return;
	}
	for (size_t i = 0; i <= BS_BUCKETS; i++) {
		char bound[24] = "+Inf";
		bool within = i == BS_BUCKETS || value <= bs_bucket_bounds[i];
		if (i < BS_BUCKETS)
			(void)snprintf(bound, sizeof(bound), "%g", bs_bucket_bounds[i]);
		put_sample(series, family, "_bucket", labels, labels_count, bound, within ? 1 : 0);
	}
	put_sample(series, family, "_sum", labels, labels_count, NULL, value);
	put_sample(series, family, "_count", labels, labels_count, NULL, 1);
}

void bs_series_merge(struct bs_series *series, const struct bs_series *more)
{
	for (size_t i = 0; i < more->count; i++)
		put(series, more->items[i].family, bs_str_c(more->items[i].name),
			more->items[i].value);
}

// --- text

// The family of "buildsum_runs_total{…}", of a histogram also with its suffix.
static const struct bs_family *family_of(struct bs_str name)
{
	static const char *const suffixes[] = {"_bucket", "_sum", "_count"};
	struct bs_str plain = bs_str_sub(name, 0, bs_str_find_char(name, '{'));
	for (const struct bs_family *family = bs_families; family->name; family++) {
		struct bs_str rest = bs_str_from(plain, strlen(family->name));
		if (!bs_str_starts(plain, bs_str_c(family->name)))
			continue;
		if (family->type != BS_FAMILY_HISTOGRAM && rest.len == 0)
			return family;
		for (size_t i = 0; family->type == BS_FAMILY_HISTOGRAM && i < 3; i++)
			if (bs_str_eq_c(rest, suffixes[i]))
				return family;
	}
	return NULL;
}

static bool read_value(struct bs_str text, double *ret_value)
{
	char copy[48], *end = NULL;
	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*ret_value = strtod(copy, &end);
	return *end == '\0' && isfinite(*ret_value) && *ret_value >= 0;
}

static bool is_printable(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F)
			return false;
	return true;
}

enum bs_status bs_series_parse(struct bs_series *series, struct bs_str text, struct bs_err *err)
{
	struct bs_str line;
	for (unsigned number = 1; bs_str_split(&text, '\n', &line); number++) {
		size_t space = line.len;
		double value;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		while (space > 0 && line.ptr[space - 1] != ' ')
			space--;
		struct bs_str name = bs_str_sub(line, 0, space ? space - 1 : 0);
		const struct bs_family *family = family_of(name);
		if (!is_printable(line) || !read_value(bs_str_from(line, space), &value))
			return bs_fail(err, BS_FORMAT, "line %u is no sample of a metric", number);
		// Of another version: let go. A gauge is of the run that wrote it.
		if (family && family->type != BS_FAMILY_GAUGE)
			put(series, family, name, value);
	}
	return BS_OK;
}

static void print_value(double value, struct bs_buf *out)
{
	if (value <= VALUE_MAX && value == (double)(int64_t)value)
		bs_buf_addf(out, " %.0f\n", value);
	else
		bs_buf_addf(out, " %.15g\n", value);
}

void bs_series_print(const struct bs_series *series, struct bs_buf *out)
{
	static const char *const types[] = {
		[BS_FAMILY_COUNTER] = "counter",
		[BS_FAMILY_GAUGE] = "gauge",
		[BS_FAMILY_HISTOGRAM] = "histogram",
	};
	for (const struct bs_family *family = bs_families; family->name; family++) {
		bool begun = false;
		for (size_t i = 0; i < series->count; i++) {
			if (series->items[i].family != family)
				continue;
			if (!begun)
				bs_buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", family->name,
					family->help, family->name, types[family->type]);
			begun = true;
			bs_buf_add_c(out, series->items[i].name);
			print_value(series->items[i].value, out);
		}
	}
}
