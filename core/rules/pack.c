// SPDX-License-Identifier: MIT
// All packs together: later rules override earlier ones, patterns are compiled when first needed.
#include "core/rules/pack.h"

#include "core/ext/file.h"
#include "core/rules/digits.h"
#include "core/rules/made.h"
#include "core/rules/pack_read.h"
#include "core/rules/prefilter.h"

static void release_rule(struct bs_rule *rule)
{
	bs_regex_free(rule->regex);
	bs_regex_free(rule->unless_regex);
	bs_regex_free(rule->while_regex);
	bs_regex_free(rule->until_regex);
	bs_regex_free(rule->relaxed_regex);
	rule->regex = rule->unless_regex = rule->while_regex = rule->until_regex =
		rule->relaxed_regex = NULL;
}

static struct bs_rule **find(const struct bs_rules *rules, struct bs_str id)
{
	uint64_t hash = bs_str_hash(id, 0);
	for (size_t i = 0; i < rules->rules_count; i++)
		if (rules->rules[i]->id_hash == hash && bs_str_eq_c(id, rules->rules[i]->id))
			return &rules->rules[i];
	return NULL;
}

static enum bs_status refuse_duplicate(
	const struct bs_rule *rule, const struct bs_rule *earlier, struct bs_err *err)
{
	return bs_fail(err, BS_USAGE,
		"%s: the id \"%s\" stands already at %s; expected each id once in a pack",
		rule->place, rule->id, earlier->place);
}

static enum bs_status add_rule(struct bs_rules *rules, struct bs_rule *rule, struct bs_err *err)
{
	struct bs_rule **earlier = find(rules, bs_str_c(rule->id));
	if (earlier) {
		if ((*earlier)->pack == rule->pack) // the same pack, not one of the same name
			return refuse_duplicate(rule, *earlier, err);
		release_rule(*earlier);
		*earlier = rule;
		return BS_OK;
	}
	if (rules->rules_count == BS_RULES_MAX)
		return bs_fail(err, BS_USAGE, "%s: more than %d rules", rule->place, BS_RULES_MAX);
	rules->rules[rules->rules_count++] = rule;
	return BS_OK;
}

static enum bs_status disable(
	struct bs_rules *rules, const struct bs_pack *pack, struct bs_err *err)
{
	const struct bs_yaml_node *item = pack->disable ? pack->disable->first : NULL;
	for (; item; item = item->next) {
		struct bs_rule **rule = item->type == BS_YAML_SCALAR ? find(rules, item->text)
								     : NULL;
		if (rule) {
			release_rule(*rule);
			size_t at = (size_t)(rule - rules->rules);
			memmove(rule, rule + 1, (--rules->rules_count - at) * sizeof(*rule));
			continue;
		}
		const char *names[BS_RULES_MAX];
		for (size_t i = 0; i < rules->rules_count; i++)
			names[i] = rules->rules[i]->id;
		const char *nearest = bs_pack_nearest(item->text, names, rules->rules_count);
		return bs_pack_refuse(pack->file, item, err,
			"\"disable\": expected the id of a rule%s%s",
			nearest ? "; did you mean " : "", nearest ? nearest : "");
	}
	return BS_OK;
}

// The build has read our packs already; what a run changes of them it changes in a copy.
static enum bs_status take_builtin(
	struct bs_rules *rules, struct bs_arena *arena, struct bs_err *err)
{
	struct bs_rule *copies = BS_NEW_ARRAY(arena, struct bs_rule, bs_rules_builtin_count + 1);
	if (!copies)
		return bs_fail_nomem(err);
	memcpy(copies, bs_rules_builtin, bs_rules_builtin_count * sizeof(*copies));
	bool fits = bs_made_fits();
	for (size_t i = 0; i < bs_rules_builtin_count; i++) {
		copies[i].takes_made = fits;
		rules->rules[rules->rules_count++] = &copies[i];
	}
	return BS_OK;
}

// A user's pack: its patterns are compiled at once, so that it says what is wrong with them.
static enum bs_status load_pack(struct bs_rules *rules, const char *file, struct bs_str text,
	struct bs_arena *arena, struct bs_err *err)
{
	struct bs_pack pack;
	enum bs_status status = bs_pack_read(file, text, arena, &pack, err);
	// What it disables are other packs' rules: its own are not there yet.
	if (status == BS_OK)
		status = disable(rules, &pack, err);
	for (size_t i = 0; status == BS_OK && i < pack.rules_count; i++) {
		status = add_rule(rules, pack.rules[i], err);
		if (status == BS_OK)
			status = bs_rule_compile(pack.rules[i], err);
	}
	return status;
}

static enum bs_status load_file(
	struct bs_rules *rules, const char *path, struct bs_arena *arena, struct bs_err *err)
{
	struct bs_str text = {0};
	enum bs_status status = bs_file_load(path, BS_PACK_FILE_BYTES_MAX, arena, &text, err);
	return status == BS_OK ? load_pack(rules, path, text, arena, err) : status;
}

#define WEIGHTS 101               // up to 100
#define PRECEDENCES (2 * WEIGHTS) // those of noise stand above all others

// Who may speak first for a line. Noise is asked first, the heaviest, which takes a line from most,
// before the others. A wrapper takes it from weak
// causes: "make: *** Error 1" holds their words, but is not what failed.
static unsigned precedence(const struct bs_rule *rule)
{
	switch (rule->role) {
	case BS_ROLE_NOISE:
		return WEIGHTS + rule->weight;
	case BS_ROLE_WRAPPER:
		return rule->weight > BS_RULE_STRONG ? rule->weight : BS_RULE_STRONG;
	case BS_ROLE_CAUSE:
	case BS_ROLE_SUMMARY:
	case BS_ROLE_CONTEXT:
	case BS_ROLE_COUNT:
		break;
	}
	return rule->weight;
}

// By falling precedence; equals stay in order of loading.
static enum bs_status order_rules(
	struct bs_rules *rules, struct bs_arena *arena, struct bs_err *err)
{
	size_t above[PRECEDENCES + 1] = {0}; // how many rules stand above each precedence
	rules->order = BS_NEW_ARRAY(arena, struct bs_rule *, rules->rules_count + 1);
	if (!rules->order)
		return bs_fail_nomem(err);
	for (size_t i = 0; i < rules->rules_count; i++) {
		above[precedence(rules->rules[i])]++;
		rules->noise_count += rules->rules[i]->role == BS_ROLE_NOISE;
	}
	size_t sum = 0;
	for (size_t p = PRECEDENCES; p-- > 0;) {
		size_t here = above[p];
		above[p] = sum;
		sum += here;
	}
	for (size_t i = 0; i < rules->rules_count; i++)
		rules->order[above[precedence(rules->rules[i])]++] = rules->rules[i];
	return bs_prefilter_new(rules->order, rules->rules_count, &rules->prefilter, err);
}

enum bs_status bs_rules_load(struct bs_rules *rules, const char *const *paths, size_t paths_count,
	struct bs_arena *arena, struct bs_err *err)
{
	*rules = (struct bs_rules){0};
	rules->rules = BS_NEW_ARRAY(arena, struct bs_rule *, BS_RULES_MAX);
	enum bs_status status = rules->rules ? BS_OK : bs_fail_nomem(err);
	if (status == BS_OK)
		status = take_builtin(rules, arena, err);
	for (size_t i = 0; status == BS_OK && i < paths_count; i++)
		status = load_file(rules, paths[i], arena, err);
	if (status == BS_OK)
		status = order_rules(rules, arena, err);
	if (status != BS_OK)
		bs_rules_release(rules);
	return status;
}

void bs_rules_release(struct bs_rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->rules_count; i++)
		release_rule(rules->rules[i]);
	bs_prefilter_free(rules->prefilter);
	*rules = (struct bs_rules){0};
}

static enum bs_status make(struct bs_rule *rule, enum bs_made_kind kind, struct bs_str pattern,
	struct bs_regex **ret_regex, struct bs_err *err)
{
	struct bs_regex_made made = bs_made_of(rule, kind);
	return bs_regex_new_made(
		pattern, rule->caseless ? BS_REGEX_CASELESS : 0u, &made, ret_regex, err);
}

static enum bs_status compile(struct bs_rule *rule, enum bs_made_kind kind, struct bs_str pattern,
	struct bs_regex **regex, struct bs_err *err)
{
	static const char *const keys[BS_MADE_KINDS] = {
		"match", "unless", "while", "until", "match"};
	if (!pattern.ptr || *regex)
		return BS_OK;
	struct bs_err own = {0};
	enum bs_status status = make(rule, kind, pattern, regex, &own);
	if (status == BS_OK)
		return BS_OK;
	rule->broken = true;
	if (status == BS_NOMEM)
		return bs_fail_nomem(err);
	return bs_fail(err, BS_USAGE, "%s: rule %s, \"%s\": %s", rule->place, rule->id, keys[kind],
		own.msg);
}

enum bs_status bs_rule_compile(struct bs_rule *rule, struct bs_err *err)
{
	enum bs_status status = compile(rule, BS_MADE_MATCH, rule->match, &rule->regex, err);
	if (status == BS_OK)
		status = compile(rule, BS_MADE_UNLESS, rule->unless, &rule->unless_regex, err);
	if (status == BS_OK)
		status = compile(rule, BS_MADE_WHILE, rule->block_while, &rule->while_regex, err);
	if (status == BS_OK)
		status = compile(rule, BS_MADE_UNTIL, rule->block_until, &rule->until_regex, err);
	if (status != BS_OK)
		return status;
	rule->group_name = bs_regex_group(rule->regex, "name");
	rule->group_file = bs_regex_group(rule->regex, "file");
	rule->group_line = bs_regex_group(rule->regex, "line");
	rule->group_message = bs_regex_group(rule->regex, "message");
	return BS_OK;
}

void bs_rule_relax(struct bs_rule *rule)
{
	struct bs_buf pattern;
	bs_buf_init(&pattern, BS_PATTERN_BYTES_MAX * 3);
	if (!bs_digits_relax(rule->match, &pattern) ||
		make(rule, BS_MADE_RELAXED, bs_buf_str(&pattern), &rule->relaxed_regex, NULL) !=
			BS_OK)
		rule->relaxed_regex = NULL;
	if (rule->unless_alike)
		(void)compile(rule, BS_MADE_UNLESS, rule->unless, &rule->unless_regex, NULL);
	rule->is_relaxed = true;
	bs_buf_release(&pattern);
}
