// SPDX-License-Identifier: MIT
// Turns a run into series, keeps the host's sums, and hands them on.
#include "core/observe/metrics.h"

#include <stdio.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/config/state_dir.h"
#include "core/ext/file.h"
#include "core/ext/http.h"

#define NAME "metrics"
#define LOCK_NAME "metrics.lock"
#define NEW_NAME "metrics.new"
#define LOCK_MS_MAX 500 // the summary is out: a count is worth a short wait
#define ARENA_BYTES_MAX (8 * 1024 * 1024)

// --- this run

// "openai/gpt-6-luna" → provider and model; the model keeps its own slashes.
struct route_labels {
	char provider[64];
	struct bs_label labels[3]; // the third is free
};

static void label_route(const char *route, struct route_labels *out)
{
	struct bs_str model = bs_str_c(route), provider = {"", 0};
	(void)bs_str_split(&model, '/', &provider);
	(void)snprintf(out->provider, sizeof(out->provider), "%.*s", BS_FMT(provider));
	out->labels[0] = (struct bs_label){"provider", out->provider};
	out->labels[1] = (struct bs_label){"model", model.ptr ? model.ptr : ""};
}

static void count_attempt(const struct bs_attempt_record *record, struct bs_series *series)
{
	struct route_labels of = {0};
	label_route(record->route, &of);
	of.labels[2] = (struct bs_label){"outcome", bs_outcome_id(record->outcome)};
	bs_series_add(series, "buildsum_attempts_total", of.labels, 3, 1);
	if (record->hedge)
		bs_series_add(series, "buildsum_hedges_total", of.labels, 2, 1);
	bs_series_add(series, "buildsum_attempt_duration_seconds", of.labels, 2,
		(double)record->elapsed_ms / 1000);
	if (record->first_token_ms >= record->started_ms)
		bs_series_add(series, "buildsum_first_token_seconds", of.labels, 2,
			(double)(record->first_token_ms - record->started_ms) / 1000);
	if (record->cost.known)
		bs_series_add(series, "buildsum_cost_usd_total", of.labels, 2,
			(double)record->cost.pico_usd / 1e12);
	const struct {
		const char *type;
		uint64_t count;
	} tokens[] = {{"input", record->input_tokens}, {"cached_input", record->cached_tokens},
		{"output", record->output_tokens}};
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		of.labels[2] = (struct bs_label){"type", tokens[i].type};
		if (tokens[i].count)
			bs_series_add(series, "buildsum_tokens_total", of.labels, 3,
				(double)tokens[i].count);
	}
}

static void count_fallback(const struct bs_run_facts *facts, struct bs_series *series)
{
	struct route_labels from = {0}, to = {0};
	if (!facts->trail || facts->trail->count == 0)
		return;
	label_route(facts->trail->attempts[0].route, &from);
	label_route(facts->by_llm ? facts->route : "local/", &to);
	const struct bs_label labels[] = {{"from", from.provider}, {"to", to.provider}};
	bool same = facts->by_llm && strcmp(facts->trail->attempts[0].route, facts->route) == 0;
	if (!same)
		bs_series_add(series, "buildsum_fallbacks_total", labels, 2, 1);
}

void bs_metrics_of(const struct bs_run_facts *facts, struct bs_series *series)
{
	const struct bs_label version = {"version", BS_VERSION};
	const int64_t seconds = facts->wall_ms / 1000;
	const struct bs_label from = {"from", facts->reused_from};
	const struct bs_label outcome = {"outcome", facts->reused_from ? "reused"
						    : facts->by_llm    ? "llm"
								       : "local"};
	const struct bs_label read = {"state", "read"}, kept = {"state", "kept"};
	bs_series_add(series, "buildsum_build_info", &version, 1, 1);
	bs_series_add(series, "buildsum_runs_total", &outcome, 1, 1);
	if (facts->reused_from)
		bs_series_add(series, "buildsum_reuses_total", &from, 1, 1);
	bs_series_add(series, "buildsum_last_run_timestamp_seconds", NULL, 0, (double)seconds);
	bs_series_add(series, "buildsum_run_duration_seconds", &outcome, 1,
		(double)facts->elapsed_ms / 1000);
	for (size_t i = 0; facts->trail && i < facts->trail->count; i++)
		count_attempt(&facts->trail->attempts[i], series);
	count_fallback(facts, series);
	bs_series_add(series, "buildsum_log_bytes_total", &read, 1, (double)facts->log_bytes);
	bs_series_add(series, "buildsum_log_bytes_total", &kept, 1, (double)facts->excerpt_bytes);
	bs_series_add(series, "buildsum_redactions_total", NULL, 0, (double)facts->redactions);
}

// --- the host's sums

struct teller {
	const struct bs_config *config;
	struct bs_arena arena;
	struct bs_series *run, *host;
	struct bs_buf text; // of the host's
	struct bs_diag *diag;
	int64_t until_ms;
};

static enum bs_status add_up(struct teller *teller, int folder, struct bs_err *err)
{
	struct bs_buf before;
	bs_buf_init(&before, BS_SERIES_TEXT_BYTES_MAX);
	enum bs_status status = bs_file_load_own(folder, NAME, &before, err);
	if (status == BS_OK && bs_series_parse(teller->host, bs_buf_str(&before), err) != BS_OK) {
		bs_diag_warn(teller->diag,
			"metrics: what was counted is damaged and begins anew: %s", err->msg);
		*teller->host = (struct bs_series){.count = 0};
	}
	bs_buf_release(&before);
	return status;
}

static enum bs_status write_textfile(struct teller *teller, struct bs_err *err)
{
	const char *path = teller->config->metrics_textfile;
	return path ? bs_file_replace(path, bs_buf_str(&teller->text), 0644, err) : BS_OK;
}

// Adds this run under a lock, which also keeps an older sum from replacing a newer one's file.
static enum bs_status keep_sums(struct teller *teller, const char *const *env, struct bs_err *err)
{
	const char *path;
	int folder = -1, lock = -1;
	enum bs_status status = bs_state_dir_open(
		teller->config, env, &teller->arena, &folder, &path, err);
	bool kept = status == BS_OK;
	if (kept)
		status = bs_file_lock(folder, LOCK_NAME, LOCK_MS_MAX, &lock, err);
	if (kept && status == BS_OK)
		status = add_up(teller, folder, err);
	if (status == BS_EMPTY) // nothing is remembered: this run is all there is
		status = BS_OK;
	if (status == BS_OK) {
		bs_series_merge(teller->host, teller->run);
		bs_series_print(teller->host, &teller->text);
		status = bs_buf_status(&teller->text, "metrics", err);
	}
	if (kept && status == BS_OK)
		status = bs_file_swap_own(folder, NAME, NEW_NAME, bs_buf_str(&teller->text), err);
	if (status == BS_OK)
		status = write_textfile(teller, err);
	bs_file_close(lock);
	bs_file_close(folder);
	return status;
}

// --- sending

static enum bs_status post(struct teller *teller, struct bs_http *client, const char *url,
	const char *type, struct bs_str body, struct bs_err *err)
{
	const struct bs_http_header header = {"Content-Type", bs_str_c(type)};
	struct bs_http_exchange *exchange = NULL;
	int64_t left_ms = teller->until_ms - bs_clock_ms();
	if (left_ms > BS_METRICS_SEND_MS_MAX)
		left_ms = BS_METRICS_SEND_MS_MAX;
	if (left_ms <= 0)
		return bs_fail(err, BS_TIMEOUT, "no time is left to send them");
	const struct bs_http_request request = {
		.method = "POST",
		.url = url,
		.headers = &header,
		.headers_count = 1,
		.body = body,
		.allow_plain = true,
		.connect_ms = left_ms,
		.headers_ms = left_ms,
		.idle_ms = left_ms,
		.total_ms = left_ms,
		.reply_bytes_max = 64 * 1024,
	};
	enum bs_status status = bs_http_start(client, &request, &exchange, err);
	while (status == BS_OK && !bs_http_reply(exchange)->done)
		status = bs_http_poll(client, 50, err);
	const struct bs_http_reply *reply = status == BS_OK ? bs_http_reply(exchange) : NULL;
	if (reply && reply->verdict != BS_HTTP_OK)
		status = bs_fail(err, BS_NETWORK, "%s", reply->message);
	else if (reply && (reply->status < 200 || reply->status > 299))
		status = bs_fail(err, BS_NETWORK, "HTTP %d", reply->status);
	bs_http_end(exchange);
	return status;
}

// One group for each host: a job's own would be left behind at the gateway for ever.
static const char *group_url(struct teller *teller)
{
	char host[128] = "unknown";
	if (gethostname(host, sizeof(host)) != 0)
		(void)snprintf(host, sizeof(host), "unknown");
	host[sizeof(host) - 1] = '\0';
	for (char *c = host; *c; c++)
		if (!bs_is_alnum(*c) && *c != '.' && *c != '-')
			*c = '_';
	struct bs_str base = bs_str_c(teller->config->metrics_pushgateway);
	while (bs_str_ends(base, BS_LIT("/")))
		base.len--;
	return bs_arena_printf(
		&teller->arena, "%.*s/metrics/job/buildsum/instance/%s", BS_FMT(base), host);
}

static const char *otlp_url(struct teller *teller)
{
	struct bs_str base = bs_str_c(teller->config->metrics_otlp);
	while (bs_str_ends(base, BS_LIT("/")))
		base.len--;
	bool whole = bs_str_ends(base, BS_LIT("/v1/metrics"));
	return bs_arena_printf(&teller->arena, "%.*s%s", BS_FMT(base), whole ? "" : "/v1/metrics");
}

static void warn_if(
	struct teller *teller, enum bs_status status, const char *setting, const struct bs_err *err)
{
	if (status != BS_OK)
		bs_diag_warn(teller->diag, "%s: %s", setting, err->msg);
}

static void send_all(struct teller *teller, const struct bs_run_facts *facts)
{
	struct bs_err err = {0};
	struct bs_http *client = NULL;
	struct bs_buf body;
	const struct bs_config *config = teller->config;
	enum bs_status status = bs_http_new(&client, &err);
	warn_if(teller, status, "metrics", &err);
	bs_buf_init(&body, BS_SERIES_TEXT_BYTES_MAX * 2);
	const char *url = config->metrics_pushgateway ? group_url(teller) : NULL;
	if (status == BS_OK && url)
		warn_if(teller,
			post(teller, client, url, "text/plain; version=0.0.4",
				bs_buf_str(&teller->text), &err),
			"metrics.pushgateway", &err);
	url = config->metrics_otlp ? otlp_url(teller) : NULL;
	if (status == BS_OK && url) {
		bs_metrics_otlp(
			teller->run, facts->wall_ms - facts->elapsed_ms, facts->wall_ms, &body);
		enum bs_status sent = bs_buf_status(&body, "metrics", &err);
		if (sent == BS_OK)
			sent = post(
				teller, client, url, "application/json", bs_buf_str(&body), &err);
		warn_if(teller, sent, "metrics.otlp", &err);
	}
	bs_buf_release(&body);
	bs_http_free(client);
}

void bs_metrics_tell(const struct bs_config *config, const char *const *env,
	const struct bs_run_facts *facts, int64_t until_ms, struct bs_diag *diag)
{
	struct teller teller = {.config = config, .diag = diag, .until_ms = until_ms};
	struct bs_err err = {0};
	if (!config->metrics_textfile && !config->metrics_pushgateway && !config->metrics_otlp)
		return;
	bs_arena_init(&teller.arena, ARENA_BYTES_MAX);
	bs_buf_init(&teller.text, BS_SERIES_TEXT_BYTES_MAX);
	teller.run = bs_series_new(&teller.arena);
	teller.host = bs_series_new(&teller.arena);
	if (teller.run && teller.host) {
		bs_metrics_of(facts, teller.run);
		enum bs_status status = keep_sums(&teller, env, &err);
		warn_if(&teller, status, "metrics", &err);
		if (config->metrics_otlp || (config->metrics_pushgateway && status == BS_OK))
			send_all(&teller, facts);
	} else {
		bs_diag_warn(diag, "metrics: out of memory");
	}
	bs_buf_release(&teller.text);
	bs_arena_release(&teller.arena);
}
