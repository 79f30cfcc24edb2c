// SPDX-License-Identifier: MIT
// Writes the JSON Schema of a field table.
//
// The subset that every strict mode takes (OpenAI, Anthropic, Gemini, and the grammars of local
// servers): no lengths, no counts, no patterns, no $ref, no const, and every member required.
#include <stdio.h>

#include "core/llm/schema.h"

static void put_pair(struct bs_json_writer *w, const char *key, const char *value)
{
	bs_json_put_key(w, key);
	bs_json_put_c(w, value);
}

static void put_object(
	struct bs_json_writer *w, const struct bs_field *fields, enum bs_schema_dialect dialect);

static void put_type(struct bs_json_writer *w, const char *type, bool nullable)
{
	if (!nullable) {
		put_pair(w, "type", type);
		return;
	}
	bs_json_put_key(w, "anyOf");
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	put_pair(w, "type", type);
	bs_json_close(w, '}');
	bs_json_open(w, '{');
	put_pair(w, "type", "null");
	bs_json_close(w, '}');
	bs_json_close(w, ']');
}

// What the row says of it, and the limit that the schema itself must not hold.
static void put_about(struct bs_json_writer *w, const struct bs_field *field)
{
	char about[320];
	size_t max = field->chars_max ? field->chars_max : field->items_max;
	const char *unit = field->chars_max ? "characters" : "items";
	if (max)
		(void)snprintf(about, sizeof(about), "%s; at most %zu %s", field->about, max, unit);
	put_pair(w, "description", max ? about : field->about);
}

static void put_field(
	struct bs_json_writer *w, const struct bs_field *field, enum bs_schema_dialect dialect)
{
	bs_json_open(w, '{');
	put_about(w, field);
	switch (field->type) {
	case BS_FIELD_TEXT:
		put_type(w, "string", field->nullable);
		break;
	case BS_FIELD_LINE:
		put_type(w, "integer", field->nullable);
		break;
	case BS_FIELD_ENUM:
		put_pair(w, "type", "string");
		bs_json_put_key(w, "enum");
		bs_json_open(w, '[');
		for (unsigned i = 0; i < field->enum_count; i++)
			bs_json_put_c(w, field->enum_id(i));
		bs_json_close(w, ']');
		break;
	case BS_FIELD_LIST:
		put_pair(w, "type", "array");
		bs_json_put_key(w, "items");
		put_object(w, field->items, dialect);
		break;
	}
	bs_json_close(w, '}');
}

static void put_keys(struct bs_json_writer *w, const char *key, const struct bs_field *fields)
{
	bs_json_put_key(w, key);
	bs_json_open(w, '[');
	for (const struct bs_field *f = fields; f->key; f++)
		bs_json_put_c(w, f->key);
	bs_json_close(w, ']');
}

static void put_object(
	struct bs_json_writer *w, const struct bs_field *fields, enum bs_schema_dialect dialect)
{
	bs_json_open(w, '{');
	put_pair(w, "type", "object");
	bs_json_put_key(w, "properties");
	bs_json_open(w, '{');
	for (const struct bs_field *f = fields; f->key; f++) {
		bs_json_put_key(w, f->key);
		put_field(w, f, dialect);
	}
	bs_json_close(w, '}');
	put_keys(w, "required", fields);
	if (dialect == BS_SCHEMA_ORDERED)
		put_keys(w, "propertyOrdering", fields);
	bs_json_put_key(w, "additionalProperties");
	bs_json_put_bool(w, false);
	bs_json_close(w, '}');
}

void bs_schema_put(struct bs_json_writer *w, enum bs_schema_dialect dialect)
{
	put_object(w, bs_summary_fields, dialect);
}
