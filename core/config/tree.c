// SPDX-License-Identifier: MIT
// A layer that is a tree → fields of the configuration, with the place in every message.
#include "core/config/tree.h"

#include <assert.h>

#include "core/config/credentials.h"
#include "core/config/node.h"
#include "core/config/value.h"

static const char *origin_of(
	const struct bs_tree *tree, const struct bs_yaml_node *node, const char *name)
{
	char place[BS_PLACE_BYTES];
	if (tree->layer == BS_LAYER_PLUGIN)
		return bs_arena_printf(tree->arena, "plugin %s", name);
	return bs_arena_printf(tree->arena, "%s", bs_node_key_place(tree, node, place));
}

// --- settings

// What a layer may not do with this row, or NULL.
static const char *forbidden(const struct bs_tree *tree, const struct bs_setting *row)
{
	if (row->flags & BS_SETTING_NOT_IN_FILES)
		return "this is set by a flag or a variable only";
	if (tree->layer != BS_LAYER_PLUGIN && (row->flags & BS_SETTING_OF_THE_HOOK))
		return "the plugin's hook reads this, before there is a program that reads files; "
		       "set it in the plugin's properties or by a variable";
	if (tree->layer == BS_LAYER_PROJECT && (row->flags & BS_SETTING_NOT_PROJECT))
		return "a file that came with the checkout may not set this; set it by a flag, a "
		       "variable, the plugin's properties or a file of the host";
	return NULL;
}

// What the lower layers ask of the project's file in this row; 0: nothing.
static int64_t held(const struct bs_tree *tree, const struct bs_setting *row)
{
	if (tree->layer != BS_LAYER_PROJECT)
		return 0;
	if (row->flags & BS_SETTING_STAYS_ON)
		return bs_value_bool(row, tree->config);
	return row->flags & BS_SETTING_STAYS_BELOW ? bs_value_number(row, tree->config) : 0;
}

static enum bs_status check_held(const struct bs_tree *tree, const struct bs_setting *row,
	int64_t before, const struct bs_yaml_node *node, struct bs_err *err)
{
	char place[BS_PLACE_BYTES];
	int64_t now = held(tree, row);
	bool on = row->flags & BS_SETTING_STAYS_ON;
	if (before == 0 || (now != 0 && (on || now <= before)))
		return BS_OK;
	return bs_fail(err, BS_USAGE,
		"%s: %s: a file that came with the checkout may not %s what %s %s",
		bs_node_key_place(tree, node, place), row->name, on ? "turn off" : "raise",
		tree->config->origins[bs_setting_index(row)], on ? "turned on" : "set");
}

static enum bs_status apply_setting(const struct bs_tree *tree, const struct bs_setting *row,
	const struct bs_yaml_node *node, struct bs_err *err)
{
	char place[BS_PLACE_BYTES];
	struct bs_config *config = tree->config;
	const char *why_not = forbidden(tree, row);
	if (why_not)
		return bs_fail(err, BS_USAGE, "%s: %s: %s", bs_node_key_place(tree, node, place),
			row->name, why_not);
	int64_t before = held(tree, row);
	enum bs_status status = bs_node_apply(tree, row, config, node, err);
	if (status == BS_OK)
		status = check_held(tree, row, before, node, err);
	if (status != BS_OK)
		return status;
	const char *origin = origin_of(tree, node, row->name);
	if (!origin)
		return bs_fail_nomem(err);
	config->origins[bs_setting_index(row)] = origin;
	return BS_OK;
}

// --- providers

static enum bs_status find_provider(const struct bs_tree *tree, const struct bs_yaml_node *node,
	struct bs_provider_config **ret_provider, struct bs_err *err)
{
	char place[BS_PLACE_BYTES], shown[BS_SHOWN_BYTES];
	struct bs_config *config = tree->config;
	for (size_t i = 0; i < config->providers_count; i++)
		if (bs_str_eq_c(node->key, config->providers[i].name)) {
			*ret_provider = &config->providers[i];
			return BS_OK;
		}
	if (!bs_value_is_provider(node->key))
		return bs_fail(err, BS_USAGE,
			"%s: \"%s\" cannot name a provider; expected letters, digits, '-', '_', "
			"'.'",
			bs_node_key_place(tree, node, place), bs_shown(node->key, shown));
	if (config->providers_count == BS_PROVIDERS_MAX)
		return bs_fail(err, BS_USAGE, "%s: too many providers; expected at most %d",
			bs_node_key_place(tree, node, place), BS_PROVIDERS_MAX);
	const char *name = bs_arena_cstr(tree->arena, node->key);
	if (!name)
		return bs_fail_nomem(err);
	*ret_provider = &config->providers[config->providers_count++];
	(*ret_provider)->name = name;
	return BS_OK;
}

// Whoever wrote the project's file may be anybody: it reads no file of the host and no secret of
// the cluster, whatever else the operator allowed it.
static enum bs_status check_keys(const struct bs_tree *tree, const char *name,
	const struct bs_provider_config *provider, const struct bs_yaml_node *node,
	struct bs_err *err)
{
	char place[BS_PLACE_BYTES];
	const char *rest;
	for (size_t i = 0; tree->layer == BS_LAYER_PROJECT && i < provider->keys.count; i++)
		if (bs_credential_kind(bs_str_c(provider->keys.items[i]), &rest) !=
			BS_CREDENTIAL_VARIABLE)
			return bs_fail(err, BS_USAGE,
				"%s: %s: a file that came with the checkout may name variables "
				"only, no files and no secrets",
				bs_node_key_place(tree, node, place), name);
	return BS_OK;
}

static enum bs_status apply_provider_field(struct bs_tree *tree,
	struct bs_provider_config *provider, const struct bs_yaml_node *node, struct bs_err *err)
{
	char place[BS_PLACE_BYTES];
	const struct bs_setting *row = bs_setting_by_name(bs_provider_settings, node->key);
	if (!row)
		return bs_node_refuse_key(tree, node, bs_provider_settings, BS_LIT(""), err);
	struct bs_setting named = *row; // messages say whose field it is
	named.name = bs_arena_printf(
		tree->arena, BS_PROVIDERS_KEY ".%s.%s", provider->name, row->name);
	if (!named.name)
		return bs_fail_nomem(err);
	if (tree->layer == BS_LAYER_PROJECT && (row->flags & BS_SETTING_NOT_PROJECT))
		return bs_fail(err, BS_USAGE,
			"%s: %s: a file that came with the checkout may not set this; set it in "
			"the plugin's properties or a file of the host",
			bs_node_key_place(tree, node, place), named.name);
	enum bs_status status = bs_node_apply(tree, &named, provider, node, err);
	if (status != BS_OK)
		return status;
	if (row->type == BS_SETTING_USD) {
		provider->price_place = origin_of(tree, node, named.name);
		if (!provider->price_place)
			return bs_fail_nomem(err);
	}
	if (row->offset == offsetof(struct bs_provider_config, keys)) {
		provider->keys_set = true;
		status = check_keys(tree, named.name, provider, node, err);
		if (status != BS_OK)
			return status;
	}
	bool endpoint = tree->layer == BS_LAYER_PROJECT && (row->flags & BS_SETTING_IS_ENDPOINT);
	provider->from_project |= endpoint;
	if (endpoint && !tree->endpoint_place) {
		tree->endpoint_place = bs_arena_printf(
			tree->arena, "%s: %s", bs_node_key_place(tree, node, place), named.name);
		if (!tree->endpoint_place)
			return bs_fail_nomem(err);
	}
	return BS_OK;
}

static enum bs_status apply_providers(
	struct bs_tree *tree, const struct bs_yaml_node *node, struct bs_err *err)
{
	enum bs_status status = bs_node_expect_mapping(tree, node, err);
	for (const struct bs_yaml_node *entry = node->first; status == BS_OK && entry;
		entry = entry->next) {
		struct bs_provider_config *provider = NULL;
		status = find_provider(tree, entry, &provider, err);
		if (status == BS_OK)
			status = bs_node_expect_mapping(tree, entry, err);
		if (status != BS_OK)
			break;
		assert(provider);
		provider->origin = origin_of(tree, entry, BS_PROVIDERS_KEY);
		if (!provider->origin)
			return bs_fail_nomem(err);
		for (const struct bs_yaml_node *field = entry->first; status == BS_OK && field;
			field = field->next)
			status = apply_provider_field(tree, provider, field, err);
	}
	return status;
}

// --- the whole

// The row of a key below `prefix` ("annotation." or nothing), or NULL.
static const struct bs_setting *find_row(struct bs_str prefix, struct bs_str key)
{
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		if (bs_str_starts(bs_str_c(row->name), prefix) &&
			bs_str_eq(bs_str_from(bs_str_c(row->name), prefix.len), key))
			return row;
	return NULL;
}

// The prefix of the rows that belong together under this key: "annotation.", or ptr NULL.
static struct bs_str find_group(struct bs_str key)
{
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		struct bs_str name = bs_str_c(row->name);
		if (bs_str_find_char(name, '.') == key.len && bs_str_starts(name, key))
			return bs_str_sub(name, 0, key.len + 1);
	}
	return bs_str(NULL, 0);
}

static enum bs_status apply_group(struct bs_tree *tree, const struct bs_yaml_node *mapping,
	struct bs_str prefix, struct bs_err *err)
{
	enum bs_status status = bs_node_expect_mapping(tree, mapping, err);
	for (const struct bs_yaml_node *node = mapping->first; status == BS_OK && node;
		node = node->next) {
		const struct bs_setting *row = find_row(prefix, node->key);
		status = row ? apply_setting(tree, row, node, err)
			     : bs_node_refuse_key(tree, node, bs_settings, prefix, err);
	}
	return status;
}

static enum bs_status apply_key(
	struct bs_tree *tree, const struct bs_yaml_node *node, struct bs_err *err)
{
	struct bs_str group = find_group(node->key);
	bool is_dotted = bs_str_find_char(node->key, '.') != SIZE_MAX;
	const struct bs_setting *row = is_dotted ? NULL : find_row(BS_LIT(""), node->key);
	if (bs_str_eq_c(node->key, BS_PROVIDERS_KEY))
		return apply_providers(tree, node, err);
	if (row)
		return apply_setting(tree, row, node, err);
	if (group.ptr)
		return apply_group(tree, node, group, err);
	return bs_node_refuse_key(tree, node, bs_settings, BS_LIT(""), err);
}

enum bs_status bs_tree_apply(
	struct bs_tree *tree, const struct bs_yaml_node *root, struct bs_err *err)
{
	assert(err);
	enum bs_status status = bs_node_expect_mapping(tree, root, err);
	for (const struct bs_yaml_node *node = root->first; status == BS_OK && node;
		node = node->next)
		status = apply_key(tree, node, err);
	return status;
}
