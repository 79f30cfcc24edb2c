// SPDX-License-Identifier: MIT
// The inside of a running fault server: listeners, connections, and where each of them stands.
#ifndef FAULT_SERVE_H
#define FAULT_SERVE_H

#include "tests/exchange/server/parts.h"

#define FAULT_CONNECTIONS_MAX 128
#define FAULT_HEAD_BYTES_MAX (64 * 1024)
#define FAULT_KEYS_SEEN_MAX 64

struct fault_listener {
	int fd;
	unsigned port;
	uint64_t requests;
	uint64_t keys[FAULT_KEYS_SEEN_MAX]; // hashes, in order of appearance
	size_t keys_count;
	int64_t open_again_ms; // 0: it is open, or stays closed
};

enum fault_phase {
	FAULT_PHASE_FREE,
	FAULT_PHASE_READ,
	FAULT_PHASE_PLAY,
	FAULT_PHASE_HOLD,
	FAULT_PHASE_DRAIN, // told the client that it was all, takes what it still sends
};

struct fault_connection {
	enum fault_phase phase;
	int fd;
	unsigned number;
	size_t port_server, server; // whose port it is, who is asked
	bool stale;
	struct bs_buf in;
	// the request under way
	struct fault_request request;
	size_t head_len, body_bytes;
	const struct fault_rule *rule; // NULL: ok
	struct fault_record record;
	// the reply under way
	struct fault_plan plan;
	size_t part, sent; // sent: of this part
	uint64_t times_left;
	int64_t part_since_ms, due_ms;
};

struct fault_server {
	struct fault_script script;
	struct fault_listener listeners[FAULT_SERVERS_MAX];
	struct fault_connection connections[FAULT_CONNECTIONS_MAX];
	unsigned connections_count; // ever
	int64_t started_ms, until_ms;
	FILE *log;
	const char *bodies_dir;
};

// listen.c
enum bs_status fault_listener_open(
	struct fault_listener *listener, unsigned port, bool listening, struct bs_err *err);
// Closes it and opens the same port again; one that does not listen refuses connections.
void fault_listener_reopen(struct fault_listener *listener, bool listening);

// connection.c
void fault_connection_drop(
	struct fault_server *server, struct fault_connection *c, bool reset, const char *how);
// Writes the line of the request that is over.
void fault_connection_finish(
	struct fault_server *server, struct fault_connection *c, const char *how);
// Something can be read.
void fault_connection_receive(
	struct fault_server *server, struct fault_connection *c, int64_t now_ms);

// play.c
void fault_play_begin(struct fault_connection *c, int64_t now_ms);
// Sends what is due. Returns when it must wait: for time, for the socket, or for others' turn.
void fault_play(struct fault_server *server, struct fault_connection *c, int64_t now_ms);

#endif
