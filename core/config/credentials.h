// SPDX-License-Identifier: MIT
// Where a key is kept: "NAME" (of a variable), "file:/path", "secret:NAME" (of Buildkite's).
//
// Whoever needs a key looks it up in the list of variables by that whole text. What is kept
// elsewhere is put into a copy of the list first, under its text: "file:/run/secrets/key=VALUE".
#ifndef BS_CONFIG_CREDENTIALS_H
#define BS_CONFIG_CREDENTIALS_H

#include "core/config/config.h"

#define BS_CREDENTIALS_MAX 64 // fetched in one run

enum bs_credential_kind {
	BS_CREDENTIAL_VARIABLE,
	BS_CREDENTIAL_FILE,
	BS_CREDENTIAL_SECRET,
};

// The kind by the beginning of the text; *ret_rest is the path or the name of the secret.
enum bs_credential_kind bs_credential_kind(struct bs_str text, const char **ret_rest);

// The texts of one kind that the configuration names, each once, in its order; ret_texts has room
// for BS_CREDENTIALS_MAX. in_use: only the token for logs and keys of providers in the route.
size_t bs_credentials_named(const struct bs_config *config, enum bs_credential_kind kind,
	bool in_use, const char **ret_texts);

// *ret_environ is the list with one more entry, in the arena. The value is copied.
enum bs_status bs_credential_add(const char *const *environ, const char *text, struct bs_str value,
	struct bs_arena *arena, const char *const **ret_environ, struct bs_err *err) BS_MUST_USE;

// Adds the first line of every file that the configuration names. One that cannot be read costs a
// warning, as a variable that is not set does.
enum bs_status bs_credentials_read_files(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_diag *diag, const char *const **ret_environ,
	struct bs_err *err) BS_MUST_USE;

#endif
