// SPDX-License-Identifier: MIT
// The health file. Written beside and renamed, so that whoever reads without the lock, and whoever
// comes after a run that was killed, finds a whole one.
#include "core/llm/health_file.h"

#include <unistd.h>

#include "core/ext/file.h"

#define NAME "health"
#define LOCK_NAME "health.lock"
#define NEW_NAME "health.new"

static void warn(struct bs_health_file *file, const char *what)
{
	if (!file->warned)
		bs_diag_warn(file->diag, "what was remembered of providers: %s", what);
	file->warned = true;
}

// --- the folder

// The usual places, best first; NULL: there is no such place.
static const char *usual_place(const char *const *env, unsigned choice, struct bs_arena *arena)
{
	const char *xdg = bs_env_get(env, "XDG_STATE_HOME");
	const char *home = bs_env_get(env, "HOME");
	switch (choice) {
	case 0: // relative ones are to be ignored: XDG Base Directory 0.8
		return xdg && xdg[0] == '/' ? bs_arena_printf(arena, "%s/buildsum", xdg) : NULL;
	case 1: // a home that does not exist is not ours to make
		return home && home[0] == '/' && bs_file_exists(home)
			       ? bs_arena_printf(arena, "%s/.local/state/buildsum", home)
			       : NULL;
	default:
		return bs_arena_printf(arena, "/tmp/buildsum-%ld", (long)geteuid());
	}
}

void bs_health_file_open(struct bs_health_file *file, const struct bs_config *config,
	const char *const *env, struct bs_arena *arena, struct bs_diag *diag)
{
	struct bs_err err = {0};
	*file = (struct bs_health_file){.folder = -1, .diag = diag};
	bool usual = !config->state_dir;
	if (!config->state || (!usual && !config->state_dir[0]))
		return;
	if (getentropy(&file->salt, sizeof(file->salt)) != 0)
		return;
	for (unsigned choice = 0; choice < (usual ? 3 : 1) && !file->on; choice++) {
		file->path = usual ? usual_place(env, choice, arena) : config->state_dir;
		if (file->path)
			file->on = bs_folder_open(file->path, &file->folder, &err) == BS_OK;
	}
	if (!file->on)
		warn(file, err.msg);
}

void bs_health_file_close(struct bs_health_file *file)
{
	if (file->on)
		bs_file_close(file->folder);
	file->on = false;
}

// --- the file

static void read_file(struct bs_health_file *file, int64_t wall_ms, struct bs_health *ret_health)
{
	struct bs_buf text;
	struct bs_err err = {0};
	bs_buf_init(&text, BS_HEALTH_BYTES_MAX);
	bs_health_init(ret_health, &file->salt);
	enum bs_status status = bs_file_load_own(file->folder, NAME, &text, &err);
	if (status == BS_OK && text.len > 0)
		status = bs_health_parse(bs_buf_str(&text), ret_health, &err);
	if (status == BS_FORMAT)
		(void)bs_fail_in(&err, NAME);
	if (status != BS_OK) {
		(void)bs_fail_in(&err, file->path);
		warn(file, err.msg);
	}
	bs_buf_release(&text);
	bs_health_settle(ret_health, wall_ms);
}

void bs_health_file_read(struct bs_health_file *file, int64_t wall_ms, struct bs_health *ret_health)
{
	if (file->on)
		read_file(file, wall_ms, ret_health);
	else
		bs_health_init(ret_health, &file->salt);
}

enum bs_status bs_health_file_try(struct bs_health_file *file, struct bs_err *err)
{
	int lock = -1;
	if (!file->on)
		return bs_fail(err, BS_SYSTEM, "there is no folder to remember in");
	enum bs_status status = bs_file_lock(file->folder, LOCK_NAME, 0, &lock, err);
	bs_file_close(lock);
	if (status == BS_TIMEOUT) // somebody writes
		return BS_OK;
	return status == BS_OK ? status : bs_fail_in(err, file->path);
}

enum bs_status bs_health_file_change(struct bs_health_file *file, int64_t wait_ms, int64_t wall_ms,
	void (*change)(void *ctx, struct bs_health *health), void *ctx,
	struct bs_health *ret_health)
{
	struct bs_buf text;
	struct bs_err err = {0};
	int lock = -1;
	if (!file->on)
		return BS_SYSTEM;
	enum bs_status status = bs_file_lock(file->folder, LOCK_NAME, wait_ms, &lock, &err);
	if (status == BS_TIMEOUT)
		return status;
	bs_buf_init(&text, BS_HEALTH_BYTES_MAX);
	if (status == BS_OK) {
		read_file(file, wall_ms, ret_health);
		change(ctx, ret_health);
		ret_health->saved_ms = wall_ms;
		bs_health_print(ret_health, &text);
		status = bs_buf_status(&text, NAME, &err);
	}
	if (status == BS_OK)
		status = bs_file_swap_own(file->folder, NAME, NEW_NAME, bs_buf_str(&text), &err);
	if (status != BS_OK) {
		(void)bs_fail_in(&err, file->path);
		warn(file, err.msg);
	}
	bs_file_close(lock);
	bs_buf_release(&text);
	return status;
}
