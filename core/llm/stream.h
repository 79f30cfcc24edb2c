// SPDX-License-Identifier: MIT
// Server-sent events, or a JSON text a line: bytes of a stream, cut anywhere, → events.
//
// Source: WHATWG HTML, "9.2.6 Interpreting an event stream": lines end with LF, CRLF or CR; one
// byte order mark may lead; a line that begins with a colon is a comment; several data lines are
// one event; an event that no empty line ended was never sent. id and retry mean nothing here.
#ifndef BS_LLM_STREAM_H
#define BS_LLM_STREAM_H

#include "core/base/buf.h"

// `event` is empty unless the stream named it. A status other than BS_OK ends the reading.
struct bs_stream_sink {
	enum bs_status (*take)(
		void *ctx, struct bs_str event, struct bs_str data, struct bs_err *err);
	void *ctx;
};

struct bs_stream {
	struct bs_stream_sink sink;
	struct bs_buf line;  // the beginning of a line whose end has not come
	struct bs_buf event; // of the event that is being gathered
	struct bs_buf data;
	bool lines;    // set after bs_stream_init: each line is an event by itself
	bool after_cr; // a LF now belongs to the CR before it
	bool begun;    // the first line, which may hold the mark, is behind us
};

void bs_stream_init(struct bs_stream *stream, struct bs_stream_sink sink);
// Accepts NULL and a zeroed stream.
void bs_stream_release(struct bs_stream *stream);

// Takes the next bytes and calls the sink for each event that they complete. BS_LIMIT: an event
// over BS_SSE_EVENT_BYTES_MAX. What the sink returns is passed on.
enum bs_status bs_stream_feed(
	struct bs_stream *stream, struct bs_str bytes, struct bs_err *err) BS_MUST_USE;

#endif
