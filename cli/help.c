// SPDX-License-Identifier: MIT
// --help and --version, printed from the tables of commands and settings.
#include "cli/options.h"

#include <stdio.h>

#include "core/config/value.h"
#include "core/ext/http.h"
#include "core/ext/json.h"
#include "core/ext/regex.h"
#include "core/ext/yaml.h"

#define WIDTH 80
#define COLUMN 28 // where the sentences begin

void bs_options_wrap(struct bs_str text, size_t indent, size_t width, struct bs_buf *out)
{
	struct bs_str word;
	size_t used = indent;
	bool is_first = true;
	while (bs_str_split(&text, ' ', &word)) {
		size_t chars = bs_str_chars(word);
		if (!is_first && used + 1 + chars > width) {
			bs_buf_addf(out, "\n%*s", (int)indent, "");
			used = indent;
		} else if (!is_first) {
			bs_buf_add_char(out, ' ');
			used++;
		}
		bs_buf_add(out, word);
		used += chars;
		is_first = false;
	}
	bs_buf_add_char(out, '\n');
}

// "  -q, --quiet               Say nothing …"
static void add_entry(const char *left, struct bs_str sentence, struct bs_buf *out)
{
	size_t used = bs_str_chars(bs_str_c(left));
	bs_buf_add_c(out, left);
	if (used + 2 > COLUMN) {
		bs_buf_add_char(out, '\n');
		used = 0;
	}
	bs_buf_addf(out, "%*s", (int)(COLUMN - used), "");
	bs_options_wrap(sentence, COLUMN, WIDTH, out);
}

static void add_setting(const struct bs_setting *row, struct bs_buf *out)
{
	char flag[BS_SETTING_NAME_BYTES], left[128], sentence[512], letter[16] = "      ";
	bool takes_value = row->type != BS_SETTING_BOOL && row->type != BS_SETTING_COUNT;
	bool is_on = row->type == BS_SETTING_BOOL && strcmp(row->preset, "true") == 0;
	bool shows_default = row->preset && (takes_value || is_on);
	(void)bs_setting_flag(row, flag);
	if (row->letter)
		(void)snprintf(letter, sizeof(letter), "  -%c, ", row->letter);
	(void)snprintf(left, sizeof(left), "%s--%s%s%s%s", letter, is_on ? "[no-]" : "",
		flag + strlen("--"), takes_value ? " " : "", takes_value ? row->value : "");
	(void)snprintf(sentence, sizeof(sentence), "%s%s%s%s", row->help,
		shows_default ? " (default: " : "", shows_default ? row->preset : "",
		shows_default ? ")" : "");
	add_entry(left, bs_str_c(sentence), out);
}

static void add_group(enum bs_setting_group group, struct bs_buf *out)
{
	if (group == BS_GROUP_INSTALL) // no flags: the plugin's hooks read them
		return;
	bs_buf_addf(out, "\n%s:\n", bs_setting_group_title(group));
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		if (row->group == group)
			add_setting(row, out);
	if (group != BS_GROUP_OUTPUT)
		return;
	add_entry("  -h, --help", BS_LIT("Show this help."), out);
	add_entry(
		"      --version", BS_LIT("Show the versions of buildsum and its libraries."), out);
}

static void add_own_options(const struct bs_command *command, struct bs_buf *out)
{
	const struct bs_option *own = command->options;
	bool is_first = true;
	for (; own && own->name; own++) {
		char left[128];
		if (!own->help)
			continue;
		(void)snprintf(left, sizeof(left), "      --%s%s%s", own->name,
			own->value ? " " : "", own->value ? own->value : "");
		if (is_first)
			bs_buf_addf(out, "\nOptions of `buildsum %s`:\n", command->name);
		is_first = false;
		add_entry(left, bs_str_c(own->help), out);
	}
}

static void add_commands(const struct bs_command *commands, struct bs_buf *out)
{
	bs_buf_add_c(out, "\nCommands (buildsum COMMAND --help says more):\n");
	for (const struct bs_command *c = commands; c->run; c++) {
		char left[128];
		if (!c->name[0])
			continue;
		(void)snprintf(left, sizeof(left), "  %s", c->name);
		add_entry(left, bs_str_c(c->help), out);
	}
}

void bs_options_help(
	const struct bs_command *commands, const struct bs_command *command, struct bs_buf *out)
{
	bool is_main = command->name[0] == '\0';
	bs_buf_addf(
		out, "Usage: buildsum %s%s%s\n", command->name, is_main ? "" : " ", command->usage);
	bs_options_wrap(bs_str_c(command->help), 0, WIDTH, out);
	if (command->examples)
		bs_buf_addf(out, "\nExamples:\n%s", command->examples);
	if (is_main)
		add_commands(commands, out);
	add_own_options(command, out);
	for (enum bs_setting_group group = 0; group < BS_GROUP_COUNT; group++)
		if (group == BS_GROUP_OUTPUT || (command->groups & BS_GROUP_BIT(group)))
			add_group(group, out);
	bs_buf_add_c(out, "\nEvery option is also a variable (BUILDSUM_DEADLINE) and a key of the\n"
			  "configuration file; `buildsum config` lists them all.\n");
}

void bs_options_version(struct bs_buf *out)
{
	char http[64], regex[64];
	bs_buf_addf(out, "buildsum %s\n", BS_VERSION);
	bs_buf_addf(out, "libcurl %s\n", bs_http_version(http, sizeof(http)));
	bs_buf_addf(out, "PCRE2 %s\n", bs_regex_version(regex, sizeof(regex)));
	bs_buf_addf(out, "cJSON %s\n", bs_json_version());
	bs_buf_addf(out, "libyaml %s\n", bs_yaml_version());
}
