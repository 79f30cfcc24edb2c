// SPDX-License-Identifier: MIT
// Small pieces of wording that the terminal and the annotation share.
#ifndef BS_REPORT_WORDS_H
#define BS_REPORT_WORDS_H

#include "core/ext/json.h"
#include "core/report/report.h"

// "1,234,567"
void bs_words_count(uint64_t count, struct bs_buf *out);
// "0.8 s", "12 s", "40 ms"
void bs_words_duration(int64_t ms, struct bs_buf *out);
// "src/a.c:12", "src/a.c", or nothing
void bs_words_place(const struct bs_failure *failure, struct bs_buf *out);
// "94 of 380 log lines", "12 log lines"
void bs_words_lines(const struct bs_excerpt *excerpt, struct bs_buf *out);
// Who answered, after what, in what time; how much of the log was read: the one footer line.
void bs_words_footer(const struct bs_report *report, struct bs_buf *out);
// The summary as the contract's JSON object.
void bs_report_put_summary(struct bs_json_writer *w, const struct bs_summary *summary);

#endif
