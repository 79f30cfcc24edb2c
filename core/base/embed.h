// SPDX-License-Identifier: MIT
// Data files that the build puts into the program: the prompts.
#ifndef BS_BASE_EMBED_H
#define BS_BASE_EMBED_H

#include "core/base/str.h"

struct bs_embedded {
	const char *name; // the file's name without its folder: "summary.txt"
	struct bs_str text;
};

// The list ends with a row whose name is NULL; it is sorted by name. Generated: build/embed.c.
extern const struct bs_embedded bs_embedded_prompts[];

#endif
