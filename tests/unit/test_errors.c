// SPDX-License-Identifier: MIT
// core/llm/classify: error bodies of every provider and gateway, as they come, and their classes.
//
// Sources: the providers' documents and SDKs, the gateways' sources (November 2026).
#include "tests/unit/unit.h"

#include "core/llm/classify.h"

struct sample {
	const char *who;
	int status;
	const char *body;
	enum bs_outcome outcome;
	bool parameter;
};

#define GOOGLE(code, status, message) \
	"{\"error\":{\"code\":" code ",\"message\":\"" message "\",\"status\":\"" status "\"}}"
#define GOOGLE_REASON(code, status, message, reason)                                     \
	"{\"error\":{\"code\":" code ",\"message\":\"" message "\",\"status\":\"" status \
	"\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc."                   \
	"ErrorInfo\",\"reason\":\"" reason "\"}]}}"
#define PLAIN(message, type, code) \
	"{\"error\":{\"message\":\"" message "\",\"type\":\"" type "\",\"code\":" code "}}"

static const struct sample samples[] = {
	// --- OpenAI Responses: like chat completions, with parameters of its own
	{"openai-responses", 400,
		"{\"error\":{\"message\":\"Unsupported parameter: 'reasoning.effort' is not "
		"supported with this model.\",\"type\":\"invalid_request_error\",\"param\":"
		"\"reasoning.effort\",\"code\":\"unsupported_parameter\"}}",
		BS_OUTCOME_CAPABILITY, true},
	{"openai-responses", 400,
		"{\"error\":{\"message\":\"Invalid parameter: 'text.format' of type 'json_schema' "
		"is not supported with this model.\",\"type\":\"invalid_request_error\",\"param\":"
		"\"text.format\",\"code\":null}}",
		BS_OUTCOME_CAPABILITY, false},
	{"openai-responses", 429,
		PLAIN("You've reached your organization's spend limit.", "insufficient_quota",
			"\"credit_balance_exhausted\""),
		BS_OUTCOME_QUOTA, false},

	// --- Gemini
	{"gemini", 400,
		GOOGLE_REASON("400", "INVALID_ARGUMENT",
			"API key expired. Please renew the API key.", "API_KEY_INVALID"),
		BS_OUTCOME_CREDENTIAL, false},
	{"gemini", 403, GOOGLE("403", "PERMISSION_DENIED", "Your API key was reported as leaked."),
		BS_OUTCOME_CREDENTIAL, false},
	{"gemini", 402,
		GOOGLE("402", "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."),
		BS_OUTCOME_QUOTA, false},
	{"gemini", 429,
		"{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please "
		"check your plan and billing details. * Quota exceeded for metric: "
		"generate_content_free_tier_requests, limit: 0\",\"status\":"
		"\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/"
		"google.rpc.QuotaFailure\"}]}}",
		BS_OUTCOME_QUOTA, false},
	{"gemini", 429, GOOGLE("429", "RESOURCE_EXHAUSTED", "Resource has been exhausted."),
		BS_OUTCOME_RATE_LIMITED, false},
	{"gemini", 404,
		GOOGLE("404", "NOT_FOUND",
			"models/gemini-1.0-pro is not found for API version v1beta, or is not "
			"supported for generateContent."),
		BS_OUTCOME_MODEL_GONE, false},
	{"gemini", 400,
		GOOGLE("400", "INVALID_ARGUMENT",
			"The input token count (1100000) exceeds the maximum number of tokens "
			"allowed (1048576)."),
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"gemini", 400,
		GOOGLE("400", "INVALID_ARGUMENT",
			"Invalid JSON payload received. Unknown name \\\"responseJsonSchema\\\" at "
			"'generation_config': Cannot find field."),
		BS_OUTCOME_CAPABILITY, false},
	{"gemini", 400,
		GOOGLE("400", "INVALID_ARGUMENT",
			"A schema in GenerationConfig in the request exceeds the maximum allowed "
			"nesting depth. response_schema"),
		BS_OUTCOME_CAPABILITY, false},
	{"gemini", 400,
		GOOGLE("400", "INVALID_ARGUMENT",
			"Function calling config is set without function_declarations: function "
			"calling is not enabled for this model"),
		BS_OUTCOME_CAPABILITY, false},
	{"gemini", 400,
		GOOGLE("400", "INVALID_ARGUMENT",
			"Thinking level is not supported for this model."),
		BS_OUTCOME_CAPABILITY, true},
	{"gemini", 400,
		GOOGLE("400", "FAILED_PRECONDITION",
			"User location is not supported for the API use."),
		BS_OUTCOME_REJECTED, false},
	{"gemini", 503,
		GOOGLE("503", "UNAVAILABLE", "The model is overloaded. Please try again later."),
		BS_OUTCOME_OVERLOADED, false},
	{"gemini", 500, GOOGLE("500", "INTERNAL", "An internal error has occurred."),
		BS_OUTCOME_SERVER_ERROR, false},
	{"gemini", 504, GOOGLE("504", "DEADLINE_EXCEEDED", "Deadline expired."),
		BS_OUTCOME_SERVER_ERROR, false},

	// --- Azure: codes are numbers in strings
	{"azure", 401,
		"{\"error\":{\"code\":\"401\",\"message\":\"Access denied due to invalid "
		"subscription key or wrong API endpoint.\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"azure", 401, "{\"statusCode\":401,\"message\":\"Unauthorized. Access token is missing\"}",
		BS_OUTCOME_CREDENTIAL, false},
	{"azure", 404,
		"{\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"The API deployment for "
		"this resource does not exist.\"}}",
		BS_OUTCOME_MODEL_GONE, false},
	{"azure", 429,
		"{\"error\":{\"code\":\"429\",\"message\":\"Requests to the ChatCompletions "
		"Operation have exceeded call rate limit. Please retry after 9 seconds.\"}}",
		BS_OUTCOME_RATE_LIMITED, false},
	{"azure", 400,
		"{\"error\":{\"message\":\"The response was filtered due to the prompt triggering "
		"Azure OpenAI's content management policy.\",\"type\":null,\"param\":\"prompt\","
		"\"code\":\"content_filter\",\"status\":400,\"innererror\":{\"code\":"
		"\"ResponsibleAIPolicyViolation\"}}}",
		BS_OUTCOME_REFUSED, false},

	// --- Mistral: flat, or FastAPI's list
	{"mistral", 401, "{\"message\":\"Unauthorized\",\"request_id\":\"a1\"}",
		BS_OUTCOME_CREDENTIAL, false},
	{"mistral", 400,
		"{\"object\":\"error\",\"message\":\"Invalid model: mistral-tiny-9\",\"type\":"
		"\"invalid_model\",\"param\":null,\"code\":\"1500\"}",
		BS_OUTCOME_MODEL_GONE, false},
	{"mistral", 429,
		"{\"object\":\"error\",\"message\":\"Service tier capacity exceeded for this "
		"model.\",\"type\":\"service_tier_capacity_exceeded\",\"param\":null,\"code\":"
		"\"3505\"}",
		BS_OUTCOME_OVERLOADED, false},
	{"mistral", 429, "{\"message\":\"Requests rate limit exceeded\"}", BS_OUTCOME_RATE_LIMITED,
		false},
	{"mistral", 422,
		"{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\","
		"\"loc\":[\"body\",\"max_completion_tokens\"],\"msg\":\"Extra inputs are not "
		"permitted\"}]},\"type\":\"invalid_request_error\"}",
		BS_OUTCOME_CAPABILITY, true},
	{"mistral", 422,
		"{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\","
		"\"prompt_cache_key\"],\"msg\":\"Extra inputs are not permitted\"}]}",
		BS_OUTCOME_CAPABILITY, true},
	{"mistral", 400,
		"{\"object\":\"error\",\"message\":\"Prompt contains 140000 tokens and 0 draft "
		"tokens, too large for model with 131072 maximum context length\",\"type\":"
		"\"invalid_request_error\",\"code\":\"3051\"}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},

	// --- Groq
	{"groq", 400,
		PLAIN("This model does not support response format `json_schema`.",
			"invalid_request_error", "null"),
		BS_OUTCOME_CAPABILITY, false},
	{"groq", 400,
		"{\"error\":{\"message\":\"Failed to validate JSON. Please adjust your prompt.\","
		"\"type\":\"invalid_request_error\",\"code\":\"json_validate_failed\","
		"\"failed_generation\":\"{\\\"a\\\":\"}}",
		BS_OUTCOME_INVALID_JSON, false},
	{"groq", 413,
		PLAIN("Request too large for model `x` on tokens per minute (TPM): Limit 6000, "
		      "Requested 9000",
			"tokens", "\"rate_limit_exceeded\""),
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"groq", 429,
		PLAIN("Rate limit reached for model `x`. Please try again in 7.66s.", "tokens",
			"\"rate_limit_exceeded\""),
		BS_OUTCOME_RATE_LIMITED, false},
	{"groq", 498, PLAIN("capacity", "x", "\"capacity_exceeded\""), BS_OUTCOME_OVERLOADED,
		false},

	// --- OpenRouter: codes are numbers, the finer ones stand in the metadata
	{"openrouter", 402,
		"{\"error\":{\"code\":402,\"message\":\"This request requires more credits\","
		"\"metadata\":{\"error_type\":\"payment_required\"}}}",
		BS_OUTCOME_QUOTA, false},
	{"openrouter", 404,
		"{\"error\":{\"code\":404,\"message\":\"No endpoints found that can handle the "
		"requested parameters.\"}}",
		BS_OUTCOME_CAPABILITY, false},
	{"openrouter", 404,
		"{\"error\":{\"code\":404,\"message\":\"No endpoints found for x/y.\"}}",
		BS_OUTCOME_MODEL_GONE, false},
	{"openrouter", 400,
		"{\"error\":{\"code\":400,\"message\":\"Provider returned error\",\"metadata\":{"
		"\"error_type\":\"context_length_exceeded\",\"provider_name\":\"X\"}}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"openrouter", 403,
		"{\"error\":{\"code\":403,\"message\":\"Your input was flagged\",\"metadata\":{"
		"\"error_type\":\"content_policy_violation\"}}}",
		BS_OUTCOME_REFUSED, false},
	{"openrouter", 403,
		"{\"error\":{\"message\":\"Key limit exceeded (total limit). Manage it using "
		"https://openrouter.ai/settings/keys\",\"code\":403}}",
		BS_OUTCOME_QUOTA, false},
	{"openrouter", 502,
		"{\"error\":{\"code\":502,\"message\":\"Provider returned error\",\"metadata\":{"
		"\"error_type\":\"provider_overloaded\"}}}",
		BS_OUTCOME_OVERLOADED, false},

	// --- Ollama: strings
	{"ollama", 404, "{\"error\":\"model 'llama9' not found\"}", BS_OUTCOME_MODEL_GONE, false},
	{"ollama", 400, "{\"error\":\"\\\"llama3.2\\\" does not support thinking\"}",
		BS_OUTCOME_CAPABILITY, true},
	{"ollama", 500,
		"{\"error\":\"model requires more system memory (9.1 GiB) than is available\"}",
		BS_OUTCOME_SERVER_ERROR, false},
	{"ollama", 503,
		"{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}",
		BS_OUTCOME_OVERLOADED, false},
	{"ollama", 401, "{\"error\":\"unauthorized\"}", BS_OUTCOME_CREDENTIAL, false},

	// --- llama.cpp and vLLM: codes are numbers
	{"llamacpp", 400,
		"{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context "
		"size, try increasing it\",\"type\":\"exceed_context_size_error\",\"n_ctx\":4096}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"llamacpp", 503,
		"{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":"
		"\"unavailable_error\"}}",
		BS_OUTCOME_SERVER_ERROR, false},
	{"llamacpp", 401,
		"{\"error\":{\"code\":401,\"message\":\"Invalid API Key\",\"type\":"
		"\"authentication_error\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"vllm", 404,
		"{\"error\":{\"message\":\"The model `x` does not exist.\",\"type\":"
		"\"NotFoundError\",\"param\":\"model\",\"code\":404}}",
		BS_OUTCOME_MODEL_GONE, false},
	{"vllm", 400,
		"{\"object\":\"error\",\"message\":\"This model's maximum context length is 8192 "
		"tokens. However, you requested 9000 tokens\",\"type\":\"BadRequestError\","
		"\"param\":null,\"code\":400}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"vllm", 400,
		"{\"error\":{\"message\":\"chat_template_kwargs: Extra inputs are not "
		"permitted\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}}",
		BS_OUTCOME_CAPABILITY, true},

	// --- gateways
	{"bifrost", 401,
		"{\"is_bifrost_error\":true,\"status_code\":401,\"error\":{\"message\":\"virtual "
		"key is required\",\"type\":\"virtual_key_required\",\"code\":\"401\"},"
		"\"extra_fields\":{\"provider\":\"openai\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"bifrost", 429,
		"{\"is_bifrost_error\":false,\"status_code\":429,\"error\":{\"type\":"
		"\"insufficient_quota\",\"code\":\"insufficient_quota\",\"message\":\"You exceeded "
		"your current quota\"}}",
		BS_OUTCOME_QUOTA, false},
	{"bifrost", 504,
		"{\"is_bifrost_error\":true,\"status_code\":504,\"error\":{\"message\":\"request "
		"timed out\"}}",
		BS_OUTCOME_SERVER_ERROR, false},
	{"bifrost", 500,
		"{\"is_bifrost_error\":false,\"status_code\":401,\"error\":{\"message\":\"Unauthorized\"},"
		"\"extra_fields\":{\"provider\":\"openai\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"bifrost", 500,
		"{\"is_bifrost_error\":false,\"error\":{\"type\":\"invalid_request_error\",\"code\":"
		"\"invalid_api_key\",\"message\":\"Incorrect API key provided\"},"
		"\"extra_fields\":{\"provider\":\"openai\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"bifrost", 500,
		"{\"is_bifrost_error\":false,\"status_code\":503,\"error\":{\"message\":\"x\"}}",
		BS_OUTCOME_SERVER_ERROR, false},
	{"bifrost", 400,
		"{\"is_bifrost_error\":false,\"status_code\":400,\"error\":{\"message\":\"no keys "
		"found that support model: gpt-9\"},\"extra_fields\":{\"provider\":\"openai\"}}",
		BS_OUTCOME_MODEL_GONE, false},
	{"bifrost", 500,
		"{\"is_bifrost_error\":false,\"error\":{\"message\":\"no keys found for provider: "
		"groq\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"bifrost", 403,
		"{\"is_bifrost_error\":true,\"status_code\":403,\"error\":{\"type\":\"model_blocked\","
		"\"message\":\"Model 'gpt-9' is not allowed for this virtual key\"}}",
		BS_OUTCOME_MODEL_GONE, false},
	{"litellm", 500, // its own number says no more than the transfer's
		PLAIN("litellm.InternalServerError: x", "None", "\"500\""), BS_OUTCOME_SERVER_ERROR,
		false},
	{"litellm", 429,
		"{\"error\":{\"message\":\"No deployments available for selected model, Try again "
		"in 5 seconds.\",\"type\":\"None\",\"param\":\"None\",\"code\":\"429\"}}",
		BS_OUTCOME_RATE_LIMITED, false},
	{"litellm", 400,
		"{\"error\":{\"message\":\"litellm.ContextWindowExceededError: prompt is too "
		"long\",\"type\":null,\"param\":null,\"code\":\"400\"}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"litellm", 400,
		"{\"error\":{\"message\":\"litellm.UnsupportedParamsError: x does not support "
		"parameters: ['response_format']\",\"type\":\"None\",\"param\":\"None\",\"code\":"
		"\"400\"}}",
		BS_OUTCOME_CAPABILITY, false},
	{"litellm", 401,
		"{\"error\":{\"message\":\"Authentication Error, Invalid proxy server token "
		"passed.\",\"type\":\"auth_error\",\"param\":\"None\",\"code\":\"401\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"portkey", 412, "{\"status\":\"failure\",\"message\":\"budget exhausted\"}",
		BS_OUTCOME_QUOTA, false},
	{"portkey", 446, "{\"status\":\"failure\",\"message\":\"hooks failed\"}",
		BS_OUTCOME_REFUSED, false},
	{"portkey", 400,
		"{\"status\":\"failure\",\"message\":\"Either x-portkey-config or "
		"x-portkey-provider header is required\"}",
		BS_OUTCOME_REJECTED, false},
	{"portkey", 529,
		"{\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\",\"param\":"
		"null,\"code\":null},\"provider\":\"anthropic\"}",
		BS_OUTCOME_OVERLOADED, false},

	// --- what stands elsewhere in the body, and words of one host only
	{"openrouter", 400,
		"{\"error\": {\"code\": 400, \"message\": \"Provider returned error\", "
		"\"metadata\": {\"provider_name\": \"X\", \"raw\": \"{\\\"error\\\": {\\\""
		"message\\\": \\\"This model's maximum context length is 8192 tokens.\\\""
		", \\\"type\\\": \\\"x\\\"}}\"}}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"openrouter", 400,
		"{\"error\": {\"code\": 400, \"message\": \"Provider returned error\", "
		"\"metadata\": {\"provider_name\": \"X\", \"raw\": \"{\\\"error\\\": {\\\""
		"code\\\": \\\"context_length_exceeded\\\", \\\"message\\\": \\\"x\\\"}"
		"}\"}}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"openrouter", 400,
		"{\"error\": {\"code\": 400, \"message\": \"Provider returned error\", "
		"\"metadata\": {\"provider_name\": \"X\", \"raw\": \"{\\\"error\\\": {\\\""
		"message\\\": \\\"response_format json_schema is not supported\\\"}}\"}"
		"}}",
		BS_OUTCOME_CAPABILITY, false},
	{"openrouter", 400,
		"{\"error\": {\"code\": 400, \"message\": \"Provider returned error\", "
		"\"metadata\": {\"provider_name\": \"X\", \"raw\": \"internal words\"}}"
		"}",
		BS_OUTCOME_REJECTED, false},
	{"openrouter", 400,
		"{\"error\": {\"code\": 400, \"message\": \"Provider returned error\", "
		"\"metadata\": {\"provider_name\": \"Azure\", \"raw\": \"{\\\"error\\\": "
		"{\\\"code\\\": \\\"content_filter\\\", \\\"message\\\": \\\"x\\\"}}\"}}}",
		BS_OUTCOME_REFUSED, false},
	{"openrouter", 400,
		"{\"error\": {\"code\": 400, \"message\": \"Provider returned error\", "
		"\"metadata\": {\"provider_name\": \"Azure\", \"raw\": \"{\\\"error\\\": "
		"{\\\"message\\\": \\\"The response was filtered due to the prompt triggering "
		"Azure OpenAI's content management policy.\\\"}}\"}}}",
		BS_OUTCOME_REFUSED, false},
	{"openrouter", 403,
		"{\"error\": {\"code\": 403, \"message\": \"Provider returned error\", "
		"\"metadata\": {\"raw\": {\"error\": {\"message\": \"Your request was flagged "
		"as a violation of our usage policies.\"}}}}}",
		BS_OUTCOME_REFUSED, false},
	{"openrouter", 429,
		"{\"error\": {\"code\": 429, \"message\": \"Provider returned error\", "
		"\"metadata\": {\"provider_name\": \"X\", \"raw\": \"x is temporarily r"
		"ate-limited upstream\"}}}",
		BS_OUTCOME_RATE_LIMITED, false},
	{"openrouter", 403,
		"{\"error\": {\"code\": 403, \"message\": \"x/y requires moderation on "
		"X. Input flagged for violence.\", \"metadata\": {}}}",
		BS_OUTCOME_REFUSED, false},
	{"openrouter", 400,
		"{\"error\": {\"code\": 400, \"message\": \"x\", \"metadata\": {\"error"
		"_type\": \"refusal\"}}}",
		BS_OUTCOME_REFUSED, false},
	{"openrouter", 400,
		"{\"error\": {\"code\": 400, \"message\": \"x\", \"metadata\": {\"error"
		"_type\": \"max_tokens_exceeded\"}}}",
		BS_OUTCOME_CAPABILITY, true},
	{"gemini", 429,
		"{\"error\": {\"code\": 429, \"message\": \"You exceeded your current q"
		"uota, please check your plan and billing details. * Quota exceeded for"
		" metric: free_tier_requests, limit: 0, model: m Please retry in 46s.\""
		", \"status\": \"RESOURCE_EXHAUSTED\", \"details\": [{\"@type\": \"type"
		".googleapis.com/google.rpc.RetryInfo\", \"retryDelay\": \"46s\"}]}}",
		BS_OUTCOME_QUOTA, false},
	{"gemini", 429,
		"{\"error\": {\"code\": 429, \"message\": \"You exceeded your current q"
		"uota, please check your plan and billing details. * Quota exceeded for"
		" metric: free_tier_requests, limit: 15, model: m Please retry in 46s.\""
		", \"status\": \"RESOURCE_EXHAUSTED\", \"details\": [{\"@type\": \"type"
		".googleapis.com/google.rpc.RetryInfo\", \"retryDelay\": \"46s\"}]}}",
		BS_OUTCOME_RATE_LIMITED, false},
	{"gemini", 400,
		"{\"error\": {\"code\": 400, \"message\": \"Gemini API free tier is not"
		" available in your country. Please enable billing on your project.\", "
		"\"status\": \"FAILED_PRECONDITION\"}}",
		BS_OUTCOME_QUOTA, false},
	{"litellm", 400,
		"{\"error\": {\"message\": \"litellm.ContextWindowExceededError: 9000 t"
		"okens do not fit, 1000 of them output tokens\", \"type\": \"None\", \""
		"param\": \"None\", \"code\": \"400\"}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"litellm", 400,
		"{\"error\": {\"message\": \"litellm.BadRequestError: litellm.ContentPo"
		"licyViolationError: x\", \"type\": \"None\", \"param\": \"None\", \"co"
		"de\": \"400\"}}",
		BS_OUTCOME_REFUSED, false},
	{"litellm", 400,
		"{\"error\": {\"message\": \"Authentication Error, x\", \"type\": \"aut"
		"h_error\", \"param\": \"None\", \"code\": \"400\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"groq", 400,
		"{\"error\": {\"message\": \"Failed to call a function. Please adjust y"
		"our prompt.\", \"type\": \"invalid_request_error\", \"code\": \"tool_u"
		"se_failed\", \"failed_generation\": \"x\"}}",
		BS_OUTCOME_INVALID_JSON, false},
	{"groq", 400,
		"{\"error\": {\"message\": \"Organization has been restricted. Please r"
		"each out to support.\", \"type\": \"invalid_request_error\", \"code\":"
		" \"organization_restricted\"}}",
		BS_OUTCOME_CREDENTIAL, false},
	{"bifrost", 429,
		"{\"type\": \"budget_exceeded\", \"is_bifrost_error\": true, \"status_c"
		"ode\": 429, \"error\": {\"message\": \"no more\"}}",
		BS_OUTCOME_QUOTA, false},
	{"bifrost", 429,
		"{\"type\": \"budget_exceeded\", \"status_code\": 429, \"error\": {\"ty"
		"pe\": \"x\", \"message\": \"no more\"}}",
		BS_OUTCOME_QUOTA, false},
	{"vllm", 400,
		"{\"error\": {\"message\": \"\\\"auto\\\" tool choice requires --enable"
		"-auto-tool-choice and --tool-call-parser to be set\", \"type\": \"BadR"
		"equestError\", \"param\": null, \"code\": 400}}",
		BS_OUTCOME_CAPABILITY, false},
	{"llamacpp", 400,
		"{\"error\": {\"code\": 400, \"message\": \"Failed to parse grammar\", "
		"\"type\": \"invalid_request_error\"}}",
		BS_OUTCOME_CAPABILITY, false},
	{"llamacpp", 500,
		"{\"error\": {\"code\": 500, \"message\": \"tools param requires --jinj"
		"a flag\", \"type\": \"server_error\"}}",
		BS_OUTCOME_CAPABILITY, false},
	{"anthropic", 400,
		"{\"type\": \"error\", \"error\": {\"type\": \"invalid_request_error\","
		" \"message\": \"Schema is too complex.\"}, \"request_id\": \"req_1\"}",
		BS_OUTCOME_CAPABILITY, false},
	// --- as servers and their users report them
	// vllm #4667: what the prompt left of the window
	{"vllm", 400,
		"{\"object\":\"error\",\"message\":\"max_tokens must be at least 1, got -186.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	// vllm #37011
	{"vllm", 400,
		"{\"error\":{\"message\":\"This request is longer than the model takes\",\"type\":\"BadRequestError\",\"code\":\"context_length_exceeded\"}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"vllm", 400,
		"{\"object\":\"error\",\"message\":\"This model's maximum context length is 10000 tokens. However, you requested 10515 tokens (2323 in the messages, 8192 in the completion). Please reduce the length of the messages or completion.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	// llama.cpp b11549, as it came
	{"llamacpp", 400,
		"{\"error\":{\"code\":400,\"message\":\"request (3030 tokens) exceeds the available context size (1536 tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":3030,\"n_ctx\":1536}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	{"llamacpp", 400,
		"{\"error\":{\"code\":400,\"message\":\"Unable to generate parser for this template. Automatic parser generation failed: JSON schema error at #: unrecognized type objekt\",\"type\":\"invalid_request_error\"}}",
		BS_OUTCOME_CAPABILITY, false},
	{"llamacpp", 400,
		"{\"error\":{\"code\":400,\"message\":\"response_format type must be one of \\\"text\\\" or \\\"json_object\\\", but got: json_schema\",\"type\":\"invalid_request_error\"}}",
		BS_OUTCOME_CAPABILITY, false},
	{"llamacpp", 400,
		"{\"error\":{\"code\":400,\"message\":\"Field 'max_tokens': [json.exception.type_error.302] type must be number, but is string\",\"type\":\"invalid_request_error\"}}",
		BS_OUTCOME_CAPABILITY, true},
	{"llamacpp", 404,
		"{\"error\":{\"message\":\"File Not Found\",\"type\":\"not_found_error\",\"code\":404}}",
		BS_OUTCOME_MODEL_GONE, false},
	// gpustack #1845
	{"llamacpp", 400,
		"{\"error\":{\"code\":400,\"message\":\"Illegal param: prefill 744 tokens exceed n_ctx_per_seq, try increasing total context size, adjusting RoPE, enabling context shifting, reducing parallel or reducing prefill tokens\",\"type\":\"invalid_request_error\"}}",
		BS_OUTCOME_CONTEXT_TOO_LONG, false},
	// ollama #11380
	{"ollama", 500,
		"{\"error\":\"model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details\"}",
		BS_OUTCOME_SERVER_ERROR, false},
	// litellm #31300
	{"litellm", 429,
		"{\"error\":{\"message\":\"Budget has been exceeded! Key=ci Current cost: 0.0001182, Max budget: 0.0001\",\"type\":\"budget_exceeded\",\"code\":\"429\"}}",
		BS_OUTCOME_QUOTA, false},
	{"litellm", 429,
		"{\"error\":{\"message\":\"Rate limit exceeded for api_key: d8108c. Limit type: tokens. Current limit: 100, Remaining: 0.\",\"type\":\"throttling_error\",\"code\":\"429\"}}",
		BS_OUTCOME_RATE_LIMITED, false},
	// litellm #5634
	{"litellm", 429,
		"{\"error\":{\"message\":\"No deployments available for selected model, Try again in 60 seconds. Passed model=m. pre-call-checks=False, cooldown_list=['c9d4']\",\"type\":\"None\",\"param\":\"None\",\"code\":\"429\"}}",
		BS_OUTCOME_RATE_LIMITED, false},
	{"litellm", 400,
		"{\"error\":{\"message\":\"/chat/completions: Invalid model name passed in model=m. Call `/v1/models` to view available models for your key.\",\"type\":\"None\",\"param\":\"None\",\"code\":\"400\"}}",
		BS_OUTCOME_MODEL_GONE, false},
};

// Bedrock: the class stands in the header x-amzn-ErrorType.
static const struct {
	const char *class;
	struct sample sample;
} aws_samples[] = {
	{"UnrecognizedClientException:http://x",
		{"bedrock", 403,
			"{\"message\":\"The security token included in the request is invalid.\"}",
			BS_OUTCOME_CREDENTIAL, false}},
	{"AccessDeniedException",
		{"bedrock", 403,
			"{\"Message\":\"You don't have access to the model with the specified model ID.\"}",
			BS_OUTCOME_MODEL_GONE, false}},
	{"ValidationException",
		{"bedrock", 400, "{\"message\":\"The provided model identifier is invalid.\"}",
			BS_OUTCOME_MODEL_GONE, false}},
	{"ValidationException",
		{"bedrock", 400,
			"{\"message\":\"Invocation of model ID x with on-demand throughput isn't supported. "
			"Retry your request with the ID or ARN of an inference profile.\"}",
			BS_OUTCOME_MODEL_GONE, false}},
	{"ValidationException",
		{"bedrock", 400, "{\"message\":\"Input is too long for requested model.\"}",
			BS_OUTCOME_CONTEXT_TOO_LONG, false}},
	{"ValidationException",
		{"bedrock", 400,
			"{\"message\":\"This model doesn't support the outputConfig field.\"}",
			BS_OUTCOME_CAPABILITY, false}},
	{"ValidationException",
		{"bedrock", 400,
			"{\"message\":\"This model doesn't support the toolConfig.toolChoice.tool field.\"}",
			BS_OUTCOME_CAPABILITY, false}},
	{"ServiceQuotaExceededException:http://x",
		{"bedrock", 400, "{\"message\":\"Account limit\"}", BS_OUTCOME_RATE_LIMITED,
			false}},
	{"ThrottlingException",
		{"bedrock", 429,
			"{\"message\":\"Too many tokens, please wait before trying again.\"}",
			BS_OUTCOME_RATE_LIMITED, false}},
	{"ThrottlingException",
		{"bedrock", 429,
			"{\"message\":\"Too many tokens per day, please wait before trying again.\"}",
			BS_OUTCOME_QUOTA, false}},
	{"ModelNotReadyException", {"bedrock", 429, "", BS_OUTCOME_RATE_LIMITED, false}},
	{"ModelTimeoutException",
		{"bedrock", 408, "{\"message\":\"x\"}", BS_OUTCOME_TIMEOUT, false}},
	{"ModelErrorException",
		{"bedrock", 424, "{\"message\":\"x\"}", BS_OUTCOME_SERVER_ERROR, false}},
	{"", {"bedrock", 503, "{\"__type\":\"ServiceUnavailableException\",\"message\":\"x\"}",
		     BS_OUTCOME_SERVER_ERROR, false}},
};

static unsigned check(const struct sample *s, const char *aws_class, struct bs_arena *arena)
{
	const struct bs_header header = {BS_LIT("x-amzn-ErrorType"), bs_str_c(aws_class)};
	const struct bs_exchange x = {.http_status = s->status,
		.headers = &header,
		.headers_count = aws_class ? 1 : 0,
		.body = bs_str_c(s->body)};
	struct bs_class c = bs_classify(&x, arena);
	if (c.outcome == s->outcome && c.parameter_refused == s->parameter)
		return 0;
	print_error("%s: %d %s: got %s%s\n", s->who, s->status, s->body, bs_outcome_id(c.outcome),
		c.parameter_refused ? " (parameter)" : "");
	return 1;
}

static void errors_of_every_provider_have_their_class(void **state)
{
	(void)state;
	struct bs_arena arena;
	unsigned wrong = 0;
	bs_arena_init(&arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		wrong += check(&samples[i], NULL, &arena);
	for (size_t i = 0; i < sizeof(aws_samples) / sizeof(aws_samples[0]); i++)
		wrong += check(&aws_samples[i].sample, aws_samples[i].class, &arena);
	bs_arena_release(&arena);
	assert_int_equal(wrong, 0);
}

static void an_error_names_its_request(void **state)
{
	(void)state;
	static const char *const bodies[] = {"{\"message\":\"Unauthorized\",\"request_id\":\"a1\"}",
		"{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":"
		"\"invalid x-api-key\"},\"request_id\":\"a1\"}"};
	struct bs_arena arena;
	bs_arena_init(&arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		const struct bs_exchange x = {.http_status = 401, .body = bs_str_c(bodies[i])};
		assert_true(bs_str_eq_c(bs_classify(&x, &arena).request_id, "a1"));
	}
	bs_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_of_every_provider_have_their_class),
		cmocka_unit_test(an_error_names_its_request),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
