// SPDX-License-Identifier: MIT
// What the JSON results share.
#ifndef BS_REPORT_JSON_OWN_H
#define BS_REPORT_JSON_OWN_H

#include "core/ext/json.h"
#include "core/text/excerpt.h"

// {"input_bytes": 1, "input_lines": 1, "bytes": 1, "lines": 1, "redactions": 0}
void bs_json_put_excerpt(struct bs_json_writer *w, const struct bs_excerpt *excerpt);

#endif
