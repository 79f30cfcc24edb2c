// SPDX-License-Identifier: MIT
// Writes an excerpt: two passes over the chosen lines, one to measure, one to fill.
#include "core/rules/render.h"

#include <inttypes.h>
#include <stdio.h>

#define MARKER_BYTES 80
#define MARKER_BYTES_MAX 160 // … that says what is said again
#define TAIL_SHARE 3         // of a cut line its tail gets a third

struct page {
	char *text; // NULL: only measured
	size_t bytes;
	struct bs_excerpt_line *lines;
	size_t lines_count;
};

static void put(struct page *page, struct bs_str s)
{
	if (page->text && s.len)
		memcpy(page->text + page->bytes, s.ptr, s.len);
	page->bytes += s.len;
}

// Ends what was put since `from` as one line of the excerpt.
static void end_line(struct page *page, size_t from, uint64_t number)
{
	if (page->text) {
		struct bs_str text = bs_str(page->text + from, page->bytes - from);
		page->lines[page->lines_count] = (struct bs_excerpt_line){number, text};
	}
	page->lines_count++;
	put(page, BS_LIT("\n"));
}

// What the lines from..to that were left out say again.
struct again {
	unsigned period; // lines above; 0: they say something else
	bool counts;     // numbers differ
};

static void put_marker(struct page *page, uint64_t from, uint64_t to, struct again again)
{
	char marker[MARKER_BYTES_MAX];
	size_t at = page->bytes;
	const char *lines = from == to ? "line" : "lines";
	int n = snprintf(marker, sizeof(marker), "[%s %" PRIu64, lines, from);
	if (from != to)
		n += snprintf(marker + n, sizeof(marker) - (size_t)n, "-%" PRIu64, to);
	n += snprintf(marker + n, sizeof(marker) - (size_t)n, " left out");
	if (again.period == 1)
		n += snprintf(marker + n, sizeof(marker) - (size_t)n, ": the line above");
	else if (again.period > 1)
		n += snprintf(marker + n, sizeof(marker) - (size_t)n, ": the %u lines above",
			again.period);
	if (again.period > 0)
		n += snprintf(marker + n, sizeof(marker) - (size_t)n, " %" PRIu64 " times more%s",
			(to - from + 1) / again.period, again.counts ? ", with other numbers" : "");
	put(page, bs_str(marker, (size_t)n));
	put(page, BS_LIT("]"));
	end_line(page, at, 0);
}

// The end of s from the first character that begins at or behind `from`.
static struct bs_str tail_from(struct bs_str s, size_t from)
{
	while (from < s.len && ((unsigned char)s.ptr[from] & 0xC0) == 0x80)
		from++;
	return bs_str_from(s, from);
}

static void put_cut(struct page *page, struct bs_str text, size_t bytes_max)
{
	char gap[MARKER_BYTES];
	size_t room = bytes_max > MARKER_BYTES ? bytes_max - MARKER_BYTES : 0;
	struct bs_str tail = tail_from(text, text.len - room / TAIL_SHARE);
	struct bs_str head = bs_str_clip_utf8(text, room - room / TAIL_SHARE);
	int n = snprintf(
		gap, sizeof(gap), " […%zu bytes left out…] ", text.len - head.len - tail.len);
	put(page, head);
	put(page, bs_str(gap, (size_t)n));
	put(page, tail);
}

// What the lines between two that are kept say again, if they all do; `next`: the latter.
static struct again find_again(const struct bs_choice *choice, size_t next)
{
	static const struct again nothing = {0, false};
	const struct bs_stored *lines = choice->store->lines;
	if (!choice->same || next == 0)
		return nothing;
	unsigned period = bs_same_period(choice->same, next - 1);
	if (period == 0)
		return nothing;
	size_t i = next;
	while (i > 0 && !choice->keep[i - 1]) {
		if (bs_same_period(choice->same, i - 1) != period)
			return nothing;
		i--;
	}
	// the whole of what is said again stands right above, and nothing is missing between
	if (i < period || (next - i) % period != 0 ||
		lines[next].number - lines[i - period].number != next - i + period)
		return nothing;
	for (size_t k = i - period; k < i; k++)
		if (!choice->keep[k])
			return nothing;
	return (struct again){period, bs_same_counts(choice->same, next - 1)};
}

static void fill(struct page *page, const struct bs_choice *choice, bool says_again)
{
	static const struct again nothing = {0, false};
	const struct bs_store *store = choice->store;
	uint64_t next = 1; // number of the line that would follow
	for (size_t i = 0; i < store->count; i++) {
		if (!choice->keep[i])
			continue;
		uint64_t number = store->lines[i].number;
		if (number > next)
			put_marker(page, next, number - 1,
				says_again ? find_again(choice, i) : nothing);
		size_t at = page->bytes;
		struct bs_str text = bs_store_text(store, i);
		if (text.len > choice->line_bytes_max)
			put_cut(page, text, choice->line_bytes_max);
		else
			put(page, text);
		end_line(page, at, number);
		next = number + 1;
	}
	if (next <= choice->lines_seen)
		put_marker(page, next, choice->lines_seen, nothing);
}

enum bs_status bs_render(const struct bs_choice *choice, struct bs_arena *arena,
	struct bs_excerpt *excerpt, struct bs_err *err)
{
	struct page page = {0};
	bool says_again = true;
	fill(&page, choice, says_again);
	if (page.bytes > choice->bytes_max) { // the purse reckons with shorter markers
		says_again = false;
		page.bytes = page.lines_count = 0;
		fill(&page, choice, says_again);
	}
	if (page.bytes > choice->bytes_max) { // not even the marker fits
		excerpt->text = BS_LIT("");
		return BS_OK;
	}
	page.text = bs_arena_alloc(arena, page.bytes + 1);
	page.lines = BS_NEW_ARRAY(arena, struct bs_excerpt_line, page.lines_count + 1);
	if (!page.text || !page.lines)
		return bs_fail_nomem(err);
	page.bytes = page.lines_count = 0;
	fill(&page, choice, says_again);
	excerpt->text = bs_str(page.text, page.bytes);
	excerpt->lines = page.lines;
	excerpt->lines_count = page.lines_count;
	return BS_OK;
}
