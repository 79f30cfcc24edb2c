// SPDX-License-Identifier: MIT
// What kind of failure it is: the closed list of the contract, shared by rules, models and reports.
#ifndef BS_BASE_CATEGORY_H
#define BS_BASE_CATEGORY_H

#include "core/base/str.h"

#define BS_CATEGORIES(X)                                                          \
	X(BS_CATEGORY_UNKNOWN, "unknown", "failure of unknown kind")              \
	X(BS_CATEGORY_TEST_FAILURE, "test_failure", "test failure")               \
	X(BS_CATEGORY_COMPILE_ERROR, "compile_error", "compile error")            \
	X(BS_CATEGORY_LINT, "lint", "lint or format finding")                     \
	X(BS_CATEGORY_DEPENDENCY, "dependency", "dependency problem")             \
	X(BS_CATEGORY_CONFIGURATION, "configuration", "configuration problem")    \
	X(BS_CATEGORY_INFRASTRUCTURE, "infrastructure", "infrastructure problem") \
	X(BS_CATEGORY_NETWORK, "network", "network problem")                      \
	X(BS_CATEGORY_TIMEOUT, "timeout", "timeout")                              \
	X(BS_CATEGORY_OUT_OF_MEMORY, "out_of_memory", "out of memory")            \
	X(BS_CATEGORY_CRASH, "crash", "crash")                                    \
	X(BS_CATEGORY_PERMISSION, "permission", "permission problem")

enum bs_category {
#define X(name, id, words) name,
	BS_CATEGORIES(X)
#undef X
	BS_CATEGORY_COUNT
};

// "test_failure": the name in rule packs, JSON and metrics.
const char *bs_category_id(enum bs_category category);
// "test failure": for people.
const char *bs_category_words(enum bs_category category);
bool bs_category_parse(struct bs_str id, enum bs_category *ret_category);

#endif
