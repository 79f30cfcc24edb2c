// SPDX-License-Identifier: MIT
// Durations in the form of the configuration: "500ms", "4s", "1m".
#ifndef BS_CONFIG_DURATION_H
#define BS_CONFIG_DURATION_H

#include "core/base/str.h"

#define BS_DURATION_BYTES 32 // as text, with its NUL

// A whole number and its unit, nothing else. false also on overflow.
bool bs_duration_parse(struct bs_str text, int64_t *ret_ms);
// In the largest unit that holds it without a rest.
const char *bs_duration_print(int64_t ms, char text[BS_DURATION_BYTES]);

#endif
