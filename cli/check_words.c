// SPDX-License-Identifier: MIT
// `buildsum check`: what is remembered of routes, keys and the host, said in words.
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "cli/check.h"
#include "core/config/duration.h"

// "until 14:02:11 UTC (17 s more)"; with the day when it is not within twelve hours.
static void put_until(int64_t until_ms, int64_t wall_ms, struct bs_buf *out)
{
	const int64_t half_day_ms = 12 * 60 * 60 * 1000;
	int64_t left_s = (until_ms - wall_ms + 999) / 1000;
	time_t when = (time_t)(until_ms / 1000);
	struct tm utc;
	char text[64] = "?";
	if (gmtime_r(&when, &utc))
		(void)strftime(text, sizeof(text),
			until_ms - wall_ms < half_day_ms ? "%H:%M:%S UTC" : "%Y-%m-%d %H:%M UTC",
			&utc);
	bs_buf_addf(out, "until %s (", text);
	if (left_s < 120)
		bs_buf_addf(out, "%" PRId64 " s more)", left_s);
	else if (left_s < 120 * 60)
		bs_buf_addf(out, "%" PRId64 " min more)", (left_s + 59) / 60);
	else
		bs_buf_addf(out, "%" PRId64 " h more)", (left_s + 3599) / 3600);
}

static void put_failure(int64_t failed_as, struct bs_buf *out)
{
	if (failed_as > 0 && failed_as < BS_OUTCOME_COUNT)
		bs_buf_addf(out, ": the last failure was %s",
			bs_outcome_id((enum bs_outcome)failed_as));
}

static void put_closed(const struct bs_survey_route *route, int64_t wall_ms, struct bs_buf *out)
{
	const struct bs_breaker *breaker = &route->health.breaker;
	unsigned halves = 0;
	for (size_t i = 0; i < BS_BREAKER_STREAK_HALVES; i++)
		halves += breaker->failed_ms[i] &&
			  wall_ms - breaker->failed_ms[i] <= BS_BREAKER_STREAK_MS;
	bs_buf_add_c(out, route->health.id ? "closed" : "closed: nothing is remembered of it");
	if (halves == 0)
		return;
	bs_buf_add_c(out, ", one more failure may open it");
	put_failure(route->health.failed_as, out);
}

void bs_check_put_breaker(const struct bs_survey_route *route, int64_t wall_ms, struct bs_buf *out)
{
	const struct bs_health_route *health = &route->health;
	const struct bs_breaker *breaker = &health->breaker;
	switch (bs_breaker_state(breaker, wall_ms)) {
	case BS_BREAKER_CLOSED:
		put_closed(route, wall_ms, out);
		break;
	case BS_BREAKER_OPEN:
		bs_buf_add_c(out, "open ");
		put_until(breaker->open_until_ms, wall_ms, out);
		put_failure(health->failed_as, out);
		break;
	case BS_BREAKER_HALF_OPEN:
		bs_buf_add_c(out, "half-open, ");
		if (bs_breaker_is_leased(breaker, 0, wall_ms)) {
			bs_buf_add_c(out, "another run tries it, ");
			put_until(breaker->lease_until_ms, wall_ms, out);
		} else {
			bs_buf_add_c(out, "the next run tries it");
		}
		put_failure(health->failed_as, out);
		break;
	}
	if (health->gone_until_ms <= wall_ms)
		return;
	bs_buf_add_c(out, "; left out ");
	put_until(health->gone_until_ms, wall_ms, out);
	bs_buf_add_c(out, health->failed_as == BS_OUTCOME_CAPABILITY
				  ? ": the host refused the request in every schema mode"
				  : ": the provider does not know the model");
}

void bs_check_put_sent(const struct bs_route *route, struct bs_buf *out)
{
	unsigned params = bs_route_params(route) & ~(unsigned)BS_PARAM_SPELLING, param;
	const char *between = "", *name;
	for (size_t i = 0; (name = bs_param_at(i, &param)); i++) {
		if (!(params & param))
			continue;
		bs_buf_addf(out, "%s%s", between, name);
		between = ", ";
	}
	for (size_t i = 0; i < route->body.count; i++) {
		struct bs_str rest = bs_str_c(route->body.items[i]), own;
		(void)bs_str_split(&rest, ':', &own);
		bs_buf_addf(out, "%s%.*s",
			i          ? ", "
			: out->len ? "; yours: "
				   : "yours: ",
			BS_FMT(own));
	}
	if (!out->len)
		bs_buf_add_c(out, "nothing that a host could refuse but the schema");
}

void bs_check_put_learnt(const struct bs_survey_route *route, int64_t wall_ms, struct bs_buf *out)
{
	const struct bs_health_route *health = &route->health;
	if (health->refused_until_ms > wall_ms && health->refused_modes) {
		bs_buf_add_c(out, "schema mode ");
		const char *between = "";
		for (unsigned mode = 0; mode < BS_SCHEMA_MODE_COUNT; mode++) {
			if (!(health->refused_modes & (1 << mode)))
				continue;
			bs_buf_addf(
				out, "%s%s", between, bs_schema_mode_id((enum bs_schema_mode)mode));
			between = ", ";
		}
		bs_buf_add_c(out, " is not used ");
		put_until(health->refused_until_ms, wall_ms, out);
		bs_buf_add_c(out, ": the host refused it");
	}
	if (health->dropped_until_ms <= wall_ms)
		return;
	const char *between = out->len ? "; " : "", *name;
	unsigned param;
	for (size_t i = 0; (name = bs_param_at(i, &param)); i++) {
		if (!(health->dropped & param))
			continue;
		bs_buf_addf(out, "%s%s", between, name);
		between = ", ";
	}
	if (health->dropped) {
		bs_buf_add_c(out, " left out ");
		put_until(health->dropped_until_ms, wall_ms, out);
		bs_buf_add_c(out, ": the host refused it");
	}
	if (!health->output_tokens_max)
		return;
	bs_buf_addf(out, "%s%" PRId64 " output tokens at the most ", out->len ? "; " : "",
		health->output_tokens_max);
	put_until(health->dropped_until_ms, wall_ms, out);
	bs_buf_add_c(out, ": the host allows no more");
}

void bs_check_put_latency(const struct bs_survey_route *route, struct bs_buf *out)
{
	int64_t p95_ms = bs_health_p95_ms(&route->health);
	size_t seen = 0;
	while (seen < BS_HEALTH_SAMPLES && route->health.first_token_ms[seen])
		seen++;
	if (p95_ms)
		bs_buf_addf(out, "95 of 100 first tokens came within %" PRId64 " ms (the last %zu)",
			p95_ms, seen);
	else
		bs_buf_addf(out, "too few first tokens were seen to tell (%zu of %d)", seen,
			BS_HEALTH_SAMPLES_MIN);
}

void bs_check_put_key(const struct bs_health_key *key, int64_t wall_ms, struct bs_buf *out)
{
	if (key->dead_until_ms > wall_ms) {
		bs_buf_add_c(out, "left out ");
		put_until(key->dead_until_ms, wall_ms, out);
		if (key->dead_as == BS_OUTCOME_QUOTA)
			bs_buf_add_c(out, ": the provider says that its credit is used up");
		else if (key->dead_as == BS_OUTCOME_CREDENTIAL)
			bs_buf_add_c(out, ": the provider does not accept it");
		return;
	}
	if (key->cold_until_ms <= wall_ms) {
		bs_buf_add_c(out, "ready");
		return;
	}
	bs_buf_add_c(out, "cooling ");
	put_until(key->cold_until_ms, wall_ms, out);
	bs_buf_add_c(out, ": the provider's rate limit was reached");
}

void bs_check_put_budget(const struct bs_survey *survey, struct bs_buf *out)
{
	const int64_t most = BS_HEALTH_RETRY_TENTHS_MAX - BS_HEALTH_RETRY_TENTHS_KEPT;
	int64_t retries = survey->retry_tenths - BS_HEALTH_RETRY_TENTHS_KEPT;
	if (retries > 0)
		bs_buf_addf(
			out, "%" PRId64 " of %" PRId64 " retries", (retries + 9) / 10, most / 10);
	else
		bs_buf_add_c(out, "no retry (each success gives a tenth of one back)");
	bs_buf_addf(out, " and %" PRId64 " of %d hedges are in hand", survey->hedge_tenths / 10,
		BS_HEALTH_HEDGE_TENTHS_MAX / 10);
}

// --- costs

// As many decimals as it has, two at least; to a millionth, upwards: it is a bound.
void bs_check_put_usd(uint64_t pico_usd, struct bs_buf *out)
{
	uint64_t micro = (pico_usd + 999999) / 1000000;
	char decimals[16];
	(void)snprintf(decimals, sizeof(decimals), "%06" PRIu64, micro % 1000000);
	for (size_t last = 5; last > 1 && decimals[last] == '0'; last--)
		decimals[last] = '\0';
	bs_buf_addf(out, "$%" PRIu64 ".%s", micro / 1000000, decimals);
}

static void put_million(uint32_t micro_usd, struct bs_buf *out)
{
	bs_check_put_usd(micro_usd * UINT64_C(1000000), out);
}

void bs_check_put_price(const struct bs_route *route, struct bs_buf *out)
{
	const struct bs_price *price = &route->price;
	if (!route->priced) {
		bs_buf_addf(out,
			"not known: cost_usd is null; set providers.%s.price_input and "
			"price_output",
			route->provider);
		return;
	}
	if (price->input == 0 && price->output == 0) {
		bs_buf_add_c(out, "free");
		return;
	}
	put_million(price->input, out);
	bs_buf_add_c(out, " for a million tokens in, ");
	put_million(price->cached ? price->cached : price->input, out);
	bs_buf_add_c(out, " of them cached, ");
	put_million(price->output, out);
	bs_buf_add_c(out, " out");
	if (price->long_tokens) {
		bs_buf_add_c(out, "; ");
		put_million(price->long_input, out);
		bs_buf_add_c(out, " and ");
		put_million(price->long_output, out);
		bs_buf_addf(out, " beyond %" PRIu32 " tokens in", price->long_tokens);
	}
	bs_buf_add_c(
		out, route->own_price ? " (your price)" : " (list price of " BS_PRICES_DATE ")");
}

uint64_t bs_check_run_most(const struct bs_check *check, const struct bs_survey_route *route)
{
	uint64_t most = bs_cost_run_most(&route->most);
	uint64_t ceiling = (uint64_t)check->cli->config.cost_usd_max * 1000000;
	return ceiling && ceiling < most ? ceiling : most;
}

void bs_check_put_costs(
	const struct bs_check *check, const struct bs_survey_route *route, struct bs_buf *out)
{
	const struct bs_config *config = &check->cli->config;
	uint64_t request = bs_cost_request_most(&route->most);
	if (!route->route.priced) {
		bs_buf_add_c(out, config->cost_usd_max
					  ? "not known: under cost_usd_max it is left out"
					  : "not known");
		return;
	}
	if (request == 0) {
		bs_buf_add_c(out, "nothing");
		return;
	}
	bs_buf_add_c(out, "at most ");
	bs_check_put_usd(request, out);
	bs_buf_addf(out, " a request (%" PRId64 " bytes of log, a token each, and %d tokens out), ",
		config->excerpt_bytes, BS_OUTPUT_TOKENS);
	bs_check_put_usd(bs_check_run_most(check, route), out);
	bs_buf_add_c(out, " a run");
}

void bs_check_put_window(const struct bs_route *route, struct bs_buf *out)
{
	if (route->window_bytes)
		bs_buf_addf(out, "%" PRIu64 " tokens of log, about %" PRIu64 " KB",
			route->window_tokens, route->window_bytes / 1000);
	else
		bs_buf_addf(out,
			"not known: the whole excerpt is taken to fit, and is sent smaller when "
			"it does not; set providers.%s.window",
			route->provider);
}
