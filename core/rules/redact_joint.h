// SPDX-License-Identifier: MIT
// Whether the newest of the lines that wait goes on with a token, or begins with a word of its own.
#ifndef BS_RULES_REDACT_JOINT_H
#define BS_RULES_REDACT_JOINT_H

#include "core/rules/redact_wrap.h"

// mark: what was found in the joined lines, across the joint before the newest. A token complete by
// its published length does not go on; a prefix not yet a token does, and what exactly fills it up.
bool bs_joint_goes_on(const struct bs_wrap *wrap, struct bs_hold *hold, const struct bs_mark *mark);

#endif
