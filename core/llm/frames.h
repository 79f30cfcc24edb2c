// SPDX-License-Identifier: MIT
// AWS's binary event stream: bytes cut anywhere → messages, each with a kind and a payload.
//
// Source: AWS, "application/vnd.amazon.eventstream": total length, length of headers, CRC of these
// eight bytes; headers; payload; CRC of all before it. Numbers are big-endian, 32 bits.
#ifndef BS_LLM_FRAMES_H
#define BS_LLM_FRAMES_H

#include "core/llm/stream.h"

struct bs_frames {
	struct bs_stream_sink sink; // `event`: the kind of event, exception or error
	struct bs_buf message;      // the beginning of one whose end has not come
};

void bs_frames_init(struct bs_frames *frames, struct bs_stream_sink sink);
// Accepts NULL and zeroed frames.
void bs_frames_release(struct bs_frames *frames);

// Takes the next bytes and calls the sink for each message that they complete. BS_FORMAT: lengths,
// checksums or headers do not hold. BS_LIMIT: a message over BS_SSE_EVENT_BYTES_MAX. What the sink
// returns is passed on.
enum bs_status bs_frames_feed(
	struct bs_frames *frames, struct bs_str bytes, struct bs_err *err) BS_MUST_USE;

#endif
