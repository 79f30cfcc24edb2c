// SPDX-License-Identifier: MIT
// The last look at what is about to leave: whatever slipped through every rule stops it here.
#ifndef BS_RULES_REDACT_TRIPWIRE_H
#define BS_RULES_REDACT_TRIPWIRE_H

#include "core/rules/redact_engine.h"

// BS_SECRET when bytes hold a known value in one of its forms, a token with a prefix of its own, or
// a private key. Values that are plain short words or numbers are let be: our own prompts and
// schemas use such words, and the rules have taken them out of the log already.
enum bs_status bs_tripwire_look(
	const struct bs_engine *engine, struct bs_str bytes, struct bs_err *err) BS_MUST_USE;

#endif
