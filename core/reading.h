// SPDX-License-Identifier: MIT
// The first half of a run: bytes of a log go in, cleaned, redacted and trimmed as they come; an
// excerpt comes out.
#ifndef BS_READING_H
#define BS_READING_H

#include "core/base/arena.h"
#include "core/base/diag.h"
#include "core/config/config.h"
#include "core/rules/redact.h"
#include "core/text/excerpt.h"

struct bs_reading;

// Rules, secrets and the log of a passing run are loaded here (that log for BS_BASELINE_MS_MAX or a
// third of the deadline; what cannot be read of it is a warning). config, environ and arena must
// outlive the reading; the excerpt lives in the arena. BS_USAGE: a rule pack or a pattern of the
// user's is wrong.
enum bs_status bs_reading_new(const struct bs_config *config, const char *const *environ,
	struct bs_diag *diag, struct bs_arena *arena, struct bs_reading **ret_reading,
	struct bs_err *err) BS_MUST_USE;
// The filter instead: every line goes to sink, secrets replaced, nothing trimmed; timestamps and
// redraws stay.
enum bs_status bs_reading_new_filter(const struct bs_config *config, const char *const *environ,
	struct bs_line_sink sink, struct bs_diag *diag, struct bs_reading **ret_reading,
	struct bs_err *err) BS_MUST_USE;
void bs_reading_free(struct bs_reading *reading);

// Before the first byte: let the excerpt say why it holds what it holds.
void bs_reading_explain(struct bs_reading *reading);

// BS_INPUT: this is no text.
enum bs_status bs_reading_feed(
	struct bs_reading *reading, struct bs_str bytes, struct bs_err *err) BS_MUST_USE;
// The excerpt of all that was fed. BS_EMPTY: nothing to summarise. Not for a filter.
enum bs_status bs_reading_excerpt(
	struct bs_reading *reading, struct bs_excerpt *ret_excerpt, struct bs_err *err) BS_MUST_USE;
// Lines a filter held back.
enum bs_status bs_reading_flush(struct bs_reading *reading, struct bs_err *err) BS_MUST_USE;

uint64_t bs_reading_bytes(const struct bs_reading *reading);
// What knows the secrets of this run; belongs to the reading.
struct bs_redact *bs_reading_redact(struct bs_reading *reading);

#endif
