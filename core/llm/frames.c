// SPDX-License-Identifier: MIT
// AWS's binary event stream: messages out of bytes, kinds out of their headers.
#include "core/llm/frames.h"

#include "core/base/crc.h"

#define PRELUDE_BYTES 12
#define CRC_BYTES 4

void bs_frames_init(struct bs_frames *frames, struct bs_stream_sink sink)
{
	*frames = (struct bs_frames){.sink = sink};
	bs_buf_init(&frames->message, BS_SSE_EVENT_BYTES_MAX);
}

void bs_frames_release(struct bs_frames *frames)
{
	if (frames)
		bs_buf_release(&frames->message);
}

static uint32_t number_at(struct bs_str bytes, size_t at)
{
	uint32_t number = 0;
	for (size_t i = 0; i < 4; i++)
		number = number << 8 | (unsigned char)bytes.ptr[at + i];
	return number;
}

// How many bytes the value of a header of that type has; SIZE_MAX: the next two bytes say it.
static bool value_bytes(unsigned type, size_t *ret_bytes)
{
	static const size_t sizes[] = {0, 0, 1, 2, 4, 8, SIZE_MAX, SIZE_MAX, 8, 16};
	if (type >= sizeof(sizes) / sizeof(sizes[0]))
		return false;
	*ret_bytes = sizes[type];
	return true;
}

// Takes one header off the front of *rest. False: it is broken.
static bool take_header(struct bs_str *rest, struct bs_str *ret_name, struct bs_str *ret_value)
{
	struct bs_str left = *rest;
	size_t name_len = left.len ? (unsigned char)left.ptr[0] : 0, len = 0;
	if (left.len < name_len + 2)
		return false;
	*ret_name = bs_str_sub(left, 1, name_len);
	unsigned type = (unsigned char)left.ptr[1 + name_len];
	left = bs_str_from(left, name_len + 2);
	if (!value_bytes(type, &len))
		return false;
	if (len == SIZE_MAX) {
		if (left.len < 2)
			return false;
		len = (size_t)(unsigned char)left.ptr[0] << 8 | (unsigned char)left.ptr[1];
		left = bs_str_from(left, 2);
	}
	if (left.len < len)
		return false;
	*ret_value = bs_str_sub(left, 0, len);
	*rest = bs_str_from(left, len);
	return true;
}

// What the message is: an event, an exception or an error, by the name of its kind.
static bool kind_of(struct bs_str headers, struct bs_str *ret_kind)
{
	static const char *const names[] = {":event-type", ":exception-type", ":error-code"};
	struct bs_str name, value;
	*ret_kind = bs_str("", 0);
	while (headers.len) {
		if (!take_header(&headers, &name, &value))
			return false;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (bs_str_eq_c(name, names[i]))
				*ret_kind = value;
	}
	return true;
}

static enum bs_status take_message(
	struct bs_frames *frames, struct bs_str message, struct bs_err *err)
{
	struct bs_str kind;
	size_t headers_len = number_at(message, 4), end = message.len - CRC_BYTES;
	struct bs_str headers = bs_str_sub(message, PRELUDE_BYTES, headers_len);
	if (bs_crc32(bs_str_sub(message, 0, end)) != number_at(message, end) ||
		!kind_of(headers, &kind))
		return bs_fail(err, BS_FORMAT, "the event stream is broken");
	size_t from = PRELUDE_BYTES + headers_len;
	return frames->sink.take(
		frames->sink.ctx, kind, bs_str_sub(message, from, end - from), err);
}

// The length of the message that begins there; 0: its prelude is not whole yet.
static enum bs_status measure(struct bs_str bytes, size_t *ret_len, struct bs_err *err)
{
	*ret_len = 0;
	if (bytes.len < PRELUDE_BYTES)
		return BS_OK;
	size_t len = number_at(bytes, 0), headers_len = number_at(bytes, 4);
	if (bs_crc32(bs_str_sub(bytes, 0, 8)) != number_at(bytes, 8) ||
		len < PRELUDE_BYTES + CRC_BYTES || headers_len > len - PRELUDE_BYTES - CRC_BYTES)
		return bs_fail(err, BS_FORMAT, "the event stream is broken");
	if (len > BS_SSE_EVENT_BYTES_MAX)
		return bs_fail(err, BS_LIMIT, "an event of the stream has more than %d bytes",
			BS_SSE_EVENT_BYTES_MAX);
	*ret_len = len;
	return BS_OK;
}

enum bs_status bs_frames_feed(struct bs_frames *frames, struct bs_str bytes, struct bs_err *err)
{
	struct bs_buf *message = &frames->message;
	while (bytes.len > 0) {
		size_t len = 0;
		enum bs_status status = measure(bs_buf_str(message), &len, err);
		size_t wanted = (len ? len : PRELUDE_BYTES) - message->len;
		if (status == BS_OK) {
			bs_buf_add(message, bs_str_sub(bytes, 0, wanted));
			bytes = bs_str_from(bytes, wanted < bytes.len ? wanted : bytes.len);
			status = bs_buf_status(message, "an event of the stream", err);
		}
		if (status == BS_OK)
			status = measure(bs_buf_str(message), &len, err);
		if (status == BS_OK && len && message->len == len) {
			status = take_message(frames, bs_buf_str(message), err);
			bs_buf_clear(message);
		}
		if (status != BS_OK)
			return status;
	}
	return BS_OK;
}
