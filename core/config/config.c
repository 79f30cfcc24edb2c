// SPDX-License-Identifier: MIT
// The layers of the configuration, each over the one before.
#include "core/config/config.h"

#include <assert.h>

#include "core/config/loader.h"
#include "core/config/value.h"

const char *bs_env_get(const char *const *environ, const char *name)
{
	size_t len = strlen(name);
	for (size_t i = 0; environ && environ[i]; i++)
		if (strncmp(environ[i], name, len) == 0 && environ[i][len] == '=')
			return environ[i] + len + 1;
	return NULL;
}

const char *bs_config_origin(const struct bs_config *config, const char *name)
{
	const struct bs_setting *row = bs_setting_by_name(bs_settings, bs_str_c(name));
	assert(row);
	return config->origins ? config->origins[bs_setting_index(row)] : "default";
}

enum bs_status bs_config_defaults(
	struct bs_config *config, struct bs_arena *arena, struct bs_err *err)
{
	struct bs_config fresh = {0};
	fresh.origins = BS_NEW_ARRAY(arena, const char *, bs_settings_count());
	if (!fresh.origins)
		return bs_fail_nomem(err);
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		fresh.origins[bs_setting_index(row)] = "default";
		if (!row->preset)
			continue;
		enum bs_status status = bs_value_parse(
			row, bs_str_c(row->preset), arena, &fresh, err);
		if (status != BS_OK)
			return status;
	}
	*config = fresh;
	return BS_OK;
}

// Half a price is none, and nobody would see that it is not used.
static enum bs_status check_prices(const struct bs_config *config, struct bs_err *err)
{
	for (size_t i = 0; i < config->providers_count; i++) {
		const struct bs_provider_config *p = &config->providers[i];
		const char *missing = !p->price_input ? "price_input" : "price_output";
		bool any = p->price_input || p->price_output || p->price_cached;
		if (!any || (p->price_input && p->price_output))
			continue;
		return bs_fail(err, BS_USAGE,
			"%s: providers.%s: a price needs both price_input and price_output; %s is "
			"missing",
			p->price_place, p->name, missing);
	}
	return BS_OK;
}

enum bs_status bs_config_load(struct bs_config *config, const struct bs_config_sources *sources,
	struct bs_arena *arena, struct bs_diag *diag, struct bs_err *err)
{
	struct bs_err local = {0};
	struct bs_err *e = err ? err : &local;
	struct bs_loader l = {.sources = sources, .arena = arena, .diag = diag};
	enum bs_status status = bs_config_defaults(&l.config, arena, e);
	if (status == BS_OK)
		status = bs_load_files(&l, e);
	if (status == BS_OK)
		status = bs_load_plugin(&l, e);
	if (status == BS_OK)
		status = bs_load_environment(&l, e);
	if (status == BS_OK)
		status = bs_load_flags(&l, e);
	if (status == BS_OK && l.endpoint_place && !l.config.allow_project_providers)
		status = bs_fail(e, BS_USAGE,
			"%s: a file that came with the checkout may not say where requests and "
			"keys go or what they carry; set it elsewhere, or allow it there with "
			"allow_project_providers: true",
			l.endpoint_place);
	if (status == BS_OK)
		status = check_prices(&l.config, e);
	if (status != BS_OK)
		return status;
	bs_load_warnings(&l);
	*config = l.config;
	return BS_OK;
}

const struct bs_provider_config *bs_config_provider(
	const struct bs_config *config, struct bs_str name)
{
	for (size_t i = 0; i < config->providers_count; i++)
		if (bs_str_eq_c(name, config->providers[i].name))
			return &config->providers[i];
	return NULL;
}
