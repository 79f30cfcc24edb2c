// SPDX-License-Identifier: MIT
// Keys: looked up, checked and numbered; a variable that holds none costs one warning.
#include "core/llm/keys.h"

#include <assert.h>

// A header's value is visible ASCII here; what else stands in a key was pasted in by mistake.
static bool is_fit(struct bs_str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] <= 0x20 || value.ptr[i] >= 0x7F)
			return false;
	return true;
}

const char *bs_key_find(const char *const *environ, const char *name, struct bs_str *ret_value)
{
	struct bs_str value = bs_str_trim_end(bs_str_c(bs_env_get(environ, name)));
	if (value.len == 0)
		return "is not set";
	if (value.len > BS_KEY_BYTES_MAX)
		return "is too long for a key";
	if (!is_fit(value))
		return "holds characters that no key has";
	*ret_value = value;
	return NULL;
}

bool bs_keyring_add(struct bs_keyring *ring, const char *const *environ, const char *provider,
	const char *name, struct bs_diag *diag, unsigned *ret_id)
{
	for (size_t i = 0; i < ring->count; i++)
		if (bs_str_eq_c(bs_str_c(name), ring->keys[i].name) &&
			bs_str_eq_c(bs_str_c(provider), ring->keys[i].provider)) {
			*ret_id = (unsigned)i;
			return true;
		}
	struct bs_str value;
	const char *wrong = bs_key_find(environ, name, &value);
	if (wrong) {
		bs_diag_warn(diag, "%s %s: that key is left out", name, wrong);
		return false;
	}
	assert(ring->count < BS_KEYRING_MAX);
	*ret_id = (unsigned)ring->count;
	ring->keys[ring->count++] = (struct bs_key){provider, name, value};
	return true;
}
