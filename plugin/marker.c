// SPDX-License-Identifier: MIT
// The marker: a number that nobody else prints, and where the job's own output ends before it.
#include "plugin/marker.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "core/text/stamp.h"

#define OWN_LINE "buildsum: "
#define INTRO OWN_LINE "reading the log ("
#define LINE_BYTES 64

// A number, because the agent replaces in the job's output whatever is the value of a secret
// variable: words, and even the job's id, may be one.
enum bs_status bs_marker_print(
	struct bs_marker *marker, const struct bs_job *job, int fd, struct bs_err *err)
{
	char line[LINE_BYTES];
	if (marker->text[0])
		return BS_OK;
	uint64_t number = bs_str_hash(bs_str_c(job->id), (uint64_t)bs_clock_ms());
	number ^= (uint64_t)getpid() << 32; // containers share no clock's start, nor ids
	(void)snprintf(marker->text, sizeof(marker->text), "%016" PRIx64, number);
	int len = snprintf(line, sizeof(line), INTRO "%s)\n", marker->text);
	return bs_file_write(fd, bs_str(line, (size_t)len), "standard output", err);
}

// The offset where the line before `end` begins, which is the beginning of a line itself.
static size_t line_before(struct bs_str text, size_t end)
{
	size_t begin = end > 0 ? end - 1 : 0;
	while (begin > 0 && text.ptr[begin - 1] != '\n')
		begin--;
	return begin;
}

// The line without the escapes it begins with: the agent's timestamp, colours.
static struct bs_str skip_escapes(struct bs_str line)
{
	while (line.len > 2 && line.ptr[0] == '\x1b') {
		bool is_stamp = line.ptr[1] == '_';
		size_t at = 2;
		while (at < line.len &&
			(is_stamp ? line.ptr[at] != '\a' : !bs_is_alpha(line.ptr[at])))
			at++;
		line = bs_str_from(line, at + 1);
	}
	return line;
}

static struct bs_str line_at(struct bs_str text, size_t begin, size_t end)
{
	struct bs_str line = bs_str_trim_end(bs_str_sub(text, begin, end - begin));
	return skip_escapes(bs_stamp_strip(skip_escapes(line), true));
}

static bool is_announcement(struct bs_str header, struct bs_str command)
{
	return bs_str_starts(header, BS_LIT("~~~ Running ")) &&
	       bs_str_ends(header, BS_LIT(" hook")) && bs_str_starts(command, BS_LIT("$"));
}

size_t bs_marker_cut(struct bs_str before)
{
	size_t end = before.len;
	while (end > 0 && before.ptr[end - 1] != '\n')
		end--;
	// the marker may have been printed onto a line that the job never finished
	size_t intro = bs_str_find(bs_str_from(before, end), BS_LIT(INTRO));
	struct bs_str unfinished = line_at(
		before, end, end + (intro == SIZE_MAX ? before.len - end : intro));
	if (unfinished.len > 0 && intro != SIZE_MAX)
		return end + intro;
	size_t begin = line_before(before, end);
	while (end > 0 && bs_str_starts(line_at(before, begin, end), BS_LIT(OWN_LINE))) {
		end = begin;
		begin = line_before(before, end);
	}
	size_t header = line_before(before, begin);
	if (is_announcement(line_at(before, header, begin), line_at(before, begin, end)))
		return header;
	return end;
}
