// SPDX-License-Identifier: MIT
// Whether a pattern can tell one digit from another.
#ifndef BS_RULES_DIGITS_H
#define BS_RULES_DIGITS_H

#include "core/base/buf.h"

// True when the pattern finds the same in any two texts that differ in digits alone, as `\d+` does
// and `[1-9]` does not. Sound before sharp: what is not understood is taken to tell them apart.
bool bs_digits_are_alike(struct bs_str pattern);

// A pattern that does not tell digits apart and is found in every text that this one is found in:
// `[1-9]` becomes `[0-9]`. False when none can be made; out then holds nothing of use.
bool bs_digits_relax(struct bs_str pattern, struct bs_buf *out);

#endif
