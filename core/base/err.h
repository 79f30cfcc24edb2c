// SPDX-License-Identifier: MIT
// Failures: a status chosen by what the caller should do about it, and one line to print.
//
// A bug is an assert. A failure is a status with a message. A finding (no rule matched, the model
// declined) is an ordinary result. `err` is the last parameter, may be NULL, is untouched on
// success; outputs are untouched on failure.
#ifndef BS_BASE_ERR_H
#define BS_BASE_ERR_H

#include <stdarg.h>

#include "core/base/limits.h"

#define BS_MUST_USE __attribute__((warn_unused_result))
#define BS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#define BS_STATUSES(X)                                                                        \
	X(BS_OK, "ok")                                                                        \
	X(BS_NOMEM, "out of memory")        /* give up quietly and honestly */                \
	X(BS_USAGE, "wrong use")            /* tell the user what to type; exit 2 */          \
	X(BS_INPUT, "unreadable input")     /* the log cannot be read; exit 1 */              \
	X(BS_EMPTY, "nothing to summarise") /* the log holds nothing; exit 3 */               \
	X(BS_LIMIT, "limit exceeded")       /* outside bytes hit a ceiling */                 \
	X(BS_FORMAT, "malformed")           /* outside bytes are not what they claim to be */ \
	X(BS_SYSTEM, "system call failed")  /* write, open, fork: the message names it */     \
	X(BS_NETWORK, "network failed")     /* try elsewhere */                               \
	X(BS_TIMEOUT, "out of time")        /* a deadline passed */                           \
	X(BS_CANCELLED, "cancelled")        /* a signal asked us to stop */                   \
	X(BS_SECRET, "a secret was about to leave") /* nothing was sent */

enum bs_status {
#define X(name, words) name,
	BS_STATUSES(X)
#undef X
};

struct bs_err {
	enum bs_status status;
	char msg[BS_ERR_MSG_BYTES];
};

// The words of a status, for messages. Never NULL.
const char *bs_status_words(enum bs_status status);

// Fills err (when not NULL) and returns status, so that a failure is one line:
//     return bs_fail(err, BS_INPUT, "%s: is a directory", path);
enum bs_status bs_fail(struct bs_err *err, enum bs_status status, const char *fmt, ...)
	BS_PRINTF(3, 4);
enum bs_status bs_vfail(struct bs_err *err, enum bs_status status, const char *fmt, va_list args)
	BS_PRINTF(3, 0);

// Puts "prefix: " before the message of a failure on its way up; err may not be NULL. Returns err's
// status.
enum bs_status bs_fail_in(struct bs_err *err, const char *prefix);

// The one message for a failed allocation.
enum bs_status bs_fail_nomem(struct bs_err *err);

#endif
