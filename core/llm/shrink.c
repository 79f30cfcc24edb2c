// SPDX-License-Identifier: MIT
// Chooses again among the lines of an excerpt: rings around the findings and the end, ever wider.
#include "core/llm/shrink.h"

#include "core/base/buf.h"

#define MARKER_BYTES_MAX 64 // "[lines 18446744073709551615-… left out]\n"
#define FINDINGS_MAX 64     // beyond these the first rings have used the budget up

struct shrink {
	const struct bs_excerpt *from;
	size_t bytes_max,
		bytes; // one marker is counted from the start: the one after the last line
	bool *keep;    // by the index of the line
	size_t kept;
	size_t anchors[FINDINGS_MAX]; // indexes of the lines of findings
	size_t anchors_count;
};

// A line that opens a block costs the marker before it, too; one that joins a block never costs
// more than itself.
static void keep_line(struct shrink *s, size_t i)
{
	const struct bs_excerpt *from = s->from;
	if (from->lines[i].number == 0 || s->keep[i])
		return;
	bool joins = (i > 0 && s->keep[i - 1]) || (i + 1 < from->lines_count && s->keep[i + 1]);
	size_t cost = from->lines[i].text.len + 1 + (joins ? 0 : MARKER_BYTES_MAX);
	if (cost > s->bytes_max - s->bytes)
		return;
	s->bytes += cost;
	s->keep[i] = true;
	s->kept++;
}

// Lines around index i: more after it than before, as failures explain themselves downwards.
static void keep_ring(struct shrink *s, size_t i, size_t radius)
{
	for (size_t k = 0; k <= radius; k++) {
		if (k < s->from->lines_count - i)
			keep_line(s, i + k);
		if (k <= radius / 2 && k <= i)
			keep_line(s, i - k);
	}
}

// The index of a line of the log; SIZE_MAX when the excerpt does not have it.
static size_t index_of(const struct bs_excerpt *excerpt, uint64_t number)
{
	for (size_t i = 0; i < excerpt->lines_count; i++)
		if (excerpt->lines[i].number == number)
			return i;
	return SIZE_MAX;
}

static void choose(struct shrink *s)
{
	static const size_t radii[] = {0, 2, 8, 30, 100, 400, 2000, SIZE_MAX};
	const struct bs_excerpt *from = s->from;
	for (size_t f = 0; f < from->findings_count && s->anchors_count < FINDINGS_MAX; f++) {
		size_t i = index_of(from, from->findings[f].line_number);
		if (i != SIZE_MAX)
			s->anchors[s->anchors_count++] = i;
	}
	for (size_t r = 0; r < sizeof(radii) / sizeof(radii[0]); r++) {
		size_t radius = radii[r] < from->lines_count ? radii[r] : from->lines_count;
		for (size_t a = 0; a < s->anchors_count; a++)
			keep_ring(s, s->anchors[a], radius);
		for (size_t k = 0; k <= radius && k < from->lines_count; k++)
			keep_line(s, from->lines_count - 1 - k);
	}
}

// Not even one line fits: the beginning of the most telling one, or of the last.
static bool piece(const struct shrink *s, struct bs_excerpt_line *ret_line)
{
	const struct bs_excerpt *from = s->from;
	size_t i = s->anchors_count ? s->anchors[0] : SIZE_MAX;
	for (size_t k = from->lines_count; i == SIZE_MAX && k-- > 0;)
		if (from->lines[k].number > 0)
			i = k;
	if (i == SIZE_MAX)
		return false;
	size_t markers = 2 * MARKER_BYTES_MAX;
	*ret_line = from->lines[i];
	ret_line->text = bs_str_clip_utf8(
		ret_line->text, s->bytes_max > markers ? s->bytes_max - markers : 0);
	return true;
}

// Adds a line of the new excerpt; only its length is known until the text is complete.
static void add_line(
	struct bs_excerpt *excerpt, uint64_t number, struct bs_str text, struct bs_buf *out)
{
	excerpt->lines[excerpt->lines_count++] = (struct bs_excerpt_line){number, text};
	bs_buf_add(out, text);
	bs_buf_add_char(out, '\n');
}

static void add_marker(struct bs_excerpt *excerpt, uint64_t from, uint64_t to,
	struct bs_arena *arena, struct bs_buf *out)
{
	const char *text = NULL;
	if (from > to)
		return;
	if (from == to)
		text = bs_arena_printf(arena, "[line %llu left out]", (unsigned long long)from);
	else
		text = bs_arena_printf(arena, "[lines %llu-%llu left out]",
			(unsigned long long)from, (unsigned long long)to);
	if (text)
		add_line(excerpt, 0, bs_str_c(text), out);
	else
		out->failed = BS_NOMEM;
}

// The text of the chosen lines with markers for what is missing, and its index.
static enum bs_status render(const struct bs_excerpt_line *lines, size_t count,
	struct bs_arena *arena, struct bs_excerpt *excerpt, struct bs_err *err)
{
	struct bs_buf text;
	uint64_t next = 1;
	excerpt->lines_count = 0;
	excerpt->lines = BS_NEW_ARRAY(arena, struct bs_excerpt_line, 2 * count + 1);
	if (!excerpt->lines)
		return bs_fail_nomem(err);
	bs_buf_init(&text, BS_EXCERPT_BYTES_MAX);
	for (size_t i = 0; i < count; i++) {
		add_marker(excerpt, next, lines[i].number - 1, arena, &text);
		add_line(excerpt, lines[i].number, lines[i].text, &text);
		next = lines[i].number + 1;
	}
	add_marker(excerpt, next, excerpt->input_lines, arena, &text);
	enum bs_status status = bs_buf_status(&text, "excerpt", err);
	if (status == BS_OK) {
		excerpt->text = bs_arena_str(arena, bs_buf_str(&text));
		status = excerpt->text.ptr ? BS_OK : bs_fail_nomem(err);
	}
	bs_buf_release(&text);
	size_t at = 0;
	for (size_t i = 0; status == BS_OK && i < excerpt->lines_count; i++) {
		struct bs_excerpt_line *line = &excerpt->lines[i];
		line->text = bs_str_sub(excerpt->text, at, line->text.len);
		at += line->text.len + 1;
	}
	return status;
}

enum bs_status bs_shrink_excerpt(const struct bs_excerpt *excerpt, size_t bytes_max,
	struct bs_arena *arena, struct bs_excerpt *ret_excerpt, struct bs_err *err)
{
	struct shrink s = {.from = excerpt, .bytes_max = bytes_max, .bytes = MARKER_BYTES_MAX};
	struct bs_excerpt shrunk = *excerpt;
	struct bs_excerpt_line one;
	if (excerpt->text.len <= bytes_max || excerpt->lines_count == 0) {
		*ret_excerpt = *excerpt;
		return BS_OK;
	}
	s.keep = BS_NEW_ARRAY(arena, bool, excerpt->lines_count);
	if (!s.keep)
		return bs_fail_nomem(err);
	if (bytes_max > MARKER_BYTES_MAX)
		choose(&s);
	struct bs_excerpt_line *lines = &one;
	size_t count = 0;
	if (s.kept > 0) {
		lines = BS_NEW_ARRAY(arena, struct bs_excerpt_line, s.kept);
		if (!lines)
			return bs_fail_nomem(err);
		for (size_t i = 0; i < excerpt->lines_count; i++)
			if (s.keep[i])
				lines[count++] = excerpt->lines[i];
	} else if (piece(&s, &one)) {
		count = 1;
	}
	shrunk.whole = false;
	enum bs_status status = render(lines, count, arena, &shrunk, err);
	if (status == BS_OK)
		*ret_excerpt = shrunk;
	return status;
}
