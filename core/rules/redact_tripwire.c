// SPDX-License-Identifier: MIT
// The tripwire: the same literals and patterns over bytes of any length, for a yes or a no.
#include "core/rules/redact_tripwire.h"

#include "core/rules/redact_pem.h"

#define PLACEHOLDER_BYTES_MAX 64

// Whether bytes[at] lies in a placeholder: a value may be a word that placeholders use.
static bool is_in_placeholder(struct bs_str bytes, size_t at)
{
	size_t from = at > PLACEHOLDER_BYTES_MAX ? at - PLACEHOLDER_BYTES_MAX : 0;
	for (; from <= at; from++) {
		size_t len = bytes.ptr[from] == '[' ? bs_marks_placeholder(bs_str_from(bytes, from))
						    : 0;
		if (len > at - from)
			return true;
	}
	return false;
}

// The name of the variable whose value stands at the hit, or NULL.
static const char *known_value(
	const struct bs_engine *engine, struct bs_str bytes, const struct bs_literal_hit *hit)
{
	struct bs_needle_walk walk = {BS_OWNED_OF(hit->id), 0};
	struct bs_value value = bs_values_of(engine->values, walk.needle);
	size_t at = hit->from;
	if (value.common || bs_values_walk(engine->values, &walk, bytes, &at) != BS_STEP_YES)
		return NULL;
	return is_in_placeholder(bytes, hit->from) ? NULL : value.name;
}

enum bs_status bs_tripwire_look(
	const struct bs_engine *engine, struct bs_str bytes, struct bs_err *err)
{
	struct bs_literals_cursor cursor = {0};
	struct bs_literal_hit hit;
	struct bs_marks found = {0};
	bool key = false;
	while (bs_literals_next(engine->literals, bytes, &cursor, &hit)) {
		key = key || BS_OWNER_OF(hit.id) == BS_OWNER_PEM;
		const char *name = BS_OWNER_OF(hit.id) == BS_OWNER_VALUE
					   ? known_value(engine, bytes, &hit)
					   : NULL;
		if (name)
			return bs_fail(err, BS_SECRET, "the value of %s was about to leave", name);
	}
	if (key && bs_pem_is_in(bytes))
		return bs_fail(err, BS_SECRET, "a private key was about to leave");
	enum bs_status status = bs_engine_mark_prefixes(engine, bytes, &found, err);
	if (status == BS_OK && found.failed)
		status = bs_fail_nomem(err);
	else if (status == BS_OK && found.count > 0)
		status = bs_fail(
			err, BS_SECRET, "a secret (%s) was about to leave", found.items[0].kind);
	else if (status == BS_LIMIT) // what could not be searched does not leave
		status = bs_fail(err, BS_SECRET, "a text too hard to search was about to leave");
	bs_marks_release(&found);
	return status;
}
