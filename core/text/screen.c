// SPDX-License-Identifier: MIT
// One row of a terminal as cells of code points: a fixed head and a ring for the tail.
#include "core/text/screen.h"

#include <stdio.h>

#include "core/text/utf8.h"

#define RING_MASK ((size_t)BS_SCREEN_TAIL - 1)
// Movements to the right of the text stop here: "CSI 999 C" means the right edge of a window.
#define WIDTH 160

_Static_assert((BS_SCREEN_TAIL & (BS_SCREEN_TAIL - 1)) == 0, "the ring's size is a power of two");
_Static_assert(BS_LINE_HEAD_BYTES + BS_LINE_TAIL_BYTES == BS_LINE_BYTES_MAX,
	"a line that may stay whole is held whole");

static size_t cell_of(size_t column)
{
	return column < BS_SCREEN_HEAD ? column
				       : BS_SCREEN_HEAD + ((column - BS_SCREEN_HEAD) & RING_MASK);
}

static bool is_held(const struct bs_screen *screen, size_t column)
{
	return column < BS_SCREEN_HEAD || column >= screen->ring_from;
}

void bs_screen_clear(struct bs_screen *screen)
{
	screen->cursor = screen->base = screen->len = 0;
	screen->ring_from = BS_SCREEN_HEAD;
	screen->evicted_bytes = 0;
	screen->redraw = false;
}

static inline void append(struct bs_screen *screen, uint32_t point)
{
	if (screen->len >= screen->ring_from + BS_SCREEN_TAIL) {
		screen->evicted_bytes += bs_utf8_size(screen->cells[cell_of(screen->ring_from)]);
		screen->ring_from++;
	}
	screen->cells[cell_of(screen->len++)] = point;
}

static void begin_kept(struct bs_screen *screen)
{
	screen->redraw = false;
	append(screen, ' ');
	screen->base = screen->cursor = screen->len;
}

void bs_screen_put(struct bs_screen *screen, uint32_t point)
{
	if (screen->redraw)
		begin_kept(screen);
	while (screen->len < screen->cursor)
		append(screen, ' ');
	if (screen->cursor == screen->len)
		append(screen, point);
	else if (is_held(screen, screen->cursor))
		screen->cells[cell_of(screen->cursor)] = point;
	screen->cursor++;
}

void bs_screen_put_ascii(struct bs_screen *screen, struct bs_str s)
{
	if (!screen->redraw && screen->cursor == screen->len &&
		screen->len + s.len <= BS_SCREEN_HEAD) {
		uint32_t *cells = screen->cells + screen->len;
		for (size_t i = 0; i < s.len; i++)
			cells[i] = (unsigned char)s.ptr[i];
		screen->len += s.len;
		screen->cursor = screen->len;
		return;
	}
	size_t i = 0;
	if (!screen->redraw && screen->cursor == screen->len) {
		for (; i < s.len; i++)
			append(screen, (unsigned char)s.ptr[i]);
		screen->cursor = screen->len;
	}
	for (; i < s.len; i++)
		bs_screen_put(screen, (unsigned char)s.ptr[i]);
}

void bs_screen_return(struct bs_screen *screen, bool keep)
{
	if (keep && screen->len > screen->base)
		screen->redraw = true;
	screen->cursor = screen->base;
}

void bs_screen_go(struct bs_screen *screen, size_t column)
{
	size_t edge = screen->len - screen->base;
	if (edge < WIDTH)
		edge = WIDTH;
	screen->cursor = screen->base + (column < edge ? column : edge);
}

void bs_screen_move(struct bs_screen *screen, long columns)
{
	size_t column = screen->cursor - screen->base;
	if (columns < 0)
		column = (size_t)-columns < column ? column - (size_t)-columns : 0;
	else
		column += (size_t)columns;
	bs_screen_go(screen, column);
}

static void truncate_at(struct bs_screen *screen, size_t column)
{
	if (column >= screen->len)
		return;
	screen->len = column;
	if (column <= BS_SCREEN_HEAD) {
		screen->ring_from = BS_SCREEN_HEAD;
		screen->evicted_bytes = 0;
	} else if (column < screen->ring_from) {
		screen->ring_from = column;
	}
}

void bs_screen_erase(struct bs_screen *screen, unsigned what)
{
	if (screen->redraw) // what was there is kept: it has been left behind already
		return;
	switch (what) {
	case 0:
		truncate_at(screen, screen->cursor);
		break;
	case 1:
		for (size_t i = screen->base; i <= screen->cursor && i < screen->len; i++) {
			if (i == BS_SCREEN_HEAD && i < screen->ring_from)
				i = screen->ring_from; // columns in between are not held
			if (i <= screen->cursor && i < screen->len && is_held(screen, i))
				screen->cells[cell_of(i)] = ' ';
		}
		break;
	case 2:
		truncate_at(screen, screen->base);
		break;
	default:
		break;
	}
}

static size_t encode(
	const struct bs_screen *screen, size_t from, size_t to, char *text, size_t bytes_max)
{
	size_t bytes = 0;
	for (size_t i = from; i < to; i++) {
		uint32_t point = screen->cells[cell_of(i)];
		if (point < 0x80 && bytes < bytes_max) {
			text[bytes++] = (char)point;
			continue;
		}
		if (bytes + bs_utf8_size(point) > bytes_max)
			break;
		bytes += bs_utf8_put(point, text + bytes);
	}
	return bytes;
}

static size_t bytes_of(const struct bs_screen *screen, size_t from, size_t to)
{
	size_t bytes = 0;
	for (size_t i = from; i < to; i++)
		bytes += bs_utf8_size(screen->cells[cell_of(i)]);
	return bytes;
}

static size_t text_with_gap(const struct bs_screen *screen, size_t bytes_all, char *text)
{
	size_t head_cells = screen->len < BS_SCREEN_HEAD ? screen->len : BS_SCREEN_HEAD;
	size_t head = encode(screen, 0, head_cells, text, BS_LINE_HEAD_BYTES);

	// The marker's own length is at most this, whatever the number in it.
	const size_t marker_bytes_max = sizeof(" [… bytes left out…] ") + 20;
	size_t from = screen->len, tail = 0;
	while (from > 0 && is_held(screen, from - 1)) {
		size_t size = bs_utf8_size(screen->cells[cell_of(from - 1)]);
		if (tail + size > BS_LINE_TAIL_BYTES - marker_bytes_max)
			break;
		tail += size;
		from--;
	}
	int marker = snprintf(text + head, BS_LINE_BYTES_MAX - head, " […%zu bytes left out…] ",
		bytes_all - head - tail);
	size_t bytes = head + (size_t)marker;
	return bytes + encode(screen, from, screen->len, text + bytes, BS_LINE_BYTES_MAX - bytes);
}

size_t bs_screen_text(const struct bs_screen *screen, char text[BS_LINE_BYTES_MAX], bool *ret_cut)
{
	size_t head_cells = screen->len < BS_SCREEN_HEAD ? screen->len : BS_SCREEN_HEAD;
	size_t bytes = bytes_of(screen, 0, head_cells);
	if (screen->len > BS_SCREEN_HEAD)
		bytes += screen->evicted_bytes + bytes_of(screen, screen->ring_from, screen->len);
	*ret_cut = bytes > BS_LINE_BYTES_MAX;
	if (*ret_cut)
		return text_with_gap(screen, bytes, text);
	return encode(screen, 0, screen->len, text, BS_LINE_BYTES_MAX);
}
