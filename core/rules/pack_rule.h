// SPDX-License-Identifier: MIT
// One rule's YAML → struct bs_rule, patterns not yet compiled.
#ifndef BS_RULES_PACK_RULE_H
#define BS_RULES_PACK_RULE_H

#include "core/rules/pack_read.h"

#define BS_PACK_ID_BYTES_MAX 64

// One pack being read.
struct bs_pack_reader {
	const char *file; // opens every message
	const char *pack; // its name
	struct bs_arena *arena;
	struct bs_err *err;
};

enum bs_status bs_pack_read_rule(const struct bs_pack_reader *reader,
	const struct bs_yaml_node *node, struct bs_rule **ret_rule) BS_MUST_USE;

// Fails unless the node is a text with something in it.
enum bs_status bs_pack_expect_text(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node) BS_MUST_USE;
// Fails for a key that is none of these, and names the nearest.
enum bs_status bs_pack_refuse_key(const struct bs_pack_reader *reader,
	const struct bs_yaml_node *node, const char *const *names, size_t count) BS_MUST_USE;

#endif
