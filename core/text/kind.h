// SPDX-License-Identifier: MIT
// Kinds of lines: those that differ in digits alone share a record, in which later rooms remember
// what they found, so that they look at each kind once.
//
// What is remembered must not depend on which digits a line has; each room sees to that. A record
// can be overwritten by the next line of another kind: it costs a second look, no more.
#ifndef BS_TEXT_KIND_H
#define BS_TEXT_KIND_H

#include "core/base/err.h"
#include "core/base/str.h"

struct bs_kind {
	uint64_t hash;
	uint16_t rule;               // core/rules/scan.h, once is_scanned or is_told
	uint16_t name_from, name_to; // what the rule's group `name` took; both 0: nothing
	bool is_quiet : 1;           // core/rules/redact_flow.h: nothing there to redact
	bool is_tried : 1;           // … a line of it gave reason to try patterns …
	bool is_loud : 1;            // … which could find something, with other digits
	bool is_scanned : 1;
	bool is_odd : 1;  // a line's digits mattered once …
	bool is_told : 1; // … and it is known to whom: rule is a place in the list of these
};

struct bs_kinds;

enum bs_status bs_kinds_new(struct bs_kinds **ret_kinds, struct bs_err *err) BS_MUST_USE;
void bs_kinds_free(struct bs_kinds *kinds);

// What tells the kind of a line; never 0. flags: enum bs_line_flags, part of the kind.
uint64_t bs_kinds_hash(const struct bs_kinds *kinds, struct bs_str text, unsigned flags);
// The record will be asked for soon: fetching it from memory can begin.
void bs_kinds_expect(const struct bs_kinds *kinds, uint64_t hash);
// The record of a kind, zeroed but for its hash when it is new; valid until the next call.
struct bs_kind *bs_kinds_of(struct bs_kinds *kinds, uint64_t hash);

#endif
