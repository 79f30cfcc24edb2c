// SPDX-License-Identifier: MIT
// The heartbeat of a job that asks for others, while its only thread waits for a model.
#ifndef BS_PLUGIN_BEAT_H
#define BS_PLUGIN_BEAT_H

#include "plugin/meta.h"

#define BS_BEAT_MS 1500 // from one to the next: the writes of a run are bounded by its deadline

struct bs_beat {
	struct bs_http *http;
	const struct bs_job *job;
	const char *key;
	unsigned count;
	int64_t next_at_ms, until_ms;      // monotonic
	struct bs_http_exchange *exchange; // the one under way; NULL: none is
	struct bs_agent_request request;
	struct bs_buf body;
};

// key of the meta-data: "JOB COUNT" is written there until until_ms. Must not be moved afterwards.
void bs_beat_init(struct bs_beat *beat, struct bs_http *http, const struct bs_job *job,
	const char *key, int64_t until_ms);
// Never waits; one that fails is left out. ctx: a bs_beat, so that it fits bs_progress.
void bs_beat_tick(void *ctx);
void bs_beat_release(struct bs_beat *beat);

#endif
