// SPDX-License-Identifier: MIT
// Encoded secrets: known beginnings point at a run, the run is decoded, the patterns judge.
#include "core/rules/redact_encoded.h"

#include "core/rules/redact_forms.h"

#define WAYS 4 // base64 with 0, 1, 2 bytes before; percent-encoding
#define WAY_PERCENT 3
#define ROW_KEY 0xfffu // "-----BEGIN ": a private key, perhaps
#define BASE64_BYTES_MIN 4
#define DECODED_BYTES_MAX (8 * 1024) // tokens are shorter; a key shows itself at its beginning
#define KEY_BEGIN "-----BEGIN "

// The form for URLs has '-' and '_' in the place of '+' and '/'.
static bool to_url(char *form, size_t len)
{
	bool differs = false;
	for (size_t i = 0; i < len; i++) {
		bool mark = form[i] == '+' || form[i] == '/';
		form[i] = mark ? (form[i] == '+' ? '-' : '_') : form[i];
		differs = differs || mark;
	}
	return differs;
}

// form: an empty buffer, used again and again.
static enum bs_status sow_base64(struct bs_str literal, uint32_t row, struct bs_buf *form,
	struct bs_literals *literals, uint32_t id_base, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (uint32_t before = 0; status == BS_OK && before < 3; before++) {
		uint32_t id = id_base + row * WAYS + before;
		bs_buf_clear(form);
		bs_forms_base64(literal, before, false, form);
		status = bs_buf_status(form, "literal", err);
		if (status != BS_OK || form->len < BASE64_BYTES_MIN)
			continue;
		status = bs_literals_add(literals, bs_buf_str(form), 0, id, err);
		if (status == BS_OK && to_url(form->ptr, form->len))
			status = bs_literals_add(literals, bs_buf_str(form), 0, id, err);
	}
	return status;
}

static enum bs_status sow_percent(struct bs_str literal, uint32_t row, struct bs_literals *literals,
	uint32_t id_base, struct bs_err *err)
{
	static const char digits[] = "0123456789abcdef";
	char form[9];
	size_t len = 0;
	for (size_t i = 0; i < 3 && i < literal.len; i++) {
		unsigned char byte = (unsigned char)literal.ptr[i];
		form[len++] = '%';
		form[len++] = digits[byte >> 4];
		form[len++] = digits[byte & 15];
	}
	return bs_literals_add(literals, bs_str(form, len), BS_LITERAL_CASELESS,
		id_base + row * WAYS + WAY_PERCENT, err);
}

enum bs_status bs_encoded_sow(const struct bs_patterns *patterns, struct bs_literals *literals,
	uint32_t id_base, struct bs_err *err)
{
	struct bs_buf form;
	bs_buf_init(&form, BS_LITERAL_BYTES_MAX);
	enum bs_status status = sow_base64(
		BS_LIT(KEY_BEGIN), ROW_KEY, &form, literals, id_base, err);
	for (size_t i = 0; status == BS_OK && i < bs_patterns_rows(patterns); i++) {
		const struct bs_pattern *row = bs_patterns_row(patterns, i);
		struct bs_str rest = bs_str_c(row->literals), literal;
		while (status == BS_OK && row->flags & BS_PATTERN_PREFIX &&
			bs_str_split(&rest, '|', &literal)) {
			status = sow_base64(literal, (uint32_t)i, &form, literals, id_base, err);
			if (status == BS_OK)
				status = sow_percent(literal, (uint32_t)i, literals, id_base, err);
		}
	}
	bs_buf_release(&form);
	return status;
}

// --- decoding

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (bs_is_digit(c))
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static int hex_digit(char c)
{
	c = bs_lower(c);
	return bs_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Bytes of base64 from the start of a group on, without the first `skip`.
static size_t decode_base64(struct bs_str text, size_t skip, char *out, size_t out_max)
{
	uint32_t bits = 0;
	size_t count = 0, written = 0, bytes = 0;
	for (size_t i = 0; i < text.len && written < out_max; i++) {
		bits = bits << 6 | (uint32_t)base64_digit(text.ptr[i]);
		if (++count % 4 == 1)
			continue;
		unsigned shift = count % 4 == 2 ? 4 : count % 4 == 3 ? 2 : 0;
		if (bytes++ >= skip)
			out[written++] = (char)(bits >> shift & 0xff);
	}
	return written;
}

static size_t decode_percent(struct bs_str text, char *out, size_t out_max)
{
	size_t written = 0;
	for (size_t i = 0; i < text.len && written < out_max; i++) {
		bool coded = text.ptr[i] == '%' && i + 2 < text.len &&
			     hex_digit(text.ptr[i + 1]) >= 0 && hex_digit(text.ptr[i + 2]) >= 0;
		out[written++] = coded ? (char)(hex_digit(text.ptr[i + 1]) * 16 +
						 hex_digit(text.ptr[i + 2]))
				       : text.ptr[i];
		i += coded ? 2 : 0;
	}
	return written;
}

static bool is_unreserved(char c)
{
	return bs_is_alnum(c) || strchr("-._~%", c);
}

enum bs_status bs_encoded_mark(struct bs_patterns *patterns, const struct bs_literal_hit *hit,
	struct bs_str text, struct bs_marks *marks, bool *ret_key, struct bs_err *err)
{
	char decoded[DECODED_BYTES_MAX];
	const uint32_t row = hit->id / WAYS, way = hit->id % WAYS;
	size_t from = hit->from, to = hit->to, bytes;
	struct bs_marks inside = {0};
	enum bs_status status = BS_OK;
	if (way == WAY_PERCENT) {
		while (to < text.len && text.ptr[to] != '\0' && is_unreserved(text.ptr[to]))
			to++;
		bytes = decode_percent(bs_str_sub(text, from, to - from), decoded, sizeof(decoded));
	} else {
		const size_t skipped = (way * 8 + 5) / 6; // characters before ours in their group
		if (from < skipped)
			return BS_OK;
		while (to < text.len && base64_digit(text.ptr[to]) >= 0)
			to++;
		struct bs_str group = bs_str_sub(text, from - skipped, to - from + skipped);
		bytes = decode_base64(group, way, decoded, sizeof(decoded));
		while (from > 0 && base64_digit(text.ptr[from - 1]) >= 0)
			from--;
		while (to < text.len && text.ptr[to] == '=')
			to++;
	}
	const char *kind = "private-key";
	bool found;
	if (row == ROW_KEY) {
		found = bs_str_has(bs_str_sub(bs_str(decoded, bytes), 0, 64), BS_LIT("PRIVATE"));
		*ret_key = found && to == text.len;
	} else {
		kind = bs_patterns_row(patterns, row)->kind;
		status = bs_patterns_mark(patterns, row, bs_str(decoded, bytes), &inside, err);
		found = inside.count > 0 || inside.failed;
	}
	if (status == BS_OK && found)
		bs_marks_add(marks, (struct bs_mark){from, to, kind, 0, {NULL, 0}});
	bs_marks_release(&inside);
	explicit_bzero(decoded, sizeof(decoded));
	return status;
}
