// SPDX-License-Identifier: MIT
// Finds and opens the folder in which a host remembers things between runs.
#include "core/config/state_dir.h"

#include <unistd.h>

#include "core/ext/file.h"

#define PLACES 3

// The usual places, best first; NULL: there is no such place.
static const char *usual_place(const char *const *env, unsigned choice, struct bs_arena *arena)
{
	const char *xdg = bs_env_get(env, "XDG_STATE_HOME");
	const char *home = bs_env_get(env, "HOME");
	switch (choice) {
	case 0: // relative ones are to be ignored: XDG Base Directory 0.8
		return xdg && xdg[0] == '/' ? bs_arena_printf(arena, "%s/buildsum", xdg) : NULL;
	case 1: // a home that does not exist is not ours to make
		return home && home[0] == '/' && bs_file_exists(home)
			       ? bs_arena_printf(arena, "%s/.local/state/buildsum", home)
			       : NULL;
	default:
		return bs_arena_printf(arena, "/tmp/buildsum-%ld", (long)geteuid());
	}
}

enum bs_status bs_state_dir_open(const struct bs_config *config, const char *const *env,
	struct bs_arena *arena, int *ret_folder, const char **ret_path, struct bs_err *err)
{
	bool usual = !config->state_dir;
	struct bs_err trouble = {.status = BS_SYSTEM, .msg = "there is no folder to remember in"};
	if (!config->state || (!usual && !config->state_dir[0]))
		return bs_fail(err, BS_EMPTY, "nothing is remembered between runs");
	for (unsigned choice = 0; choice < (usual ? PLACES : 1); choice++) {
		const char *path = usual ? usual_place(env, choice, arena) : config->state_dir;
		if (!path || bs_folder_open(path, ret_folder, &trouble) != BS_OK)
			continue;
		*ret_path = path;
		return BS_OK;
	}
	return bs_fail(err, trouble.status, "%s", trouble.msg);
}
