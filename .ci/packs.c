// SPDX-License-Identifier: MIT
// Run by the build: reads the rule packs and prints them as C tables, so that the program need not.
//
// A mistake in a pack fails the build with its file, line and column.
#include <stdio.h>
#include <stdlib.h>

#include ".ci/packs.h"
#include "core/ext/file.h"
#include "core/rules/factor.h"
#include "core/rules/pack_read.h"

void packs_fail(const char *message)
{
	(void)fprintf(stderr, "packs: %s\n", message);
	exit(1);
}

// As an initialiser of struct bs_str; octal escapes never run into what follows them.
static void print_str(struct bs_str s)
{
	if (!s.ptr) {
		(void)fputs("{0, 0}", stdout);
		return;
	}
	(void)fputs("{\"", stdout);
	for (size_t i = 0; i < s.len; i++)
		if (bs_is_alnum(s.ptr[i]) || s.ptr[i] == ' ')
			(void)putchar(s.ptr[i]);
		else
			(void)printf("\\%03o", (unsigned)(unsigned char)s.ptr[i]);
	(void)printf("\", %zu}", s.len);
}

static void print_examples(const char *kind, size_t rule, const struct bs_example *example)
{
	if (!example)
		return;
	(void)printf("static const struct bs_example %s_%zu[] = {\n", kind, rule);
	for (size_t i = 1; example; example = example->next, i++) {
		(void)fputs("\t{", stdout);
		print_str(example->text);
		(void)printf(", %u, %u, ", example->line, example->column);
		if (example->next)
			(void)printf("&%s_%zu[%zu]},\n", kind, rule, i);
		else
			(void)puts("0},");
	}
	(void)puts("};");
}

// The list of a rule's examples, or a null pointer.
static void print_list(const char *field, const char *kind, size_t number, bool there)
{
	if (there)
		(void)printf("\t\t.%s = %s_%zu,\n", field, kind, number);
}

static void print_field(const char *field, struct bs_str s)
{
	(void)printf("\t\t.%s = ", field);
	print_str(s);
	(void)puts(",");
}

// With what a line begins that a rule matches, whose pattern is "^…" and no alternation. Digits
// count as one, because the program looks at each kind of line once (core/text/kind.h).
static void print_first(const struct bs_rule *rule, const struct bs_factor *factor)
{
	unsigned char set[BS_REGEX_BYTE_SET];
	struct bs_regex *regex = NULL;
	struct bs_str rest = bs_str_from(rule->match, 1);
	if (!factor->anchored || rule->caseless || !bs_str_starts(rule->match, BS_LIT("^")) ||
		bs_regex_new(rest, 0, &regex, NULL) != BS_OK)
		return;
	if (bs_regex_first_bytes(regex, set)) {
		const unsigned char digits_low = 0xFF, digits_high = 0x03; // '0' to '9'
		if (set['0' / 8] & digits_low || set['8' / 8] & digits_high) {
			set['0' / 8] |= digits_low;
			set['8' / 8] |= digits_high;
		}
		(void)fputs("\t\t.first_known = true,\n\t\t.first = {", stdout);
		for (size_t i = 0; i < sizeof(set); i++)
			(void)printf("%u, ", set[i]);
		(void)puts("},");
	}
	bs_regex_free(regex);
}

static void print_rule(size_t number, const struct bs_rule *rule, const struct bs_factor_pair *pair)
{
	const struct bs_factor *factor = &pair->best;
	(void)printf("\t{\n\t\t.id = \"%s\",\n\t\t.id_hash = %lluu,\n\t\t.pack = \"%s\",\n"
		     "\t\t.place = \"%s\",\n",
		rule->id, (unsigned long long)rule->id_hash, rule->pack, rule->place);
	(void)printf("\t\t.role = (enum bs_role)%d,\n\t\t.category = (enum bs_category)%d,\n",
		(int)rule->role, (int)rule->category);
	(void)printf(
		"\t\t.weight = %u,\n\t\t.caseless = %d,\n\t\t.said_before = %d,\n\t\t.before = %u,\n"
		"\t\t.after = %u,\n\t\t.lines_max = %u,\n",
		rule->weight, rule->caseless, rule->said_before, rule->before, rule->after,
		rule->lines_max);
	print_field("match", rule->match);
	print_field("unless", rule->unless);
	print_field("block_while", rule->block_while);
	print_field("block_until", rule->block_until);
	print_list("matches", "matches", number, rule->matches);
	print_list("ignores", "ignores", number, rule->ignores);
	(void)printf("\t\t.literals_count = %zu,\n\t\t.anchored = %d,\n"
		     "\t\t.literals_known = true,\n\t\t.builtin = %zu,\n"
		     "\t\t.digits_alike = %d,\n\t\t.unless_alike = %d,\n",
		factor->count, factor->anchored, number, rule->digits_alike, rule->unless_alike);
	(void)printf("\t\t.needs_also = %d,\n", pair->also.count > 0);
	print_first(rule, factor);
	(void)puts("\t},");
}

static void add_pack(struct printer *printer, const char *path)
{
	struct bs_err err = {0};
	struct bs_str text = {0};
	struct bs_pack pack = {0};
	const char *slash = strrchr(path, '/');
	if (bs_file_load(path, BS_PACK_FILE_BYTES_MAX, &printer->arena, &text, &err) != BS_OK ||
		bs_pack_read(slash ? slash + 1 : path, text, &printer->arena, &pack, &err) != BS_OK)
		packs_fail(err.msg);
	for (size_t i = 0; i < pack.rules_count; i++) {
		for (size_t k = 0; k < printer->count; k++)
			if (bs_str_eq_c(bs_str_c(pack.rules[i]->id), printer->rules[k]->id)) {
				(void)fprintf(stderr,
					"packs: %s: the id \"%s\" stands already at %s\n",
					pack.rules[i]->place, pack.rules[i]->id,
					printer->rules[k]->place);
				exit(1);
			}
		if (printer->count == BS_RULES_MAX)
			packs_fail("too many rules");
		printer->rules[printer->count++] = pack.rules[i];
	}
}

int main(int argc, char **argv)
{
	static struct printer printer;
	static struct bs_factor_pair pairs[BS_RULES_MAX];
	bs_arena_init(&printer.arena, 256 * 1024 * 1024);
	for (int i = 1; i < argc; i++)
		add_pack(&printer, argv[i]);
	(void)puts("// Generated by .ci/packs from core/rules/packs. Do not edit.\n"
		   "#include \"core/rules/made.h\"\n#include \"core/rules/prefilter.h\"\n");
	for (size_t i = 0; i < printer.count; i++) {
		print_examples("matches", i, printer.rules[i]->matches);
		print_examples("ignores", i, printer.rules[i]->ignores);
		bs_factor_find(printer.rules[i]->match, printer.rules[i]->caseless,
			BS_FACTOR_BYTES_MIN, &pairs[i]);
	}
	(void)puts("\nconst struct bs_rule bs_rules_builtin[] = {");
	for (size_t i = 0; i < printer.count; i++)
		print_rule(i, printer.rules[i], &pairs[i]);
	(void)printf(
		"\t{.id = 0},\n};\nconst size_t bs_rules_builtin_count = %zu;\n", printer.count);
	packs_print_sieve(&printer, pairs);
	packs_print_made(&printer);
	bs_arena_release(&printer.arena);
	return ferror(stdout) || fflush(stdout) != 0;
}
