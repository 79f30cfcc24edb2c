// SPDX-License-Identifier: MIT
// The first half of a run: clean → redact → trim, line by line as the bytes come.
#include "core/reading.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "core/rules/baseline.h"
#include "core/rules/pack.h"
#include "core/rules/trim.h"
#include "core/text/clean.h"

struct bs_reading {
	struct bs_arena *arena;
	struct bs_baseline *baseline; // NULL: no log of a passing run
	struct bs_rules rules;
	struct bs_trim *trim; // NULL: a filter
	struct bs_redact *redact;
	struct bs_clean *clean;
};

static enum bs_status know_secrets(const struct bs_config *config, const char *const *environ,
	struct bs_redact *redact, struct bs_err *err)
{
	enum bs_status status = bs_redact_add_environ(
		redact, environ, config->redact_env.items, config->redact_env.count, err);
	for (size_t i = 0; status == BS_OK && i < config->providers_count; i++)
		status = bs_redact_add_environ(redact, environ, config->providers[i].keys.items,
			config->providers[i].keys.count, err);
	for (size_t i = 0; status == BS_OK && i < config->redact_patterns.count; i++)
		status = bs_redact_add_pattern(
			redact, bs_str_c(config->redact_patterns.items[i]), err);
	return status;
}

// What both kinds share: the redactor into `sink`, the cleaner into the redactor.
static enum bs_status connect_rooms(struct bs_reading *reading, struct bs_line_sink sink,
	unsigned flags, const struct bs_config *config, const char *const *environ,
	struct bs_diag *diag, struct bs_err *err)
{
	enum bs_status status = bs_redact_new(sink, diag, &reading->redact, err);
	if (status == BS_OK)
		status = know_secrets(config, environ, reading->redact, err);
	if (status == BS_OK)
		status = bs_clean_new(flags, (struct bs_line_sink){bs_redact_take, reading->redact},
			&reading->clean, err);
	return status;
}

// --- the log of a passing run, cleaned and redacted as the other one is

// Pours the file into the baseline. A failure is one of reading; `passed` takes what it can.
static enum bs_status pour(int fd, int64_t until_ms, struct bs_reading *passed, struct bs_err *err)
{
	char chunk[BS_READ_CHUNK_BYTES];
	size_t count = 1;
	while (count > 0) {
		if (bs_clock_ms() >= until_ms)
			return bs_fail(err, BS_TIMEOUT, "it is too long for the time there is");
		enum bs_status status = bs_file_read(
			fd, chunk, sizeof(chunk), until_ms, &count, err);
		if (status == BS_OK)
			status = bs_reading_feed(passed, bs_str(chunk, count), err);
		if (status != BS_OK)
			return status;
	}
	return bs_reading_flush(passed, err);
}

static enum bs_status learn(struct bs_reading *reading, const struct bs_config *config,
	const char *const *environ, struct bs_diag *diag, struct bs_err *err)
{
	struct bs_reading passed = {0};
	struct bs_err trouble = {0};
	int fd = -1;
	int64_t span_ms = config->deadline_ms / 3;
	if (span_ms > BS_BASELINE_MS_MAX || span_ms == 0)
		span_ms = BS_BASELINE_MS_MAX;
	reading->baseline = bs_baseline_new();
	if (!reading->baseline)
		return bs_fail_nomem(err);
	enum bs_status status = connect_rooms(&passed,
		(struct bs_line_sink){bs_baseline_take, reading->baseline}, 0, config, environ,
		NULL, err);
	if (status != BS_OK)
		goto out;
	if (bs_file_open(config->baseline, &fd, &trouble) != BS_OK ||
		pour(fd, bs_clock_ms() + span_ms, &passed, &trouble) != BS_OK)
		bs_diag_warn(diag, "the log of a passing run is not used, or only in part: %s",
			trouble.msg);
	bs_trim_compare(reading->trim, reading->baseline);
out:
	bs_file_close(fd);
	bs_clean_free(passed.clean);
	bs_redact_free(passed.redact);
	return status;
}

enum bs_status bs_reading_new(const struct bs_config *config, const char *const *environ,
	struct bs_diag *diag, struct bs_arena *arena, struct bs_reading **ret_reading,
	struct bs_err *err)
{
	struct bs_reading *reading = calloc(1, sizeof(*reading));
	if (!reading)
		return bs_fail_nomem(err);
	reading->arena = arena;
	enum bs_status status = bs_rules_load(
		&reading->rules, config->rules.items, config->rules.count, arena, err);
	if (status == BS_OK)
		status = bs_trim_new(
			&reading->rules, (size_t)config->excerpt_bytes, diag, &reading->trim, err);
	if (status == BS_OK)
		status = connect_rooms(reading, (struct bs_line_sink){bs_trim_take, reading->trim},
			0, config, environ, diag, err);
	if (status == BS_OK && config->baseline)
		status = learn(reading, config, environ, diag, err);
	if (status != BS_OK) {
		bs_reading_free(reading);
		return status;
	}
	*ret_reading = reading;
	return BS_OK;
}

void bs_reading_explain(struct bs_reading *reading)
{
	bs_trim_explain(reading->trim);
}

enum bs_status bs_reading_new_filter(const struct bs_config *config, const char *const *environ,
	struct bs_line_sink sink, struct bs_diag *diag, struct bs_reading **ret_reading,
	struct bs_err *err)
{
	struct bs_reading *reading = calloc(1, sizeof(*reading));
	if (!reading)
		return bs_fail_nomem(err);
	enum bs_status status = connect_rooms(reading, sink,
		BS_CLEAN_KEEP_STAMPS | BS_CLEAN_KEEP_REDRAWS, config, environ, diag, err);
	if (status != BS_OK) {
		bs_reading_free(reading);
		return status;
	}
	*ret_reading = reading;
	return BS_OK;
}

void bs_reading_free(struct bs_reading *reading)
{
	if (!reading)
		return;
	bs_clean_free(reading->clean);
	bs_redact_free(reading->redact);
	bs_trim_free(reading->trim);
	bs_baseline_free(reading->baseline);
	bs_rules_release(&reading->rules);
	free(reading);
}

enum bs_status bs_reading_feed(struct bs_reading *reading, struct bs_str bytes, struct bs_err *err)
{
	return bs_clean_feed(reading->clean, bytes, err);
}

enum bs_status bs_reading_flush(struct bs_reading *reading, struct bs_err *err)
{
	enum bs_status status = bs_clean_finish(reading->clean, err);
	return status == BS_OK ? bs_redact_finish(reading->redact, err) : status;
}

enum bs_status bs_reading_excerpt(
	struct bs_reading *reading, struct bs_excerpt *ret_excerpt, struct bs_err *err)
{
	struct bs_excerpt excerpt;
	enum bs_status status = bs_reading_flush(reading, err);
	if (status == BS_OK)
		status = bs_trim_finish(reading->trim, reading->arena, &excerpt, err);
	if (status != BS_OK)
		return status;
	excerpt.input_bytes = bs_reading_bytes(reading);
	excerpt.redactions = bs_redact_count(reading->redact);
	*ret_excerpt = excerpt;
	return BS_OK;
}

uint64_t bs_reading_bytes(const struct bs_reading *reading)
{
	return bs_clean_stats(reading->clean).input_bytes;
}

struct bs_redact *bs_reading_redact(struct bs_reading *reading)
{
	return reading->redact;
}
