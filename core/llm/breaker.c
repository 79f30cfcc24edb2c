// SPDX-License-Identifier: MIT
// The circuit breaker's arithmetic.
#include "core/llm/breaker.h"

#include <assert.h>
#include <string.h>

#define MINUTE_MS (60 * 1000)

enum bs_breaker_state bs_breaker_state(const struct bs_breaker *breaker, int64_t now_ms)
{
	if (!breaker->outage_ms)
		return BS_BREAKER_CLOSED;
	return now_ms < breaker->open_until_ms ? BS_BREAKER_OPEN : BS_BREAKER_HALF_OPEN;
}

// --- counting

static void push_halves(struct bs_breaker *breaker, unsigned halves, int64_t now_ms)
{
	for (unsigned i = 0; i < halves; i++) {
		memmove(breaker->failed_ms + 1, breaker->failed_ms,
			(BS_BREAKER_STREAK_HALVES - 1) * sizeof(breaker->failed_ms[0]));
		breaker->failed_ms[0] = now_ms;
	}
}

static void count_call(struct bs_breaker *breaker, unsigned halves, int64_t now_ms)
{
	int64_t minute = now_ms / MINUTE_MS;
	size_t at = (size_t)(minute % BS_BREAKER_WINDOW_MINUTES);
	if (breaker->window_minute[at] != minute) {
		breaker->window_minute[at] = minute;
		breaker->window_calls[at] = breaker->window_halves[at] = 0;
	}
	if (breaker->window_calls[at] == BS_BREAKER_COUNT_MAX)
		return;
	breaker->window_calls[at]++;
	breaker->window_halves[at] += halves;
}

static bool is_streak(const struct bs_breaker *breaker, int64_t now_ms)
{
	int64_t first_ms = breaker->failed_ms[BS_BREAKER_STREAK_OPENS - 1];
	return first_ms && now_ms - first_ms <= BS_BREAKER_STREAK_MS;
}

static bool is_mostly_failing(const struct bs_breaker *breaker, int64_t now_ms)
{
	int64_t calls = 0, halves = 0;
	for (size_t i = 0; i < BS_BREAKER_WINDOW_MINUTES; i++)
		if (now_ms / MINUTE_MS - breaker->window_minute[i] < BS_BREAKER_WINDOW_MINUTES) {
			calls += breaker->window_calls[i];
			halves += breaker->window_halves[i];
		}
	return calls >= BS_BREAKER_CALLS_MIN && halves >= calls;
}

// --- opening and closing

// 5, 10, 20, 20 … s, a minute in an old outage; a fifth more or less, so that many hosts do not
// come back together.
static int64_t open_for_ms(const struct bs_breaker *breaker, int64_t now_ms, uint64_t chance)
{
	static const int64_t young_ms[] = {5000, 10000, 20000};
	const int64_t last = sizeof(young_ms) / sizeof(young_ms[0]) - 1;
	int64_t base_ms = MINUTE_MS;
	if (now_ms - breaker->outage_ms < BS_BREAKER_YOUNG_MS)
		base_ms = young_ms[breaker->openings < last ? breaker->openings : last];
	return base_ms - base_ms / 5 + (int64_t)(chance % (uint64_t)(base_ms / 5 * 2 + 1));
}

static void open_again(struct bs_breaker *breaker, int64_t now_ms, uint64_t chance)
{
	if (!breaker->outage_ms)
		breaker->outage_ms = now_ms;
	breaker->open_until_ms = now_ms + open_for_ms(breaker, now_ms, chance);
	if (breaker->openings < BS_BREAKER_COUNT_MAX)
		breaker->openings++;
	breaker->lease_until_ms = 0;
	breaker->lease_run = 0;
}

static void fail(struct bs_breaker *breaker, unsigned halves, int64_t now_ms, uint64_t chance)
{
	switch (bs_breaker_state(breaker, now_ms)) {
	case BS_BREAKER_OPEN: // known: a run that began before, or the last resort of one
		return;
	case BS_BREAKER_HALF_OPEN: // half a failure is not a success either
		open_again(breaker, now_ms, chance);
		return;
	case BS_BREAKER_CLOSED:
		push_halves(breaker, halves, now_ms);
		count_call(breaker, halves, now_ms);
		if (is_streak(breaker, now_ms) || is_mostly_failing(breaker, now_ms))
			open_again(breaker, now_ms, chance);
		return;
	}
}

void bs_breaker_note(struct bs_breaker *breaker, enum bs_breaker_note note, bool alive,
	int64_t now_ms, uint64_t chance)
{
	switch (note) {
	case BS_BREAKER_NEUTRAL:
		if (alive && bs_breaker_state(breaker, now_ms) == BS_BREAKER_HALF_OPEN)
			*breaker = (struct bs_breaker){0};
		return;
	case BS_BREAKER_SUCCESS:
		if (breaker->outage_ms)
			*breaker = (struct bs_breaker){0};
		memset(breaker->failed_ms, 0, sizeof(breaker->failed_ms));
		count_call(breaker, 0, now_ms);
		return;
	case BS_BREAKER_FAILURE:
		fail(breaker, 2, now_ms, chance);
		return;
	case BS_BREAKER_HALF:
		fail(breaker, 1, now_ms, chance);
		return;
	}
}

// --- the lease of the one probe

bool bs_breaker_is_leased(const struct bs_breaker *breaker, uint64_t run, int64_t now_ms)
{
	return breaker->lease_until_ms > now_ms && breaker->lease_run != run;
}

bool bs_breaker_claim(struct bs_breaker *breaker, uint64_t run, int64_t lease_ms, int64_t now_ms)
{
	assert(bs_breaker_state(breaker, now_ms) == BS_BREAKER_HALF_OPEN);
	if (bs_breaker_is_leased(breaker, run, now_ms))
		return false;
	if (lease_ms > BS_BREAKER_LEASE_MS_MAX)
		lease_ms = BS_BREAKER_LEASE_MS_MAX;
	breaker->lease_until_ms = now_ms + lease_ms;
	breaker->lease_run = run;
	return true;
}

void bs_breaker_release(struct bs_breaker *breaker, uint64_t run)
{
	if (breaker->lease_run != run)
		return;
	breaker->lease_until_ms = 0;
	breaker->lease_run = 0;
}

// --- numbers from elsewhere

static void clip(int64_t *time_ms, int64_t latest_ms)
{
	if (*time_ms > latest_ms)
		*time_ms = latest_ms;
}

void bs_breaker_settle(struct bs_breaker *breaker, int64_t now_ms)
{
	for (size_t i = 0; i < BS_BREAKER_STREAK_HALVES; i++)
		clip(&breaker->failed_ms[i], now_ms);
	for (size_t i = 0; i < BS_BREAKER_WINDOW_MINUTES; i++) {
		int64_t minute = breaker->window_minute[i];
		bool misplaced = minute % BS_BREAKER_WINDOW_MINUTES != (int64_t)i;
		if (misplaced || minute > now_ms / MINUTE_MS)
			breaker->window_minute[i] = breaker->window_calls[i] =
				breaker->window_halves[i] = 0;
		clip(&breaker->window_halves[i], 2 * breaker->window_calls[i]);
	}
	clip(&breaker->outage_ms, now_ms);
	clip(&breaker->open_until_ms, now_ms + BS_BREAKER_OPEN_MS_MAX);
	clip(&breaker->lease_until_ms, now_ms + BS_BREAKER_LEASE_MS_MAX);
	if (breaker->outage_ms)
		return;
	breaker->open_until_ms = breaker->openings = breaker->lease_until_ms = 0;
	breaker->lease_run = 0;
}
