// SPDX-License-Identifier: MIT
// Takes a request apart as far as a fake provider needs it.
#include "core/fault/parts.h"

static struct bs_str header_value(struct bs_str head, const char *name)
{
	struct bs_str line;
	while (bs_str_split(&head, '\n', &line)) {
		size_t colon = bs_str_find_char(line, ':');
		if (colon != SIZE_MAX && bs_str_ieq(bs_str_sub(line, 0, colon), bs_str_c(name)))
			return bs_str_trim(bs_str_from(line, colon + 1));
	}
	return (struct bs_str){NULL, 0};
}

// What follows `"name":` after `from` in the body, spaces left out.
static struct bs_str after_key(struct bs_str body, const char *from, const char *name)
{
	size_t at = bs_str_find(body, bs_str_c(from));
	if (at == SIZE_MAX)
		return (struct bs_str){NULL, 0};
	body = bs_str_from(body, at);
	at = bs_str_find(body, bs_str_c(name));
	if (at == SIZE_MAX)
		return (struct bs_str){NULL, 0};
	return bs_str_trim(bs_str_from(body, at + strlen(name)));
}

// The credential, whichever header it came in.
static struct bs_str find_key(struct bs_str head)
{
	static const char *const names[] = {
		"x-api-key", "x-goog-api-key", "api-key", "x-bf-vk", "x-portkey-api-key"};
	struct bs_str value = header_value(head, "authorization");
	if (bs_str_istarts(value, BS_LIT("bearer ")))
		return bs_str_trim(bs_str_from(value, 7));
	if (bs_str_starts(value, BS_LIT("AWS4-"))) { // a signature: the key's name is in it
		struct bs_str rest = after_key(value, "Credential=", "Credential=");
		return bs_str_sub(rest, 0, bs_str_find_char(rest, '/'));
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !value.ptr; i++)
		value = header_value(head, names[i]);
	return value;
}

bool bs_fault_request_read(
	struct bs_str head, struct bs_fault_request *ret_request, size_t *ret_body_bytes)
{
	struct bs_str rest = head, line, method, path;
	struct bs_str length = header_value(head, "content-length");
	uint64_t bytes = 0;
	if (!bs_str_split(&rest, '\n', &line) || !bs_str_split(&line, ' ', &method) ||
		!bs_str_split(&line, ' ', &path) || !bs_str_starts(line, BS_LIT("HTTP/1.")))
		return false;
	if (length.ptr && (!bs_str_to_u64(length, &bytes) || bytes > BS_REQUEST_BYTES_MAX))
		return false;
	*ret_body_bytes = (size_t)bytes;
	*ret_request = (struct bs_fault_request){.head = head,
		.method = method,
		.path = bs_str_sub(path, 0, bs_str_find_char(path, '?')),
		.key = find_key(head),
		.keep_alive = !bs_str_ieq(header_value(head, "connection"), BS_LIT("close"))};
	ret_request->wire = bs_fault_wire_of(ret_request->path);
	return true;
}

void bs_fault_request_look(struct bs_fault_request *request)
{
	struct bs_str stream = after_key(request->body, "\"stream\":", "\"stream\":");
	struct bs_str tool = after_key(request->body, "\"tool_choice\":", "\"name\":");
	if (!tool.ptr) // Bedrock
		tool = after_key(request->body, "\"toolChoice\":", "\"name\":");
	if (!tool.ptr) // Gemini
		tool = after_key(request->body, "\"allowedFunctionNames\":", "[");
	request->stream = bs_str_starts(stream, BS_LIT("true")) ||
			  bs_str_has(request->path, BS_LIT(":stream")) ||
			  bs_str_ends(request->path, BS_LIT("/converse-stream"));
	if (tool.len > 1 && tool.ptr[0] == '"')
		request->tool = bs_str_sub(tool, 1, bs_str_find_char(bs_str_from(tool, 1), '"'));
	if (request->tool.len > 100)
		request->tool.len = 100;
}

void bs_fault_key_tag(struct bs_str key, char ret_tag[9])
{
	snprintf(ret_tag, 9, "%08x", (unsigned)(bs_str_hash(key, 0) & 0xffffffffu));
}
