// SPDX-License-Identifier: MIT
// The check a text has to pass before cJSON may see it: RFC 8259 to the letter, within our limits.
#ifndef BS_EXT_JSON_SCAN_H
#define BS_EXT_JSON_SCAN_H

#include "core/base/err.h"
#include "core/base/str.h"

// BS_FORMAT and BS_LIMIT name the offset. Names of members may still repeat: that needs the tree.
enum bs_status bs_json_scan(struct bs_str text, struct bs_err *err) BS_MUST_USE;

// The offset of the name that is the number-th (from 1) in a text which passed the check.
size_t bs_json_scan_name(struct bs_str text, size_t number);

// The length of the UTF-8 character at text[at] (at < text.len), 0 when there is none.
size_t bs_json_utf8(struct bs_str text, size_t at);

#endif
