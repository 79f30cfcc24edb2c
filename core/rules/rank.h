// SPDX-License-Identifier: MIT
// Which marks tell most: the judgement of the trimmer, in one place.
#ifndef BS_RULES_RANK_H
#define BS_RULES_RANK_H

#include "core/rules/mark.h"
#include "core/text/explanation.h"

#define BS_SCORE_TELLING 60 // what scores less is a word that failures share

struct bs_ranked {
	uint32_t mark;         // index
	struct bs_score score; // in all, 100 is about a strong rule's only line
};

// Scores of all marks that may spend the budget (causes, summaries), the most telling first.
// `ranked` has room for all marks. Returns how many there are.
size_t bs_rank(const struct bs_rules *rules, const struct bs_marks *marks,
	const struct bs_templates *templates, uint64_t lines_seen, struct bs_ranked *ranked);

#endif
