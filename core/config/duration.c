// SPDX-License-Identifier: MIT
// Durations: a whole number and its unit, both ways.
#include "core/config/duration.h"

#include <inttypes.h>
#include <stdio.h>

struct unit {
	const char *suffix;
	int64_t ms;
};

static const struct unit units[] = {{"m", 60 * 1000}, {"s", 1000}, {"ms", 1}};

#define UNITS_COUNT (sizeof(units) / sizeof(units[0]))

bool bs_duration_parse(struct bs_str text, int64_t *ret_ms)
{
	size_t digits = 0;
	uint64_t number = 0;
	while (digits < text.len && bs_is_digit(text.ptr[digits]))
		digits++;
	if (!bs_str_to_u64(bs_str_sub(text, 0, digits), &number))
		return false;
	struct bs_str suffix = bs_str_from(text, digits);
	for (size_t i = 0; i < UNITS_COUNT; i++) {
		if (!bs_str_eq_c(suffix, units[i].suffix))
			continue;
		if (number > (uint64_t)(INT64_MAX / units[i].ms))
			return false;
		*ret_ms = (int64_t)number * units[i].ms;
		return true;
	}
	return false;
}

const char *bs_duration_print(int64_t ms, char text[BS_DURATION_BYTES])
{
	const struct unit *unit = &units[UNITS_COUNT - 1];
	for (size_t i = UNITS_COUNT; i-- > 0;)
		if (ms != 0 && ms % units[i].ms == 0)
			unit = &units[i];
	if (ms == 0)
		unit = &units[1];
	(void)snprintf(text, BS_DURATION_BYTES, "%" PRId64 "%s", ms / unit->ms, unit->suffix);
	return text;
}
