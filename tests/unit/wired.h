// SPDX-License-Identifier: MIT
// What the tests of the wire formats share: a request built and parsed again, a reply read.
#ifndef BS_TESTS_WIRED_H
#define BS_TESTS_WIRED_H

#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/ext/json.h"
#include "core/llm/provider.h"

struct wired {
	struct bs_arena arena;
	struct bs_reply reply;
	struct bs_buf body;
	struct bs_json *json; // of the last request
};

static inline int wired_setup(void **state)
{
	struct wired *f = calloc(1, sizeof(*f));
	if (!f)
		return -1;
	bs_arena_init(&f->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_reply_init(&f->reply, &f->arena);
	bs_buf_init(&f->body, BS_REQUEST_BYTES_MAX);
	*state = f;
	return 0;
}

static inline int wired_teardown(void **state)
{
	struct wired *f = *state;
	bs_json_free(f->json);
	bs_reply_release(&f->reply);
	bs_buf_release(&f->body);
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

#define WIRED(name) cmocka_unit_test_setup_teardown(name, wired_setup, wired_teardown)

static const struct bs_prompt wired_prompt = {
	.system = {"SYSTEM", 6},
	.messages = {{false, {"LOG \"x\"\n", 8}}, {true, {"BAD", 3}}, {false, {"AGAIN", 5}}},
	.messages_count = 3,
};

static inline const struct bs_json *wired_build(
	struct wired *f, const struct bs_wire *wire, const struct bs_request *request)
{
	bs_json_free(f->json);
	f->json = NULL;
	bs_buf_clear(&f->body);
	assert_int_equal(wire->build(request, &f->body, NULL), BS_OK);
	assert_int_equal(bs_json_parse(bs_buf_str(&f->body), &f->json, NULL), BS_OK);
	return f->json;
}

// A member by its path: "text/format/type", "input/0/role".
static inline const struct bs_json *wired_at(const struct bs_json *json, const char *path)
{
	struct bs_str rest = bs_str_c(path), name;
	while (bs_str_split(&rest, '/', &name)) {
		char key[64];
		uint64_t index = 0;
		assert_true(name.len < sizeof(key));
		memcpy(key, name.ptr, name.len);
		key[name.len] = '\0';
		json = bs_str_to_u64(name, &index) ? bs_json_at(json, (size_t)index)
						   : bs_json_get(json, key);
	}
	return json;
}

static inline void wired_is(const struct bs_json *json, const char *path, const char *text)
{
	assert_str(bs_json_text(wired_at(json, path)), text);
}

static inline void wired_number_is(const struct bs_json *json, const char *path, uint64_t expected)
{
	uint64_t number = UINT64_MAX;
	assert_true(bs_json_u64(wired_at(json, path), &number));
	assert_int_equal(number, expected);
}

static inline void wired_flag_is(const struct bs_json *json, const char *path, bool expected)
{
	bool flag = !expected;
	assert_true(bs_json_bool(wired_at(json, path), &flag));
	assert_int_equal(flag, expected);
}

static inline void wired_whole(struct wired *f, const struct bs_wire *wire, const char *body)
{
	bs_reply_release(&f->reply);
	bs_reply_init(&f->reply, &f->arena);
	assert_int_equal(wire->read(&f->reply, bs_str_c(body), NULL), BS_OK);
}

static inline void wired_event(struct wired *f, const struct bs_wire *wire, const char *data)
{
	assert_int_equal(wire->read_event(&f->reply, bs_str("", 0), bs_str_c(data), NULL), BS_OK);
}

// Bodies of other formats, and of none: nothing is made of them.
static inline void wired_survives_nonsense(struct wired *f, const struct bs_wire *wire)
{
	static const char *const odd[] = {"{}", "[]", "null", "3", "{\"output\":{}}",
		"{\"output\":[null,{\"type\":7}]}", "{\"candidates\":[{\"content\":[]}]}",
		"{\"candidates\":7,\"usageMetadata\":[]}", "{\"usage\":{\"input_tokens\":-1}}",
		"{\"done\":\"yes\"}", "{\"message\":{\"content\":{}}}"};
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		wired_whole(f, wire, odd[i]);
		assert_int_equal(f->reply.text.len, 0);
		assert_int_equal(f->reply.usage.output_tokens, 0);
		assert_false(f->reply.error.present);
	}
	assert_int_equal(wire->read(&f->reply, BS_LIT("<html>"), NULL), BS_FORMAT);
	assert_int_equal(wire->read(&f->reply, BS_LIT(""), NULL), BS_FORMAT);
	size_t before = f->reply.skipped_events;
	wired_event(f, wire, "{broken");
	wired_event(f, wire, "[1]");
	assert_int_equal(f->reply.skipped_events, before + 2);
}

#endif
