// SPDX-License-Identifier: MIT
// The cell of a matrix, from what the server sent to the agent for this job.
#include "plugin/cell.h"

#include "core/base/limits.h"
#include "core/config/config.h"
#include "core/ext/file.h"

#define OURS "BUILDKITE_"

// Of Buildkite's own variables those that a matrix reaches; the others change with each attempt.
static bool is_of_cell(struct bs_str name)
{
	static const char *const names[] = {
		"BUILDKITE_LABEL", "BUILDKITE_COMMAND", "BUILDKITE_PLUGINS"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bs_str_eq_c(name, names[i]))
			return true;
	return name.len > 0 && !bs_str_starts(name, BS_LIT(OURS));
}

// The sum, for the agent writes its variables in no order. Hashes of one text differ in few bits.
static uint64_t mixed(uint64_t hash)
{
	hash = (hash ^ hash >> 31) * 0xBF58476D1CE4E5B9u;
	return hash ^ hash >> 29;
}

static bool sum_of_file(const char *path, struct bs_arena *arena, uint64_t *ret_sum)
{
	struct bs_str text, line;
	uint64_t sum = 0;
	if (!path || bs_file_load(path, BS_ENV_FILE_BYTES_MAX, arena, &text, NULL) != BS_OK)
		return false;
	while (bs_str_split(&text, '\n', &line)) { // NAME="value", quoted as Go does
		struct bs_str rest = line, name;
		if (bs_str_split(&rest, '=', &name) && is_of_cell(name))
			sum += mixed(bs_str_hash(line, 0));
	}
	*ret_sum = sum;
	return true;
}

// What hooks have not changed is better; without the agent's file this is what there is.
static uint64_t sum_of_environ(const char *const *environ)
{
	uint64_t sum = 0;
	for (size_t i = 0; environ[i]; i++) {
		struct bs_str rest = bs_str_c(environ[i]), name;
		if (bs_str_split(&rest, '=', &name) && bs_str_starts(name, BS_LIT(OURS)) &&
			is_of_cell(name))
			sum += mixed(bs_str_hash(bs_str_c(environ[i]), 0));
	}
	return sum;
}

uint32_t bs_cell(const char *const *environ, struct bs_arena *arena)
{
	uint64_t sum;
	const char *queue = bs_env_get(environ, "BUILDKITE_AGENT_META_DATA_QUEUE");
	if (!sum_of_file(bs_env_get(environ, "BUILDKITE_ENV_FILE"), arena, &sum))
		sum = sum_of_environ(environ);
	sum = mixed(bs_str_hash(bs_str_c(queue), sum));
	return (uint32_t)(sum ^ sum >> 32);
}
