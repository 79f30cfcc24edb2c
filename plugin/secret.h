// SPDX-License-Identifier: MIT
// Keys from Buildkite's secrets: fetched by the job itself, and made known to the agent's redactor
// before anything else is done with them.
//
// Source: buildkite/agent api/secrets.go, jobapi/redactions.go, clicommand/secret_get.go: the
// command refuses a secret that it cannot have redacted, and so does this.
#ifndef BS_PLUGIN_SECRET_H
#define BS_PLUGIN_SECRET_H

#include "core/base/diag.h"
#include "core/config/config.h"
#include "plugin/call.h"
#include "plugin/job.h"

// *ret_environ is `environ` with the secrets that the configuration names and the route uses. One
// that cannot be had costs a warning that never holds a value. BS_NOMEM, BS_CANCELLED.
enum bs_status bs_secrets_fetch(const struct bs_caller *caller, const struct bs_job *job,
	const struct bs_config *config, const char *const *environ, struct bs_arena *arena,
	struct bs_diag *diag, const char *const **ret_environ, struct bs_err *err) BS_MUST_USE;

#endif
