// SPDX-License-Identifier: MIT
// `buildsum drill`: a game day on the user's own route, or with --live one request to each real
// route.
#include <unistd.h>

#include "cli/commands.h"
#include "cli/show.h"
#include "core/config/duration.h"
#include "core/drill/drill.h"
#include "core/drill/live.h"
#include "core/ext/file.h"
#include "core/text/clean.h"

#define RUNS_DEFAULT 5
#define LATENCY_MS_DEFAULT 100
#define LATENCY_MS_MAX 10000
#define LOG_BYTES_MAX (8 * 1024 * 1024)
#define PAGE_BYTES_MAX (32 * 1024 * 1024)
#define SCENARIOS_MAX 64
#define JOBS_MAX 8

const struct bs_option bs_cmd_drill_options[] = {
	{"runs", "N", "Runs of each scenario, in one outage (5; 1 to 100)."},
	{"scenario", "NAMES",
		"Only these, with commas between them; NAME='* status=503' makes one of your own."},
	{"latency", "DURATION", "How long a healthy provider takes (100ms)."},
	{"html", "FILE", "Write a page with every attempt drawn on a time line."},
	{"live", NULL, "Ask each real route once, alone, and say whether it keeps the schema."},
	{"list", NULL, "Name the scenarios; play none."},
	{NULL, NULL, NULL},
};

struct game {
	struct bs_cli *cli;
	struct bs_drill_options options;
	const struct bs_drill_scenario *scenarios[SCENARIOS_MAX];
	bool shown; // a line of progress stands on the terminal
};

// --- the options

static enum bs_status read_runs(struct game *game, struct bs_err *err)
{
	const char *text = bs_cli_option(game->cli, "runs");
	uint64_t runs = RUNS_DEFAULT;
	if (text && (!bs_str_to_u64(bs_str_c(text), &runs) || runs < 1 || runs > BS_DRILL_RUNS_MAX))
		return bs_fail(err, BS_USAGE, "--runs: a whole number from 1 to %d, not \"%s\"",
			BS_DRILL_RUNS_MAX, text);
	game->options.runs = (size_t)runs;
	return BS_OK;
}

static enum bs_status read_latency(struct game *game, struct bs_err *err)
{
	const char *text = bs_cli_option(game->cli, "latency");
	game->options.latency_ms = LATENCY_MS_DEFAULT;
	if (text && (!bs_duration_parse(bs_str_c(text), &game->options.latency_ms) ||
			    game->options.latency_ms > LATENCY_MS_MAX))
		return bs_fail(err, BS_USAGE,
			"--latency: a duration of at most 10s, such as 100ms, not \"%s\"", text);
	return BS_OK;
}

static enum bs_status add_scenario(struct game *game, struct bs_str text, struct bs_err *err)
{
	if (game->options.scenarios_count == SCENARIOS_MAX)
		return bs_fail(err, BS_USAGE, "--scenario: more than %d", SCENARIOS_MAX);
	enum bs_status status = bs_drill_scenario_find(
		text, game->cli->arena, &game->scenarios[game->options.scenarios_count], err);
	game->options.scenarios_count += status == BS_OK;
	return status;
}

static enum bs_status read_scenarios(struct game *game, struct bs_err *err)
{
	const char *text = bs_cli_option(game->cli, "scenario");
	struct bs_str rest = bs_str_c(text), name;
	enum bs_status status = BS_OK;
	game->options.scenarios = game->scenarios;
	if (text && bs_str_find_char(rest, '=') != SIZE_MAX) // a line of script has its own commas
		return add_scenario(game, rest, err);
	while (status == BS_OK && text && bs_str_split(&rest, ',', &name))
		status = add_scenario(game, bs_str_trim(name), err);
	const struct bs_drill_scenario *row;
	for (size_t i = 0; !text && (row = bs_drill_scenario_at(i)); i++)
		game->scenarios[game->options.scenarios_count++] = row;
	return status;
}

static enum bs_status read_log(struct game *game, struct bs_err *err)
{
	game->options.log = bs_drill_sample_log;
	if (game->cli->operands_count == 0)
		return BS_OK;
	return bs_file_load(
		game->cli->operands[0], LOG_BYTES_MAX, game->cli->arena, &game->options.log, err);
}

// Writes an empty page first: a game day that cannot be kept is told before it is played.
static enum bs_status try_page(const struct game *game, struct bs_err *err)
{
	const char *page = bs_cli_option(game->cli, "html");
	return page ? bs_file_replace(page, BS_LIT(""), 0644, err) : BS_OK;
}

static enum bs_status check_live(const struct game *game, struct bs_err *err)
{
	static const char *const others[] = {"runs", "scenario", "latency", "html"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (bs_cli_option(game->cli, others[i]))
			return bs_fail(err, BS_USAGE,
				"--%s: nothing is played with --live, which asks each route once",
				others[i]);
	return BS_OK;
}

static enum bs_status read_options(struct game *game, struct bs_err *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	game->options.config = &game->cli->config;
	game->options.environ = game->cli->environ;
	game->options.cancelled = game->cli->cancelled;
	game->options.diag = game->cli->diag;
	game->options.jobs = processors < 1          ? 1
			     : processors > JOBS_MAX ? JOBS_MAX
						     : (size_t)processors;
	enum bs_status status = read_runs(game, err);
	if (status == BS_OK)
		status = read_latency(game, err);
	if (status == BS_OK)
		status = read_scenarios(game, err);
	if (status == BS_OK)
		status = read_log(game, err);
	if (status == BS_OK)
		status = bs_cli_option(game->cli, "live") ? check_live(game, err)
							  : try_page(game, err);
	return status;
}

// --- progress

static void say(struct bs_str text)
{
	enum bs_status status = bs_file_write(STDERR_FILENO, text, "standard error", NULL);
	(void)status; // progress that cannot be shown changes nothing
}

static void show_progress(void *ctx, const struct bs_drill_result *result, size_t done, size_t all)
{
	struct game *game = ctx;
	struct bs_buf line;
	if (game->cli->config.quiet || !isatty(STDERR_FILENO))
		return;
	bs_buf_init(&line, 1000);
	bs_buf_addf(&line, "\r\033[K%zu of %zu scenarios played: %s %s", done, all,
		result->scenario->name, bs_drill_verdict_id(result->verdict));
	say(bs_buf_str(&line));
	game->shown = true;
	bs_buf_release(&line);
}

// --- what comes of it

static enum bs_status write_page(const struct bs_drill *drill, const char *path, struct bs_err *err)
{
	struct bs_buf page;
	bs_buf_init(&page, PAGE_BYTES_MAX);
	bs_drill_print_html(drill, &page);
	enum bs_status status = bs_buf_status(&page, "the page", err);
	if (status == BS_OK)
		status = bs_file_replace(path, bs_buf_str(&page), 0644, err);
	bs_buf_release(&page);
	return status;
}

static int show(struct game *game, const struct bs_drill *drill)
{
	struct bs_err err;
	struct bs_buf out;
	const char *page = bs_cli_option(game->cli, "html");
	bs_buf_init(&out, PAGE_BYTES_MAX);
	switch (game->cli->config.format) {
	case BS_FORMAT_TEXT:
		bs_drill_print_text(drill, bs_show_terminal(game->cli, STDOUT_FILENO), &out);
		break;
	case BS_FORMAT_MARKDOWN:
		bs_drill_print_markdown(drill, &out);
		break;
	case BS_FORMAT_JSON:
		bs_drill_print_json(drill, &out);
		break;
	}
	int exit_status = bs_cli_print(&out);
	if (page && write_page(drill, page, &err) != BS_OK)
		exit_status = bs_cli_fail(&err);
	for (size_t i = 0; exit_status == BS_EXIT_OK && i < drill->results_count; i++)
		if (bs_drill_failed(&drill->results[i]))
			exit_status = BS_EXIT_FAILED;
	return exit_status;
}

// --- the real ones

static void show_asking(void *ctx, const char *route)
{
	struct game *game = ctx;
	struct bs_buf line;
	if (game->cli->config.quiet || !isatty(STDERR_FILENO))
		return;
	bs_buf_init(&line, 1000);
	bs_buf_add_c(&line, "\r\033[Kasking ");
	bs_clean_inline(bs_str_c(route), &line);
	bs_buf_add_c(&line, " …");
	say(bs_buf_str(&line));
	game->shown = true;
	bs_buf_release(&line);
}

static int show_live(struct game *game, const struct bs_live *live)
{
	struct bs_buf out;
	bs_buf_init(&out, PAGE_BYTES_MAX);
	switch (game->cli->config.format) {
	case BS_FORMAT_TEXT:
		bs_live_print_text(live, bs_show_terminal(game->cli, STDOUT_FILENO).color, &out);
		break;
	case BS_FORMAT_MARKDOWN:
		bs_live_print_markdown(live, &out);
		break;
	case BS_FORMAT_JSON:
		bs_live_print_json(live, &out);
		break;
	}
	int exit_status = bs_cli_print(&out);
	for (size_t i = 0; exit_status == BS_EXIT_OK && i < live->asked_count; i++)
		if (bs_live_verdict_of(&live->runs[i]) >= BS_LIVE_BREAKS)
			exit_status = BS_EXIT_FAILED;
	return exit_status;
}

static int ask_live(struct game *game)
{
	struct bs_err err;
	struct bs_live *live = NULL;
	enum bs_status status = bs_live_ask(
		&game->options, show_asking, game, game->cli->arena, &live, &err);
	if (game->shown)
		say(BS_LIT("\r\033[K"));
	bs_cli_print_notes(game->cli);
	return status == BS_OK ? show_live(game, live) : bs_cli_fail(&err);
}

static int list(void)
{
	struct bs_buf out;
	const struct bs_drill_scenario *row;
	bs_buf_init(&out, PAGE_BYTES_MAX);
	for (size_t i = 0; (row = bs_drill_scenario_at(i)); i++)
		bs_buf_addf(&out, "%-18s %s\n", row->name, row->about);
	return bs_cli_print(&out);
}

int bs_cmd_drill(struct bs_cli *cli)
{
	struct bs_err err;
	struct game game = {.cli = cli};
	struct bs_drill drill = {.results = NULL};
	if (bs_cli_option(cli, "list"))
		return list();
	game.options.progress = show_progress;
	game.options.progress_ctx = &game;
	enum bs_status status = read_options(&game, &err);
	if (status == BS_OK && bs_cli_option(cli, "live"))
		return ask_live(&game);
	if (status == BS_OK)
		status = bs_drill_play(&drill, &game.options, cli->arena, &err);
	if (game.shown)
		say(BS_LIT("\r\033[K"));
	bs_cli_print_notes(cli);
	int exit_status = status == BS_OK ? show(&game, &drill) : bs_cli_fail(&err);
	bs_drill_release(&drill);
	return exit_status;
}
