// SPDX-License-Identifier: MIT
// Prefixes of lines, each form with a function that measures it.
#include "core/rules/peel.h"

#define PREFIXES_MAX 3 // a time and level, a task, a process
#define NAME_BYTES_MAX 48

static size_t spaces(struct bs_str s, size_t at)
{
	size_t n = 0;
	while (at + n < s.len && s.ptr[at + n] == ' ')
		n++;
	return n;
}

static size_t digits(struct bs_str s, size_t at)
{
	size_t n = 0;
	while (at + n < s.len && bs_is_digit(s.ptr[at + n]))
		n++;
	return n;
}

static char at(struct bs_str s, size_t i)
{
	return i < s.len ? s.ptr[i] : '\0';
}

static bool is_name_char(char c)
{
	return bs_is_alnum(c) || (c >= '-' && c <= '/') || c == '_' || c == '@';
}

static size_t name(struct bs_str s, size_t from)
{
	s = bs_str_sub(s, from, NAME_BYTES_MAX);
	size_t n = 0;
	while (n < s.len && is_name_char(s.ptr[n]))
		n++;
	return n;
}

// "INFO - ", "ERROR: ", "[WARN] " behind a time; 0 when there is none.
static size_t level(struct bs_str s, size_t from)
{
	static const char *const levels[] = {"INFO", "ERROR", "WARNING", "WARN", "DEBUG", "FATAL",
		"CRITICAL", "TRACE", "NOTICE"};
	size_t i = from + (at(s, from) == '[');
	size_t len = 0;
	for (size_t k = 0; k < sizeof(levels) / sizeof(levels[0]) && len == 0; k++)
		if (bs_str_starts(bs_str_from(s, i), bs_str_c(levels[k])))
			len = strlen(levels[k]);
	if (len == 0 || bs_is_alnum(at(s, i + len)))
		return 0;
	i += len;
	i += at(s, i) == ']' || at(s, i) == ':';
	if (at(s, i) == ' ' && at(s, i + 1) == '-')
		i += 2;
	return at(s, i) == ' ' ? i + 1 - from : 0;
}

// "2026-08-21 ", "2026/08/21 ", "08-21 " (Android)
static size_t date(struct bs_str s, size_t from)
{
	size_t i = from;
	char dash = at(s, i + digits(s, i));
	if (dash != '-' && dash != '/')
		return 0;
	if (digits(s, i) == 4)
		i += 5;
	if (digits(s, i) != 2 || at(s, i + 2) != dash || digits(s, i + 3) != 2)
		return 0;
	return at(s, i + 5) == ' ' ? i + 6 - from : 0;
}

// "12:00:01.123 ", "[12:00:01] ", with a date before and a level behind. TeamCity has "W:" and a
// tab, or a step, behind the bracket, fastlane a colon.
static size_t time_and_level(struct bs_str s)
{
	size_t i = at(s, 0) == '[';
	if (!bs_is_digit(at(s, i)))
		return 0;
	i += date(s, i);
	if (digits(s, i) != 2 || at(s, i + 2) != ':' || digits(s, i + 3) != 2 ||
		at(s, i + 5) != ':' || digits(s, i + 6) != 2)
		return 0;
	i += 8;
	if (at(s, i) == '.' || at(s, i) == ',')
		i += 1 + digits(s, i + 1);
	i += at(s, i) == 'Z';
	if (at(s, i) == ']') {
		i++;
		i += bs_is_alpha(at(s, i)) && at(s, i + 1) == ':';
		i += at(s, i) == ':';
		if (at(s, i) == '[' || at(s, i) == '\t')
			return i + (at(s, i) == '\t');
	}
	if (at(s, i) != ' ')
		return 0;
	size_t gap = spaces(s, i);
	size_t with_level = level(s, i + gap);
	return with_level ? i + gap + with_level : i + 1;
}

// "#72 12.34 " of BuildKit.
static size_t buildkit(struct bs_str s)
{
	if (at(s, 0) != '#')
		return 0;
	size_t i = 1 + digits(s, 1);
	if (i == 1 || at(s, i) != ' ')
		return 0;
	size_t whole = digits(s, i + 1);
	if (whole == 0 || at(s, i + 1 + whole) != '.')
		return i + 1;
	i += 1 + whole + 1;
	i += digits(s, i);
	return at(s, i) == ' ' ? i + 1 : 0;
}

// "1234  1234 E AndroidRuntime: " behind the time
static size_t logcat(struct bs_str s)
{
	size_t i = spaces(s, 0);
	for (size_t n = 0; n < 2; n++) {
		size_t id = digits(s, i);
		if (id == 0 || at(s, i + id) != ' ')
			return 0;
		i += id + spaces(s, i + id);
	}
	if (at(s, i) == '\0' || !strchr("VDIWEF", at(s, i)) || at(s, i + 1) != ' ')
		return 0;
	size_t tag = name(s, i + 2);
	i += 2 + tag + spaces(s, i + 2 + tag);
	return tag > 0 && at(s, i) == ':' && at(s, i + 1) == ' ' ? i + 2 : 0;
}

// `first`, here and below: bytes of the name that the line begins with.

// "web_1  | " of Compose, "   +build | " of Earthly, "GECKO(123) | " of test harnesses.
static size_t piped(struct bs_str s, size_t first)
{
	size_t i = first > 0 ? 0 : spaces(s, 0);
	i += at(s, i) == '+';
	size_t len = i == 0 ? first : name(s, i);
	i += len;
	if (len == 0)
		return 0;
	if (at(s, i) == '(' && digits(s, i + 1) > 0 && at(s, i + 1 + digits(s, i + 1)) == ')')
		i += digits(s, i + 1) + 2;
	size_t gap = spaces(s, i);
	if (gap == 0 || at(s, i + gap) != '|')
		return 0;
	i += gap + 1;
	return i + (at(s, i) == ' ');
}

// "[WARNING] " of Maven, "[warn] " of sbt: without it, a warning would pass for an error.
static bool is_warning(struct bs_str s)
{
	return bs_str_istarts(s, BS_LIT("[warning] ")) || bs_str_istarts(s, BS_LIT("[warn] "));
}

// "[task] ", "[pkg/name]: ", "[a branch] ", "[web   ] ", "[CI/test]   | "
static size_t bracketed(struct bs_str s)
{
	if (at(s, 0) != '[' || !is_name_char(at(s, 1)) || is_warning(s))
		return 0;
	size_t i = 1;
	while (i < NAME_BYTES_MAX && (is_name_char(at(s, i)) || at(s, i) == ':' || at(s, i) == ' '))
		i++;
	if (at(s, i) != ']')
		return 0;
	i++;
	i += at(s, i) == ':';
	size_t gap = spaces(s, i);
	if (at(s, i + gap) == '|' && at(s, i + gap + 1) == ' ')
		return i + gap + 2;
	return gap > 0 ? i + 1 : 0;
}

// "@acme/web: " of Lerna, "packages/web test: " of pnpm
static size_t package(struct bs_str s, size_t first)
{
	size_t i = first;
	bool scoped = at(s, 0) == '@';
	if (i == 0 || !memchr(s.ptr, '/', i))
		return 0;
	if (!scoped && at(s, i) == ' ') {
		size_t script = name(s, i + 1);
		i += script > 0 ? 1 + script : 0;
		scoped = script > 0;
	}
	return scoped && at(s, i) == ':' && at(s, i + 1) == ' ' ? i + 2 : 0;
}

// `Step #3 - "build": ` of Cloud Build, "==> default: " and "    default: " of Vagrant and Packer,
// "remote: " of git
static size_t stepped(struct bs_str s)
{
	static const char *const heads[] = {"Step #", "==> ", "    ", "remote: "};
	size_t kind = 0;
	if (s.len == 0 || !strchr("S= r", s.ptr[0]))
		return 0;
	while (kind < 4 && !bs_str_starts(s, bs_str_c(heads[kind])))
		kind++;
	if (kind == 4)
		return 0;
	size_t i = strlen(heads[kind]);
	if (kind == 3)
		return i;
	i += name(s, i);
	if (bs_str_starts(bs_str_from(s, i), BS_LIT(" - \""))) {
		i += 4 + name(s, i + 4);
		i += at(s, i) == '"';
	}
	return at(s, i) == ':' && at(s, i + 1) == ' ' ? i + 2 : 0;
}

// "[ERROR] " of Maven and Ansible, "[gw3] " of pytest: behind another prefix they are the tool's
// own words.
static bool is_tools_own(struct bs_str s)
{
	size_t i = 1;
	if (bs_str_starts(s, BS_LIT("[gw")))
		return digits(s, strlen("[gw")) > 0;
	while (at(s, i) >= 'A' && at(s, i) <= 'Z')
		i++;
	return at(s, 0) == '[' && i > 1 && at(s, i) == ']';
}

// "@acme/web:build: " of task runners.
static size_t task(struct bs_str s, size_t first)
{
	if (first == 0 || at(s, first) != ':')
		return 0;
	size_t rest = name(s, first + 1);
	size_t i = first + 1 + rest;
	bool is_place = rest == digits(s, first + 1); // "file.c:12: "
	return rest > 0 && !is_place && at(s, i) == ':' && at(s, i + 1) == ' ' ? i + 2 : 0;
}

// The first form that the line begins with; most begin with none.
static size_t prefix_of(struct bs_str line)
{
	size_t first = name(line, 0);
	size_t prefix = time_and_level(line);
	prefix = prefix ? prefix : buildkit(line);
	prefix = prefix ? prefix : logcat(line);
	prefix = prefix ? prefix : bracketed(line);
	prefix = prefix ? prefix : piped(line, first);
	prefix = prefix ? prefix : task(line, first);
	prefix = prefix ? prefix : package(line, first);
	return prefix ? prefix : stepped(line);
}

struct bs_str bs_peel(struct bs_str line)
{
	for (size_t n = 0; n < PREFIXES_MAX; n++) {
		size_t prefix = prefix_of(line);
		if (prefix == 0 || (n > 0 && is_tools_own(line)))
			break;
		line = bs_str_from(line, prefix);
	}
	return line;
}
