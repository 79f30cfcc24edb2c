// SPDX-License-Identifier: MIT
// One node of a tree → one field, with the place in every message.
#include "core/config/node.h"

#include <stdio.h>

#include "core/config/value.h"
#include "core/ext/json.h"

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

// What stands in the tree as JSON: unquoted words that JSON knows as themselves, others as strings.
static void put_json(
	const struct bs_tree *tree, struct bs_json_writer *w, const struct bs_yaml_node *node)
{
	struct bs_json *literal = NULL;
	if (node->type == BS_YAML_SCALAR) {
		bool bare = !node->quoted && !is_null(node) &&
			    bs_json_parse(node->text, &literal, NULL) == BS_OK;
		if (is_null(node))
			bs_json_put_null(w);
		else if (bare)
			bs_json_put_raw(w, node->text);
		else
			bs_json_put_str(w, node->text);
		bs_json_free(literal);
		return;
	}
	bs_json_open(w, node->type == BS_YAML_MAPPING ? '{' : '[');
	for (const struct bs_yaml_node *child = node->first; child; child = child->next) {
		const char *key = bs_arena_cstr(tree->arena, child->key);
		if (!key)
			w->buf->failed = BS_NOMEM;
		else if (node->type == BS_YAML_MAPPING)
			bs_json_put_key(w, key);
		put_json(tree, w, child);
	}
	bs_json_close(w, node->type == BS_YAML_MAPPING ? '}' : ']');
}

// One member of a mapping as the entry of a list: "NAME: VALUE".
static enum bs_status join_member(const struct bs_tree *tree, const struct bs_setting *row,
	const struct bs_yaml_node *node, struct bs_str *ret_text, struct bs_err *err)
{
	struct bs_buf text;
	struct bs_json_writer writer;
	bs_buf_init(&text, BS_SETTING_ITEM_BYTES_MAX);
	bs_buf_addf(&text, "%.*s: ", BS_FMT(node->key));
	bs_json_writer_init(&writer, &text);
	if (row->flags & BS_SETTING_JSON)
		put_json(tree, &writer, node);
	else
		bs_buf_add(&text, node->text);
	enum bs_status status = text.failed;
	if (status == BS_LIMIT)
		status = bs_fail(err, BS_USAGE, "%s: an entry has more than %d bytes", row->name,
			BS_SETTING_ITEM_BYTES_MAX);
	else if (status != BS_OK)
		status = bs_fail_nomem(err);
	if (status == BS_OK) {
		*ret_text = bs_arena_str(tree->arena, bs_buf_str(&text));
		status = ret_text->ptr ? BS_OK : bs_fail_nomem(err);
	}
	bs_buf_release(&text);
	return status;
}

static enum bs_status read_item(const struct bs_tree *tree, const struct bs_setting *row,
	const struct bs_yaml_node *list, const struct bs_yaml_node *item, struct bs_str *ret_text,
	struct bs_err *err)
{
	bool member = list->type == BS_YAML_MAPPING;
	bool text = item->type == BS_YAML_SCALAR && !is_null(item);
	enum bs_status status = BS_OK;
	if (!text && !(member && (row->flags & BS_SETTING_JSON)))
		status = bs_fail(err, BS_USAGE, "%s: expected one text for each entry", row->name);
	else if (member)
		status = join_member(tree, row, item, ret_text, err);
	else
		*ret_text = item->text;
	if (status == BS_OK)
		status = bs_value_check_item(row, *ret_text, err);
	return status == BS_OK ? BS_OK : fail_at(tree, item, err);
}

static enum bs_status apply_list(const struct bs_tree *tree, const struct bs_setting *row,
	void *object, const struct bs_yaml_node *node, struct bs_err *err)
{
	size_t count = 0;
	struct bs_str *items = NULL;
	bool mapping = node->type == BS_YAML_MAPPING && (row->flags & BS_SETTING_MAPPING);
	if (node->type != BS_YAML_SEQUENCE && !mapping) {
		(void)bs_fail(err, BS_USAGE, "%s: expected a %s, such as [%s]", row->name,
			row->flags & BS_SETTING_MAPPING ? "mapping or a list" : "list", row->value);
		return fail_at(tree, node, err);
	}
	items = BS_NEW_ARRAY(tree->arena, struct bs_str, node->count + 1);
	if (!items)
		return bs_fail_nomem(err);
	for (const struct bs_yaml_node *item = node->first; item; item = item->next) {
		enum bs_status status = read_item(tree, row, node, item, &items[count], err);
		if (status != BS_OK)
			return status;
		count++;
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
