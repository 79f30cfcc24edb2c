// SPDX-License-Identifier: MIT
// Server-sent events: lines out of bytes, fields out of lines, events out of fields.
#include "core/llm/stream.h"

void bs_stream_init(struct bs_stream *stream, struct bs_stream_sink sink)
{
	*stream = (struct bs_stream){.sink = sink};
	bs_buf_init(&stream->line, BS_SSE_EVENT_BYTES_MAX);
	bs_buf_init(&stream->event, BS_SSE_EVENT_BYTES_MAX);
	bs_buf_init(&stream->data, BS_SSE_EVENT_BYTES_MAX);
}

void bs_stream_release(struct bs_stream *stream)
{
	if (!stream)
		return;
	bs_buf_release(&stream->line);
	bs_buf_release(&stream->event);
	bs_buf_release(&stream->data);
}

// An empty line: what was gathered is an event, if there was data in it.
static enum bs_status dispatch(struct bs_stream *stream, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	if (stream->data.len > 0) {
		bs_buf_cut(&stream->data, stream->data.len - 1); // the last line's own end
		status = stream->sink.take(stream->sink.ctx, bs_buf_str(&stream->event),
			bs_buf_str(&stream->data), err);
	}
	bs_buf_clear(&stream->event);
	bs_buf_clear(&stream->data);
	return status;
}

static enum bs_status take_field(struct bs_stream *stream, struct bs_str line, struct bs_err *err)
{
	size_t colon = bs_str_find_char(line, ':');
	struct bs_str name = bs_str_sub(line, 0, colon);
	struct bs_str value = colon == SIZE_MAX ? bs_str("", 0) : bs_str_from(line, colon + 1);
	if (bs_str_starts(value, BS_LIT(" ")))
		value = bs_str_from(value, 1);
	if (bs_str_eq(name, BS_LIT("data"))) {
		bs_buf_add(&stream->data, value);
		bs_buf_add_char(&stream->data, '\n');
		return bs_buf_status(&stream->data, "an event of the stream", err);
	}
	if (bs_str_eq(name, BS_LIT("event"))) {
		bs_buf_clear(&stream->event);
		bs_buf_add(&stream->event, value);
		return bs_buf_status(&stream->event, "an event of the stream", err);
	}
	return BS_OK;
}

// The line in stream->line is complete.
static enum bs_status take_line(struct bs_stream *stream, struct bs_err *err)
{
	struct bs_str line = bs_buf_str(&stream->line);
	if (!stream->begun && bs_str_starts(line, BS_LIT("\xEF\xBB\xBF")))
		line = bs_str_from(line, 3);
	stream->begun = true;
	enum bs_status status;
	if (stream->lines)
		status = bs_str_trim(line).len == 0
				 ? BS_OK
				 : stream->sink.take(stream->sink.ctx, bs_str("", 0), line, err);
	else if (line.len == 0)
		status = dispatch(stream, err);
	else
		status = take_field(stream, line, err);
	bs_buf_clear(&stream->line);
	return status;
}

enum bs_status bs_stream_feed(struct bs_stream *stream, struct bs_str bytes, struct bs_err *err)
{
	size_t i = 0;
	while (i < bytes.len) {
		if (stream->after_cr && bytes.ptr[i] == '\n')
			i++;
		stream->after_cr = false;
		size_t end = i;
		while (end < bytes.len && bytes.ptr[end] != '\n' && bytes.ptr[end] != '\r')
			end++;
		bs_buf_add(&stream->line, bs_str_sub(bytes, i, end - i));
		enum bs_status status = bs_buf_status(&stream->line, "a line of the stream", err);
		if (status == BS_OK && end < bytes.len)
			status = take_line(stream, err);
		if (status != BS_OK)
			return status;
		stream->after_cr = end < bytes.len && bytes.ptr[end] == '\r';
		i = end + 1;
	}
	return BS_OK;
}
