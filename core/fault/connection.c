// SPDX-License-Identifier: MIT
// One connection: reads a request, chooses its fault, and ends.
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/fault/serve.h"

// --- ends

void bs_fault_connection_finish(
	struct bs_fault_server *server, struct bs_fault_connection *c, const char *how)
{
	if (c->record.how || c->phase == BS_FAULT_PHASE_READ)
		return;
	c->record.how = how;
	c->record.end_ms = bs_clock_ms() - server->started_ms;
	bs_fault_record_write(server->log, &c->record, &c->request, c->rule);
}

void bs_fault_connection_drop(
	struct bs_fault_server *server, struct bs_fault_connection *c, bool reset, const char *how)
{
	bs_fault_connection_finish(server, c, how);
	if (reset) {
		struct linger linger = {1, 0};
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	} else
		shutdown(c->fd, SHUT_WR);
	close(c->fd);
	bs_buf_release(&c->in);
	bs_fault_plan_release(&c->plan);
	*c = (struct bs_fault_connection){.phase = BS_FAULT_PHASE_FREE};
}

// --- choosing the fault

static bool has_key(struct bs_fault_listener *listener, struct bs_str key, int64_t wanted)
{
	uint64_t hash = bs_str_hash(key, 0);
	size_t i = 0;
	while (i < listener->keys_count && listener->keys[i] != hash)
		i++;
	if (i == listener->keys_count && i < BS_FAULT_KEYS_SEEN_MAX)
		listener->keys[listener->keys_count++] = hash;
	return wanted < 0 || (size_t)wanted == i + 1;
}

static const struct bs_fault_rule *choose_rule(
	struct bs_fault_server *server, struct bs_fault_connection *c, uint64_t n, bool early)
{
	for (size_t i = 0; i < server->script.rules_count; i++) {
		const struct bs_fault_rule *rule = &server->script.rules[i];
		struct bs_fault_listener *listener = &server->listeners[c->server];
		bool key_fits = has_key(listener, c->request.key, rule->key);
		if (rule->server != c->server || n < rule->from || n > rule->to || !key_fits)
			continue;
		if (rule->until_ms >= 0 && c->record.t_ms >= rule->until_ms)
			continue;
		if (rule->has.ptr && (early || !bs_str_has(c->request.body, rule->has)))
			continue;
		return early && !rule->early ? NULL : rule;
	}
	return NULL;
}

static void begin_reply(struct bs_fault_server *server, struct bs_fault_connection *c,
	const struct bs_fault_rule *rule, int64_t now_ms)
{
	struct bs_fault_listener *listener = &server->listeners[c->server];
	c->rule = rule;
	c->record.n = ++listener->requests;
	c->phase = BS_FAULT_PHASE_PLAY;
	bs_fault_record_request(server->bodies_dir, c->record.server, c->record.n, &c->request);
	if (rule && rule->refuse_ms >= 0) {
		bs_fault_listener_reopen(listener, false);
		listener->open_again_ms = rule->refuse_ms == BS_FAULT_FOREVER_MS
						  ? 0
						  : now_ms + rule->refuse_ms;
	}
	bs_fault_plan_make(rule ? rule : &bs_fault_rule_ok, &c->request,
		server->script.servers[c->server].latency_ms, &c->plan);
	if (c->plan.failed) {
		bs_fault_connection_drop(server, c, true, "out of memory");
		return;
	}
	if (rule && rule->early && c->plan.end == BS_FAULT_END_KEEP)
		c->plan.end = BS_FAULT_END_FIN; // what follows on this connection is no request
	c->part = 0;
	bs_fault_play_begin(c, now_ms);
	bs_fault_play(server, c, now_ms);
}

// --- reading a request

// A path that begins with another server's name is meant for that one: one port is enough.
static void choose_server(struct bs_fault_server *server, struct bs_fault_connection *c)
{
	struct bs_str path = bs_str_from(c->request.path, 1);
	struct bs_str name = bs_str_sub(path, 0, bs_str_find_char(path, '/'));
	c->server = c->port_server;
	for (size_t i = 0; i < server->script.servers_count; i++)
		if (bs_str_eq_c(name, server->script.servers[i].name))
			c->server = i;
}

// The first bytes of a request are there, perhaps all of them.
static void read_on(struct bs_fault_server *server, struct bs_fault_connection *c, int64_t now_ms)
{
	struct bs_str in = bs_buf_str(&c->in);
	if (!c->head_len) {
		size_t end = bs_str_find(in, BS_LIT("\r\n\r\n"));
		if (end == SIZE_MAX && c->in.len > BS_FAULT_HEAD_BYTES_MAX)
			bs_fault_connection_drop(server, c, true, "no request");
		if (end == SIZE_MAX || c->phase == BS_FAULT_PHASE_FREE)
			return;
		size_t head_len = end + 4;
		if (!bs_fault_request_read(
			    bs_str_sub(in, 0, head_len), &c->request, &c->body_bytes)) {
			bs_fault_connection_drop(server, c, true, "no request");
			return;
		}
		c->head_len = head_len;
		choose_server(server, c);
		c->record = (struct bs_fault_record){.t_ms = now_ms - server->started_ms,
			.server = server->script.servers[c->server].name,
			.connection = c->number};
		uint64_t n = server->listeners[c->server].requests + 1;
		const struct bs_fault_rule *rule = choose_rule(server, c, n, true);
		if (rule) {
			begin_reply(server, c, rule, now_ms);
			return;
		}
	}
	if (in.len < c->head_len + c->body_bytes)
		return;
	// The buffer may have moved since the head was read.
	size_t body_bytes = c->body_bytes;
	bs_fault_request_read(bs_str_sub(in, 0, c->head_len), &c->request, &body_bytes);
	c->request.body = bs_str_sub(in, c->head_len, body_bytes);
	bs_fault_request_look(&c->request);
	begin_reply(server, c,
		choose_rule(server, c, server->listeners[c->server].requests + 1, false), now_ms);
}

void bs_fault_connection_receive(
	struct bs_fault_server *server, struct bs_fault_connection *c, int64_t now_ms)
{
	char bytes[64 * 1024];
	ssize_t got = recv(c->fd, bytes, sizeof(bytes), 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		bs_fault_connection_drop(server, c, got < 0, "client closed");
		return;
	}
	if (c->stale) {
		c->phase = BS_FAULT_PHASE_PLAY;
		c->record = (struct bs_fault_record){.t_ms = now_ms - server->started_ms,
			.server = server->script.servers[c->server].name,
			.connection = c->number};
		c->request = (struct bs_fault_request){.path = BS_LIT("")};
		bs_fault_connection_drop(server, c, true, "stale");
		return;
	}
	if (c->phase != BS_FAULT_PHASE_READ)
		return; // the rest of a body that an early reply did not wait for
	bs_buf_add(&c->in, bs_str(bytes, (size_t)got));
	if (c->in.failed)
		bs_fault_connection_drop(server, c, true, "no request");
	else
		read_on(server, c, now_ms);
}
