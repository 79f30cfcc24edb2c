// SPDX-License-Identifier: MIT
// Runs of equal lines, and short cycles of them, found from any of their lines on.
#include "core/rules/same.h"

#define SPARED_LINES_MIN 4 // a marker for fewer lines tells no more than they do
#define SPARED_COUNTING_MIN 8
#define SPARED_BYTES_MIN 160
#define NUMBERS_MAX 8 // in a line

enum {
	PERIOD = 7,    // a byte of states: lines above that are said again
	COUNTS = 0x40, // numbers differ
	SEEN = 0x80,
};

// Where each number of a line goes from one line to the next: -1, 0, 1.
struct course {
	bool known;
	size_t count;
	signed char steps[NUMBERS_MAX];
};

struct run {
	struct bs_same *same;
	unsigned period;
	struct course courses[BS_SAME_PERIOD_MAX];
	bool counts;
};

// Whether a rule named the line, or it belongs to the block of the line named last.
static bool is_marked(const struct bs_marks *marks, uint64_t number)
{
	size_t low = 0, high = marks->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (marks->items[middle].number <= number)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && marks->items[low - 1].number + marks->items[low - 1].extent >= number;
}

// The end of the number at `from`: 17, 0.5, 10:00:59.
static size_t number_end(struct bs_str s, size_t from)
{
	size_t i = from;
	while (i < s.len && (bs_is_digit(s.ptr[i]) ||
				    ((s.ptr[i] == ':' || s.ptr[i] == '.' || s.ptr[i] == ',') &&
					    i + 1 < s.len && bs_is_digit(s.ptr[i + 1]))))
		i++;
	return i;
}

static int compare_numbers(struct bs_str a, struct bs_str b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	int order = memcmp(a.ptr, b.ptr, a.len);
	return order < 0 ? -1 : order > 0;
}

// Whether `a` and then `b` differ in nothing but numbers, and where those go.
static bool find_course(struct bs_str a, struct bs_str b, struct course *course)
{
	size_t i = 0, k = 0;
	course->count = 0;
	while (i < a.len && k < b.len) {
		if (!bs_is_digit(a.ptr[i])) {
			if (a.ptr[i++] != b.ptr[k++])
				return false;
			continue;
		}
		size_t to_a = number_end(a, i), to_b = number_end(b, k);
		if (to_b == k || course->count == NUMBERS_MAX)
			return false;
		course->steps[course->count++] = (signed char)compare_numbers(
			bs_str_sub(a, i, to_a - i), bs_str_sub(b, k, to_b - k));
		i = to_a;
		k = to_b;
	}
	return i == a.len && k == b.len;
}

// What stood still stays, what rises goes on rising: the one number that differs among many equal
// ones is news.
static bool goes_on(struct course *before, const struct course *now)
{
	if (!before->known) {
		*before = *now;
		before->known = true;
		return true;
	}
	for (size_t i = 0; i < now->count; i++)
		if (now->steps[i] != 0 && now->steps[i] != before->steps[i])
			return false;
	return true;
}

// Whether a line of the store says again what stands a period above it, as the others of the run.
static bool repeats(struct run *run, size_t index)
{
	const struct bs_store *store = run->same->store;
	if (index < run->period || index >= store->count)
		return false;
	size_t above = index - run->period;
	uint64_t number = store->lines[index].number, number_above = store->lines[above].number;
	if (number - number_above != run->period)
		return false;
	struct bs_str text = bs_store_text(store, index), said = bs_store_text(store, above);
	if (bs_str_eq(text, said))
		return true;
	struct course course = {0};
	if (!find_course(said, text, &course) || is_marked(run->same->marks, number) ||
		is_marked(run->same->marks, number_above) ||
		!goes_on(&run->courses[index % run->period], &course))
		return false;
	run->counts = true;
	return true;
}

// Looks for the run with this period that the line stands in, and says what of it can be spared.
static void look(struct bs_same *same, size_t index, unsigned period)
{
	struct run run = {.same = same, .period = period};
	if (!repeats(&run, index))
		return;
	size_t from = index, to = index + 1;
	while (from > 0 && repeats(&run, from - 1))
		from--;
	while (repeats(&run, to))
		to++;
	size_t spared = (to - from) / period * period, bytes = 0;
	spared -= spared > 0 ? period : 0; // the last time stays
	for (size_t i = from; i < from + spared; i++)
		bytes += same->store->lines[i].len + 1u;
	if (spared < (run.counts ? SPARED_COUNTING_MIN : SPARED_LINES_MIN) ||
		bytes < SPARED_BYTES_MIN)
		return;
	for (size_t i = from; i < to; i++) // those looked at before keep their verdict
		if (!(same->states[i] & SEEN))
			same->states[i] = (unsigned char)(SEEN | (i < from + spared ? period : 0) |
							  (run.counts ? COUNTS : 0));
}

unsigned bs_same_period(struct bs_same *same, size_t index)
{
	for (unsigned p = 1; !(same->states[index] & SEEN) && p <= BS_SAME_PERIOD_MAX; p++)
		look(same, index, p);
	same->states[index] |= SEEN;
	return same->states[index] & PERIOD;
}

bool bs_same_counts(const struct bs_same *same, size_t index)
{
	return same->states[index] & COUNTS;
}
