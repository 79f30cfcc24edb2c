// SPDX-License-Identifier: MIT
// `buildsum check`: explains the effective configuration and what is wrong with it; asks nobody.
#include "cli/check.h"
#include "cli/commands.h"

#define OUTPUT_BYTES_MAX (4 * 1024 * 1024)

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
	if (status != BS_OK)
		return bs_cli_fail(&err);
	bs_buf_init(&out, OUTPUT_BYTES_MAX);
	if (cli->config.format == BS_FORMAT_JSON)
		bs_check_put_json(check, &out);
	else
		bs_check_put_text(check, &out);
	int printed = bs_cli_print(&out);
	return printed == BS_EXIT_OK && check->problems_count ? BS_EXIT_USAGE : printed;
}
