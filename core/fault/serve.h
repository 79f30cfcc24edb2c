// SPDX-License-Identifier: MIT
// The inside of a running fault server: listeners, connections, and where each of them stands.
#ifndef BS_FAULT_SERVE_H
#define BS_FAULT_SERVE_H

#include "core/fault/parts.h"

#define BS_FAULT_CONNECTIONS_MAX 128
#define BS_FAULT_HEAD_BYTES_MAX (64 * 1024)
#define BS_FAULT_KEYS_SEEN_MAX 64

struct bs_fault_listener {
	int fd;
	unsigned port;
	uint64_t requests;
	uint64_t keys[BS_FAULT_KEYS_SEEN_MAX]; // hashes, in order of appearance
	size_t keys_count;
	int64_t open_again_ms; // 0: it is open, or stays closed
};

enum bs_fault_phase {
	BS_FAULT_PHASE_FREE,
	BS_FAULT_PHASE_READ,
	BS_FAULT_PHASE_PLAY,
	BS_FAULT_PHASE_HOLD,
	BS_FAULT_PHASE_DRAIN, // told the client that it was all, takes what it still sends
};

struct bs_fault_connection {
	enum bs_fault_phase phase;
	int fd;
	unsigned number;
	size_t port_server, server; // whose port it is, who is asked
	bool stale;
	struct bs_buf in;
	// the request under way
	struct bs_fault_request request;
	size_t head_len, body_bytes;
	const struct bs_fault_rule *rule; // NULL: ok
	struct bs_fault_record record;
	// the reply under way
	struct bs_fault_plan plan;
	size_t part, sent; // sent: of this part
	uint64_t times_left;
	int64_t part_since_ms, due_ms;
};

struct bs_fault_server {
	struct bs_fault_script script;
	struct bs_fault_listener listeners[BS_FAULT_SERVERS_MAX];
	struct bs_fault_connection connections[BS_FAULT_CONNECTIONS_MAX];
	unsigned connections_count; // ever
	int64_t started_ms, until_ms;
	FILE *log;
	const char *bodies_dir;
};

// listen.c
enum bs_status bs_fault_listener_open(
	struct bs_fault_listener *listener, unsigned port, bool listening, struct bs_err *err);
// Closes it and opens the same port again; one that does not listen refuses connections.
void bs_fault_listener_reopen(struct bs_fault_listener *listener, bool listening);

// connection.c
void bs_fault_connection_drop(
	struct bs_fault_server *server, struct bs_fault_connection *c, bool reset, const char *how);
// Writes the line of the request that is over.
void bs_fault_connection_finish(
	struct bs_fault_server *server, struct bs_fault_connection *c, const char *how);
// Something can be read.
void bs_fault_connection_receive(
	struct bs_fault_server *server, struct bs_fault_connection *c, int64_t now_ms);

// play.c
void bs_fault_play_begin(struct bs_fault_connection *c, int64_t now_ms);
// Sends what is due. Returns when it must wait: for time, for the socket, or for others' turn.
void bs_fault_play(struct bs_fault_server *server, struct bs_fault_connection *c, int64_t now_ms);

#endif
