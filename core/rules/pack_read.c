// SPDX-License-Identifier: MIT
// Reads one pack: its keys, and the list of rules.
#include "core/rules/pack_read.h"

#include <stdio.h>

#include "core/rules/pack_rule.h"

#define NEAR_ENOUGH 3 // edits between what was written and what may have been meant

enum bs_status bs_pack_refuse(
	const char *file, const struct bs_yaml_node *node, struct bs_err *err, const char *fmt, ...)
{
	char what[BS_ERR_MSG_BYTES];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return bs_fail(err, BS_USAGE, "%s:%u:%u: %s", file, node->line, node->column, what);
}

const char *bs_pack_nearest(struct bs_str written, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t least = NEAR_ENOUGH + 1;
	for (size_t i = 0; i < count; i++) {
		size_t distance = bs_str_distance(written, bs_str_c(names[i]), NEAR_ENOUGH + 1);
		if (distance < least) {
			least = distance;
			nearest = names[i];
		}
	}
	return nearest;
}

enum bs_status bs_pack_expect_text(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node)
{
	if (node->type != BS_YAML_SCALAR || node->text.len == 0)
		return bs_pack_refuse(reader->file, node, reader->err,
			"\"%.*s\": expected a text that is not empty", BS_FMT(node->key));
	return BS_OK;
}

enum bs_status bs_pack_refuse_key(const struct bs_pack_reader *reader,
	const struct bs_yaml_node *node, const char *const *names, size_t count)
{
	const char *nearest = bs_pack_nearest(node->key, names, count);
	struct bs_yaml_node at_key = {.line = node->key_line, .column = node->key_column};
	return bs_pack_refuse(reader->file, &at_key, reader->err, "unknown key \"%.*s\"; %s \"%s\"",
		BS_FMT(bs_str_clip_utf8(node->key, BS_PACK_ID_BYTES_MAX)),
		nearest ? "did you mean" : "expected for example", nearest ? nearest : names[0]);
}

static const char *const pack_keys[] = {"pack", "about", "rules", "disable"};
#define PACK_KEYS_COUNT (sizeof(pack_keys) / sizeof(pack_keys[0]))

static enum bs_status read_rules(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_pack *pack)
{
	if (!node)
		return BS_OK;
	if (node->type != BS_YAML_SEQUENCE)
		return bs_pack_refuse(
			reader->file, node, reader->err, "\"rules\": expected a list of rules");
	pack->rules = BS_NEW_ARRAY(reader->arena, struct bs_rule *, node->count + 1);
	if (!pack->rules)
		return bs_fail_nomem(reader->err);
	for (const struct bs_yaml_node *item = node->first; item; item = item->next) {
		enum bs_status status = bs_pack_read_rule(
			reader, item, &pack->rules[pack->rules_count]);
		if (status != BS_OK)
			return status;
		pack->rules_count++;
	}
	return BS_OK;
}

static enum bs_status read_pack(
	struct bs_pack_reader *reader, const struct bs_yaml_node *root, struct bs_pack *pack)
{
	if (root->type != BS_YAML_MAPPING)
		return bs_pack_refuse(reader->file, root, reader->err,
			"expected a pack: a mapping with \"pack\" and \"rules\"");
	for (const struct bs_yaml_node *node = root->first; node; node = node->next) {
		bool known = false;
		for (size_t i = 0; i < PACK_KEYS_COUNT; i++)
			known = known || bs_str_eq_c(node->key, pack_keys[i]);
		if (!known)
			return bs_pack_refuse_key(reader, node, pack_keys, PACK_KEYS_COUNT);
	}
	const struct bs_yaml_node *name = bs_yaml_get(root, "pack");
	if (name) {
		enum bs_status status = bs_pack_expect_text(reader, name);
		if (status != BS_OK)
			return status;
	}
	pack->name = name ? bs_arena_cstr(reader->arena, name->text) : reader->file;
	if (!pack->name)
		return bs_fail_nomem(reader->err);
	reader->pack = pack->name;
	pack->disable = bs_yaml_get(root, "disable");
	if (pack->disable && pack->disable->type != BS_YAML_SEQUENCE)
		return bs_pack_refuse(reader->file, pack->disable, reader->err,
			"\"disable\": expected a list of ids of rules");
	return read_rules(reader, bs_yaml_get(root, "rules"), pack);
}

enum bs_status bs_pack_read(const char *file, struct bs_str text, struct bs_arena *arena,
	struct bs_pack *ret_pack, struct bs_err *err)
{
	struct bs_err own = {0};
	struct bs_yaml_node *root = NULL;
	struct bs_pack_reader reader = {.file = file, .arena = arena, .err = err};
	struct bs_pack pack = {.file = file};
	enum bs_status status = bs_yaml_parse(
		file, text, BS_PACK_FILE_BYTES_MAX, arena, &root, &own);
	if (status == BS_NOMEM)
		return bs_fail_nomem(err);
	if (status != BS_OK) // the user wrote it: a usage error, whatever is wrong with it
		return bs_fail(err, BS_USAGE, "%s", own.msg);
	status = read_pack(&reader, root, &pack);
	if (status == BS_OK)
		*ret_pack = pack;
	return status;
}
