// SPDX-License-Identifier: MIT
// The folder in which a host remembers things between runs.
#ifndef BS_CONFIG_STATE_DIR_H
#define BS_CONFIG_STATE_DIR_H

#include "core/config/config.h"

// Opens the folder of the setting state_dir, else the first of the user's usual places that can be
// opened: $XDG_STATE_HOME/buildsum (XDG Base Directory 0.8), ~/.local/state/buildsum, a folder in
// /tmp. ret_folder is the caller's to close; *ret_path lives in the arena or the configuration.
// BS_EMPTY: nothing is to be remembered, by the settings. BS_SYSTEM: there is no such folder, or
// others may write to it.
enum bs_status bs_state_dir_open(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, int *ret_folder, const char **ret_path,
	struct bs_err *err) BS_MUST_USE;

#endif
