// SPDX-License-Identifier: MIT
// What the wire formats share when they write a request.
#include "core/llm/wire.h"

#include "core/config/config.h"

// "name: JSON"
static struct bs_str split_member(const char *member, struct bs_str *ret_name)
{
	struct bs_str rest = bs_str_c(member);
	(void)bs_str_split(&rest, ':', ret_name);
	return bs_str_trim(rest);
}

bool bs_wire_has_own(const struct bs_request *request, const char *name)
{
	struct bs_str own;
	for (size_t i = 0; request->own && i < request->own->count; i++) {
		(void)split_member(request->own->items[i], &own);
		if (bs_str_eq_c(own, name))
			return true;
	}
	return false;
}

unsigned bs_wire_params(const struct bs_request *request, unsigned params)
{
	struct bs_str own;
	for (size_t i = 0; request->own && i < request->own->count; i++) {
		(void)split_member(request->own->items[i], &own);
		params &= ~bs_params_named(own, bs_str("", 0));
	}
	return params & ~request->dropped;
}

void bs_wire_put_own(struct bs_json_writer *w, const struct bs_request *request)
{
	struct bs_str name;
	char key[BS_SETTING_ITEM_BYTES_MAX];
	for (size_t i = 0; request->own && i < request->own->count; i++) {
		struct bs_str json = split_member(request->own->items[i], &name);
		if (bs_str_eq_c(json, "null") || name.len >= sizeof(key))
			continue; // it is not to be sent
		memcpy(key, name.ptr, name.len);
		key[name.len] = '\0';
		bs_json_put_key(w, key);
		bs_json_put_raw(w, json);
	}
}
