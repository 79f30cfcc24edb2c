// SPDX-License-Identifier: MIT
// `buildsum config`: every setting with its value, where that came from, and one line of help.
#include <stddef.h>

#include "cli/commands.h"
#include "cli/docs.h"
#include "core/config/duration.h"
#include "core/config/value.h"
#include "core/ext/json.h"

#define OUTPUT_BYTES_MAX (4 * 1024 * 1024)
#define VALUE_COLUMN_MAX 28 // longer values push what follows to the right
#define ORIGIN_COLUMN_MAX 32

const struct bs_option bs_cmd_config_options[] = {
	{.name = "docs", .value = "NAME"}, // for .ci/docs
	{.name = NULL},
};

static bool is_set(const char *const *environ_list, const char *name)
{
	const char *value = bs_env_get(environ_list, name);
	return value && value[0];
}

// --- text

// The value as text, in `scratch`. A failure goes on to `out`, which is asked at the end.
static struct bs_str text_of(const struct bs_setting *row, const void *object,
	struct bs_buf *scratch, struct bs_buf *out)
{
	bs_buf_clear(scratch);
	bs_value_print(row, object, scratch);
	if (scratch->failed != BS_OK && out->failed == BS_OK)
		out->failed = scratch->failed;
	return scratch->len ? bs_buf_str(scratch) : BS_LIT("-");
}

static void add_cell(struct bs_buf *out, struct bs_str text, size_t width)
{
	size_t chars = bs_str_chars(text);
	bs_buf_add(out, text);
	bs_buf_addf(out, "%*s", (int)(chars < width ? width - chars : 0) + 2, "");
}

static size_t widen(size_t width, struct bs_str text, size_t width_max)
{
	size_t chars = bs_str_chars(text);
	return chars > width && chars <= width_max ? chars : width;
}

static void add_settings(const struct bs_config *config, struct bs_buf *scratch, struct bs_buf *out)
{
	size_t name_width = 0, value_width = 0, origin_width = 0;
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		struct bs_str origin = bs_str_c(config->origins[bs_setting_index(row)]);
		name_width = widen(name_width, bs_str_c(row->name), SIZE_MAX);
		value_width = widen(
			value_width, text_of(row, config, scratch, out), VALUE_COLUMN_MAX);
		origin_width = widen(origin_width, origin, ORIGIN_COLUMN_MAX);
	}
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		add_cell(out, bs_str_c(row->name), name_width);
		add_cell(out, text_of(row, config, scratch, out), value_width);
		add_cell(out, bs_str_c(config->origins[bs_setting_index(row)]), origin_width);
		bs_buf_addf(out, "%s\n", row->help);
	}
}

static bool is_keys(const struct bs_setting *row)
{
	return row->offset == offsetof(struct bs_provider_config, keys);
}

// Does the entry say anything of it?
static bool is_said(const struct bs_setting *row, const struct bs_provider_config *provider)
{
	if (is_keys(row))
		return provider->keys_set;
	if (row->type == BS_SETTING_STRING)
		return bs_value_string(row, provider) != NULL;
	if (row->type == BS_SETTING_STRINGS)
		return bs_value_strings(row, provider).count > 0;
	return bs_value_number(row, provider) != 0;
}

static void add_provider(const struct bs_cli *cli, const struct bs_provider_config *provider,
	struct bs_buf *scratch, struct bs_buf *out)
{
	bs_buf_addf(out, "providers.%s  (%s)\n", provider->name, provider->origin);
	for (const struct bs_setting *row = bs_provider_settings; row->name; row++) {
		if (!is_said(row, provider))
			continue; // the built-in table, or the general limit
		bs_buf_addf(out, "  %-12s  ", row->name);
		if (!is_keys(row))
			bs_buf_add(out, text_of(row, provider, scratch, out));
		else if (provider->keys.count == 0)
			bs_buf_add_c(out, "none: no credential is sent");
		for (size_t i = 0; is_keys(row) && i < provider->keys.count; i++)
			bs_buf_addf(out, "%s%s (%s)", i ? ", " : "", provider->keys.items[i],
				is_set(cli->environ, provider->keys.items[i]) ? "set" : "not set");
		bs_buf_add_char(out, '\n');
	}
}

// --- JSON

static void put_value(struct bs_json_writer *w, const struct bs_setting *row, const void *object)
{
	struct bs_strings list = {0};
	struct bs_buf text;
	switch (row->type) {
	case BS_SETTING_BOOL:
		bs_json_put_bool(w, bs_value_bool(row, object));
		return;
	case BS_SETTING_COUNT:
	case BS_SETTING_INTEGER:
		bs_json_put_i64(w, bs_value_number(row, object));
		return;
	case BS_SETTING_DURATION:
	case BS_SETTING_USD:
	case BS_SETTING_ENUM:
		bs_buf_init(&text, BS_SETTING_BYTES_MAX);
		bs_json_put_str(w, text_of(row, object, &text, w->buf));
		bs_buf_release(&text);
		return;
	case BS_SETTING_STRING:
		bs_json_put_c(w, bs_value_string(row, object));
		return;
	case BS_SETTING_STRINGS:
		list = bs_value_strings(row, object);
		bs_json_open(w, '[');
		for (size_t i = 0; i < list.count; i++)
			bs_json_put_c(w, list.items[i]);
		bs_json_close(w, ']');
		return;
	}
}

static void put_setting(struct bs_cli *cli, struct bs_json_writer *w, const struct bs_setting *row)
{
	char text[BS_SETTING_NAME_BYTES];
	bs_json_open(w, '{');
	bs_json_put_key(w, "name");
	bs_json_put_c(w, row->name);
	bs_json_put_key(w, "value");
	put_value(w, row, &cli->config);
	bs_json_put_key(w, "origin");
	bs_json_put_c(w, cli->config.origins[bs_setting_index(row)]);
	bs_json_put_key(w, "default");
	bs_json_put_c(w, row->preset);
	bs_json_put_key(w, "flag");
	bs_json_put_c(w, bs_setting_flag(row, text));
	bs_json_put_key(w, "variable");
	bs_json_put_c(w, bs_setting_variable(row, text));
	bs_json_put_key(w, "help");
	bs_json_put_c(w, row->help);
	bs_json_close(w, '}');
}

static void put_keys(struct bs_cli *cli, struct bs_json_writer *w, struct bs_strings keys)
{
	bs_json_open(w, '[');
	for (size_t i = 0; i < keys.count; i++) {
		bs_json_open(w, '{');
		bs_json_put_key(w, "name");
		bs_json_put_c(w, keys.items[i]);
		bs_json_put_key(w, "is_set");
		bs_json_put_bool(w, is_set(cli->environ, keys.items[i]));
		bs_json_close(w, '}');
	}
	bs_json_close(w, ']');
}

static void put_provider(
	struct bs_cli *cli, struct bs_json_writer *w, const struct bs_provider_config *provider)
{
	bs_json_open(w, '{');
	bs_json_put_key(w, "name");
	bs_json_put_c(w, provider->name);
	bs_json_put_key(w, "origin");
	bs_json_put_c(w, provider->origin);
	for (const struct bs_setting *row = bs_provider_settings; row->name; row++) {
		bs_json_put_key(w, row->name);
		if (!is_said(row, provider))
			bs_json_put_null(w);
		else if (is_keys(row))
			put_keys(cli, w, provider->keys);
		else
			put_value(w, row, provider);
	}
	bs_json_close(w, '}');
}

static void add_json(struct bs_cli *cli, struct bs_buf *out)
{
	struct bs_json_writer w;
	bs_json_writer_init(&w, out);
	w.ascii = true;
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "version");
	bs_json_put_i64(&w, 1);
	bs_json_put_key(&w, "settings");
	bs_json_open(&w, '[');
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		put_setting(cli, &w, row);
	bs_json_close(&w, ']');
	bs_json_put_key(&w, "providers");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < cli->config.providers_count; i++)
		put_provider(cli, &w, &cli->config.providers[i]);
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
	bs_buf_add_char(out, '\n');
}

int bs_cmd_config(struct bs_cli *cli)
{
	const char *document = bs_cli_option(cli, "docs");
	struct bs_buf out;
	bs_buf_init(&out, OUTPUT_BYTES_MAX);
	if (document) {
		struct bs_err err;
		if (bs_docs_print(document, cli->commands, &out))
			return bs_cli_print(&out);
		(void)bs_fail(&err, BS_USAGE, "--docs: there is no such document");
		return bs_cli_fail(&err);
	}
	bs_cli_print_notes(cli);
	if (cli->config.format == BS_FORMAT_JSON) {
		add_json(cli, &out);
		return bs_cli_print(&out);
	}
	struct bs_buf scratch;
	bs_buf_init(&scratch, OUTPUT_BYTES_MAX);
	add_settings(&cli->config, &scratch, &out);
	for (size_t i = 0; i < cli->config.providers_count; i++) {
		bs_buf_add_c(&out, i ? "" : "\n");
		add_provider(cli, &cli->config.providers[i], &scratch, &out);
	}
	bs_buf_release(&scratch);
	return bs_cli_print(&out);
}
