// SPDX-License-Identifier: MIT
// The sources of the log in their order, and what is said when none of them has it.
#include "plugin/source.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/ext/file.h"

#define HOW_TO                                                                             \
	"start the agent with --enable-job-log-tmpfile "                                   \
	"(BUILDKITE_ENABLE_JOB_LOG_TMPFILE=true), or let log.token name a token that may " \
	"read build logs, or list the plugin beside this one that keeps a copy, plugin/wrap"

// The reasons of all sources that are there, each after the other.
static void add_reason(struct bs_buf *reasons, const struct bs_err *trouble)
{
	if (reasons->len)
		bs_buf_add_c(reasons, "; ");
	bs_buf_add_c(reasons, trouble->msg);
}

static enum bs_status try_sources(const struct bs_source_wish *wish, struct bs_source *source,
	struct bs_buf *reasons, struct bs_err *err)
{
	struct bs_err trouble = {0};
	struct bs_marker marker = {0};
	if (wish->job->log_path) {
		if (bs_source_file(wish, &marker, source, &trouble) == BS_OK)
			return BS_OK;
		add_reason(reasons, &trouble);
	}
	if (wish->token.len) {
		enum bs_status status = bs_source_rest(wish, &marker, source, &trouble);
		if (status == BS_OK)
			return BS_OK;
		if (status == BS_CANCELLED)
			return bs_fail(err, status, "%s", trouble.msg);
		add_reason(reasons, &trouble);
	} else if (wish->no_token) {
		bs_buf_addf(reasons, "%s%s", reasons->len ? "; " : "", wish->no_token);
	}
	if (wish->job->copy_path) {
		if (bs_source_copy(wish, source, &trouble) == BS_OK)
			return BS_OK;
		add_reason(reasons, &trouble);
	}
	return bs_fail(err, BS_INPUT, "%s; " HOW_TO,
		reasons->len ? reasons->ptr : "no copy of the log is to be had");
}

// It is unredacted, and of no use to anybody later. Only a file: the variable may name anything.
static void remove_copy(const char *path)
{
	struct stat info;
	if (lstat(path, &info) == 0 && S_ISREG(info.st_mode))
		(void)unlink(path);
}

enum bs_status bs_source_open(
	const struct bs_source_wish *wish, struct bs_source *ret_source, struct bs_err *err)
{
	struct bs_buf reasons;
	struct bs_source source = {.fd = -1};
	bs_buf_init(&reasons, BS_ERR_MSG_BYTES / 2); // the rest is for what to do
	bs_buf_init(&source.tail, BS_LOG_TAIL_BYTES_MAX + 1);
	enum bs_status status = try_sources(wish, &source, &reasons, err);
	if (status == BS_OK)
		*ret_source = source;
	else
		bs_source_close(&source);
	if (wish->job->copy_path) // our descriptor stays
		remove_copy(wish->job->copy_path);
	bs_buf_release(&reasons);
	return status;
}

struct bs_str bs_source_end(const struct bs_source *source, char *window, size_t bytes)
{
	struct bs_str tail = bs_buf_str(&source->tail);
	if (source->fd < 0)
		return bs_str_from(tail, tail.len > bytes ? tail.len - bytes : 0);
	size_t count = source->bytes < bytes ? (size_t)source->bytes : bytes;
	ssize_t got = pread(source->fd, window, count, (off_t)(source->bytes - count));
	return bs_str(window, got > 0 ? (size_t)got : 0);
}

void bs_source_close(struct bs_source *source)
{
	bs_file_close(source->fd);
	bs_buf_release(&source->tail);
	*source = (struct bs_source){.fd = -1};
}
