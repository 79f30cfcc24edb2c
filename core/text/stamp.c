// SPDX-License-Identifier: MIT
// Timestamps at line starts: Buildkite, GitHub, Azure, GitLab, Jenkins, Taskcluster.
#include "core/text/stamp.h"

#include "core/text/block.h"

#define SHAPE_BYTES 16
// Whether sixteen bytes are those of a shape, in which '0' stands for any digit.
static inline bool has_shape(const char *bytes, const char *shape)
{
	BS_BYTES16 v;
	uint64_t halves[2], wanted[2];
	memcpy(&v, bytes, sizeof(v));
	v = bs_block_zero_digits(v);
	memcpy(halves, &v, sizeof(halves));
	memcpy(wanted, shape, sizeof(wanted));
	return ((halves[0] ^ wanted[0]) | (halves[1] ^ wanted[1])) == 0;
}

// Bytes of a leading "2026-08-21T10:20:30" with an optional fraction and its zone ("Z", "+02:00"),
// or 0.
static size_t rfc3339(struct bs_str s)
{
	static const char shape[] = "0000-00-00T00:00:00";
	size_t at = sizeof(shape) - 1;
	if (s.len <= at || !has_shape(s.ptr, shape) ||
		!has_shape(s.ptr + at - SHAPE_BYTES, shape + at - SHAPE_BYTES))
		return 0;
	if (s.ptr[at] == '.' || s.ptr[at] == ',') {
		at++;
		while (at < s.len && bs_is_digit(s.ptr[at]))
			at++;
	}
	if (at < s.len && s.ptr[at] == 'Z')
		return at + 1;
	static const char zone[] = "dd:dd";
	if (at + sizeof(zone) > s.len || (s.ptr[at] != '+' && s.ptr[at] != '-'))
		return 0;
	at++;
	for (size_t i = 0; i < sizeof(zone) - 1; i++, at++)
		if (zone[i] == 'd' ? !bs_is_digit(s.ptr[at]) : s.ptr[at] != zone[i])
			return 0;
	return at;
}

// GitLab since 16.x puts the stream after the time: "00O " or "01E+".
static size_t gitlab_stream(struct bs_str s)
{
	bool is_hex = s.len >= 4 && bs_is_alnum(s.ptr[0]) && bs_is_alnum(s.ptr[1]);
	if (is_hex && (s.ptr[2] == 'O' || s.ptr[2] == 'E') && (s.ptr[3] == ' ' || s.ptr[3] == '+'))
		return 4;
	return 0;
}

// "2026-08-21T10:20:30.1234567Z text" of GitHub and Azure; nothing may follow the time at all.
static struct bs_str strip_bare(struct bs_str line)
{
	size_t at = rfc3339(line);
	if (at == 0)
		return line;
	if (at == line.len)
		return bs_str_from(line, at);
	if (line.ptr[at] != ' ' && line.ptr[at] != '\t')
		return line;
	at++;
	return bs_str_from(line, at + gitlab_stream(bs_str_from(line, at)));
}

// "[2026-08-21T10:20:30Z] text" of Buildkite and Jenkins, "[task 2026-…Z] text", "[vcs 2026-…Z]
// text" and others of Taskcluster.
#define STREAM_BYTES_MAX 16

static struct bs_str strip_bracketed(struct bs_str line)
{
	size_t at = 1;
	while (at < line.len && at < STREAM_BYTES_MAX && bs_is_alpha(line.ptr[at]))
		at++;
	at += at > 1 && at < line.len && line.ptr[at] == ' ';
	size_t bytes = rfc3339(bs_str_from(line, at));
	at += bytes;
	if (bytes == 0 || at >= line.len || line.ptr[at] != ']')
		return line;
	at++;
	return bs_str_from(line, at < line.len && line.ptr[at] == ' ' ? at + 1 : at);
}

// `gh run view --log` puts "job\tstep\t" before the time.
#define GH_PREFIX_BYTES_MAX 256

static struct bs_str strip_gh(struct bs_str line)
{
	struct bs_str head = bs_str_sub(line, 0, GH_PREFIX_BYTES_MAX);
	size_t job = bs_str_find_char(head, '\t');
	if (job == SIZE_MAX || job == 0)
		return line;
	size_t step = bs_str_find_char(bs_str_from(head, job + 1), '\t');
	if (step == SIZE_MAX)
		return line;
	struct bs_str rest = bs_str_from(line, job + 1 + step + 1);
	if (bs_str_starts(rest, BS_LIT("\xEF\xBB\xBF"))) // once a step
		rest = bs_str_from(rest, 3);
	struct bs_str text = strip_bare(rest);
	return text.len < rest.len ? text : line;
}

struct bs_str bs_stamp_strip(struct bs_str line, bool has_tab)
{
	if (line.len == 0)
		return line;
	if (line.ptr[0] == '[')
		return strip_bracketed(line);
	if (bs_is_digit(line.ptr[0]))
		return strip_bare(line);
	if (has_tab && bs_is_alpha(line.ptr[0]))
		return strip_gh(line);
	return line;
}
