// SPDX-License-Identifier: MIT
// The shape of a wire format, as a provider speaks it.
#ifndef FAULT_WIRE_H
#define FAULT_WIRE_H

#include "tests/exchange/server/parts.h"

enum fault_manner {
	FAULT_MANNER_TEXT,
	FAULT_MANNER_TOOL, // the arguments of the tool that the request forces
	FAULT_MANNER_REFUSAL,
	FAULT_MANNER_THOUGHTS,
};

enum fault_stop {
	FAULT_STOP_END,
	FAULT_STOP_TOOL,
	FAULT_STOP_LENGTH,
	FAULT_STOP_FILTER,
	FAULT_STOP_REFUSAL,
};

// What the model says.
struct fault_said {
	enum fault_manner manner;
	enum fault_stop stop;
	struct bs_str text, tool; // tool: its name
};

struct fault_wire {
	void (*whole)(const struct fault_said *said, struct bs_buf *out);
	// A stream: its events before, in and after the answer.
	void (*begin)(const struct fault_said *said, struct fault_events *out);
	void (*delta)(enum fault_manner manner, struct bs_str text, struct bs_buf *out_data);
	const char *delta_event; // NULL: events have no names
	void (*end)(const struct fault_said *said, bool sentinel, struct fault_events *out);
};

extern const struct fault_wire fault_wire_openai, fault_wire_anthropic;

// A JSON string with its quotes. Bytes above 0x7e stay as they are, also when they are no UTF-8.
void fault_put_text(struct bs_buf *out, struct bs_str text);
void fault_put_event(struct fault_events *out, const char *event, struct bs_str data);

#endif
