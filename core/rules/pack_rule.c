// SPDX-License-Identifier: MIT
// Reads one rule: a table of keys, each with the function that takes its value.
#include "core/rules/pack_rule.h"

#include "core/rules/digits.h"

#define BEFORE_MAX 50
#define LINES_DEFAULT 40
#define LINES_MAX 400
#define WEIGHT_MAX 100

static const unsigned default_weights[BS_ROLE_COUNT] = {
	[BS_ROLE_CAUSE] = 70,
	[BS_ROLE_SUMMARY] = 60,
	[BS_ROLE_WRAPPER] = 20,
	[BS_ROLE_CONTEXT] = 10,
	[BS_ROLE_NOISE] = 100,
};

static enum bs_status read_number(const struct bs_pack_reader *reader,
	const struct bs_yaml_node *node, unsigned min, unsigned max, unsigned *ret_number)
{
	uint64_t number = 0;
	if (node->type != BS_YAML_SCALAR || node->quoted || !bs_str_to_u64(node->text, &number) ||
		number < min || number > max)
		return bs_pack_refuse(reader->file, node, reader->err,
			"\"%.*s\": expected a whole number from %u to %u", BS_FMT(node->key), min,
			max);
	*ret_number = (unsigned)number;
	return BS_OK;
}

static enum bs_status read_pattern(const struct bs_pack_reader *reader,
	const struct bs_yaml_node *node, struct bs_str *ret_pattern)
{
	enum bs_status status = bs_pack_expect_text(reader, node);
	if (status == BS_OK && node->text.len > BS_PATTERN_BYTES_MAX)
		return bs_pack_refuse(reader->file, node, reader->err,
			"\"%.*s\": expected a pattern of at most %d bytes", BS_FMT(node->key),
			BS_PATTERN_BYTES_MAX);
	if (status == BS_OK)
		*ret_pattern = node->text;
	return status;
}

static enum bs_status read_examples(const struct bs_pack_reader *reader,
	const struct bs_yaml_node *node, const struct bs_example **ret_examples)
{
	if (node->type != BS_YAML_SEQUENCE)
		return bs_pack_refuse(reader->file, node, reader->err,
			"\"%.*s\": expected a list of lines", BS_FMT(node->key));
	const struct bs_example *first = NULL, **last = &first;
	for (const struct bs_yaml_node *item = node->first; item; item = item->next) {
		if (item->type != BS_YAML_SCALAR)
			return bs_pack_refuse(
				reader->file, item, reader->err, "expected a line of text");
		struct bs_example *example = BS_NEW(reader->arena, struct bs_example);
		if (!example)
			return bs_fail_nomem(reader->err);
		*example = (struct bs_example){item->text, item->line, item->column, NULL};
		*last = example;
		last = &example->next;
	}
	*ret_examples = first;
	return BS_OK;
}

static enum bs_status read_id(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	bool fits = node->type == BS_YAML_SCALAR && node->text.len > 0 &&
		    node->text.len <= BS_PACK_ID_BYTES_MAX;
	for (size_t i = 0; fits && i < node->text.len; i++)
		fits = bs_is_alnum(node->text.ptr[i]) || strchr("-_.", node->text.ptr[i]);
	if (!fits)
		return bs_pack_refuse(reader->file, node, reader->err,
			"\"id\": expected letters, digits, \"-\", \"_\" and \".\", at most %d",
			BS_PACK_ID_BYTES_MAX);
	rule->id = bs_arena_cstr(reader->arena, node->text);
	rule->id_hash = bs_str_hash(node->text, 0);
	return rule->id ? BS_OK : bs_fail_nomem(reader->err);
}

static const char *const role_ids[BS_ROLE_COUNT] = {
#define X(name, id) [name] = (id),
	BS_ROLES(X)
#undef X
};

static enum bs_status read_role(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	for (size_t i = 0; i < BS_ROLE_COUNT; i++)
		if (node->type == BS_YAML_SCALAR && bs_str_eq_c(node->text, role_ids[i])) {
			rule->role = (enum bs_role)i;
			return BS_OK;
		}
	return bs_pack_refuse(reader->file, node, reader->err,
		"\"role\": expected cause, summary, wrapper, context or noise");
}

static enum bs_status read_category(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	if (node->type == BS_YAML_SCALAR && bs_category_parse(node->text, &rule->category))
		return BS_OK;
	const char *names[BS_CATEGORY_COUNT];
	for (size_t i = 0; i < BS_CATEGORY_COUNT; i++)
		names[i] = bs_category_id((enum bs_category)i);
	const char *nearest = bs_pack_nearest(node->text, names, BS_CATEGORY_COUNT);
	return bs_pack_refuse(reader->file, node, reader->err,
		"\"category\": expected one of the categories, such as %s",
		nearest ? nearest : "test_failure");
}

static enum bs_status read_weight(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_number(reader, node, 1, WEIGHT_MAX, &rule->weight);
}

static enum bs_status read_before(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_number(reader, node, 0, BEFORE_MAX, &rule->before);
}

static enum bs_status read_after(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_number(reader, node, 0, LINES_MAX, &rule->after);
}

static enum bs_status read_lines(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_number(reader, node, 1, LINES_MAX, &rule->lines_max);
}

static enum bs_status read_match(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_pattern(reader, node, &rule->match);
}

static enum bs_status read_unless(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_pattern(reader, node, &rule->unless);
}

static enum bs_status read_while(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_pattern(reader, node, &rule->block_while);
}

static enum bs_status read_until(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_pattern(reader, node, &rule->block_until);
}

static enum bs_status read_bool(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, bool *ret_bool)
{
	*ret_bool = bs_str_eq_c(node->text, "true");
	if (node->type != BS_YAML_SCALAR || (!*ret_bool && !bs_str_eq_c(node->text, "false")))
		return bs_pack_refuse(reader->file, node, reader->err,
			"\"%.*s\": expected true or false", BS_FMT(node->key));
	return BS_OK;
}

static enum bs_status read_caseless(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_bool(reader, node, &rule->caseless);
}

static enum bs_status read_said_before(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_bool(reader, node, &rule->said_before);
}

static enum bs_status read_matches(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_examples(reader, node, &rule->matches);
}

static enum bs_status read_ignores(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	return read_examples(reader, node, &rule->ignores);
}

struct key {
	const char *name;
	enum bs_status (*read)(const struct bs_pack_reader *reader, const struct bs_yaml_node *node,
		struct bs_rule *rule);
};

static const struct key keys[] = {
	{"id", read_id},
	{"role", read_role},
	{"category", read_category},
	{"weight", read_weight},
	{"match", read_match},
	{"unless", read_unless},
	{"caseless", read_caseless},
	{"said_before", read_said_before},
	{"before", read_before},
	{"after", read_after},
	{"while", read_while},
	{"until", read_until},
	{"lines", read_lines},
	{"matches", read_matches},
	{"ignores", read_ignores},
};
#define KEYS_COUNT (sizeof(keys) / sizeof(keys[0]))

static enum bs_status read_key(
	const struct bs_pack_reader *reader, const struct bs_yaml_node *node, struct bs_rule *rule)
{
	const char *names[KEYS_COUNT];
	for (size_t i = 0; i < KEYS_COUNT; i++) {
		if (bs_str_eq_c(node->key, keys[i].name))
			return keys[i].read(reader, node, rule);
		names[i] = keys[i].name;
	}
	return bs_pack_refuse_key(reader, node, names, KEYS_COUNT);
}

enum bs_status bs_pack_read_rule(const struct bs_pack_reader *reader,
	const struct bs_yaml_node *node, struct bs_rule **ret_rule)
{
	if (node->type != BS_YAML_MAPPING)
		return bs_pack_refuse(reader->file, node, reader->err,
			"expected a rule: a mapping with \"id\" and \"match\"");
	struct bs_rule *rule = BS_NEW(reader->arena, struct bs_rule);
	if (!rule)
		return bs_fail_nomem(reader->err);
	*rule = (struct bs_rule){
		.pack = reader->pack, .before = 1, .after = 2, .lines_max = LINES_DEFAULT};
	rule->place = bs_arena_printf(
		reader->arena, "%s:%u:%u", reader->file, node->line, node->column);
	if (!rule->place)
		return bs_fail_nomem(reader->err);
	for (const struct bs_yaml_node *key = node->first; key; key = key->next) {
		enum bs_status status = read_key(reader, key, rule);
		if (status != BS_OK)
			return status;
	}
	if (!rule->id || !rule->match.ptr)
		return bs_pack_refuse(reader->file, node, reader->err,
			"a rule without \"%s\"; expected \"id\" and \"match\"",
			rule->id ? "match" : "id");
	if (rule->weight == 0)
		rule->weight = default_weights[rule->role];
	rule->unless_alike = bs_digits_are_alike(rule->unless);
	rule->digits_alike = rule->unless_alike && bs_digits_are_alike(rule->match);
	*ret_rule = rule;
	return BS_OK;
}
