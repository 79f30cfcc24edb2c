// SPDX-License-Identifier: MIT
// The summary that a model would give of the log it was sent, and its faults.
#include "core/ext/json.h"
#include "core/fault/parts.h"

// --- the log in the request

// The longest text of a message, whether it is a string or blocks of text.
static struct bs_str longest_of(const struct bs_json *message)
{
	const struct bs_json *content = bs_json_get(message, "content");
	if (!content)
		content = bs_json_get(message, "parts"); // Gemini
	struct bs_str longest = bs_json_text(content);
	for (const struct bs_json *part = longest.ptr ? NULL : bs_json_first(content); part;
		part = bs_json_next(part)) {
		struct bs_str text = bs_json_text(bs_json_get(part, "text"));
		if (text.len > longest.len)
			longest = text;
	}
	return longest;
}

// The user's first message, wherever the format has its messages.
static struct bs_str question(const struct bs_json *root)
{
	static const char *const lists[] = {"messages", "input", "contents"};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct bs_json *message = bs_json_first(bs_json_get(root, lists[i]));
		while (message && !bs_str_eq_c(bs_json_text(bs_json_get(message, "role")), "user"))
			message = bs_json_next(message);
		if (message)
			return longest_of(message);
	}
	return bs_json_text(bs_json_get(root, "input"));
}

// A run of at least 16 hexadecimal digits: the mark of where a log begins and ends.
static struct bs_str find_mark(struct bs_str line)
{
	size_t len = 0;
	for (size_t i = 0; i <= line.len; i++) {
		char c = i < line.len ? bs_lower(line.ptr[i]) : '\0';
		if (bs_is_digit(c) || (c >= 'a' && c <= 'f'))
			len++;
		else if (len >= 16)
			return bs_str_sub(line, i - len, len);
		else
			len = 0;
	}
	return (struct bs_str){NULL, 0};
}

// What stands between two lines of the same mark; the whole text when there are none.
static struct bs_str between_marks(struct bs_str text)
{
	struct bs_str rest = text, line;
	while (bs_str_split(&rest, '\n', &line)) {
		struct bs_str mark = find_mark(line), inner = rest, next;
		const char *from = rest.ptr;
		while (mark.ptr && bs_str_split(&inner, '\n', &next))
			if (bs_str_has(next, mark) && next.ptr > from)
				return bs_str(from, (size_t)(next.ptr - from));
	}
	return text;
}

static unsigned line_worth(struct bs_str line)
{
	static const char *const words[] = {"error", "fail", "assert", "panic", "exception"};
	if (!line.len || line.len > 400 || bs_str_starts(line, BS_LIT("[lines ")))
		return 0;
	unsigned worth = 1 + (line.len > 12);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (bs_str_ifind(line, bs_str_c(words[i])) != SIZE_MAX)
			worth += 2;
	return worth;
}

static struct bs_str choose_line(struct bs_str log)
{
	struct bs_str line, best = {"", 0};
	unsigned best_worth = 0;
	while (bs_str_split(&log, '\n', &line)) {
		unsigned worth = line_worth(line);
		if (worth >= best_worth && worth) {
			best = line;
			best_worth = worth;
		}
	}
	return best;
}

// --- the answer

static void put_failure(struct bs_json_writer *w, const char *file, struct bs_str message)
{
	bs_json_open(w, '{');
	bs_json_put_key(w, "name");
	bs_json_put_null(w);
	bs_json_put_key(w, "file");
	bs_json_put_c(w, file);
	bs_json_put_key(w, "line");
	bs_json_put_null(w);
	bs_json_put_key(w, "message");
	bs_json_put_str(w, message);
	bs_json_close(w, '}');
}

static void put_headline(struct bs_json_writer *w, unsigned kind)
{
	static char long_text[4001];
	memset(long_text, 'x', sizeof(long_text) - 1);
	bs_json_put_key(w, "headline");
	if (kind == BS_FAULT_ANSWER_WRONG_TYPE) {
		bs_json_open(w, '[');
		bs_json_put_i64(w, 1);
		bs_json_put_i64(w, 2);
		bs_json_close(w, ']');
	} else
		bs_json_put_c(w, kind == BS_FAULT_ANSWER_TOO_LONG ? long_text : "The build failed");
}

static void put_summary(
	struct bs_json_writer *w, const struct bs_fault_rule *rule, struct bs_str evidence)
{
	unsigned kind = rule->answer;
	bs_json_open(w, '{');
	put_headline(w, kind);
	if (kind != BS_FAULT_ANSWER_MISSING) {
		bs_json_put_key(w, "summary");
		bs_json_put_c(
			w, "The command ended with an error; the line quoted below names it.");
	}
	bs_json_put_key(w, "category");
	if (kind == BS_FAULT_ANSWER_BAD_ENUM)
		bs_json_put_c(w, "gremlins");
	else
		bs_json_put_str(w, rule->category.ptr ? rule->category : BS_LIT("unknown"));
	bs_json_put_key(w, "failures");
	bs_json_open(w, '[');
	put_failure(
		w, kind == BS_FAULT_ANSWER_BAD_FILE ? "no/such/file_at_all.zig" : NULL, evidence);
	bs_json_close(w, ']');
	bs_json_put_key(w, "evidence");
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	bs_json_put_key(w, "line");
	bs_json_put_i64(w, 1);
	bs_json_put_key(w, "text");
	bs_json_put_str(w, kind == BS_FAULT_ANSWER_UNGROUNDED
				   ? BS_LIT("this line was never in any log 4711")
				   : evidence);
	bs_json_close(w, '}');
	bs_json_close(w, ']');
	bs_json_put_key(w, "next_step");
	bs_json_put_c(w, "Look at the quoted line first.");
	bs_json_put_key(w, "confidence");
	bs_json_put_c(w, "high");
	if (kind == BS_FAULT_ANSWER_EXTRA) {
		bs_json_put_key(w, "mood");
		bs_json_put_c(w, "sad");
	}
	bs_json_close(w, '}');
}

// What is put before and after the JSON, and how much of it is left.
static const struct {
	const char *before, *after;
	unsigned percent;
} wraps[BS_FAULT_ANSWER_COUNT] = {
	[BS_FAULT_ANSWER_LENGTH] = {"", "", 50},
	[BS_FAULT_ANSWER_FILTERED] = {"", "", 50},
	[BS_FAULT_ANSWER_BROKEN] = {"", "", 90},
	[BS_FAULT_ANSWER_FENCED] = {"```json\n", "\n```\n", 100},
	[BS_FAULT_ANSWER_PROSE] = {"Here is the summary you asked for:\n\n", "\n\nI hope it helps!",
		100},
	[BS_FAULT_ANSWER_BOM] = {"\xef\xbb\xbf", "", 100},
};

static void add_wrapped(unsigned kind, struct bs_str json, struct bs_buf *out)
{
	bool wrapped = wraps[kind].percent != 0;
	bs_buf_add_c(out, wrapped ? wraps[kind].before : "");
	bs_buf_add(out,
		bs_str_sub(json, 0, wrapped ? json.len * wraps[kind].percent / 100 : json.len));
	bs_buf_add_c(out, wrapped ? wraps[kind].after : "");
	if (kind == BS_FAULT_ANSWER_TWICE)
		bs_buf_add(out, json);
	if (kind == BS_FAULT_ANSWER_TRAILING_COMMA && !out->failed) {
		bs_buf_cut(out, out->len - 1);
		bs_buf_add_c(out, ",}");
	}
	if (kind == BS_FAULT_ANSWER_INVALID_UTF8 && !out->failed)
		out->ptr[bs_str_find(bs_buf_str(out), BS_LIT("The build"))] = (char)0xff;
}

void bs_fault_answer_write(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out)
{
	static const char *const plain[BS_FAULT_ANSWER_COUNT] = {
		[BS_FAULT_ANSWER_EMPTY] = "",
		[BS_FAULT_ANSWER_REASONING] = "",
		[BS_FAULT_ANSWER_REFUSAL] = "I cannot help with that request.",
		[BS_FAULT_ANSWER_WORDS] = "The build failed because of an error in the tests.",
	};
	if (rule->text.ptr) {
		bs_buf_add(out, rule->text);
		return;
	}
	if (plain[rule->answer]) {
		bs_buf_add_c(out, plain[rule->answer]);
		return;
	}
	struct bs_json *root = NULL;
	struct bs_err err;
	struct bs_buf json;
	struct bs_json_writer w;
	bs_buf_init(&json, BS_FAULT_REPLY_BYTES_MAX);
	bs_json_writer_init(&w, &json);
	if (bs_json_parse(request->body, &root, &err) != BS_OK)
		root = NULL; // a body that is no JSON has no log to quote
	struct bs_str log = question(root);
	put_summary(&w, rule, choose_line(between_marks(log.ptr ? log : BS_LIT(""))));
	add_wrapped(rule->answer, bs_buf_str(&json), out);
	bs_buf_release(&json);
	bs_json_free(root);
}
