// SPDX-License-Identifier: MIT
// The rows that tell errors apart, in the order they are tested; the first that fits decides.
//
// The status alone is wrong too often: a used-up quota comes as 429 or 400, a bad key as 400, a
// content filter as 400, a context that is too long as 400, 413 or 500. Sources: the providers'
// documents and SDKs; gateways (LiteLLM, Portkey, OpenRouter, Bifrost, vLLM) where they differ.
#include "core/llm/classify_error.h"

enum where {
	CODE = 1 << 0,    // type, code and finer code
	MESSAGE = 1 << 1, // the sentence for people
	PARAM = 1 << 2,   // the parameter it names
	RAW = 1 << 3,     // what the host behind a gateway said
};

struct rule {
	int from, to; // statuses; 0, 0: any
	unsigned where;
	const char *words; // any of them, '|' between; NULL: the status decides
	enum bs_outcome outcome;
	bool parameter;
	bool not_if_waitable;
};

// Parameters that can be left away, and those that carry the schema.
#define OPTIONAL_PARAMETERS                                                  \
	"max_tokens|max_completion_tokens|reasoning_effort|stream_options|"  \
	"thinking|temperature|top_p|prompt_cache|inferenceconfig|maxtokens|" \
	"max_output_tokens|chat_template_kwargs"
#define SCHEMA_PARAMETERS                                                                        \
	"response_format|json_schema|output_config|output_format|tool_choice|tools|text.format|" \
	"responsejsonschema|response_json_schema|response_schema|responsemimetype|"              \
	"response_mime_type|function_calling|textformat|outputconfig|toolconfig|toolchoice"
#define SCHEMA_WORDS                                                                  \
	SCHEMA_PARAMETERS "|response format|structured output|json mode|json_object|" \
			  "function call|tool use|tool call|tool choice|"             \
			  "failed to parse grammar|schema is too complex|json schema error"
#define CONTEXT_WORDS                                                                    \
	"context length|context window|context size|maximum context|prompt is too long|" \
	"input is too long|too many tokens|reduce the length|input token count|"         \
	"maximum number of tokens|too many input tokens|prompt too long|"                \
	"max_tokens must be at least 1, got -"

static const struct rule rules[] = {
	// --- quota: before 429 and 400
	{402, 402, 0, NULL, BS_OUTCOME_QUOTA, 0, 0},
	{412, 412, 0, NULL, BS_OUTCOME_QUOTA, 0, 0}, // Portkey: budget
	{0, 0, CODE,
		"insufficient_quota|credit_balance|spend_limit|usage_limit_exceeded|billing|"
		"payment_required|budget_exceeded|insufficient_balance|insufficient_credit|"
		"quota_exhausted",
		BS_OUTCOME_QUOTA, 0, 0},
	{429, 429, MESSAGE, "limit: 0", BS_OUTCOME_QUOTA, 0, 0}, // Gemini: waiting gives nothing
	{0, 0, MESSAGE, "too many tokens per day|too many requests per day", BS_OUTCOME_QUOTA, 0,
		0},                                                    // Bedrock: back tomorrow
	{0, 0, MESSAGE, "key limit exceeded", BS_OUTCOME_QUOTA, 0, 0}, // OpenRouter: a 403
	// Gemini says this of a limit per minute too, and then when to come back.
	{0, 0, MESSAGE, "exceeded your current quota|plan and billing", BS_OUTCOME_QUOTA, 0, true},
	{0, 0, MESSAGE,
		"credit balance is too low|insufficient quota|insufficient balance|"
		"insufficient credit|out of credits|more credits|spend limit|spending limit|"
		"api usage limits|payment required|budget has been exceeded|exceeded budget|"
		"billing hard limit|billing details|prepayment credits|enable billing",
		BS_OUTCOME_QUOTA, 0, true},

	// --- the content is not wanted
	{446, 446, 0, NULL, BS_OUTCOME_REFUSED, 0, 0}, // Portkey: guardrail
	{0, 0, CODE,
		"content_filter|content_policy|responsibleaipolicy|policy_violation|bio_policy|"
		"invalid_prompt|moderation|guardrail|refusal",
		BS_OUTCOME_REFUSED, 0, 0},
	{400, 499, RAW, "content_filter|content_policy|responsibleaipolicy|policy_violation",
		BS_OUTCOME_REFUSED, 0, 0},
	{400, 499, MESSAGE | RAW,
		"content management policy|content filtering policy|content policy|usage polic|"
		"safety system|was flagged|been flagged|violates our|guardrail|"
		"requires moderation|contentpolicyviolation",
		BS_OUTCOME_REFUSED, 0, 0},

	// --- too long; but a limit of the output is a parameter's
	{400, 422, MESSAGE, "contextwindowexceeded", BS_OUTCOME_CONTEXT_TOO_LONG, 0, 0}, // LiteLLM
	{400, 422, CODE, "max_tokens_exceeded", BS_OUTCOME_CAPABILITY, true, 0}, // OpenRouter
	{400, 422, MESSAGE | RAW,
		"max_tokens is too large|max_completion_tokens is too large|"
		"max_tokens` must be|max_completion_tokens` must be|output tokens",
		BS_OUTCOME_CAPABILITY, true, 0},
	{413, 413, 0, NULL, BS_OUTCOME_CONTEXT_TOO_LONG, 0, 0},
	{0, 0, CODE | RAW,
		"context_length|exceed_context_size|request_too_large|payload_too_large|"
		"context_window|string_above_max_length",
		BS_OUTCOME_CONTEXT_TOO_LONG, 0, 0},
	{0, 0, MESSAGE, "request too large for", BS_OUTCOME_CONTEXT_TOO_LONG, 0, 0},
	{400, 428, MESSAGE | RAW, CONTEXT_WORDS, BS_OUTCOME_CONTEXT_TOO_LONG, 0, 0},
	{500, 599, MESSAGE, "context length|context window|prompt is too long",
		BS_OUTCOME_CONTEXT_TOO_LONG, 0, 0},

	// --- pages of proxies, portals and load balancers; 408, 413, 429 and 529 stay what they
	// are
	{407, 407, 0, NULL, BS_OUTCOME_BAD_GATEWAY_PAGE, 0, 0},
	{511, 511, 0, NULL, BS_OUTCOME_BAD_GATEWAY_PAGE, 0, 0}, // a portal wants a login
	{300, 399, 0, NULL, BS_OUTCOME_BAD_GATEWAY_PAGE, 0, 0},

	// --- the model; 403 may mean it too
	{400, 404, CODE,
		"model_not_found|deploymentnotfound|model_decommissioned|model_not_supported|"
		"model_not_available|model_deprecated|invalid_model",
		BS_OUTCOME_MODEL_GONE, 0, 0},
	{400, 404, MESSAGE,
		"does not have access to model|access to the model|model not found|"
		"model identifier is invalid|on-demand throughput|use case details|"
		"not allowed for this virtual key|invalid model|unknown model|no such model|is not a valid model|model does not "
		"exist|has been decommissioned|unsupported model",
		BS_OUTCOME_MODEL_GONE, 0, 0},
	{400, 500, MESSAGE, "no keys found that support model", BS_OUTCOME_MODEL_GONE, 0,
		0}, // Bifrost
	{404, 404, PARAM | MESSAGE, SCHEMA_WORDS "|the requested parameters", BS_OUTCOME_CAPABILITY,
		0, 0}, // OpenRouter
	{404, 404, 0, NULL, BS_OUTCOME_MODEL_GONE, 0, 0},
	{410, 410, 0, NULL, BS_OUTCOME_MODEL_GONE, 0, 0},

	// --- the key
	{401, 401, 0, NULL, BS_OUTCOME_CREDENTIAL, 0, 0},
	{403, 403, 0, NULL, BS_OUTCOME_CREDENTIAL, 0, 0},
	{500, 599, CODE, "invalid_api_key|incorrect_api_key|api_key_invalid", BS_OUTCOME_CREDENTIAL,
		0, 0},
	{400, 500, MESSAGE, "no keys found for provider", BS_OUTCOME_CREDENTIAL, 0, 0}, // Bifrost
	{400, 400, CODE,
		"invalid_api_key|incorrect_api_key|api_key_invalid|authentication|unauthorized|"
		"permission|expired_api_key|auth_error|organization_restricted",
		BS_OUTCOME_CREDENTIAL, 0, 0},
	{400, 400, MESSAGE,
		"api key not valid|invalid api key|incorrect api key|api key expired|"
		"api key not found|invalid x-api-key|invalid authentication|no api key|"
		"invalid bearer token|invalid virtual key|api key is invalid|pass a valid api key",
		BS_OUTCOME_CREDENTIAL, 0, 0},

	// --- too much at once
	{529, 529, 0, NULL, BS_OUTCOME_OVERLOADED, 0, 0},
	{498, 498, 0, NULL, BS_OUTCOME_OVERLOADED, 0, 0}, // Groq: flex capacity
	{429, 599, CODE, "overloaded|capacity_exceeded|over_capacity", BS_OUTCOME_OVERLOADED, 0, 0},
	{500, 599, MESSAGE, "overloaded|at capacity|over capacity|server busy",
		BS_OUTCOME_OVERLOADED, 0, 0},
	{429, 429, 0, NULL, BS_OUTCOME_RATE_LIMITED, 0, 0},
	{400, 400, CODE, "servicequotaexceeded|throttling", BS_OUTCOME_RATE_LIMITED, 0, 0}, // AWS
	{503, 503, CODE, "slow_down|rate_limit|throttl", BS_OUTCOME_RATE_LIMITED, 0, 0},

	// --- Groq: the model's answer did not fit the schema
	{400, 400, CODE, "json_validate_failed|tool_use_failed", BS_OUTCOME_INVALID_JSON, 0, 0},

	// --- what it cannot do: the parameter it names decides, then the sentence
	{400, 422, PARAM, SCHEMA_PARAMETERS, BS_OUTCOME_CAPABILITY, 0, 0},
	{400, 422, PARAM, OPTIONAL_PARAMETERS "|store|stream|reasoning", BS_OUTCOME_CAPABILITY,
		true, 0},
	{500, 500, MESSAGE, "requires --jinja", BS_OUTCOME_CAPABILITY, 0, 0}, // llama.cpp: tools
	{400, 422, CODE | MESSAGE | RAW, SCHEMA_WORDS, BS_OUTCOME_CAPABILITY, 0, 0},
	{400, 422, MESSAGE | RAW, OPTIONAL_PARAMETERS, BS_OUTCOME_CAPABILITY, true, 0},
	{400, 422, CODE, "unsupported_parameter|unsupported_value|unknown_parameter",
		BS_OUTCOME_CAPABILITY, true, 0},
	{400, 422, MESSAGE,
		"extra inputs are not permitted|unrecognized request argument|"
		"unsupported parameter|unknown parameter|unknown field|unknown name|"
		"additional properties are not allowed|unexpected keyword",
		BS_OUTCOME_CAPABILITY, true, 0},

	// --- the rest of the statuses
	{408, 408, 0, NULL, BS_OUTCOME_TIMEOUT, 0, 0},
	{524, 524, 0, NULL, BS_OUTCOME_TIMEOUT, 0, 0}, // Cloudflare: the host behind it was silent
	{409, 409, 0, NULL, BS_OUTCOME_SERVER_ERROR, 0, 0},
	{424, 425, 0, NULL, BS_OUTCOME_SERVER_ERROR, 0, 0}, // Bedrock: the model failed; too early
	{499, 499, 0, NULL, BS_OUTCOME_SERVER_ERROR, 0, 0},
	{500, 599, 0, NULL, BS_OUTCOME_SERVER_ERROR, 0, 0},
	{400, 499, 0, NULL, BS_OUTCOME_REJECTED, 0, 0},
};

// An error inside a 200 or in a stream that names no status: after the rules above that need none,
// its words have to do.
static const struct rule bare_rules[] = {
	{0, 0, CODE, "throttl", BS_OUTCOME_RATE_LIMITED, 0,
		0}, // Bedrock: "Too many tokens, please"
	{0, 0, MESSAGE, CONTEXT_WORDS, BS_OUTCOME_CONTEXT_TOO_LONG, 0, 0},
	{0, 0, CODE, "not_found", BS_OUTCOME_MODEL_GONE, 0, 0},
	{0, 0, CODE, "authentication|permission|unauthorized|forbidden|api_key",
		BS_OUTCOME_CREDENTIAL, 0, 0},
	{0, 0, CODE | MESSAGE, "overloaded|capacity", BS_OUTCOME_OVERLOADED, 0, 0},
	{0, 0, CODE | MESSAGE, "rate_limit|rate limit|resource_exhausted|throttl|too many requests",
		BS_OUTCOME_RATE_LIMITED, 0, 0},
	{0, 0, CODE | MESSAGE, "timeout|timed out|deadline_exceeded", BS_OUTCOME_TIMEOUT, 0, 0},
	{0, 0, CODE, "server|api_error|internal|unavailable|provider_error|modelerror|modelstream",
		BS_OUTCOME_SERVER_ERROR, 0, 0},
	{0, 0, MESSAGE, "encountered while running the model|runner has unexpectedly stopped",
		BS_OUTCOME_SERVER_ERROR, 0, 0}, // Ollama
	{0, 0, PARAM | MESSAGE, SCHEMA_WORDS, BS_OUTCOME_CAPABILITY, 0, 0},
	{0, 0, CODE, "invalid_request|invalid_argument|bad_request|validation", BS_OUTCOME_REJECTED,
		0, 0},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool has_word(struct bs_str text, const char *words)
{
	struct bs_str rest = bs_str_c(words), word;
	while (text.len > 0 && bs_str_split(&rest, '|', &word))
		if (bs_str_ifind(text, word) != SIZE_MAX)
			return true;
	return false;
}

static bool matches(const struct rule *rule, const struct bs_error_facts *facts)
{
	const struct bs_api_error *error = facts->error;
	struct bs_str message = error->present ? error->message : facts->body;
	if (rule->from && (facts->status < rule->from || facts->status > rule->to))
		return false;
	if (rule->not_if_waitable && facts->waitable)
		return false;
	if (!rule->words)
		return true;
	return ((rule->where & CODE) &&
		       (has_word(error->type, rule->words) || has_word(error->code, rule->words) ||
			       has_word(error->detail, rule->words))) ||
	       ((rule->where & MESSAGE) && has_word(message, rule->words)) ||
	       ((rule->where & RAW) && has_word(error->raw, rule->words)) ||
	       ((rule->where & PARAM) && has_word(error->param, rule->words));
}

static bool first_match(const struct rule *table, size_t count, const struct bs_error_facts *facts,
	enum bs_outcome *ret_outcome, bool *ret_parameter)
{
	for (size_t i = 0; i < count; i++) {
		if (!matches(&table[i], facts))
			continue;
		*ret_outcome = table[i].outcome;
		*ret_parameter = table[i].parameter;
		return true;
	}
	return false;
}

// A page says nothing about key, model or request: whoever wrote it is not the provider.
static bool is_page(const struct bs_error_facts *facts)
{
	static const int meant[] = {402, 408, 413, 429, 529};
	for (size_t i = 0; i < COUNT(meant); i++)
		if (facts->status == meant[i])
			return false;
	return facts->html;
}

enum bs_outcome bs_classify_error(const struct bs_error_facts *facts, bool *ret_parameter)
{
	enum bs_outcome outcome = BS_OUTCOME_ERROR_IN_BODY;
	*ret_parameter = false;
	if (is_page(facts))
		return BS_OUTCOME_BAD_GATEWAY_PAGE;
	if (!first_match(rules, COUNT(rules), facts, &outcome, ret_parameter) && !facts->status)
		(void)first_match(bare_rules, COUNT(bare_rules), facts, &outcome, ret_parameter);
	return outcome;
}
