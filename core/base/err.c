// SPDX-License-Identifier: MIT
// Failures: fills struct bs_err and passes the status through.
#include "core/base/err.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *bs_status_words(enum bs_status status)
{
	switch (status) {
#define X(name, words) \
	case name:     \
		return words;
		BS_STATUSES(X)
#undef X
	}
	return "unknown status";
}

// Messages may quote outside bytes (a key of a file, a path): nothing in them ends a line, opens a
// group in a job's log or is obeyed by a terminal. C0, DEL and C1 (C2 80 to C2 9F in UTF-8) become
// '?'.
static void make_inert(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c; c++) {
		if (*c < 0x20 || *c == 0x7F)
			*c = '?';
		else if (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0)
			*c = c[1] = '?';
	}
}

enum bs_status bs_vfail(struct bs_err *err, enum bs_status status, const char *fmt, va_list args)
{
	assert(status != BS_OK);
	if (err) {
		err->status = status;
		(void)vsnprintf(err->msg, sizeof(err->msg), fmt, args);
		make_inert(err->msg);
	}
	return status;
}

enum bs_status bs_fail(struct bs_err *err, enum bs_status status, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	(void)bs_vfail(err, status, fmt, args);
	va_end(args);
	return status;
}

enum bs_status bs_fail_in(struct bs_err *err, const char *prefix)
{
	char old[BS_ERR_MSG_BYTES];
	assert(err);
	memcpy(old, err->msg, sizeof(old));
	old[sizeof(old) - 1] = '\0';
	int n = snprintf(err->msg, sizeof(err->msg), "%s: ", prefix);
	size_t used = n < 0 ? 0 : (size_t)n;
	if (used < sizeof(err->msg))
		(void)snprintf(err->msg + used, sizeof(err->msg) - used, "%s", old);
	return err->status;
}

enum bs_status bs_fail_nomem(struct bs_err *err)
{
	return bs_fail(err, BS_NOMEM, "out of memory");
}
