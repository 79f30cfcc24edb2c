// SPDX-License-Identifier: MIT
// One node of a tree → one field, with the place in every message; only core/config/ includes this.
#ifndef BS_CONFIG_NODE_H
#define BS_CONFIG_NODE_H

#include "core/config/tree.h"

#define BS_PLACE_BYTES 300
#define BS_PROVIDERS_KEY "providers"

// Where the node's key stands: "a.yml:3:5"; only the name for trees without places.
const char *bs_node_key_place(
	const struct bs_tree *tree, const struct bs_yaml_node *node, char place[BS_PLACE_BYTES]);

// Sets the row's field of `object` from the node.
enum bs_status bs_node_apply(const struct bs_tree *tree, const struct bs_setting *row, void *object,
	const struct bs_yaml_node *node, struct bs_err *err) BS_MUST_USE;

// BS_OK for a mapping, and for nothing at all: its lines may be commented out.
enum bs_status bs_node_expect_mapping(const struct bs_tree *tree, const struct bs_yaml_node *node,
	struct bs_err *err) BS_MUST_USE;

// The failure of a key that none of the rows below `prefix` has ("annotation." or nothing).
enum bs_status bs_node_refuse_key(const struct bs_tree *tree, const struct bs_yaml_node *node,
	const struct bs_setting *rows, struct bs_str prefix, struct bs_err *err);

#endif
