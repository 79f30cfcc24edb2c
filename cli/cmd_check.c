// SPDX-License-Identifier: MIT
// `buildsum check`: explains the effective configuration and what is wrong with it; with --live
// every route is asked as well.
#include "cli/check.h"
#include "cli/commands.h"

#define OUTPUT_BYTES_MAX (4 * 1024 * 1024)

const struct bs_option bs_cmd_check_options[] = {
	{"live", NULL,
		"Ask each route for one small summary, alone; exits with 1 when one does not answer."},
	{NULL, NULL, NULL},
};

int bs_cmd_check(struct bs_cli *cli)
{
	struct bs_err err;
	struct bs_buf out;
	struct bs_check *check = BS_NEW(cli->arena, struct bs_check);
	enum bs_status status = check ? BS_OK : bs_fail_nomem(&err);
	if (status == BS_OK) {
		check->cli = cli;
		status = bs_check_find(check, &err);
	}
	if (status == BS_OK && bs_cli_option(cli, "live"))
		status = bs_check_ask_live(check, &err);
	if (status != BS_OK)
		return bs_cli_fail(&err);
	bs_buf_init(&out, OUTPUT_BYTES_MAX);
	if (cli->config.format == BS_FORMAT_JSON)
		bs_check_put_json(check, &out);
	else
		bs_check_put_text(check, &out);
	int printed = bs_cli_print(&out);
	if (printed != BS_EXIT_OK)
		return printed;
	if (check->problems_count)
		return BS_EXIT_USAGE;
	return check->answered_count < check->asked_count ? BS_EXIT_FAILED : BS_EXIT_OK;
}
