// SPDX-License-Identifier: MIT
// core/llm/param: which parameter an error names, and what the next request leaves out.
#include "tests/unit/unit.h"

#include "core/llm/param.h"

#define LIMIT BS_PARAM_LIMIT
#define SPELLING BS_PARAM_SPELLING
#define EFFORT BS_PARAM_EFFORT
#define CACHE BS_PARAM_CACHE_KEY
#define TEMPLATE BS_PARAM_TEMPLATE
#define OPTIONS BS_PARAM_STREAM_OPTIONS
#define STORE BS_PARAM_STORE
#define STREAM BS_PARAM_STREAM
#define SAMPLER BS_PARAM_SAMPLER

// What providers and gateways say, in `error.param` and in their sentence.
static const struct {
	const char *field, *sentence;
	unsigned named;
} samples[] = {
	{"max_tokens",
		"Unsupported parameter: 'max_tokens' is not supported with this model. Use "
		"'max_completion_tokens' instead.",
		LIMIT},
	{"", "Unsupported parameter: 'max_tokens' is not supported with this model.", LIMIT},
	{"", "Unrecognized request argument supplied: max_completion_tokens", LIMIT},
	{"max_output_tokens", "x", LIMIT},
	{"", "Unrecognized request argument supplied: store", STORE},
	{"", "Unknown parameter: 'store'.", STORE},
	{"", "Unrecognized request arguments supplied: store, stream_options", STORE | OPTIONS},
	{"store", "Unknown parameter: 'store'.", STORE},
	{"", "store: Extra inputs are not permitted", STORE},
	{"", "body.store: Extra inputs are not permitted", 0},
	{"", "[{'type': 'extra_forbidden', 'loc': ('body', 'store'), 'input': False}]", STORE},
	{"", "we store nothing of the kind; the model store is down", 0},
	{"", "Unknown name \"store\" at 'request': Cannot find field.", STORE},
	{"prompt_cache_key,store", "Extra inputs are not permitted", CACHE | STORE},
	{"reasoning_effort",
		"Unsupported value: 'reasoning_effort' does not support 'none' with this model.",
		EFFORT},
	{"reasoning.effort", "x", EFFORT},
	{"reasoning", "x", EFFORT},
	{"",
		"litellm.UnsupportedParamsError: groq does not support parameters: "
		"['reasoning_effort', 'prompt_cache_key'], for model=x. To drop these, set drop_params",
		EFFORT | CACHE},
	{"", "\"llama3.2\" does not support thinking", EFFORT},
	{"", "Thinking level is not supported for this model.", EFFORT},
	{"",
		"Invalid JSON payload received. Unknown name \"thinkingConfig\" at "
		"'generation_config': Cannot find field.",
		EFFORT},
	{"", "chat_template_kwargs: Extra inputs are not permitted", TEMPLATE},
	{"stream", "Your organization must be verified to stream this model.", STREAM},
	{"", "Your organization must be verified to stream this model.", 0},
	{"stream_options", "x", OPTIONS},
	{"", "`temperature` is deprecated for this model.", SAMPLER},
	{"top_p", "x", SAMPLER},
	{"", "thinking.type: disabled is not supported for this model", EFFORT},
	{"", "Unknown field: stream_options.include_usage", OPTIONS},
	{"", "This model doesn't support the inferenceConfig.maxTokens field.", LIMIT},
	{"messages", "x", 0},
	{"messages", "max_tokens is unknown", LIMIT},
	{"", "", 0},
	{"", "Provider returned error", 0},
	{"", "my_max_tokens_too is unknown", 0},
};

static void param_is_what_the_error_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		unsigned named = bs_params_named(
			bs_str_c(samples[i].field), bs_str_c(samples[i].sentence));
		if (named != samples[i].named)
			fail_msg("\"%s\" \"%s\": got %x, expected %x", samples[i].field,
				samples[i].sentence, named, samples[i].named);
	}
}

static void param_leaves_out_what_is_named_and_no_more(void **state)
{
	(void)state;
	unsigned sent = LIMIT | SPELLING | EFFORT | CACHE | OPTIONS | STORE | STREAM;
	assert_int_equal(bs_params_refused(sent, 0, STORE, false), STORE);
	assert_int_equal(bs_params_refused(sent, 0, STREAM | CACHE, false), STREAM | CACHE);
	assert_int_equal(bs_params_refused(sent, 0, LIMIT, false), SPELLING);
	assert_int_equal(
		bs_params_refused(sent & ~(unsigned)SPELLING, SPELLING, LIMIT, false), LIMIT);
	assert_int_equal(bs_params_refused(LIMIT | EFFORT, 0, LIMIT, true), LIMIT);
}

static void param_leaves_out_all_when_nothing_is_named(void **state)
{
	(void)state;
	unsigned sent = LIMIT | SPELLING | EFFORT | CACHE | OPTIONS | STORE | STREAM;
	assert_int_equal(bs_params_refused(sent, 0, 0, false), LIMIT | EFFORT | CACHE | OPTIONS);
	assert_int_equal(bs_params_refused(sent, 0, 0, true), EFFORT | CACHE | OPTIONS);
	assert_int_equal(bs_params_refused(LIMIT | STORE, EFFORT, 0, true), LIMIT);
	assert_int_equal(bs_params_refused(STORE | STREAM, LIMIT, 0, false), 0);
}

static void param_leaves_out_nothing_for_what_was_not_sent(void **state)
{
	(void)state;
	unsigned sent = LIMIT | EFFORT | CACHE | OPTIONS | STORE;
	assert_int_equal(bs_params_refused(0, 0, LIMIT, false), 0);
	assert_int_equal(bs_params_refused(sent, 0, TEMPLATE, false), 0);
	assert_int_equal(bs_params_refused(sent, STREAM, STREAM | SAMPLER, true), 0);
	assert_int_equal(bs_params_refused(sent, 0, TEMPLATE | STORE | SAMPLER, false), STORE);
}

static void param_is_patient_twice(void **state)
{
	(void)state;
	unsigned sent = LIMIT | EFFORT | CACHE | STORE;
	assert_int_equal(bs_params_refused(sent, OPTIONS, STORE, false), STORE);
	assert_int_equal(
		bs_params_refused(sent, OPTIONS | TEMPLATE, STORE, false), STORE | EFFORT | CACHE);
}

// Whatever was refused: the next request differs, and in nothing that was not sent.
static void param_never_sends_the_same_again(void **state)
{
	(void)state;
	for (unsigned sent = 0; sent <= BS_PARAMS_ALL; sent++)
		for (unsigned named = 0; named <= (BS_PARAMS_ALL | SAMPLER); named++) {
			unsigned dropped = BS_PARAMS_ALL & ~sent;
			unsigned drop = bs_params_refused(sent, dropped, named, named & 1);
			assert_int_equal(drop & ~sent, 0);
			if (named ? named & sent : sent & BS_PARAMS_UNNAMED)
				assert_int_not_equal(drop, 0);
		}
}

static void param_has_one_name_each(void **state)
{
	(void)state;
	unsigned param, seen = 0;
	for (size_t i = 0; bs_param_at(i, &param); i++) {
		assert_int_equal(seen & param, 0);
		seen |= param;
	}
	assert_int_equal(seen, BS_PARAMS_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(param_is_what_the_error_names),
		cmocka_unit_test(param_leaves_out_what_is_named_and_no_more),
		cmocka_unit_test(param_leaves_out_all_when_nothing_is_named),
		cmocka_unit_test(param_leaves_out_nothing_for_what_was_not_sent),
		cmocka_unit_test(param_is_patient_twice),
		cmocka_unit_test(param_never_sends_the_same_again),
		cmocka_unit_test(param_has_one_name_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
