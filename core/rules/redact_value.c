// SPDX-License-Identifier: MIT
// Separators and values as configurations, programs, headers and command lines write them.
#include "core/rules/redact_value.h"

#include "core/base/limits.h"

#define CLOSE_BYTES_MAX 4096 // a quote that is not closed by then is none
#define BRACKET_BYTES_MAX 64 // of a placeholder in brackets

static char at(struct bs_str line, size_t i)
{
	return i < line.len ? line.ptr[i] : '\0';
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

static bool is_name_char(char c)
{
	return bs_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

size_t bs_value_skip_blanks(struct bs_str line, size_t i)
{
	while (at(line, i) == ' ' || at(line, i) == '\t')
		i++;
	return i;
}

size_t bs_value_quote(struct bs_str line, size_t i)
{
	size_t slashes = 0;
	while (at(line, i + slashes) == '\\')
		slashes++;
	if (is_one_of(at(line, i + slashes), "\"'`"))
		return slashes + 1;
	if (bs_str_starts(bs_str_from(line, i), BS_LIT("&quot;")))
		return strlen("&quot;");
	return bs_str_starts(bs_str_from(line, i), BS_LIT("%22")) ? strlen("%22") : 0;
}

// --- between name and value

// Some languages say a type: `token: str = `, `var token string = `. Returns where its '=' is, or
// i.
static size_t skip_type(struct bs_str line, size_t i)
{
	static const char *const types[] = {"string", "String", "str", "&str", "std::string",
		"char*", "text", "varchar", "Optional[str]", "SecretStr", "any"};
	size_t start = bs_value_skip_blanks(line, i);
	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		struct bs_str type = bs_str_c(types[t]);
		if (!bs_str_starts(bs_str_from(line, start), type))
			continue;
		size_t end = bs_value_skip_blanks(line, start + type.len);
		if (at(line, end) == '=')
			return end;
	}
	return i;
}

// setProperty("token", "value"): the name is the first argument of a call, in quotes.
static bool is_first_argument(struct bs_str line, size_t from)
{
	return from >= 2 && is_one_of(line.ptr[from - 1], "\"'") && line.ptr[from - 2] == '(';
}

bool bs_value_separate(
	struct bs_str line, size_t from, size_t *i, char opener, struct bs_found *found)
{
	size_t p = *i, quote;
	bool closed = false;
	while ((quote = bs_value_quote(line, p)) > 0 || is_one_of(at(line, p), "])")) {
		closed = closed || quote > 0;
		p += quote > 0 ? quote : 1;
	}
	if (opener == '<' && at(line, p) == '>') {
		found->tagged = true;
		*i = p + 1;
		return true;
	}
	size_t blanks = bs_value_skip_blanks(line, p) - p;
	p = skip_type(line, bs_value_skip_blanks(line, p));
	size_t start = p;
	while (p - start < 4 && is_one_of(at(line, p), ":=?.>+~"))
		p++;
	struct bs_str sign = bs_str_sub(line, start, p - start);
	found->assigned = bs_str_find_char(sign, '=') != SIZE_MAX;
	if (found->assigned) {
		*i = p;
		return true;
	}
	if (bs_str_eq_c(sign, ":")) {
		size_t typed = skip_type(line, p);
		found->assigned = at(line, typed) == '=';
		found->tight = !found->assigned && !closed && !bs_is_space(at(line, p));
		*i = typed + found->assigned;
		return true;
	}
	if (closed && sign.len == 0 && at(line, p) == ',') {
		found->assigned = is_first_argument(line, from);
		*i = p + 1;
		return found->assigned &&
		       bs_value_quote(line, bs_value_skip_blanks(line, p + 1)) > 0;
	}
	if (bs_str_starts(bs_str_from(line, p), BS_LIT("%3D"))) {
		found->assigned = true;
		*i = p + strlen("%3D");
		return true;
	}
	*i = p; // --password X
	found->assigned = opener == '-' && blanks > 0 && sign.len == 0 && at(line, p) != '-';
	return found->assigned && !closed;
}

// --- values

// A value without quotes ends before ',' ';' '&' when something like another pair follows.
static bool ends_pair(struct bs_str line, size_t i)
{
	size_t p = i + 1;
	if (p >= line.len || bs_is_space(line.ptr[p]) || bs_value_quote(line, p) > 0)
		return true;
	size_t start = p;
	while (is_name_char(at(line, p)))
		p++;
	return p == start || is_one_of(at(line, p), "=:") || at(line, i) == '&';
}

// (sensitive value), [secure], <token>, {{ x }}: where a placeholder in brackets ends, or i.
static size_t bracket_end(struct bs_str line, size_t i)
{
	static const char pairs[] = "<>[](){}";
	const char *open = at(line, i) != '\0' ? strchr(pairs, line.ptr[i]) : NULL;
	if (!open || (open - pairs) % 2 != 0)
		return i;
	size_t close = bs_str_find_char(bs_str_sub(line, i, BRACKET_BYTES_MAX), open[1]);
	return close != SIZE_MAX ? i + close + 1 : i;
}

size_t bs_value_end(struct bs_str line, size_t i)
{
	for (i = bracket_end(line, i); i < line.len && !bs_is_space(line.ptr[i]); i++) {
		char c = line.ptr[i], next = at(line, i + 1);
		if (is_one_of(c, "\"'<>`|"))
			break;
		if (c == '\\' && (is_one_of(next, "nr") || bs_value_quote(line, i) > 0 || !next))
			break;
		if (is_one_of(c, ",;&") && ends_pair(line, i))
			break;
		if (is_one_of(c, ")]}") && (!next || is_one_of(next, " \t,;.)]}\"'")))
			break;
	}
	return i;
}

// Where the quote line[i, from) is closed; SIZE_MAX when it is not.
static size_t find_close(struct bs_str line, size_t i, size_t from)
{
	struct bs_str mark = bs_str_sub(line, i, from - i);
	size_t close = from;
	for (;;) {
		size_t next = bs_str_find(
			bs_str_sub(line, close, from + CLOSE_BYTES_MAX - close), mark);
		if (next == SIZE_MAX)
			return SIZE_MAX;
		close += next;
		if (mark.len > 1 || close == from || line.ptr[close - 1] != '\\')
			return close;
		close += mark.len;
	}
}

bool bs_value_read(struct bs_str line, size_t i, struct bs_found *found)
{
	i = bs_value_skip_blanks(line, i);
	if (is_one_of(at(line, i), "bfru@") && bs_value_quote(line, i + 1) == 1)
		i++; // b"…", f'…', @"…"
	size_t quote = bs_value_quote(line, i);
	found->empty = i >= line.len;
	if (found->empty)
		return false;
	found->from = i + quote;
	size_t close = quote > 0 ? find_close(line, i, found->from) : SIZE_MAX;
	found->quoted = close != SIZE_MAX;
	found->to = found->quoted ? close : bs_value_end(line, found->from);
	size_t after = found->to;
	while (after < line.len && is_one_of(line.ptr[after], " \t,;.)]}>\"'`\\"))
		after++;
	found->alone = after == line.len || is_one_of(at(line, found->to), "\"'") ||
		       (found->tagged && at(line, found->to) == '<');
	return found->to > found->from;
}
