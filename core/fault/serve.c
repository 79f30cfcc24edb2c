// SPDX-License-Identifier: MIT
// The fault server's life: one poll loop over all its sockets.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/fault/serve.h"

static void accept_one(struct bs_fault_server *server, size_t index)
{
	int fd = accept4(server->listeners[index].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	int yes = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	for (size_t i = 0; i < BS_FAULT_CONNECTIONS_MAX; i++) {
		struct bs_fault_connection *c = &server->connections[i];
		if (c->phase != BS_FAULT_PHASE_FREE)
			continue;
		*c = (struct bs_fault_connection){.phase = BS_FAULT_PHASE_READ,
			.fd = fd,
			.number = ++server->connections_count,
			.port_server = index,
			.server = index};
		bs_buf_init(&c->in, BS_FAULT_HEAD_BYTES_MAX + BS_REQUEST_BYTES_MAX);
		return;
	}
	close(fd);
}

// --- the loop

static int64_t earliest_ms(const struct bs_fault_server *server, int64_t timeout_ms, int64_t now_ms)
{
	int64_t due_ms = now_ms + timeout_ms < server->until_ms ? now_ms + timeout_ms
								: server->until_ms;
	for (size_t i = 0; i < BS_FAULT_CONNECTIONS_MAX; i++) {
		const struct bs_fault_connection *c = &server->connections[i];
		// What is due already waits for the socket, which poll tells.
		if (c->phase == BS_FAULT_PHASE_PLAY && c->due_ms > now_ms && c->due_ms < due_ms)
			due_ms = c->due_ms;
	}
	for (size_t i = 0; i < server->script.servers_count; i++)
		if (server->listeners[i].open_again_ms &&
			server->listeners[i].open_again_ms < due_ms)
			due_ms = server->listeners[i].open_again_ms;
	return due_ms > now_ms ? due_ms - now_ms : 0;
}

bool bs_fault_server_step(struct bs_fault_server *server, int64_t timeout_ms)
{
	struct pollfd fds[BS_FAULT_SERVERS_MAX + BS_FAULT_CONNECTIONS_MAX];
	size_t servers = server->script.servers_count;
	int64_t now_ms = bs_clock_ms();
	for (size_t i = 0; i < servers; i++)
		fds[i] = (struct pollfd){server->listeners[i].fd, POLLIN, 0};
	for (size_t i = 0; i < BS_FAULT_CONNECTIONS_MAX; i++) {
		const struct bs_fault_connection *c = &server->connections[i];
		bool writes = c->phase == BS_FAULT_PHASE_PLAY && c->due_ms <= now_ms;
		fds[servers + i] = (struct pollfd){c->phase == BS_FAULT_PHASE_FREE ? -1 : c->fd,
			(short)(POLLIN | (writes ? POLLOUT : 0)), 0};
	}
	int64_t wait_ms = earliest_ms(server, timeout_ms, now_ms);
	int ready = poll(fds, (nfds_t)(servers + BS_FAULT_CONNECTIONS_MAX), (int)wait_ms);
	now_ms = bs_clock_ms();
	for (size_t i = 0; i < BS_FAULT_CONNECTIONS_MAX; i++) {
		struct bs_fault_connection *c = &server->connections[i];
		if (ready > 0 && c->phase != BS_FAULT_PHASE_FREE &&
			(fds[servers + i].revents & ~POLLOUT))
			bs_fault_connection_receive(server, c, now_ms);
		if (c->phase == BS_FAULT_PHASE_PLAY && c->due_ms <= now_ms)
			bs_fault_play(server, c, now_ms);
	}
	for (size_t i = 0; i < servers; i++) {
		struct bs_fault_listener *listener = &server->listeners[i];
		if (ready > 0 && (fds[i].revents & POLLIN))
			accept_one(server, i);
		if (listener->open_again_ms && listener->open_again_ms <= now_ms) {
			listener->open_again_ms = 0;
			bs_fault_listener_reopen(listener, true);
		}
	}
	return now_ms < server->until_ms;
}

// --- life

static enum bs_status read_script(
	struct bs_fault_server *server, const struct bs_fault_options *options, struct bs_err *err)
{
	if (!options->script)
		return bs_fault_script_read("script",
			options->text.ptr ? options->text : BS_LIT(""), &server->script, err);
	FILE *file = fopen(options->script, "rb");
	if (!file)
		return bs_fail(err, BS_INPUT, "%s: %s", options->script, strerror(errno));
	char *text = malloc(256 * 1024);
	size_t len = text ? fread(text, 1, 256 * 1024, file) : 0;
	fclose(file);
	enum bs_status status = text ? bs_fault_script_read(options->script, bs_str(text, len),
					       &server->script, err)
				     : bs_fail_nomem(err);
	free(text);
	return status;
}

enum bs_status bs_fault_server_start(const struct bs_fault_options *options,
	struct bs_fault_server **ret_server, struct bs_err *err)
{
	struct bs_fault_server *server = calloc(1, sizeof(*server));
	if (!server)
		return bs_fail_nomem(err);
	for (size_t i = 0; i < BS_FAULT_SERVERS_MAX; i++)
		server->listeners[i].fd = -1;
	server->started_ms = bs_clock_ms();
	server->until_ms = server->started_ms + options->lifetime_ms;
	server->bodies_dir = options->bodies_dir;
	enum bs_status status = read_script(server, options, err);
	for (size_t i = 0; status == BS_OK && i < server->script.servers_count; i++)
		status = bs_fault_listener_open(
			&server->listeners[i], 0, !server->script.servers[i].refuse, err);
	if (status == BS_OK && options->log) {
		server->log = fopen(options->log, "wb");
		if (!server->log)
			status = bs_fail(err, BS_SYSTEM, "%s: %s", options->log, strerror(errno));
	}
	if (status != BS_OK) {
		bs_fault_server_stop(server);
		return status;
	}
	*ret_server = server;
	return BS_OK;
}

void bs_fault_server_stop(struct bs_fault_server *server)
{
	if (!server)
		return;
	for (size_t i = 0; i < BS_FAULT_CONNECTIONS_MAX; i++)
		if (server->connections[i].phase != BS_FAULT_PHASE_FREE)
			bs_fault_connection_drop(server, &server->connections[i], true, "stopped");
	for (size_t i = 0; i < BS_FAULT_SERVERS_MAX; i++)
		if (server->listeners[i].fd >= 0)
			close(server->listeners[i].fd);
	if (server->log)
		fclose(server->log);
	bs_fault_script_release(&server->script);
	free(server);
}

size_t bs_fault_server_count(const struct bs_fault_server *server)
{
	return server->script.servers_count;
}

const char *bs_fault_server_name(const struct bs_fault_server *server, size_t index)
{
	return server->script.servers[index].name;
}

unsigned bs_fault_server_port(const struct bs_fault_server *server, size_t index)
{
	return server->listeners[index].port;
}

uint64_t bs_fault_server_requests(const struct bs_fault_server *server, size_t index)
{
	return server->listeners[index].requests;
}

void bs_fault_server_forget(struct bs_fault_server *server)
{
	for (size_t i = 0; i < BS_FAULT_CONNECTIONS_MAX; i++)
		if (server->connections[i].phase != BS_FAULT_PHASE_FREE)
			close(server->connections[i].fd);
	for (size_t i = 0; i < BS_FAULT_SERVERS_MAX; i++)
		if (server->listeners[i].fd >= 0)
			close(server->listeners[i].fd);
}
