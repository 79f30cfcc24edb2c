// SPDX-License-Identifier: MIT
// Which lines stay, under a budget: blocks of the most telling marks first, the end of the log
// last.
#ifndef BS_RULES_CHOOSE_H
#define BS_RULES_CHOOSE_H

#include "core/rules/purse.h"

void bs_choose(struct bs_choice *choice);
// Whether a mark is one that a log which was understood has little room for.
bool bs_choice_is_weak(const struct bs_choice *choice, const struct bs_ranked *ranked);

#endif
