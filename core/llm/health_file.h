// SPDX-License-Identifier: MIT
// The file in which health is remembered: found, read, and changed under a lock.
//
// Nothing here fails a run: what cannot be read is empty, what cannot be written is lost, and one
// warning says so.
#ifndef BS_LLM_HEALTH_FILE_H
#define BS_LLM_HEALTH_FILE_H

#include "core/base/arena.h"
#include "core/base/diag.h"
#include "core/config/config.h"
#include "core/llm/health.h"

struct bs_health_file {
	bool on;          // a folder is there
	int folder;       // its descriptor
	const char *path; // of the folder, for the warning
	bool warned;
	struct bs_salt salt; // of a file that has to be begun
	struct bs_diag *diag;
};

// Finds the folder that the configuration names, else the user's usual one, else one in /tmp.
// Strings live in the arena.
void bs_health_file_open(struct bs_health_file *file, const struct bs_config *config,
	const char *const *env, struct bs_arena *arena, struct bs_diag *diag);
// Accepts a zeroed one.
void bs_health_file_close(struct bs_health_file *file);

// What is remembered, settled to the time; as good as the last save, for it takes no lock.
void bs_health_file_read(
	struct bs_health_file *file, int64_t wall_ms, struct bs_health *ret_health);

// Whether a change could be written, as far as that can be told without one. The message of a
// failure names the folder and the reason.
enum bs_status bs_health_file_try(struct bs_health_file *file, struct bs_err *err) BS_MUST_USE;

// Reads, lets `change` change it, and writes it, all under the lock. Waits for other runs wait_ms
// at most: BS_TIMEOUT, and `change` was not called. Other failures have been warned of.
enum bs_status bs_health_file_change(struct bs_health_file *file, int64_t wait_ms, int64_t wall_ms,
	void (*change)(void *ctx, struct bs_health *health), void *ctx,
	struct bs_health *ret_health) BS_MUST_USE;

#endif
