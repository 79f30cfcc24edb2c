// SPDX-License-Identifier: MIT
// Time: the two clocks of the system, in milliseconds.
#include "core/base/clock.h"

#include <assert.h>
#include <time.h>

static int64_t read_ms(clockid_t clock)
{
	struct timespec now;
	int failed = clock_gettime(clock, &now);
	assert(!failed);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t bs_clock_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t bs_clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}
