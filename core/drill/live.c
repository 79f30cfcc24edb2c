// SPDX-License-Identifier: MIT
// Asks each real route once, alone, and says what it is worth as a lifeboat.
#include "core/drill/live.h"

#include "core/drill/perform.h"
#include "core/drill/tally.h"
#include "core/text/clean.h"

const char *bs_live_verdict_words(enum bs_live_verdict verdict)
{
	static const char *const words[] = {
#define X(name, words) [name] = words,
		BS_LIVE_VERDICTS(X)
#undef X
	};
	return words[verdict];
}

// Something came that no summary could be made of.
static bool has_answered(const struct bs_drill_run *run)
{
	static const enum bs_outcome answers[] = {BS_OUTCOME_INVALID_JSON,
		BS_OUTCOME_INVALID_SUMMARY, BS_OUTCOME_TRUNCATED, BS_OUTCOME_REFUSED,
		BS_OUTCOME_EMPTY};
	for (size_t i = 0; run->attempts_count && i < sizeof(answers) / sizeof(answers[0]); i++)
		if (run->attempts[run->attempts_count - 1].outcome == answers[i])
			return true;
	return false;
}

enum bs_live_verdict bs_live_verdict_of(const struct bs_drill_run *run)
{
	if (run->ending != BS_DRILL_MODEL)
		return has_answered(run) ? BS_LIVE_BREAKS : BS_LIVE_FAILED;
	if (run->repaired || run->reasked)
		return BS_LIVE_MENDED;
	for (size_t i = 0; i < run->attempts_count; i++)
		if (run->attempts[i].outcome == BS_OUTCOME_CAPABILITY)
			return BS_LIVE_LEARNT;
	return BS_LIVE_KEEPS;
}

// --- asking

static enum bs_status ask_all(const struct bs_drill_options *options,
	void (*progress)(void *ctx, const char *route), void *ctx, struct bs_live *live,
	struct bs_err *err)
{
	struct bs_config config = *options->config;
	config.state = false;
	config.hedge_ms = BS_HEDGE_OFF;
	for (size_t i = 0; i < live->routes_count; i++) {
		const char *name = live->routes[i].name;
		config.route = (struct bs_strings){&name, 1};
		if (progress)
			progress(ctx, name);
		bs_drill_perform(&config, options->environ, options->log, options->cancelled,
			&live->runs[i]);
		if (options->cancelled && *options->cancelled)
			return bs_fail(err, BS_CANCELLED, "interrupted");
		live->asked_count++;
	}
	return BS_OK;
}

enum bs_status bs_live_ask(const struct bs_drill_options *options,
	void (*progress)(void *ctx, const char *route), void *ctx, struct bs_arena *arena,
	struct bs_live **ret_live, struct bs_err *err)
{
	struct bs_live *live = BS_NEW(arena, struct bs_live);
	if (!live)
		return bs_fail_nomem(err);
	enum bs_status status = bs_routes_resolve(
		options->config, options->environ, arena, live->routes, &live->routes_count, err);
	if (status == BS_OK && (options->config->offline || options->config->dry_run))
		status = bs_fail(err, BS_USAGE,
			"--live asks real providers: it cannot go with offline or dry_run");
	if (status == BS_OK && live->routes_count == 0)
		status = bs_fail(err, BS_USAGE,
			"there is no route to ask: configure `route`, or set a provider's key");
	if (status == BS_OK)
		status = ask_all(options, progress, ctx, live, err);
	if (status == BS_OK)
		*ret_live = live;
	return status;
}

// --- printing

static const struct bs_drill_attempt *last_attempt(const struct bs_drill_run *run)
{
	return run->attempts_count ? &run->attempts[run->attempts_count - 1] : NULL;
}

// "first word after 640 ms, all of it in 1.20 s", or why there is none.
static void add_words(const struct bs_drill_run *run, struct bs_buf *out)
{
	const struct bs_drill_attempt *last = last_attempt(run);
	if (!last) {
		bs_buf_add_c(out,
			"was not asked: no key of it is set, or no time was left by the deadline");
		return;
	}
	if (run->ending != BS_DRILL_MODEL) {
		bs_buf_addf(out, "%s", bs_outcome_id(last->outcome));
		if (last->reason[0]) {
			bs_buf_add_c(out, ": ");
			bs_clean_inline(bs_str_c(last->reason), out);
		}
		return;
	}
	if (last->first_token_ms >= 0) {
		bs_buf_add_c(out, "first word after ");
		bs_drill_add_time(last->first_token_ms - last->started_ms, out);
		bs_buf_add_c(out, ", ");
	}
	bs_buf_add_c(out, "all of it in ");
	bs_drill_add_time(last->elapsed_ms, out);
	if (run->attempts_count > 1)
		bs_buf_addf(out, ", %zu sends", run->attempts_count);
}

static const char *color_of(enum bs_live_verdict verdict)
{
	switch (verdict) {
	case BS_LIVE_KEEPS:
	case BS_LIVE_LEARNT:
		return "\033[32m";
	case BS_LIVE_MENDED:
		return "\033[33m";
	case BS_LIVE_BREAKS:
	case BS_LIVE_FAILED:
		return "\033[1;31m";
	}
	return "";
}

void bs_live_print_text(const struct bs_live *live, bool color, struct bs_buf *out)
{
	size_t width = 0;
	for (size_t i = 0; i < live->asked_count; i++)
		if (strlen(live->routes[i].name) > width)
			width = strlen(live->routes[i].name);
	for (size_t i = 0; i < live->asked_count; i++) {
		enum bs_live_verdict verdict = bs_live_verdict_of(&live->runs[i]);
		size_t from = out->len;
		bs_clean_inline(bs_str_c(live->routes[i].name), out);
		int pad = (int)(width - (out->len - from));
		bs_buf_addf(out, "%*s  %s%s%s  ", pad > 0 ? pad : 0, "",
			color ? color_of(verdict) : "", bs_live_verdict_words(verdict),
			color ? "\033[0m" : "");
		add_words(&live->runs[i], out);
		bs_buf_add_char(out, '\n');
	}
}

void bs_live_print_markdown(const struct bs_live *live, struct bs_buf *out)
{
	struct bs_buf words;
	bs_buf_init(&words, 4096);
	bs_buf_add_c(out, "| route | as a lifeboat | |\n|---|---|---|\n");
	for (size_t i = 0; i < live->asked_count; i++) {
		bs_buf_add_c(out, "| ");
		bs_drill_add_markdown(bs_str_c(live->routes[i].name), out);
		bs_buf_addf(
			out, " | %s | ", bs_live_verdict_words(bs_live_verdict_of(&live->runs[i])));
		bs_buf_clear(&words);
		add_words(&live->runs[i], &words);
		bs_drill_add_markdown(bs_buf_str(&words), out);
		bs_buf_add_c(out, " |\n");
	}
	bs_buf_release(&words);
}

void bs_live_print_json(const struct bs_live *live, struct bs_buf *out)
{
	struct bs_json_writer w;
	bs_json_writer_init(&w, out);
	w.ascii = true;
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "version");
	bs_json_put_i64(&w, 1);
	bs_json_put_key(&w, "routes");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < live->asked_count; i++) {
		bs_json_open(&w, '{');
		bs_json_put_key(&w, "route");
		bs_json_put_c(&w, live->routes[i].name);
		bs_json_put_key(&w, "verdict");
		bs_json_put_c(&w, bs_live_verdict_words(bs_live_verdict_of(&live->runs[i])));
		bs_json_put_key(&w, "run");
		bs_drill_put_run(&w, &live->runs[i]);
		bs_json_close(&w, '}');
	}
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
	bs_buf_add_char(out, '\n');
}
