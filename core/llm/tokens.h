// SPDX-License-Identifier: MIT
// How many tokens a text is at most, without a tokeniser.
#ifndef BS_LLM_TOKENS_H
#define BS_LLM_TOKENS_H

#include "core/base/str.h"

// More than any of the vocabularies in use makes of it: by the kinds of its characters, as the
// most wasteful of them see these (Llama 2's, Gemini's: a token for every digit). Of logs it is
// about one and a half times (Llama 2) to twice (GPT) the truth; never more than bytes.
// `make check-tokens` holds it against real vocabularies.
uint64_t bs_tokens_most(struct bs_str text);

#endif
