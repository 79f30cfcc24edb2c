// SPDX-License-Identifier: MIT
// What the files of the fault server share: rules read from a script, requests, and plans to send.
#ifndef FAULT_PARTS_H
#define FAULT_PARTS_H

#include <stdio.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "tests/exchange/server/fault.h"

#define FAULT_FOREVER_MS INT64_MAX
#define FAULT_RULES_MAX 512
#define FAULT_HEADERS_MAX 8
#define FAULT_PARTS_MAX 200000 // pieces of one reply: a split at every byte of a long answer
#define FAULT_REPLY_BYTES_MAX (16 * 1024 * 1024)

// --- script.c: what a line says

enum fault_answer {
	FAULT_ANSWER_OK,
#define FAULT_ANSWERS(X)                                                              \
	X(FAULT_ANSWER_EMPTY, "empty", "no content at all")                           \
	X(FAULT_ANSWER_REASONING, "reasoning", "reasoning, but no answer")            \
	X(FAULT_ANSWER_LENGTH, "length", "half the answer, stopped by length")        \
	X(FAULT_ANSWER_REFUSAL, "refusal", "a refusal")                               \
	X(FAULT_ANSWER_FILTERED, "filtered", "half the answer, stopped by a filter")  \
	X(FAULT_ANSWER_BROKEN, "broken", "JSON that does not parse")                  \
	X(FAULT_ANSWER_FENCED, "fenced", "JSON in a code fence")                      \
	X(FAULT_ANSWER_PROSE, "prose", "JSON with prose around it")                   \
	X(FAULT_ANSWER_TRAILING_COMMA, "trailing-comma", "JSON with trailing commas") \
	X(FAULT_ANSWER_BOM, "bom", "JSON after a byte order mark")                    \
	X(FAULT_ANSWER_WORDS, "words", "plain words, no JSON")                        \
	X(FAULT_ANSWER_MISSING, "missing", "without the field `summary`")             \
	X(FAULT_ANSWER_EXTRA, "extra", "with a field that is not in the schema")      \
	X(FAULT_ANSWER_WRONG_TYPE, "wrong-type", "`headline` is a list of numbers")   \
	X(FAULT_ANSWER_TOO_LONG, "too-long", "a headline of 4000 characters")         \
	X(FAULT_ANSWER_BAD_ENUM, "bad-enum", "a category that does not exist")        \
	X(FAULT_ANSWER_UNGROUNDED, "ungrounded", "evidence that is not in the log")   \
	X(FAULT_ANSWER_BAD_FILE, "bad-file", "a failure in a file that is not there") \
	X(FAULT_ANSWER_TWICE, "twice", "the same JSON two times")                     \
	X(FAULT_ANSWER_INVALID_UTF8, "invalid-utf8", "a headline with a stray 0xFF")
#define X(name, id, words) name,
	FAULT_ANSWERS(X)
#undef X
	FAULT_ANSWER_COUNT
};

enum fault_framing {
	FAULT_FRAMING_AUTO, // streams are chunked, everything else has a length
	FAULT_FRAMING_LENGTH,
	FAULT_FRAMING_CHUNKED,
	FAULT_FRAMING_CLOSE, // neither: the end of the connection is the end of the body
};

// One line of the script. ptr NULL and -1: not said.
struct fault_rule {
	struct bs_str line; // as written, for the log
	size_t server;
	uint64_t from, to; // requests of that server, from 1

	// which requests
	int64_t key; // the n-th different key that the server has seen
	struct bs_str has;
	bool early;

	// before the reply
	int64_t latency_ms;
	bool reset, close;
	int64_t interim;

	// the head
	int64_t status;
	struct bs_str version, type, redirect;
	struct bs_str headers[FAULT_HEADERS_MAX];
	size_t headers_count;
	int64_t huge_header, slow_head, length;
	bool length_said;
	unsigned framing;
	bool bad_chunk, no_terminator, hold, stale;
	int64_t refuse_ms;

	// the body
	struct bs_str body, raw, text, message, code, error_type, category;
	unsigned answer;
	bool error, html, whole, as_text, no_done, endless, rst;
	int64_t first_token_ms, ping_ms, gap_ms, drip, split, cut, stall, stall_ms, error_after;
	unsigned eol; // index into "\n", "\r\n", "\r"
};

extern const struct fault_rule fault_rule_ok; // "* ok"

struct fault_script_server {
	char name[32];
	int64_t latency_ms;
	bool refuse;
};

struct fault_script {
	struct bs_arena arena;
	struct fault_script_server servers[FAULT_SERVERS_MAX];
	size_t servers_count;
	struct fault_rule *rules;
	size_t rules_count;
};

// path is for messages and for "@file" (relative to the script's folder).
enum bs_status fault_script_read(const char *path, struct bs_str text,
	struct fault_script *ret_script, struct bs_err *err) BS_MUST_USE;
void fault_script_release(struct fault_script *script);

// --- a request that has come in

struct fault_request {
	struct bs_str head, body; // head: request line and headers with the empty line
	struct bs_str method, path, key;
	struct bs_str tool; // the one it forces; ptr NULL: none
	bool anthropic, stream, keep_alive;
};

// Looks into the body: is a stream asked for, and a tool?
void fault_request_look(struct fault_request *request);
// Takes the head apart. false: it is not HTTP. *ret_body_bytes: how long the body will be.
bool fault_request_read(
	struct bs_str head, struct fault_request *ret_request, size_t *ret_body_bytes);

// --- answer.c: the summary that a model would give, in all its faults

// Evidence is a line of the log that stands in the request, so that grounding holds.
void fault_answer_write(
	const struct fault_rule *rule, const struct fault_request *request, struct bs_buf *out);

// --- reply.c: the bytes of a reply, and when each of them is sent

struct fault_part {
	size_t from, len; // of the plan's bytes
	int64_t wait_ms;  // before it
	uint64_t rate;    // bytes a second; 0: at once
	uint64_t times;   // sent that often, 0: for ever
	int64_t every_ms; // between two of them
};

enum fault_end {
	FAULT_END_KEEP, // waits for the next request
	FAULT_END_FIN,
	FAULT_END_RST,
	FAULT_END_HOLD, // stays open in silence
};

struct fault_plan {
	struct bs_buf bytes;
	struct fault_part *parts;
	size_t parts_count, parts_cap;
	enum fault_end end;
	bool failed; // for memory
};

// The reply that `rule` orders. The plan is zeroed before.
void fault_plan_make(const struct fault_rule *rule, const struct fault_request *request,
	int64_t latency_ms, struct fault_plan *plan);
void fault_plan_release(struct fault_plan *plan);

// wire.c: bodies in the two wire formats. A stream is a list of events, each complete.
struct fault_events {
	struct bs_buf bytes;
	size_t ends[4096];
	size_t count;
	size_t content_from; // the first event of the answer
	const struct fault_rule *rule;
};
void fault_wire_whole(const struct fault_rule *rule, const struct fault_request *request,
	struct bs_str answer, struct bs_buf *out);
void fault_wire_events(const struct fault_rule *rule, const struct fault_request *request,
	struct bs_str answer, struct fault_events *out);
void fault_wire_error(
	const struct fault_rule *rule, const struct fault_request *request, struct bs_buf *out);
void fault_wire_ping(
	const struct fault_rule *rule, const struct fault_request *request, struct bs_buf *out);
void fault_wire_filler(
	const struct fault_rule *rule, const struct fault_request *request, struct bs_buf *out);

// --- record.c: the log

struct fault_record {
	int64_t t_ms, end_ms; // since the server started
	uint64_t n;           // 0: it came on a connection that had gone stale
	const char *server;
	unsigned connection;
	size_t sent_bytes;
	const char *how; // "complete", "client closed", "cut", "reset", "held", "stopped" …
};

void fault_record_write(FILE *log, const struct fault_record *record,
	const struct fault_request *request, const struct fault_rule *rule);
void fault_record_request(
	const char *dir, const char *server, uint64_t n, const struct fault_request *request);

#endif
