// SPDX-License-Identifier: MIT
// The shape of a line: equal for lines that differ only in numbers, times, hashes; and how often
// each shape was seen.
#ifndef BS_RULES_TEMPLATE_H
#define BS_RULES_TEMPLATE_H

#include "core/text/line.h"

// A hash of the line's shape. The line and column of "file.c:12:5" count: two errors in one file
// are two errors. Different seeds keep the same shape of different rules apart.
uint64_t bs_template_of(struct bs_str line, uint64_t seed);

// Counts shapes in bounded memory; when it is full, new shapes share one slot.
struct bs_templates;

struct bs_templates *bs_templates_new(void);
void bs_templates_free(struct bs_templates *templates);
// The same, worked out once for each kind of line.
uint64_t bs_templates_shape(
	struct bs_templates *templates, const struct bs_line *line, uint64_t seed);
// Counts one more line of this shape; *ret_ordinal: how many there were before it. Returns its
// slot.
uint32_t bs_templates_count(struct bs_templates *templates, uint64_t shape, uint32_t *ret_ordinal);
// How many lines of a slot's shape there were in all.
uint32_t bs_templates_total(const struct bs_templates *templates, uint32_t slot);

#endif
