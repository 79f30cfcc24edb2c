// SPDX-License-Identifier: MIT
// Private keys in PEM and its relatives, however a log has mangled them.
#ifndef BS_RULES_REDACT_PEM_H
#define BS_RULES_REDACT_PEM_H

#include "core/rules/redact_hold.h"

enum bs_pem_state {
	BS_PEM_OUT,
	BS_PEM_PRIVATE,
	BS_PEM_PUBLIC
};

// Zeroed at the start but for numbers.
struct bs_pem {
	enum bs_pem_state state;
	unsigned misses;     // lines in a row that were no part of the key
	size_t indent;       // what stood before BEGIN on its line: timestamps, "web_1 | "
	char indent_end;     // its last byte
	size_t width;        // of the last full line
	unsigned putty_left; // lines of a PuTTY key still to come
	uint64_t run_from;   // lines that look like the middle of a key wait for its END
	unsigned run_lines;
	uint32_t number; // given for the key's first line
	struct bs_numbers *numbers;
};

// Words of which one stands in every line that begins or ends a key; ends with NULL.
extern const char *const bs_pem_words[];

// Marks what the newest line and the lines before have of a key. has_word: one of bs_pem_words is
// in it. Returns the first line that has to wait.
uint64_t bs_pem_take(struct bs_pem *pem, struct bs_hold *hold, uint64_t seq, bool has_word);
// Whether a line without such a word changes nothing now, whatever it says …
bool bs_pem_is_idle(const struct bs_pem *pem);
// … unless it looks like the middle of a key. Which digits it has does not matter.
bool bs_pem_may_be_inside(struct bs_str text);
// The lines after this one belong to a key: base64 of a PEM, wrapped.
void bs_pem_enter(struct bs_pem *pem, size_t indent, struct bs_str first);
// Whether text holds a key of which more than its first line is left.
bool bs_pem_is_in(struct bs_str text);

#endif
