// SPDX-License-Identifier: MIT
// What the files of the fault server share: rules read from a script, requests, and plans to send.
#ifndef BS_FAULT_PARTS_H
#define BS_FAULT_PARTS_H

#include <stdio.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/fault/server.h"

#define BS_FAULT_FOREVER_MS INT64_MAX
#define BS_FAULT_RULES_MAX 512
#define BS_FAULT_HEADERS_MAX 8
#define BS_FAULT_PARTS_MAX 200000 // pieces of one reply: a split at every byte of a long answer
#define BS_FAULT_REPLY_BYTES_MAX (16 * 1024 * 1024)

// --- script.c: what a line says

enum bs_fault_answer {
	BS_FAULT_ANSWER_OK,
#define BS_FAULT_ANSWERS(X)                                                              \
	X(BS_FAULT_ANSWER_EMPTY, "empty", "no content at all")                           \
	X(BS_FAULT_ANSWER_REASONING, "reasoning", "reasoning, but no answer")            \
	X(BS_FAULT_ANSWER_LENGTH, "length", "half the answer, stopped by length")        \
	X(BS_FAULT_ANSWER_REFUSAL, "refusal", "a refusal")                               \
	X(BS_FAULT_ANSWER_FILTERED, "filtered", "half the answer, stopped by a filter")  \
	X(BS_FAULT_ANSWER_BROKEN, "broken", "JSON that does not parse")                  \
	X(BS_FAULT_ANSWER_FENCED, "fenced", "JSON in a code fence")                      \
	X(BS_FAULT_ANSWER_PROSE, "prose", "JSON with prose around it")                   \
	X(BS_FAULT_ANSWER_TRAILING_COMMA, "trailing-comma", "JSON with trailing commas") \
	X(BS_FAULT_ANSWER_BOM, "bom", "JSON after a byte order mark")                    \
	X(BS_FAULT_ANSWER_WORDS, "words", "plain words, no JSON")                        \
	X(BS_FAULT_ANSWER_MISSING, "missing", "without the field `summary`")             \
	X(BS_FAULT_ANSWER_EXTRA, "extra", "with a field that is not in the schema")      \
	X(BS_FAULT_ANSWER_WRONG_TYPE, "wrong-type", "`headline` is a list of numbers")   \
	X(BS_FAULT_ANSWER_TOO_LONG, "too-long", "a headline of 4000 characters")         \
	X(BS_FAULT_ANSWER_BAD_ENUM, "bad-enum", "a category that does not exist")        \
	X(BS_FAULT_ANSWER_UNGROUNDED, "ungrounded", "evidence that is not in the log")   \
	X(BS_FAULT_ANSWER_BAD_FILE, "bad-file", "a failure in a file that is not there") \
	X(BS_FAULT_ANSWER_TWICE, "twice", "the same JSON two times")                     \
	X(BS_FAULT_ANSWER_INVALID_UTF8, "invalid-utf8", "a headline with a stray 0xFF")
#define X(name, id, words) name,
	BS_FAULT_ANSWERS(X)
#undef X
	BS_FAULT_ANSWER_COUNT
};

enum bs_fault_framing {
	BS_FAULT_FRAMING_AUTO, // streams are chunked, everything else has a length
	BS_FAULT_FRAMING_LENGTH,
	BS_FAULT_FRAMING_CHUNKED,
	BS_FAULT_FRAMING_CLOSE, // neither: the end of the connection is the end of the body
};

// One line of the script. ptr NULL and -1: not said.
struct bs_fault_rule {
	struct bs_str line; // as written, for the log
	size_t server;
	uint64_t from, to; // requests of that server, from 1

	// which requests
	int64_t until_ms; // after the server's start
	int64_t key;      // the n-th different key that the server has seen
	struct bs_str has;
	bool early;

	// before the reply
	int64_t latency_ms;
	bool reset, close;
	int64_t interim;

	// the head
	int64_t status;
	struct bs_str version, type, redirect;
	struct bs_str headers[BS_FAULT_HEADERS_MAX];
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

extern const struct bs_fault_rule bs_fault_rule_ok; // "* ok"

struct bs_fault_script_server {
	char name[32];
	int64_t latency_ms;
	bool refuse;
};

struct bs_fault_script {
	struct bs_arena arena;
	struct bs_fault_script_server servers[BS_FAULT_SERVERS_MAX];
	size_t servers_count;
	struct bs_fault_rule *rules;
	size_t rules_count;
};

// path is for messages and for "@file" (relative to the script's folder).
enum bs_status bs_fault_script_read(const char *path, struct bs_str text,
	struct bs_fault_script *ret_script, struct bs_err *err) BS_MUST_USE;
void bs_fault_script_release(struct bs_fault_script *script);

// --- a request that has come in

struct bs_fault_request {
	struct bs_str head, body; // head: request line and headers with the empty line
	struct bs_str method, path, key;
	struct bs_str tool;               // the one it forces; ptr NULL: none
	const struct bs_fault_wire *wire; // core/fault/wire.h
	bool stream, keep_alive;
};

// Looks into the body: is a stream asked for, and a tool?
void bs_fault_request_look(struct bs_fault_request *request);
// Takes the head apart. false: it is not HTTP. *ret_body_bytes: how long the body will be.
bool bs_fault_request_read(
	struct bs_str head, struct bs_fault_request *ret_request, size_t *ret_body_bytes);

// --- answer.c: the summary that a model would give, in all its faults

// Evidence is a line of the log that stands in the request, so that grounding holds.
void bs_fault_answer_write(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out);

// --- reply.c: the bytes of a reply, and when each of them is sent

struct bs_fault_part {
	size_t from, len; // of the plan's bytes
	int64_t wait_ms;  // before it
	uint64_t rate;    // bytes a second; 0: at once
	uint64_t times;   // sent that often, 0: for ever
	int64_t every_ms; // between two of them
};

enum bs_fault_end {
	BS_FAULT_END_KEEP, // waits for the next request
	BS_FAULT_END_FIN,
	BS_FAULT_END_RST,
	BS_FAULT_END_HOLD, // stays open in silence
};

struct bs_fault_plan {
	struct bs_buf bytes;
	struct bs_fault_part *parts;
	size_t parts_count, parts_cap;
	enum bs_fault_end end;
	bool failed; // for memory
};

// The reply that `rule` orders. The plan is zeroed before.
void bs_fault_plan_make(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	int64_t latency_ms, struct bs_fault_plan *plan);
void bs_fault_plan_release(struct bs_fault_plan *plan);

// wire.c: bodies in the wire formats. A stream is a list of events, each complete.
struct bs_fault_events {
	struct bs_buf bytes;
	size_t ends[4096];
	size_t count;
	size_t content_from; // the first event of the answer
	const struct bs_fault_rule *rule;
	const struct bs_fault_wire *wire;
};
// The format that requests for that path are in.
const struct bs_fault_wire *bs_fault_wire_of(struct bs_str path);
void bs_fault_wire_whole(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_str answer, struct bs_buf *out);
void bs_fault_wire_events(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_str answer, struct bs_fault_events *out);
void bs_fault_wire_error(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out);
void bs_fault_wire_ping(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out);
void bs_fault_wire_filler(const struct bs_fault_rule *rule, const struct bs_fault_request *request,
	struct bs_buf *out);

// --- record.c: the log

struct bs_fault_record {
	int64_t t_ms, end_ms; // since the server started
	uint64_t n;           // 0: it came on a connection that had gone stale
	const char *server;
	unsigned connection;
	size_t sent_bytes;
	const char *how; // "complete", "client closed", "cut", "reset", "held", "stopped" …
};

void bs_fault_record_write(FILE *log, const struct bs_fault_record *record,
	const struct bs_fault_request *request, const struct bs_fault_rule *rule);
void bs_fault_record_request(
	const char *dir, const char *server, uint64_t n, const struct bs_fault_request *request);

#endif
