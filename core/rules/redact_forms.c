// SPDX-License-Identifier: MIT
// The forms of a known value: as JSON, Go, URL, HTML, shell, base64 and hex write it.
#include "core/rules/redact_forms.h"
#include "core/base/buf.h"

#define FORM_GROWTH_MAX 12        // \\u00xx escaped once more
#define RICH_BYTES_MAX (4 * 1024) // longer values get the likely forms only
#define LINE_BYTES_MIN 8          // of one line of a value searched for alone
#define LINE_DASHES "-----"       // BEGIN and END of a PEM are no secret

struct escape {
	char c;
	const char *text;
};

enum code {
	KEEP,
	BACKSLASH_U,
	BACKSLASH_X
};

// One way of writing text: bytes with a spelling of their own, and what happens to the rest.
struct style {
	const struct escape *escapes; // ends with a NULL text
	enum code control;            // bytes below 0x20 and 0x7f
	enum code wide;               // code points above ASCII
};

static const struct escape json[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"},
	{'\t', "\\t"}, {'\b', "\\b"}, {'\f', "\\f"}, {0, NULL}};
// encoding/json of Go
static const struct escape json_html[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"},
	{'\r', "\\r"}, {'\t', "\\t"}, {'<', "\\u003c"}, {'>', "\\u003e"}, {'&', "\\u0026"},
	{0, NULL}};
// json_encode of PHP
static const struct escape json_slash[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"},
	{'\r', "\\r"}, {'\t', "\\t"}, {'/', "\\/"}, {0, NULL}};
// strconv.Quote, the agent's second needle
static const struct escape go[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"},
	{'\t', "\\t"}, {'\a', "\\a"}, {'\b', "\\b"}, {'\f', "\\f"}, {'\v', "\\v"}, {0, NULL}};
static const struct escape html[] = {
	{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}, {0, NULL}};
static const struct escape html_go[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"},
	{'"', "&#34;"}, {'\'', "&#39;"}, {'+', "&#43;"}, {0, NULL}};
static const struct escape html_python[] = {
	{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#x27;"}, {0, NULL}};
static const struct escape xml[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {0, NULL}};
// 'it'\''s': set -x of sh and bash
static const struct escape quoted[] = {{'\'', "'\\''"}, {0, NULL}};
static const struct escape python[] = {
	{'\\', "\\\\"}, {'\'', "\\'"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}, {0, NULL}};

static const struct style styles[] = {
	{json, BACKSLASH_U, KEEP},
	{json, BACKSLASH_U, BACKSLASH_U},
	{json_html, BACKSLASH_U, KEEP},
	{json_slash, BACKSLASH_U, BACKSLASH_U},
	{go, BACKSLASH_X, KEEP},
	{python, BACKSLASH_X, KEEP},
	{html, KEEP, KEEP},
	{html_go, KEEP, KEEP},
	{html_python, KEEP, KEEP},
	{xml, KEEP, KEEP},
	{quoted, KEEP, KEEP},
};

// Length and code point of the character text begins with; bytes that are no UTF-8 stand for
// themselves.
static size_t read_char(struct bs_str text, uint32_t *ret_code)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 1;
	if (len > text.len || !bs_str_is_utf8(bs_str(text.ptr, len)))
		len = 1;
	uint32_t code = len == 1 ? p[0] : p[0] & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++)
		code = code << 6 | (p[i] & 0x3f);
	*ret_code = code;
	return len;
}

static void add_code(struct bs_buf *out, enum code as, struct bs_str raw, uint32_t code)
{
	switch (as) {
	case KEEP:
		bs_buf_add(out, raw);
		return;
	case BACKSLASH_X:
		bs_buf_addf(out, "\\x%02x", code);
		return;
	case BACKSLASH_U:
		if (code > 0xffff)
			bs_buf_addf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
				0xdc00 + ((code - 0x10000) & 0x3ff));
		else
			bs_buf_addf(out, "\\u%04x", code);
		return;
	}
}

static void add_styled(struct bs_str value, const struct style *style, struct bs_buf *out)
{
	while (value.len > 0) {
		uint32_t code;
		size_t len = read_char(value, &code);
		const struct escape *escape = style->escapes;
		while (escape->text && (len > 1 || escape->c != value.ptr[0]))
			escape++;
		if (escape->text)
			bs_buf_add_c(out, escape->text);
		else if (code < 0x20 || code == 0x7f)
			add_code(out, style->control, bs_str_sub(value, 0, len), code);
		else if (len > 1)
			add_code(out, style->wide, bs_str_sub(value, 0, len), code);
		else
			bs_buf_add_char(out, value.ptr[0]);
		value = bs_str_from(value, len);
	}
}

// Percent-encoding: `kept` are the marks left as they are beside letters and digits.
static void add_percent(struct bs_str value, const char *kept, bool upper, struct bs_buf *out)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (bs_is_alnum(c) || (c != '\0' && strchr(kept, c)))
			bs_buf_add_char(out, c);
		else
			bs_buf_addf(out, upper ? "%%%02X" : "%%%02x", (unsigned)(unsigned char)c);
	}
}

static void add_hex(struct bs_str value, bool upper, struct bs_buf *out)
{
	for (size_t i = 0; i < value.len; i++)
		bs_buf_addf(out, upper ? "%02X" : "%02x", (unsigned)(unsigned char)value.ptr[i]);
}

void bs_forms_base64(struct bs_str bytes, size_t before, bool url, struct bs_buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t bit = (before * 8 + 5) / 6 * 6; // of the first character that is ours alone
	for (; bit + 6 <= (before + bytes.len) * 8; bit += 6) {
		size_t at = bit / 8 - before;
		uint32_t pair = (uint32_t)(unsigned char)bytes.ptr[at] << 8;
		if (at + 1 < bytes.len)
			pair |= (unsigned char)bytes.ptr[at + 1];
		char c = digits[pair >> (10 - bit % 8) & 63];
		bs_buf_add_char(out, url && c == '+' ? '-' : url && c == '/' ? '_' : c);
	}
}

// Hands the form in the buffer on and empties it.
static enum bs_status give(struct bs_buf *form, struct bs_form_sink sink, struct bs_err *err)
{
	enum bs_status status = bs_buf_status(form, "form of a secret", err);
	if (status == BS_OK && form->len > 0)
		status = sink.take(sink.ctx, bs_buf_str(form), err);
	bs_buf_clear(form);
	return status;
}

static enum bs_status give_encoded(
	struct bs_str value, struct bs_buf *form, struct bs_form_sink sink, struct bs_err *err)
{
	// RFC 3986; encodeURIComponent of JavaScript; quote of Python
	static const char *const kept[] = {"-._~", "-._~!'()*", "-._~/"};
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < 2 * sizeof(kept) / sizeof(kept[0]); i++) {
		add_percent(value, kept[i / 2], i % 2 == 0, form);
		status = give(form, sink, err);
	}
	for (size_t i = 0; status == BS_OK && i < 6; i++) {
		bs_forms_base64(value, i / 2, i % 2 == 1, form);
		status = give(form, sink, err);
	}
	for (size_t i = 0; status == BS_OK && i < 2; i++) {
		add_hex(value, i == 1, form);
		status = give(form, sink, err);
	}
	return status;
}

// JSON inside JSON: a body logged as a string.
static enum bs_status give_twice(
	struct bs_str value, struct bs_buf *form, struct bs_form_sink sink, struct bs_err *err)
{
	struct bs_buf once;
	bs_buf_init(&once, value.len * FORM_GROWTH_MAX + 1);
	add_styled(value, &styles[0], &once);
	add_styled(bs_buf_str(&once), &styles[0], form);
	enum bs_status status = bs_buf_status(&once, "form of a secret", err);
	if (status == BS_OK)
		status = give(form, sink, err);
	bs_buf_wipe(&once);
	return status;
}

static enum bs_status give_lines(struct bs_str value, struct bs_form_sink sink, struct bs_err *err)
{
	struct bs_str line;
	enum bs_status status = BS_OK;
	while (status == BS_OK && bs_str_split(&value, '\n', &line)) {
		line = bs_str_trim(line);
		if (line.len >= LINE_BYTES_MIN && !bs_str_starts(line, BS_LIT(LINE_DASHES)))
			status = sink.take(sink.ctx, line, err);
	}
	return status;
}

enum bs_status bs_forms_each(struct bs_str value, struct bs_form_sink sink, struct bs_err *err)
{
	struct bs_buf form;
	enum bs_status status = sink.take(sink.ctx, value, err);
	const size_t styles_count = value.len > RICH_BYTES_MAX ? 1
							       : sizeof(styles) / sizeof(styles[0]);
	bs_buf_init(&form, value.len * FORM_GROWTH_MAX * 2 + 1);
	for (size_t i = 0; status == BS_OK && i < styles_count; i++) {
		add_styled(value, &styles[i], &form);
		status = give(&form, sink, err);
	}
	if (status == BS_OK)
		status = give_twice(value, &form, sink, err);
	if (status == BS_OK)
		status = give_encoded(value, &form, sink, err);
	if (status == BS_OK && bs_str_find_char(value, '\n') != SIZE_MAX)
		status = give_lines(value, sink, err);
	bs_buf_wipe(&form);
	return status;
}
