// SPDX-License-Identifier: MIT
// The sentences of the local summary, written from the fields that local.c has filled.
#ifndef BS_LLM_LOCAL_WORDS_H
#define BS_LLM_LOCAL_WORDS_H

#include "core/base/buf.h"
#include "core/llm/ending.h"
#include "core/llm/summary.h"
#include "core/text/excerpt.h"

// outweighed: the category is that of the ending, and the first failure is not why it ended so.
void bs_local_headline(const struct bs_summary *summary, const struct bs_ending *ending,
	bool outweighed, struct bs_buf *out);
void bs_local_paragraph(const struct bs_summary *summary, const struct bs_excerpt *excerpt,
	const struct bs_ending *ending, bool outweighed, struct bs_buf *out);

#endif
