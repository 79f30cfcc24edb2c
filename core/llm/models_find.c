// SPDX-License-Identifier: MIT
// The many names of a model at makers, clouds and gateways → its row in the table.
#include "core/llm/models.h"

// --- names

static bool is_same(char a, char b)
{
	return bs_lower(a == '.' ? '-' : a) == bs_lower(b == '.' ? '-' : b);
}

static bool begins(struct bs_str name, struct bs_str beginning)
{
	if (name.len < beginning.len)
		return false;
	for (size_t i = 0; i < beginning.len; i++)
		if (!is_same(name.ptr[i], beginning.ptr[i]))
			return false;
	return true;
}

bool bs_model_begins(struct bs_str name, const char *beginning)
{
	struct bs_str start = bs_str_c(beginning), rest = bs_str_from(name, start.len);
	return begins(name, start) &&
	       !(rest.len && bs_is_digit(rest.ptr[0]) && bs_is_digit(start.ptr[start.len - 1]));
}

static size_t digits(struct bs_str text, size_t at)
{
	size_t count = 0;
	while (at + count < text.len && bs_is_digit(text.ptr[at + count]))
		count++;
	return count;
}

// The length of a date or version that a text begins with: "-20251001", "@20251001", "-2025-10-01",
// "-2603", "-001", "-latest", "-v1", ":0"; 0: of none.
static size_t version_bytes(struct bs_str text)
{
	size_t count = digits(text, 1);
	if (bs_str_starts(text, BS_LIT("-latest")))
		return strlen("-latest");
	if (bs_str_starts(text, BS_LIT("-v")))
		return digits(text, 2) ? 2 + digits(text, 2) : 0;
	if (bs_str_starts(text, BS_LIT(":")))
		return count ? 1 + count : 0;
	if (!bs_str_starts(text, BS_LIT("-")) && !bs_str_starts(text, BS_LIT("@")))
		return 0;
	bool day = count == 4 && digits(text, 6) == 2 && digits(text, 9) == 2;
	if (day && text.ptr[5] == '-' && text.ptr[8] == '-')
		return strlen("-2025-10-01");
	return count == 3 || count == 4 || count == 8 ? 1 + count : 0;
}

static bool fits(const struct bs_model *row, struct bs_str name)
{
	struct bs_str known = bs_str_c(row->name);
	bool family = bs_str_ends(known, BS_LIT("*"));
	known.len -= family;
	if (!begins(name, known))
		return false;
	struct bs_str rest = bs_str_from(name, known.len);
	while (!family && rest.len) {
		size_t bytes = version_bytes(rest);
		if (!bytes)
			return false;
		rest = bs_str_from(rest, bytes);
	}
	return true;
}

static const struct bs_model *find_row(const char *maker, struct bs_str name)
{
	const struct bs_model *row, *best = NULL;
	for (size_t i = 0; (row = bs_model_at(i)); i++)
		if (strcmp(maker, row->maker) == 0 && fits(row, name) &&
			(!best || strlen(row->name) > strlen(best->name)))
			best = row;
	return best;
}

// --- hosts

static struct bs_str after_last(struct bs_str text, char c)
{
	size_t at = text.len;
	while (at > 0 && text.ptr[at - 1] != c)
		at--;
	return bs_str_from(text, at);
}

// "us.anthropic.…", "arn:aws:bedrock:…:inference-profile/us.anthropic.…", "converse/anthropic.…"
static const struct bs_model *find_bedrock(struct bs_str name)
{
	static const char *const geographies[] = {
		"us.", "eu.", "apac.", "jp.", "au.", "ca.", "global."};
	name = after_last(name, '/');
	const struct bs_model *row = find_row("bedrock", name);
	for (size_t i = 0; !row && i < sizeof(geographies) / sizeof(geographies[0]); i++) {
		struct bs_str geography = bs_str_c(geographies[i]);
		if (bs_str_starts(name, geography))
			return find_row("bedrock", bs_str_from(name, geography.len));
	}
	return row;
}

// Google's cloud has Anthropic's models beside its own, for the same price.
static const struct bs_model *find_vertex(struct bs_str name)
{
	const struct bs_model *row = find_row("gemini", name);
	return row ? row : find_row("anthropic", name);
}

// By the name alone, where whoever serves it is not said.
static const struct bs_model *find_anywhere(struct bs_str name)
{
	static const char *const makers[] = {"openai", "anthropic", "gemini", "mistral"};
	const struct bs_model *row = find_bedrock(name);
	for (size_t i = 0; !row && i < sizeof(makers) / sizeof(makers[0]); i++)
		row = find_row(makers[i], name);
	return row;
}

// The maker whose names and prices a host has; "": it passes "maker/model" on to others.
static const struct {
	const char *host, *maker;
} hosts[] = {
	{"openai", "openai"},
	{"azure", "openai"},
	{"anthropic", "anthropic"},
	{"gemini", "gemini"},
	{"google", "gemini"},
	{"vertex", "vertex"},
	{"vertex_ai", "vertex"},
	{"mistral", "mistral"},
	{"mistralai", "mistral"},
	{"groq", "groq"},
	{"bedrock", "bedrock"},
	{"openrouter", ""},
	{"litellm", ""},
	{"litellm_proxy", ""},
	{"bifrost", ""},
	{"portkey", ""},
};

static const char *maker_of(struct bs_str host)
{
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (bs_str_eq_c(host, hosts[i].host))
			return hosts[i].maker;
	return NULL;
}

const struct bs_model *bs_model_find(struct bs_str host, struct bs_str name)
{
	for (const char *maker = maker_of(host); maker; maker = maker_of(host)) {
		if (strcmp(maker, "bedrock") == 0)
			return find_bedrock(name);
		if (strcmp(maker, "vertex") == 0)
			return find_vertex(name);
		if (*maker)
			return find_row(maker, name);
		struct bs_str first = {0};
		if (bs_str_find_char(name, '/') == SIZE_MAX)
			return find_anywhere(name);
		(void)bs_str_split(&name, '/', &first);
		if (!bs_str_starts(first, BS_LIT("@"))) // "@prod/gpt-4o-mini": no host's name
			host = first;
	}
	return NULL;
}
