// SPDX-License-Identifier: MIT
// Commands that failed, as wrappers tell of them: what of them stays, and whether a failure near
// the last one has been named.
#ifndef BS_RULES_COMMANDS_H
#define BS_RULES_COMMANDS_H

#include "core/rules/purse.h"

// Whether the log has been understood: a rule that knows its tool has said what is wrong, and not
// only where, within reach of the last command that failed.
bool bs_commands_are_explained(const struct bs_choice *choice);
// Whether a rule is sure of why it failed, wherever in the log that stands.
bool bs_commands_have_cause(const struct bs_choice *choice);
// Takes the wrappers and what stands before them, as far as bytes stay within `limit`; the first
// and the last of them in any case.
void bs_commands_take(struct bs_choice *choice, size_t limit);

#endif
