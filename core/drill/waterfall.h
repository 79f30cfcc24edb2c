// SPDX-License-Identifier: MIT
// The attempts of a scenario's runs as bars on a time line: SVG inside a page.
#ifndef BS_DRILL_WATERFALL_H
#define BS_DRILL_WATERFALL_H

#include "core/drill/drill.h"

void bs_waterfall_draw(const struct bs_drill_result *result, struct bs_buf *out);

// --- print_html.c
// Text in HTML or SVG, also inside quotes.
void bs_html_text(struct bs_str text, struct bs_buf *out);

#endif
