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
	assert_true(bs_keyring_add(&ring, environ_list, "p", "A", false, &diag, &a));
	assert_true(bs_keyring_add(&ring, environ_list, "p", "B", false, &diag, &b));
	assert_true(bs_keyring_add(&ring, environ_list, "p", "A", false, &diag, &again));
	unsigned elsewhere;
	assert_true(bs_keyring_add(&ring, environ_list, "q", "A", false, &diag, &elsewhere));
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
	assert_true(bs_keyring_add(&ring, environ_list, "p", "A", false, NULL, &id));
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
		assert_false(bs_keyring_add(&ring, environ_list, "p", "A", false, &diag, &id));
		assert_false(bs_keyring_add(&ring, environ_list, "p", "A", false, &diag, &id));
		assert_int_equal(id, 7);
		assert_int_equal(ring.count, 0);
		assert_int_equal(diag.notes_count, 1);
		assert_null(strstr(diag.notes[0], "two"));
	}
}

static void keyring_takes_a_key_that_signs_with_all_that_goes_with_it(void **state)
{
	(void)state;
	const char *const whole[] = {"X_ACCESS_KEY_ID=id", "X_SECRET_ACCESS_KEY=se/cr+et\n",
		"X_SESSION_TOKEN=to==", NULL};
	const char *const half[] = {"X_ACCESS_KEY_ID=id", NULL};
	const char *const bearer[] = {"B=bearer", NULL};
	struct bs_keyring ring = {0};
	struct bs_diag diag = {0};
	unsigned id = 7;
	assert_false(bs_keyring_add(&ring, half, "p", "X_ACCESS_KEY_ID", true, &diag, &id));
	assert_string_equal(diag.notes[0], "X_SECRET_ACCESS_KEY is not set: X_ACCESS_KEY_ID cannot "
					   "sign without it and is left out");
	assert_true(bs_keyring_add(&ring, whole, "p", "X_ACCESS_KEY_ID", true, &diag, &id));
	assert_str(ring.keys[id].secret, "se/cr+et");
	assert_str(ring.keys[id].session_token, "to==");
	assert_true(bs_keyring_add(&ring, half, "q", "X_ACCESS_KEY_ID", false, &diag, &id));
	assert_int_equal(ring.keys[id].secret.len, 0); // sent as it is to whoever wants that
	assert_true(bs_keyring_add(&ring, bearer, "p", "B", true, &diag, &id));
	assert_int_equal(ring.keys[id].secret.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keyring_numbers_each_key_once),
		cmocka_unit_test(keyring_takes_off_the_newline_of_a_key_file),
		cmocka_unit_test(keyring_takes_a_key_that_signs_with_all_that_goes_with_it),
		cmocka_unit_test(keyring_leaves_out_what_is_no_key_with_one_warning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
