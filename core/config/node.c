// SPDX-License-Identifier: MIT
// One node of a tree → one field, with the place in every message.
#include "core/config/node.h"

#include <stdio.h>

#include "core/config/value.h"

// Where a node stands: "a.yml:3:5", or only the name for trees without places.
static const char *print_place(
	const struct bs_tree *tree, unsigned line, unsigned column, char place[BS_PLACE_BYTES])
{
	if (line)
		(void)snprintf(place, BS_PLACE_BYTES, "%s:%u:%u", tree->name, line, column);
	else
		(void)snprintf(place, BS_PLACE_BYTES, "%s", tree->name);
	return place;
}

const char *bs_node_key_place(
	const struct bs_tree *tree, const struct bs_yaml_node *node, char place[BS_PLACE_BYTES])
{
	return print_place(tree, node->key_line, node->key_column, place);
}

// Puts the place before the message of a failure below.
static enum bs_status fail_at(
	const struct bs_tree *tree, const struct bs_yaml_node *node, struct bs_err *err)
{
	char place[BS_PLACE_BYTES];
	if (err->status == BS_NOMEM)
		return BS_NOMEM;
	return bs_fail_in(err, print_place(tree, node->line, node->column, place));
}

// --- unknown keys

// Offers each row's part below `prefix` ("annotation."): "context", "style", …
static void offer_rows(
	struct bs_nearest *nearest, const struct bs_setting *rows, struct bs_str prefix)
{
	for (const struct bs_setting *row = rows; row->name; row++) {
		struct bs_str name = bs_str_c(row->name);
		if (!bs_str_starts(name, prefix) || (row->flags & BS_SETTING_NOT_IN_FILES))
			continue;
		name = bs_str_from(name, prefix.len);
		(void)bs_nearest_offer(nearest, bs_str_sub(name, 0, bs_str_find_char(name, '.')));
	}
}

enum bs_status bs_node_refuse_key(const struct bs_tree *tree, const struct bs_yaml_node *node,
	const struct bs_setting *rows, struct bs_str prefix, struct bs_err *err)
{
	char place[BS_PLACE_BYTES], shown[BS_SHOWN_BYTES];
	struct bs_nearest nearest;
	bs_nearest_init(&nearest, node->key);
	offer_rows(&nearest, rows, prefix);
	if (rows == bs_settings && prefix.len == 0)
		(void)bs_nearest_offer(&nearest, BS_LIT(BS_PROVIDERS_KEY));
	(void)bs_node_key_place(tree, node, place);
	(void)bs_shown(node->key, shown);
	if (nearest.best.ptr)
		return bs_fail(err, BS_USAGE, "%s: \"%s\" is no setting; did you mean \"%.*s\"?",
			place, shown, BS_FMT(nearest.best));
	return bs_fail(err, BS_USAGE,
		"%s: \"%s\" is no setting; `buildsum config` lists all settings", place, shown);
}

// --- values

static bool is_null(const struct bs_yaml_node *node)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
	if (node->type != BS_YAML_SCALAR || node->quoted)
		return false;
	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++)
		if (bs_str_eq_c(node->text, nulls[i]))
			return true;
	return false;
}

static enum bs_status apply_list(const struct bs_tree *tree, const struct bs_setting *row,
	void *object, const struct bs_yaml_node *node, struct bs_err *err)
{
	size_t count = 0;
	struct bs_str *items = NULL;
	if (node->type != BS_YAML_SEQUENCE) {
		(void)bs_fail(
			err, BS_USAGE, "%s: expected a list, such as [%s]", row->name, row->value);
		return fail_at(tree, node, err);
	}
	items = BS_NEW_ARRAY(tree->arena, struct bs_str, node->count + 1);
	if (!items)
		return bs_fail_nomem(err);
	for (const struct bs_yaml_node *item = node->first; item; item = item->next) {
		if (item->type != BS_YAML_SCALAR || is_null(item)) {
			(void)bs_fail(
				err, BS_USAGE, "%s: expected one text for each entry", row->name);
			return fail_at(tree, item, err);
		}
		if (bs_value_check_item(row, item->text, err) != BS_OK)
			return fail_at(tree, item, err);
		items[count++] = item->text;
	}
	if (bs_value_parse_list(row, items, count, tree->arena, object, err) != BS_OK)
		return fail_at(tree, node, err);
	return BS_OK;
}

static enum bs_status apply_scalar(const struct bs_tree *tree, const struct bs_setting *row,
	void *object, const struct bs_yaml_node *node, struct bs_err *err)
{
	enum bs_status status = BS_USAGE;
	bool is_number = row->type == BS_SETTING_BOOL || row->type == BS_SETTING_COUNT ||
			 row->type == BS_SETTING_INTEGER;
	if (node->type != BS_YAML_SCALAR)
		(void)bs_fail(err, BS_USAGE, "%s: expected one value, not a %s", row->name,
			node->type == BS_YAML_SEQUENCE ? "list" : "mapping");
	else if (is_null(node))
		(void)bs_fail(err, BS_USAGE, "%s: has no value; leave the key out to keep it unset",
			row->name);
	else if (node->quoted && is_number)
		(void)bs_fail(err, BS_USAGE, "%s: is text in quotes; expected %s without quotes",
			row->name,
			row->type == BS_SETTING_BOOL ? "true or false" : "a whole number");
	else
		status = bs_value_parse(row, node->text, tree->arena, object, err);
	return status == BS_OK ? BS_OK : fail_at(tree, node, err);
}

enum bs_status bs_node_apply(const struct bs_tree *tree, const struct bs_setting *row, void *object,
	const struct bs_yaml_node *node, struct bs_err *err)
{
	if (row->type == BS_SETTING_STRINGS)
		return apply_list(tree, row, object, node, err);
	return apply_scalar(tree, row, object, node, err);
}

// Nothing below a key is an empty mapping: its lines may be commented out.
enum bs_status bs_node_expect_mapping(
	const struct bs_tree *tree, const struct bs_yaml_node *node, struct bs_err *err)
{
	char shown[BS_SHOWN_BYTES];
	if (node->type == BS_YAML_MAPPING || is_null(node))
		return BS_OK;
	(void)bs_fail(err, BS_USAGE, "%s: expected a mapping (NAME: VALUE)",
		node->key.ptr ? bs_shown(node->key, shown) : "settings");
	return fail_at(tree, node, err);
}
