// SPDX-License-Identifier: MIT
// The shape of a wire format, as a provider speaks it.
#ifndef BS_FAULT_WIRE_H
#define BS_FAULT_WIRE_H

#include "core/fault/parts.h"

enum bs_fault_manner {
	BS_FAULT_MANNER_TEXT,
	BS_FAULT_MANNER_TOOL, // the arguments of the tool that the request forces
	BS_FAULT_MANNER_REFUSAL,
	BS_FAULT_MANNER_THOUGHTS,
};

enum bs_fault_stop {
	BS_FAULT_STOP_END,
	BS_FAULT_STOP_TOOL,
	BS_FAULT_STOP_LENGTH,
	BS_FAULT_STOP_FILTER,
	BS_FAULT_STOP_REFUSAL,
};

// What the model says.
struct bs_fault_said {
	enum bs_fault_manner manner;
	enum bs_fault_stop stop;
	struct bs_str text, tool; // tool: its name
};

// What went wrong, in whatever words a format has for it. ptr NULL: not said.
struct bs_fault_error {
	int64_t status;
	struct bs_str type, code, message; // as the script says
	const char *openai_type, *openai_code, *anthropic_type, *google_status; // the usual ones
	bool in_stream;
};

struct bs_fault_wire {
	const char *path_part; // requests whose path holds this are of the format
	enum bs_fault_wire_framing {
		BS_FAULT_WIRE_EVENTS, // server-sent events
		BS_FAULT_WIRE_LINES,  // a JSON text a line
		BS_FAULT_WIRE_FRAMES, // AWS's binary messages
	} framing;
	void (*whole)(const struct bs_fault_said *said, struct bs_buf *out);
	// A stream: its events before, in and after the answer.
	void (*begin)(const struct bs_fault_said *said, struct bs_fault_events *out);
	void (*delta)(enum bs_fault_manner manner, struct bs_str text, struct bs_buf *out_data);
	const char *delta_event; // NULL: events have no names
	void (*end)(const struct bs_fault_said *said, bool sentinel, struct bs_fault_events *out);
	void (*error)(const struct bs_fault_error *error, struct bs_buf *out);
	const char *error_event; // of one in a stream
	const char *ping;        // the event of that name; NULL: a comment
};

extern const struct bs_fault_wire bs_fault_wire_openai, bs_fault_wire_responses,
	bs_fault_wire_anthropic, bs_fault_wire_gemini, bs_fault_wire_ollama, bs_fault_wire_bedrock;

// "key":"text" with a comma before it, if the text is said.
void bs_fault_put_member(struct bs_buf *out, const char *key, struct bs_str text);
// A JSON string with its quotes. Bytes above 0x7e stay as they are, also when they are no UTF-8.
void bs_fault_put_text(struct bs_buf *out, struct bs_str text);
void bs_fault_put_event(struct bs_fault_events *out, const char *event, struct bs_str data);

#endif
