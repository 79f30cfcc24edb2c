// SPDX-License-Identifier: MIT
// A state machine over lines, not a pattern: keys come with prefixes, escaped, on one line, halved.
#include "core/rules/redact_pem.h"

#define KIND "private-key"
#define MISSES_MAX 3      // lines that are no part of the key, and the key is over
#define RUN_BYTES_MIN 16  // of base64 inside a key
#define LINE_WIDTH_MIN 60 // of a whole line of a key: 64 in PEM, 70 in OpenSSH, 76 in MIME
#define LINE_WIDTH_MAX 80
#define PUTTY_LINES_MAX 400

const char *const bs_pem_words[] = {
	"-BEGIN ", "-END ", "- BEGIN ", "- END ", "Private-Lines:", "Private-MAC:", NULL};

static bool is_base64(char c)
{
	return bs_is_alnum(c) || c == '+' || c == '/' || c == '=';
}

struct marker {
	size_t from, to;
	bool begins, is_private;
};

// The next "-----BEGIN LABEL-----" or END from `at` on; the dashes after it may be cut off.
static bool find_marker(struct bs_str text, size_t at, struct marker *ret_marker)
{
	for (; at + 5 < text.len; at++) {
		if (text.ptr[at] != '-')
			continue;
		struct bs_str rest = bs_str_from(text, at + 1);
		if (rest.ptr[0] == ' ')
			rest = bs_str_from(rest, 1);
		bool begins = bs_str_starts(rest, BS_LIT("BEGIN "));
		if (!begins && !bs_str_starts(rest, BS_LIT("END ")))
			continue;
		struct marker marker = {
			at, (size_t)(rest.ptr - text.ptr) + (begins ? 6 : 4), begins, false};
		size_t label = marker.to;
		while (marker.from > 0 && text.ptr[marker.from - 1] == '-')
			marker.from--;
		while (marker.to < text.len &&
			(text.ptr[marker.to] == ' ' || bs_is_digit(text.ptr[marker.to]) ||
				(text.ptr[marker.to] >= 'A' && text.ptr[marker.to] <= 'Z')))
			marker.to++;
		marker.is_private = bs_str_has(
			bs_str_sub(text, label, marker.to - label), BS_LIT("PRIVATE KEY"));
		while (marker.to < text.len && text.ptr[marker.to] == '-')
			marker.to++;
		*ret_marker = marker;
		return true;
	}
	return false;
}

struct run {
	size_t from, to;
};

// The first run of base64 in text of at least `enough` bytes, or the longest one.
static struct run find_run(struct bs_str text, size_t enough)
{
	struct run best = {0, 0};
	size_t from = 0;
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && is_base64(text.ptr[i]))
			continue;
		if (i - from > best.to - best.from)
			best = (struct run){from, i};
		if (i - from >= enough)
			return best;
		from = i + 1;
	}
	return best;
}

static struct run longest_run(struct bs_str text)
{
	return find_run(text, SIZE_MAX);
}

// Width of the base64 at the end of a line that may be the middle of a key; 0 when it cannot be.
static size_t line_width(struct bs_str text)
{
	size_t width = 0;
	bool varied = false; // digests are hexadecimal
	text = bs_str_trim_end(text);
	while (width < text.len && width <= LINE_WIDTH_MAX) {
		char c = text.ptr[text.len - width - 1];
		if (!is_base64(c))
			break;
		varied = varied || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z');
		width++;
	}
	return varied && width >= LINE_WIDTH_MIN && width <= LINE_WIDTH_MAX ? width : 0;
}

static void mark(struct bs_pem *pem, struct bs_hold *hold, uint64_t seq, size_t from, size_t to)
{
	struct bs_str text = bs_hold_text(hold, seq);
	struct run run = find_run(bs_str_sub(text, from, to - from), RUN_BYTES_MIN);
	if (pem->number == 0)
		pem->number = bs_numbers_of(
			pem->numbers, bs_str_sub(text, from + run.from, run.to - run.from));
	bs_hold_mark(hold, seq, from, to, KIND, pem->number);
}

static void enter(struct bs_pem *pem, enum bs_pem_state state, size_t indent)
{
	pem->state = state;
	pem->misses = 0;
	pem->indent = indent;
	pem->width = 0;
	pem->number = 0;
}

void bs_pem_enter(struct bs_pem *pem, size_t indent, struct bs_str first)
{
	enter(pem, BS_PEM_PRIVATE, indent);
	pem->width = first.len;
	pem->number = bs_numbers_of(pem->numbers, first);
}

// A line between BEGIN and END.
static void take_inside(struct bs_pem *pem, struct bs_hold *hold, uint64_t seq)
{
	static const char *const headers[] = {
		"Proc-Type:", "DEK-Info:", "Version:", "Comment:", "Charset:", "Hash:", "Subject:"};
	struct bs_str text = bs_hold_text(hold, seq);
	struct bs_str body = bs_str_trim(bs_str_from(text, pem->indent));
	struct run run = longest_run(body);
	size_t from = (size_t)(body.ptr - text.ptr);
	if (pem->indent > 0 && (body.len == 0 || text.ptr[pem->indent - 1] != pem->indent_end)) {
		// not what stood before BEGIN
		body = text;
		run = longest_run(text);
		from = 0;
	}
	size_t bytes = run.to - run.from;
	bool last = bytes == body.len && bytes > 0 && bytes < RUN_BYTES_MIN &&
		    (pem->width >= RUN_BYTES_MIN || body.ptr[0] == '=');
	if (bytes >= RUN_BYTES_MIN || last) {
		mark(pem, hold, seq, from + run.from, from + run.to);
		pem->width = bytes;
		pem->misses = 0;
		return;
	}
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		if (bs_str_has(body, bs_str_c(headers[i])))
			return;
	}
	if (bs_str_trim(text).len > 0 && ++pem->misses >= MISSES_MAX)
		pem->state = BS_PEM_OUT;
}

// Lines that waited turn out to be the middle of a key.
static void mark_run(struct bs_pem *pem, struct bs_hold *hold, uint64_t end)
{
	enter(pem, BS_PEM_OUT, 0);
	for (uint64_t seq = pem->run_from; pem->run_lines > 0 && seq < end; seq++) {
		struct run run = longest_run(bs_hold_text(hold, seq));
		if (run.to > run.from)
			mark(pem, hold, seq, run.from, run.to);
	}
	pem->run_lines = 0;
}

// What of a key stands before its END on the same line.
static void mark_before_end(
	struct bs_pem *pem, struct bs_hold *hold, uint64_t seq, size_t from, size_t to)
{
	struct bs_str before = bs_str_sub(bs_hold_text(hold, seq), from, to - from);
	struct run run = find_run(before, RUN_BYTES_MIN);
	if (run.to - run.from >= RUN_BYTES_MIN)
		mark(pem, hold, seq, from + (from > 0 ? 0 : run.from), to);
}

// A line with BEGIN or END in it, or with several.
static void take_markers(struct bs_pem *pem, struct bs_hold *hold, uint64_t seq)
{
	struct bs_str text = bs_hold_text(hold, seq);
	struct marker marker;
	size_t body = 0;
	bool any = false;
	for (size_t at = 0; find_marker(text, at, &marker); at = marker.to) {
		any = true;
		if (marker.begins) {
			enter(pem, marker.is_private ? BS_PEM_PRIVATE : BS_PEM_PUBLIC, marker.from);
			pem->indent_end = marker.from > 0 ? text.ptr[marker.from - 1] : '\0';
			body = marker.to;
			continue;
		}
		if (marker.is_private) {
			if (pem->state == BS_PEM_OUT)
				mark_run(pem, hold, seq);
			mark_before_end(pem, hold, seq, body, marker.from);
		}
		pem->state = BS_PEM_OUT;
		body = marker.to;
	}
	if (!any && pem->state == BS_PEM_PRIVATE) {
		take_inside(pem, hold, seq);
	} else if (any && pem->state == BS_PEM_PRIVATE) {
		struct run run = longest_run(bs_str_from(text, body));
		if (run.to - run.from >= RUN_BYTES_MIN)
			mark(pem, hold, seq, body, text.len);
		pem->width = run.to - run.from;
	}
}

// "Private-Lines: 8" of PuTTY, and its lines.
static void take_putty(struct bs_pem *pem, struct bs_hold *hold, uint64_t seq)
{
	const struct bs_str lines = BS_LIT("Private-Lines:"), mac = BS_LIT("Private-MAC:");
	struct bs_str text = bs_hold_text(hold, seq);
	size_t at = bs_str_find(text, lines);
	uint64_t count;
	if (at != SIZE_MAX &&
		bs_str_to_u64(bs_str_trim(bs_str_from(text, at + lines.len)), &count)) {
		enter(pem, BS_PEM_OUT, at);
		pem->putty_left = count < PUTTY_LINES_MAX ? (unsigned)count : PUTTY_LINES_MAX;
		return;
	}
	at = bs_str_find(text, mac);
	struct run run = longest_run(bs_str_from(text, at == SIZE_MAX ? 0 : at + mac.len));
	size_t from = at == SIZE_MAX ? 0 : at + mac.len;
	if (at == SIZE_MAX && pem->putty_left > 0)
		pem->putty_left--;
	if (run.to - run.from >= 4)
		mark(pem, hold, seq, from + run.from, from + run.to);
}

// Outside of a key: lines like those of one wait for what comes.
static void take_outside(struct bs_pem *pem, struct bs_hold *hold, uint64_t seq)
{
	struct bs_str text = bs_hold_text(hold, seq);
	size_t width = line_width(text);
	struct run run = pem->run_lines > 0 ? longest_run(text) : (struct run){0, 0};
	bool last = width == 0 && run.to - run.from >= 4 && pem->width >= LINE_WIDTH_MIN;
	if (width == 0 && !last) {
		pem->run_lines = 0;
		return;
	}
	if (pem->run_lines == 0)
		pem->run_from = seq;
	pem->run_lines++;
	pem->width = width;
	if (!bs_hold_has_room(hold)) // a key this long is a blob that nobody reads: it goes
		mark_run(pem, hold, seq + 1);
}

uint64_t bs_pem_take(struct bs_pem *pem, struct bs_hold *hold, uint64_t seq, bool has_word)
{
	struct bs_str text = bs_hold_text(hold, seq);
	if (pem->putty_left > 0 || (has_word && bs_str_has(text, BS_LIT("Private-"))))
		take_putty(pem, hold, seq);
	if (has_word)
		take_markers(pem, hold, seq);
	else if (pem->state == BS_PEM_PRIVATE)
		take_inside(pem, hold, seq);
	if (has_word || pem->state != BS_PEM_OUT)
		pem->run_lines = 0;
	else
		take_outside(pem, hold, seq);
	return pem->run_lines > 0 ? pem->run_from : BS_HOLD_NONE;
}

bool bs_pem_is_idle(const struct bs_pem *pem)
{
	return pem->state != BS_PEM_PRIVATE && pem->putty_left == 0 && pem->run_lines == 0;
}

bool bs_pem_may_be_inside(struct bs_str text)
{
	return line_width(text) > 0;
}

bool bs_pem_is_in(struct bs_str text)
{
	struct marker marker;
	for (size_t at = 0; find_marker(text, at, &marker); at = marker.to) {
		struct run run = longest_run(bs_str_sub(text, marker.to, 2 * LINE_WIDTH_MAX));
		if (marker.begins && marker.is_private && run.to - run.from >= RUN_BYTES_MIN * 2)
			return true;
	}
	return false;
}
