// SPDX-License-Identifier: MIT
// core/llm/stream with the wire formats: the same reply however its bytes are cut, whatever its
// lines end with and whatever is said between events; and never an answer out of a part of one.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/llm/classify.h"
#include "core/llm/stream.h"

#define TEXT "{\"a\":\"\xC3\xA9\xE2\x82\xAC\"}" // as it must come out

static const struct recorded {
	const char *name;
	const struct bs_wire *wire;
	const char *finish; // says that the answer is complete; not before it is anything accepted
	bool is_lines;
	bool has_sentinel; // behind it
	const char *stream;
} recorded[] = {
	{"openai", &bs_wire_openai, "\"finish_reason\":\"stop\"", false, true,
		"data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
		"\"finish_reason\":null}]}\n\n"
		"data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"a\\\"\"}}]}\n\n"
		"data: {\"choices\":[{\"delta\":{\"content\":\":\\\"\xC3\xA9\\u20ac\\\"\"}}]}\n\n"
		"data: {\"choices\":[{\"delta\":{\"content\":\"}\"},\"finish_reason\":null}]}\n\n"
		"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
		"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}\n\n"
		"data: [DONE]\n\n"},
	{"anthropic", &bs_wire_anthropic, "\"stop_reason\":\"end_turn\"", false, true,
		"event: message_start\n"
		"data: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"stop_reason\":null,"
		"\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n"
		"event: content_block_start\n"
		"data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
		"\"text\":\"\"}}\n\n"
		"event: content_block_delta\n"
		"data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":"
		"\"{\\\"a\\\"\"}}\n\n"
		"event: content_block_delta\n"
		"data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":"
		"\":\\\"\xC3\xA9\\u20ac\\\"}\"}}\n\n"
		"event: content_block_stop\n"
		"data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
		"event: message_delta\n"
		"data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
		"\"usage\":{\"output_tokens\":6}}\n\n"
		"event: message_stop\n"
		"data: {\"type\":\"message_stop\"}\n\n"},
	{"gemini", &bs_wire_gemini, "\"finishReason\":\"STOP\"", false, false,
		"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"{\\\"a\\\"\"}]}}],"
		"\"modelVersion\":\"m\"}\n\n"
		"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\":\\\"\xC3\xA9\\u20ac\\\"}\"}]},"
		"\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":5,"
		"\"candidatesTokenCount\":6}}\n\n"},
	{"ollama", &bs_wire_ollama, "\"done_reason\":\"stop\"", true, false,
		"{\"model\":\"m\",\"message\":{\"content\":\"{\\\"a\\\"\"},\"done\":false}\n"
		"{\"message\":{\"content\":\":\\\"\xC3\xA9\\u20ac\\\"}\"},\"done\":false}\n"
		"{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\","
		"\"prompt_eval_count\":5,\"eval_count\":6}\n"},
};
#define RECORDED (sizeof(recorded) / sizeof(recorded[0]))

// --- reading

struct reading {
	const struct recorded *recorded;
	struct bs_arena arena;
	struct bs_reply reply;
	struct bs_stream stream;
	size_t events;
	uint64_t content_bytes_before_finish;
};

static enum bs_status take(void *ctx, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	struct reading *r = ctx;
	r->events++;
	return r->recorded->wire->read_event(&r->reply, event, data, err);
}

static void begin(struct reading *r, const struct recorded *what)
{
	*r = (struct reading){.recorded = what};
	bs_arena_init(&r->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_reply_init(&r->reply, &r->arena);
	bs_stream_init(&r->stream, (struct bs_stream_sink){take, r});
	r->stream.lines = what->is_lines;
}

static void feed(struct reading *r, struct bs_str bytes)
{
	assert_int_equal(bs_stream_feed(&r->stream, bytes, NULL), BS_OK);
}

static void end(struct reading *r)
{
	bs_stream_release(&r->stream);
	bs_reply_release(&r->reply);
	bs_arena_release(&r->arena);
}

static enum bs_outcome judge(struct reading *r, enum bs_transport transport)
{
	const struct bs_exchange exchange = {
		.transport = transport, .http_status = 200, .reply = &r->reply};
	return bs_classify(&exchange, &r->arena).outcome;
}

// All of it has come, whatever the pieces.
static void hold_whole(struct reading *r)
{
	const struct bs_reply *reply = &r->reply;
	assert_true(bs_str_eq(bs_buf_str(&reply->text), BS_LIT(TEXT)));
	assert_int_equal(reply->stop, BS_STOP_COMPLETE);
	assert_true(reply->saw_finish);
	assert_int_equal(reply->skipped_events, 0);
	assert_int_equal(reply->usage.input_tokens, 5);
	assert_int_equal(reply->usage.output_tokens, 6);
	assert_true(bs_str_eq_c(reply->model, "m"));
	assert_false(reply->error.present);
	assert_int_equal(judge(r, BS_TRANSPORT_DONE), BS_OUTCOME_OK);
	if (r->recorded->has_sentinel)
		assert_true(reply->saw_sentinel);
}

// In two pieces, at every byte; and a byte at a time.
static void hold_all_cuts(const struct recorded *what, struct bs_str stream)
{
	struct reading r;
	for (size_t at = 0; at <= stream.len; at++) {
		begin(&r, what);
		feed(&r, bs_str_sub(stream, 0, at));
		feed(&r, bs_str_from(stream, at));
		hold_whole(&r);
		end(&r);
	}
	begin(&r, what);
	for (size_t at = 0; at < stream.len; at++)
		feed(&r, bs_str_sub(stream, at, 1));
	hold_whole(&r);
	end(&r);
}

// --- the same stream, written otherwise

// With `eol` at the end of each line; NULL: all three in turn.
static void write_with(const char *stream, const char *eol, struct bs_buf *out)
{
	static const char *const all[] = {"\n", "\r\n", "\r"};
	unsigned line = 0;
	for (const char *c = stream; *c; c++) {
		if (*c != '\n')
			bs_buf_add_char(out, *c);
		else if (eol)
			bs_buf_add_c(out, eol);
		else // an empty line of CR and one of LF would be one
			bs_buf_add_c(out, all[line++ / 2 % 3]);
	}
}

// With `said` before each event and after the last one.
static void write_between(const char *stream, const char *said, struct bs_buf *out)
{
	bs_buf_add_c(out, said);
	for (struct bs_str rest = bs_str_c(stream); rest.len;) {
		size_t end = bs_str_find(rest, BS_LIT("\n\n"));
		bs_buf_add(out, bs_str_sub(rest, 0, end + 2));
		bs_buf_add_c(out, said);
		rest = bs_str_from(rest, end + 2);
	}
}

static void a_stream_is_the_same_cut_at_every_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < RECORDED; i++)
		hold_all_cuts(&recorded[i], bs_str_c(recorded[i].stream));
}

static void a_stream_is_the_same_with_every_line_end(void **state)
{
	(void)state;
	static const char *const eols[] = {"\r\n", "\r", NULL};
	for (size_t i = 0; i < RECORDED; i++)
		for (size_t e = 0; e < sizeof(eols) / sizeof(eols[0]); e++) {
			struct bs_buf text;
			bs_buf_init(&text, BS_SSE_EVENT_BYTES_MAX);
			write_with(recorded[i].stream, eols[e], &text);
			hold_all_cuts(&recorded[i], bs_buf_str(&text));
			bs_buf_release(&text);
		}
}

static void what_is_said_between_events_is_no_content(void **state)
{
	(void)state;
	static const char *const said[] = {
		": ping\n\n",
		":\n\n",
		": OPENROUTER PROCESSING\n\n",
		"\n\n\n",
		"event: ping\ndata: {\"type\":\"ping\"}\n\n",
		"id: 7\nretry: 100\n\n",
		"event: nothing\n\n",
		"unheard-of: field\n\n",
		"no colon\n\n",
		": ping\r\r",
		": ping\r\n\r\n",
	};
	for (size_t i = 0; i < RECORDED; i++)
		for (size_t k = 0; k < sizeof(said) / sizeof(said[0]) && !recorded[i].is_lines;
			k++) {
			struct reading r;
			struct bs_buf text;
			bs_buf_init(&text, BS_SSE_EVENT_BYTES_MAX);
			write_between(recorded[i].stream, said[k], &text);
			hold_all_cuts(&recorded[i], bs_buf_str(&text));
			begin(&r, &recorded[i]);
			for (unsigned n = 0; n < 500; n++)
				feed(&r, bs_str_c(said[k]));
			assert_int_equal(r.reply.content_bytes + r.reply.thinking_bytes, 0);
			assert_int_not_equal(judge(&r, BS_TRANSPORT_DONE), BS_OUTCOME_OK);
			assert_int_equal(judge(&r, BS_TRANSPORT_TIMEOUT), BS_OUTCOME_TIMEOUT);
			end(&r);
			bs_buf_release(&text);
		}
}

// --- parts of a stream

static size_t place_of(const struct recorded *what, const char *text)
{
	size_t at = bs_str_find(bs_str_c(what->stream), bs_str_c(text));
	assert_true(at != SIZE_MAX);
	return at;
}

static void no_part_of_a_stream_is_an_answer(void **state)
{
	(void)state;
	static const enum bs_transport ends[] = {
		BS_TRANSPORT_DONE, BS_TRANSPORT_CUT, BS_TRANSPORT_TIMEOUT};
	for (size_t i = 0; i < RECORDED; i++) {
		const struct recorded *what = &recorded[i];
		struct bs_str stream = bs_str_c(what->stream);
		size_t finish = place_of(what, what->finish) + strlen(what->finish);
		for (size_t at = 0; at <= stream.len; at++)
			for (size_t e = 0; e < sizeof(ends) / sizeof(ends[0]); e++) {
				struct reading r;
				begin(&r, what);
				feed(&r, bs_str_sub(stream, 0, at));
				enum bs_outcome outcome = judge(&r, ends[e]);
				if (at <= finish)
					assert_int_not_equal(outcome, BS_OUTCOME_OK);
				if (outcome == BS_OUTCOME_OK)
					assert_true(
						bs_str_eq(bs_buf_str(&r.reply.text), BS_LIT(TEXT)));
				else if (ends[e] == BS_TRANSPORT_DONE)
					assert_true(outcome == BS_OUTCOME_CUT ||
						    outcome == BS_OUTCOME_EMPTY);
				else
					assert_int_equal(outcome, ends[e] == BS_TRANSPORT_CUT
									  ? BS_OUTCOME_CUT
									  : BS_OUTCOME_TIMEOUT);
				end(&r);
			}
	}
}

static void an_end_without_its_sentinel_is_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < RECORDED; i++) {
		struct reading r;
		const struct recorded *what = &recorded[i];
		struct bs_str stream = bs_str_c(what->stream);
		size_t finish = place_of(what, what->finish);
		size_t line = bs_str_find(bs_str_from(stream, finish), BS_LIT("\n"));
		begin(&r, what);
		feed(&r, bs_str_sub(stream, 0, finish + line));
		feed(&r, BS_LIT("\n\n"));
		assert_true(what->is_lines || !r.reply.saw_sentinel);
		assert_int_equal(judge(&r, BS_TRANSPORT_CUT), BS_OUTCOME_OK);
		assert_int_equal(judge(&r, BS_TRANSPORT_DONE), BS_OUTCOME_OK);
		end(&r);
	}
}

// An error after every event: never an answer, also when the finish had been seen.
static void an_error_in_mid_stream_is_an_error(void **state)
{
	(void)state;
	static const char *const errors[] = {
		("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
		 "\"message\":\"Overloaded\"}}\n\n"),
		"data: {\"error\":{\"message\":\"boom\",\"code\":502}}\n\n",
		"data: {\"error\":\"boom\"}\n\n",
	};
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < sizeof(errors) / sizeof(errors[0]); k++) {
			struct bs_str stream = bs_str_c(recorded[i].stream);
			size_t finish = place_of(&recorded[i], recorded[i].finish);
			size_t from = 0, end_at;
			while ((end_at = bs_str_find(bs_str_from(stream, from), BS_LIT("\n\n"))) !=
				SIZE_MAX) {
				struct reading r;
				from += end_at + 2;
				if (from > finish)
					break;
				begin(&r, &recorded[i]);
				feed(&r, bs_str_sub(stream, 0, from));
				feed(&r, bs_str_c(errors[k]));
				assert_true(r.reply.error.present);
				enum bs_outcome outcome = judge(&r, BS_TRANSPORT_DONE);
				assert_true(outcome == BS_OUTCOME_OVERLOADED ||
					    outcome == BS_OUTCOME_SERVER_ERROR ||
					    outcome == BS_OUTCOME_ERROR_IN_BODY);
				end(&r);
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_is_the_same_cut_at_every_byte),
		cmocka_unit_test(a_stream_is_the_same_with_every_line_end),
		cmocka_unit_test(what_is_said_between_events_is_no_content),
		cmocka_unit_test(no_part_of_a_stream_is_an_answer),
		cmocka_unit_test(an_end_without_its_sentinel_is_complete),
		cmocka_unit_test(an_error_in_mid_stream_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
