// SPDX-License-Identifier: MIT
// The sentences of the local summary, written from the fields that local.c has filled.
#ifndef BS_LLM_LOCAL_WORDS_H
#define BS_LLM_LOCAL_WORDS_H

#include "core/base/buf.h"
#include "core/llm/summary.h"
#include "core/text/excerpt.h"

void bs_local_headline(const struct bs_summary *summary, int exit_status, struct bs_buf *out);
void bs_local_paragraph(const struct bs_summary *summary, const struct bs_excerpt *excerpt,
	int exit_status, struct bs_buf *out);

#endif
