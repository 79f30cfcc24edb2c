// SPDX-License-Identifier: MIT
// The cell of a matrix, from what the server sent to the agent for this job.
#include "plugin/cell.h"

#include "core/base/limits.h"
#include "core/config/config.h"
#include "core/ext/file.h"

#define OURS "BUILDKITE_"

enum part {
	PART_NONE,  // changes with each attempt or machine
	PART_SHOWN, // reaches everybody, see bs_cell
	PART_MORE,  // only the agent's file tells that the server sent it
};

// Of Buildkite's own variables those that a matrix reaches; of the others those that a person may
// have made a matrix of.
static enum part part_of(struct bs_str name)
{
	static const char *const shown[] = {
		"BUILDKITE_LABEL", "BUILDKITE_COMMAND", "BUILDKITE_PLUGINS"};
	static const char *const passing[] = {"*TRACE*", "OTEL_*", "DD_*", "BAGGAGE", "*TOKEN",
		"*SECRET", "*PASSWORD", "*_KEY", "*SIGNATURE*", "*NONCE*", "*ATTEMPT*", "*RETRY*",
		"*_TIME", "*TIMESTAMP", "*_DATE", "*_AT", "*EPOCH", "CI", "PATH", "HOME", "PWD",
		"OLDPWD", "SHLVL", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_*", "HOSTNAME",
		"TMPDIR", "TMP", "TEMP", "_"};
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (bs_str_eq_c(name, shown[i]))
			return PART_SHOWN;
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (bs_str_glob(bs_str_c(passing[i]), name))
			return PART_NONE;
	return name.len > 0 && !bs_str_starts(name, BS_LIT(OURS)) ? PART_MORE : PART_NONE;
}

// Hashes of one text differ in few bits.
static uint64_t mixed(uint64_t hash)
{
	hash = (hash ^ hash >> 31) * 0xBF58476D1CE4E5B9u;
	return hash ^ hash >> 29;
}

// Sums, for the agent writes its variables in no order.
struct sums {
	uint64_t shown, more;
};

static uint64_t hash_of(struct bs_str name, struct bs_str value)
{
	return mixed(bs_str_hash(value, bs_str_hash(BS_LIT("="), bs_str_hash(name, 0))));
}

// `"a \"b\"\n"`, as Go quotes, so that it is what stands in the environment.
static struct bs_str unquote(struct bs_str text, struct bs_arena *arena)
{
	static const char names[] = "ntr", bytes[] = "\n\t\r";
	char *out = bs_arena_alloc(arena, text.len + 1);
	size_t len = 0;
	if (!out || text.len < 2 || text.ptr[0] != '"')
		return text;
	for (size_t i = 1; i + 1 < text.len; i++) {
		const char *special = NULL;
		if (text.ptr[i] == '\\') {
			i++;
			special = text.ptr[i] ? strchr(names, text.ptr[i]) : NULL;
		}
		out[len++] = special ? bytes[special - names] : text.ptr[i];
	}
	return bs_str(out, len);
}

static bool sum_file(const char *path, struct bs_arena *arena, struct sums *ret_sums)
{
	struct bs_str text, line;
	struct sums sums = {0, 0};
	if (!path || bs_file_load(path, BS_ENV_FILE_BYTES_MAX, arena, &text, NULL) != BS_OK)
		return false;
	while (bs_str_split(&text, '\n', &line)) { // NAME="value"
		struct bs_str name;
		if (!bs_str_split(&line, '=', &name))
			continue;
		enum part part = part_of(name);
		if (part == PART_SHOWN)
			sums.shown += hash_of(name, unquote(line, arena));
		else if (part == PART_MORE)
			sums.more += hash_of(name, line);
	}
	*ret_sums = sums;
	return true;
}

// What hooks have not changed is better; without the agent's file this is what there is.
static struct sums sum_environ(const char *const *environ)
{
	struct sums sums = {0, 0};
	for (size_t i = 0; environ[i]; i++) {
		struct bs_str value = bs_str_c(environ[i]), name;
		if (bs_str_split(&value, '=', &name) && part_of(name) == PART_SHOWN)
			sums.shown += hash_of(name, value);
	}
	return sums;
}

struct bs_cell bs_cell(const char *const *environ, struct bs_arena *arena)
{
	struct sums sums;
	const char *queue = bs_env_get(environ, "BUILDKITE_AGENT_META_DATA_QUEUE");
	bool is_known = sum_file(bs_env_get(environ, "BUILDKITE_ENV_FILE"), arena, &sums);
	if (!is_known)
		sums = sum_environ(environ);
	uint64_t shown = mixed(bs_str_hash(bs_str_c(queue), sums.shown));
	uint64_t all = shown + sums.more;
	return (struct bs_cell){
		.shown = (uint32_t)(shown ^ shown >> 32),
		.all = (uint32_t)(all ^ all >> 32),
		.is_known = is_known,
	};
}
