// SPDX-License-Identifier: MIT
// What a person sees: the report in the format asked for, and the progress of the current attempt.
#include "cli/show.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "core/ext/file.h"
#include "core/text/clean.h"

#define WIDTH_MAX 100 // longer lines are hard to read
#define WIDTH_DEFAULT 80

static bool wants_color(const struct bs_cli *cli, int fd)
{
	const char *no_color = bs_env_get(
		cli->environ, "NO_COLOR"); // no-color.org: set and not empty
	const char *term = bs_env_get(cli->environ, "TERM");
	switch (cli->config.color) {
	case BS_COLOR_ALWAYS:
		return true;
	case BS_COLOR_NEVER:
		return false;
	case BS_COLOR_AUTO:
		return isatty(fd) && !(no_color && *no_color) &&
		       !(term && strcmp(term, "dumb") == 0);
	}
	return false;
}

static unsigned width_of(int fd)
{
	struct winsize size;
	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return WIDTH_DEFAULT;
	return size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}

struct bs_terminal bs_show_terminal(const struct bs_cli *cli, int fd)
{
	return (struct bs_terminal){wants_color(cli, fd), width_of(fd)};
}

static void render(
	const struct bs_cli *cli, const struct bs_report *report, int fd, struct bs_buf *out)
{
	switch (cli->config.format) {
	case BS_FORMAT_TEXT:
		bs_report_terminal(report, bs_show_terminal(cli, fd), out);
		return;
	case BS_FORMAT_MARKDOWN:
		bs_report_markdown(report, NULL, BS_ANNOTATION_BYTES_AIM, out);
		return;
	case BS_FORMAT_JSON:
		bs_report_json(report, out);
		return;
	}
}

int bs_show_report(const struct bs_cli *cli, const struct bs_report *report, int out_fd)
{
	struct bs_err err;
	struct bs_buf out;
	bs_buf_init(&out, BS_REQUEST_BYTES_MAX);
	render(cli, report, out_fd, &out);
	enum bs_status status = bs_buf_status(&out, "summary", &err);
	if (status == BS_OK)
		status = bs_file_write(out_fd, bs_buf_str(&out),
			out_fd == STDOUT_FILENO ? "standard output" : "standard error", &err);
	bs_buf_release(&out);
	if (status != BS_OK)
		return bs_cli_fail(&err);
	return cli->config.require_llm && !report->by_llm ? BS_EXIT_LOCAL_ONLY : BS_EXIT_OK;
}

static void put(struct bs_str text)
{
	if (bs_file_write(STDERR_FILENO, text, "standard error", NULL) != BS_OK)
		return; // nobody watches
}

void bs_show_attempts(const struct bs_cli *cli, const struct bs_report *report)
{
	struct bs_buf line;
	bs_buf_init(&line, BS_LINE_BYTES_MAX);
	for (size_t i = 0; cli->config.verbose > 0 && i < report->trail.count; i++) {
		const struct bs_attempt_record *attempt = &report->trail.attempts[i];
		bs_buf_clear(&line);
		bs_buf_addf(&line, "buildsum: attempt %zu: %s, key %s: %s after %lld ms%s%s\n",
			i + 1, attempt->route, attempt->key ? attempt->key : "none",
			bs_outcome_id(attempt->outcome), (long long)attempt->elapsed_ms,
			attempt->reason ? ": " : "", attempt->reason ? attempt->reason : "");
		put(bs_buf_str(&line));
	}
	bs_buf_release(&line);
}

// --- progress

static void show_attempt(void *ctx, unsigned number, const char *route, const char *last_outcome)
{
	struct bs_watch *watch = ctx;
	struct bs_buf line;
	watch->shown = true;
	bs_buf_init(&line, BS_LINE_BYTES_MAX);
	bs_buf_add_c(&line, "\r\033[K  asking ");
	bs_clean_inline(bs_str_c(route), &line);
	if (last_outcome)
		bs_buf_addf(&line, " (attempt %u, the last one: %s)", number, last_outcome);
	bs_buf_add_c(&line, " …");
	put(bs_buf_str(&line));
	bs_buf_release(&line);
}

struct bs_progress bs_show_progress(const struct bs_cli *cli, struct bs_watch *watch)
{
	bool visible = isatty(STDERR_FILENO) && !cli->config.quiet;
	*watch = (struct bs_watch){.shown = false};
	return (struct bs_progress){.attempt = visible ? show_attempt : NULL, .ctx = watch};
}

void bs_show_progress_end(struct bs_watch *watch)
{
	if (watch->shown)
		put(BS_LIT("\r\033[K"));
}
