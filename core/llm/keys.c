// SPDX-License-Identifier: MIT
// Keys: looked up, checked and numbered; a variable that holds none costs one warning.
#include "core/llm/keys.h"

#include <assert.h>

#include "core/llm/aws_credentials.h"
#include "core/llm/sigv4.h"

// A header's value is visible ASCII here; what else stands in a key was pasted in by mistake.
static bool is_fit(struct bs_str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] <= 0x20 || value.ptr[i] >= 0x7F)
			return false;
	return true;
}

const char *bs_key_find(const char *const *variables, const char *name, struct bs_str *ret_value)
{
	struct bs_str value = bs_str_trim_end(bs_str_c(bs_env_get(variables, name)));
	if (value.len == 0)
		return "is not set";
	if (value.len > BS_KEY_BYTES_MAX)
		return "is too long for a key";
	if (!is_fit(value))
		return "holds characters that no key has";
	*ret_value = value;
	return NULL;
}

static struct bs_str value_of(const char *const *variables, const char *name)
{
	return bs_str_trim_end(bs_str_c(bs_env_get(variables, name)));
}

static const char *what_is_wrong(struct bs_str value)
{
	if (value.len == 0)
		return "is not set";
	if (value.len > BS_KEY_BYTES_MAX)
		return "is too long for a key";
	return is_fit(value) ? NULL : "holds characters that no key has";
}

// What goes with a key that signs. False, with a warning, when that is not whole.
static bool complete(struct bs_key *key, const char *const *variables, struct bs_diag *diag)
{
	char name[BS_SIGV4_NAME_BYTES];
	if (!bs_sigv4_companion(key->name, "SECRET_ACCESS_KEY", name))
		return true; // it is sent as it is
	key->secret = value_of(variables, name);
	const char *wrong = what_is_wrong(key->secret);
	if (!wrong && bs_sigv4_companion(key->name, "SESSION_TOKEN", name)) {
		key->session_token = value_of(variables, name);
		wrong = key->session_token.len ? what_is_wrong(key->session_token) : NULL;
	}
	if (wrong)
		bs_diag_warn(diag, "%s %s: %s cannot sign without it and is left out", name, wrong,
			key->name);
	return !wrong;
}

bool bs_keyring_add(struct bs_keyring *ring, const char *const *variables, const char *provider,
	const char *name, bool signs, struct bs_diag *diag, unsigned *ret_id)
{
	for (size_t i = 0; i < ring->count; i++)
		if (bs_str_eq_c(bs_str_c(name), ring->keys[i].name) &&
			bs_str_eq_c(bs_str_c(provider), ring->keys[i].provider)) {
			*ret_id = (unsigned)i;
			return true;
		}
	struct bs_key key = {
		.provider = provider, .name = name, .value = value_of(variables, name)};
	const char *wrong = what_is_wrong(key.value);
	if (wrong) {
		if (strcmp(name, BS_AWS_KEY) != 0) // the search for those has said more
			bs_diag_warn(diag, "%s %s: that key is left out", name, wrong);
		return false;
	}
	if (signs && !complete(&key, variables, diag))
		return false;
	assert(ring->count < BS_KEYRING_MAX);
	*ret_id = (unsigned)ring->count;
	ring->keys[ring->count++] = key;
	return true;
}
