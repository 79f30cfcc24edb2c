// SPDX-License-Identifier: MIT
// Reads JSON into a struct by the rows of its field table, bending what loses nothing.
#include "core/llm/schema.h"

#include <stdio.h>

#include "core/llm/schema_reader.h"
#include "core/text/clean.h"

#define NAME_CHARS_MAX 40 // of a member nobody asked for, in a message

static enum bs_status read_object(struct bs_reader *r, const struct bs_json *json,
	const struct bs_field *fields, void *object);

static size_t push(struct bs_reader *r, const char *name)
{
	size_t before = r->pointer_len;
	int n = snprintf(r->pointer + before, sizeof(r->pointer) - before, "/%s", name);
	r->pointer_len = before + (size_t)n < sizeof(r->pointer) ? before + (size_t)n : before;
	return before;
}

static void pop(struct bs_reader *r, size_t before)
{
	r->pointer_len = before;
	r->pointer[before] = '\0';
}

// --- lists and objects

static enum bs_status read_item(
	struct bs_reader *r, const struct bs_field *list, const struct bs_json *json, void *item)
{
	if (bs_json_type(json) == BS_JSON_OBJECT)
		return read_object(r, json, list->items, item);
	for (const struct bs_field *f = list->items; r->coerce && list->item_text && f->key; f++) {
		if (strcmp(f->key, list->item_text) != 0 || !bs_json_text(json).ptr)
			continue;
		r->repaired = true;
		return bs_reader_text(
			r, f, json, (struct bs_str *)(void *)((char *)item + f->offset));
	}
	bs_reader_violation(
		r, "expected an object, got ", bs_str_c(bs_json_type_name(bs_json_type(json))));
	return BS_OK;
}

static enum bs_status read_list(struct bs_reader *r, const struct bs_field *field,
	const struct bs_json *json, char *items, size_t *ret_count)
{
	bool array = bs_json_type(json) == BS_JSON_ARRAY;
	bool null = bs_json_is_null(json);
	bool single = !array && !null && r->coerce;
	char name[24], what[80];
	if (!array && !r->coerce) {
		bs_reader_wrong_type(r, field, json);
		return BS_OK;
	}
	r->repaired |= !array;
	size_t count = 0;
	const struct bs_json *item = single ? json : bs_json_first(json);
	for (; item && count < field->items_max; item = single ? NULL : bs_json_next(item)) {
		(void)snprintf(name, sizeof(name), "%zu", count);
		size_t before = push(r, name);
		enum bs_status status = read_item(
			r, field, item, items + count * field->item_bytes);
		pop(r, before);
		if (status != BS_OK)
			return status;
		count++;
	}
	if (item && !r->coerce) {
		(void)snprintf(what, sizeof(what), "%zu items, at most %zu", bs_json_count(json),
			field->items_max);
		bs_reader_violation(r, what, bs_str("", 0));
	}
	r->repaired |= item != NULL;
	*ret_count = count;
	return BS_OK;
}

static enum bs_status read_field(
	struct bs_reader *r, const struct bs_field *field, const struct bs_json *json, char *object)
{
	void *slot = object + field->offset;
	switch (field->type) {
	case BS_FIELD_TEXT:
		return bs_reader_text(r, field, json, slot);
	case BS_FIELD_LINE:
		bs_reader_line(r, field, json, slot);
		return BS_OK;
	case BS_FIELD_ENUM:
		bs_reader_enum(r, field, json, slot);
		return BS_OK;
	case BS_FIELD_LIST:
		return read_list(
			r, field, json, slot, (size_t *)(void *)(object + field->count_offset));
	}
	return BS_OK;
}

static void check_unknown(
	struct bs_reader *r, const struct bs_json *json, const struct bs_field *fields)
{
	for (const struct bs_json *m = bs_json_first(json); m; m = bs_json_next(m)) {
		const struct bs_field *f = fields;
		while (f->key && !bs_str_eq_c(bs_json_key(m), f->key))
			f++;
		if (f->key)
			continue;
		if (r->coerce) {
			r->repaired = true;
			continue;
		}
		bs_buf_clear(&r->scratch);
		bs_clean_inline(bs_str_clip_chars(bs_json_key(m), NAME_CHARS_MAX), &r->scratch);
		bs_reader_violation(r, "unknown member ", bs_buf_str(&r->scratch));
	}
}

static enum bs_status read_object(struct bs_reader *r, const struct bs_json *json,
	const struct bs_field *fields, void *object)
{
	enum bs_status status = BS_OK;
	for (const struct bs_field *f = fields; f->key && status == BS_OK; f++) {
		const struct bs_json *member = bs_json_get(json, f->key);
		size_t before = push(r, f->key);
		// A member that says nothing may be left out; nothing else is made up.
		bool may_miss = r->coerce &&
				(f->nullable || (f->verbatim && f->type == BS_FIELD_LINE));
		if (member)
			status = read_field(r, f, member, object);
		else if (may_miss)
			r->repaired = true;
		else
			bs_reader_violation(r, "is missing", bs_str("", 0));
		pop(r, before);
	}
	if (status == BS_OK)
		check_unknown(r, json, fields);
	return status;
}

// An answer wrapped once: [{…}] or {"ci_summary": {…}}. No member of a summary is an object.
static const struct bs_json *unwrap(struct bs_reader *r, const struct bs_json *json)
{
	const struct bs_json *only = bs_json_first(json);
	bool wrapped = r->coerce && bs_json_count(json) == 1 &&
		       bs_json_type(only) == BS_JSON_OBJECT;
	r->repaired |= wrapped;
	return wrapped ? only : json;
}

enum bs_status bs_schema_read(const struct bs_json *json, unsigned flags, struct bs_arena *arena,
	struct bs_summary *ret_summary, bool *ret_repaired, struct bs_buf *errors,
	struct bs_err *err)
{
	struct bs_summary summary = {0};
	struct bs_reader r = {
		.coerce = flags & BS_SCHEMA_COERCE, .arena = arena, .errors = errors, .err = err};
	enum bs_status status = BS_OK;
	bs_buf_init(&r.scratch, BS_JSON_BYTES_MAX);
	json = unwrap(&r, json);
	if (bs_json_type(json) == BS_JSON_OBJECT)
		status = read_object(&r, json, bs_summary_fields, &summary);
	else
		bs_reader_violation(&r, "expected an object, got ",
			bs_str_c(bs_json_type_name(bs_json_type(json))));
	if (status == BS_OK && (r.scratch.failed == BS_NOMEM || errors->failed == BS_NOMEM))
		status = bs_fail_nomem(err);
	if (status == BS_OK && r.violations > 0)
		status = BS_FORMAT;
	bs_buf_release(&r.scratch);
	if (status != BS_OK)
		return status;
	*ret_summary = summary;
	*ret_repaired = r.repaired;
	return BS_OK;
}
