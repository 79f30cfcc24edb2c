// SPDX-License-Identifier: MIT
// One value of an answer → one field: texts, line numbers, names.
#include <stdio.h>

#include "core/llm/schema_reader.h"
#include "core/text/clean.h"

#define VIOLATIONS_MAX 20 // the first few say it all

void bs_reader_violation(struct bs_reader *r, const char *what, struct bs_str name)
{
	const char *where = r->pointer_len ? r->pointer : "/";
	r->violations++;
	if (r->violations == 1)
		(void)bs_fail(r->err, BS_FORMAT, "%s: %s%.*s", where, what, BS_FMT(name));
	if (r->violations <= VIOLATIONS_MAX)
		bs_buf_addf(r->errors, "%s: %s%.*s\n", where, what, BS_FMT(name));
}

void bs_reader_wrong_type(
	struct bs_reader *r, const struct bs_field *field, const struct bs_json *json)
{
	static const char *const wants[] = {
		[BS_FIELD_TEXT] = "a string",
		[BS_FIELD_LINE] = "an integer",
		[BS_FIELD_ENUM] = "a string",
		[BS_FIELD_LIST] = "an array",
	};
	char what[80];
	(void)snprintf(what, sizeof(what), "expected %s%s, got ", wants[field->type],
		field->nullable ? " or null" : "");
	bs_reader_violation(r, what, bs_str_c(bs_json_type_name(bs_json_type(json))));
}

// --- text

// The end of the last sentence, else of the last word, in what may be kept; never below half of it.
static struct bs_str cut(struct bs_str text, size_t chars_max)
{
	struct bs_str room = bs_str_clip_chars(text, chars_max - 2); // for " …"
	for (size_t i = room.len; i > room.len / 2; i--)
		if (strchr(".!?", room.ptr[i - 1]) && text.ptr[i] == ' ')
			return bs_str_sub(room, 0, i);
	for (size_t i = room.len; i > room.len / 2; i--)
		if (text.ptr[i] == ' ')
			return bs_str_trim_end(bs_str_sub(room, 0, i));
	return room;
}

static enum bs_status put_text(struct bs_reader *r, struct bs_str text, struct bs_str *ret_text)
{
	*ret_text = bs_arena_str(r->arena, text);
	return ret_text->ptr ? BS_OK : bs_fail_nomem(r->err);
}

// Cleaned onto r->scratch; cut there when it is too long.
static enum bs_status fit_text(
	struct bs_reader *r, const struct bs_field *field, struct bs_str text)
{
	char what[80];
	bs_buf_clear(&r->scratch);
	bs_clean_inline(text, &r->scratch);
	struct bs_str clean = bs_buf_str(&r->scratch);
	size_t chars = bs_str_chars(clean);
	if (chars > field->chars_max && !r->coerce) {
		(void)snprintf(
			what, sizeof(what), "%zu characters, at most %zu", chars, field->chars_max);
		bs_reader_violation(r, what, bs_str("", 0));
	} else if (chars > field->chars_max) {
		r->repaired = true;
		bs_buf_cut(&r->scratch, cut(clean, field->chars_max).len);
		bs_buf_add_c(&r->scratch, " …");
	}
	return bs_buf_status(&r->scratch, "answer", r->err);
}

enum bs_status bs_reader_text(struct bs_reader *r, const struct bs_field *field,
	const struct bs_json *json, struct bs_str *ret_text)
{
	struct bs_str text = bs_json_text(json);
	bool null = bs_json_is_null(json);
	if (null && r->coerce && field->may_be_empty) {
		r->repaired = true;
		return put_text(r, bs_str("", 0), ret_text);
	}
	if (null && field->nullable)
		return BS_OK;
	if (!text.ptr) {
		bs_reader_wrong_type(r, field, json);
		return BS_OK;
	}
	if (field->verbatim)
		return put_text(r, text, ret_text);
	enum bs_status status = fit_text(r, field, text);
	if (status != BS_OK)
		return status;
	struct bs_str clean = bs_str_trim(bs_buf_str(&r->scratch));
	if (clean.len > 0 || field->may_be_empty)
		return put_text(r, clean, ret_text);
	if (!field->nullable)
		bs_reader_violation(r, "is empty", bs_str("", 0));
	return BS_OK; // nothing said is the same as null
}

// --- numbers and names

void bs_reader_line(struct bs_reader *r, const struct bs_field *field, const struct bs_json *json,
	uint64_t *ret_line)
{
	uint64_t line = 0;
	double number = 0;
	if (bs_json_is_null(json) && field->nullable)
		return;
	if (bs_json_is_null(json) && r->coerce && field->verbatim) {
		r->repaired = true; // grounding will find it
		return;
	}
	if (bs_json_u64(json, &line)) { // 0: models' word for "unknown"
		*ret_line = line;
		return;
	}
	if (r->coerce && bs_str_to_u64(bs_str_trim(bs_json_text(json)), &line)) {
		r->repaired = true;
		*ret_line = line;
		return;
	}
	if (r->coerce && bs_json_number(json, &number) && number < 0) {
		r->repaired = true; // -1: the same word in another tongue
		return;
	}
	bs_reader_wrong_type(r, field, json);
}

// Same letters and digits, whatever stands between them: "Test Failure" is test_failure.
static bool same_name(struct bs_str given, struct bs_str id)
{
	size_t g = 0, i = 0;
	for (;;) {
		while (g < given.len && !bs_is_alnum(given.ptr[g]))
			g++;
		while (i < id.len && !bs_is_alnum(id.ptr[i]))
			i++;
		if (g == given.len || i == id.len)
			return g == given.len && i == id.len;
		if (bs_lower(given.ptr[g++]) != id.ptr[i++])
			return false;
	}
}

void bs_reader_enum(struct bs_reader *r, const struct bs_field *field, const struct bs_json *json,
	unsigned *ret_value)
{
	struct bs_str name = bs_json_text(json);
	if (!name.ptr) {
		bs_reader_wrong_type(r, field, json);
		return;
	}
	for (unsigned i = 0; i < field->enum_count; i++) {
		struct bs_str id = bs_str_c(field->enum_id(i));
		bool equal = bs_str_eq(name, id);
		if (!equal && !(r->coerce && same_name(name, id)))
			continue;
		r->repaired |= !equal;
		*ret_value = i;
		return;
	}
	bs_buf_clear(&r->scratch);
	for (unsigned i = 0; i < field->enum_count; i++)
		bs_buf_addf(&r->scratch, "%s%s", i ? ", " : "", field->enum_id(i));
	bs_reader_violation(r, "expected one of ", bs_buf_str(&r->scratch));
}
