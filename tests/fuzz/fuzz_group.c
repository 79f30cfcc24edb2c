// SPDX-License-Identifier: MIT
// What other jobs left in a build's meta-data: kept summaries, lists of keys; and ends of logs.
#include <assert.h>
#include <stdlib.h>

#include "core/report/kept.h"
#include "plugin/group_view.h"
#include "plugin/marker.h"

// What is read writes and reads back to the same.
static void hold_kept(struct bs_str text, struct bs_arena *arena)
{
	struct bs_kept kept, again;
	struct bs_buf first, second;
	if (bs_kept_read(text, arena, &kept, NULL) != BS_OK)
		return;
	bs_buf_init(&first, BS_REQUEST_BYTES_MAX);
	bs_buf_init(&second, BS_REQUEST_BYTES_MAX);
	bs_kept_write(&kept, &first);
	assert(first.failed == BS_OK);
	if (first.len <= BS_KEPT_BYTES_MAX) { // escapes may make it longer
		assert(bs_kept_read(bs_buf_str(&first), arena, &again, NULL) == BS_OK);
		bs_kept_write(&again, &second);
		assert(bs_str_eq(bs_buf_str(&first), bs_buf_str(&second)));
	}
	bs_buf_release(&first);
	bs_buf_release(&second);
}

static void hold_view(struct bs_str text, struct bs_arena *arena)
{
	struct bs_json *json = NULL;
	struct bs_group_view view;
	const struct bs_group_self self = {
		"0123456789abcdef", "fedcba9876543210", true, "00000000000000aa"};
	if (bs_json_parse(text, &json, NULL) != BS_OK)
		return;
	assert(bs_group_view(json, &self, arena, &view, NULL) == BS_OK);
	for (size_t i = 0; i < view.count; i++) {
		assert(!strpbrk(view.members[i].job_id, "\"<>#/ "));
		assert(strlen(view.members[i].name) <= BS_GROUP_KEY_BYTES_MAX);
	}
	for (size_t i = 0; i < view.left_count; i++)
		assert(strlen(view.left[i]) == 16 && strcmp(view.left[i], self.id) != 0);
	bs_json_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_arena arena;
	struct bs_str text = bs_str((const char *)data, size);
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	hold_kept(text, &arena);
	hold_view(text, &arena);
	assert(bs_marker_cut(text) <= size);
	bs_arena_release(&arena);
	return 0;
}
