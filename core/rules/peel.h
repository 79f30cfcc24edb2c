// SPDX-License-Identifier: MIT
// What programs put before the lines of others: a time and a level, a container's or task's name.
#ifndef BS_RULES_PEEL_H
#define BS_RULES_PEEL_H

#include "core/base/str.h"

// The line without such prefixes, its own indentation kept; the line itself when there are none.
// Rules see both, so that "^error:" also finds "12:00:01 ERROR - error:" and "web_1  | error:".
// Which digits stand there does not matter: lines of one kind (core/text/kind.h) lose the same.
struct bs_str bs_peel(struct bs_str line);

#endif
