// SPDX-License-Identifier: MIT
// The layers that are trees: the files of host, user and project, and the plugin's properties.
#include "core/config/loader.h"
#include "core/config/tree.h"
#include "core/ext/file.h"

static enum bs_status apply_tree(struct bs_loader *l, enum bs_layer layer, const char *name,
	const struct bs_yaml_node *root, struct bs_err *err)
{
	struct bs_tree tree = {
		.layer = layer, .name = name, .config = &l->config, .arena = l->arena};
	enum bs_status status = bs_tree_apply(&tree, root, err);
	if (status == BS_OK && tree.endpoint_place)
		l->endpoint_place = tree.endpoint_place;
	return status;
}

static enum bs_status load_file(
	struct bs_loader *l, enum bs_layer layer, const char *path, struct bs_err *err)
{
	struct bs_str text = {0};
	struct bs_yaml_node *root = NULL;
	enum bs_status status = bs_file_load(path, BS_YAML_BYTES_MAX, l->arena, &text, err);
	if (status == BS_OK)
		status = bs_yaml_parse(path, text, BS_YAML_BYTES_MAX, l->arena, &root, err);
	if (status == BS_OK)
		return apply_tree(l, layer, path, root, err);
	if (status != BS_NOMEM) // whatever is wrong with the file, the user has to mend it
		err->status = BS_USAGE;
	return err->status;
}

// A file that may be missing; path NULL: there is no such place.
static enum bs_status load_host_file(
	struct bs_loader *l, enum bs_layer layer, const char *path, struct bs_err *err)
{
	if (!path || !bs_file_exists(path))
		return BS_OK;
	if (bs_file_is_open_to_all(path))
		bs_diag_warn(l->diag,
			"%s: every user of this host may change this file; take that right away "
			"(chmod o-w)",
			path);
	return load_file(l, layer, path, err);
}

static enum bs_status load_user_file(struct bs_loader *l, struct bs_err *err)
{
	const char *xdg = bs_env_get(l->sources->environ, "XDG_CONFIG_HOME");
	const char *home = bs_env_get(l->sources->environ, "HOME");
	const char *path = NULL;
	if (xdg && xdg[0] == '/') // relative ones are to be ignored: XDG Base Directory 0.8
		path = bs_arena_printf(l->arena, "%s/buildsum/config.yml", xdg);
	else if (home && home[0] == '/')
		path = bs_arena_printf(l->arena, "%s/.config/buildsum/config.yml", home);
	else
		return BS_OK;
	if (!path)
		return bs_fail_nomem(err);
	return load_host_file(l, BS_LAYER_USER, path, err);
}

static enum bs_status load_project_file(struct bs_loader *l, struct bs_err *err)
{
	static const char *const names[] = {".buildkite/buildsum.yml", ".buildsum.yml"};
	const char *folder = l->sources->project_folder;
	bool here = folder && strcmp(folder, ".") == 0;
	for (size_t i = 0; folder && i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = bs_arena_printf(
			l->arena, "%s%s%s", here ? "" : folder, here ? "" : "/", names[i]);
		if (!path)
			return bs_fail_nomem(err);
		if (bs_file_exists(path))
			return load_file(l, BS_LAYER_PROJECT, path, err);
	}
	return BS_OK;
}

// The file that --config or the variable names, or NULL. An empty variable names none.
static const char *named_file(const struct bs_config_sources *sources)
{
	const struct bs_setting *row = bs_setting_by_name(bs_settings, BS_LIT("config"));
	char variable[BS_SETTING_NAME_BYTES];
	const char *path = bs_env_get(sources->environ, bs_setting_variable(row, variable));
	for (size_t i = 0; i < sources->flags_count; i++)
		if (sources->flags[i].setting == row)
			path = sources->flags[i].text;
	return path && path[0] ? path : NULL;
}

enum bs_status bs_load_files(struct bs_loader *l, struct bs_err *err)
{
	const char *named = named_file(l->sources);
	enum bs_status status = load_host_file(l, BS_LAYER_SYSTEM, l->sources->system_path, err);
	if (status == BS_OK)
		status = load_user_file(l, err);
	if (status != BS_OK)
		return status;
	return named ? load_file(l, BS_LAYER_NAMED, named, err) : load_project_file(l, err);
}

// --- the plugin's properties

enum bs_status bs_load_plugin(struct bs_loader *l, struct bs_err *err)
{
	static const char name[] = "plugin configuration";
	struct bs_yaml_node *root = NULL;
	if (!l->sources->plugin_json || !l->sources->plugin_json[0])
		return BS_OK;
	enum bs_status status = bs_tree_from_json(
		bs_str_c(l->sources->plugin_json), l->arena, &root, err);
	if (status == BS_OK)
		return apply_tree(l, BS_LAYER_PLUGIN, name, root, err);
	if (status != BS_NOMEM) {
		(void)bs_fail_in(err, name);
		err->status = BS_USAGE;
	}
	return err->status;
}
