// SPDX-License-Identifier: MIT
// argv → command, flags, operands, by the tables of commands and settings.
#include "cli/options.h"

#include <assert.h>

#include "core/config/value.h"
#include "core/ext/file.h"

struct parse {
	const struct bs_command *commands;
	int argc, next;
	char *const *argv;
	struct bs_options options;
	bool command_is_settled; // an operand or a command's name was seen
	struct bs_err *err;
};

// --- unknown ones

static enum bs_status refuse_option(struct parse *p, struct bs_str name)
{
	char flag[BS_SETTING_NAME_BYTES], shown[BS_SHOWN_BYTES], best[BS_SETTING_NAME_BYTES] = "";
	struct bs_nearest nearest;
	bs_nearest_init(&nearest, name);
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		if (!(row->flags & BS_SETTING_OF_THE_HOOK) &&
			bs_nearest_offer(
				&nearest, bs_str_c(bs_setting_flag(row, flag) + strlen("--"))))
			(void)bs_setting_flag(row, best);
	const struct bs_option *own = p->options.command->options;
	for (; own && own->name; own++)
		if (bs_nearest_offer(&nearest, bs_str_c(own->name)))
			best[0] = '\0';
	(void)bs_shown(name, shown);
	if (best[0])
		return bs_fail(
			p->err, BS_USAGE, "--%s: no such option; did you mean %s?", shown, best);
	if (nearest.best.ptr)
		return bs_fail(p->err, BS_USAGE, "--%s: no such option; did you mean --%.*s?",
			shown, BS_FMT(nearest.best));
	return bs_fail(
		p->err, BS_USAGE, "--%s: no such option; `buildsum --help` lists them", shown);
}

// A first operand that is no file, but nearly a command.
static enum bs_status check_mistyped(struct parse *p, const char *operand)
{
	struct bs_nearest nearest;
	if (strcmp(operand, "-") == 0 || strpbrk(operand, "/.") || bs_file_exists(operand))
		return BS_OK;
	bs_nearest_init(&nearest, bs_str_c(operand));
	for (const struct bs_command *c = p->commands; c->run; c++)
		(void)bs_nearest_offer(&nearest, bs_str_c(c->name));
	if (!nearest.best.ptr || !nearest.best.len)
		return BS_OK; // the command says that there is no such file
	char shown[BS_SHOWN_BYTES];
	return bs_fail(p->err, BS_USAGE,
		"%s: no such file or command; did you mean `buildsum %.*s`?",
		bs_shown(bs_str_c(operand), shown), BS_FMT(nearest.best));
}

// --- settings

static void add_flag(struct parse *p, const struct bs_setting *row, const char *text)
{
	p->options.flags[p->options.flags_count++] = (struct bs_config_flag){row, text};
}

// "1", "2", … for the flag's first, second … time, up to what the setting allows.
static void count_flag(struct parse *p, const struct bs_setting *row)
{
	static const char *const times[] = {"1", "2", "3"};
	size_t seen = 0, times_max = sizeof(times) / sizeof(times[0]);
	assert(row->max == (int64_t)times_max);
	for (size_t i = 0; i < p->options.flags_count; i++)
		seen += p->options.flags[i].setting == row;
	add_flag(p, row, times[seen < times_max ? seen : times_max - 1]);
}

static enum bs_status need_value(
	struct parse *p, const char *flag, const char *value, const char **ret_text)
{
	if (p->next == p->argc)
		return bs_fail(p->err, BS_USAGE, "%s: expected a value: %s %s", flag, flag, value);
	*ret_text = p->argv[p->next++];
	return BS_OK;
}

// `text` is what stands after '=', or NULL.
static enum bs_status take_setting(struct parse *p, const struct bs_setting *row, const char *text)
{
	char flag[BS_SETTING_NAME_BYTES];
	enum bs_status status = BS_OK;
	if (!text && row->type == BS_SETTING_COUNT) {
		count_flag(p, row);
		return BS_OK;
	}
	if (!text && row->type == BS_SETTING_BOOL)
		text = "true";
	else if (!text)
		status = need_value(p, bs_setting_flag(row, flag), row->value, &text);
	if (status == BS_OK)
		add_flag(p, row, text);
	return status;
}

// --- one argument

// The command's own option by its name; false: it has none of that name.
static bool take_own(
	struct parse *p, struct bs_str name, const char *text, enum bs_status *ret_status)
{
	const struct bs_option *own = p->options.command->options;
	for (size_t i = 0; own && own[i].name; i++) {
		if (!bs_str_eq_c(name, own[i].name))
			continue;
		*ret_status = BS_OK;
		if (text && !own[i].value)
			*ret_status = bs_fail(
				p->err, BS_USAGE, "--%s: takes no value", own[i].name);
		else if (!text && own[i].value && p->next == p->argc)
			*ret_status = bs_fail(p->err, BS_USAGE, "--%s: expected a value: --%s %s",
				own[i].name, own[i].name, own[i].value);
		else if (!text)
			text = own[i].value ? p->argv[p->next++] : "";
		if (*ret_status == BS_OK)
			p->options.values[i] = text;
		return true;
	}
	return false;
}

static enum bs_status take_long(struct parse *p, const char *arg)
{
	struct bs_str name = bs_str_c(arg + strlen("--"));
	size_t equals = bs_str_find_char(name, '=');
	const char *text = equals == SIZE_MAX ? NULL : name.ptr + equals + 1;
	enum bs_status status = BS_OK;
	name = bs_str_sub(name, 0, equals);
	bool *switches[] = {&p->options.help, &p->options.version};
	static const char *const switch_names[] = {"help", "version"};
	for (size_t i = 0; i < 2; i++)
		if (bs_str_eq_c(name, switch_names[i]) && !text) {
			*switches[i] = true;
			return BS_OK;
		}
	if (take_own(p, name, text, &status))
		return status;
	const struct bs_setting *row = bs_setting_by_flag(name);
	if (row)
		return take_setting(p, row, text);
	if (bs_str_starts(name, BS_LIT("no-")))
		row = bs_setting_by_flag(bs_str_from(name, strlen("no-")));
	if (!row || row->type != BS_SETTING_BOOL || text)
		return refuse_option(p, name);
	add_flag(p, row, "false");
	return BS_OK;
}

static enum bs_status take_letters(struct parse *p, const char *arg)
{
	for (const char *c = arg + 1; *c; c++) {
		const struct bs_setting *row = bs_setting_by_letter(*c);
		if (*c == 'h') {
			p->options.help = true;
			continue;
		}
		if (!row) {
			char shown[BS_SHOWN_BYTES];
			return bs_fail(p->err, BS_USAGE,
				"-%s: no such option; `buildsum --help` lists them",
				bs_shown(bs_str(c, 1), shown));
		}
		enum bs_status status = take_setting(p, row, NULL);
		if (status != BS_OK)
			return status;
	}
	return BS_OK;
}

static const struct bs_command *find_command(const struct bs_command *commands, const char *name)
{
	for (const struct bs_command *c = commands; c->run; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static enum bs_status take_operand(struct parse *p, char *operand, bool is_literal)
{
	const struct bs_command *named = p->command_is_settled || is_literal
						 ? NULL
						 : find_command(p->commands, operand);
	bool is_first = !p->command_is_settled;
	p->command_is_settled = true;
	if (named && named->name[0]) {
		p->options.command = named;
		return BS_OK;
	}
	if (is_first && !is_literal) {
		enum bs_status status = check_mistyped(p, operand);
		if (status != BS_OK)
			return status;
	}
	p->options.operands[p->options.operands_count++] = operand;
	return BS_OK;
}

// --- the whole

// Room for whatever argv can hold: each letter may be a flag, each argument an operand.
static enum bs_status make_room(struct parse *p, struct bs_arena *arena)
{
	size_t flags_max = 1, values_max = 1;
	for (int i = 1; i < p->argc; i++)
		flags_max += p->argv[i][0] == '-' && p->argv[i][1] != '-' ? strlen(p->argv[i]) : 1;
	for (const struct bs_command *c = p->commands; c->run; c++)
		for (size_t i = 0; c->options && c->options[i].name; i++)
			values_max = i + 2 > values_max ? i + 2 : values_max;
	p->options.flags = BS_NEW_ARRAY(arena, struct bs_config_flag, flags_max);
	p->options.values = BS_NEW_ARRAY(arena, const char *, values_max);
	p->options.operands = BS_NEW_ARRAY(arena, char *, (size_t)p->argc + 1);
	if (!p->options.flags || !p->options.values || !p->options.operands)
		return bs_fail_nomem(p->err);
	return BS_OK;
}

enum bs_status bs_options_parse(const struct bs_command *commands, int argc, char *const argv[],
	struct bs_arena *arena, struct bs_options *ret_options, struct bs_err *err)
{
	struct parse p = {.commands = commands, .argc = argc, .next = 1, .argv = argv, .err = err};
	p.options.command = find_command(commands, "");
	assert(p.options.command);
	enum bs_status status = make_room(&p, arena);
	bool options_ended = false;
	while (status == BS_OK && p.next < argc) {
		char *arg = argv[p.next++];
		if (options_ended || arg[0] != '-' || arg[1] == '\0') {
			status = take_operand(&p, arg, options_ended);
			options_ended = options_ended || (p.options.command->takes_command &&
								 p.options.operands_count > 0);
		} else if (strcmp(arg, "--") == 0) {
			options_ended = true;
		} else if (arg[1] == '-') {
			status = take_long(&p, arg);
		} else {
			status = take_letters(&p, arg);
		}
	}
	if (status != BS_OK)
		return status;
	if (!p.options.command->takes_command &&
		p.options.operands_count > p.options.command->operands_max) {
		char shown[BS_SHOWN_BYTES];
		const char *extra = p.options.operands[p.options.command->operands_max];
		return bs_fail(err, BS_USAGE, "%s: one argument too many; expected buildsum %s%s%s",
			bs_shown(bs_str_c(extra), shown), p.options.command->name,
			p.options.command->name[0] ? " " : "", p.options.command->usage);
	}
	*ret_options = p.options;
	return BS_OK;
}
