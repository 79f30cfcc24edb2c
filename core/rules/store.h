// SPDX-License-Identifier: MIT
// The lines of a log that may still count, in bounded memory, in order.
#ifndef BS_RULES_STORE_H
#define BS_RULES_STORE_H

#include "core/text/line.h"

struct bs_stored {
	uint64_t number;
	uint32_t at; // of its text in the store
	uint16_t len;
	uint16_t flags; // enum bs_line_flags
};

struct bs_store {
	struct bs_stored *lines;
	size_t count, cap;
	char *text;
	size_t text_bytes, text_cap;
};

void bs_store_release(struct bs_store *store);

enum bs_store_verdict {
	BS_STORE_TAKEN,
	BS_STORE_FULL,  // let something go first
	BS_STORE_NOMEM, //
};

enum bs_store_verdict bs_store_add(struct bs_store *store, const struct bs_line *line);
// Lets all lines go whose byte in `keep` is 0.
void bs_store_retain(struct bs_store *store, const unsigned char *keep);

static inline struct bs_str bs_store_text(const struct bs_store *store, size_t index)
{
	return bs_str(store->text + store->lines[index].at, store->lines[index].len);
}

#endif
