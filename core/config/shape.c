// SPDX-License-Identifier: MIT
// Conditions on strings that the table of settings names: routes, URLs, names of variables.
#include "core/config/value.h"

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
