// SPDX-License-Identifier: MIT
// One run of a drill, in the process that calls.
#ifndef BS_DRILL_PERFORM_H
#define BS_DRILL_PERFORM_H

#include "core/drill/drill.h"

// Summarises the log as a run would and renders the annotation. run->ending stays as it is (LOST)
// unless there is a summary in the end; run->at_ms is the caller's.
void bs_drill_perform(const struct bs_config *config, const char *const *environ, struct bs_str log,
	const volatile sig_atomic_t *cancelled, struct bs_drill_run *run);

#endif
