// SPDX-License-Identifier: MIT
// Timestamps that CI systems put before every line.
#ifndef BS_TEXT_STAMP_H
#define BS_TEXT_STAMP_H

#include "core/base/str.h"

// The line without the stamp of a CI system at its start; only forms that cannot be anything else:
// an RFC 3339 time with its zone, bare or in brackets. A bare "12:34:56" is left alone.
// has_tab: there may be one in the line.
struct bs_str bs_stamp_strip(struct bs_str line, bool has_tab);

#endif
