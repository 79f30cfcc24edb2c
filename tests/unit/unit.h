// SPDX-License-Identifier: MIT
// What every unit test includes first: cmocka with what it needs, and an assertion for slices.
#ifndef BS_TESTS_UNIT_H
#define BS_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/str.h"

#define assert_str(s, expected)                                                           \
	do {                                                                              \
		struct bs_str s_ = (s);                                                   \
		const char *expected_ = (expected);                                       \
		if (!bs_str_eq_c(s_, expected_))                                          \
			fail_msg("got \"%.*s\", expected \"%s\"", BS_FMT(s_), expected_); \
	} while (0)

#endif
