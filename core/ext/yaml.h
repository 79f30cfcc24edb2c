// SPDX-License-Identifier: MIT
// YAML: libyaml events → a small tree in an arena, each node with its place in the file.
//
// One document of mappings, sequences and scalars. Refused, with the place: aliases, anchors, tags,
// several documents, duplicate keys, non-scalar keys, depth and size over the ceilings, tabs,
// invalid UTF-8.
#ifndef BS_EXT_YAML_H
#define BS_EXT_YAML_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

enum bs_yaml_type {
	BS_YAML_SCALAR,
	BS_YAML_SEQUENCE,
	BS_YAML_MAPPING,
};

struct bs_yaml_node {
	enum bs_yaml_type type;
	struct bs_str text; // of a scalar
	bool quoted;        // a scalar in quotes or a block: always a string ("Norway")
	struct bs_str key;  // when this node is the value of a mapping's key
	unsigned key_line, key_column;
	unsigned line, column;      // from 1
	struct bs_yaml_node *first; // children of a sequence or mapping, in order
	struct bs_yaml_node *next;
	size_t count;
};

// Parses `text`; `name` (a path) opens every message: "name:line:column: what, what was expected".
// An empty file gives an empty mapping. The tree lives in the arena. bytes_max: BS_LIMIT beyond.
enum bs_status bs_yaml_parse(const char *name, struct bs_str text, size_t bytes_max,
	struct bs_arena *arena, struct bs_yaml_node **ret_root, struct bs_err *err) BS_MUST_USE;

// The value of a mapping's key, or NULL.
const struct bs_yaml_node *bs_yaml_get(const struct bs_yaml_node *mapping, const char *key);

const char *bs_yaml_version(void);

#endif
