// SPDX-License-Identifier: MIT
// Secrets leave the text before the text leaves the process.
//
// Fails closed: where a pattern hits a limit the whole line is replaced; where memory is out
// nothing is sent. Placeholders are [REDACTED:kind#n], numbered by first sight, never derived from
// the value. Order and forms: RFC-like notes in redact.c; the names that mark an environment
// variable as secret are the Buildkite agent's own (BUILDKITE_REDACTED_VARS and its defaults) plus
// ours.
#ifndef BS_RULES_REDACT_H
#define BS_RULES_REDACT_H

#include "core/base/buf.h"
#include "core/base/diag.h"
#include "core/text/line.h"

struct bs_redact;

// Lines with secrets replaced go to sink (its ctx must outlive the redactor), with the same
// numbers.
enum bs_status bs_redact_new(struct bs_line_sink sink, struct bs_diag *diag,
	struct bs_redact **ret_redact, struct bs_err *err) BS_MUST_USE;
// Wipes the known values.
void bs_redact_free(struct bs_redact *redact);

// --- what is secret, before the first line. Values are copied.
// One value; name is for warnings ("TOKEN is too short to be redacted"), never the value.
enum bs_status bs_redact_add_value(struct bs_redact *redact, const char *name, struct bs_str value,
	struct bs_err *err) BS_MUST_USE;
// Every variable of environ whose name matches the agent's globs (BUILDKITE_REDACTED_VARS when
// set, and always the defaults) or one of `globs` (names or globs; the setting redact.env).
enum bs_status bs_redact_add_environ(struct bs_redact *redact, const char *const *environ,
	const char *const *globs, size_t globs_count, struct bs_err *err) BS_MUST_USE;
// A pattern of the user's (the setting redact.patterns): group 1, or the whole match, is replaced.
enum bs_status bs_redact_add_pattern(
	struct bs_redact *redact, struct bs_str pattern, struct bs_err *err) BS_MUST_USE;

// --- the flow
enum bs_status bs_redact_take(
	void *redact, const struct bs_line *line, struct bs_err *err) BS_MUST_USE;
// Lines held back (a key or a wrapped token may span lines).
enum bs_status bs_redact_finish(struct bs_redact *redact, struct bs_err *err) BS_MUST_USE;
uint64_t bs_redact_count(const struct bs_redact *redact);

// --- single texts, with all rules at once: messages of providers, answers of models, excerpts
void bs_redact_text(struct bs_redact *redact, struct bs_str text, struct bs_buf *out);

// The last look at bytes about to leave (a serialised request, JSON-escaped forms included) or at
// an answer about to be shown. BS_SECRET when a known value or a distinctive token is in it; the
// message names the kind or the variable, never the value.
enum bs_status bs_redact_tripwire(
	struct bs_redact *redact, struct bs_str bytes, struct bs_err *err) BS_MUST_USE;

#endif
