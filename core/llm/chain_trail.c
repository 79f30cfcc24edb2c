// SPDX-License-Identifier: MIT
// What the chain leaves behind in the run's arena: a record of every attempt, and the summary.
#include "core/base/clock.h"
#include "core/llm/chain_own.h"

void bs_trail_start(struct bs_chain *chain, const struct bs_attempt *attempt)
{
	const struct bs_try *order = &attempt->plan.order;
	const struct bs_router_route *route = &chain->config.routes[order->route];
	chain->trail.attempts[order->id] = (struct bs_attempt_record){
		.route = chain->routes[order->route].name,
		.key = route->keys_count ? chain->ring.keys[route->key_ids[order->key]].name : NULL,
		.mode = order->mode,
		.outcome = BS_OUTCOME_CANCELLED,
		.started_ms = attempt->started_ms - chain->ask->started_ms,
		.first_token_ms = -1,
		.hedge = order->hedge,
	};
	if (chain->trail.count <= order->id)
		chain->trail.count = order->id + 1;
}

void bs_trail_end(struct bs_chain *chain, const struct bs_attempt *attempt, enum bs_outcome outcome)
{
	struct bs_attempt_record *record = &chain->trail.attempts[attempt->plan.order.id];
	record->outcome = outcome;
	record->http_status = attempt->result.http_status;
	record->elapsed_ms = bs_clock_ms() - attempt->started_ms;
	if (attempt->first_token_at_ms >= 0)
		record->first_token_ms = attempt->first_token_at_ms - chain->ask->started_ms;
	record->input_tokens = attempt->reply.usage.input_tokens;
	record->output_tokens = attempt->reply.usage.output_tokens;
	record->cached_tokens = attempt->reply.usage.cached_tokens;
	record->cost = attempt->result.cost;
	if (attempt->request_id)
		record->request_id = bs_arena_cstr(chain->arena, bs_str_c(attempt->request_id));
	if (attempt->reason)
		record->reason = bs_arena_cstr(chain->arena, bs_str_c(attempt->reason));
}

// What somebody has to mend, or it costs every run an attempt: told also when another key or route
// answers.
void bs_trail_warn(struct bs_chain *chain, const struct bs_attempt *attempt)
{
	const struct bs_attempt_record *record = &chain->trail.attempts[attempt->plan.order.id];
	const char *key = record->key ? record->key : "no key";
	const char *reason = record->reason ? record->reason : bs_outcome_id(record->outcome);
	struct bs_diag *diag = chain->ask->diag;
	if (attempt->own_refused)
		bs_diag_warn(diag, "%s refuses what providers.%s.body adds (%s)", record->route,
			attempt->plan.route->provider, reason);
	if (record->outcome == BS_OUTCOME_CREDENTIAL)
		bs_diag_warn(diag, "%s does not accept %s (%s): put a valid key there",
			record->route, key, reason);
	else if (record->outcome == BS_OUTCOME_QUOTA)
		bs_diag_warn(
			diag, "%s: the credit of %s is used up (%s)", record->route, key, reason);
	else if (record->outcome == BS_OUTCOME_MODEL_GONE)
		bs_diag_warn(diag, "%s: the provider does not know that model (%s): name another",
			record->route, reason);
}

void bs_trail_warn_costs(struct bs_chain *chain)
{
	double max = (double)chain->config.cost_max_pico_usd / 1e12;
	struct bs_diag *diag = chain->ask->diag;
	for (size_t i = 0; i < chain->routes_count; i++) {
		uint64_t most;
		bool unbounded = chain->router.routes[i].dropped & BS_PARAM_LIMIT;
		const char *why = unbounded ? " (it takes no limit of output tokens)" : "";
		if (chain->last[i].told_cost || !bs_router_costs_too_much(&chain->router, i, &most))
			continue;
		chain->last[i].told_cost = true;
		if (most == BS_ROUTER_COST_UNKNOWN)
			bs_diag_warn(diag,
				"%s is left out: it takes no limit of output tokens and the window "
				"of its model is not known, so nothing bounds what an answer "
				"costs; set providers.%s.window",
				chain->routes[i].name, chain->routes[i].provider);
		else
			bs_diag_warn(diag,
				"%s is left out: its next request may cost up to $%.6f%s, and "
				"cost_usd_max is $%.6f for all",
				chain->routes[i].name, (double)most / 1e12, why, max);
	}
}

// Copies the texts of one struct that `fields` describe into the arena.
static bool copy_texts(const struct bs_field *fields, char *record, struct bs_arena *arena)
{
	for (const struct bs_field *field = fields; field->key; field++) {
		if (field->type == BS_FIELD_LIST) {
			size_t count;
			memcpy(&count, record + field->count_offset, sizeof(count));
			for (size_t i = 0; i < count; i++)
				if (!copy_texts(field->items,
					    record + field->offset + i * field->item_bytes, arena))
					return false;
		}
		if (field->type != BS_FIELD_TEXT)
			continue;
		struct bs_str text;
		memcpy(&text, record + field->offset, sizeof(text));
		if (!text.ptr)
			continue;
		text = bs_arena_str(arena, text);
		if (!text.ptr)
			return false;
		memcpy(record + field->offset, &text, sizeof(text));
	}
	return true;
}

enum bs_status bs_chain_copy_summary(const struct bs_summary *summary, struct bs_arena *arena,
	struct bs_summary *ret_summary, struct bs_err *err)
{
	struct bs_summary copy = *summary;
	if (!copy_texts(bs_summary_fields, (char *)&copy, arena))
		return bs_fail_nomem(err);
	*ret_summary = copy;
	return BS_OK;
}
