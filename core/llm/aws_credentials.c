// SPDX-License-Identifier: MIT
// The chain of sources of AWS credentials, and the shared file, which is one of them.
#include "core/config/credentials.h"
#include "core/ext/file.h"
#include "core/llm/aws_own.h"

#define PROFILES_BYTES_MAX ((size_t)256 * 1024)

// --- the shared file

static enum bs_status find_file(
	const struct bs_aws_ask *ask, const char **ret_path, struct bs_err *err)
{
	struct bs_str path = bs_aws_variable(ask, "AWS_SHARED_CREDENTIALS_FILE");
	struct bs_str home = bs_aws_variable(ask, "HOME");
	if (path.len)
		*ret_path = bs_arena_cstr(ask->arena, path);
	else if (home.len && home.ptr[0] == '/')
		*ret_path = bs_arena_printf(ask->arena, "%.*s/.aws/credentials", BS_FMT(home));
	else
		return bs_fail(err, BS_EMPTY, "there is no home directory");
	return *ret_path ? BS_OK : bs_fail_nomem(err);
}

// "[name]", "key = value"; a line that is neither counts for nothing.
static void take_line(
	struct bs_str line, struct bs_str wanted, bool *inside, struct bs_aws_credentials *found)
{
	const struct {
		const char *key;
		struct bs_str *value;
	} keys[] = {
		{"aws_access_key_id", &found->id},
		{"aws_secret_access_key", &found->secret},
		{"aws_session_token", &found->token},
	};
	line = bs_str_trim(line);
	if (bs_str_starts(line, BS_LIT("["))) {
		struct bs_str name = bs_str_sub(line, 1, bs_str_find_char(line, ']') - 1);
		*inside = bs_str_eq(bs_str_trim(name), wanted);
		return;
	}
	size_t equals = bs_str_find_char(line, '=');
	for (size_t i = 0; *inside && equals != SIZE_MAX && i < sizeof(keys) / sizeof(keys[0]); i++)
		if (bs_str_ieq(bs_str_trim(bs_str_sub(line, 0, equals)), bs_str_c(keys[i].key)))
			*keys[i].value = bs_str_trim(bs_str_from(line, equals + 1));
}

enum bs_status bs_aws_from_profile(
	const struct bs_aws_ask *ask, struct bs_aws_credentials *ret_found, struct bs_err *err)
{
	struct bs_str text = {0}, line, profile = bs_aws_variable(ask, "AWS_PROFILE");
	struct bs_aws_credentials found = {0};
	const char *path = NULL;
	bool named = profile.len > 0, inside = false;
	enum bs_status status = find_file(ask, &path, err);
	if (!named)
		profile = BS_LIT("default");
	if (status == BS_OK && !named && !bs_file_exists(path))
		return bs_fail(err, BS_EMPTY, "there is no %s", path);
	if (status == BS_OK)
		status = bs_file_load(path, PROFILES_BYTES_MAX, ask->arena, &text, err);
	if (status != BS_OK)
		return status;
	while (text.len && bs_str_split(&text, '\n', &line))
		take_line(line, profile, &inside, &found);
	if (!found.id.len || !found.secret.len)
		return bs_fail(err, named ? BS_INPUT : BS_EMPTY,
			"%s: the profile %.*s has no keys of its own; roles, SSO and processes are "
			"not read",
			path, BS_FMT(profile));
	found.from = bs_arena_printf(ask->arena, "the profile %.*s of %s", BS_FMT(profile), path);
	if (!found.from)
		return bs_fail_nomem(err);
	*ret_found = found;
	return BS_OK;
}

// --- the chain

enum bs_status bs_aws_find(
	const struct bs_aws_ask *ask, struct bs_aws_credentials *ret_found, struct bs_err *err)
{
	static enum bs_status (*const sources[])(
		const struct bs_aws_ask *, struct bs_aws_credentials *, struct bs_err *) = {
		bs_aws_from_web_identity,
		bs_aws_from_profile,
		bs_aws_from_container,
		bs_aws_from_instance,
	};
	enum bs_status status = BS_EMPTY;
	for (size_t i = 0; status == BS_EMPTY && i < sizeof(sources) / sizeof(sources[0]); i++)
		status = sources[i](ask, ret_found, err);
	return status;
}

enum bs_status bs_aws_add(const struct bs_aws_ask *ask, const struct bs_aws_credentials *found,
	const char *const **ret_environ, struct bs_err *err)
{
	const char *const *list = ask->environ;
	enum bs_status status = bs_credential_add(
		list, BS_AWS_KEY, found->id, ask->arena, &list, err);
	if (status == BS_OK)
		status = bs_credential_add(
			list, "aws:SECRET_ACCESS_KEY", found->secret, ask->arena, &list, err);
	if (status == BS_OK && found->token.len)
		status = bs_credential_add(
			list, "aws:SESSION_TOKEN", found->token, ask->arena, &list, err);
	if (status == BS_OK)
		*ret_environ = list;
	return status;
}
