// SPDX-License-Identifier: MIT
// A strict reader of JSON text that builds nothing: recursive descent, bounded by the depth limit.
#include "core/ext/json_scan.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

// cJSON before 1.7.19 reads at most 63 characters of a number and takes the rest for garbage.
#define NUMBER_BYTES_MAX 63

struct scan {
	struct bs_str text;
	size_t at;
	unsigned depth;
	size_t names_seen;
	size_t name_wanted, name_at; // bs_json_scan_name
	struct bs_err *err;
};

static enum bs_status read_value(struct scan *s);

static enum bs_status fail_at(struct scan *s, size_t offset, const char *what)
{
	return bs_fail(s->err, BS_FORMAT, "JSON: byte %zu: %s", offset, what);
}

// What is wrong here: the text ends, or it goes on with something else.
static enum bs_status expected(struct scan *s, const char *what)
{
	if (s->at >= s->text.len)
		return bs_fail(s->err, BS_FORMAT, "JSON: byte %zu: the text ends, expected %s",
			s->at, what);
	return bs_fail(s->err, BS_FORMAT, "JSON: byte %zu: expected %s", s->at, what);
}

// The byte at the cursor; 0 at the end (a NUL byte is never valid, so nobody confuses them).
static char peek(const struct scan *s)
{
	return s->at < s->text.len ? s->text.ptr[s->at] : '\0';
}

static bool take(struct scan *s, char c)
{
	if (s->at >= s->text.len || s->text.ptr[s->at] != c)
		return false;
	s->at++;
	return true;
}

static void skip_space(struct scan *s)
{
	while (bs_is_space(peek(s)))
		s->at++;
}

static size_t skip_digits(struct scan *s)
{
	size_t from = s->at;
	while (bs_is_digit(peek(s)))
		s->at++;
	return s->at - from;
}

static bool hex4(const struct scan *s, size_t at, unsigned *ret_unit)
{
	static const char digits[] = "0123456789abcdef";
	unsigned unit = 0;
	if (s->text.len - at < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		char c = bs_lower(s->text.ptr[at + i]);
		const char *digit = c ? strchr(digits, c) : NULL;
		if (!digit)
			return false;
		unit = unit * 16 + (unsigned)(digit - digits);
	}
	*ret_unit = unit;
	return true;
}

// After "\u". U+0000 would cut a C string short; a lone surrogate is no character.
static enum bs_status unicode_escape(struct scan *s)
{
	size_t from = s->at - 2;
	unsigned unit, low;
	if (!hex4(s, s->at, &unit))
		return fail_at(s, from, "\\u without four hexadecimal digits");
	s->at += 4;
	if (unit == 0)
		return fail_at(s, from, "the character \\u0000");
	if (unit < 0xD800 || unit > 0xDFFF)
		return BS_OK;
	bool paired = unit < 0xDC00 && take(s, '\\') && take(s, 'u') && hex4(s, s->at, &low) &&
		      low >= 0xDC00 && low <= 0xDFFF;
	if (!paired)
		return fail_at(s, from, "half of a surrogate pair");
	s->at += 4;
	return BS_OK;
}

static enum bs_status read_string(struct scan *s)
{
	size_t from = s->at++;
	while (s->at < s->text.len) {
		unsigned char c = (unsigned char)s->text.ptr[s->at++];
		if (c == '"')
			return BS_OK;
		if (c < 0x20)
			return fail_at(s, s->at - 1, "a raw control character in a string");
		if (c != '\\')
			continue;
		char kind = peek(s);
		if (!kind || !strchr("\"\\/bfnrtu", kind))
			return fail_at(s, s->at - 1, "an unknown escape");
		s->at++;
		if (kind != 'u')
			continue;
		enum bs_status status = unicode_escape(s);
		if (status != BS_OK)
			return status;
	}
	return fail_at(s, from, "a string without its closing quote");
}

// strtod reads the locale's decimal point, JSON has its own.
static bool is_finite(struct bs_str digits)
{
	char copy[NUMBER_BYTES_MAX + 1];
	memcpy(copy, digits.ptr, digits.len);
	copy[digits.len] = '\0';
	char *point = strchr(copy, '.');
	if (point)
		*point = localeconv()->decimal_point[0];
	return isfinite(strtod(copy, NULL));
}

static enum bs_status read_number(struct scan *s)
{
	size_t from = s->at;
	(void)take(s, '-');
	bool zero = peek(s) == '0';
	size_t digits = skip_digits(s);
	if (digits == 0)
		return expected(s, "a digit");
	if (zero && digits > 1)
		return fail_at(s, from, "a number with a leading zero");
	if (take(s, '.') && skip_digits(s) == 0)
		return expected(s, "a digit after the decimal point");
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			(void)take(s, '-');
		if (skip_digits(s) == 0)
			return expected(s, "a digit of the exponent");
	}
	if (s->at - from > NUMBER_BYTES_MAX)
		return fail_at(s, from, "a number of more than 63 characters");
	if (!is_finite(bs_str_sub(s->text, from, s->at - from)))
		return fail_at(s, from, "a number that is too large");
	return BS_OK;
}

static enum bs_status read_word(struct scan *s)
{
	static const char *const words[] = {"true", "false", "null"};
	struct bs_str rest = bs_str_from(s->text, s->at);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!bs_str_starts(rest, bs_str_c(words[i])))
			continue;
		s->at += strlen(words[i]);
		return BS_OK;
	}
	return expected(s, "a value");
}

static enum bs_status read_name(struct scan *s)
{
	if (peek(s) != '"')
		return expected(s, "a name in double quotes");
	if (++s->names_seen == s->name_wanted)
		s->name_at = s->at;
	enum bs_status status = read_string(s);
	if (status != BS_OK)
		return status;
	skip_space(s);
	return take(s, ':') ? BS_OK : expected(s, "':' after a name");
}

// An array or an object, from its bracket to the one that closes it.
static enum bs_status read_members(struct scan *s, bool named, char close)
{
	if (s->depth == BS_JSON_DEPTH_MAX)
		return bs_fail(s->err, BS_LIMIT, "JSON: byte %zu: nested deeper than %d levels",
			s->at, BS_JSON_DEPTH_MAX);
	s->depth++;
	s->at++;
	skip_space(s);
	bool more = !take(s, close);
	while (more) {
		enum bs_status status = named ? read_name(s) : BS_OK;
		if (status == BS_OK)
			status = read_value(s);
		if (status != BS_OK)
			return status;
		more = take(s, ',');
		if (!more && !take(s, close))
			return expected(s, named ? "',' or '}'" : "',' or ']'");
		skip_space(s);
	}
	s->depth--;
	return BS_OK;
}

// A value and the white space around it.
static enum bs_status read_value(struct scan *s)
{
	enum bs_status status;
	skip_space(s);
	char c = peek(s);
	if (c == '{')
		status = read_members(s, true, '}');
	else if (c == '[')
		status = read_members(s, false, ']');
	else if (c == '"')
		status = read_string(s);
	else if (c == '-' || bs_is_digit(c))
		status = read_number(s);
	else
		status = read_word(s);
	if (status == BS_OK)
		skip_space(s);
	return status;
}

size_t bs_json_utf8(struct bs_str text, size_t at)
{
	for (size_t step = 1; step <= 4 && step <= text.len - at; step++)
		if (bs_str_is_utf8(bs_str_sub(text, at, step)))
			return step;
	return 0;
}

enum bs_status bs_json_scan(struct bs_str text, struct bs_err *err)
{
	struct scan s = {.text = text, .err = err};
	if (text.len > BS_JSON_BYTES_MAX)
		return bs_fail(err, BS_LIMIT, "JSON: %zu bytes, more than %d", text.len,
			BS_JSON_BYTES_MAX);
	if (!bs_str_is_utf8(text)) {
		size_t at = 0;
		for (size_t step; (step = bs_json_utf8(text, at)) > 0;)
			at += step;
		return fail_at(&s, at, "not UTF-8");
	}
	enum bs_status status = read_value(&s);
	if (status == BS_OK && s.at < text.len)
		status = expected(&s, "the end");
	return status;
}

size_t bs_json_scan_name(struct bs_str text, size_t number)
{
	struct scan s = {.text = text, .name_wanted = number};
	enum bs_status status = read_value(&s);
	assert(status == BS_OK && s.names_seen >= number);
	(void)status;
	return s.name_at;
}
