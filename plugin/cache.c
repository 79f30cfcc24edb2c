// SPDX-License-Identifier: MIT
// The file of kept summaries: a line for each, newest first, "KEY MADE JSON".
#include "plugin/cache.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/config/state_dir.h"
#include "core/ext/file.h"
#include "core/rules/stable.h"

#define NAME "kept"
#define LOCK_NAME "kept.lock"
#define NEW_NAME "kept.new"
#define LOCK_MS_MAX 100 // waited for other runs; then this summary is not kept

void bs_cache_key(const struct bs_excerpt *excerpt, char key[BS_CACHE_KEY_BYTES])
{
	char room[BS_STABLE_BYTES_MAX];
	uint64_t hash = 0;
	for (size_t i = 0; i < excerpt->lines_count; i++) {
		hash = bs_str_hash(bs_stable(excerpt->lines[i].text, room), hash);
		hash = bs_str_hash(BS_LIT("\n"), hash);
	}
	(void)snprintf(key, BS_CACHE_KEY_BYTES, "%.16s-%016" PRIx64, excerpt->failure_id, hash);
}

// Takes one line apart. False: it is damaged, or too old at wall_ms, or of a time to come.
static bool read_line(
	struct bs_str line, int64_t wall_ms, struct bs_str *ret_key, struct bs_str *ret_json)
{
	struct bs_str made;
	uint64_t made_ms;
	(void)bs_str_split(&line, ' ', ret_key);
	(void)bs_str_split(&line, ' ', &made);
	*ret_json = line;
	return ret_key->len == BS_CACHE_KEY_BYTES - 1 && bs_str_to_u64(made, &made_ms) &&
	       made_ms <= (uint64_t)wall_ms && (uint64_t)wall_ms - made_ms < BS_CACHE_MS_MAX;
}

bool bs_cache_find(const struct bs_config *config, const char *const *environ, const char *key,
	int64_t wall_ms, struct bs_arena *arena, struct bs_kept *ret_kept)
{
	struct bs_buf text;
	struct bs_str rest, line, its_key, json;
	const char *path;
	int folder = -1;
	bool found = false;
	if (!config->reuse ||
		bs_state_dir_open(config, environ, arena, &folder, &path, NULL) != BS_OK)
		return false;
	bs_buf_init(&text, BS_CACHE_BYTES_MAX);
	bool is_there = bs_file_load_own(folder, NAME, &text, NULL) == BS_OK;
	rest = bs_buf_str(&text);
	while (is_there && !found && bs_str_split(&rest, '\n', &line))
		if (read_line(line, wall_ms, &its_key, &json) && bs_str_eq_c(its_key, key))
			found = bs_kept_read(json, arena, ret_kept, NULL) == BS_OK;
	bs_buf_release(&text);
	bs_file_close(folder);
	return found;
}

// The new line, then of the old ones those that are still good.
static void renew(
	struct bs_str old, const char *key, const struct bs_kept *kept, struct bs_buf *out)
{
	struct bs_str line, its_key, json;
	size_t entries = 1;
	bs_buf_addf(out, "%s %" PRId64 " ", key, kept->made_ms);
	bs_kept_write(kept, out);
	bs_buf_add_char(out, '\n');
	while (bs_str_split(&old, '\n', &line)) {
		if (!read_line(line, kept->made_ms, &its_key, &json) || bs_str_eq_c(its_key, key))
			continue;
		if (++entries > BS_CACHE_ENTRIES_MAX || out->len + line.len >= BS_CACHE_BYTES_MAX)
			break;
		bs_buf_add(out, line);
		bs_buf_add_char(out, '\n');
	}
}

void bs_cache_add(const struct bs_config *config, const char *const *environ, const char *key,
	const struct bs_kept *kept, struct bs_arena *arena, struct bs_diag *diag)
{
	struct bs_buf old, text;
	struct bs_err err;
	const char *path;
	int folder = -1, lock = -1;
	if (!config->reuse ||
		bs_state_dir_open(config, environ, arena, &folder, &path, NULL) != BS_OK)
		return;
	bs_buf_init(&old, BS_CACHE_BYTES_MAX);
	bs_buf_init(&text, BS_CACHE_BYTES_MAX);
	enum bs_status status = bs_file_lock(folder, LOCK_NAME, LOCK_MS_MAX, &lock, &err);
	if (status == BS_OK && bs_file_load_own(folder, NAME, &old, NULL) != BS_OK)
		bs_buf_clear(&old); // too large, or not a file of ours: begun anew
	if (status == BS_OK) {
		renew(bs_buf_str(&old), key, kept, &text);
		status = bs_buf_status(&text, NAME, &err);
	}
	if (status == BS_OK)
		status = bs_file_swap_own(folder, NAME, NEW_NAME, bs_buf_str(&text), &err);
	if (status != BS_OK && status != BS_TIMEOUT)
		bs_diag_warn(diag, "%s: the summary is not kept: %s", path, err.msg);
	bs_file_close(lock);
	bs_file_close(folder);
	bs_buf_release(&text);
	bs_buf_release(&old);
}
