// SPDX-License-Identifier: MIT
// What kind of failure it is: names for machines and for people.
#include "core/base/category.h"

#include <assert.h>

static const struct {
	const char *id, *words;
} names[] = {
#define X(name, id, words) [name] = {id, words},
	BS_CATEGORIES(X)
#undef X
};

const char *bs_category_id(enum bs_category category)
{
	assert(category < BS_CATEGORY_COUNT);
	return names[category].id;
}

const char *bs_category_words(enum bs_category category)
{
	assert(category < BS_CATEGORY_COUNT);
	return names[category].words;
}

bool bs_category_parse(struct bs_str id, enum bs_category *ret_category)
{
	for (size_t i = 0; i < BS_CATEGORY_COUNT; i++) {
		if (bs_str_eq_c(id, names[i].id)) {
			*ret_category = (enum bs_category)i;
			return true;
		}
	}
	return false;
}
