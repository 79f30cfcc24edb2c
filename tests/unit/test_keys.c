// SPDX-License-Identifier: MIT
// core/llm/keys: names of variables become keys that can be sent, or a warning.
#include "tests/unit/unit.h"

#include "core/llm/keys.h"

static void keyring_numbers_each_key_once(void **state)
{
	(void)state;
	const char *const environ_list[] = {"A=one", "B=two", NULL};
	struct bs_keyring ring = {0};
	struct bs_diag diag = {0};
	unsigned a, b, again;
	assert_true(bs_keyring_add(&ring, environ_list, "p", "A", &diag, &a));
	assert_true(bs_keyring_add(&ring, environ_list, "p", "B", &diag, &b));
	assert_true(bs_keyring_add(&ring, environ_list, "p", "A", &diag, &again));
	unsigned elsewhere;
	assert_true(bs_keyring_add(&ring, environ_list, "q", "A", &diag, &elsewhere));
	assert_int_not_equal(elsewhere, a); // what one provider refuses another may take
	assert_int_equal(a, again);
	assert_int_not_equal(a, b);
	assert_int_equal(ring.count, 3);
	assert_str(ring.keys[b].value, "two");
	assert_string_equal(ring.keys[b].name, "B");
	assert_int_equal(diag.notes_count, 0);
}

static void keyring_takes_off_the_newline_of_a_key_file(void **state)
{
	(void)state;
	const char *const environ_list[] = {"A=one\r\n", NULL};
	struct bs_keyring ring = {0};
	unsigned id;
	assert_true(bs_keyring_add(&ring, environ_list, "p", "A", NULL, &id));
	assert_str(ring.keys[id].value, "one");
}

static void keyring_leaves_out_what_is_no_key_with_one_warning(void **state)
{
	(void)state;
	static const char *const values[] = {
		"A=", "A=\n", "A=one\ntwo", "A=one two", "A=\x7f", "A=\xC3\xA4"};
	for (size_t i = 0; i <= sizeof(values) / sizeof(*values); i++) {
		bool set = i < sizeof(values) / sizeof(*values);
		const char *const environ_list[] = {set ? values[i] : "OTHER=x", NULL};
		struct bs_keyring ring = {0};
		struct bs_diag diag = {0};
		unsigned id = 7;
		assert_false(bs_keyring_add(&ring, environ_list, "p", "A", &diag, &id));
		assert_false(bs_keyring_add(&ring, environ_list, "p", "A", &diag, &id));
		assert_int_equal(id, 7);
		assert_int_equal(ring.count, 0);
		assert_int_equal(diag.notes_count, 1);
		assert_null(strstr(diag.notes[0], "two"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keyring_numbers_each_key_once),
		cmocka_unit_test(keyring_takes_off_the_newline_of_a_key_file),
		cmocka_unit_test(keyring_leaves_out_what_is_no_key_with_one_warning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
