// SPDX-License-Identifier: MIT
// `buildsum rules [list|test|show ID]`: the rule packs, and every rule's own examples.
#include "cli/commands.h"
#include "core/rules/pack.h"

#define OUTPUT_BYTES_MAX (4 * 1024 * 1024)

struct view {
	struct bs_cli *cli;
	struct bs_rules rules;
	struct bs_buf out;
	size_t failed_count;
};

static const char *role_of(const struct bs_rule *rule)
{
	static const char *const names[] = {
#define X(name, id) [name] = id,
		BS_ROLES(X)
#undef X
	};
	return names[rule->role];
}

static int list(struct view *view)
{
	size_t width = 0;
	for (size_t i = 0; i < view->rules.rules_count; i++)
		if (strlen(view->rules.rules[i]->id) > width)
			width = strlen(view->rules.rules[i]->id);
	for (size_t i = 0; i < view->rules.rules_count; i++) {
		const struct bs_rule *rule = view->rules.rules[i];
		bs_buf_addf(&view->out, "%-*s  %-7s  %3u  %-14s  %s\n", (int)width, rule->id,
			role_of(rule), rule->weight, bs_category_id(rule->category), rule->place);
	}
	return bs_cli_print(&view->out);
}

static void show_fail(
	void *ctx, const struct bs_rule *rule, const struct bs_example *example, bool should_match)
{
	struct view *view = ctx;
	struct bs_str place = bs_str_c(rule->place);
	view->failed_count++;
	bs_buf_addf(&view->out, "%.*s:%u:%u: %s %s: %.*s\n", (int)bs_str_find_char(place, ':'),
		rule->place, example->line, example->column, rule->id,
		should_match ? "does not match" : "matches", BS_FMT(example->text));
}

static int test(struct view *view)
{
	struct bs_err err;
	size_t tried = 0;
	enum bs_status status = bs_rules_test(&view->rules, show_fail, view, &tried, &err);
	if (status != BS_OK)
		return bs_cli_fail(&err);
	bs_buf_addf(&view->out, "%zu rules, %zu examples, %zu failed\n", view->rules.rules_count,
		tried, view->failed_count);
	int exit_status = bs_cli_print(&view->out);
	return exit_status == BS_EXIT_OK && view->failed_count ? BS_EXIT_FAILED : exit_status;
}

static void add_examples(struct bs_buf *out, const char *label, const struct bs_example *example)
{
	for (; example; example = example->next)
		bs_buf_addf(out, "%-9s %.*s\n", label, BS_FMT(example->text));
}

static int show(struct view *view)
{
	struct bs_err err;
	const char *id = view->cli->operands_count > 1 ? view->cli->operands[1] : "";
	for (size_t i = 0; i < view->rules.rules_count; i++) {
		const struct bs_rule *rule = view->rules.rules[i];
		if (strcmp(rule->id, id) != 0)
			continue;
		bs_buf_addf(&view->out,
			"%-9s %s\n%-9s %s (%s)\n%-9s %s\n%-9s %u\n%-9s %s\n%-9s %.*s\n", "id",
			rule->id, "pack", rule->pack, rule->place, "role", role_of(rule), "weight",
			rule->weight, "category", bs_category_id(rule->category), "match",
			BS_FMT(rule->match));
		if (rule->unless.len)
			bs_buf_addf(&view->out, "%-9s %.*s\n", "unless", BS_FMT(rule->unless));
		if (rule->block_while.len)
			bs_buf_addf(&view->out, "%-9s %.*s\n", "while", BS_FMT(rule->block_while));
		if (rule->block_until.len)
			bs_buf_addf(&view->out, "%-9s %.*s\n", "until", BS_FMT(rule->block_until));
		if (rule->said_before)
			bs_buf_addf(&view->out, "%-9s the line before\n", "message");
		bs_buf_addf(&view->out, "%-9s %u before, %u after, a block of %u at most\n",
			"lines", rule->before, rule->after, rule->lines_max);
		add_examples(&view->out, "matches", rule->matches);
		add_examples(&view->out, "ignores", rule->ignores);
		return bs_cli_print(&view->out);
	}
	(void)bs_fail(&err, BS_USAGE,
		"rules show: there is no rule \"%s\"; `buildsum rules list` names them", id);
	return bs_cli_fail(&err);
}

static const struct {
	const char *name;
	int (*run)(struct view *view);
} verbs[] = {
	{"list", list},
	{"test", test},
	{"show", show},
};

int bs_cmd_rules(struct bs_cli *cli)
{
	struct bs_err err;
	struct view view = {.cli = cli};
	const char *wanted = cli->operands_count ? cli->operands[0] : "list";
	int exit_status = BS_EXIT_USAGE;
	bool found = false;
	bs_buf_init(&view.out, OUTPUT_BYTES_MAX);
	enum bs_status status = bs_rules_load(
		&view.rules, cli->config.rules.items, cli->config.rules.count, cli->arena, &err);
	for (size_t i = 0; status == BS_OK && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, wanted) != 0)
			continue;
		exit_status = verbs[i].run(&view);
		found = true;
	}
	if (status == BS_OK && !found)
		status = bs_fail(&err, BS_USAGE,
			"rules: expected list, test or show ID, got \"%s\"", wanted);
	if (status != BS_OK)
		exit_status = bs_cli_fail(&err);
	bs_buf_release(&view.out);
	bs_rules_release(&view.rules);
	return exit_status;
}
