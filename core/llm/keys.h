// SPDX-License-Identifier: MIT
// Names of environment variables → the keys in them, each known once by a number.
//
// Values are borrowed from the environment: no second copy of a key lies about.
#ifndef BS_LLM_KEYS_H
#define BS_LLM_KEYS_H

#include "core/base/diag.h"
#include "core/config/config.h"

#define BS_KEYRING_MAX (BS_ROUTES_MAX * BS_KEYS_MAX)

struct bs_keyring {
	struct bs_key {
		const char *provider; // the same variable at two providers is two keys: one may
				      // refuse it
		const char *name;
		struct bs_str value;                 // without the newline that key files end with
		struct bs_str secret, session_token; // of one that signs (core/llm/sigv4.h)
	} keys[BS_KEYRING_MAX];
	size_t count;
};

// The key in the variable `name`. NULL: it can be used; else what is wrong with it ("is not set").
const char *bs_key_find(const char *const *environ, const char *name, struct bs_str *ret_value);

// The number of the key in the variable `name`, as used at that provider. False when there is none
// that can be used: not set, empty, too long, or not fit for a header; then a warning says so.
// signs: if it is one for signing, its secret has to be there, too.
bool bs_keyring_add(struct bs_keyring *ring, const char *const *environ, const char *provider,
	const char *name, bool signs, struct bs_diag *diag, unsigned *ret_id) BS_MUST_USE;

#endif
