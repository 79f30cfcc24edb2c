// SPDX-License-Identifier: MIT
// A bounded table of metric series, read from and written as Prometheus text.
//
// Format: Prometheus text exposition 0.0.4. Only the families of the table in series.c exist.
#ifndef BS_OBSERVE_SERIES_H
#define BS_OBSERVE_SERIES_H

#include "core/base/arena.h"
#include "core/base/buf.h"

#define BS_SERIES_MAX 1024       // models × outcomes of one host; more are dropped
#define BS_SERIES_NAME_BYTES 256 // name and labels, with the NUL
#define BS_SERIES_TEXT_BYTES_MAX (512 * 1024)

enum bs_family_type {
	BS_FAMILY_COUNTER,
	BS_FAMILY_GAUGE,
	BS_FAMILY_HISTOGRAM,
};

struct bs_family {
	const char *name; // NULL ends the list
	enum bs_family_type type;
	const char *unit; // as OpenTelemetry writes it: "s", "By", "{token}", "1"
	const char *help;
};

extern const struct bs_family bs_families[];
// Upper bounds of the buckets of every histogram, seconds; +Inf follows.
extern const double bs_bucket_bounds[];
#define BS_BUCKETS 12

struct bs_label {
	const char *name, *value;
};

struct bs_series {
	size_t count, dropped_count;
	struct bs_one_series {
		const struct bs_family *family;
		char name[BS_SERIES_NAME_BYTES]; // as it is written: a_total{b="c"}
		double value;
	} items[BS_SERIES_MAX];
};

// An empty table in the arena; NULL: no memory.
struct bs_series *bs_series_new(struct bs_arena *arena);

// Counters and histograms grow by the value, gauges take it. The family must exist.
void bs_series_add(struct bs_series *series, const char *family, const struct bs_label *labels,
	size_t labels_count, double value);
// Adds every series of `more`, by the same rule.
void bs_series_merge(struct bs_series *series, const struct bs_series *more);

// Reads the counters and histograms of what bs_series_print wrote. BS_FORMAT: something else; the
// table may hold a part of it.
enum bs_status bs_series_parse(
	struct bs_series *series, struct bs_str text, struct bs_err *err) BS_MUST_USE;
void bs_series_print(const struct bs_series *series, struct bs_buf *out);

#endif
