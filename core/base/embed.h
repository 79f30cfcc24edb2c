// SPDX-License-Identifier: MIT
// Data files that the build puts into the program: rule packs and prompts.
#ifndef BS_BASE_EMBED_H
#define BS_BASE_EMBED_H

#include "core/base/str.h"

struct bs_embedded {
	const char *name; // the file's name without its folder: "gcc.yml"
	struct bs_str text;
};

// Both lists end with a row whose name is NULL; they are sorted by name. Generated: build/embed.c.
extern const struct bs_embedded bs_embedded_packs[];
extern const struct bs_embedded bs_embedded_prompts[];

#endif
