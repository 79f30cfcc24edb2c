// SPDX-License-Identifier: MIT
// Known secret values: which are worth it, the pieces they are searched by, the comparison.
#include "core/rules/redact_values.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/rules/redact_forms.h"

#define PIECE_BYTES 64      // of a form too long to be searched whole
#define PIECE_VARIETY_MIN 6 // different bytes in a piece: padding and dashes are no secret
#define PREFIX_BYTES 8      // of a needle given to the sieve; the rest is compared here
#define WRAP_BYTES_MIN 12   // shorter needles are not looked for across a terminal's edge
#define COMMON_BYTES_MAX 15
#define NAME_BYTES_MAX 128
#define NEEDLES_MAX (512 * 1024)
#define TWINS_SOUGHT_MAX 64 // most values have few forms that differ

struct needle {
	uint32_t value, pool_at;
	uint32_t bytes;
};

struct bs_values {
	struct bs_value items[BS_SECRETS_MAX];
	size_t count;
	struct needle *needles;
	size_t needles_count, needles_cap;
	struct bs_buf pool;
};

// What adding one value needs to know.
struct adding {
	struct bs_values *values;
	struct bs_literals *literals;
	uint32_t id_base;
	size_t first; // needle of this value
};

// Words that say something in a log and nothing about a secret.
static const char *const stop_words[] = {"absent", "changeme", "default", "develop", "development",
	"disabled", "enabled", "example", "latest", "localhost", "main", "master", "number",
	"object", "password", "production", "release", "required", "secret", "staging", "string",
	"testing", "undefined", "unknown"};

enum bs_status bs_values_new(struct bs_values **ret_values, struct bs_err *err)
{
	struct bs_values *values = calloc(1, sizeof(*values));
	if (!values)
		return bs_fail_nomem(err);
	bs_buf_init(&values->pool, (size_t)NEEDLES_MAX * PIECE_BYTES);
	*ret_values = values;
	return BS_OK;
}

// Frees a copy of a value or its name.
static void wipe(char *text, size_t bytes)
{
	if (text)
		explicit_bzero(text, bytes);
	free(text);
}

void bs_values_free(struct bs_values *values)
{
	if (!values)
		return;
	for (size_t i = 0; i < values->count; i++) {
		wipe((char *)(uintptr_t)values->items[i].text.ptr, values->items[i].text.len);
		free((char *)(uintptr_t)values->items[i].name);
	}
	free(values->needles);
	bs_buf_wipe(&values->pool);
	free(values);
}

static bool is_space(char c)
{
	return bs_is_space(c) || c == '\v' || c == '\f';
}

static bool is_stop_word(struct bs_str value)
{
	for (size_t i = 0; i < sizeof(stop_words) / sizeof(stop_words[0]); i++) {
		if (bs_str_ieq(value, bs_str_c(stop_words[i])))
			return true;
	}
	return false;
}

// A variable may name where its secret lies: SSH_KEY=/home/ci/.ssh/id.
static bool is_path(struct bs_str value)
{
	char path[4096];
	if (value.ptr[0] != '/' || value.len >= sizeof(path) || memchr(value.ptr, '\0', value.len))
		return false;
	memcpy(path, value.ptr, value.len);
	path[value.len] = '\0';
	return access(path, F_OK) == 0;
}

static bool is_common(struct bs_str value)
{
	bool lower = true, digits = true;
	for (size_t i = 0; i < value.len; i++) {
		lower = lower && value.ptr[i] >= 'a' && value.ptr[i] <= 'z';
		digits = digits && bs_is_digit(value.ptr[i]);
	}
	return (lower || digits) && value.len <= COMMON_BYTES_MAX;
}

static bool is_varied(struct bs_str piece)
{
	bool seen[256] = {false};
	size_t different = 0;
	for (size_t i = 0; i < piece.len; i++) {
		different += !seen[(unsigned char)piece.ptr[i]];
		seen[(unsigned char)piece.ptr[i]] = true;
	}
	return different >= PIECE_VARIETY_MIN;
}

// Copies the needle to the pool, every run of white space as one space.
static uint32_t pool_needle(struct bs_values *values, struct bs_str text)
{
	size_t at = values->pool.len;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_space(text.ptr[i]))
			bs_buf_add_char(&values->pool, text.ptr[i]);
		else if (i == 0 || !is_space(text.ptr[i - 1]))
			bs_buf_add_char(&values->pool, ' ');
	}
	return (uint32_t)at;
}

static struct bs_str needle_text(const struct bs_values *values, const struct needle *needle)
{
	return bs_str(values->pool.ptr + needle->pool_at, needle->bytes);
}

static enum bs_status add_needle(struct adding *adding, struct bs_str text, struct bs_err *err)
{
	struct bs_values *values = adding->values;
	if (values->needles_count == NEEDLES_MAX)
		return bs_fail(err, BS_LIMIT, "secrets: more than %d needles", NEEDLES_MAX);
	if (values->needles_count == values->needles_cap) {
		size_t cap = values->needles_cap ? values->needles_cap * 2 : 64;
		struct needle *grown = realloc(values->needles, cap * sizeof(*grown));
		if (!grown)
			return bs_fail_nomem(err);
		values->needles = grown;
		values->needles_cap = cap;
	}
	struct needle needle = {.value = (uint32_t)values->count};
	needle.pool_at = pool_needle(values, text);
	needle.bytes = (uint32_t)(values->pool.len - needle.pool_at);
	enum bs_status status = bs_buf_status(&values->pool, "secrets", err);
	if (status != BS_OK)
		return status;
	struct bs_str whole = needle_text(values, &needle);
	size_t first = adding->first;
	if (values->needles_count - first > TWINS_SOUGHT_MAX)
		first = values->needles_count - TWINS_SOUGHT_MAX;
	for (size_t i = first; i < values->needles_count; i++) {
		if (bs_str_eq(needle_text(values, &values->needles[i]), whole)) {
			bs_buf_cut(&values->pool, needle.pool_at);
			return BS_OK;
		}
	}
	struct bs_str prefix = bs_str_sub(whole, 0, PREFIX_BYTES);
	size_t space = bs_str_find_char(prefix, ' ');
	if (space != SIZE_MAX)
		prefix.len = space > BS_LITERAL_BYTES_MIN ? space : BS_LITERAL_BYTES_MIN;
	status = bs_literals_add(adding->literals, prefix, BS_LITERAL_RUNS_OFF,
		adding->id_base + (uint32_t)values->needles_count, err);
	if (status == BS_OK)
		values->needles[values->needles_count++] = needle;
	return status;
}

// struct bs_form_sink: a form becomes one needle, or several when it is long.
static enum bs_status take_form(void *ctx, struct bs_str form, struct bs_err *err)
{
	struct adding *adding = ctx;
	enum bs_status status = BS_OK;
	form = bs_str_trim(form);
	if (form.len < BS_SECRET_BYTES_MIN)
		return BS_OK;
	if (form.len <= BS_NEEDLE_BYTES_MAX)
		return add_needle(adding, form, err);
	for (size_t at = 0; status == BS_OK && at < form.len; at += PIECE_BYTES) {
		size_t from = at + PIECE_BYTES <= form.len ? at : form.len - PIECE_BYTES;
		struct bs_str piece = bs_str_trim(bs_str_sub(form, from, PIECE_BYTES));
		if (piece.len >= BS_SECRET_BYTES_MIN && is_varied(piece))
			status = add_needle(adding, piece, err);
	}
	return status;
}

static bool is_known(const struct bs_values *values, struct bs_str value)
{
	for (size_t i = 0; i < values->count; i++) {
		if (bs_str_eq(values->items[i].text, value))
			return true;
	}
	return false;
}

enum bs_status bs_values_add(struct bs_values *values, const char *name, struct bs_str value,
	struct bs_literals *literals, uint32_t id_base, struct bs_diag *diag, struct bs_err *err)
{
	struct adding adding = {values, literals, id_base, values->needles_count};
	value = bs_str_trim(value);
	if (value.len == 0 || is_stop_word(value) || is_path(value) || is_known(values, value))
		return BS_OK;
	if (value.len < BS_SECRET_BYTES_MIN) {
		if (!bs_str_ieq(value, BS_LIT("true")) && !bs_str_ieq(value, BS_LIT("false")) &&
			!bs_str_ieq(value, BS_LIT("none")))
			bs_diag_warn(diag, "%s is too short to be redacted (less than %d bytes)",
				name, BS_SECRET_BYTES_MIN);
		return BS_OK;
	}
	if (value.len > BS_SECRET_BYTES_MAX) {
		bs_diag_warn(diag, "%s: only its first %d bytes are redacted", name,
			BS_SECRET_BYTES_MAX);
		value.len = BS_SECRET_BYTES_MAX;
	}
	if (values->count == BS_SECRETS_MAX)
		return bs_fail(err, BS_LIMIT, "secrets: more than %d values", BS_SECRETS_MAX);
	char *text = malloc(value.len);
	char *label = calloc(1, NAME_BYTES_MAX + 1);
	enum bs_status status = BS_OK;
	if (!text || !label) {
		status = bs_fail_nomem(err);
		goto out;
	}
	memcpy(text, value.ptr, value.len);
	memcpy(label, name, strnlen(name, NAME_BYTES_MAX));
	// From here on the value owns them; needles that were added for it stay valid on failure.
	values->items[values->count] = (struct bs_value){
		label, bs_str(text, value.len), is_common(value)};
	text = NULL;
	label = NULL;
	status = bs_forms_each(value, (struct bs_form_sink){take_form, &adding}, err);
	values->count++;
out:
	wipe(text, value.len);
	free(label);
	return status;
}

enum bs_step bs_values_walk(
	const struct bs_values *values, struct bs_needle_walk *walk, struct bs_str text, size_t *at)
{
	struct bs_str needle = needle_text(values, &values->needles[walk->needle]);
	if (*at == 0 && walk->matched > 0) { // a new line
		if (needle.ptr[walk->matched] == ' ') {
			while (*at < text.len && is_space(text.ptr[*at]))
				++*at;
			walk->matched++;
		} else if (needle.len < WRAP_BYTES_MIN) {
			return BS_STEP_NO;
		}
	}
	while (walk->matched < needle.len) {
		char c = needle.ptr[walk->matched];
		if (*at == text.len)
			return BS_STEP_MORE;
		if (c == ' ' && is_space(text.ptr[*at])) {
			while (*at < text.len && is_space(text.ptr[*at]))
				++*at;
			if (*at == text.len)
				return BS_STEP_MORE;
		} else if (c == text.ptr[*at]) {
			++*at;
		} else {
			return BS_STEP_NO;
		}
		walk->matched++;
	}
	return BS_STEP_YES;
}

struct bs_value bs_values_of(const struct bs_values *values, uint32_t needle)
{
	return values->items[values->needles[needle].value];
}
