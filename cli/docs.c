// SPDX-License-Identifier: MIT
// The documents that are written from the tables; .ci/docs puts them where they belong.
#include "cli/docs.h"

#include <inttypes.h>

#include "core/config/value.h"

// --- the man page (roff: man(7))

// Text in which roff sees nothing of its own.
static void add_roff(struct bs_buf *out, const char *text)
{
	static const struct {
		const char *plain, *roff;
	} special[] = {{"\\", "\\e"}, {"-", "\\-"}, {"…", "..."}};
	for (struct bs_str rest = bs_str_c(text); rest.len;) {
		struct bs_str plain = bs_str_sub(rest, 0, 1), roff = plain;
		for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
			if (bs_str_starts(rest, bs_str_c(special[i].plain))) {
				plain = bs_str_c(special[i].plain);
				roff = bs_str_c(special[i].roff);
			}
		bs_buf_add(out, roff);
		rest = bs_str_from(rest, plain.len);
	}
}

static bool takes_value(const struct bs_setting *row)
{
	return row->type != BS_SETTING_BOOL && row->type != BS_SETTING_COUNT;
}

static void add_man_setting(const struct bs_setting *row, struct bs_buf *out)
{
	char text[BS_SETTING_NAME_BYTES];
	bs_buf_add_c(out, ".TP\n\\fB");
	if (row->letter)
		bs_buf_addf(out, "\\-%c\\fR, \\fB", row->letter);
	bool of_the_hook = row->flags & BS_SETTING_OF_THE_HOOK;
	add_roff(out, of_the_hook ? row->name : bs_setting_flag(row, text));
	bs_buf_add_c(out, "\\fR");
	if (takes_value(row)) {
		bs_buf_add_c(out, " \\fI");
		add_roff(out, row->value);
		bs_buf_add_c(out, "\\fR");
	}
	bs_buf_add_char(out, '\n');
	add_roff(out, row->help);
	bs_buf_add_c(out, "\n.br\n");
	if (of_the_hook)
		bs_buf_add_c(out, "A property of the plugin, or variable ");
	else if (!(row->flags & BS_SETTING_NOT_IN_FILES))
		bs_buf_addf(out, "Key \\fB%s\\fR, variable ", row->name);
	else
		bs_buf_add_c(out, "Variable ");
	bs_buf_addf(out, "\\fB%s\\fR", bs_setting_variable(row, text));
	if (row->preset)
		bs_buf_addf(out, ", default \\fB%s\\fR", row->preset);
	bs_buf_add_c(out, ".\n");
}

static void print_man_options(const struct bs_command *commands, struct bs_buf *out)
{
	(void)commands;
	for (enum bs_setting_group group = 0; group < BS_GROUP_COUNT; group++) {
		bs_buf_addf(out, ".SS %s\n", bs_setting_group_title(group));
		for (const struct bs_setting *row = bs_settings; row->name; row++)
			if (row->group == group)
				add_man_setting(row, out);
	}
	bs_buf_add_c(out, ".SS A provider\nUnder \\fBproviders\\fR in a file or in the plugin's "
			  "properties stands a mapping of a name to these keys:\n");
	for (const struct bs_setting *row = bs_provider_settings; row->name; row++) {
		bs_buf_addf(out, ".TP\n\\fB%s\\fR\n", row->name);
		add_roff(out, row->help);
		bs_buf_add_char(out, '\n');
	}
}

static void print_man_commands(const struct bs_command *commands, struct bs_buf *out)
{
	for (const struct bs_command *c = commands; c->run; c++) {
		bs_buf_addf(out, ".TP\n\\fBbuildsum%s%s\\fR ", c->name[0] ? " " : "", c->name);
		add_roff(out, c->usage);
		bs_buf_add_char(out, '\n');
		add_roff(out, c->help);
		bs_buf_add_char(out, '\n');
		for (const struct bs_option *own = c->options; own && own->name; own++) {
			if (!own->help)
				continue;
			bs_buf_addf(out, ".br\n\\fB\\-\\-%s\\fR ", own->name);
			if (own->value)
				bs_buf_addf(out, "\\fI%s\\fR ", own->value);
			add_roff(out, own->help);
			bs_buf_add_char(out, '\n');
		}
	}
}

// --- plugin.yml (buildkite.com/docs/plugins/writing: configuration is a JSON schema)

static void add_words(const struct bs_word *words, struct bs_buf *out)
{
	bs_buf_add_c(out, "[");
	for (const struct bs_word *w = words; w->word; w++) // quoted: YAML 1.1 reads off as false
		bs_buf_addf(out, "%s\"%s\"", w == words ? "" : ", ", w->word);
	bs_buf_add_c(out, "]");
}

// The row's schema at this indent; `name` is its last part.
static void add_property(
	const struct bs_setting *row, const char *name, int indent, struct bs_buf *out)
{
	static const char *const types[] = {
		[BS_SETTING_BOOL] = "boolean",
		[BS_SETTING_COUNT] = "integer",
		[BS_SETTING_INTEGER] = "integer",
		[BS_SETTING_DURATION] = "string",
		[BS_SETTING_USD] = "[number, string]",
		[BS_SETTING_ENUM] = "string",
		[BS_SETTING_STRING] = "string",
		[BS_SETTING_STRINGS] = "array",
	};
	bs_buf_addf(out, "%*s%s:\n", indent, "", name);
	indent += 2;
	// no quotes and no ": " stand in the sentences that a plain scalar could not hold
	bs_buf_addf(out, "%*sdescription: \"", indent, "");
	for (const char *c = row->help; *c; c++)
		bs_buf_addf(out, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	bs_buf_addf(out, "\"\n%*stype: %s\n", indent, "",
		row->flags & BS_SETTING_MAPPING ? "[array, object]" : types[row->type]);
	if (row->type == BS_SETTING_COUNT || row->type == BS_SETTING_INTEGER)
		bs_buf_addf(out, "%*sminimum: %" PRId64 "\n%*smaximum: %" PRId64 "\n", indent, "",
			row->min, indent, "", row->max);
	if (row->type == BS_SETTING_STRINGS)
		bs_buf_addf(out, "%*sitems:\n%*stype: string\n", indent, "", indent + 2, "");
	if (row->words && row->type != BS_SETTING_DURATION && row->type != BS_SETTING_USD) {
		bs_buf_addf(out, "%*senum: ", indent, "");
		add_words(row->words, out);
		bs_buf_add_char(out, '\n');
	}
}

static void add_closed_object(int indent, struct bs_buf *out)
{
	bs_buf_addf(out, "%*stype: object\n%*sadditionalProperties: false\n%*sproperties:\n",
		indent, "", indent, "", indent, "");
}

static void print_plugin(const struct bs_command *commands, struct bs_buf *out)
{
	struct bs_str group = BS_LIT("");
	(void)commands;
	bs_buf_add_c(out, "# SPDX-License-Identifier: MIT\n"
			  "# Written by `make docs` from core/config/settings.c. Do not edit.\n"
			  "name: buildsum\n"
			  "description: Says in a few lines why a job failed, on the build's page\n"
			  "author: the buildsum authors\n"
			  "requirements: []\n"
			  "configuration:\n"
			  "  additionalProperties: false\n"
			  "  required: []\n"
			  "  properties:\n");
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		struct bs_str name = bs_str_c(row->name);
		size_t dot = bs_str_find_char(name, '.');
		if (row->flags & BS_SETTING_NOT_IN_FILES)
			continue;
		if (dot == SIZE_MAX) {
			add_property(row, row->name, 4, out);
			continue;
		}
		if (!bs_str_eq(group, bs_str_sub(name, 0, dot))) {
			group = bs_str_sub(name, 0, dot);
			bs_buf_addf(out, "    %.*s:\n", BS_FMT(group));
			add_closed_object(6, out);
		}
		add_property(row, row->name + dot + 1, 8, out);
	}
	bs_buf_add_c(out,
		"    providers:\n"
		"      description: \"Providers beside or over the built-in ones, by name.\"\n"
		"      type: object\n"
		"      additionalProperties:\n");
	add_closed_object(8, out);
	for (const struct bs_setting *row = bs_provider_settings; row->name; row++)
		add_property(row, row->name, 10, out);
}

// --- the README

static void add_markdown_row(const struct bs_setting *row, const char *prefix, struct bs_buf *out)
{
	bs_buf_addf(out, "| `%s%s` | ", prefix, row->name);
	bs_buf_addf(out, row->preset ? "`%s` | " : "%s| ", row->preset ? row->preset : "");
	for (const char *c = row->help; *c; c++) {
		if (*c == '|' || *c == '*')
			bs_buf_add_char(out, '\\');
		bs_buf_add_char(out, *c);
	}
	bs_buf_add_c(out, " |\n");
}

static void print_markdown(const struct bs_command *commands, struct bs_buf *out)
{
	(void)commands;
	bs_buf_add_c(out, "| setting | default | what it does |\n|---|---|---|\n");
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		add_markdown_row(row, "", out);
	for (const struct bs_setting *row = bs_provider_settings; row->name; row++)
		add_markdown_row(row, "providers.NAME.", out);
}

bool bs_docs_print(const char *name, const struct bs_command *commands, struct bs_buf *out)
{
	static const struct {
		const char *name;
		void (*print)(const struct bs_command *commands, struct bs_buf *out);
	} documents[] = {{"man-options", print_man_options}, {"man-commands", print_man_commands},
		{"plugin", print_plugin}, {"markdown", print_markdown}};
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		if (strcmp(name, documents[i].name) == 0) {
			documents[i].print(commands, out);
			return true;
		}
	return false;
}
