// SPDX-License-Identifier: MIT
// Durations and dates of retry hints, read without libc's locale-bound parsers.
#include "core/llm/hint.h"

#define DAY_MS (24 * 60 * 60 * 1000.0)

// Digits with at most one decimal point off the front of *s; false when there are none.
static bool take_number(struct bs_str *s, double *ret_number)
{
	double number = 0, scale = 1;
	size_t i = 0, digits = 0;
	bool fraction = false;
	for (; i < s->len; i++) {
		if (s->ptr[i] == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (!bs_is_digit(s->ptr[i]))
			break;
		digits++;
		if (digits > 17) // more says nothing, and cannot overflow a double this way
			return false;
		number = number * 10 + (s->ptr[i] - '0');
		scale *= fraction ? 10 : 1;
	}
	if (digits == 0)
		return false;
	*s = bs_str_from(*s, i);
	*ret_number = number / scale;
	return true;
}

// Whole milliseconds, rounded up; -1 for nonsense.
static int64_t in_ms(double ms)
{
	if (!(ms >= 0) || ms > (double)BS_RETRY_AFTER_MS_MAX)
		return -1;
	int64_t whole = (int64_t)ms;
	return (double)whole < ms ? whole + 1 : whole;
}

int64_t bs_hint_number_ms(struct bs_str s, double unit_ms)
{
	double number;
	s = bs_str_trim(s);
	if (!take_number(&s, &number) || s.len > 0)
		return -1;
	return in_ms(number * unit_ms);
}

// Longer names first: "ms" before "m".
static const struct {
	const char *name;
	double ms;
} units[] = {
	{"milliseconds", 1},
	{"millisecond", 1},
	{"minutes", 60000},
	{"minute", 60000},
	{"seconds", 1000},
	{"second", 1000},
	{"hours", 3600000},
	{"hour", 3600000},
	{"sec", 1000},
	{"min", 60000},
	{"ms", 1},
	{"us", 0.001},
	{"µs", 0.001},
	{"ns", 0.000001},
	{"h", 3600000},
	{"m", 60000},
	{"s", 1000},
	{"d", DAY_MS},
};

// A number and its unit off the front of *s.
static bool take_part(struct bs_str *s, double *total_ms)
{
	struct bs_str rest = *s;
	double number;
	if (!take_number(&rest, &number))
		return false;
	struct bs_str spaced = bs_str_from(rest, rest.len && rest.ptr[0] == ' ');
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!bs_str_istarts(spaced, bs_str_c(units[i].name)))
			continue;
		*s = bs_str_from(spaced, strlen(units[i].name));
		*total_ms += number * units[i].ms;
		return true;
	}
	return false;
}

int64_t bs_hint_go_ms(struct bs_str s)
{
	double total_ms = 0;
	s = bs_str_trim(s);
	if (!take_part(&s, &total_ms))
		return -1;
	while (s.len > 0)
		if (!take_part(&s, &total_ms))
			return -1;
	return in_ms(total_ms);
}

int64_t bs_hint_in_text_ms(struct bs_str s)
{
	static const char *const phrases[] = {
		"try again in ", "retry in ", "retry after ", "try again after ", "wait "};
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		double total_ms = 0;
		size_t at = bs_str_ifind(s, bs_str_c(phrases[i]));
		if (at == SIZE_MAX)
			continue;
		struct bs_str rest = bs_str_from(s, at + strlen(phrases[i]));
		if (!take_part(&rest, &total_ms))
			continue;
		while (take_part(&rest, &total_ms))
			;
		return in_ms(total_ms);
	}
	return -1;
}

// --- dates

struct date {
	int64_t year, month, day, hour, minute, second;
};

static bool digits(struct bs_str s, size_t at, size_t count, int64_t *ret_number)
{
	uint64_t number;
	if (at + count > s.len || !bs_str_to_u64(bs_str_sub(s, at, count), &number))
		return false;
	*ret_number = (int64_t)number;
	return true;
}

// "08:49:37" at s[at].
static bool clock_time(struct bs_str s, size_t at, struct date *date)
{
	return digits(s, at, 2, &date->hour) && digits(s, at + 3, 2, &date->minute) &&
	       digits(s, at + 6, 2, &date->second) && s.ptr[at + 2] == ':' &&
	       s.ptr[at + 5] == ':' && date->hour < 24 && date->minute < 60 && date->second <= 60;
}

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar, counted in eras of 400
// years from 1 March on, so that the leap day ends a year.
static int64_t days(const struct date *date)
{
	int64_t year = date->year - (date->month <= 2);
	int64_t era = year / 400, year_of_era = year % 400;
	int64_t month = (date->month + 9) % 12; // March is 0
	int64_t day_of_year = (153 * month + 2) / 5 + date->day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static int64_t wall_ms_of(const struct date *date)
{
	return (days(date) * 86400 + date->hour * 3600 + date->minute * 60 + date->second) * 1000;
}

static bool month_name(struct bs_str s, int64_t *ret_month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (size_t i = 0; i < 12; i++) {
		if (!bs_str_ieq(s, bs_str(names + i * 3, 3)))
			continue;
		*ret_month = (int64_t)i + 1;
		return true;
	}
	return false;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
static bool http_date(struct bs_str s, int64_t *ret_ms)
{
	struct date date = {0};
	if (s.len != 29 || !bs_str_ends(s, BS_LIT(" GMT")) || !digits(s, 5, 2, &date.day) ||
		!month_name(bs_str_sub(s, 8, 3), &date.month) || !digits(s, 12, 4, &date.year) ||
		!clock_time(s, 17, &date))
		return false;
	*ret_ms = wall_ms_of(&date);
	return date.day >= 1 && date.day <= 31;
}

// ".5" at s[at]: the milliseconds, rounded up; *at goes behind it.
static int64_t fraction_ms(struct bs_str s, size_t *at)
{
	int64_t ms = 0, digit_ms = 100, more = 0;
	if (*at >= s.len || s.ptr[*at] != '.')
		return 0;
	for (++*at; *at < s.len && bs_is_digit(s.ptr[*at]); ++*at) {
		ms += (s.ptr[*at] - '0') * digit_ms;
		more |= digit_ms == 0 && s.ptr[*at] != '0';
		digit_ms /= 10;
	}
	return ms + more;
}

// "1994-11-06T08:49:37.5+01:00"
static bool rfc3339(struct bs_str s, int64_t *ret_ms)
{
	struct date date = {0};
	int64_t hours, minutes;
	if (s.len < 20 || !digits(s, 0, 4, &date.year) || !digits(s, 5, 2, &date.month) ||
		!digits(s, 8, 2, &date.day) || s.ptr[4] != '-' || s.ptr[7] != '-' ||
		(s.ptr[10] != 'T' && s.ptr[10] != 't' && s.ptr[10] != ' ') ||
		!clock_time(s, 11, &date) || date.month < 1 || date.month > 12 || date.day < 1 ||
		date.day > 31)
		return false;
	size_t at = 19;
	*ret_ms = wall_ms_of(&date) + fraction_ms(s, &at);
	struct bs_str zone = bs_str_from(s, at);
	if (bs_str_ieq(zone, BS_LIT("Z")))
		return true;
	if (zone.len != 6 || (zone.ptr[0] != '+' && zone.ptr[0] != '-') || zone.ptr[3] != ':' ||
		!digits(zone, 1, 2, &hours) || !digits(zone, 4, 2, &minutes))
		return false;
	int64_t east_ms = (hours * 60 + minutes) * 60000;
	*ret_ms += zone.ptr[0] == '+' ? -east_ms : east_ms;
	return true;
}

bool bs_hint_date_ms(struct bs_str date, int64_t *ret_wall_ms)
{
	int64_t at_ms = 0;
	date = bs_str_trim(date);
	if (!http_date(date, &at_ms) && !rfc3339(date, &at_ms))
		return false;
	*ret_wall_ms = at_ms;
	return true;
}

int64_t bs_hint_until_ms(struct bs_str date, int64_t wall_ms)
{
	int64_t at_ms = 0;
	if (!bs_hint_date_ms(date, &at_ms))
		return -1;
	if (at_ms <= wall_ms)
		return 0;
	return in_ms((double)(at_ms - wall_ms));
}
