// SPDX-License-Identifier: MIT
// One layer that is a tree: a YAML file or the plugin's JSON, applied to the configuration.
#ifndef BS_CONFIG_TREE_H
#define BS_CONFIG_TREE_H

#include "core/config/config.h"
#include "core/config/settings.h"
#include "core/ext/yaml.h"

struct bs_tree {
	enum bs_layer layer;
	const char *name; // opens messages: a path, "plugin configuration"
	struct bs_config *config;
	struct bs_arena *arena;
	// The project's file named an endpoint, here first. Whether that is allowed only the later
	// layers tell. NULL: it did not.
	const char *endpoint_place;
};

// Applies all of it or fails with BS_USAGE and the place.
enum bs_status bs_tree_apply(
	struct bs_tree *tree, const struct bs_yaml_node *root, struct bs_err *err) BS_MUST_USE;

// The plugin's properties as a tree without places. Members that are null are left out.
enum bs_status bs_tree_from_json(struct bs_str json, struct bs_arena *arena,
	struct bs_yaml_node **ret_root, struct bs_err *err) BS_MUST_USE;

#endif
