// SPDX-License-Identifier: MIT
// What a name says of its value: api_token holds a token, token_count does not.
#ifndef BS_RULES_REDACT_NAMES_H
#define BS_RULES_REDACT_NAMES_H

#include "core/base/str.h"

enum bs_name_class {
	BS_NAME_NONE,
	BS_NAME_PASSWORD,  // any value is one
	BS_NAME_TOKEN,     // a value that is no plain word is one: tokens, secrets, keys
	BS_NAME_AUTH,      // headers: a scheme, then the credentials
	BS_NAME_COOKIE,    // headers: pairs
	BS_NAME_SIGNATURE, // of a URL
	BS_NAME_VENDOR,    // names a service: a random value may be its key
	BS_NAME_WEAK,      // has a telling word inside: only a value beyond doubt is one
};

// Words of which one stands in every name that is not BS_NAME_NONE; ends with NULL.
extern const char *const bs_names_words[];

enum bs_name_class bs_names_classify(struct bs_str name);
// PASS and PWD are a result and a directory unless something is assigned to them.
bool bs_names_is_common(struct bs_str name);
// The kind of the placeholder.
const char *bs_names_kind(enum bs_name_class name_class, struct bs_str name);

#endif
