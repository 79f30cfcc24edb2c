// SPDX-License-Identifier: MIT
// core/llm/router: every row of the decision table beside every other one, against a second reading
// of the table.
//
// The model below was written from the table's words, not from the router: what an outcome does to
// its route and its key, then who is asked next, when, and how. Where chance decides (backoff, the
// rest of a key without a hint) it knows the bounds, and takes whatever lies within.
#include "tests/unit/unit.h"

#include "core/config/config.h"
#include "core/llm/policy.h"
#include "core/llm/router.h"

#define ROUTES_MAX 3
#define KEYS_MAX 3
#define SENDS 2
#define ATTEMPTS 12
#define FEW_ATTEMPTS 4     // one route alone can use them up
#define DEADLINE_MS 600000 // limits of time have scripts of their own
#define PATIENCE_MS 300
#define LAST_WAIT_MS 2500
#define TAKES_MS 10 // each attempt

struct span { // of a point in time: not before, not after
	int64_t lo, hi;
};

struct model_key {
	bool dead;
	struct span warm;
};

struct model_route {
	bool out;         // of this run
	unsigned sends;   // that count
	bool free, plain; // the next send: does not count; repeats the same request
	struct span ready;
	unsigned mode, scale, percent;
	bool reask, fresh, dropped;
	struct model_key keys[KEYS_MAX];
};

struct setup {
	size_t routes, keys;
	unsigned attempts;
	int64_t hint_ms;
	bool connected, parameter, refusal_next, windows;
};

struct model {
	struct setup setup;
	struct model_route routes[ROUTES_MAX];
	size_t staying; // earned another try; routes: none
	unsigned starts, rejected;
	unsigned hosts_down;
	size_t last_down;
	bool stopped, cancelled, answered;
	enum bs_outcome last;
};

static struct span span_of(int64_t lo, int64_t hi)
{
	return (struct span){lo, hi};
}

// What is being played, for the message of a failure.
static const struct setup *playing;
static const enum bs_outcome *played;
static unsigned played_count;

static void hold(bool good, const char *what)
{
	if (good)
		return;
	for (unsigned i = 0; i < played_count; i++)
		print_error("# %s\n", bs_outcome_id(played[i]));
	fail_msg(
		"%s; %zu routes, %zu keys, %u attempts, hint %lld ms, connected %d, parameter %d, refusals go "
		"on %d, equal windows %d",
		what, playing->routes, playing->keys, playing->attempts,
		(long long)playing->hint_ms, playing->connected, playing->parameter,
		playing->refusal_next, playing->windows);
}

// --- what an outcome does

static void repeat_plainly(struct model *m, size_t route, int64_t now_ms)
{
	struct model_route *r = &m->routes[route];
	if (r->sends >= SENDS) {
		r->out = true;
		return;
	}
	r->plain = true;
	r->ready = m->setup.hint_ms >= 0
			   ? span_of(now_ms + m->setup.hint_ms, now_ms + m->setup.hint_ms)
			   : span_of(now_ms, now_ms + BS_POLICY_BACKOFF_MS);
	m->staying = route;
}

static void ask_otherwise(struct model *m, size_t route, int64_t now_ms)
{
	m->routes[route].free = true;
	m->routes[route].ready = span_of(now_ms, now_ms);
	m->staying = route;
}

static void limit(struct model *m, const struct bs_try *order, int64_t now_ms)
{
	struct model_route *r = &m->routes[order->route];
	struct model_key *key = &r->keys[order->key];
	struct span warm = m->setup.hint_ms >= 0
				   ? span_of(now_ms + m->setup.hint_ms, now_ms + m->setup.hint_ms)
				   : span_of(now_ms + 1000, now_ms + 2000);
	key->warm.lo = key->warm.lo > warm.lo ? key->warm.lo : warm.lo;
	key->warm.hi = key->warm.hi > warm.hi ? key->warm.hi : warm.hi;
	for (size_t k = 0; k < m->setup.keys; k++)
		if (k != order->key && !r->keys[k].dead && r->keys[k].warm.hi <= now_ms) {
			ask_otherwise(m, order->route, now_ms);
			return;
		}
	if (r->sends >= SENDS) {
		r->out = true;
		return;
	}
	r->plain = true;
	r->ready = span_of(now_ms, now_ms);
	m->staying = order->route;
}

static void kill_key(struct model *m, const struct bs_try *order, int64_t now_ms)
{
	struct model_route *r = &m->routes[order->route];
	bool any = false;
	r->keys[order->key].dead = true;
	for (size_t k = 0; k < m->setup.keys; k++)
		any |= !r->keys[k].dead;
	ask_otherwise(m, order->route, now_ms);
	r->out = !any;
}

static void note_reach(struct model *m, size_t route, enum bs_outcome outcome)
{
	bool down = (outcome == BS_OUTCOME_UNREACHABLE || outcome == BS_OUTCOME_TIMEOUT) &&
		    !m->setup.connected;
	if (!down) {
		m->hosts_down = 0;
		return;
	}
	if (!m->hosts_down || m->last_down != route)
		m->hosts_down++;
	m->last_down = route;
	m->stopped |= m->hosts_down >= 2;
}

static void lower(struct model *m, size_t route, int64_t now_ms)
{
	struct model_route *r = &m->routes[route];
	if (m->setup.parameter && !r->dropped)
		r->dropped = true;
	else if (r->mode + 1 < BS_SCHEMA_MODE_COUNT)
		r->mode++;
	else
		r->out = true;
	ask_otherwise(m, route, now_ms);
}

static void shrink(struct model *m, size_t route, int64_t now_ms)
{
	if (m->routes[route].percent == 100) {
		m->routes[route].percent = 60;
		ask_otherwise(m, route, now_ms);
		return;
	}
	for (size_t i = 0; i < m->setup.routes; i++) // equal windows are not larger
		m->routes[i].out |= i == route || m->setup.windows;
}

static void tell(struct model *m, const struct bs_try *order, enum bs_outcome o, int64_t now_ms)
{
	size_t route = order->route;
	struct model_route *r = &m->routes[route];
	if (!m->stopped)
		m->last = o;
	note_reach(m, route, o);
	switch (o) {
	case BS_OUTCOME_OK:
		m->answered = true;
		return;
	case BS_OUTCOME_SERVER_ERROR:
	case BS_OUTCOME_ERROR_IN_BODY:
	case BS_OUTCOME_CUT:
	case BS_OUTCOME_UNREACHABLE:
		repeat_plainly(m, route, now_ms);
		return;
	case BS_OUTCOME_STALE_CONNECTION:
		if (r->fresh)
			repeat_plainly(m, route, now_ms);
		else
			ask_otherwise(m, route, now_ms);
		r->fresh = true;
		return;
	case BS_OUTCOME_OVERLOADED: // N, else R
		repeat_plainly(m, route, now_ms);
		m->staying = m->setup.routes;
		return;
	case BS_OUTCOME_RATE_LIMITED:
		limit(m, order, now_ms);
		return;
	case BS_OUTCOME_QUOTA:
	case BS_OUTCOME_CREDENTIAL:
		kill_key(m, order, now_ms);
		return;
	case BS_OUTCOME_CONTEXT_TOO_LONG:
		shrink(m, route, now_ms);
		return;
	case BS_OUTCOME_CAPABILITY:
		lower(m, route, now_ms);
		return;
	case BS_OUTCOME_REJECTED:
		r->out = true;
		m->stopped |= ++m->rejected == 2;
		return;
	case BS_OUTCOME_REFUSED:
		r->out = true;
		m->stopped |= !m->setup.refusal_next;
		return;
	case BS_OUTCOME_TRUNCATED:
	case BS_OUTCOME_INVALID_JSON:
	case BS_OUTCOME_INVALID_SUMMARY:
		if ((o == BS_OUTCOME_TRUNCATED ? r->scale == 2 : r->reask) || r->sends >= SENDS) {
			r->out = true;
			return;
		}
		if (o == BS_OUTCOME_TRUNCATED)
			r->scale = 2;
		else
			r->reask = true;
		r->ready = span_of(now_ms, now_ms);
		m->staying = route;
		return;
	case BS_OUTCOME_CANCELLED:
		m->cancelled = true;
		return;
	case BS_OUTCOME_TIMEOUT:
	case BS_OUTCOME_MODEL_GONE:
	case BS_OUTCOME_BAD_GATEWAY_PAGE:
	case BS_OUTCOME_EMPTY:
	case BS_OUTCOME_HEDGE_LOST:
	case BS_OUTCOME_OUT_OF_TIME:
		r->out = true;
		return;
	case BS_OUTCOME_COUNT:
		return;
	}
}

// --- who is next

static struct span wake_of(const struct model *m, size_t route, int64_t now_ms)
{
	const struct model_route *r = &m->routes[route];
	struct span wake = {INT64_MAX, INT64_MAX};
	if (r->out || (!r->free && r->sends >= SENDS))
		return wake;
	for (size_t k = 0; k < m->setup.keys; k++) {
		if (r->keys[k].dead)
			continue;
		wake.lo = wake.lo < r->keys[k].warm.lo ? wake.lo : r->keys[k].warm.lo;
		wake.hi = wake.hi < r->keys[k].warm.hi ? wake.hi : r->keys[k].warm.hi;
	}
	wake.lo = wake.lo > r->ready.lo ? wake.lo : r->ready.lo;
	wake.hi = wake.hi > r->ready.hi ? wake.hi : r->ready.hi;
	wake.lo = wake.lo > now_ms ? wake.lo : now_ms;
	wake.hi = wake.hi > now_ms ? wake.hi : now_ms;
	return wake;
}

struct expectation {
	bool may[ROUTES_MAX], may_end;
	struct span when[ROUTES_MAX];
};

static size_t first_untried(const struct model *m)
{
	size_t route = 0;
	while (route < m->setup.routes && (m->routes[route].sends || m->routes[route].out))
		route++;
	return route;
}

// Whatever is asked of a route again must leave each untried one an attempt.
static bool can_spare_one(const struct model *m)
{
	unsigned untried = 0;
	for (size_t i = 0; i < m->setup.routes; i++)
		untried += !m->routes[i].sends && !m->routes[i].out;
	return m->starts + untried < m->setup.attempts;
}

// The staying one when it is soon ready, else the first untried.
static void expect_untried(
	const struct model *m, size_t untried, int64_t now_ms, struct expectation *e)
{
	e->may[untried] = true;
	e->when[untried] = span_of(now_ms, now_ms);
	if (m->staying == m->setup.routes || !can_spare_one(m))
		return;
	struct span wake = wake_of(m, m->staying, now_ms);
	if (wake.lo > now_ms + PATIENCE_MS)
		return;
	e->may[m->staying] = true;
	e->when[m->staying] = wake;
	if (wake.hi <= now_ms + PATIENCE_MS)
		e->may[untried] = untried == m->staying;
}

// Whoever wakes soonest, when that is soon.
static void expect_soonest(const struct model *m, int64_t now_ms, struct expectation *e)
{
	int64_t sure_ms = INT64_MAX; // by then somebody is ready
	for (size_t i = 0; i < m->setup.routes; i++) {
		e->when[i] = wake_of(m, i, now_ms);
		sure_ms = sure_ms < e->when[i].hi ? sure_ms : e->when[i].hi;
	}
	e->may_end = sure_ms > now_ms + LAST_WAIT_MS;
	bool staying_ready = m->staying < m->setup.routes && e->when[m->staying].hi == sure_ms &&
			     e->when[m->staying].lo == sure_ms;
	for (size_t i = 0; i < m->setup.routes; i++) {
		struct span wake = e->when[i];
		bool exact = wake.lo == wake.hi && wake.lo == sure_ms;
		e->may[i] = wake.lo <= sure_ms && wake.lo <= now_ms + LAST_WAIT_MS;
		// Of those ready at the same instant: the staying one, else in order.
		if (exact && staying_ready && i != m->staying)
			e->may[i] = false;
		for (size_t before = 0; before < i && exact && !staying_ready; before++)
			if (e->when[before].lo == sure_ms && e->when[before].hi == sure_ms)
				e->may[i] = false;
	}
}

static struct expectation expect(const struct model *m, int64_t now_ms)
{
	struct expectation e = {0};
	size_t untried = first_untried(m);
	if (m->stopped || m->cancelled)
		e.may_end = true;
	else if (untried < m->setup.routes)
		expect_untried(m, untried, now_ms, &e);
	else
		expect_soonest(m, now_ms, &e);
	return e;
}

static void hold_start(
	struct model *m, const struct expectation *e, const struct bs_try *order, int64_t now_ms)
{
	struct model_route *r = &m->routes[order->route];
	hold(e->may[order->route], "the wrong route");
	hold(e->when[order->route].lo <= now_ms && now_ms <= e->when[order->route].hi,
		"the wrong time");
	hold(order->mode == r->mode, "mode");
	hold(order->output_scale == r->scale, "output_scale");
	hold(order->excerpt_percent == r->percent, "excerpt_percent");
	hold(order->reask == r->reask, "reask");
	hold(order->fresh_connection == r->fresh, "fresh_connection");
	hold((order->dropped != 0) == r->dropped, "dropped");
	hold(order->retry == r->plain, "retry");
	hold(!r->keys[order->key].dead, "a dead key");
	hold(r->keys[order->key].warm.lo <= now_ms, "a key that rests");
	for (size_t k = 0; k < order->key; k++) // the first that is warm
		hold(r->keys[k].dead || r->keys[k].warm.hi > now_ms, "not the first key");
	r->sends += !r->free;
	r->free = r->plain = false;
	m->staying = m->setup.routes;
	m->starts++;
}

// What chance decided, within its bounds: from here on the model knows it, too.
static void learn(struct model *m, const struct bs_router *router)
{
	for (size_t i = 0; i < m->setup.routes; i++) {
		struct model_route *r = &m->routes[i];
		int64_t ready_ms = router->routes[i].ready_ms;
		if (r->plain && !r->out) {
			hold(r->ready.lo <= ready_ms && ready_ms <= r->ready.hi, "the backoff");
			r->ready = span_of(ready_ms, ready_ms);
		}
		for (size_t k = 0; k < m->setup.keys; k++) {
			struct span *warm = &r->keys[k].warm;
			int64_t warm_ms =
				router->keys[router->config.routes[i].key_ids[k]].warm_at_ms;
			hold(warm->lo <= warm_ms && warm_ms <= warm->hi, "a key's rest");
			*warm = span_of(warm_ms, warm_ms);
		}
	}
}

// --- playing both

static void begin(const struct setup *setup, struct model *m, struct bs_router *router)
{
	static struct bs_router_config config; // large
	config = (struct bs_router_config){
		.routes_count = setup->routes,
		.deadline_ms = DEADLINE_MS,
		.attempts_max = setup->attempts,
		.sends_per_route_max = SENDS,
		.retries_max = BS_ATTEMPTS_MAX,
		.hedge_ms = BS_HEDGE_OFF,
		.refusal_goes_next = setup->refusal_next,
		.seed = setup->keys,
	};
	*m = (struct model){.setup = *setup, .staying = setup->routes};
	for (unsigned i = 0; i < setup->routes; i++) {
		struct bs_router_route *route = &config.routes[i];
		*route = (struct bs_router_route){
			.host = i,
			.keys_count = setup->keys,
			.key_ids = {i * 4, i * 4 + 1, i * 4 + 2},
			.modes = (1u << BS_SCHEMA_MODE_COUNT) - 1,
			.params = BS_PARAM_EFFORT,
			.connect_ms = 1000,
			.first_token_ms = 1000,
			.idle_ms = 1000,
			.attempt_ms = 5000,
			.window_bytes = setup->windows ? 1000 : 0,
		};
		m->routes[i].scale = 1;
		m->routes[i].percent = 100;
	}
	bs_router_init(router, &config, 0);
}

// Attempt n ends as outcomes[n % count]. The number of attempts.
static unsigned play(const struct setup *setup, const enum bs_outcome *outcomes, unsigned count)
{
	static struct bs_router router;
	struct model m;
	int64_t now_ms = 0, thought_ms = 0;
	playing = setup;
	played = outcomes;
	played_count = count;
	begin(setup, &m, &router);
	struct expectation e = expect(&m, 0);
	for (unsigned waits = 0; waits < 4 * ATTEMPTS;) {
		struct bs_action action = bs_router_next(&router, now_ms);
		if (action.kind == BS_ACTION_WAIT) {
			hold(action.until_ms > now_ms &&
					action.until_ms - thought_ms <= LAST_WAIT_MS,
				"the wait");
			now_ms = action.until_ms;
			waits++;
			continue;
		}
		if (action.kind == BS_ACTION_ACCEPT) {
			hold(m.answered, "accepts what is no answer");
			return m.starts;
		}
		hold(!m.answered, "does not take an answer");
		if (action.kind == BS_ACTION_GIVE_UP) {
			bool used_up = m.starts == setup->attempts && !m.stopped && !m.cancelled;
			hold(e.may_end || used_up, "gives up too early");
			if (!used_up || e.may_end)
				assert_int_equal(
					action.reason, m.cancelled ? BS_OUTCOME_CANCELLED : m.last);
			return m.starts;
		}
		hold(action.kind == BS_ACTION_START, "no such action now");
		hold(m.starts < setup->attempts, "too many attempts");
		hold_start(&m, &e, &action.attempt, now_ms);
		now_ms += TAKES_MS;
		enum bs_outcome outcome = outcomes[(m.starts - 1) % count];
		const struct bs_try_result result = {
			.outcome = outcome,
			.retry_after_ms = setup->hint_ms,
			.first_token_ms = -1,
			.connected = setup->connected,
			.parameter_refused = setup->parameter,
			.should_retry = -1,
		};
		bs_router_done(&router, action.attempt.id, &result, now_ms);
		tell(&m, &action.attempt, outcome, now_ms);
		learn(&m, &router);
		thought_ms = now_ms;
		e = expect(&m, now_ms);
	}
	fail_msg("it never ends");
	return 0;
}

static const int64_t hints_ms[] = {-1, 0, 300, 301, 2000, 2501, 20000};
#define HINTS (sizeof(hints_ms) / sizeof(hints_ms[0]))

static void each_pair_of_rows_meets_as_the_table_says(void **state)
{
	(void)state;
	unsigned long runs = 0, attempts = 0;
	for (unsigned pair = 0; pair < BS_OUTCOME_COUNT * BS_OUTCOME_COUNT; pair++)
		for (unsigned v = 0; v < ROUTES_MAX * KEYS_MAX * HINTS * 32; v++) {
			unsigned bits = v % 32, shape = v / 32 % (ROUTES_MAX * KEYS_MAX);
			const enum bs_outcome outcomes[] = {
				(enum bs_outcome)(pair / BS_OUTCOME_COUNT),
				(enum bs_outcome)(pair % BS_OUTCOME_COUNT)};
			struct setup setup = {
				.routes = 1 + shape / KEYS_MAX,
				.keys = 1 + shape % KEYS_MAX,
				.attempts = bits & 16 ? FEW_ATTEMPTS : ATTEMPTS,
				.hint_ms = hints_ms[v / 32 / (ROUTES_MAX * KEYS_MAX)],
				.connected = bits & 1,
				.parameter = bits & 2,
				.refusal_next = bits & 4,
				.windows = bits & 8,
			};
			// What differs in nothing that these two look at is one case.
			bool reach = outcomes[0] == BS_OUTCOME_UNREACHABLE ||
				     outcomes[1] == BS_OUTCOME_UNREACHABLE ||
				     outcomes[0] == BS_OUTCOME_TIMEOUT ||
				     outcomes[1] == BS_OUTCOME_TIMEOUT;
			bool lowered = outcomes[0] == BS_OUTCOME_CAPABILITY ||
				       outcomes[1] == BS_OUTCOME_CAPABILITY;
			bool refused = outcomes[0] == BS_OUTCOME_REFUSED ||
				       outcomes[1] == BS_OUTCOME_REFUSED;
			bool shrunk = outcomes[0] == BS_OUTCOME_CONTEXT_TOO_LONG ||
				      outcomes[1] == BS_OUTCOME_CONTEXT_TOO_LONG;
			if ((setup.connected && !reach) || (setup.parameter && !lowered) ||
				(setup.refusal_next && !refused) || (setup.windows && !shrunk))
				continue;
			attempts += play(&setup, outcomes, 2);
			runs++;
		}
	print_message("# %lu runs, %lu attempts\n", runs, attempts);
	assert_true(runs > 50000);
}

static void three_rows_meet_as_the_table_says(void **state)
{
	(void)state;
	static const int64_t few_ms[] = {-1, 200, 2000};
	const unsigned n = BS_OUTCOME_COUNT;
	unsigned long runs = 0, attempts = 0;
	for (unsigned i = 0; i < n * n * n; i++)
		for (unsigned v = 0; v < ROUTES_MAX * KEYS_MAX * 3; v++) {
			const enum bs_outcome outcomes[] = {(enum bs_outcome)(i / n / n),
				(enum bs_outcome)(i / n % n), (enum bs_outcome)(i % n)};
			const struct setup setup = {.routes = 1 + v % ROUTES_MAX,
				.keys = 1 + v / ROUTES_MAX % KEYS_MAX,
				.attempts = i % 4 == 0 ? FEW_ATTEMPTS : ATTEMPTS,
				.hint_ms = few_ms[v / ROUTES_MAX / KEYS_MAX],
				.connected = i % 2,
				.parameter = i % 3 == 0,
				.refusal_next = i % 5 > 0};
			attempts += play(&setup, outcomes, 3);
			runs++;
		}
	print_message("# %lu runs, %lu attempts\n", runs, attempts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_pair_of_rows_meets_as_the_table_says),
		cmocka_unit_test(three_rows_meet_as_the_table_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
