// SPDX-License-Identifier: MIT
// Writes an excerpt: two passes over the chosen lines, one to measure, one to fill.
#include "core/rules/render.h"

#include <inttypes.h>
#include <stdio.h>

#define MARKER_BYTES 80
#define TAIL_SHARE 3 // of a cut line its tail gets a third

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

static void put_marker(struct page *page, uint64_t from, uint64_t to)
{
	char marker[MARKER_BYTES];
	size_t at = page->bytes;
	int n = from == to ? snprintf(marker, sizeof(marker), "[line %" PRIu64 " left out]", from)
			   : snprintf(marker, sizeof(marker),
				     "[lines %" PRIu64 "-%" PRIu64 " left out]", from, to);
	put(page, bs_str(marker, (size_t)n));
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

static void fill(struct page *page, const struct bs_store *store, const unsigned char *keep,
	uint64_t lines_seen, size_t line_bytes_max)
{
	uint64_t next = 1; // number of the line that would follow
	for (size_t i = 0; i < store->count; i++) {
		if (!keep[i])
			continue;
		uint64_t number = store->lines[i].number;
		if (number > next)
			put_marker(page, next, number - 1);
		size_t at = page->bytes;
		struct bs_str text = bs_store_text(store, i);
		if (text.len > line_bytes_max)
			put_cut(page, text, line_bytes_max);
		else
			put(page, text);
		end_line(page, at, number);
		next = number + 1;
	}
	if (next <= lines_seen)
		put_marker(page, next, lines_seen);
}

enum bs_status bs_render(const struct bs_store *store, const unsigned char *keep,
	uint64_t lines_seen, size_t line_bytes_max, size_t bytes_max, struct bs_arena *arena,
	struct bs_excerpt *excerpt, struct bs_err *err)
{
	struct page page = {0};
	fill(&page, store, keep, lines_seen, line_bytes_max);
	if (page.bytes > bytes_max) { // not even the marker fits
		excerpt->text = BS_LIT("");
		return BS_OK;
	}
	page.text = bs_arena_alloc(arena, page.bytes + 1);
	page.lines = BS_NEW_ARRAY(arena, struct bs_excerpt_line, page.lines_count + 1);
	if (!page.text || !page.lines)
		return bs_fail_nomem(err);
	page.bytes = page.lines_count = 0;
	fill(&page, store, keep, lines_seen, line_bytes_max);
	excerpt->text = bs_str(page.text, page.bytes);
	excerpt->lines = page.lines;
	excerpt->lines_count = page.lines_count;
	return BS_OK;
}
