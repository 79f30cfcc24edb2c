// SPDX-License-Identifier: MIT
// The step's list of plugins, and which of them is this one.
//
// Source: the agent's documentation of hooks (an agent's own see BUILDKITE_PLUGINS, not the
// configuration of one) and its package agent/plugin (v3, v4): a list of names, or of objects with
// the name as their only key.
#include "plugin/listed.h"

#include "core/base/limits.h"
#include "core/config/config.h"
#include "core/ext/file.h"
#include "core/ext/json.h"

#define PLUGIN_YML_BYTES_MAX (64 * 1024)
#define NAME_LINE "name: buildsum"

// From behind: "a/b" gives "b" and leaves "a".
static struct bs_str pop_segment(struct bs_str *path)
{
	size_t at = path->len;
	while (at > 0 && path->ptr[at - 1] != '/' && path->ptr[at - 1] != ':')
		at--;
	struct bs_str segment = bs_str_from(*path, at);
	path->len = at > 0 ? at - 1 : 0;
	return segment;
}

// ".../buildsum.git/plugin#v1", or the short "acme/buildsum#v1" for a repository of plugins.
static bool is_our_repository(struct bs_str path)
{
	static const char *const names[] = {"buildsum", "buildsum.git", "buildsum-buildkite-plugin",
		"buildsum-buildkite-plugin.git"};
	struct bs_str segment = pop_segment(&path);
	if (bs_str_eq_c(segment, "plugin"))
		segment = pop_segment(&path);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bs_str_eq_c(segment, names[i]))
			return true;
	return false;
}

static bool is_our_folder(struct bs_str path, const char *const *environ, struct bs_arena *arena)
{
	struct bs_str text, line;
	const char *checkout = bs_env_get(environ, "BUILDKITE_BUILD_CHECKOUT_PATH");
	const char *file = bs_arena_printf(
		arena, "%s/%.*s/plugin.yml", checkout ? checkout : ".", BS_FMT(path));
	if (!file || bs_file_load(file, PLUGIN_YML_BYTES_MAX, arena, &text, NULL) != BS_OK)
		return false;
	while (bs_str_split(&text, '\n', &line))
		if (bs_str_eq_c(bs_str_trim_end(line), NAME_LINE))
			return true;
	return false;
}

static bool is_ours(struct bs_str source, const char *const *environ, struct bs_arena *arena)
{
	struct bs_str path = bs_str_sub(source, 0, bs_str_find_char(source, '#'));
	while (path.len > 0 && path.ptr[path.len - 1] == '/')
		path.len--;
	if (bs_str_starts(path, BS_LIT(".")))
		return is_our_folder(path, environ, arena);
	return path.len > 0 && is_our_repository(path);
}

static const char *json_text(const struct bs_json *value, struct bs_arena *arena)
{
	struct bs_buf text;
	struct bs_json_writer writer;
	bs_buf_init(&text, BS_JSON_BYTES_MAX);
	bs_json_writer_init(&writer, &text);
	bs_json_put(&writer, value);
	struct bs_str kept = {0};
	if (bs_buf_status(&text, "plugin configuration", NULL) == BS_OK)
		kept = bs_arena_str(arena, bs_buf_str(&text));
	bs_buf_release(&text);
	return kept.ptr;
}

static const char *find_in_list(
	const struct bs_json *list, const char *const *environ, struct bs_arena *arena)
{
	for (const struct bs_json *entry = bs_json_first(list); entry;
		entry = bs_json_next(entry)) {
		const struct bs_json *named = bs_json_first(entry);
		if (bs_json_type(entry) == BS_JSON_OBJECT && named &&
			is_ours(bs_json_key(named), environ, arena))
			return json_text(named, arena);
	}
	return NULL;
}

const char *bs_listed_properties(const char *const *environ, struct bs_arena *arena)
{
	struct bs_json *list;
	const char *own = bs_env_get(environ, "BUILDKITE_PLUGIN_CONFIGURATION");
	const char *listed = bs_env_get(environ, "BUILDKITE_PLUGINS");
	if (own || !listed || bs_env_get(environ, "BUILDKITE_PLUGIN_NAME") ||
		bs_json_parse(bs_str_c(listed), &list, NULL) != BS_OK)
		return own;
	const char *properties = find_in_list(list, environ, arena);
	bs_json_free(list);
	return properties;
}
