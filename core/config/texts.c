// SPDX-License-Identifier: MIT
// The layers that are single texts: the environment and the command line.
#include "core/config/loader.h"
#include "core/config/value.h"

static enum bs_status set_origin(struct bs_loader *l, const struct bs_setting *row,
	const char *kind, const char *name, struct bs_err *err)
{
	const char *origin = bs_arena_printf(l->arena, "%s %s", kind, name);
	if (!origin)
		return bs_fail_nomem(err);
	l->config.origins[bs_setting_index(row)] = origin;
	return BS_OK;
}

// --- the environment

enum bs_status bs_load_environment(struct bs_loader *l, struct bs_err *err)
{
	char variable[BS_SETTING_NAME_BYTES];
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		const char *text = bs_env_get(
			l->sources->environ, bs_setting_variable(row, variable));
		if (!text || !text[0]) // set to nothing is not set
			continue;
		enum bs_status status = bs_value_parse(
			row, bs_str_c(text), l->arena, &l->config, err);
		if (status == BS_OK)
			status = set_origin(l, row, "environment", variable, err);
		else if (status != BS_NOMEM)
			(void)bs_fail_in(err, variable);
		if (status != BS_OK)
			return status;
	}
	return BS_OK;
}

// --- flags

// All values of a list's flag together: --route a --route b,c.
static enum bs_status join_flag(struct bs_loader *l, const struct bs_setting *row,
	struct bs_str *ret_text, struct bs_err *err)
{
	struct bs_buf joined;
	struct bs_str copy = {0};
	size_t values = 0;
	bs_buf_init(&joined, BS_RUN_ARENA_BYTES_MAX);
	for (size_t i = 0; i < l->sources->flags_count; i++) {
		if (l->sources->flags[i].setting != row)
			continue;
		if (values++ > 0)
			bs_buf_add_char(&joined, row->flags & BS_SETTING_KEEPS_COMMAS ? '\n' : ',');
		bs_buf_add_c(&joined, l->sources->flags[i].text);
	}
	enum bs_status status = bs_buf_status(&joined, "flags", err);
	if (status == BS_OK) {
		copy = bs_arena_str(l->arena, bs_buf_str(&joined));
		if (!copy.ptr)
			status = bs_fail_nomem(err);
	}
	bs_buf_release(&joined);
	if (status == BS_OK)
		*ret_text = copy;
	return status;
}

// The last of a flag counts; a list's flags count together.
enum bs_status bs_load_flags(struct bs_loader *l, struct bs_err *err)
{
	char flag[BS_SETTING_NAME_BYTES];
	for (size_t i = 0; i < l->sources->flags_count; i++) {
		const struct bs_setting *row = l->sources->flags[i].setting;
		struct bs_str text = bs_str_c(l->sources->flags[i].text);
		size_t before = 0;
		while (before < i && l->sources->flags[before].setting != row)
			before++;
		bool is_list = row->type == BS_SETTING_STRINGS;
		if (is_list && before < i)
			continue;
		enum bs_status status = is_list ? join_flag(l, row, &text, err) : BS_OK;
		(void)bs_setting_flag(row, flag);
		if (status == BS_OK)
			status = bs_value_parse(row, text, l->arena, &l->config, err);
		if (status == BS_OK)
			status = set_origin(l, row, "flag", flag, err);
		else if (status != BS_NOMEM)
			(void)bs_fail_in(err, flag);
		if (status != BS_OK)
			return status;
	}
	return BS_OK;
}
