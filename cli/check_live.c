// SPDX-License-Identifier: MIT
// `buildsum check --live`: asks each route once, alone, and says in words what came.
#include <inttypes.h>

#include "cli/check.h"
#include "cli/show.h"
#include "core/drill/tally.h"
#include "core/report/words.h"

// --- asking

static void show_route(void *ctx, const char *route)
{
	const struct bs_progress *progress = ctx;
	if (progress->attempt)
		progress->attempt(progress->ctx, 1, route, NULL);
}

enum bs_status bs_check_ask_live(struct bs_check *check, struct bs_err *err)
{
	struct bs_cli *cli = check->cli;
	struct bs_config config = cli->config;
	const char *names[BS_ROUTES_MAX];
	size_t places[BS_ROUTES_MAX] = {0}, count = 0;
	for (size_t i = 0; i < check->survey.routes_count; i++) {
		if (!check->survey.routes[i].usable)
			continue;
		places[count] = i;
		names[count++] = check->survey.routes[i].name;
	}
	if (count == 0)
		return BS_OK; // the warnings and problems say why
	config.route = (struct bs_strings){names, count};
	config.brief = true;
	const struct bs_drill_options options = {
		.config = &config,
		.environ = cli->environ,
		.log = bs_drill_tiny_log,
		.cancelled = cli->cancelled,
	};
	struct bs_watch watch;
	struct bs_progress progress = bs_show_progress(cli, &watch);
	struct bs_live *live = NULL;
	enum bs_status status = bs_live_ask(
		&options, show_route, &progress, cli->arena, &live, err);
	bs_show_progress_end(&watch);
	if (status != BS_OK)
		return status;
	for (size_t i = 0; i < live->asked_count; i++) {
		check->runs[places[i]] = &live->runs[i];
		check->asked_count++;
		check->answered_count += bs_live_verdict_of(&live->runs[i]) < BS_LIVE_BREAKS;
	}
	return BS_OK;
}

// --- in words

// What it means that an attempt ended so, and what to do about it; NULL: that depends.
static const struct {
	const char *what, *advice;
} troubles[BS_OUTCOME_COUNT] = {
	[BS_OUTCOME_STALE_CONNECTION] = {"the connection was dead", NULL},
	[BS_OUTCOME_UNREACHABLE] = {"it cannot be reached",
		"look at base_url, the proxy and the certificates"},
	[BS_OUTCOME_SERVER_ERROR] = {"it fails by itself", "try again later"},
	[BS_OUTCOME_OVERLOADED] = {"it is overloaded", "try again later"},
	[BS_OUTCOME_TIMEOUT] = {"it is too slow",
		"raise the provider's first_token, idle or attempt, if that is its usual pace"},
	[BS_OUTCOME_RATE_LIMITED] = {"the rate limit of the key is reached",
		"try again later, or add a key"},
	[BS_OUTCOME_QUOTA] = {"the key has no credit left", "top it up, or name another key"},
	[BS_OUTCOME_CREDENTIAL] = {"it does not accept the key",
		"put a valid key into that variable"},
	[BS_OUTCOME_MODEL_GONE] = {"it does not know the model", "name another one in the route"},
	[BS_OUTCOME_BAD_GATEWAY_PAGE] = {"something else than the API answered",
		"look at base_url and the proxy"},
	[BS_OUTCOME_CONTEXT_TOO_LONG] = {"even a small request is too long for it",
		"give the model a larger window, or name another one"},
	[BS_OUTCOME_CAPABILITY] = {"it takes the request in no schema mode", "name another model"},
	[BS_OUTCOME_REJECTED] = {"it rejects the request", NULL},
	[BS_OUTCOME_REFUSED] = {"the model declines to answer", "name another model"},
	[BS_OUTCOME_TRUNCATED] = {"its answer is cut off for its length", "name another model"},
	[BS_OUTCOME_EMPTY] = {"its answer is empty", "name another model"},
	[BS_OUTCOME_ERROR_IN_BODY] = {"it sent an error in place of an answer", NULL},
	[BS_OUTCOME_CUT] = {"its answer broke off", "try again"},
	[BS_OUTCOME_INVALID_JSON] = {"its answer is no JSON", "name another model"},
	[BS_OUTCOME_INVALID_SUMMARY] = {"its answer is no valid summary", "name another model"},
	[BS_OUTCOME_HEDGE_LOST] = {"another one was faster", NULL},
	[BS_OUTCOME_CANCELLED] = {"it was interrupted", NULL},
	[BS_OUTCOME_OUT_OF_TIME] = {"the deadline was over", "raise deadline"},
};

// Was it the schema mode, or a parameter? The next attempt was made without either. NULL: the last.
static void put_refusal(const struct bs_drill_attempt *attempt, const struct bs_drill_attempt *next,
	struct bs_buf *out)
{
	if (!next)
		bs_buf_add_c(out, troubles[BS_OUTCOME_CAPABILITY].what);
	else if (next->mode != attempt->mode)
		bs_buf_addf(out, "it refused schema mode %s", bs_schema_mode_id(attempt->mode));
	else
		bs_buf_add_c(out, "it refused a parameter, which was left out then");
}

// next: the attempt after it; NULL: it was the last.
static void put_trouble(const struct bs_drill_attempt *attempt, const struct bs_drill_attempt *next,
	struct bs_buf *out)
{
	bool names_key = attempt->outcome == BS_OUTCOME_CREDENTIAL ||
			 attempt->outcome == BS_OUTCOME_QUOTA ||
			 attempt->outcome == BS_OUTCOME_RATE_LIMITED;
	const char *what = troubles[attempt->outcome].what;
	if (attempt->outcome == BS_OUTCOME_CAPABILITY)
		put_refusal(attempt, next, out);
	else
		bs_buf_add_c(out, what ? what : bs_outcome_id(attempt->outcome));
	if (names_key)
		bs_buf_addf(out, ", %s", attempt->key[0] ? attempt->key : "none was sent");
	if (attempt->reason[0])
		bs_buf_addf(out, " (%s)", attempt->reason);
}

// Did it keep the mode that it was asked in first, once a parameter was left out?
static bool keeps_first_mode(const struct bs_drill_run *run)
{
	return run->attempts[0].mode == run->attempts[run->attempts_count - 1].mode;
}

static struct bs_drill_attempt sum_of(const struct bs_drill_run *run)
{
	struct bs_drill_attempt sum = run->attempts[run->attempts_count - 1];
	for (size_t i = 0; i + 1 < run->attempts_count; i++) {
		sum.input_tokens += run->attempts[i].input_tokens;
		sum.output_tokens += run->attempts[i].output_tokens;
		sum.cost.known |= run->attempts[i].cost.known;
		sum.cost.pico_usd += run->attempts[i].cost.pico_usd;
	}
	return sum;
}

static void put_price(const struct bs_drill_run *run, struct bs_buf *out)
{
	struct bs_drill_attempt sum = sum_of(run);
	if (sum.input_tokens + sum.output_tokens)
		bs_buf_addf(out, ", %" PRIu64 " tokens in and %" PRIu64 " out", sum.input_tokens,
			sum.output_tokens);
	if (sum.cost.pico_usd) // to a millionth of a dollar
		bs_buf_addf(out, ", $%" PRIu64 ".%06" PRIu64, sum.cost.pico_usd / 1000000000000,
			sum.cost.pico_usd / 1000000 % 1000000);
}

static void put_answer(
	const struct bs_drill_run *run, const struct bs_drill_attempt *last, struct bs_buf *out)
{
	static const char *const verdicts[] = {
		[BS_LIVE_KEEPS] = "works: schema mode %s kept as it came",
		[BS_LIVE_LEARNT] = "works, in schema mode %s only",
		[BS_LIVE_MENDED] = "works in schema mode %s, but the answer had to be mended",
		[BS_LIVE_FAILED] = "%s",
	};
	enum bs_live_verdict verdict = bs_live_verdict_of(run);
	if (verdict == BS_LIVE_LEARNT && keeps_first_mode(run))
		verdict = BS_LIVE_KEEPS;
	const char *format = verdicts[verdict];
	size_t before = strcspn(format, "%");
	bs_buf_add(out, bs_str(format, before));
	bs_buf_add_c(out, bs_schema_mode_id(last->mode));
	bs_buf_add_c(out, format + before + 2);
	if (run->repaired || run->reasked)
		bs_buf_add_c(out, run->reasked ? " by asking again" : " without asking again");
	bs_buf_add_c(out, "; ");
	if (last->first_token_ms >= 0) {
		bs_buf_add_c(out, "first token after ");
		bs_words_duration(last->first_token_ms - last->started_ms, out);
		bs_buf_add_c(out, ", ");
	}
	bs_buf_add_c(out, "all of it after ");
	bs_words_duration(last->elapsed_ms, out);
}

void bs_check_put_live(const struct bs_drill_run *run, struct bs_buf *out)
{
	if (run->attempts_count == 0) {
		bs_buf_add_c(out, "could not be asked");
		return;
	}
	const struct bs_drill_attempt *last = &run->attempts[run->attempts_count - 1];
	bool works = run->ending == BS_DRILL_MODEL;
	if (works) {
		put_answer(run, last, out);
	} else {
		bs_buf_add_c(out, "does not answer: ");
		put_trouble(last, NULL, out);
		if (troubles[last->outcome].advice)
			bs_buf_addf(out, ": %s", troubles[last->outcome].advice);
	}
	put_price(run, out);
	for (size_t i = 0; works && i + 1 < run->attempts_count; i++) {
		bs_buf_add_c(out, i ? "; before that " : "; at first ");
		put_trouble(&run->attempts[i], &run->attempts[i + 1], out);
	}
}

// --- as JSON

static void put_number(struct bs_json_writer *w, const char *key, uint64_t number)
{
	bs_json_put_key(w, key);
	bs_json_put_i64(w, (int64_t)number);
}

static void put_text(struct bs_json_writer *w, const char *key, const char *text)
{
	bs_json_put_key(w, key);
	bs_json_put_c(w, text);
}

static void put_sums(const struct bs_drill_run *run, struct bs_json_writer *w)
{
	struct bs_drill_attempt sum = sum_of(run);
	put_text(w, "outcome", bs_outcome_id(sum.outcome));
	put_text(w, "schema_mode", bs_schema_mode_id(sum.mode));
	put_number(w, "input_tokens", sum.input_tokens);
	put_number(w, "output_tokens", sum.output_tokens);
	bs_json_put_key(w, "cost_usd");
	if (sum.cost.known)
		bs_json_put_double(w, (double)sum.cost.pico_usd / 1e12);
	else
		bs_json_put_null(w);
}

void bs_check_put_live_json(const struct bs_drill_run *run, struct bs_json_writer *w)
{
	struct bs_buf words;
	if (!run) {
		bs_json_put_null(w);
		return;
	}
	bs_buf_init(&words, BS_LINE_BYTES_MAX);
	bs_check_put_live(run, &words);
	bs_json_open(w, '{');
	bs_json_put_key(w, "works");
	bs_json_put_bool(w, run->ending == BS_DRILL_MODEL);
	bs_json_put_key(w, "words");
	bs_json_put_str(w, bs_buf_str(&words));
	put_text(w, "verdict", bs_live_verdict_words(bs_live_verdict_of(run)));
	if (run->attempts_count)
		put_sums(run, w);
	bs_json_put_key(w, "run");
	bs_drill_put_run(w, run);
	bs_json_close(w, '}');
	bs_buf_release(&words);
}
