// SPDX-License-Identifier: MIT
// Configuration: whatever a file or the plugin says, it is taken whole or refused with its place.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/config/config.h"
#include "core/config/settings.h"
#include "core/config/tree.h"
#include "core/config/value.h"

static void check_row(const struct bs_setting *row, const void *object)
{
	if (row->type == BS_SETTING_COUNT || row->type == BS_SETTING_INTEGER) {
		int64_t number = bs_value_number(row, object);
		assert(number >= row->min && number <= row->max);
	}
	if (row->type == BS_SETTING_STRINGS)
		assert(bs_value_strings(row, object).count <= (uint64_t)row->max);
	const char *text = row->type == BS_SETTING_STRING ? bs_value_string(row, object) : NULL;
	if (text && row->accepts)
		assert(row->accepts(bs_str_c(text)));
	for (; text && *text; text++)
		assert((unsigned char)*text >= 0x20 && *text != 0x7F);
}

// No message and no value may carry a byte that a terminal obeys.
static void check_message(const struct bs_err *err, const char *place)
{
	assert(strncmp(err->msg, place, strlen(place)) == 0);
	for (const char *c = err->msg; *c; c++)
		assert((unsigned char)*c >= 0x20 && *c != 0x7F);
}

static void apply(enum bs_layer layer, const char *name, const char *place, struct bs_str text)
{
	struct bs_arena arena;
	struct bs_config config;
	struct bs_err err = {0};
	struct bs_yaml_node *root = NULL;
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	enum bs_status status = bs_config_defaults(&config, &arena, &err);
	assert(status == BS_OK);
	if (layer == BS_LAYER_PLUGIN)
		status = bs_tree_from_json(text, &arena, &root, &err);
	else
		status = bs_yaml_parse(name, text, BS_YAML_BYTES_MAX, &arena, &root, &err);
	if (status != BS_OK)
		goto out; // fuzz_json and fuzz_yaml see to it
	struct bs_tree tree = {.layer = layer, .name = name, .config = &config, .arena = &arena};
	status = bs_tree_apply(&tree, root, &err);
	if (status != BS_OK) {
		assert(status == BS_USAGE && err.status == BS_USAGE);
		check_message(&err, place);
		goto out;
	}
	assert(config.providers_count <= BS_PROVIDERS_MAX);
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		check_row(row, &config);
	for (size_t i = 0; i < config.providers_count; i++)
		for (const struct bs_setting *row = bs_provider_settings; row->name; row++)
			if (row->type == BS_SETTING_STRINGS || row->type == BS_SETTING_STRING)
				check_row(row, &config.providers[i]);
	if (layer == BS_LAYER_PROJECT) {
		assert(!config.allow_project_providers);
		for (size_t i = 0; i < config.providers_count; i++)
			assert(tree.endpoint_place ||
				(!config.providers[i].base_url && !config.providers[i].keys_set &&
					!config.providers[i].api && !config.providers[i].like &&
					!config.providers[i].body.count));
	}
out:
	bs_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_str text = bs_str((const char *)data, size);
	apply(BS_LAYER_PROJECT, "f", "f:", text);
	apply(BS_LAYER_PLUGIN, "plugin configuration", "plugin configuration: ", text);
	return 0;
}
