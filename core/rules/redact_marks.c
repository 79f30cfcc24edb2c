// SPDX-License-Identifier: MIT
// Marks on a line: united where they overlap, written as [REDACTED:kind#n].
#include "core/rules/redact_marks.h"

#include <stdlib.h>
#include <sys/random.h>

#include "core/rules/redact_patterns.h"

#define MARKS_FIRST 16
#define NUMBERS_SLOTS 8192 // a power of two; half of it is used
#define PLACEHOLDER_OPEN "[REDACTED"

struct slot {
	uint64_t hash;
	uint32_t number; // 0: free
};

struct bs_numbers {
	uint64_t seed; // of this run: the table tells nothing about the values
	uint32_t last;
	size_t used;
	struct slot slots[NUMBERS_SLOTS];
};

void bs_marks_release(struct bs_marks *marks)
{
	if (!marks)
		return;
	free(marks->items);
	*marks = (struct bs_marks){0};
}

void bs_marks_add(struct bs_marks *marks, struct bs_mark mark)
{
	if (mark.from >= mark.to)
		return;
	if (marks->count == marks->cap) {
		size_t cap = marks->cap ? marks->cap * 2 : MARKS_FIRST;
		struct bs_mark *grown = realloc(marks->items, cap * sizeof(*grown));
		if (!grown) {
			marks->failed = true;
			return;
		}
		marks->items = grown;
		marks->cap = cap;
	}
	marks->items[marks->count++] = mark;
}

enum bs_status bs_numbers_new(struct bs_numbers **ret_numbers, struct bs_err *err)
{
	struct bs_numbers *numbers = calloc(1, sizeof(*numbers));
	if (!numbers)
		return bs_fail_nomem(err);
	if (getrandom(&numbers->seed, sizeof(numbers->seed), GRND_NONBLOCK) < 0)
		numbers->seed = (uintptr_t)numbers; // early in a boot: still differs by run
	*ret_numbers = numbers;
	return BS_OK;
}

void bs_numbers_free(struct bs_numbers *numbers)
{
	if (numbers)
		explicit_bzero(numbers, sizeof(*numbers));
	free(numbers);
}

uint32_t bs_numbers_of(struct bs_numbers *numbers, struct bs_str value)
{
	uint64_t hash = bs_str_hash(value, numbers->seed | 1);
	size_t at = hash % NUMBERS_SLOTS;
	while (numbers->slots[at].number != 0) {
		if (numbers->slots[at].hash == hash)
			return numbers->slots[at].number;
		at = (at + 1) % NUMBERS_SLOTS;
	}
	numbers->last++;
	if (numbers->used < NUMBERS_SLOTS / 2) {
		numbers->slots[at] = (struct slot){hash, numbers->last};
		numbers->used++;
	}
	return numbers->last;
}

size_t bs_marks_placeholder(struct bs_str text)
{
	const size_t open = sizeof(PLACEHOLDER_OPEN) - 1;
	if (!bs_str_starts(text, BS_LIT(PLACEHOLDER_OPEN)) || text.len == open)
		return 0;
	if (text.ptr[open] == ']')
		return open + 1;
	size_t close = bs_str_find_char(bs_str_sub(text, 0, 64), ']');
	if (text.ptr[open] != ':' || close == SIZE_MAX)
		return 0;
	struct bs_str kind, number = bs_str_sub(text, open + 1, close - open - 1);
	uint64_t n;
	if (!bs_str_split(&number, '#', &kind) || !bs_str_to_u64(number, &n))
		return 0;
	return bs_patterns_is_kind(kind) ? close + 1 : 0; // "[REDACTED:<secret>#1]" is none
}

static int by_place(const void *a, const void *b)
{
	const struct bs_mark *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to < y->to) - (x->to > y->to); // the longer first
}

static size_t span(const struct bs_mark *mark)
{
	return mark->to - mark->from;
}

// The union of two marks: named after the longer, numbered by its own text when neither covers
// both.
static struct bs_mark unite(struct bs_mark a, struct bs_mark b)
{
	struct bs_mark whole = span(&b) > span(&a) ? b : a;
	if (span(&a) == span(&b) && a.number == 0 && !a.value.ptr)
		whole = b;
	size_t to = a.to > b.to ? a.to : b.to;
	if (whole.from > a.from || whole.to < to) {
		whole.number = 0;
		whole.value = bs_str(NULL, 0);
	}
	whole.from = a.from;
	whole.to = to;
	return whole;
}

// Pieces of one value that touch are one.
static bool belong(const struct bs_mark *a, const struct bs_mark *b)
{
	bool same = (a->number > 0 && a->number == b->number) ||
		    (a->value.ptr && a->value.ptr == b->value.ptr);
	return b->from < a->to || (b->from == a->to && same);
}

// Marks inside the placeholder text[from, to) go, those that cut it take it whole.
static void spare(struct bs_marks *marks, size_t from, size_t to)
{
	size_t kept = 0;
	for (size_t i = 0; i < marks->count; i++) {
		struct bs_mark mark = marks->items[i];
		if (mark.from >= from && mark.to <= to)
			continue;
		if (mark.to > from && mark.from < to) {
			mark.from = mark.from < from ? mark.from : from;
			mark.to = mark.to > to ? mark.to : to;
		}
		marks->items[kept++] = mark;
	}
	marks->count = kept;
}

static void spare_placeholders(struct bs_marks *marks, struct bs_str text)
{
	size_t at = 0, found;
	while ((found = bs_str_find(bs_str_from(text, at), BS_LIT(PLACEHOLDER_OPEN))) != SIZE_MAX) {
		size_t bytes = bs_marks_placeholder(bs_str_from(text, at + found));
		if (bytes > 0)
			spare(marks, at + found, at + found + bytes);
		at += found + sizeof(PLACEHOLDER_OPEN) - 1;
	}
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

// Pieces of long values may begin or end inside a character: it goes whole.
static void widen(struct bs_marks *marks, struct bs_str text)
{
	for (size_t i = 0; i < marks->count; i++) {
		struct bs_mark *mark = &marks->items[i];
		while (mark->from > 0 && is_continuation(text.ptr[mark->from]))
			mark->from--;
		while (mark->to < text.len && is_continuation(text.ptr[mark->to]))
			mark->to++;
	}
}

size_t bs_marks_render(
	struct bs_marks *marks, struct bs_str text, struct bs_numbers *numbers, struct bs_buf *out)
{
	size_t done = 0, written = 0;
	if (marks->count > 0)
		spare_placeholders(marks, text);
	widen(marks, text);
	if (marks->count > 1)
		qsort(marks->items, marks->count, sizeof(marks->items[0]), by_place);
	for (size_t i = 0; i < marks->count;) {
		struct bs_mark mark = marks->items[i++];
		while (i < marks->count && belong(&mark, &marks->items[i]))
			mark = unite(mark, marks->items[i++]);
		struct bs_str value = mark.value;
		if (!value.ptr)
			value = bs_str_sub(text, mark.from, span(&mark));
		uint32_t number = mark.number ? mark.number : bs_numbers_of(numbers, value);
		bs_buf_add(out, bs_str_sub(text, done, mark.from - done));
		bs_buf_addf(out, "[REDACTED:%s#%u]", mark.kind, number);
		done = mark.to;
		written++;
	}
	bs_buf_add(out, bs_str_from(text, done));
	return written;
}
