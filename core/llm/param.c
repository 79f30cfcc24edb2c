// SPDX-License-Identifier: MIT
// Names of optional parameters, as formats, SDKs and gateways spell them.
#include "core/llm/param.h"

static const struct {
	unsigned param;
	const char *name;
} ids[] = {
	{BS_PARAM_LIMIT, "max_tokens"},
	{BS_PARAM_SPELLING, "max_tokens by its usual name"},
	{BS_PARAM_EFFORT, "reasoning_effort"},
	{BS_PARAM_CACHE_KEY, "prompt_cache_key"},
	{BS_PARAM_TEMPLATE, "chat_template_kwargs"},
	{BS_PARAM_STREAM_OPTIONS, "stream_options"},
	{BS_PARAM_STORE, "store"},
	{BS_PARAM_STREAM, "stream"},
};

// Everyday words count in a sentence only where they are marked as a name.
static const struct {
	const char *name;
	unsigned param;
	bool everyday;
} names[] = {
	{"max_tokens", BS_PARAM_LIMIT, false},
	{"max_completion_tokens", BS_PARAM_LIMIT, false},
	{"max_output_tokens", BS_PARAM_LIMIT, false},
	{"max_new_tokens", BS_PARAM_LIMIT, false},
	{"maxTokens", BS_PARAM_LIMIT, false},
	{"maxOutputTokens", BS_PARAM_LIMIT, false},
	{"inferenceConfig", BS_PARAM_LIMIT, false},
	{"reasoning_effort", BS_PARAM_EFFORT, false},
	{"reasoning", BS_PARAM_EFFORT, true},
	{"thinking", BS_PARAM_EFFORT, false},
	{"thinking_config", BS_PARAM_EFFORT, false},
	{"thinkingConfig", BS_PARAM_EFFORT, false},
	{"thinkingLevel", BS_PARAM_EFFORT, false},
	{"thinking_level", BS_PARAM_EFFORT, false},
	{"thinkingBudget", BS_PARAM_EFFORT, false},
	{"thinking_budget", BS_PARAM_EFFORT, false},
	{"think", BS_PARAM_EFFORT, true},
	{"prompt_cache_key", BS_PARAM_CACHE_KEY, false},
	{"chat_template_kwargs", BS_PARAM_TEMPLATE, false},
	{"enable_thinking", BS_PARAM_TEMPLATE, false},
	{"stream_options", BS_PARAM_STREAM_OPTIONS, false},
	{"include_usage", BS_PARAM_STREAM_OPTIONS, false},
	{"store", BS_PARAM_STORE, true},
	{"stream", BS_PARAM_STREAM, true},
	{"temperature", BS_PARAM_SAMPLER, false},
	{"top_p", BS_PARAM_SAMPLER, false},
	{"topP", BS_PARAM_SAMPLER, false},
	{"top_k", BS_PARAM_SAMPLER, false},
	{"topK", BS_PARAM_SAMPLER, false},
};

const char *bs_param_at(size_t index, unsigned *ret_param)
{
	if (index >= sizeof(ids) / sizeof(ids[0]))
		return NULL;
	*ret_param = ids[index].param;
	return ids[index].name;
}

static bool is_name_char(char c)
{
	return bs_is_alnum(c) || c == '_';
}

static bool is_quote(char c)
{
	return c == '\'' || c == '`' || c == '"';
}

// In quotes, at the end of a path (generation_config.x), before or after a colon.
static bool is_marked(struct bs_str text, size_t begin, size_t end)
{
	char before = begin > 0 ? text.ptr[begin - 1] : ' ';
	char after = end < text.len ? text.ptr[end] : ' ';
	bool last = end == text.len || after == '.' || after == ',';
	if (is_quote(before) || is_quote(after))
		return true;
	return (begin == 0 && after == ':') || (before == '.' && last) ||
	       (begin > 1 && before == ' ' && text.ptr[begin - 2] == ':' && last);
}

// As a whole word anywhere in the text.
static bool has_name(struct bs_str text, struct bs_str word, bool everyday)
{
	for (size_t from = 0; from < text.len;) {
		size_t at = bs_str_ifind(bs_str_from(text, from), word);
		if (at == SIZE_MAX)
			return false;
		size_t begin = from + at, end = begin + word.len;
		bool whole = (begin == 0 || !is_name_char(text.ptr[begin - 1])) &&
			     (end == text.len || !is_name_char(text.ptr[end]));
		if (whole && (!everyday || is_marked(text, begin, end)))
			return true;
		from = begin + 1;
	}
	return false;
}

static unsigned named_in(struct bs_str text, bool is_field)
{
	unsigned named = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (has_name(text, bs_str_c(names[i].name), names[i].everyday && !is_field))
			named |= names[i].param;
	return named;
}

unsigned bs_params_named(struct bs_str field, struct bs_str sentence)
{
	unsigned named = named_in(field, true);
	return named ? named : named_in(sentence, false);
}

bool bs_param_is_named(struct bs_str field, struct bs_str sentence, struct bs_str name)
{
	return name.len && (has_name(field, name, false) || has_name(sentence, name, true));
}

#define BY_NAME_MAX 2 // each refusal costs an attempt: after so many the rest goes at once

unsigned bs_params_refused(unsigned sent, unsigned dropped, unsigned named, bool keep_limit)
{
	unsigned drop = sent & named, unnamed = sent & BS_PARAMS_UNNAMED, count = 0;
	for (unsigned rest = dropped; rest; rest &= rest - 1)
		count++;
	if (!drop && named)
		return 0;
	if (!drop) {
		bool others = unnamed & ~(unsigned)BS_PARAM_LIMIT;
		return keep_limit && others ? unnamed & ~(unsigned)BS_PARAM_LIMIT : unnamed;
	}
	if ((drop & BS_PARAM_LIMIT) && (sent & BS_PARAM_SPELLING))
		drop = (drop & ~(unsigned)BS_PARAM_LIMIT) | BS_PARAM_SPELLING;
	if (count >= BY_NAME_MAX)
		drop |= unnamed & ~(unsigned)BS_PARAM_LIMIT;
	return drop;
}
