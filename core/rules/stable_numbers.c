// SPDX-License-Identifier: MIT
// Numbers that change from run to run: durations, times, addresses, what a label says.
#include "core/rules/stable_own.h"

#define DATE_BYTES_MIN 8 // "21/08/26"; a test's [1-2-3] is none

// "12.5", "1,234": bytes of a number with its separators.
static size_t number(struct bs_str s)
{
	size_t n = bs_stable_count(s, bs_is_digit);
	while (n > 0 && (bs_stable_at(s, n) == '.' || bs_stable_at(s, n) == ',') &&
		bs_is_digit(bs_stable_at(s, n + 1)))
		n += 1 + bs_stable_count(bs_str_from(s, n + 1), bs_is_digit);
	return n;
}

// Bytes of a unit of time or size at the front of s, a space before it allowed; 0: none.
static size_t unit(struct bs_str s)
{
	static const struct {
		const char *name;
		bool spaced; // may stand behind a space
	} units[] = {{"%", true}, {"ns", true}, {"us", true}, {"µs", true}, {"μs", true},
		{"ms", true}, {"msec", true}, {"s", true}, {"sec", true}, {"secs", true},
		{"second", true}, {"seconds", true}, {"m", false}, {"min", true}, {"mins", true},
		{"minute", true}, {"minutes", true}, {"h", false}, {"hour", true}, {"hours", true},
		{"B", false}, {"kB", true}, {"KB", true}, {"MB", true}, {"GB", true}, {"KiB", true},
		{"MiB", true}, {"GiB", true}, {"K", false}, {"M", false}, {"G", false}};
	size_t space = bs_stable_at(s, 0) == ' ';
	struct bs_str word = bs_str_from(s, space);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct bs_str name = bs_str_c(units[i].name);
		if ((!space || units[i].spaced) && bs_str_starts(word, name) &&
			!bs_is_alpha(bs_stable_at(word, name.len)) &&
			bs_stable_at(word, name.len) != '_')
			return space + name.len;
	}
	return 0;
}

// "1m3.5s", "12 ms", "45%".
size_t bs_stable_measure(struct bs_stable_place p)
{
	size_t bytes = 0;
	for (;;) {
		struct bs_str s = bs_str_from(p.rest, bytes);
		size_t digits = number(s);
		size_t named = digits ? unit(bs_str_from(s, digits)) : 0;
		if (named == 0)
			return bytes;
		bytes += digits + named;
	}
}

// Two or three numbers with ':' or '-' or '/' between, and what follows them: a date, a time, or
// the line and column of a place.
size_t bs_stable_moment(struct bs_stable_place p)
{
	struct bs_str s = p.rest;
	size_t n = bs_stable_count(s, bs_is_digit), parts = 1;
	char between = bs_stable_at(s, n);
	if (n == 0 || n > 4 || (between != ':' && between != '-' && between != '/'))
		return 0;
	while (bs_stable_at(s, n) == between && bs_is_digit(bs_stable_at(s, n + 1)) && parts < 3) {
		n += 1 + bs_stable_count(bs_str_from(s, n + 1), bs_is_digit);
		parts++;
	}
	if (parts < (between == ':' ? 2 : 3) || (between != ':' && n < DATE_BYTES_MIN))
		return 0;
	if ((bs_stable_at(s, n) == '.' || bs_stable_at(s, n) == ',') &&
		bs_is_digit(bs_stable_at(s, n + 1)))
		n += 1 + bs_stable_count(bs_str_from(s, n + 1), bs_is_digit);
	if ((bs_stable_at(s, n) == 'T' || bs_stable_at(s, n) == ' ') &&
		bs_is_digit(bs_stable_at(s, n + 1)) && between != ':') {
		size_t time = bs_stable_moment(
			(struct bs_stable_place){.rest = bs_str_from(s, n + 1)});
		n += time ? 1 + time : 0;
	}
	if ((bs_stable_at(s, n) == '+' || bs_stable_at(s, n) == '-') &&
		bs_is_digit(bs_stable_at(s, n + 1)))
		n += 1 + bs_stable_count(bs_str_from(s, n + 1), bs_is_digit);
	return bs_stable_at(s, n) == 'Z' ? n + 1 : n;
}

// "172.17.0.3"
size_t bs_stable_address(struct bs_stable_place p)
{
	size_t n = 0;
	for (int part = 0; part < 4; part++) {
		size_t digits = bs_stable_count(bs_str_from(p.rest, n), bs_is_digit);
		if (digits == 0 || digits > 3 ||
			(part < 3 && bs_stable_at(p.rest, n + digits) != '.'))
			return 0;
		n += digits + (part < 3);
	}
	return bs_stable_is_word(bs_stable_at(p.rest, n)) ? 0 : n;
}

// A number whose label says that it changes: "pid 12", "line 7", "Thread-3", "==123==".
size_t bs_stable_labelled(struct bs_stable_place p)
{
	static const char *const labels[] = {"pid", "tid", "port", "line", "lines", "col", "column",
		"thread", "goroutine", "process", "worker", "shard", "seed", "node", "fd", "jan",
		"feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
	size_t n = bs_stable_count(p.rest, bs_is_digit);
	struct bs_str before = p.before;
	if (n == 0 || bs_stable_is_word(bs_stable_at(p.rest, n)))
		return 0;
	if (bs_str_ends(before, BS_LIT("==")) && bs_stable_at(p.rest, n) == '=')
		return n;
	if (bs_stable_last(before) == '[' && bs_stable_at(p.rest, n) == ']' &&
		bs_stable_at(p.rest, n + 1) == ':')
		return n;
	for (int i = 0; i < 2 && before.len && strchr(" :=#-[(", bs_stable_last(before)); i++)
		before.len--;
	struct bs_str label = bs_str_from(before, before.len - bs_stable_letters_before(before));
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (bs_str_ieq(label, bs_str_c(labels[i])))
			return n;
	return 0;
}
