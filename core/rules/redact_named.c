// SPDX-License-Identifier: MIT
// Values of telling names: what a name, a separator and a value together make of a secret.
#include "core/rules/redact_named.h"

#include "core/rules/redact_judge.h"
#include "core/rules/redact_value.h"

#define VALUE_BYTES_MIN BS_SECRET_BYTES_MIN
#define NAME_BYTES_MAX 128
#define VALUE_BYTES_SEARCHED_MAX 512 // for further names in a value that is no secret

static bool is_name_char(char c)
{
	return bs_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static struct bs_str value_of(struct bs_str line, const struct bs_found *found)
{
	return bs_str_sub(line, found->from, found->to - found->from);
}

static bool is_secret(
	enum bs_name_class name_class, struct bs_str value, const struct bs_found *found)
{
	if (value.len < VALUE_BYTES_MIN || bs_judge_placeholder(value))
		return false;
	if (!found->quoted && bs_judge_code(value))
		return false;
	bool given = (found->quoted || found->assigned || found->tagged || found->alone) &&
		     !(found->tight && !found->quoted);
	bool spaced = bs_str_find_char(value, ' ') != SIZE_MAX;
	switch (name_class) {
	case BS_NAME_PASSWORD:
		return given ? !bs_judge_prose(value) : bs_judge_random(value);
	case BS_NAME_TOKEN:
	case BS_NAME_AUTH:
		return given ? bs_judge_random(value) && !spaced : bs_judge_strong(value);
	case BS_NAME_SIGNATURE:
		return found->assigned && value.len >= 16;
	case BS_NAME_VENDOR:
		return given && value.len >= 10 && bs_judge_random(value) && !spaced;
	case BS_NAME_WEAK:
		return given && bs_judge_strong(value) && !spaced;
	case BS_NAME_COOKIE:
	case BS_NAME_NONE:
		break;
	}
	return false;
}

// --- headers

// Authorization: Bearer X, Basic X, Digest a=b, …: what follows the scheme. False without one.
static bool mark_scheme(struct bs_str line, const struct bs_found *found, struct bs_marks *marks)
{
	static const char *const schemes[] = {"Bearer", "Basic", "Token", "ApiKey", "Api-Key",
		"Api-Token", "GenieKey", "SSWS", "PVEAPIToken", "Negotiate", "NTLM", "Digest",
		"Hawk", "AWS4-HMAC-SHA256", "OAuth", "Splunk", "Private-Token"};
	const size_t first_whole = 9; // from Negotiate on: parameters up to the end
	size_t end = bs_value_end(line, found->from);
	size_t start = bs_value_skip_blanks(line, end);
	struct bs_str word = bs_str_sub(line, found->from, end - found->from);
	if (start == end || start >= line.len)
		return false;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (!bs_str_ieq(word, bs_str_c(schemes[i])))
			continue;
		size_t to = bs_value_end(line, start);
		if (i >= first_whole)
			to = found->quoted ? found->to : line.len;
		struct bs_str value = bs_str_sub(line, start, to - start);
		if (value.len >= VALUE_BYTES_MIN && !bs_judge_placeholder(value))
			bs_marks_add(
				marks, (struct bs_mark){start, to, "authorization", 0, {NULL, 0}});
		return true;
	}
	return false;
}

// From the first pair to the end of the header: a quote or the end of the line.
static struct bs_str cookies_of(struct bs_str line, const struct bs_found *found)
{
	struct bs_str rest = found->quoted ? value_of(line, found) : bs_str_from(line, found->from);
	for (size_t i = 0; !found->quoted && i < rest.len; i++) {
		if (rest.ptr[i] == '"' || rest.ptr[i] == '\'')
			rest.len = i;
	}
	return rest;
}

static void mark_cookies(struct bs_str line, const struct bs_found *found, struct bs_marks *marks)
{
	static const char *const attributes[] = {"path", "expires", "domain", "max-age", "samesite",
		"secure", "httponly", "version", "priority"};
	struct bs_str rest = cookies_of(line, found), value, name;
	while (bs_str_split(&rest, ';', &value)) {
		value = bs_str_trim(value);
		bool attribute = !bs_str_split(&value, '=', &name) || value.len < VALUE_BYTES_MIN;
		for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
			attribute = attribute || bs_str_ieq(name, bs_str_c(attributes[i]));
		if (attribute || bs_judge_placeholder(value))
			continue;
		size_t from = (size_t)(value.ptr - line.ptr);
		bs_marks_add(marks,
			(struct bs_mark){from, bs_value_end(line, from), "cookie", 0, {NULL, 0}});
	}
}

static void mark_value(enum bs_name_class name_class, const char *kind, struct bs_str line,
	const struct bs_found *found, struct bs_marks *marks)
{
	if (mark_scheme(line, found, marks))
		return;
	if (name_class == BS_NAME_COOKIE)
		mark_cookies(line, found, marks);
	if (is_secret(name_class, value_of(line, found), found))
		bs_marks_add(marks, (struct bs_mark){found->from, found->to, kind, 0, {NULL, 0}});
}

// --- names

// `name: API_TOKEN`, "name": "API_TOKEN": the value has a line of its own.
static bool names_a_pair(struct bs_str line, size_t from, size_t to)
{
	struct bs_str before = bs_str_trim(bs_str_sub(line, 0, from));
	while (before.len > 0 && strchr("\"': ", before.ptr[before.len - 1]))
		before.len--;
	return bs_str_trim(bs_str_from(line, to)).len <= strlen("\",") &&
	       before.len <= strlen("- \"name") &&
	       (bs_str_ends(before, BS_LIT("name")) || bs_str_ends(before, BS_LIT("key")));
}

// `token: |`, `token: >`: the value follows as a block.
static bool opens_block(struct bs_str line, size_t i)
{
	struct bs_str rest = bs_str_trim(bs_str_from(line, i));
	return bs_str_eq_c(rest, "|") || bs_str_eq_c(rest, "|-") || bs_str_eq_c(rest, ">") ||
	       bs_str_eq_c(rest, ">-");
}

static bool has_digit(struct bs_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (bs_is_digit(s.ptr[i]))
			return true;
	return false;
}

bool bs_named_mark(struct bs_named *named, struct bs_str line, size_t word, size_t *done,
	struct bs_marks *marks)
{
	if (word < *done)
		return false;
	size_t from = word, to = word;
	while (from > 0 && is_name_char(line.ptr[from - 1]) && word - from < NAME_BYTES_MAX)
		from--;
	while (to < line.len && is_name_char(line.ptr[to]))
		to++;
	*done = to;
	char opener = from > 0 ? line.ptr[from - 1] : '\0';
	while (from < to && (line.ptr[from] == '-' || line.ptr[from] == '.'))
		opener = line.ptr[from++];
	while (to > from && (line.ptr[to - 1] == '-' || line.ptr[to - 1] == '.'))
		to--;
	struct bs_str name = bs_str_sub(line, from, to - from);
	struct bs_found found = {0};
	size_t i = to;
	bool separated = bs_value_separate(line, from, &i, opener, &found);
	if (!separated &&
		!names_a_pair(line, from, to)) // most names: it costs less than to judge them
		return false;
	enum bs_name_class name_class = bs_names_classify(name);
	if (name_class == BS_NAME_NONE)
		return has_digit(name); // else no name of this kind is one
	const char *kind = bs_names_kind(name_class, name);
	if (!separated) {
		if (name_class <= BS_NAME_TOKEN)
			*named = (struct bs_named){name_class, true, 0, kind};
		return true;
	}
	if (!found.assigned && bs_names_is_common(name)) // PASS: TestX
		return has_digit(name);
	if (bs_value_read(line, i, &found)) {
		size_t before = marks->count;
		mark_value(name_class, kind, line, &found, marks);
		if (name_class == BS_NAME_COOKIE)
			*done = found.from + cookies_of(line, &found).len;
		else if (marks->count > before || found.to - found.from > VALUE_BYTES_SEARCHED_MAX)
			*done = found.to > *done ? found.to : *done; // looked at once is enough
	}
	if (!found.assigned && (found.empty || opens_block(line, i)))
		*named = (struct bs_named){name_class, false, 0, kind};
	return true;
}

// `value: …` after `name: API_TOKEN`, at most two lines later.
static void take_pair(struct bs_named *named, struct bs_str line, struct bs_marks *marks)
{
	struct bs_named before = *named;
	struct bs_found found = {.assigned = true};
	size_t start = bs_value_skip_blanks(line, 0);
	start += bs_value_quote(line, start);
	struct bs_str rest = bs_str_from(line, start);
	bool here = bs_str_istarts(rest, BS_LIT("value")) ||
		    bs_str_istarts(rest, BS_LIT("secret_value"));
	if (here || ++named->lines > 2)
		named->waiting = BS_NAME_NONE;
	size_t sign = bs_str_find_char(rest, ':');
	if (sign == SIZE_MAX)
		sign = bs_str_find_char(rest, '=');
	if (here && sign != SIZE_MAX && bs_value_read(line, start + sign + 1, &found))
		mark_value(before.waiting, before.kind, line, &found, marks);
}

void bs_named_begin(struct bs_named *named, struct bs_str line, struct bs_marks *marks)
{
	if (named->waiting == BS_NAME_NONE)
		return;
	if (named->in_pair) {
		take_pair(named, line, marks);
		return;
	}
	struct bs_named before = *named;
	struct bs_found found = {.tagged = true};
	size_t start = bs_value_skip_blanks(line, 0);
	named->waiting = BS_NAME_NONE;
	// A value alone on an indented line, and no pair of its own.
	if (!bs_value_read(line, start, &found) || !found.alone || start == 0)
		return;
	struct bs_str value = value_of(line, &found);
	if (value.ptr[value.len - 1] != ':')
		mark_value(before.waiting, before.kind, line, &found, marks);
}
