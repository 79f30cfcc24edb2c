// SPDX-License-Identifier: MIT
// The health file. Written beside and renamed, so that whoever reads without the lock, and whoever
// comes after a run that was killed, finds a whole one.
#include "core/llm/health_file.h"

#include <unistd.h>

#include "core/config/state_dir.h"
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

void bs_health_file_open(struct bs_health_file *file, const struct bs_config *config,
	const char *const *env, struct bs_arena *arena, struct bs_diag *diag)
{
	struct bs_err err = {0};
	*file = (struct bs_health_file){.folder = -1, .diag = diag};
	if (getentropy(&file->salt, sizeof(file->salt)) != 0)
		return;
	enum bs_status status = bs_state_dir_open(
		config, env, arena, &file->folder, &file->path, &err);
	file->on = status == BS_OK;
	if (status != BS_OK && status != BS_EMPTY)
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
