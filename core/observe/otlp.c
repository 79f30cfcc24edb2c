// SPDX-License-Identifier: MIT
// A run's metrics as OTLP/HTTP JSON: numbers of 64 bits as strings, enumerations as numbers, names
// in lowerCamelCase (opentelemetry-proto, docs/specification.md).
#include <inttypes.h>
#include <stdio.h>

#include "core/ext/json.h"
#include "core/observe/metrics.h"

#define DELTA 1 // AGGREGATION_TEMPORALITY_DELTA

struct span {
	char from[24], to[24]; // unix nanoseconds
};

static void put_text(struct bs_json_writer *w, const char *key, const char *text)
{
	bs_json_put_key(w, key);
	bs_json_put_c(w, text);
}

static void put_attribute(struct bs_json_writer *w, struct bs_str name, struct bs_str value)
{
	bs_json_open(w, '{');
	bs_json_put_key(w, "key");
	bs_json_put_str(w, name);
	bs_json_put_key(w, "value");
	bs_json_open(w, '{');
	bs_json_put_key(w, "stringValue");
	bs_json_put_str(w, value);
	bs_json_close(w, '}');
	bs_json_close(w, '}');
}

// The labels of `a{b="c",le="1"}`, as they were put in; le is none of them. Values hold no escapes
// but those of series.c, which stand for themselves here.
static void put_attributes(struct bs_json_writer *w, const char *series)
{
	struct bs_str rest = bs_str_c(strchr(series, '{'));
	bs_json_put_key(w, "attributes");
	bs_json_open(w, '[');
	rest = bs_str_from(rest, 1);
	while (rest.len > 1) {
		size_t equals = bs_str_find(rest, BS_LIT("=\""));
		if (equals == SIZE_MAX)
			break;
		struct bs_str name = bs_str_sub(rest, 0, equals);
		rest = bs_str_from(rest, equals + 2);
		size_t len = 0;
		while (len < rest.len && rest.ptr[len] != '"')
			len += rest.ptr[len] == '\\' ? 2 : 1;
		if (!bs_str_eq_c(name, "le"))
			put_attribute(w, name, bs_str_sub(rest, 0, len));
		rest = bs_str_from(rest, len + 2);
	}
	bs_json_close(w, ']');
}

static void put_span(struct bs_json_writer *w, const struct span *span)
{
	put_text(w, "startTimeUnixNano", span->from);
	put_text(w, "timeUnixNano", span->to);
}

static void put_u64(struct bs_json_writer *w, double number)
{
	char text[24];
	(void)snprintf(text, sizeof(text), "%.0f", number);
	bs_json_put_c(w, text);
}

// A histogram's series stand one after the other: its buckets, which count all below their bound,
// then the sum and the count.
static size_t put_histogram(struct bs_json_writer *w, const struct bs_one_series *items,
	size_t left, const struct span *span)
{
	if (left < BS_BUCKETS + 3)
		return left;
	bs_json_open(w, '{');
	put_attributes(w, items[0].name);
	put_span(w, span);
	bs_json_put_key(w, "count");
	put_u64(w, items[BS_BUCKETS + 2].value);
	bs_json_put_key(w, "sum");
	bs_json_put_double(w, items[BS_BUCKETS + 1].value);
	bs_json_put_key(w, "bucketCounts");
	bs_json_open(w, '[');
	for (size_t i = 0; i <= BS_BUCKETS; i++)
		put_u64(w, items[i].value - (i ? items[i - 1].value : 0));
	bs_json_close(w, ']');
	bs_json_put_key(w, "explicitBounds");
	bs_json_open(w, '[');
	for (size_t i = 0; i < BS_BUCKETS; i++)
		bs_json_put_double(w, bs_bucket_bounds[i]);
	bs_json_close(w, ']');
	bs_json_close(w, '}');
	return BS_BUCKETS + 3;
}

static size_t put_number(
	struct bs_json_writer *w, const struct bs_one_series *item, const struct span *span)
{
	bs_json_open(w, '{');
	put_attributes(w, item->name);
	put_span(w, span);
	bs_json_put_key(w, "asDouble");
	bs_json_put_double(w, item->value);
	bs_json_close(w, '}');
	return 1;
}

static void put_family(struct bs_json_writer *w, const struct bs_series *series,
	const struct bs_family *family, const struct span *span)
{
	static const char *const kinds[] = {
		[BS_FAMILY_COUNTER] = "sum",
		[BS_FAMILY_GAUGE] = "gauge",
		[BS_FAMILY_HISTOGRAM] = "histogram",
	};
	bs_json_open(w, '{');
	put_text(w, "name", family->name);
	put_text(w, "description", family->help);
	put_text(w, "unit", family->unit);
	bs_json_put_key(w, kinds[family->type]);
	bs_json_open(w, '{');
	if (family->type != BS_FAMILY_GAUGE) {
		bs_json_put_key(w, "aggregationTemporality");
		bs_json_put_i64(w, DELTA);
	}
	if (family->type == BS_FAMILY_COUNTER) {
		bs_json_put_key(w, "isMonotonic");
		bs_json_put_bool(w, true);
	}
	bs_json_put_key(w, "dataPoints");
	bs_json_open(w, '[');
	for (size_t i = 0; i < series->count;) {
		const struct bs_one_series *item = &series->items[i];
		if (item->family != family)
			i++;
		else if (family->type == BS_FAMILY_HISTOGRAM)
			i += put_histogram(w, item, series->count - i, span);
		else
			i += put_number(w, item, span);
	}
	bs_json_close(w, ']');
	bs_json_close(w, '}');
	bs_json_close(w, '}');
}

static bool has_any(const struct bs_series *series, const struct bs_family *family)
{
	for (size_t i = 0; i < series->count; i++)
		if (series->items[i].family == family)
			return true;
	return false;
}

void bs_metrics_otlp(
	const struct bs_series *run, int64_t from_ms, int64_t to_ms, struct bs_buf *out)
{
	struct bs_json_writer w;
	struct span span;
	(void)snprintf(span.from, sizeof(span.from), "%" PRId64 "000000", from_ms);
	(void)snprintf(span.to, sizeof(span.to), "%" PRId64 "000000", to_ms);
	bs_json_writer_init(&w, out);
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "resourceMetrics");
	bs_json_open(&w, '[');
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "resource");
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "attributes");
	bs_json_open(&w, '[');
	put_attribute(&w, BS_LIT("service.name"), BS_LIT("buildsum"));
	put_attribute(&w, BS_LIT("service.version"), bs_str_c(BS_VERSION));
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
	bs_json_put_key(&w, "scopeMetrics");
	bs_json_open(&w, '[');
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "scope");
	bs_json_open(&w, '{');
	put_text(&w, "name", "buildsum");
	bs_json_close(&w, '}');
	bs_json_put_key(&w, "metrics");
	bs_json_open(&w, '[');
	for (const struct bs_family *family = bs_families; family->name; family++)
		if (has_any(run, family))
			put_family(&w, run, family, &span);
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
}
