// SPDX-License-Identifier: MIT
// Addresses: variables into bases, models into paths.
#include "core/llm/address.h"

#include "core/base/buf.h"
#include "core/config/config.h"
#include "core/config/value.h"
#include "core/llm/aws.h"

#define MODEL_MARK "{model}"
#define HOST_SCHEME "http://"

static enum bs_status keep(
	struct bs_buf *text, struct bs_arena *arena, const char **ret_text, struct bs_err *err)
{
	enum bs_status status = bs_buf_status(text, "an address", err);
	const char *copy = status == BS_OK ? bs_arena_cstr(arena, bs_buf_str(text)) : NULL;
	bs_buf_release(text);
	if (status != BS_OK)
		return status;
	if (!copy)
		return bs_fail_nomem(err);
	*ret_text = copy;
	return BS_OK;
}

static struct bs_str without_slashes(struct bs_str text)
{
	text = bs_str_trim(text);
	while (bs_str_ends(text, BS_LIT("/")))
		text.len--;
	return text;
}

enum bs_status bs_address_base(
	const char *text, struct bs_arena *arena, const char **ret_base, struct bs_err *err)
{
	const char *copy = bs_arena_cstr(arena, without_slashes(bs_str_c(text)));
	if (!copy)
		return bs_fail_nomem(err);
	*ret_base = copy;
	return BS_OK;
}

// --- variables

struct bs_str bs_address_variable(const char *form)
{
	struct bs_str text = bs_str_c(form);
	size_t open = bs_str_find(text, BS_LIT("${"));
	if (open == SIZE_MAX)
		return bs_str("", 0);
	text = bs_str_from(text, open + 2);
	return bs_str_sub(text, 0, bs_str_find_char(text, '}'));
}

static bool is_label(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!bs_is_alnum(text.ptr[i]) && text.ptr[i] != '-')
			return false;
	return true;
}

static struct bs_str value_of(const char *const *environ, struct bs_str variable)
{
	char name[64];
	const char *value = NULL;
	if (environ && variable.len < sizeof(name)) {
		memcpy(name, variable.ptr, variable.len);
		name[variable.len] = '\0';
		value = bs_env_get(environ, name);
	}
	return without_slashes(bs_str_c(value));
}

// "box:11434", ":11434", "::1", "[::1]:11434" → host and port; empty: not said.
static void split_port(struct bs_str text, struct bs_str *ret_host, struct bs_str *ret_port)
{
	size_t close = bs_str_find_char(text, ']'), colon = bs_str_find_char(text, ':');
	struct bs_str after_colon = bs_str_from(text, colon == SIZE_MAX ? text.len : colon + 1);
	*ret_host = text;
	*ret_port = bs_str("", 0);
	if (bs_str_starts(text, BS_LIT("[")) && close != SIZE_MAX) {
		*ret_host = bs_str_sub(text, 1, close - 1);
		*ret_port = bs_str_from(text, close + 1);
		if (ret_port->len) // its colon
			*ret_port = bs_str_from(*ret_port, 1);
	} else if (colon != SIZE_MAX && bs_str_find_char(after_colon, ':') == SIZE_MAX) {
		*ret_host = bs_str_sub(text, 0, colon);
		*ret_port = after_colon;
	}
}

// An address to listen on is no address to call.
static struct bs_str callable(struct bs_str host)
{
	if (host.len == 0 || bs_str_eq_c(host, "0.0.0.0"))
		return BS_LIT("127.0.0.1");
	return bs_str_eq_c(host, "::") ? BS_LIT("::1") : host;
}

// What the form says around the variable is for what the value lacks: "127.0.0.1", "box:11434",
// "box:11434/path", "https://box" in "http://${HOST}:11434". A scheme has its own usual port.
static void put_host(struct bs_str value, struct bs_str after, struct bs_buf *out)
{
	struct bs_str host, port, scheme = BS_LIT(HOST_SCHEME);
	size_t mark = bs_str_find(value, BS_LIT("://"));
	if (mark != SIZE_MAX) {
		scheme = bs_str_sub(value, 0, mark + 3);
		value = bs_str_from(value, mark + 3);
		after = bs_str("", 0);
	}
	size_t slash = bs_str_find_char(value, '/');
	struct bs_str path = bs_str_from(value, slash == SIZE_MAX ? value.len : slash);
	split_port(bs_str_sub(value, 0, slash), &host, &port);
	host = callable(host);
	bool six = bs_str_find_char(host, ':') != SIZE_MAX;
	bs_buf_add(out, scheme);
	bs_buf_addf(out, "%s%.*s%s", six ? "[" : "", BS_FMT(host), six ? "]" : "");
	if (port.len)
		bs_buf_addf(out, ":%.*s", BS_FMT(port));
	else
		bs_buf_add(out, after);
	bs_buf_add(out, path);
}

// A region's hosts end with what its cloud has.
static void put_middle(struct bs_str value, struct bs_str after, struct bs_buf *out)
{
	bs_buf_add(out, value);
	if (bs_str_eq_c(after, ".amazonaws.com"))
		bs_buf_addf(out, ".%s", bs_aws_domain(value));
	else if (!bs_str_ends(value, after)) // some write all of it
		bs_buf_add(out, after);
}

enum bs_status bs_address_fill(const char *form, const char *const *environ, struct bs_arena *arena,
	const char **ret_base, struct bs_err *err)
{
	struct bs_str variable = bs_address_variable(form), text = bs_str_c(form);
	struct bs_buf out;
	if (!variable.len)
		return bs_address_base(form, arena, ret_base, err);
	struct bs_str value = value_of(environ, variable);
	size_t open = (size_t)(variable.ptr - form) - 2;
	struct bs_str after = bs_str_from(text, open + variable.len + 3);
	bool host = bs_str_starts(text, BS_LIT(HOST_SCHEME)), whole = host || open == 0;
	if (!value.len)
		return BS_OK;
	bs_buf_init(&out, BS_SETTING_BYTES_MAX);
	if (host) {
		put_host(value, after, &out);
	} else {
		bs_buf_add(&out, bs_str_sub(text, 0, open));
		put_middle(value, after, &out);
	}
	bool good = whole ? bs_value_is_base_url(bs_buf_str(&out)) : is_label(value);
	if (good)
		return keep(&out, arena, ret_base, err);
	bs_buf_release(&out);
	return bs_fail(err, BS_USAGE, "%.*s: expected %s", BS_FMT(variable),
		whole ? "an address: http:// or https://, a host and a path"
		      : "letters, digits and dashes: it is a part of a host's name");
}

// --- paths

// "v1", "v1beta"
static bool is_version(struct bs_str segment)
{
	return segment.len > 1 && segment.ptr[0] == 'v' && bs_is_digit(segment.ptr[1]);
}

static struct bs_str last_segment(struct bs_str base)
{
	size_t at = base.len;
	while (at > 0 && base.ptr[at - 1] != '/')
		at--;
	return bs_str_from(base, at);
}

// The path without a first segment that the base has said already.
static struct bs_str rest_of(struct bs_str base, struct bs_str path)
{
	struct bs_str inner = bs_str_from(path, 1);
	struct bs_str first = bs_str_sub(inner, 0, bs_str_find_char(inner, '/'));
	struct bs_str last = last_segment(base);
	bool said = bs_str_eq(first, last) || (is_version(first) && is_version(last));
	return said ? bs_str_from(inner, first.len) : path;
}

static void put_encoded(struct bs_str text, struct bs_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (bs_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~')
			bs_buf_add_char(out, c);
		else
			bs_buf_addf(out, "%%%02X", (unsigned char)c);
	}
}

enum bs_status bs_address_join(const char *base, const char *path, const char *model,
	struct bs_arena *arena, const char **ret_url, struct bs_err *err)
{
	struct bs_buf out;
	struct bs_str rest = rest_of(bs_str_c(base), bs_str_c(path));
	size_t mark = bs_str_find(rest, BS_LIT(MODEL_MARK));
	bs_buf_init(&out, 2 * BS_SETTING_BYTES_MAX);
	bs_buf_add_c(&out, base);
	bs_buf_add(&out, bs_str_sub(rest, 0, mark));
	if (mark != SIZE_MAX) {
		put_encoded(bs_str_c(model), &out);
		bs_buf_add(&out, bs_str_from(rest, mark + strlen(MODEL_MARK)));
	}
	return keep(&out, arena, ret_url, err);
}
