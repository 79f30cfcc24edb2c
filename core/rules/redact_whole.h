// SPDX-License-Identifier: MIT
// Where a token ends and a word begins: asked when two lines may be one that a terminal wrapped.
#ifndef BS_RULES_REDACT_WHOLE_H
#define BS_RULES_REDACT_WHOLE_H

#include "core/base/str.h"

#define BS_WHOLE_UNKNOWN SIZE_MAX

// How many bytes the token lacks by the format its issuer publishes: 0 when it is complete,
// BS_WHOLE_UNKNOWN when the format has no fixed length. rest: what may belong to it.
size_t bs_whole_missing(struct bs_str token, struct bs_str rest);

// Letters, digits, '_' and '-' that text begins with.
size_t bs_whole_run(struct bs_str text);

// Whether lines of so many bytes are usual where output is wrapped.
bool bs_whole_is_width(size_t bytes);

// Whether text, a line, begins with a word of its own: TestOrders: want 3, a/b.go:12, FAILED x, a
// date. without_sign: what is built like words is enough, whatever follows it.
bool bs_whole_is_word(struct bs_str text, bool without_sign);

#endif
