// SPDX-License-Identifier: MIT
// The hook's body: a failed job's log becomes an annotation, and the job is never failed or held up
// by it.
#ifndef BS_PLUGIN_BUILDKITE_H
#define BS_PLUGIN_BUILDKITE_H

#include <signal.h>

#include "core/base/diag.h"
#include "core/config/config.h"

// Reads the job's environment, and by its state does nothing, takes a stale annotation away, or
// summarises and annotates. What went wrong is one line on standard error; there is no failure that
// a caller could act on.
void bs_buildkite_hook(const struct bs_config *config, const char *const *env,
	const volatile sig_atomic_t *cancelled, struct bs_diag *diag);

#endif
