// SPDX-License-Identifier: MIT
// Durations and dates as providers write them in retry hints: "1.2s", "6m0s", RFC 9110, RFC 3339.
#ifndef BS_LLM_HINT_H
#define BS_LLM_HINT_H

#include "core/base/limits.h"
#include "core/base/str.h"

// Each answers -1 for what is not of its form, negative, or over BS_RETRY_AFTER_MS_MAX; parts of a
// millisecond are rounded up, so that nobody comes back too early.

// A decimal number of the given unit: "2", "0.5".
int64_t bs_hint_number_ms(struct bs_str s, double unit_ms);
// A Go duration: "1m30.5s", "17ms", "46s".
int64_t bs_hint_go_ms(struct bs_str s);
// The first duration after "try again in", "retry after" … in a sentence; "20 seconds", "1.2s".
int64_t bs_hint_in_text_ms(struct bs_str s);
// A point in time: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7) or "1994-11-06T08:49:37Z"
// (RFC 3339). False and untouched when it is neither.
bool bs_hint_date_ms(struct bs_str date, int64_t *ret_wall_ms);
// Until such a point. The past gives 0.
int64_t bs_hint_until_ms(struct bs_str date, int64_t wall_ms);

#endif
