// SPDX-License-Identifier: MIT
// A provider that misbehaves on demand: an HTTP server on loopback, driven by a script of faults.
//
// It speaks the wire formats that core/llm asks in (wire_*.c), streamed and whole, picks by the
// request's path, and reads from a script what the n-th request gets. One
// thread, one poll loop, bounded in time and connections. The script is told in
// tests/exchange/README.md; `fault --words` prints every word of it.
#ifndef BS_FAULT_SERVER_H
#define BS_FAULT_SERVER_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/str.h"

#define BS_FAULT_SERVERS_MAX 16

struct bs_fault_options {
	const char *script;     // path; NULL: one server named "a" that answers well
	struct bs_str text;     // or the script itself
	const char *log;        // one JSON line a request; NULL: none
	const char *bodies_dir; // raw request bodies and heads, "a-1.body", "a-1.head"; NULL: none
	int64_t lifetime_ms;    // then it stops by itself
};

struct bs_fault_server;

// Listens. BS_USAGE names "file:line: what" of a script that cannot be read.
enum bs_status bs_fault_server_start(const struct bs_fault_options *options,
	struct bs_fault_server **ret_server, struct bs_err *err) BS_MUST_USE;
// Ends what is under way, writes the log's last lines, frees. Accepts NULL.
void bs_fault_server_stop(struct bs_fault_server *server);

size_t bs_fault_server_count(const struct bs_fault_server *server);
const char *bs_fault_server_name(const struct bs_fault_server *server, size_t index);
unsigned bs_fault_server_port(const struct bs_fault_server *server, size_t index);

// Requests that server has answered so far.
uint64_t bs_fault_server_requests(const struct bs_fault_server *server, size_t index);

// In a process made by fork: closes this copy's sockets, so that they live and die with the
// parent's. Nothing else of the server may be used after it.
void bs_fault_server_forget(struct bs_fault_server *server);

// Waits for at most timeout_ms and does what is due. false: its lifetime is over.
bool bs_fault_server_step(struct bs_fault_server *server, int64_t timeout_ms);

// How the log names a key: the low 32 bits of its FNV-1a hash, "1a2b3c4d".
void bs_fault_key_tag(struct bs_str key, char ret_tag[9]);

// The table of words, for people.
void bs_fault_words_print(struct bs_buf *out);

#endif
