// SPDX-License-Identifier: MIT
// The build's meta-data: what the jobs of a build tell each other.
//
// Source: buildkite/agent api/meta_data.go. Values are set, the last one wins; nothing is deleted.
#ifndef BS_PLUGIN_META_H
#define BS_PLUGIN_META_H

#include "core/ext/json.h"
#include "plugin/agent.h"

struct bs_meta_item {
	const char *key;
	struct bs_str value; // not blank: the server refuses that
};

// The body of a request that sets them, for the path it returns.
const char *bs_meta_set_body(const struct bs_meta_item *items, size_t count, struct bs_buf *out);

// All of them at once, or none. As bs_call.
enum bs_status bs_meta_set(const struct bs_caller *caller, const struct bs_job *job,
	const struct bs_meta_item *items, size_t count, struct bs_err *err) BS_MUST_USE;
// Adds the value to ret_value. BS_EMPTY: the key was never set.
enum bs_status bs_meta_get(const struct bs_caller *caller, const struct bs_job *job,
	const char *key, struct bs_buf *ret_value, struct bs_err *err) BS_MUST_USE;
// The keys of all values: a JSON array, for bs_json_free. BS_EMPTY: this build has no meta-data for
// us, and never had.
enum bs_status bs_meta_keys(const struct bs_caller *caller, const struct bs_job *job,
	struct bs_json **ret_keys, struct bs_err *err) BS_MUST_USE;

#endif
