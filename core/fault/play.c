// SPDX-License-Identifier: MIT
// Plays the plan of a reply onto its connection: each part when it is due, no faster than it may.
#include <errno.h>
#include <sys/socket.h>

#include "core/fault/serve.h"

#define SEND_BYTES_MAX (64 * 1024) // at a time: one connection must not hold up the others

void bs_fault_play_begin(struct bs_fault_connection *c, int64_t now_ms)
{
	const struct bs_fault_part *part = &c->plan.parts[c->part];
	bool for_ever = part->wait_ms == BS_FAULT_FOREVER_MS;
	c->sent = 0;
	c->times_left = part->times ? part->times : UINT64_MAX;
	c->due_ms = for_ever ? BS_FAULT_FOREVER_MS : now_ms + part->wait_ms;
	c->part_since_ms = c->due_ms;
}

// Bytes of the part that may go now. 0: due_ms says when the next one may.
static size_t allowed(struct bs_fault_connection *c, int64_t now_ms)
{
	const struct bs_fault_part *part = &c->plan.parts[c->part];
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
static bool next_part(struct bs_fault_connection *c, int64_t now_ms)
{
	const struct bs_fault_part *part = &c->plan.parts[c->part];
	if (--c->times_left) {
		c->sent = 0;
		c->due_ms = c->part_since_ms = now_ms + part->every_ms;
		return true;
	}
	if (++c->part == c->plan.parts_count)
		return false;
	bs_fault_play_begin(c, now_ms);
	return true;
}

static void end_reply(struct bs_fault_server *server, struct bs_fault_connection *c)
{
	switch (c->plan.end) {
	case BS_FAULT_END_FIN:
		if (c->rule && c->rule->early) {
			// To close now would be a reset, and the client would lose the reply.
			bs_fault_connection_finish(server, c, "closed");
			shutdown(c->fd, SHUT_WR);
			c->phase = BS_FAULT_PHASE_DRAIN;
		} else
			bs_fault_connection_drop(server, c, false, "closed");
		return;
	case BS_FAULT_END_RST:
		bs_fault_connection_drop(server, c, true, "reset");
		return;
	case BS_FAULT_END_HOLD:
		c->phase = BS_FAULT_PHASE_HOLD;
		return;
	case BS_FAULT_END_KEEP:
		break;
	}
	bs_fault_connection_finish(server, c, "complete");
	c->stale = c->rule && c->rule->stale;
	bs_fault_plan_release(&c->plan);
	size_t used = c->head_len + c->request.body.len;
	memmove(c->in.ptr, c->in.ptr + used, c->in.len - used);
	bs_buf_cut(&c->in, c->in.len - used);
	c->head_len = 0;
	c->phase = BS_FAULT_PHASE_READ;
}

void bs_fault_play(struct bs_fault_server *server, struct bs_fault_connection *c, int64_t now_ms)
{
	size_t budget = SEND_BYTES_MAX;
	while (c->due_ms <= now_ms && budget) {
		const struct bs_fault_part *part = &c->plan.parts[c->part];
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
				bs_fault_connection_drop(server, c, true, "client closed");
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
