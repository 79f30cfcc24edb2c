// SPDX-License-Identifier: MIT
// The circuit breaker of one route: numbers and the time in, "may be asked" out. No I/O, no clock.
//
// Closed: ask. It opens after two failures in a row within 120 s (the second may be half a one, and
// three halves do it, too: who lost three hedges in a row costs every run the wait for a hedge), or
// when half of at least six calls of the last five minutes failed. Open: do not ask, for 5, 10, 20,
// 20 … s, and for 60 s once the outage is five minutes old. Half-open: one run may ask, under a
// lease that expires with it.
#ifndef BS_LLM_BREAKER_H
#define BS_LLM_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/llm/policy.h"

#define BS_BREAKER_STREAK_HALVES 4 // kept: a failure counts two of these, a half failure one
#define BS_BREAKER_STREAK_OPENS 3  // so many in a row open it
#define BS_BREAKER_STREAK_MS (120 * 1000)
#define BS_BREAKER_WINDOW_MINUTES 5
#define BS_BREAKER_CALLS_MIN 6
#define BS_BREAKER_COUNT_MAX 1000000     // more calls a minute are not told apart
#define BS_BREAKER_OPEN_MS_MAX 72000     // 60 s and a fifth
#define BS_BREAKER_LEASE_MS_MAX 60000    // a run that takes longer has lost its lease
#define BS_BREAKER_YOUNG_MS (300 * 1000) // so long an outage is asked after often

enum bs_breaker_state {
	BS_BREAKER_CLOSED,
	BS_BREAKER_OPEN,
	BS_BREAKER_HALF_OPEN,
};

// Times are wall-clock milliseconds, 0: none. A zeroed breaker is closed.
struct bs_breaker {
	// Half failures since the last success, newest first; a whole failure stands there twice.
	int64_t failed_ms[BS_BREAKER_STREAK_HALVES];
	// Calls that counted, by the minute they came in: minute m stands at m % 5.
	int64_t window_minute[BS_BREAKER_WINDOW_MINUTES];
	int64_t window_calls[BS_BREAKER_WINDOW_MINUTES];
	int64_t window_halves[BS_BREAKER_WINDOW_MINUTES]; // failures among them, in halves
	int64_t outage_ms;                                // when it left "closed"; 0: it is closed
	int64_t open_until_ms, openings;
	int64_t lease_until_ms;
	uint64_t lease_run; // who may ask while it is half-open
};

enum bs_breaker_state bs_breaker_state(const struct bs_breaker *breaker, int64_t now_ms);

// A call ended. `alive`: the host gave an answer of its own, so that even a neutral outcome ends an
// outage. `chance` is the jitter's.
void bs_breaker_note(struct bs_breaker *breaker, enum bs_breaker_note note, bool alive,
	int64_t now_ms, uint64_t chance);

// Half-open: true when `run` holds the lease from here on, for lease_ms at most.
bool bs_breaker_claim(struct bs_breaker *breaker, uint64_t run, int64_t lease_ms, int64_t now_ms);
// True while another run than this one holds it.
bool bs_breaker_is_leased(const struct bs_breaker *breaker, uint64_t run, int64_t now_ms);
void bs_breaker_release(struct bs_breaker *breaker, uint64_t run);

// Makes any numbers, from another clock or another hand, ones that bs_breaker_note could have left.
void bs_breaker_settle(struct bs_breaker *breaker, int64_t now_ms);

#endif
