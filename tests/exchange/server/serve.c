// SPDX-License-Identifier: MIT
// The fault server's sockets: one poll loop that reads requests and plays the plans of replies.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/exchange/server/parts.h"

#define CONNECTIONS_MAX 128
#define HEAD_BYTES_MAX (64 * 1024)
#define KEYS_SEEN_MAX 64
#define SEND_BYTES_MAX (64 * 1024) // at a time: one connection must not hold up the others

struct listener {
	int fd;
	unsigned port;
	uint64_t requests;
	uint64_t keys[KEYS_SEEN_MAX]; // hashes, in order of appearance
	size_t keys_count;
	int64_t open_again_ms; // 0: it is open, or stays closed
};

enum phase {
	PHASE_FREE,
	PHASE_READ,
	PHASE_PLAY,
	PHASE_HOLD,
	PHASE_DRAIN, // told the client that it was all, takes what it still sends
};

struct connection {
	enum phase phase;
	int fd;
	unsigned number;
	size_t server;
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
	struct listener listeners[FAULT_SERVERS_MAX];
	struct connection connections[CONNECTIONS_MAX];
	unsigned connections_count; // ever
	int64_t started_ms, until_ms;
	FILE *log;
	const char *bodies_dir;
};

// --- listening

static enum bs_status open_listener(
	struct listener *listener, unsigned port, bool listening, struct bs_err *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(address);
	int yes = 1;
	listener->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	// A socket that is bound and does not listen refuses connections and keeps the port ours.
	if (listener->fd < 0 ||
		setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
		bind(listener->fd, (struct sockaddr *)&address, len) != 0 ||
		(listening && listen(listener->fd, 64) != 0) ||
		getsockname(listener->fd, (struct sockaddr *)&address, &len) != 0)
		return bs_fail(err, BS_SYSTEM, "cannot listen on loopback: %s", strerror(errno));
	listener->port = ntohs(address.sin_port);
	return BS_OK;
}

static void reopen_listener(struct listener *listener, bool listening)
{
	close(listener->fd);
	if (open_listener(listener, listener->port, listening, NULL) != BS_OK)
		listener->fd = -1;
}

// --- ends

static void finish(struct fault_server *server, struct connection *c, const char *how)
{
	if (c->record.how || c->phase == PHASE_READ)
		return;
	c->record.how = how;
	c->record.end_ms = bs_clock_ms() - server->started_ms;
	fault_record_write(server->log, &c->record, &c->request, c->rule);
}

static void drop(struct fault_server *server, struct connection *c, bool reset, const char *how)
{
	finish(server, c, how);
	if (reset) {
		struct linger linger = {1, 0};
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	} else
		shutdown(c->fd, SHUT_WR);
	close(c->fd);
	bs_buf_release(&c->in);
	fault_plan_release(&c->plan);
	*c = (struct connection){.phase = PHASE_FREE};
}

static void end_reply(struct fault_server *server, struct connection *c)
{
	switch (c->plan.end) {
	case FAULT_END_FIN:
		if (c->rule && c->rule->early) {
			// To close now would be a reset, and the client would lose the reply.
			finish(server, c, "closed");
			shutdown(c->fd, SHUT_WR);
			c->phase = PHASE_DRAIN;
		} else
			drop(server, c, false, "closed");
		return;
	case FAULT_END_RST:
		drop(server, c, true, "reset");
		return;
	case FAULT_END_HOLD:
		c->phase = PHASE_HOLD;
		return;
	case FAULT_END_KEEP:
		break;
	}
	finish(server, c, "complete");
	c->stale = c->rule && c->rule->stale;
	fault_plan_release(&c->plan);
	size_t used = c->head_len + c->request.body.len;
	memmove(c->in.ptr, c->in.ptr + used, c->in.len - used);
	bs_buf_cut(&c->in, c->in.len - used);
	c->head_len = 0;
	c->phase = PHASE_READ;
}

// --- playing a reply

static void begin_part(struct connection *c, int64_t now_ms)
{
	const struct fault_part *part = &c->plan.parts[c->part];
	bool for_ever = part->wait_ms == FAULT_FOREVER_MS;
	c->sent = 0;
	c->times_left = part->times ? part->times : UINT64_MAX;
	c->due_ms = for_ever ? FAULT_FOREVER_MS : now_ms + part->wait_ms;
	c->part_since_ms = c->due_ms;
}

// Bytes of the part that may go now. 0: due_ms says when the next one may.
static size_t allowed(struct connection *c, int64_t now_ms)
{
	const struct fault_part *part = &c->plan.parts[c->part];
	size_t left = part->len - c->sent;
	if (!part->rate)
		return left;
	uint64_t earned = (uint64_t)(now_ms - c->part_since_ms) * part->rate / 1000 + 1;
	if (earned <= c->sent) {
		uint64_t ms = ((uint64_t)c->sent * 1000 + part->rate - 1) / part->rate;
		c->due_ms = c->part_since_ms + (int64_t)ms;
		if (c->due_ms <= now_ms)
			c->due_ms = now_ms + 1;
		return 0;
	}
	return earned - c->sent < left ? (size_t)(earned - c->sent) : left;
}

// The part has been sent once; false: the reply has ended.
static bool next_part(struct connection *c, int64_t now_ms)
{
	const struct fault_part *part = &c->plan.parts[c->part];
	if (--c->times_left) {
		c->sent = 0;
		c->due_ms = c->part_since_ms = now_ms + part->every_ms;
		return true;
	}
	if (++c->part == c->plan.parts_count)
		return false;
	begin_part(c, now_ms);
	return true;
}

// Sends what is due. Returns when it must wait: for time, for the socket, or for others' turn.
static void play(struct fault_server *server, struct connection *c, int64_t now_ms)
{
	size_t budget = SEND_BYTES_MAX;
	while (c->due_ms <= now_ms && budget) {
		const struct fault_part *part = &c->plan.parts[c->part];
		size_t len = allowed(c, now_ms);
		if (len > budget)
			len = budget;
		if (!len && c->sent < part->len)
			return;
		ssize_t sent = 0;
		if (len)
			sent = send(
				c->fd, c->plan.bytes.ptr + part->from + c->sent, len, MSG_NOSIGNAL);
		if (sent < 0) {
			if (errno != EAGAIN && errno != EINTR)
				drop(server, c, true, "client closed");
			return;
		}
		c->sent += (size_t)sent;
		c->record.sent_bytes += (size_t)sent;
		budget -= (size_t)sent;
		if (c->sent == part->len && !next_part(c, now_ms)) {
			end_reply(server, c);
			return;
		}
	}
}

// --- choosing the fault

static bool has_key(struct listener *listener, struct bs_str key, int64_t wanted)
{
	uint64_t hash = bs_str_hash(key, 0);
	size_t i = 0;
	while (i < listener->keys_count && listener->keys[i] != hash)
		i++;
	if (i == listener->keys_count && i < KEYS_SEEN_MAX)
		listener->keys[listener->keys_count++] = hash;
	return wanted < 0 || (size_t)wanted == i + 1;
}

static const struct fault_rule *choose_rule(
	struct fault_server *server, struct connection *c, uint64_t n, bool early)
{
	for (size_t i = 0; i < server->script.rules_count; i++) {
		const struct fault_rule *rule = &server->script.rules[i];
		struct listener *listener = &server->listeners[c->server];
		bool key_fits = has_key(listener, c->request.key, rule->key);
		if (rule->server != c->server || n < rule->from || n > rule->to || !key_fits)
			continue;
		if (rule->has.ptr && (early || !bs_str_has(c->request.body, rule->has)))
			continue;
		return early && !rule->early ? NULL : rule;
	}
	return NULL;
}

static void begin_reply(struct fault_server *server, struct connection *c,
	const struct fault_rule *rule, int64_t now_ms)
{
	struct listener *listener = &server->listeners[c->server];
	c->rule = rule;
	c->record.n = ++listener->requests;
	c->phase = PHASE_PLAY;
	fault_record_request(server->bodies_dir, c->record.server, c->record.n, &c->request);
	if (rule && rule->refuse_ms >= 0) {
		reopen_listener(listener, false);
		listener->open_again_ms = rule->refuse_ms == FAULT_FOREVER_MS
						  ? 0
						  : now_ms + rule->refuse_ms;
	}
	fault_plan_make(rule ? rule : &fault_rule_ok, &c->request,
		server->script.servers[c->server].latency_ms, &c->plan);
	if (c->plan.failed) {
		drop(server, c, true, "out of memory");
		return;
	}
	if (rule && rule->early && c->plan.end == FAULT_END_KEEP)
		c->plan.end = FAULT_END_FIN; // what follows on this connection is no request
	c->part = 0;
	begin_part(c, now_ms);
	play(server, c, now_ms);
}

// --- reading a request

// A path that begins with another server's name is meant for that one: one port is enough.
static void choose_server(struct fault_server *server, struct connection *c)
{
	struct bs_str path = bs_str_from(c->request.path, 1);
	struct bs_str name = bs_str_sub(path, 0, bs_str_find_char(path, '/'));
	for (size_t i = 0; i < server->script.servers_count; i++)
		if (bs_str_eq_c(name, server->script.servers[i].name))
			c->server = i;
}

// The first bytes of a request are there, perhaps all of them.
static void read_on(struct fault_server *server, struct connection *c, int64_t now_ms)
{
	struct bs_str in = bs_buf_str(&c->in);
	if (!c->head_len) {
		size_t end = bs_str_find(in, BS_LIT("\r\n\r\n"));
		if (end == SIZE_MAX && c->in.len > HEAD_BYTES_MAX)
			drop(server, c, true, "no request");
		if (end == SIZE_MAX || c->phase == PHASE_FREE)
			return;
		size_t head_len = end + 4;
		if (!fault_request_read(bs_str_sub(in, 0, head_len), &c->request, &c->body_bytes)) {
			drop(server, c, true, "no request");
			return;
		}
		c->head_len = head_len;
		choose_server(server, c);
		c->record = (struct fault_record){.t_ms = now_ms - server->started_ms,
			.server = server->script.servers[c->server].name,
			.connection = c->number};
		uint64_t n = server->listeners[c->server].requests + 1;
		const struct fault_rule *rule = choose_rule(server, c, n, true);
		if (rule) {
			begin_reply(server, c, rule, now_ms);
			return;
		}
	}
	if (in.len < c->head_len + c->body_bytes)
		return;
	// The buffer may have moved since the head was read.
	size_t body_bytes = c->body_bytes;
	fault_request_read(bs_str_sub(in, 0, c->head_len), &c->request, &body_bytes);
	c->request.body = bs_str_sub(in, c->head_len, body_bytes);
	size_t at = bs_str_find(c->request.body, BS_LIT("\"stream\":"));
	c->request.stream = at != SIZE_MAX &&
			    bs_str_starts(bs_str_trim(bs_str_from(c->request.body, at + 9)),
				    BS_LIT("true"));
	begin_reply(server, c,
		choose_rule(server, c, server->listeners[c->server].requests + 1, false), now_ms);
}

static void receive(struct fault_server *server, struct connection *c, int64_t now_ms)
{
	char bytes[64 * 1024];
	ssize_t got = recv(c->fd, bytes, sizeof(bytes), 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		drop(server, c, got < 0, "client closed");
		return;
	}
	if (c->stale) {
		c->phase = PHASE_PLAY;
		c->record = (struct fault_record){.t_ms = now_ms - server->started_ms,
			.server = server->script.servers[c->server].name,
			.connection = c->number};
		c->request = (struct fault_request){.path = BS_LIT("")};
		drop(server, c, true, "stale");
		return;
	}
	if (c->phase != PHASE_READ)
		return; // the rest of a body that an early reply did not wait for
	bs_buf_add(&c->in, bs_str(bytes, (size_t)got));
	if (c->in.failed)
		drop(server, c, true, "no request");
	else
		read_on(server, c, now_ms);
}

static void accept_one(struct fault_server *server, size_t index)
{
	int fd = accept4(server->listeners[index].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	int yes = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *c = &server->connections[i];
		if (c->phase != PHASE_FREE)
			continue;
		*c = (struct connection){.phase = PHASE_READ,
			.fd = fd,
			.number = ++server->connections_count,
			.server = index};
		bs_buf_init(&c->in, HEAD_BYTES_MAX + BS_REQUEST_BYTES_MAX);
		return;
	}
	close(fd);
}

// --- the loop

static int64_t earliest_ms(const struct fault_server *server, int64_t timeout_ms, int64_t now_ms)
{
	int64_t due_ms = now_ms + timeout_ms < server->until_ms ? now_ms + timeout_ms
								: server->until_ms;
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		const struct connection *c = &server->connections[i];
		// What is due already waits for the socket, which poll tells.
		if (c->phase == PHASE_PLAY && c->due_ms > now_ms && c->due_ms < due_ms)
			due_ms = c->due_ms;
	}
	for (size_t i = 0; i < server->script.servers_count; i++)
		if (server->listeners[i].open_again_ms &&
			server->listeners[i].open_again_ms < due_ms)
			due_ms = server->listeners[i].open_again_ms;
	return due_ms > now_ms ? due_ms - now_ms : 0;
}

bool fault_server_step(struct fault_server *server, int64_t timeout_ms)
{
	struct pollfd fds[FAULT_SERVERS_MAX + CONNECTIONS_MAX];
	size_t servers = server->script.servers_count;
	int64_t now_ms = bs_clock_ms();
	for (size_t i = 0; i < servers; i++)
		fds[i] = (struct pollfd){server->listeners[i].fd, POLLIN, 0};
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		const struct connection *c = &server->connections[i];
		bool writes = c->phase == PHASE_PLAY && c->due_ms <= now_ms;
		fds[servers + i] = (struct pollfd){c->phase == PHASE_FREE ? -1 : c->fd,
			(short)(POLLIN | (writes ? POLLOUT : 0)), 0};
	}
	int64_t wait_ms = earliest_ms(server, timeout_ms, now_ms);
	int ready = poll(fds, (nfds_t)(servers + CONNECTIONS_MAX), (int)wait_ms);
	now_ms = bs_clock_ms();
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *c = &server->connections[i];
		if (ready > 0 && c->phase != PHASE_FREE && (fds[servers + i].revents & ~POLLOUT))
			receive(server, c, now_ms);
		if (c->phase == PHASE_PLAY && c->due_ms <= now_ms)
			play(server, c, now_ms);
	}
	for (size_t i = 0; i < servers; i++) {
		struct listener *listener = &server->listeners[i];
		if (ready > 0 && (fds[i].revents & POLLIN))
			accept_one(server, i);
		if (listener->open_again_ms && listener->open_again_ms <= now_ms) {
			listener->open_again_ms = 0;
			reopen_listener(listener, true);
		}
	}
	return now_ms < server->until_ms;
}

// --- life

static enum bs_status read_script(
	struct fault_server *server, const struct fault_options *options, struct bs_err *err)
{
	if (!options->script)
		return fault_script_read("script", options->text.ptr ? options->text : BS_LIT(""),
			&server->script, err);
	FILE *file = fopen(options->script, "rb");
	if (!file)
		return bs_fail(err, BS_INPUT, "%s: %s", options->script, strerror(errno));
	char *text = malloc(256 * 1024);
	size_t len = text ? fread(text, 1, 256 * 1024, file) : 0;
	fclose(file);
	enum bs_status status = text ? fault_script_read(options->script, bs_str(text, len),
					       &server->script, err)
				     : bs_fail_nomem(err);
	free(text);
	return status;
}

enum bs_status fault_server_start(
	const struct fault_options *options, struct fault_server **ret_server, struct bs_err *err)
{
	struct fault_server *server = calloc(1, sizeof(*server));
	if (!server)
		return bs_fail_nomem(err);
	for (size_t i = 0; i < FAULT_SERVERS_MAX; i++)
		server->listeners[i].fd = -1;
	server->started_ms = bs_clock_ms();
	server->until_ms = server->started_ms + options->lifetime_ms;
	server->bodies_dir = options->bodies_dir;
	enum bs_status status = read_script(server, options, err);
	for (size_t i = 0; status == BS_OK && i < server->script.servers_count; i++)
		status = open_listener(
			&server->listeners[i], 0, !server->script.servers[i].refuse, err);
	if (status == BS_OK && options->log) {
		server->log = fopen(options->log, "wb");
		if (!server->log)
			status = bs_fail(err, BS_SYSTEM, "%s: %s", options->log, strerror(errno));
	}
	if (status != BS_OK) {
		fault_server_stop(server);
		return status;
	}
	*ret_server = server;
	return BS_OK;
}

void fault_server_stop(struct fault_server *server)
{
	if (!server)
		return;
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		if (server->connections[i].phase != PHASE_FREE)
			drop(server, &server->connections[i], true, "stopped");
	for (size_t i = 0; i < FAULT_SERVERS_MAX; i++)
		if (server->listeners[i].fd >= 0)
			close(server->listeners[i].fd);
	if (server->log)
		fclose(server->log);
	fault_script_release(&server->script);
	free(server);
}

size_t fault_server_count(const struct fault_server *server)
{
	return server->script.servers_count;
}

const char *fault_server_name(const struct fault_server *server, size_t index)
{
	return server->script.servers[index].name;
}

unsigned fault_server_port(const struct fault_server *server, size_t index)
{
	return server->listeners[index].port;
}
