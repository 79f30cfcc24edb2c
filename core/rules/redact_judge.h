// SPDX-License-Identifier: MIT
// Whether a piece of text can be a secret at all: placeholders, samples, prose and names are not.
#ifndef BS_RULES_REDACT_JUDGE_H
#define BS_RULES_REDACT_JUDGE_H

#include "core/base/str.h"

// ${X}, $X, <token>, ***, [REDACTED], (sensitive value), null, {{ … }}, secrets.X, "required" …
bool bs_judge_placeholder(struct bs_str value);
// xxxxxxxx, 0000, abcdefghijkl, AKIA…EXAMPLE: nobody was given such a token.
bool bs_judge_sample(struct bs_str token);
// Letters and digits or marks mixed as no word of a language or a program is.
bool bs_judge_random(struct bs_str value);
// Random beyond doubt, and no digest, UUID, path or version: for names that do not say much.
bool bs_judge_strong(struct bs_str value);
// A piece of a program: token(), paramiko.RSAKey.generate(2048), self.token.
bool bs_judge_code(struct bs_str value);
// A sentence about a value, not a value.
bool bs_judge_prose(struct bs_str value);

#endif
