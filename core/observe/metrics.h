// SPDX-License-Identifier: MIT
// What a run tells whoever watches the fleet: counters of this host, in a file or sent.
//
// Never holds a word of a log, a name of a key, a job, a branch or a host: labels are providers,
// models and the classes of outcomes. Nothing here fails a run: what goes wrong is one warning.
#ifndef BS_OBSERVE_METRICS_H
#define BS_OBSERVE_METRICS_H

#include "core/base/diag.h"
#include "core/config/config.h"
#include "core/llm/outcome.h"
#include "core/observe/series.h"

#define BS_METRICS_SEND_MS_MAX 1000 // for a gateway that is slow: a job waits for us

struct bs_run_facts {
	bool by_llm;
	const char *route;       // who answered; NULL: nobody
	const char *reused_from; // "build", "host": who made the summary; NULL: this run
	const struct bs_trail *trail;
	int64_t elapsed_ms;
	int64_t wall_ms; // now
	uint64_t log_bytes, excerpt_bytes, redactions;
};

// This run alone, as series.
void bs_metrics_of(const struct bs_run_facts *facts, struct bs_series *series);

// Adds the run to the host's counters and hands these on, as the settings metrics.* say. Without
// one of these it does nothing. At most until the monotonic time until_ms.
void bs_metrics_tell(const struct bs_config *config, const char *const *environ,
	const struct bs_run_facts *facts, int64_t until_ms, struct bs_diag *diag);

// The body of an OTLP/HTTP request (OpenTelemetry protocol 1.x, JSON): the run alone, with delta
// temporality, because each run is a process that begins at zero. Times are unix milliseconds.
void bs_metrics_otlp(
	const struct bs_series *run, int64_t from_ms, int64_t to_ms, struct bs_buf *out);

#endif
