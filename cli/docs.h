// SPDX-License-Identifier: MIT
// The documents that are written from the tables: parts of the man page, plugin.yml, the README.
#ifndef BS_CLI_DOCS_H
#define BS_CLI_DOCS_H

#include "cli/cli.h"

// One of "man-commands", "man-options", "plugin", "markdown"; false: there is no such document.
bool bs_docs_print(const char *name, const struct bs_command *commands, struct bs_buf *out);

#endif
