// SPDX-License-Identifier: MIT
// The redactor: known values and patterns, a stream of lines, single texts, the last look.
#include "core/rules/redact.h"

#include <stdlib.h>

#include "core/rules/redact_flow.h"
#include "core/rules/redact_tripwire.h"

// What the agent hides by default (agent clicommand/global.go, v3.128 and later), whatever
// BUILDKITE_REDACTED_VARS adds to it: older agents do not know *_API_KEY and *_SSH_KEY.
static const char *const default_globs[] = {"*_PASSWORD", "*_SECRET", "*_TOKEN", "*_PRIVATE_KEY",
	"*_SSH_KEY", "*_ACCESS_KEY", "*_SECRET_KEY", "*_CONNECTION_STRING", "*_API_KEY"};

struct bs_redact {
	struct bs_engine engine;
	struct bs_flow flow;
	struct bs_diag *diag;
	uint64_t text_redactions;
};

enum bs_status bs_redact_new(struct bs_line_sink sink, struct bs_diag *diag,
	struct bs_redact **ret_redact, struct bs_err *err)
{
	struct bs_redact *redact = calloc(1, sizeof(*redact));
	if (!redact)
		return bs_fail_nomem(err);
	enum bs_status status = bs_engine_init(&redact->engine, err);
	if (status != BS_OK) {
		free(redact);
		return status;
	}
	bs_flow_init(&redact->flow, &redact->engine, sink);
	redact->diag = diag;
	*ret_redact = redact;
	return BS_OK;
}

void bs_redact_free(struct bs_redact *redact)
{
	if (!redact)
		return;
	bs_flow_release(&redact->flow);
	bs_engine_release(&redact->engine);
	free(redact);
}

// --- what is secret

enum bs_status bs_redact_add_value(
	struct bs_redact *redact, const char *name, struct bs_str value, struct bs_err *err)
{
	return bs_values_add(redact->engine.values, name, value, redact->engine.literals,
		BS_OWNER_VALUE, redact->diag, err);
}

static bool matches_any(struct bs_str name, const char *const *globs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bs_str_glob(bs_str_c(globs[i]), name))
			return true;
	}
	return false;
}

static bool matches_list(struct bs_str name, struct bs_str list)
{
	struct bs_str glob;
	while (bs_str_split(&list, ',', &glob)) {
		if (bs_str_glob(bs_str_trim(glob), name))
			return true;
	}
	return false;
}

enum bs_status bs_redact_add_environ(struct bs_redact *redact, const char *const *environ,
	const char *const *globs, size_t globs_count, struct bs_err *err)
{
	struct bs_str list = {NULL, 0}, name;
	enum bs_status status = BS_OK;
	for (size_t i = 0; environ && environ[i]; i++) {
		struct bs_str value = bs_str_c(environ[i]);
		if (bs_str_split(&value, '=', &name) &&
			bs_str_eq_c(name, "BUILDKITE_REDACTED_VARS"))
			list = value;
	}
	for (size_t i = 0; status == BS_OK && environ && environ[i]; i++) {
		char label[128] = "";
		struct bs_str value = bs_str_c(environ[i]);
		if (!bs_str_split(&value, '=', &name))
			continue;
		if (!matches_any(name, default_globs,
			    sizeof(default_globs) / sizeof(default_globs[0])) &&
			!matches_any(name, globs, globs_count) && !matches_list(name, list))
			continue;
		struct bs_str shown = bs_str_clip_utf8(name, sizeof(label) - 1);
		memcpy(label, shown.ptr, shown.len);
		status = bs_redact_add_value(redact, label, value, err);
	}
	return status;
}

enum bs_status bs_redact_add_pattern(
	struct bs_redact *redact, struct bs_str pattern, struct bs_err *err)
{
	return bs_patterns_add(redact->engine.patterns, pattern, err);
}

// --- the flow

enum bs_status bs_redact_take(void *redact, const struct bs_line *line, struct bs_err *err)
{
	return bs_flow_take(&((struct bs_redact *)redact)->flow, line, err);
}

enum bs_status bs_redact_finish(struct bs_redact *redact, struct bs_err *err)
{
	return bs_flow_finish(&redact->flow, err);
}

uint64_t bs_redact_count(const struct bs_redact *redact)
{
	return redact->flow.hold.redactions + redact->text_redactions;
}

// --- single texts

struct text_sink {
	struct bs_buf *out;
	bool any;
};

static enum bs_status take_text_line(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	struct text_sink *sink = ctx;
	if (sink->any)
		bs_buf_add_char(sink->out, '\n');
	sink->any = true;
	bs_buf_add(sink->out, line->text);
	return bs_buf_status(sink->out, "redacted text", err);
}

void bs_redact_text(struct bs_redact *redact, struct bs_str text, struct bs_buf *out)
{
	struct bs_flow flow;
	struct text_sink sink = {out, false};
	struct bs_line line = {.number = 1};
	enum bs_status status = BS_OK;
	bs_flow_init(&flow, &redact->engine, (struct bs_line_sink){take_text_line, &sink});
	while (status == BS_OK && bs_str_split(&text, '\n', &line.text)) {
		status = bs_flow_take(&flow, &line, NULL);
		line.number++;
	}
	if (status == BS_OK)
		status = bs_flow_finish(&flow, NULL);
	redact->text_redactions += flow.hold.redactions;
	bs_flow_release(&flow);
	if (status != BS_OK && out->failed == BS_OK)
		out->failed = BS_NOMEM; // what is there is clean, but it is not all
}

enum bs_status bs_redact_tripwire(struct bs_redact *redact, struct bs_str bytes, struct bs_err *err)
{
	return bs_tripwire_look(&redact->engine, bytes, err);
}
