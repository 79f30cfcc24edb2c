// SPDX-License-Identifier: MIT
// The fingerprint of a failure: equal for runs that failed for the same reasons.
#ifndef BS_RULES_FAILURE_ID_H
#define BS_RULES_FAILURE_ID_H

#include "core/text/excerpt.h"

// Fills id, sixteen hex digits, from the findings: the set of failures that rules name, each by its
// test, file and message without what changes from run to run (core/rules/stable.h); their order
// and number do not count. Of a log in which no rule saw a failure, its last words. Not for
// secrets, and equal only between programs with the same rules.
//
// bs_trim_finish has done this already: use excerpt->failure_id. Lines, findings and findings_count
// are read.
void bs_failure_id(const struct bs_excerpt *excerpt, char id[BS_FAILURE_ID_BYTES]);

#endif
