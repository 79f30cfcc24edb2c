// SPDX-License-Identifier: MIT
// The values that are known to be secret, and the comparison of their forms with a text that may
// wrap.
#ifndef BS_RULES_REDACT_VALUES_H
#define BS_RULES_REDACT_VALUES_H

#include "core/base/diag.h"
#include "core/rules/literals.h"

struct bs_values;

enum bs_status bs_values_new(struct bs_values **ret_values, struct bs_err *err) BS_MUST_USE;
void bs_values_free(struct bs_values *values);

// Adds the forms of a value to literals under ids id_base, id_base + 1 …: id - id_base is the
// needle. Values that would only hide the language of the log (short, "true", an existing path) are
// let be; the reason is a warning by the name when it matters.
enum bs_status bs_values_add(struct bs_values *values, const char *name, struct bs_str value,
	struct bs_literals *literals, uint32_t id_base, struct bs_diag *diag,
	struct bs_err *err) BS_MUST_USE;

// The comparison of one needle with text, over line ends.
enum bs_step {
	BS_STEP_NO,
	BS_STEP_YES,
	BS_STEP_MORE, // the text ended inside the needle, and the next line may go on with it
};

struct bs_needle_walk {
	uint32_t needle;
	uint32_t matched; // bytes of the needle so far
};

// Goes on comparing at text[*at]; on YES *at is the end of the match. White space in a needle
// matches any run of white space or the end of a line, as the agent does for newlines; a needle of
// 12 bytes or more may also be broken by the width of a terminal.
enum bs_step bs_values_walk(const struct bs_values *values, struct bs_needle_walk *walk,
	struct bs_str text, size_t *at);

struct bs_value {
	const char *name; // of the variable
	struct bs_str text;
	bool common; // short and of one kind of letter: such words also stand in our own prompts
};

struct bs_value bs_values_of(const struct bs_values *values, uint32_t needle);

#endif
