// SPDX-License-Identifier: MIT
// Values that follow a telling name: key=value, "key": "value", --key value, <key>value</key>,
// headers.
#ifndef BS_RULES_REDACT_NAMED_H
#define BS_RULES_REDACT_NAMED_H

#include "core/rules/redact_marks.h"
#include "core/rules/redact_names.h"

// What a line leaves for the next: a name whose value was not there yet. Zeroed at the start.
struct bs_named {
	enum bs_name_class waiting; // for a value that stands alone on a line
	bool in_pair;   // `name: API_TOKEN` was seen: `value: …` is what is waited for
	unsigned lines; // seen since
	const char *kind;
};

// Called once for each line, before its words: a value the line before left open.
void bs_named_begin(struct bs_named *named, struct bs_str line, struct bs_marks *marks);
// A word of bs_names_words stands at line[at]. *done is where the name before ended (0 at first):
// one name is looked at once. False when it is no name of a value, which does not depend on the
// digits of a line without "%22" or its like.
bool bs_named_mark(struct bs_named *named, struct bs_str line, size_t at, size_t *done,
	struct bs_marks *marks);

#endif
