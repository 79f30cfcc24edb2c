// SPDX-License-Identifier: MIT
// Time: monotonic milliseconds and one deadline, made at the start of a run.
#ifndef BS_BASE_CLOCK_H
#define BS_BASE_CLOCK_H

#include <stdint.h>

// Milliseconds of CLOCK_MONOTONIC: never jumps with the wall clock.
int64_t bs_clock_ms(void);
// Milliseconds since 1970 (UTC): only for dates that others sent or will read.
int64_t bs_clock_wall_ms(void);

struct bs_deadline {
	int64_t at_ms; // monotonic
};

static inline struct bs_deadline bs_deadline_in(int64_t now_ms, int64_t duration_ms)
{
	return (struct bs_deadline){now_ms + duration_ms};
}

// What is left, never below zero.
static inline int64_t bs_deadline_left_ms(struct bs_deadline deadline, int64_t now_ms)
{
	return deadline.at_ms > now_ms ? deadline.at_ms - now_ms : 0;
}

#endif
