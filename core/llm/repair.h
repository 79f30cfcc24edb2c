// SPDX-License-Identifier: MIT
// Almost-JSON answers of models → JSON, without touching what they say.
#ifndef BS_LLM_REPAIR_H
#define BS_LLM_REPAIR_H

#include "core/base/buf.h"

// Puts the one JSON object of `text` into out: without byte order mark, thoughts before it
// (<think>), code fence, prose around it, trailing commas; raw newlines and tabs in strings are
// escaped. Never completes, guesses or reorders anything. False when there is no balanced object or
// more than one (out is then empty), or when out's ceiling or memory was reached (out->failed says
// so).
bool bs_repair_json(struct bs_str text, struct bs_buf *out) BS_MUST_USE;

#endif
