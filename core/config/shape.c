// SPDX-License-Identifier: MIT
// Conditions on strings that the table of settings names: routes, URLs, names of variables.
#include "core/config/credentials.h"
#include "core/config/value.h"
#include "core/ext/json.h"

#define VARIABLE_BYTES_MAX 128
#define PROVIDER_BYTES_MAX 64

static bool is_one_of(char c, const char *set)
{
	return bs_str_find_char(bs_str_c(set), c) != SIZE_MAX;
}

static bool is_printable(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
			return false;
	return text.len > 0;
}

// Model names hold letters, digits and "-._:/@"; what follows the first slash is the provider's
// business.
bool bs_value_is_route(struct bs_str text)
{
	size_t slash = bs_str_find_char(text, '/');
	if (slash == text.len - 1 || bs_str_find_char(text, ',') != SIZE_MAX)
		return false;
	return is_printable(text) && bs_value_is_provider(bs_str_sub(text, 0, slash));
}

bool bs_value_is_provider(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!bs_is_alnum(text.ptr[i]) && (i == 0 || !is_one_of(text.ptr[i], "-_.")))
			return false;
	return text.len > 0 && text.len <= PROVIDER_BYTES_MAX;
}

static bool is_name_char(char c)
{
	return bs_is_alnum(c) || c == '_';
}

bool bs_value_is_glob(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_name_char(text.ptr[i]) && text.ptr[i] != '*' && text.ptr[i] != '?')
			return false;
	return text.len > 0 && text.len <= VARIABLE_BYTES_MAX;
}

// Keys begin with a word of their maker (sk-, gsk_, AIza …) or are a long run of mixed letters and
// digits; names of variables are words with underscores.
static bool looks_like_key(struct bs_str text)
{
	static const char *const beginnings[] = {"sk_", "gsk_", "AIza", "hf_", "pk_", "rk_", "ghp_",
		"xai_", "nvapi", "pplx", "eyJ", "bkua_", NULL};
	size_t digits = 0, lower = 0, underscores = 0;
	for (size_t i = 0; beginnings[i]; i++)
		if (text.len >= 16 && bs_str_starts(text, bs_str_c(beginnings[i])))
			return true;
	for (size_t i = 0; i < text.len; i++) {
		digits += bs_is_digit(text.ptr[i]);
		lower += text.ptr[i] >= 'a' && text.ptr[i] <= 'z';
		underscores += text.ptr[i] == '_';
	}
	if (text.len >= 16 && lower > 0 && digits >= 3 && underscores <= 2)
		return true;
	return text.len >= 24 && underscores == 0 && digits > 0;
}

bool bs_value_is_variable(struct bs_str text)
{
	if (text.len == 0 || text.len > VARIABLE_BYTES_MAX || bs_is_digit(text.ptr[0]))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!is_name_char(text.ptr[i]))
			return false;
	return !looks_like_key(text);
}

// Paths and names are looked up in a list of NAME=VALUE, and redaction reads them as patterns.
static bool is_path(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || is_one_of(text.ptr[i], "=*?,"))
			return false;
	return text.len > 1 && text.ptr[0] == '/';
}

bool bs_value_is_credential(struct bs_str text)
{
	const char *rest;
	enum bs_credential_kind kind = bs_credential_kind(text, &rest);
	struct bs_str name = bs_str_from(text, (size_t)(rest - text.ptr));
	return kind == BS_CREDENTIAL_FILE ? is_path(name) : bs_value_is_variable(name);
}

bool bs_value_is_base_url(struct bs_str text)
{
	struct bs_str rest = bs_str_starts(text, BS_LIT("https://"))  ? bs_str_from(text, 8)
			     : bs_str_starts(text, BS_LIT("http://")) ? bs_str_from(text, 7)
								      : BS_LIT("");
	if (!is_printable(rest) || rest.ptr[0] == '/' || rest.ptr[0] == ':')
		return false;
	for (size_t i = 0; i < rest.len; i++)
		if (is_one_of(rest.ptr[i], "@?#\\\"<>"))
			return false;
	return true;
}

bool bs_value_is_model(struct bs_str text)
{
	return is_printable(text) && bs_str_find_char(text, ',') == SIZE_MAX;
}

// --- headers

bool bs_value_is_header_name(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!bs_is_alnum(text.ptr[i]) && !is_one_of(text.ptr[i], "-_."))
			return false;
	return text.len > 0 && text.len <= 64;
}

// Those that carry a credential, and those that are not the user's to say.
static bool is_taken(struct bs_str name)
{
	static const char *const exact[] = {"authorization", "cookie", "content-type",
		"content-length", "transfer-encoding", "host", "connection", "x-bf-vk", NULL};
	static const char *const ends[] = {"api-key", "apikey", "-token", "-secret", "-auth",
		"authorization", "subscription-key", NULL};
	for (size_t i = 0; exact[i]; i++)
		if (bs_str_ieq(name, bs_str_c(exact[i])))
			return true;
	for (size_t i = 0; ends[i]; i++) {
		struct bs_str end = bs_str_c(ends[i]);
		if (name.len >= end.len && bs_str_ieq(bs_str_from(name, name.len - end.len), end))
			return true;
	}
	return false;
}

bool bs_value_is_header(struct bs_str text)
{
	size_t colon = bs_str_find_char(text, ':');
	struct bs_str name = bs_str_sub(text, 0, colon);
	if (colon == SIZE_MAX || !bs_value_is_header_name(name) || is_taken(name))
		return false;
	struct bs_str value = bs_str_trim(bs_str_from(text, colon + 1));
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] < ' ' || value.ptr[i] > '~')
			return false;
	// An address may be as long as a key and hold digits: Portkey is told its upstream so.
	if (bs_value_is_base_url(value))
		return true;
	return value.len > 0 && !looks_like_key(value) && !bs_str_istarts(value, BS_LIT("bearer "));
}

// --- members of a body

// Prompt, schema, limit of the answer, number of answers: without them, or with others, what comes
// back is no summary or costs more than was reckoned.
static bool is_ours(struct bs_str name)
{
	static const char *const ours[] = {"model", "messages", "input", "instructions", "system",
		"systemInstruction", "contents", "prompt", "tools", "tool_choice", "toolConfig",
		"response_format", "text", "output_config", "outputConfig", "format",
		"generationConfig", "inferenceConfig", "options", "stream", "max_tokens",
		"max_completion_tokens", "max_output_tokens", "n", NULL};
	for (size_t i = 0; ours[i]; i++)
		if (bs_str_eq_c(name, ours[i]))
			return true;
	return false;
}

// Names of models and hosts have other characters, or are shorter.
static bool is_credential(struct bs_str text)
{
	static const char *const beginnings[] = {"sk-", "xai-", "pplx-", "bearer ", NULL};
	bool plain = true;
	for (size_t i = 0; beginnings[i]; i++)
		if (text.len >= 16 && bs_str_istarts(text, bs_str_c(beginnings[i])))
			return true;
	for (size_t i = 0; i < text.len; i++)
		plain &= is_name_char(text.ptr[i]);
	return plain && looks_like_key(text);
}

// The depth is bounded by the parser.
static bool has_credential(const struct bs_json *json)
{
	if (is_credential(bs_json_text(json)))
		return true;
	for (const struct bs_json *child = bs_json_first(json); child; child = bs_json_next(child))
		if (has_credential(child))
			return true;
	return false;
}

static struct bs_str member_name(struct bs_str text)
{
	return bs_str_sub(text, 0, bs_str_find_char(text, ':'));
}

bool bs_value_member_hides(struct bs_str text)
{
	struct bs_json *json = NULL;
	size_t colon = bs_str_find_char(text, ':');
	struct bs_str name = member_name(text);
	if (colon == SIZE_MAX || !bs_value_is_header_name(name) || is_taken(name))
		return true;
	if (bs_json_parse(bs_str_trim(bs_str_from(text, colon + 1)), &json, NULL) != BS_OK)
		return true;
	bool hides = has_credential(json);
	bs_json_free(json);
	return hides;
}

bool bs_value_is_member(struct bs_str text)
{
	return !is_ours(member_name(text)) && !bs_value_member_hides(text);
}
