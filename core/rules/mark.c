// SPDX-License-Identifier: MIT
// Marks and the lines they are of: both in the order of the log, so one walk finds all.
#include "core/rules/mark.h"

void bs_marks_locate(struct bs_marks *marks, const struct bs_store *store)
{
	size_t at = 0;
	for (size_t i = 0; i < marks->count; i++) {
		struct bs_mark *mark = &marks->items[i];
		while (at < store->count && store->lines[at].number < mark->number)
			at++;
		bool found = at < store->count && store->lines[at].number == mark->number;
		mark->at = (uint32_t)(found ? at : store->count);
	}
}
