// SPDX-License-Identifier: MIT
// One pack's YAML → its rules, before they meet the other packs.
#ifndef BS_RULES_PACK_READ_H
#define BS_RULES_PACK_READ_H

#include "core/ext/yaml.h"
#include "core/rules/pack.h"

struct bs_pack {
	const char *file; // opens every message
	const char *name;
	struct bs_rule **rules;
	size_t rules_count;
	const struct bs_yaml_node *disable; // a sequence of ids, or NULL
};

// Everything lives in the arena. BS_USAGE names the place and what was expected there.
enum bs_status bs_pack_read(const char *file, struct bs_str text, struct bs_arena *arena,
	struct bs_pack *ret_pack, struct bs_err *err) BS_MUST_USE;

// Fails with "file:line:column: …" for a node of the pack.
enum bs_status bs_pack_refuse(const char *file, const struct bs_yaml_node *node, struct bs_err *err,
	const char *fmt, ...) BS_PRINTF(4, 5);

// Among count names, the nearest to what was written, or NULL when none is near.
const char *bs_pack_nearest(struct bs_str written, const char *const *names, size_t count);

#endif
