// SPDX-License-Identifier: MIT
// Growing text with a ceiling given at birth; a failure sticks and is asked for once, at the end.
#ifndef BS_BASE_BUF_H
#define BS_BASE_BUF_H

#include "core/base/err.h"
#include "core/base/str.h"

struct bs_buf {
	char *ptr; // NUL-terminated whenever not NULL
	size_t len;
	size_t cap;
	size_t bytes_max;
	enum bs_status failed; // BS_OK, BS_NOMEM or BS_LIMIT; once set nothing more is added
};

void bs_buf_init(struct bs_buf *buf, size_t bytes_max);
// Accepts NULL and a zeroed buffer; the buffer keeps its ceiling and may be used again.
void bs_buf_release(struct bs_buf *buf);
// The same, after overwriting the bytes: for whatever held a secret.
void bs_buf_wipe(struct bs_buf *buf);
// Empties it and forgets a failure; keeps the memory.
void bs_buf_clear(struct bs_buf *buf);

void bs_buf_add(struct bs_buf *buf, struct bs_str s);
void bs_buf_add_c(struct bs_buf *buf, const char *text);
void bs_buf_add_char(struct bs_buf *buf, char c);
void bs_buf_addf(struct bs_buf *buf, const char *fmt, ...) BS_PRINTF(2, 3);
// Shortens to len bytes; len must not be more than there is.
void bs_buf_cut(struct bs_buf *buf, size_t len);

static inline struct bs_str bs_buf_str(const struct bs_buf *buf)
{
	return bs_str(buf->ptr ? buf->ptr : "", buf->len);
}

// BS_OK when everything that was added is there. `what` names the text in the message.
enum bs_status bs_buf_status(
	const struct bs_buf *buf, const char *what, struct bs_err *err) BS_MUST_USE;

#endif
