// SPDX-License-Identifier: MIT
// What is odd but harmless about a configuration: unknown variables, limits without effect, keys
// sent in the clear.
#include "core/config/duration.h"
#include "core/config/loader.h"
#include "core/config/value.h"

// Also those of the hook, and those that hold a provider's key.
static bool is_known_variable(const struct bs_config *config, struct bs_str name)
{
	static const char *const others[] = {"BUILDSUM_BIN", "BUILDSUM_CACHE_DIR", "BUILDSUM_HOOK",
		"BUILDSUM_HOOK_RAN", "BUILDSUM_HOOK_SECONDS", "BUILDSUM_INSTALL_SECONDS",
		"BUILDSUM_LOG_COPY"};
	if (bs_setting_by_variable(name))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (bs_str_eq_c(name, others[i]))
			return true;
	for (size_t i = 0; i < config->providers_count; i++)
		for (size_t k = 0; k < config->providers[i].keys.count; k++)
			if (bs_str_eq_c(name, config->providers[i].keys.items[k]))
				return true;
	return false;
}

static void warn_unknown_variable(struct bs_loader *l, struct bs_str name)
{
	char text[BS_SETTING_NAME_BYTES], shown[BS_SHOWN_BYTES];
	const struct bs_setting *best = NULL;
	struct bs_nearest nearest;
	// without the common beginning, which would make everything near
	bs_nearest_init(&nearest, bs_str_from(name, strlen("BUILDSUM_")));
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		struct bs_str known = bs_str_c(bs_setting_variable(row, text));
		if (bs_nearest_offer(&nearest, bs_str_from(known, strlen("BUILDSUM_"))))
			best = row;
	}
	(void)bs_shown(name, shown);
	if (best)
		bs_diag_warn(l->diag, "%s is no setting and is ignored; did you mean %s?", shown,
			bs_setting_variable(best, text));
	else
		bs_diag_warn(l->diag, "%s is no setting and is ignored", shown);
}

static void warn_unknown_variables(struct bs_loader *l)
{
	const char *const *environ = l->sources->environ;
	for (size_t i = 0; environ && environ[i]; i++) {
		struct bs_str entry = bs_str_c(environ[i]);
		struct bs_str name = bs_str_sub(entry, 0, bs_str_find_char(entry, '='));
		if (bs_str_starts(name, BS_LIT("BUILDSUM_")) &&
			!is_known_variable(&l->config, name))
			warn_unknown_variable(l, name);
	}
}

// A limit that was set on purpose and that another one always beats.
static void warn_idle_limits(struct bs_loader *l)
{
	static const struct {
		const char *inner, *outer;
	} pairs[] = {{"connect", "attempt"}, {"first_token", "attempt"}, {"idle", "attempt"},
		{"attempt", "deadline"}};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct bs_setting *inner = bs_setting_by_name(
			bs_settings, bs_str_c(pairs[i].inner));
		const struct bs_setting *outer = bs_setting_by_name(
			bs_settings, bs_str_c(pairs[i].outer));
		int64_t inner_ms = bs_value_number(inner, &l->config);
		int64_t outer_ms = bs_value_number(outer, &l->config);
		const char *origin = l->config.origins[bs_setting_index(inner)];
		char inner_text[BS_DURATION_BYTES], outer_text[BS_DURATION_BYTES];
		if (inner_ms > outer_ms && strcmp(origin, "default") != 0)
			bs_diag_warn(l->diag, "%s: %s is %s, but %s ends it after %s", origin,
				inner->name, bs_duration_print(inner_ms, inner_text), outer->name,
				bs_duration_print(outer_ms, outer_text));
	}
}

static bool is_loopback(struct bs_str host)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bs_str name = bs_str_c(names[i]);
		struct bs_str rest = bs_str_from(host, name.len);
		if (bs_str_istarts(host, name) &&
			(rest.len == 0 || rest.ptr[0] == ':' || rest.ptr[0] == '/'))
			return true;
	}
	return false;
}

static void warn_keys_in_the_clear(struct bs_loader *l)
{
	for (size_t i = 0; i < l->config.providers_count; i++) {
		const struct bs_provider_config *p = &l->config.providers[i];
		struct bs_str url = bs_str_c(p->base_url);
		if (!bs_str_starts(url, BS_LIT("http://")) || (p->keys_set && p->keys.count == 0) ||
			is_loopback(bs_str_from(url, strlen("http://"))))
			continue;
		bs_diag_warn(l->diag,
			"%s: providers.%s: http:// sends the key and the log unencrypted; use "
			"https://",
			p->origin, p->name);
	}
}

void bs_load_warnings(struct bs_loader *l)
{
	warn_unknown_variables(l);
	warn_idle_limits(l);
	warn_keys_in_the_clear(l);
	if (l->config.offline && l->config.require_llm)
		bs_diag_warn(l->diag, "offline (%s) and require_llm (%s): no model can answer",
			bs_config_origin(&l->config, "offline"),
			bs_config_origin(&l->config, "require_llm"));
}
