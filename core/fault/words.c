// SPDX-License-Identifier: MIT
// The table of words a fault script is made of, and how their values are read.
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/fault/script.h"

enum word_type {
	WORD_NOTHING,
	WORD_FLAG,
	WORD_TIME, // "300ms", "2s"; the number in the table when no value is given
	WORD_NUMBER,
	WORD_TEXT, // '…' as it is, "…" with \r \n \t \\ \" \xNN, @file
	WORD_HEADER,
	WORD_LENGTH, // +N, -N
	WORD_STALL,  // N or N,T
	WORD_ANSWER,
	WORD_FRAMING,
	WORD_EOL,
};

struct word {
	const char *name;
	enum word_type type;
	size_t offset;
	int64_t without_value; // -1: a value must be given
	const char *help;
};

#define AT(member) offsetof(struct bs_fault_rule, member)

static const struct word words[] = {
	{"ok", WORD_NOTHING, 0, 0,
		"a valid answer (what every line means unless it says otherwise)"},
	// which requests
	{"key", WORD_NUMBER, AT(key), -1, "only requests with the n-th different key seen"},
	{"until", WORD_TIME, AT(until_ms), -1, "only requests within that time of the start"},
	{"has", WORD_TEXT, AT(has), -1, "only requests whose body holds this text"},
	{"early", WORD_FLAG, AT(early), 0, "replies before the request's body has been read"},
	// before the head
	{"latency", WORD_TIME, AT(latency_ms), -1, "waits before the head"},
	{"silence", WORD_TIME, AT(latency_ms), BS_FAULT_FOREVER_MS,
		"says nothing, not even a head"},
	{"reset", WORD_FLAG, AT(reset), 0, "resets the connection instead of a reply"},
	{"close", WORD_FLAG, AT(close), 0, "closes the connection instead of a reply"},
	{"interim", WORD_NUMBER, AT(interim), 0,
		"that many 100 Continue before the head (0: for ever)"},
	{"raw", WORD_TEXT, AT(raw), -1, "these bytes instead of a reply, then the end"},
	// the head
	{"status", WORD_NUMBER, AT(status), -1,
		"the status; 4xx and 5xx carry the wire's error object"},
	{"version", WORD_TEXT, AT(version), -1, "instead of HTTP/1.1"},
	{"type", WORD_TEXT, AT(type), -1, "the content type"},
	{"header", WORD_HEADER, 0, -1, "one more header, 'Name: value'; may be repeated"},
	{"redirect", WORD_TEXT, AT(redirect), -1, "307 (or `status`) to this URL"},
	{"huge-header", WORD_NUMBER, AT(huge_header), 1000000, "a header of that many bytes"},
	{"slow-head", WORD_NUMBER, AT(slow_head), 10, "the head at that many bytes a second"},
	{"framing", WORD_FRAMING, AT(framing), -1, "length, chunked or close"},
	{"length", WORD_LENGTH, AT(length), -1, "Content-Length wrong by +N or -N"},
	// the body
	{"body", WORD_TEXT, AT(body), -1, "the whole body, as it is"},
	{"html", WORD_FLAG, AT(html), 0, "a page of a proxy"},
	{"error", WORD_FLAG, AT(error), 0, "the wire's error object, also in a 200"},
	{"message", WORD_TEXT, AT(message), -1, "of the error object"},
	{"code", WORD_TEXT, AT(code), -1, "of the error object"},
	{"error-type", WORD_TEXT, AT(error_type), -1, "of the error object"},
	{"answer", WORD_ANSWER, AT(answer), -1,
		"what the model says: a name below, or the text itself"},
	{"category", WORD_TEXT, AT(category), -1, "of the valid answer (unknown)"},
	{"whole", WORD_FLAG, AT(whole), 0, "not streamed, although that was asked for"},
	{"as-text", WORD_FLAG, AT(as_text), 0, "as text, although a tool was forced"},
	// the stream
	{"first-token", WORD_TIME, AT(first_token_ms), BS_FAULT_FOREVER_MS,
		"silence after the head"},
	{"pings", WORD_TIME, AT(ping_ms), 100,
		"pings at that interval until the first token, or for ever"},
	{"gap", WORD_TIME, AT(gap_ms), -1, "waits between two pieces of the body"},
	{"split", WORD_NUMBER, AT(split), 1, "the body in pieces of that many bytes"},
	{"drip", WORD_NUMBER, AT(drip), 10, "the body at that many bytes a second"},
	{"stall", WORD_STALL, AT(stall), -1, "silence after N bytes of the body (N,T: for T)"},
	{"error-after", WORD_NUMBER, AT(error_after), 3,
		"an error event after that many of content"},
	{"eol", WORD_EOL, AT(eol), -1, "lf, crlf or cr in the stream"},
	{"no-done", WORD_FLAG, AT(no_done), 0, "without [DONE] or message_stop"},
	{"endless", WORD_FLAG, AT(endless), 0, "the body never ends"},
	// the end
	{"cut", WORD_NUMBER, AT(cut), 0, "the end after N bytes of the body"},
	{"rst", WORD_FLAG, AT(rst), 0, "and it is a reset"},
	{"bad-chunk", WORD_FLAG, AT(bad_chunk), 0, "a chunk size that is none, amid the body"},
	{"no-terminator", WORD_FLAG, AT(no_terminator), 0, "without the last chunk"},
	{"hold", WORD_FLAG, AT(hold), 0, "the connection stays open in silence at the end"},
	{"stale", WORD_FLAG, AT(stale), 0, "kept alive, but dead when the next request comes"},
	{"refuse", WORD_TIME, AT(refuse_ms), BS_FAULT_FOREVER_MS,
		"new connections are refused from now on"},
};
#define WORDS_COUNT (sizeof(words) / sizeof(words[0]))

static const char *const answer_ids[] = {"ok",
#define X(name, id, help) id,
	BS_FAULT_ANSWERS(X)
#undef X
};
static const char *const answer_helps[] = {"a valid summary",
#define X(name, id, help) help,
	BS_FAULT_ANSWERS(X)
#undef X
};
static const char *const framing_ids[] = {"auto", "length", "chunked", "close"};
static const char *const eol_ids[] = {"lf", "crlf", "cr"};

void bs_fault_words_print(struct bs_buf *out)
{
	for (size_t i = 0; i < WORDS_COUNT; i++)
		bs_buf_addf(out, "%-14s %s\n", words[i].name, words[i].help);
	for (size_t i = 0; i < BS_FAULT_ANSWER_COUNT; i++)
		bs_buf_addf(out, "answer=%-15s %s\n", answer_ids[i], answer_helps[i]);
}

// --- values

static bool find_id(struct bs_str text, const char *const *ids, size_t count, unsigned *ret_index)
{
	for (size_t i = 0; i < count; i++)
		if (bs_str_eq_c(text, ids[i])) {
			*ret_index = (unsigned)i;
			return true;
		}
	return false;
}

bool bs_fault_read_time(struct bs_str text, int64_t *ret_ms)
{
	char copy[32], *end = NULL;
	if (!text.len || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	double number = strtod(copy, &end);
	bool ms = strcmp(end, "ms") == 0;
	if (end == copy || number < 0 || number > 1e9 || (!ms && strcmp(end, "s") != 0))
		return false;
	*ret_ms = (int64_t)(ms ? number : number * 1000);
	return true;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = strchr(digits, bs_lower(c));
	return c && at ? (int)(at - digits) : -1;
}

// The inside of "…": backslash escapes.
static struct bs_str unescape(struct bs_arena *arena, struct bs_str text)
{
	char *out = bs_arena_alloc(arena, text.len + 1);
	size_t len = 0;
	if (!out)
		return (struct bs_str){NULL, 0};
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c != '\\' || i + 1 == text.len) {
			out[len++] = c;
			continue;
		}
		c = text.ptr[++i];
		const char *at = strchr("rnt0", c);
		if (c == 'x' && i + 2 < text.len && hex_digit(text.ptr[i + 1]) >= 0 &&
			hex_digit(text.ptr[i + 2]) >= 0) {
			out[len++] = (char)(hex_digit(text.ptr[i + 1]) * 16 +
					    hex_digit(text.ptr[i + 2]));
			i += 2;
		} else
			out[len++] = at ? "\r\n\t\0"[at - "rnt0"] : c;
	}
	return bs_str(out, len);
}

static struct bs_str read_text_file(struct bs_fault_reader *reader, struct bs_str name)
{
	const char *slash = strrchr(reader->path, '/');
	size_t folder_len = slash && name.ptr[0] != '/' ? (size_t)(slash - reader->path) + 1 : 0;
	const char *path = bs_arena_printf(
		reader->arena, "%.*s%.*s", (int)folder_len, reader->path, BS_FMT(name));
	FILE *file = path ? fopen(path, "rb") : NULL;
	if (!file)
		return (struct bs_str){NULL, 0};
	size_t cap = 1024 * 1024;
	char *bytes = bs_arena_alloc(reader->arena, cap);
	size_t len = bytes ? fread(bytes, 1, cap, file) : 0;
	fclose(file);
	return bs_str(bytes, len);
}

// A value as it stands in the line → the text it means.
static struct bs_str read_text(struct bs_fault_reader *reader, struct bs_str value)
{
	if (value.len >= 2 && value.ptr[0] == '"')
		return unescape(reader->arena, bs_str_sub(value, 1, value.len - 2));
	if (value.len >= 2 && value.ptr[0] == '\'')
		return bs_str_sub(value, 1, value.len - 2);
	if (value.len >= 2 && value.ptr[0] == '@')
		return read_text_file(reader, bs_str_from(value, 1));
	return value;
}

static bool read_stall(struct bs_str value, struct bs_fault_rule *rule)
{
	struct bs_str bytes;
	uint64_t number;
	if (!bs_str_split(&value, ',', &bytes) || !bs_str_to_u64(bytes, &number))
		return false;
	rule->stall = (int64_t)number;
	rule->stall_ms = BS_FAULT_FOREVER_MS;
	return !value.ptr || bs_fault_read_time(value, &rule->stall_ms);
}

static bool read_length(struct bs_str value, struct bs_fault_rule *rule)
{
	uint64_t number;
	if (value.len < 2 || (value.ptr[0] != '+' && value.ptr[0] != '-') ||
		!bs_str_to_u64(bs_str_from(value, 1), &number))
		return false;
	rule->length = value.ptr[0] == '+' ? (int64_t)number : -(int64_t)number;
	return rule->length_said = true;
}

static bool set_word(struct bs_fault_reader *reader, const struct word *word, bool has_value,
	struct bs_str value, struct bs_fault_rule *rule)
{
	char *at = (char *)rule + word->offset;
	uint64_t number = 0;
	struct bs_str text = {NULL, 0};
	if (!has_value && word->without_value < 0)
		return false;
	switch (word->type) {
	case WORD_NOTHING:
		return !has_value;
	case WORD_FLAG:
		*(bool *)at = true;
		return !has_value;
	case WORD_TIME:
		*(int64_t *)at = word->without_value;
		return !has_value || bs_fault_read_time(value, (int64_t *)at);
	case WORD_NUMBER:
		if (has_value && (!bs_str_to_u64(value, &number) || number > INT_MAX))
			return false;
		*(int64_t *)at = has_value ? (int64_t)number : word->without_value;
		return true;
	case WORD_TEXT:
		text = read_text(reader, value);
		*(struct bs_str *)at = text;
		return text.ptr != NULL;
	case WORD_HEADER:
		text = read_text(reader, value);
		if (!text.ptr || rule->headers_count == BS_FAULT_HEADERS_MAX)
			return false;
		rule->headers[rule->headers_count++] = text;
		return true;
	case WORD_LENGTH:
		return read_length(value, rule);
	case WORD_STALL:
		return read_stall(value, rule);
	case WORD_ANSWER:
		if (!find_id(value, answer_ids, BS_FAULT_ANSWER_COUNT, &rule->answer))
			rule->text = read_text(reader, value);
		return rule->text.ptr || rule->answer || bs_str_eq_c(value, "ok");
	case WORD_FRAMING:
		return find_id(value, framing_ids, 4, &rule->framing);
	case WORD_EOL:
		return find_id(value, eol_ids, 3, &rule->eol);
	}
	return false;
}

bool bs_fault_word_apply(
	struct bs_fault_reader *reader, struct bs_str text, struct bs_fault_rule *rule)
{
	size_t at = bs_str_find_char(text, '=');
	bool has_value = at != SIZE_MAX;
	struct bs_str value = has_value ? bs_str_from(text, at + 1) : BS_LIT("");
	for (size_t i = 0; i < WORDS_COUNT; i++)
		if (bs_str_eq_c(bs_str_sub(text, 0, at), words[i].name))
			return set_word(reader, &words[i], has_value, value, rule);
	return false;
}
