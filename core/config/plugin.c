// SPDX-License-Identifier: MIT
// The plugin's properties (JSON of the agent) as a tree, so that one walker serves files and
// plugin.
//
// The agent hands the whole configuration over in BUILDKITE_PLUGIN_CONFIGURATION; the variables it
// makes beside that depend on the plugin's folder and are dropped when any value is null.
#include "core/config/tree.h"
#include "core/ext/json.h"

static enum bs_status convert(const struct bs_json *json, struct bs_arena *arena,
	struct bs_yaml_node *node, struct bs_err *err);

static enum bs_status convert_children(const struct bs_json *json, struct bs_arena *arena,
	struct bs_yaml_node *node, struct bs_err *err)
{
	struct bs_yaml_node **end = &node->first;
	for (const struct bs_json *child = bs_json_first(json); child;
		child = bs_json_next(child)) {
		if (bs_json_is_null(child))
			continue;
		struct bs_yaml_node *made = BS_NEW(arena, struct bs_yaml_node);
		if (!made)
			return bs_fail_nomem(err);
		if (node->type == BS_YAML_MAPPING) {
			made->key = bs_arena_str(arena, bs_json_key(child));
			if (!made->key.ptr)
				return bs_fail_nomem(err);
		}
		enum bs_status status = convert(child, arena, made, err);
		if (status != BS_OK)
			return status;
		*end = made;
		end = &made->next;
		node->count++;
	}
	return BS_OK;
}

// Numbers and booleans as they were written: settings parse their own text.
static enum bs_status convert_scalar(const struct bs_json *json, struct bs_arena *arena,
	struct bs_yaml_node *node, struct bs_err *err)
{
	struct bs_buf text;
	struct bs_json_writer writer;
	bool on = false;
	double number = 0;
	bs_buf_init(&text, BS_JSON_BYTES_MAX);
	bs_json_writer_init(&writer, &text);
	if (bs_json_bool(json, &on))
		bs_json_put_bool(&writer, on);
	else if (bs_json_number(json, &number))
		bs_json_put_double(&writer, number);
	else
		bs_buf_add(&text, bs_json_text(json));
	enum bs_status status = bs_buf_status(&text, "plugin configuration", err);
	if (status == BS_OK) {
		node->text = bs_arena_str(arena, bs_buf_str(&text));
		node->quoted = bs_json_type(json) == BS_JSON_STRING;
		if (!node->text.ptr)
			status = bs_fail_nomem(err);
	}
	bs_buf_release(&text);
	return status;
}

// Recursion is bounded by BS_JSON_DEPTH_MAX, which the parser keeps.
static enum bs_status convert(const struct bs_json *json, struct bs_arena *arena,
	struct bs_yaml_node *node, struct bs_err *err)
{
	switch (bs_json_type(json)) {
	case BS_JSON_ARRAY:
		node->type = BS_YAML_SEQUENCE;
		return convert_children(json, arena, node, err);
	case BS_JSON_OBJECT:
		node->type = BS_YAML_MAPPING;
		return convert_children(json, arena, node, err);
	case BS_JSON_NULL:
	case BS_JSON_BOOL:
	case BS_JSON_NUMBER:
	case BS_JSON_STRING:
		return convert_scalar(json, arena, node, err);
	}
	return BS_OK;
}

enum bs_status bs_tree_from_json(struct bs_str json, struct bs_arena *arena,
	struct bs_yaml_node **ret_root, struct bs_err *err)
{
	struct bs_json *document = NULL;
	enum bs_status status = bs_json_parse(json, &document, err);
	if (status != BS_OK)
		return status;
	struct bs_yaml_node *root = BS_NEW(arena, struct bs_yaml_node);
	status = root ? convert(document, arena, root, err) : bs_fail_nomem(err);
	bs_json_free(document);
	if (status == BS_OK)
		*ret_root = root;
	return status;
}
