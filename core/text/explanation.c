// SPDX-License-Identifier: MIT
// Names of roles and of what a line is kept for.
#include "core/text/explanation.h"

const char *bs_role_id(enum bs_role role)
{
	static const char *const ids[BS_ROLE_COUNT] = {
#define X(name, id) [name] = id,
		BS_ROLES(X)
#undef X
	};
	return ids[role];
}

const char *bs_kept_for_id(enum bs_kept_for kept_for)
{
	static const char *const ids[BS_KEPT_FOR_COUNT] = {"left_out",
#define X(name, id, words) id,
		BS_KEPT_FOR(X)
#undef X
	};
	return ids[kept_for];
}

const char *bs_kept_for_words(enum bs_kept_for kept_for)
{
	static const char *const texts[BS_KEPT_FOR_COUNT] = {"left out",
#define X(name, id, words) words,
		BS_KEPT_FOR(X)
#undef X
	};
	return texts[kept_for];
}
