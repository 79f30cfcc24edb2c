// SPDX-License-Identifier: MIT
// Finds the one JSON object in a model's prose by reading it leniently and writing it strictly.
#include "core/llm/repair.h"

struct repair {
	struct bs_str text;
	size_t at;
	unsigned depth;
	bool ended; // the text was over before the object was
	struct bs_buf *out;
};

static bool value(struct repair *r);

static bool more(struct repair *r)
{
	r->ended |= r->at >= r->text.len;
	return r->at < r->text.len;
}

static void skip_space(struct repair *r)
{
	while (r->at < r->text.len && bs_is_space(r->text.ptr[r->at]))
		r->at++;
}

// Copies c to out when it is next.
static bool take(struct repair *r, char c)
{
	if (!more(r) || r->text.ptr[r->at] != c)
		return false;
	bs_buf_add_char(r->out, c);
	r->at++;
	return true;
}

static void put_char(struct repair *r, char c)
{
	if ((unsigned char)c < 0x20)
		bs_buf_addf(r->out, "\\u%04x", (unsigned)c);
	else
		bs_buf_add_char(r->out, c);
}

// What stands after a backslash. An escape JSON does not have was meant as it stands: "C:\dir".
static void escape(struct repair *r)
{
	char c = r->text.ptr[r->at++];
	bs_buf_add_c(r->out, c && strchr("\"\\/bfnrtu", c) ? "\\" : "\\\\");
	put_char(r, c);
}

static bool string(struct repair *r)
{
	if (!take(r, '"'))
		return false;
	while (more(r)) {
		char c = r->text.ptr[r->at++];
		if (c == '\\') {
			if (!more(r))
				return false;
			escape(r);
		} else {
			put_char(r, c);
			if (c == '"')
				return true;
		}
	}
	return false;
}

// A number, true, false, null: bs_json_parse judges them later.
static bool word(struct repair *r)
{
	size_t from = r->at;
	while (more(r) && (bs_is_alnum(r->text.ptr[r->at]) || r->text.ptr[r->at] == '+' ||
				  r->text.ptr[r->at] == '-' || r->text.ptr[r->at] == '.'))
		r->at++;
	bs_buf_add(r->out, bs_str_sub(r->text, from, r->at - from));
	return r->at > from;
}

// From the bracket that opens to the one that closes; a comma before the latter is dropped.
static bool members(struct repair *r, bool named, char open, char close)
{
	if (r->depth == BS_JSON_DEPTH_MAX || !take(r, open))
		return false;
	r->depth++;
	for (bool first = true;; first = false) {
		skip_space(r);
		if (take(r, close))
			break;
		if (!first)
			bs_buf_add_char(r->out, ',');
		if (named) {
			if (!string(r))
				return false;
			skip_space(r);
			if (!take(r, ':'))
				return false;
			skip_space(r);
		}
		if (!value(r))
			return false;
		skip_space(r);
		if (more(r) && r->text.ptr[r->at] == ',')
			r->at++;
		else if (!more(r) || r->text.ptr[r->at] != close)
			return false;
	}
	r->depth--;
	return true;
}

static bool value(struct repair *r)
{
	if (!more(r))
		return false;
	switch (r->text.ptr[r->at]) {
	case '{':
		return members(r, true, '{', '}');
	case '[':
		return members(r, false, '[', ']');
	case '"':
		return string(r);
	default:
		return word(r);
	}
}

static bool repair(struct bs_str text, struct bs_buf *out)
{
	size_t found = 0;
	bool cut = false;
	struct bs_buf candidate;
	bs_buf_init(&candidate, out->bytes_max);
	bs_buf_clear(out);
	for (size_t at = 0; at < text.len && found < 2 && !cut;) {
		struct repair r = {.text = text, .at = at, .out = &candidate};
		bs_buf_clear(&candidate);
		if (text.ptr[at] != '{') {
			at++;
			continue;
		}
		bool whole = members(&r, true, '{', '}');
		// An object that is cut short has no answer inside it, and makes any other
		// doubtful.
		cut = r.ended || candidate.failed != BS_OK;
		if (whole && candidate.len > 2) { // "{}" is prose about code
			found++;
			bs_buf_add(out, bs_buf_str(&candidate));
		}
		at = whole ? r.at : at + 1;
	}
	enum bs_status failed = candidate.failed != BS_OK ? candidate.failed : out->failed;
	bs_buf_release(&candidate);
	if (found == 1 && !cut && failed == BS_OK)
		return true;
	bs_buf_clear(out);
	out->failed = failed;
	return false;
}

// --- thoughts before the answer

static const struct {
	const char *open, *close;
} thoughts[] = {
	{"<think>", "</think>"},
	{"<thinking>", "</thinking>"},
	{"[THINK]", "[/THINK]"},
};
#define THOUGHTS (sizeof(thoughts) / sizeof(thoughts[0]))

// An object, or a code fence: an answer as it should be. Prose may be more thoughts, or the middle
// of a quoted line.
static bool begins_answer(struct bs_str text)
{
	size_t at = 0;
	while (at < text.len && bs_is_space(text.ptr[at]))
		at++;
	return at < text.len && (text.ptr[at] == '{' || text.ptr[at] == '`');
}

// Behind the last mark that closes thoughts and has an answer after it, else behind the last one at
// all; `text` when there is none.
static struct bs_str behind_thoughts(struct bs_str text)
{
	size_t last = 0, last_answer = 0;
	for (size_t i = 0; i < THOUGHTS; i++) {
		struct bs_str close = bs_str_c(thoughts[i].close);
		size_t end = 0, at;
		while ((at = bs_str_find(bs_str_from(text, end), close)) != SIZE_MAX) {
			end += at + close.len;
			if (last < end)
				last = end;
			if (last_answer < end && begins_answer(bs_str_from(text, end)))
				last_answer = end;
		}
	}
	return bs_str_from(text, last_answer ? last_answer : last);
}

static bool begins_with_thoughts(struct bs_str text)
{
	if (bs_str_starts(text, BS_LIT("\xEF\xBB\xBF")))
		text = bs_str_from(text, 3);
	text = bs_str_trim(text);
	for (size_t i = 0; i < THOUGHTS; i++)
		if (bs_str_starts(text, bs_str_c(thoughts[i].open)))
			return true;
	return false;
}

bool bs_repair_json(struct bs_str text, struct bs_buf *out)
{
	struct bs_str rest = behind_thoughts(text);
	// An object that was only thought of is no answer.
	if (begins_with_thoughts(text))
		return repair(rest, out);
	if (repair(text, out))
		return true;
	// Some prompts open the thoughts already, so that the answer holds only their end.
	return rest.len < text.len && out->failed == BS_OK && repair(rest, out);
}
