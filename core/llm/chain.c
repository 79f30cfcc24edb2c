// SPDX-License-Identifier: MIT
// The loop that obeys the router: starts, watches and stops attempts as it says, and keeps account.
#include "core/llm/chain.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/llm/chain_own.h"

// The longest pause between two looks at the clock and at the signal handler's flag.
#define LOOK_EVERY_MS 50

static struct bs_attempt_plan plan_for(struct bs_chain *chain, const struct bs_try *order)
{
	const struct bs_router_route *config = &chain->config.routes[order->route];
	struct bs_attempt_plan plan = {
		.route = &chain->routes[order->route],
		.order = *order,
		.prompts = &chain->prompts,
		.excerpt = chain->ask->excerpt,
		.ending = chain->ask->ending,
		.nonce = {chain->nonce[0], chain->nonce[1]},
		.last_answer = bs_buf_str(&chain->last[order->route].answer),
		.errors = bs_buf_str(&chain->last[order->route].errors),
		.guard = &chain->ask->guard,
	};
	plan.order.fresh_connection |= chain->last[order->route].cut;
	if (config->keys_count) {
		const struct bs_key *key = &chain->ring.keys[config->key_ids[order->key]];
		plan.key = key->value;
		plan.secret = key->secret;
		plan.session_token = key->session_token;
	}
	return plan;
}

// --- obeying

static enum bs_status start(struct bs_chain *chain, const struct bs_try *order, struct bs_err *err)
{
	const struct bs_progress *progress = &chain->ask->progress;
	const struct bs_trail *trail = &chain->trail;
	const char *last = NULL;
	struct bs_slot *slot = &chain->slots[order->id];
	assert(order->id < BS_ATTEMPTS_MAX && !slot->attempt);
	if (trail->count && !order->hedge)
		last = bs_outcome_id(trail->attempts[trail->count - 1].outcome);
	if (progress->attempt)
		progress->attempt(
			progress->ctx, order->id + 1, chain->routes[order->route].name, last);
	struct bs_attempt_plan plan = plan_for(chain, order);
	enum bs_status status = bs_attempt_start(chain->client, &plan, &slot->attempt, err);
	if (status != BS_OK)
		return status;
	chain->hedged |= order->hedge;
	bs_trail_start(chain, slot->attempt);
	return BS_OK;
}

static void drop(struct bs_slot *slot)
{
	bs_attempt_free(slot->attempt);
	slot->attempt = NULL;
}

static void stop(struct bs_chain *chain, struct bs_slot *slot, enum bs_outcome why)
{
	assert(slot->attempt && !slot->told_end);
	bs_trail_end(chain, slot->attempt, why);
	bs_chain_note(chain, slot->attempt, why);
	drop(slot);
}

static void stop_all(struct bs_chain *chain, enum bs_outcome why)
{
	for (size_t id = 0; id < BS_ATTEMPTS_MAX; id++)
		if (chain->slots[id].attempt && !chain->slots[id].told_end)
			stop(chain, &chain->slots[id], why);
}

// Keeps what the route's next attempt must know of this one.
static void remember(struct bs_chain *chain, const struct bs_attempt *attempt)
{
	struct bs_last *last = &chain->last[attempt->plan.order.route];
	last->cut = attempt->result.outcome == BS_OUTCOME_CUT;
	bs_buf_clear(&last->answer);
	bs_buf_clear(&last->errors);
	bs_buf_add(&last->answer, bs_buf_str(&attempt->reply.text));
	bs_buf_add(&last->errors, bs_buf_str(&attempt->errors));
}

// An attempt is over. One that succeeded stays, for ACCEPT.
static void take_end(struct bs_chain *chain, unsigned id)
{
	struct bs_slot *slot = &chain->slots[id];
	const struct bs_try_result *result = &slot->attempt->result;
	slot->told_end = true;
	bs_trail_end(chain, slot->attempt, result->outcome);
	bs_trail_warn(chain, slot->attempt);
	bs_chain_note(chain, slot->attempt, result->outcome);
	bs_router_done(&chain->router, id, result, bs_clock_ms());
	if (result->outcome == BS_OUTCOME_OK)
		return;
	bs_chain_remember(chain); // others need not find out the same
	remember(chain, slot->attempt);
	drop(slot);
}

// Looks at every attempt; true when something happened that the router should think about.
static bool look(struct bs_chain *chain)
{
	bool news = false;
	for (unsigned id = 0; id < BS_ATTEMPTS_MAX; id++) {
		struct bs_slot *slot = &chain->slots[id];
		if (!slot->attempt || slot->told_end)
			continue;
		bs_attempt_step(slot->attempt, bs_clock_ms());
		if (slot->attempt->first_token_at_ms >= 0 && !slot->told_first_token) {
			slot->told_first_token = true;
			bs_router_first_token(&chain->router, id, bs_clock_ms());
			news = true;
		}
		if (slot->attempt->done) {
			take_end(chain, id);
			news = true;
		}
	}
	return news;
}

static enum bs_status wait_until(struct bs_chain *chain, int64_t until_ms, struct bs_err *err)
{
	const struct bs_progress *progress = &chain->ask->progress;
	if (progress->tick)
		progress->tick(progress->ctx);
	if (look(chain))
		return BS_OK;
	int64_t wait_ms = until_ms - bs_clock_ms();
	if (wait_ms > LOOK_EVERY_MS)
		wait_ms = LOOK_EVERY_MS;
	enum bs_status status = bs_http_poll(chain->client, wait_ms > 0 ? wait_ms : 0, err);
	if (status == BS_OK)
		(void)look(chain);
	return status;
}

static enum bs_status accept_answer(
	struct bs_chain *chain, unsigned id, struct bs_answer *answer, struct bs_err *err)
{
	const struct bs_attempt *attempt = chain->slots[id].attempt;
	assert(attempt && attempt->done && attempt->result.outcome == BS_OUTCOME_OK);
	enum bs_status status = bs_chain_copy_summary(
		&attempt->validated.summary, chain->arena, &answer->summary, err);
	if (status != BS_OK)
		return status;
	answer->answered = true;
	answer->route = attempt->plan.route->name;
	answer->repaired = attempt->validated.repaired;
	answer->reasked = attempt->plan.order.reask;
	return BS_OK;
}

// --- the loop

static enum bs_status obey(struct bs_chain *chain, struct bs_answer *answer, struct bs_err *err)
{
	const volatile sig_atomic_t *cancelled = chain->ask->cancelled;
	bool told = false;
	for (;;) {
		enum bs_status status = BS_OK;
		if (cancelled && *cancelled && !told) {
			bs_router_cancel(&chain->router, bs_clock_ms());
			told = true;
		}
		struct bs_action action = bs_router_next(&chain->router, bs_clock_ms());
		switch (action.kind) {
		case BS_ACTION_START:
			status = start(chain, &action.attempt, err);
			break;
		case BS_ACTION_CANCEL:
			stop(chain, &chain->slots[action.attempt.id], action.reason);
			break;
		case BS_ACTION_WAIT:
			status = wait_until(chain, action.until_ms, err);
			break;
		case BS_ACTION_ACCEPT:
			return accept_answer(chain, action.attempt.id, answer, err);
		case BS_ACTION_GIVE_UP:
			answer->gave_up = action.reason;
			bs_trail_warn_costs(chain);
			return BS_OK;
		}
		if (status != BS_OK)
			return status;
	}
}

enum bs_status bs_chain_ask(const struct bs_ask *ask, struct bs_arena *arena,
	struct bs_answer *ret_answer, struct bs_err *err)
{
	struct bs_answer answer = {0};
	struct bs_err trouble = {0};
	struct bs_chain *chain = calloc(1, sizeof(*chain));
	if (!chain)
		return bs_fail_nomem(err);
	enum bs_status status = bs_chain_init(chain, ask, true, arena, err);
	answer.has_routes = chain->routes_count > 0;
	if (status != BS_OK || !answer.has_routes)
		goto out;
	status = bs_http_new(&chain->client, err);
	if (status != BS_OK)
		goto out;
	bs_chain_recall(chain);
	int64_t now_ms = bs_clock_ms();
	chain->config.deadline_ms = bs_deadline_left_ms(
		(struct bs_deadline){ask->deadline_at_ms}, now_ms);
	bs_router_init(&chain->router, &chain->config, now_ms);
	bs_trail_warn_costs(chain);
	status = obey(chain, &answer, &trouble);
	if (status == BS_SECRET) { // nothing of this excerpt goes anywhere
		stop_all(chain, BS_OUTCOME_CANCELLED);
		bs_diag_warn(ask->diag, "nothing was sent to a model: %s", trouble.msg);
		answer.gave_up = BS_OUTCOME_REJECTED;
		status = BS_OK;
	} else if (status != BS_OK) {
		(void)bs_fail(err, status, "%s", trouble.msg);
	}
	bs_chain_remember_all(chain, ask->cancelled && *ask->cancelled);
	answer.hedged = chain->hedged;
	answer.trail = chain->trail;
out:
	bs_chain_release(chain);
	free(chain);
	if (status == BS_OK)
		*ret_answer = answer;
	return status;
}

// --- what would be sent

static enum bs_status print_request(
	struct bs_chain *chain, size_t route, struct bs_buf *out, struct bs_err *err)
{
	const struct bs_router_route *config = &chain->config.routes[route];
	struct bs_try order = {.route = route,
		.mode = config->best_mode,
		.output_scale = 1,
		.excerpt_percent = 100};
	struct bs_attempt_plan plan = plan_for(chain, &order);
	struct bs_excerpt excerpt;
	struct bs_arena arena;
	struct bs_buf body;
	bs_arena_init(&arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_buf_init(&body, BS_REQUEST_BYTES_MAX);
	enum bs_status status = bs_attempt_build(&plan, &arena, &body, &excerpt, err);
	if (status == BS_OK && plan.guard->check)
		status = plan.guard->check(plan.guard->ctx, bs_buf_str(&body), err);
	if (status == BS_OK) {
		bs_buf_addf(out, "POST %s\n\n", plan.route->url);
		bs_buf_add(out, bs_buf_str(&body));
		bs_buf_add_c(out, "\n\n");
		status = bs_buf_status(out, "the requests", err);
	}
	bs_buf_release(&body);
	bs_arena_release(&arena);
	return status;
}

enum bs_status bs_chain_dry_run(const struct bs_ask *ask, struct bs_buf *out, struct bs_err *err)
{
	struct bs_arena arena;
	struct bs_chain *chain = calloc(1, sizeof(*chain));
	if (!chain)
		return bs_fail_nomem(err);
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	enum bs_status status = bs_chain_init(chain, ask, false, &arena, err);
	for (size_t i = 0; status == BS_OK && i < chain->routes_count; i++)
		status = print_request(chain, i, out, err);
	bs_chain_release(chain);
	bs_arena_release(&arena);
	free(chain);
	return status;
}
