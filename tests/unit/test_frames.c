// SPDX-License-Identifier: MIT
// core/llm/frames, core/base/crc: AWS's binary event stream, cut anywhere, and broken.
#include "tests/unit/unit.h"

#include "core/base/crc.h"
#include "core/llm/frames.h"

struct seen {
	struct bs_buf text; // "kind=payload;" of each message
};

static enum bs_status take(void *ctx, struct bs_str kind, struct bs_str data, struct bs_err *err)
{
	struct seen *seen = ctx;
	(void)err;
	bs_buf_addf(&seen->text, "%.*s=%.*s;", BS_FMT(kind), BS_FMT(data));
	return BS_OK;
}

static enum bs_status feed(struct seen *seen, struct bs_str bytes, size_t piece, struct bs_err *err)
{
	struct bs_frames frames;
	enum bs_status status = BS_OK;
	bs_buf_clear(&seen->text);
	bs_frames_init(&frames, (struct bs_stream_sink){take, seen});
	for (size_t at = 0; at < bytes.len && status == BS_OK; at += piece)
		status = bs_frames_feed(&frames, bs_str_sub(bytes, at, piece), err);
	bs_frames_release(&frames);
	return status;
}

// Two of AWS's test vectors: nothing at all, and a payload without headers.
static const char vectors[] =
	"\x00\x00\x00\x10\x00\x00\x00\x00\x05\xc2\x48\xeb\x7d\x98\xc8\xff"
	"\x00\x00\x00\x1d\x00\x00\x00\x00\xfd\x52\x8c\x5a{'foo':'bar'}\xc3\x65\x39\x36";
// ":event-type" (a string) after one header of every other type.
static const char headers[] = "\x01"
			      "a\x00"
			      "\x01"
			      "b\x01"
			      "\x01"
			      "c\x02x"
			      "\x01"
			      "d\x03xx"
			      "\x01"
			      "e\x04xxxx"
			      "\x01"
			      "f\x05xxxxxxxx"
			      "\x01"
			      "g\x06\x00\x03xyz"
			      "\x01"
			      "h\x08xxxxxxxx"
			      "\x01"
			      "i\x09xxxxxxxxxxxxxxxx"
			      "\x0b:event-type\x07\x00\x08metadata";

static void put(struct bs_buf *out, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		bs_buf_add_char(out, (char)(unsigned char)(number >> shift));
}

static void put_message(struct bs_buf *out, struct bs_str head, struct bs_str payload)
{
	size_t from = out->len;
	put(out, (uint32_t)(16 + head.len + payload.len));
	put(out, (uint32_t)head.len);
	put(out, bs_crc32(bs_str_from(bs_buf_str(out), from)));
	bs_buf_add(out, head);
	bs_buf_add(out, payload);
	put(out, bs_crc32(bs_str_from(bs_buf_str(out), from)));
}

static void crc32_is_the_usual_one(void **state)
{
	(void)state;
	assert_int_equal(bs_crc32(BS_LIT("123456789")), 0xCBF43926);
	assert_int_equal(bs_crc32(BS_LIT("")), 0);
}

static void frames_reads_messages_cut_anywhere(void **state)
{
	(void)state;
	struct seen seen;
	struct bs_buf bytes;
	bs_buf_init(&seen.text, 10000);
	bs_buf_init(&bytes, 10000);
	bs_buf_add(&bytes, bs_str(vectors, sizeof(vectors) - 1));
	put_message(&bytes, bs_str(headers, sizeof(headers) - 1), BS_LIT("{\"usage\":{}}"));
	for (size_t piece = 1; piece <= bytes.len; piece++) {
		assert_int_equal(feed(&seen, bs_buf_str(&bytes), piece, NULL), BS_OK);
		assert_str(bs_buf_str(&seen.text), "=;={'foo':'bar'};metadata={\"usage\":{}};");
	}
	// what is not whole was never sent
	assert_int_equal(feed(&seen, bs_str(bytes.ptr, bytes.len - 1), 7, NULL), BS_OK);
	assert_str(bs_buf_str(&seen.text), "=;={'foo':'bar'};");
	bs_buf_release(&bytes);
	bs_buf_release(&seen.text);
}

static void frames_refuses_every_broken_byte(void **state)
{
	(void)state;
	struct seen seen;
	struct bs_buf bytes;
	struct bs_err err = {0};
	bs_buf_init(&seen.text, 10000);
	bs_buf_init(&bytes, 10000);
	put_message(&bytes, bs_str(headers, sizeof(headers) - 1), BS_LIT("{}"));
	for (size_t i = 0; i < bytes.len; i++) {
		bytes.ptr[i] ^= 4;
		assert_int_equal(feed(&seen, bs_buf_str(&bytes), 11, &err), BS_FORMAT);
		assert_string_equal(err.msg, "the event stream is broken");
		assert_int_equal(seen.text.len, 0);
		bytes.ptr[i] ^= 4;
	}
	bs_buf_release(&bytes);
	bs_buf_release(&seen.text);
}

static void frames_refuses_headers_and_lengths_that_do_not_hold(void **state)
{
	(void)state;
	static const struct bs_str heads[] = {{"\x05"
					       "a",
						      2},
		{"\x01"
		 "a",
			2},
		{"\x01"
		 "a\x0a",
			3},
		{"\x01"
		 "a\x04xx",
			5},
		{"\x01"
		 "a\x07\x00",
			4},
		{"\x01"
		 "a\x07\x00\x09x",
			6}};
	struct seen seen;
	struct bs_buf bytes;
	bs_buf_init(&seen.text, 10000);
	bs_buf_init(&bytes, 10000);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		bs_buf_clear(&bytes);
		put_message(&bytes, heads[i], BS_LIT(""));
		assert_int_equal(feed(&seen, bs_buf_str(&bytes), 100, NULL), BS_FORMAT);
	}
	static const uint32_t lengths[][2] = {{15, 0}, {0, 0}, {20, 5}, {20, UINT32_MAX}};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		bs_buf_clear(&bytes);
		put(&bytes, lengths[i][0]);
		put(&bytes, lengths[i][1]);
		put(&bytes, bs_crc32(bs_buf_str(&bytes)));
		assert_int_equal(feed(&seen, bs_buf_str(&bytes), 100, NULL), BS_FORMAT);
	}
	bs_buf_clear(&bytes);
	put(&bytes, BS_SSE_EVENT_BYTES_MAX + 1);
	put(&bytes, 0);
	put(&bytes, bs_crc32(bs_buf_str(&bytes)));
	assert_int_equal(feed(&seen, bs_buf_str(&bytes), 100, NULL), BS_LIMIT);
	bs_buf_release(&bytes);
	bs_buf_release(&seen.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc32_is_the_usual_one),
		cmocka_unit_test(frames_reads_messages_cut_anywhere),
		cmocka_unit_test(frames_refuses_every_broken_byte),
		cmocka_unit_test(frames_refuses_headers_and_lengths_that_do_not_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
