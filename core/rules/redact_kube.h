// SPDX-License-Identifier: MIT
// The data of Kubernetes Secrets, as YAML or JSON: `kind: Secret` may come before it or after it.
#ifndef BS_RULES_REDACT_KUBE_H
#define BS_RULES_REDACT_KUBE_H

#include "core/rules/redact_hold.h"

#define BS_KUBE_VALUES_MAX 64 // of one document whose kind is not known yet

struct bs_kube_value {
	uint64_t seq;
	size_t from, to;
};

// Zeroed at the start.
struct bs_kube {
	bool known, secret; // the kind of this document
	bool in_data;       // between `data:` and what is indented no deeper
	size_t indent;      // of `data:`
	unsigned lines;     // since the document or its data began
	uint64_t held_from; // the first line of data that waits for its kind
	struct bs_kube_value values[BS_KUBE_VALUES_MAX];
	size_t values_count;
};

// Words of which one stands in every line that a document's data or kind begins with; ends with
// NULL.
extern const char *const bs_kube_words[];

// Whether a line without such a word changes nothing now.
bool bs_kube_is_idle(const struct bs_kube *kube);
// Looks at the newest line. Returns the first line that has to wait.
uint64_t bs_kube_take(struct bs_kube *kube, struct bs_hold *hold, uint64_t seq, bool has_word);

#endif
