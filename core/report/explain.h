// SPDX-License-Identifier: MIT
// The excerpt with its reasons: `trim --explain` for people, `trim --format json` for programs.
#ifndef BS_REPORT_EXPLAIN_H
#define BS_REPORT_EXPLAIN_H

#include "core/report/report.h"

// Both want excerpt->explanation.
void bs_explain_terminal(
	const struct bs_excerpt *excerpt, struct bs_terminal terminal, struct bs_buf *out);

// One line, '\n' ended, ASCII only. Line numbers are those of the input.
//
//     {"version": 1, "fingerprint": "…", "whole": false, "silent": false, "budget_bytes": 32000,
//      "excerpt": {"input_bytes": 1, "input_lines": 1, "bytes": 1, "lines": 1, "redactions": 0},
//      "blocks": [{"marker": "[lines 1-8 left out]", "from": 9, "to": 12, "bytes": 80,
//                  "kept_for": ["failure", "block"],
//                  "lines": ["…"], "lines_named": 3,
//                  "rules": [{"rule": "gcc-error", "role": "cause", "line": 9, "lines": 2, "rank":
//                  1,
//                             "score": {"total": 118, "weight": 92, "rarity": 10, …},
//                             "text": "…"}]}],
//      "left_out": {"lines": 12, "lines_named": 1, "rules": [{…, "why": "no room"}]}}
//
// A rule stands once in a block, with its most telling line and how many it spoke for; of many
// rules the most telling ones; lines_named counts the lines of all. rank and score are null for
// rules that compete for nothing (contexts, wrappers).
void bs_explain_json(const struct bs_excerpt *excerpt, struct bs_buf *out);

#endif
