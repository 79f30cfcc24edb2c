// SPDX-License-Identifier: MIT
// The fault server as a program: starts, prints its ports, serves until its lifetime is over.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/fault/server.h"

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

static int usage(void)
{
	fputs("usage: fault [--log FILE] [--bodies DIR] [--seconds N] [SCRIPT]\n"
	      "       fault --words | --tag (a key on standard input)\n",
		stderr);
	return 2;
}

static int print_words(void)
{
	struct bs_buf out;
	bs_buf_init(&out, 64 * 1024);
	bs_fault_words_print(&out);
	fputs(out.ptr, stdout);
	bs_buf_release(&out);
	return 0;
}

static int print_tag(void)
{
	char key[8192], tag[9];
	size_t len = fread(key, 1, sizeof(key), stdin);
	bs_fault_key_tag(bs_str_trim(bs_str(key, len)), tag);
	puts(tag);
	return 0;
}

int main(int argc, char **argv)
{
	struct bs_fault_options options = {.lifetime_ms = 60000};
	struct bs_fault_server *server = NULL;
	struct bs_err err = {0};
	for (int i = 1; i < argc; i++) {
		struct bs_str word = bs_str_c(argv[i]);
		uint64_t seconds;
		if (bs_str_eq_c(word, "--words"))
			return print_words();
		if (bs_str_eq_c(word, "--tag"))
			return print_tag();
		if (bs_str_eq_c(word, "--log") && i + 1 < argc)
			options.log = argv[++i];
		else if (bs_str_eq_c(word, "--bodies") && i + 1 < argc)
			options.bodies_dir = argv[++i];
		else if (bs_str_eq_c(word, "--seconds") && i + 1 < argc &&
			 bs_str_to_u64(bs_str_c(argv[++i]), &seconds) && seconds <= 3600)
			options.lifetime_ms = (int64_t)seconds * 1000;
		else if (!bs_str_starts(word, BS_LIT("-")) && !options.script)
			options.script = argv[i];
		else
			return usage();
	}
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	signal(SIGPIPE, SIG_IGN);
	if (bs_fault_server_start(&options, &server, &err) != BS_OK) {
		fprintf(stderr, "fault: %s\n", err.msg);
		return 2;
	}
	for (size_t i = 0; i < bs_fault_server_count(server); i++)
		printf("%s %u\n", bs_fault_server_name(server, i), bs_fault_server_port(server, i));
	puts("ready");
	fflush(stdout);
	while (!stopped && bs_fault_server_step(server, 500))
		;
	bs_fault_server_stop(server);
	return 0;
}
