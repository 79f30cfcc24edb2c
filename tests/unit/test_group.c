// SPDX-License-Identifier: MIT
// plugin/group_view: who failed alike, by the keys of a build's meta-data.
#include "tests/unit/unit.h"

#include "plugin/group_view.h"

#define OURS "0123456789abcdef"
#define OTHER "aaaaaaaaaaaaaaaa"
#define SLOT_1 "1111111111111111"
#define SLOT_2 "2222222222222222"
#define AT "00000000000000aa"

static struct bs_group_view look(const char *keys, const char *id, struct bs_arena *arena)
{
	struct bs_json *json = NULL;
	struct bs_group_view view;
	const struct bs_group_self self = {id, SLOT_1, false, AT};
	bs_arena_init(arena, BS_RUN_ARENA_BYTES_MAX);
	assert_int_equal(bs_json_parse(bs_str_c(keys), &json, NULL), BS_OK);
	assert_int_equal(bs_group_view(json, &self, arena, &view, NULL), BS_OK);
	bs_json_free(json);
	return view;
}

static void view_lists_the_last_attempt_of_each_slot_that_failed_so(void **state)
{
	(void)state;
	struct bs_arena arena;
	struct bs_group_view view = look(
		"[\"buildsum/1/" OURS "/job/" SLOT_1 "/000/a/Specs%20%2310\","
		" \"buildsum/1/" OURS "/job/" SLOT_1 "/002/c/Specs%20%2310\","
		" \"buildsum/1/" OURS "/job/" SLOT_1 "/001/-\","
		" \"buildsum/1/" OURS "/job/" SLOT_2 "/000/b/Specs%20%239\","
		" \"buildsum/1/" OURS "/job/3333333333333333/000/d/x\","
		" \"buildsum/1/" OURS "/job/3333333333333333/010/-\","
		" \"buildsum/1/" OTHER "/job/" SLOT_2 "/000/e/x\", \"specs\", 7, null]",
		OURS, &arena);
	assert_int_equal(view.count, 2);
	assert_string_equal(view.members[0].name, "Specs #9");
	assert_string_equal(view.members[0].job_id, "b");
	assert_string_equal(view.members[1].name, "Specs #10");
	assert_string_equal(view.members[1].job_id, "c");
	assert_int_equal(view.left_count, 0);
	assert_false(view.at_taken);
	bs_arena_release(&arena);
}

static void view_tells_what_a_slot_left_behind(void **state)
{
	(void)state;
	struct bs_arena arena;
	static const char alone[] = "[\"buildsum/1/" OTHER "/job/" SLOT_1 "/000/a/x\","
				    " \"buildsum/1/" OTHER "/at/" AT "/" SLOT_1 "\"]";
	static const char shared[] = "[\"buildsum/1/" OTHER "/job/" SLOT_1 "/000/a/x\","
				     " \"buildsum/1/" OTHER "/job/" SLOT_2 "/000/b/x\","
				     " \"buildsum/1/" OTHER "/at/" AT "/" SLOT_2 "\"]";
	struct bs_group_view view = look(alone, OURS, &arena);
	assert_int_equal(view.left_count, 1);
	assert_string_equal(view.left[0], OTHER);
	assert_true(view.left_empty[0]);
	assert_false(view.at_taken); // by nobody but ourselves
	bs_arena_release(&arena);
	view = look(shared, NULL, &arena);
	assert_int_equal(view.left_count, 1);
	assert_false(view.left_empty[0]);
	assert_true(view.at_taken);
	assert_int_equal(view.count, 0);
	bs_arena_release(&arena);
}

static void keys_read_back(void **state)
{
	(void)state;
	struct bs_arena arena;
	struct bs_buf keys;
	bs_buf_init(&keys, BS_LINE_BYTES_MAX);
	bs_buf_add_c(&keys, "[\"");
	bs_group_job_key(OURS, SLOT_2, 7, "0190-a", ":hammer: a/b \"c\" \xC3\xA4 100%",
		"a+b = 50%/c\x1b\n", &keys);
	bs_buf_add_c(&keys, "\"]");
	struct bs_group_view view = look(keys.ptr, OURS, &arena);
	assert_int_equal(view.count, 1);
	assert_string_equal(view.members[0].name, ":hammer: a/b \"c\" \xC3\xA4 100%");
	assert_string_equal(view.members[0].said, "a+b = 50%/c\x1b\n");
	bs_arena_release(&arena);
	bs_buf_clear(&keys);
	bs_group_job_key(OURS, SLOT_2, 12, NULL, NULL, NULL, &keys);
	assert_string_equal(keys.ptr, "buildsum/1/" OURS "/job/" SLOT_2 "/012/-");
	bs_buf_release(&keys);
}

static void keys_are_cut_between_characters(void **state)
{
	(void)state;
	static const char wide[] = "\xE3\x81\x82\xE3\x81\x82\xE3\x81\x82\xE3\x81\x82\xE3\x81\x82"
				   "\xE3\x81\x82\xE3\x81\x82\xE3\x81\x82\xE3\x81\x82\xE3\x81\x82";
	struct bs_arena arena;
	struct bs_buf keys;
	bs_buf_init(&keys, BS_LINE_BYTES_MAX);
	bs_buf_add_c(&keys, "[\"");
	bs_group_job_key(
		OURS, SLOT_2, 7, "0190aaaa-0000-4000-8000-000000000001", wide, wide, &keys);
	assert_true(keys.len - 2 <= BS_GROUP_KEY_BYTES_MAX);
	bs_buf_add_c(&keys, "\"]");
	struct bs_group_view view = look(keys.ptr, OURS, &arena);
	assert_int_equal(view.count, 1);
	assert_memory_equal(view.members[0].name, wide, strlen(view.members[0].name));
	assert_int_equal(strlen(view.members[0].name), 8 * 3);
	assert_int_equal(strlen(view.members[0].said), 8 * 3);
	bs_arena_release(&arena);
	bs_buf_release(&keys);
}

static void view_finds_a_slot_of_which_half_is_known(void **state)
{
	(void)state;
	static const char one[] = "[\"buildsum/1/" OTHER "/job/1111111122222222/000/a/x\"]";
	static const char two[] = "[\"buildsum/1/" OTHER "/job/1111111122222222/000/a/x\","
				  " \"buildsum/1/" OTHER "/job/1111111133333333/000/b/x\"]";
	static const char own[] = "[\"buildsum/1/" OTHER "/job/1111111122222222/000/a/x\","
				  " \"buildsum/1/" OTHER "/job/" SLOT_1 "/000/b/x\"]";
	static const struct {
		const char *keys;
		bool is_vague;
		const char *slot;
		size_t left;
	} cases[] = {
		{one, true, "1111111122222222", 1},
		{one, false, SLOT_1, 0},
		{two, true, SLOT_1, 0}, // cells of a matrix
		{own, true, SLOT_1, 1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bs_arena arena;
		struct bs_json *json = NULL;
		struct bs_group_view view;
		const struct bs_group_self self = {NULL, SLOT_1, cases[i].is_vague, AT};
		bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
		assert_int_equal(bs_json_parse(bs_str_c(cases[i].keys), &json, NULL), BS_OK);
		assert_int_equal(bs_group_view(json, &self, &arena, &view, NULL), BS_OK);
		assert_string_equal(view.slot, cases[i].slot);
		assert_int_equal(view.left_count, cases[i].left);
		bs_json_free(json);
		bs_arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(view_finds_a_slot_of_which_half_is_known),
		cmocka_unit_test(view_lists_the_last_attempt_of_each_slot_that_failed_so),
		cmocka_unit_test(view_tells_what_a_slot_left_behind),
		cmocka_unit_test(keys_read_back),
		cmocka_unit_test(keys_are_cut_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
