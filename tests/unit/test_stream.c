// SPDX-License-Identifier: MIT
// core/llm/stream: the same events however the bytes were cut, and the ceiling of one.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/llm/stream.h"

// Writes down each event as "<name|data>".
static enum bs_status note(void *ctx, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	(void)err;
	bs_buf_addf(ctx, "<%.*s|%.*s>", BS_FMT(event), BS_FMT(data));
	return BS_OK;
}

// Feeds `text` in pieces that end at a and b, and returns what was noted.
static void read_in_pieces(struct bs_str text, size_t a, size_t b, struct bs_buf *notes)
{
	struct bs_stream stream;
	bs_buf_clear(notes);
	bs_stream_init(&stream, (struct bs_stream_sink){note, notes});
	assert_int_equal(bs_stream_feed(&stream, bs_str_sub(text, 0, a), NULL), BS_OK);
	assert_int_equal(bs_stream_feed(&stream, bs_str_sub(text, a, b - a), NULL), BS_OK);
	assert_int_equal(bs_stream_feed(&stream, bs_str_from(text, b), NULL), BS_OK);
	bs_stream_release(&stream);
}

static void assert_events(struct bs_str text, const char *expected)
{
	struct bs_buf notes;
	bs_buf_init(&notes, 10000);
	read_in_pieces(text, 0, text.len, &notes);
	assert_str(bs_buf_str(&notes), expected);
	bs_buf_release(&notes);
}

static void stream_reads_events_as_the_standard_says(void **state)
{
	(void)state;
	assert_events(BS_LIT("data: a\n\n"), "<|a>");
	assert_events(BS_LIT("data:a\ndata:  b\n\n"), "<|a\n b>");
	assert_events(BS_LIT("event: x\ndata: a\n\ndata: b\n\n"), "<x|a><|b>");
	assert_events(BS_LIT("event: x\nevent: y\ndata\n\n"), "<y|>");
	assert_events(BS_LIT(": ping\n\n:\n\n"), "");
	assert_events(BS_LIT("event: alone\n\ndata: a\n\n"), "<|a>");
	assert_events(BS_LIT("id: 1\nretry: 5\nother: z\ndata : no\ndata: a\n\n"), "<|a>");
	assert_events(BS_LIT("\n\n\ndata: a:b\n\n\n"), "<|a:b>");
	assert_events(BS_LIT("data: a\n\ndata: never ended\n"), "<|a>");
	assert_events(BS_LIT("data: a\n\ndata: never ended"), "<|a>");
}

static void stream_takes_every_line_end(void **state)
{
	(void)state;
	assert_events(BS_LIT("data: a\r\rdata: b\r\n\r\ndata: c\n\n"), "<|a><|b><|c>");
	assert_events(BS_LIT("data: a\r\ndata: b\r\n\r\n"), "<|a\nb>");
	assert_events(BS_LIT("data: a\n\r\n"), "<|a>");
	assert_events(BS_LIT("data: a\r\r\n"), "<|a>");
}

static void stream_skips_one_leading_mark_only(void **state)
{
	(void)state;
	assert_events(BS_LIT("\xEF\xBB\xBF"
			     "data: a\n\n"),
		"<|a>");
	assert_events(BS_LIT("\xEF\xBB\xBF\xEF\xBB\xBF"
			     "data: a\n\ndata: b\n\n"),
		"<|b>");
	assert_events(BS_LIT("data: a\n\n\xEF\xBB\xBF"
			     "data: b\n\n"),
		"<|a>");
}

static void stream_gives_the_same_events_for_every_cut(void **state)
{
	(void)state;
	struct bs_str text = BS_LIT("\xEF\xBB\xBF: hello\r\n\r\nevent: ping\rdata: {}\r\r\n"
				    "event: delta\r\ndata: one\r\ndata: two\r\n\r\n\n"
				    "data: [DONE]\n\ndata: \xC3\xA4\r\n\rdata: lost");
	struct bs_buf whole, pieces;
	bs_buf_init(&whole, 10000);
	bs_buf_init(&pieces, 10000);
	read_in_pieces(text, 0, text.len, &whole);
	assert_str(bs_buf_str(&whole), "<ping|{}><delta|one\ntwo><|[DONE]><|\xC3\xA4>");
	for (size_t a = 0; a <= text.len; a++)
		for (size_t b = a; b <= text.len; b++) {
			read_in_pieces(text, a, b, &pieces);
			assert_str(bs_buf_str(&pieces), whole.ptr);
		}
	bs_buf_release(&whole);
	bs_buf_release(&pieces);
}

static void stream_refuses_an_event_over_its_ceiling(void **state)
{
	(void)state;
	struct bs_buf notes, line;
	bs_buf_init(&notes, 100);
	bs_buf_init(&line, 1024);
	bs_buf_add_c(&line, "data: ");
	while (line.len < 1000)
		bs_buf_add_char(&line, 'x');
	bs_buf_add_char(&line, '\n');
	struct bs_stream stream;
	struct bs_err err = {0};
	enum bs_status status = BS_OK;
	bs_stream_init(&stream, (struct bs_stream_sink){note, &notes});
	size_t fed = 0;
	for (; status == BS_OK && fed < 2 * (size_t)BS_SSE_EVENT_BYTES_MAX; fed += line.len)
		status = bs_stream_feed(&stream, bs_buf_str(&line), &err);
	assert_int_equal(status, BS_LIMIT);
	assert_true(fed > BS_SSE_EVENT_BYTES_MAX / 2);
	bs_stream_release(&stream);
	// The same without a single line end.
	bs_stream_init(&stream, (struct bs_stream_sink){note, &notes});
	bs_buf_cut(&line, line.len - 1);
	for (status = BS_OK, fed = 0; status == BS_OK && fed < 2 * (size_t)BS_SSE_EVENT_BYTES_MAX;)
		fed += line.len, status = bs_stream_feed(&stream, bs_buf_str(&line), &err);
	assert_int_equal(status, BS_LIMIT);
	bs_stream_release(&stream);
	bs_buf_release(&line);
	bs_buf_release(&notes);
}

static enum bs_status refuse(void *ctx, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	(void)event, (void)data;
	++*(int *)ctx;
	return bs_fail(err, BS_FORMAT, "enough");
}

static void stream_ends_when_its_sink_has_enough(void **state)
{
	(void)state;
	int calls = 0;
	struct bs_stream stream;
	struct bs_err err = {0};
	bs_stream_init(&stream, (struct bs_stream_sink){refuse, &calls});
	assert_int_equal(
		bs_stream_feed(&stream, BS_LIT("data: a\n\ndata: b\n\n"), &err), BS_FORMAT);
	assert_string_equal(err.msg, "enough");
	assert_int_equal(calls, 1);
	bs_stream_release(&stream);
}

static void stream_reads_lines_where_there_are_no_events(void **state)
{
	(void)state;
	struct bs_stream stream;
	struct bs_buf notes;
	bs_buf_init(&notes, 10000);
	bs_stream_init(&stream, (struct bs_stream_sink){note, &notes});
	stream.lines = true;
	assert_int_equal(bs_stream_feed(&stream, BS_LIT("{\"a\":1}\n\r\n  \n{\"da"), NULL), BS_OK);
	assert_int_equal(bs_stream_feed(&stream, BS_LIT("ta: b\":2}\r\n{\"cut"), NULL), BS_OK);
	assert_str(bs_buf_str(&notes), "<|{\"a\":1}><|{\"data: b\":2}>");
	bs_stream_release(&stream);
	bs_buf_release(&notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stream_reads_lines_where_there_are_no_events),
		cmocka_unit_test(stream_reads_events_as_the_standard_says),
		cmocka_unit_test(stream_takes_every_line_end),
		cmocka_unit_test(stream_skips_one_leading_mark_only),
		cmocka_unit_test(stream_gives_the_same_events_for_every_cut),
		cmocka_unit_test(stream_refuses_an_event_over_its_ceiling),
		cmocka_unit_test(stream_ends_when_its_sink_has_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
