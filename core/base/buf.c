// SPDX-License-Identifier: MIT
// Growing text with a ceiling given at birth and a failure that sticks.
#include "core/base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_BYTES 256

void bs_buf_init(struct bs_buf *buf, size_t bytes_max)
{
	assert(bytes_max > 0 && bytes_max < SIZE_MAX);
	*buf = (struct bs_buf){.bytes_max = bytes_max};
}

void bs_buf_release(struct bs_buf *buf)
{
	if (!buf)
		return;
	free(buf->ptr);
	*buf = (struct bs_buf){.bytes_max = buf->bytes_max};
}

void bs_buf_wipe(struct bs_buf *buf)
{
	if (!buf)
		return;
	if (buf->ptr)
		explicit_bzero(buf->ptr, buf->cap);
	bs_buf_release(buf);
}

void bs_buf_clear(struct bs_buf *buf)
{
	buf->len = 0;
	buf->failed = BS_OK;
	if (buf->ptr)
		buf->ptr[0] = '\0';
}

// Room for `more` bytes and the NUL; grows by doubling, wiping what it leaves behind.
static bool reserve(struct bs_buf *buf, size_t more)
{
	if (buf->failed != BS_OK)
		return false;
	if (more > buf->bytes_max - buf->len) {
		buf->failed = BS_LIMIT;
		return false;
	}
	size_t need = buf->len + more + 1;
	if (need <= buf->cap)
		return true;
	size_t cap = buf->cap ? buf->cap : FIRST_BYTES;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	if (cap > buf->bytes_max + 1)
		cap = buf->bytes_max + 1;
	char *grown = malloc(cap);
	if (!grown) {
		buf->failed = BS_NOMEM;
		return false;
	}
	if (buf->ptr) {
		memcpy(grown, buf->ptr, buf->len + 1);
		explicit_bzero(buf->ptr, buf->len);
		free(buf->ptr);
	}
	buf->ptr = grown;
	buf->cap = cap;
	return true;
}

void bs_buf_add(struct bs_buf *buf, struct bs_str s)
{
	if (!reserve(buf, s.len))
		return;
	if (s.len)
		memcpy(buf->ptr + buf->len, s.ptr, s.len);
	buf->len += s.len;
	buf->ptr[buf->len] = '\0';
}

void bs_buf_add_c(struct bs_buf *buf, const char *text)
{
	bs_buf_add(buf, bs_str_c(text));
}

void bs_buf_add_char(struct bs_buf *buf, char c)
{
	bs_buf_add(buf, bs_str(&c, 1));
}

void bs_buf_addf(struct bs_buf *buf, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int need = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (need < 0) {
		buf->failed = BS_NOMEM;
	} else if (reserve(buf, (size_t)need)) {
		(void)vsnprintf(buf->ptr + buf->len, (size_t)need + 1, fmt, again);
		buf->len += (size_t)need;
	}
	va_end(again);
}

void bs_buf_cut(struct bs_buf *buf, size_t len)
{
	assert(len <= buf->len);
	buf->len = len;
	if (buf->ptr)
		buf->ptr[len] = '\0';
}

enum bs_status bs_buf_status(const struct bs_buf *buf, const char *what, struct bs_err *err)
{
	if (buf->failed == BS_LIMIT)
		return bs_fail(err, BS_LIMIT, "%s: more than %zu bytes", what, buf->bytes_max);
	if (buf->failed != BS_OK)
		return bs_fail_nomem(err);
	return BS_OK;
}
