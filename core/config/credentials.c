// SPDX-License-Identifier: MIT
// Keys that are kept in files, and the list of variables that all keys are looked up in.
#include "core/config/credentials.h"

#include "core/ext/file.h"

enum bs_credential_kind bs_credential_kind(struct bs_str text, const char **ret_rest)
{
	static const struct {
		struct bs_str start;
		enum bs_credential_kind kind;
	} kinds[] = {
		{{"file:", 5}, BS_CREDENTIAL_FILE},
		{{"secret:", 7}, BS_CREDENTIAL_SECRET},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bs_str_starts(text, kinds[i].start)) {
			*ret_rest = text.ptr + kinds[i].start.len;
			return kinds[i].kind;
		}
	*ret_rest = text.ptr;
	return BS_CREDENTIAL_VARIABLE;
}

static bool is_in_route(const struct bs_config *config, const char *provider)
{
	for (size_t i = 0; i < config->route.count; i++) {
		struct bs_str route = bs_str_c(config->route.items[i]);
		if (bs_str_eq_c(bs_str_sub(route, 0, bs_str_find_char(route, '/')), provider))
			return true;
	}
	return config->route.count == 0; // then the keys make the route
}

static void add_once(
	const char *text, enum bs_credential_kind kind, const char **texts, size_t *count)
{
	const char *rest;
	if (!text || bs_credential_kind(bs_str_c(text), &rest) != kind)
		return;
	for (size_t i = 0; i < *count; i++)
		if (strcmp(texts[i], text) == 0)
			return;
	if (*count < BS_CREDENTIALS_MAX)
		texts[(*count)++] = text;
}

size_t bs_credentials_named(const struct bs_config *config, enum bs_credential_kind kind,
	bool in_use, const char **ret_texts)
{
	size_t count = 0;
	add_once(config->log_token, kind, ret_texts, &count);
	for (size_t i = 0; i < config->providers_count; i++) {
		const struct bs_provider_config *provider = &config->providers[i];
		if (in_use && (config->offline || !is_in_route(config, provider->name)))
			continue;
		for (size_t k = 0; k < provider->keys.count; k++)
			add_once(provider->keys.items[k], kind, ret_texts, &count);
	}
	return count;
}

enum bs_status bs_credential_add(const char *const *environ, const char *text, struct bs_str value,
	struct bs_arena *arena, const char *const **ret_environ, struct bs_err *err)
{
	size_t count = 0;
	while (environ[count])
		count++;
	const char **grown = BS_NEW_ARRAY(arena, const char *, count + 2);
	const char *entry = bs_arena_printf(arena, "%s=%.*s", text, BS_FMT(value));
	if (!grown || !entry)
		return bs_fail_nomem(err);
	memcpy(grown, environ, count * sizeof(*grown));
	grown[count] = entry;
	*ret_environ = grown;
	return BS_OK;
}

enum bs_status bs_credentials_read_files(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_diag *diag, const char *const **ret_environ,
	struct bs_err *err)
{
	const char *texts[BS_CREDENTIALS_MAX], *path;
	size_t count = bs_credentials_named(config, BS_CREDENTIAL_FILE, false, texts);
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < count; i++) {
		struct bs_err trouble;
		struct bs_str value = {0};
		(void)bs_credential_kind(bs_str_c(texts[i]), &path);
		status = bs_file_load(path, BS_KEY_BYTES_MAX, arena, &value, &trouble);
		if (status == BS_NOMEM)
			return bs_fail_nomem(err);
		if (status != BS_OK) {
			bs_diag_warn(diag, "%s", trouble.msg);
			status = BS_OK;
			continue;
		}
		if (bs_file_is_open_to_all(path))
			bs_diag_warn(diag, "%s: every user of this host may change that key", path);
		status = bs_credential_add(environ, texts[i],
			bs_str_trim(bs_str_sub(value, 0, bs_str_find_char(value, '\n'))), arena,
			&environ, err);
	}
	if (status == BS_OK)
		*ret_environ = environ;
	return status;
}
