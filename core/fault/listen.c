// SPDX-License-Identifier: MIT
// Listening sockets on loopback, which can be made to refuse and to listen again.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/fault/serve.h"

enum bs_status bs_fault_listener_open(
	struct bs_fault_listener *listener, unsigned port, bool listening, struct bs_err *err)
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

void bs_fault_listener_reopen(struct bs_fault_listener *listener, bool listening)
{
	close(listener->fd);
	if (bs_fault_listener_open(listener, listener->port, listening, NULL) != BS_OK)
		listener->fd = -1;
}
