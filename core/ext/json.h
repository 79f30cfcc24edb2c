// SPDX-License-Identifier: MIT
// JSON: a strict reader over cJSON, and a writer onto struct bs_buf.
//
// cJSON accepts much that is not JSON (trailing bytes, raw newlines, invalid UTF-8, \u0000, leading
// zeros, duplicate keys, 1e999): the reader refuses all of it. Source: RFC 8259.
#ifndef BS_EXT_JSON_H
#define BS_EXT_JSON_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/str.h"

struct bs_json; // one parsed value; children are borrowed from their document

enum bs_json_type {
	BS_JSON_NULL,
	BS_JSON_BOOL,
	BS_JSON_NUMBER,
	BS_JSON_STRING,
	BS_JSON_ARRAY,
	BS_JSON_OBJECT,
};

// Parses a whole text. BS_FORMAT names the offset and what is wrong; BS_LIMIT for size and depth.
enum bs_status bs_json_parse(
	struct bs_str text, struct bs_json **ret_json, struct bs_err *err) BS_MUST_USE;
// Frees a document made by bs_json_parse (never a child of one); accepts NULL.
void bs_json_free(struct bs_json *json);

enum bs_json_type bs_json_type(const struct bs_json *json);
const char *bs_json_type_name(enum bs_json_type type); // "string"

// The getters accept NULL and the wrong type and then answer "nothing", so that paths can be
// chained: bs_json_text(bs_json_get(bs_json_get(root, "error"), "message")). Keys are
// case-sensitive.
const struct bs_json *bs_json_get(const struct bs_json *object, const char *key);
const struct bs_json *bs_json_at(const struct bs_json *array, size_t index);
size_t bs_json_count(const struct bs_json *json); // members or elements; 0 for anything else
// Iteration: the first child of an array or object, and the next sibling; NULL at the end.
const struct bs_json *bs_json_first(const struct bs_json *json);
const struct bs_json *bs_json_next(const struct bs_json *child);
struct bs_str bs_json_key(const struct bs_json *member); // of a member of an object

bool bs_json_is_null(const struct bs_json *json);       // also true for NULL (absent)
struct bs_str bs_json_text(const struct bs_json *json); // ptr NULL unless a string
bool bs_json_number(const struct bs_json *json, double *ret_number);
bool bs_json_u64(const struct bs_json *json, uint64_t *ret_number); // whole, 0..2^53
bool bs_json_bool(const struct bs_json *json, bool *ret_value);

// --- writing: compact JSON onto a buffer; commas are put where they belong. A failure sticks in
// buf.
struct bs_json_writer {
	struct bs_buf *buf;
	bool need_comma;
	bool ascii; // escape everything above 0x7E as \uXXXX
};

void bs_json_writer_init(struct bs_json_writer *w, struct bs_buf *buf);
void bs_json_open(struct bs_json_writer *w, char bracket);  // '{' or '['
void bs_json_close(struct bs_json_writer *w, char bracket); // '}' or ']'
void bs_json_put_key(struct bs_json_writer *w, const char *key);
void bs_json_put_str(struct bs_json_writer *w, struct bs_str s); // invalid UTF-8 becomes U+FFFD
void bs_json_put_c(struct bs_json_writer *w, const char *text);  // NULL writes null
void bs_json_put_i64(struct bs_json_writer *w, int64_t number);
void bs_json_put_double(struct bs_json_writer *w, double number); // independent of the locale
void bs_json_put_bool(struct bs_json_writer *w, bool value);
void bs_json_put_null(struct bs_json_writer *w);
// A parsed value, written again.
void bs_json_put(struct bs_json_writer *w, const struct bs_json *value);
// Text that is JSON already, put in as it is.
void bs_json_put_raw(struct bs_json_writer *w, struct bs_str json);

const char *bs_json_version(void); // of cJSON

#endif
