// SPDX-License-Identifier: MIT
// core/base/buf: growth, the ceiling, the failure that sticks.
#include "tests/unit/unit.h"

#include "core/base/buf.h"

static void buf_keeps_what_was_added(void **state)
{
	(void)state;
	struct bs_buf buf;
	bs_buf_init(&buf, 1000);
	bs_buf_add(&buf, BS_LIT("one "));
	bs_buf_addf(&buf, "%d %s", 2, "three");
	bs_buf_add_char(&buf, '!');
	assert_str(bs_buf_str(&buf), "one 2 three!");
	assert_int_equal(bs_buf_status(&buf, "text", NULL), BS_OK);
	bs_buf_release(&buf);
}

static void buf_refuses_to_grow_past_its_ceiling(void **state)
{
	(void)state;
	struct bs_buf buf;
	struct bs_err err = {0};
	bs_buf_init(&buf, 8);
	bs_buf_add_c(&buf, "12345678");
	assert_int_equal(bs_buf_status(&buf, "text", &err), BS_OK);
	bs_buf_add_char(&buf, '9');
	bs_buf_add_c(&buf, ""); // nothing more is added, not even nothing
	assert_str(bs_buf_str(&buf), "12345678");
	assert_int_equal(bs_buf_status(&buf, "text", &err), BS_LIMIT);
	assert_string_equal(err.msg, "text: more than 8 bytes");
	bs_buf_clear(&buf);
	assert_int_equal(bs_buf_status(&buf, "text", &err), BS_OK);
	bs_buf_release(&buf);
}

static void buf_formats_past_its_ceiling_without_a_partial_line(void **state)
{
	(void)state;
	struct bs_buf buf;
	bs_buf_init(&buf, 4);
	bs_buf_addf(&buf, "%s", "12345");
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.failed, BS_LIMIT);
	bs_buf_release(&buf);
	bs_buf_release(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buf_keeps_what_was_added),
		cmocka_unit_test(buf_refuses_to_grow_past_its_ceiling),
		cmocka_unit_test(buf_formats_past_its_ceiling_without_a_partial_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
