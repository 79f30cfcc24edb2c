// SPDX-License-Identifier: MIT
// Looking once at each kind of line gives what looking at every line gives: on the golden logs, and
// on logs made of them with other digits, secrets and cuts.
#include "tests/unit/unit.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/ext/file.h"
#include "core/rules/digits.h"
#include "core/rules/redact.h"
#include "core/rules/trim.h"
#include "core/text/clean.h"

#define LOG_BYTES_MAX (4 * 1024 * 1024)
#define EXCERPT_BYTES 24000

// One run of the pipeline; every line that the redactor lets out is hashed.
struct run {
	struct bs_redact *redact;
	struct bs_trim *trim;
	struct bs_clean *clean;
	uint64_t lines_hash;
	struct bs_excerpt excerpt;
};

static enum bs_status take(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	struct run *run = ctx;
	run->lines_hash = bs_str_hash(line->text, run->lines_hash + line->number + line->flags);
	return bs_trim_take(run->trim, line, err);
}

static void know(struct run *run, const char *name, const char *value)
{
	assert_int_equal(bs_redact_add_value(run->redact, name, bs_str_c(value), NULL), BS_OK);
}

// False when the log has nothing to choose from.
static bool pass(struct run *run, struct bs_rules *rules, unsigned flags, struct bs_str log,
	struct bs_arena *arena)
{
	*run = (struct run){0};
	for (size_t i = 0; i < rules->rules_count; i++)
		rules->order[i]->broken = false; // on a slow machine a purse may be used up
	assert_int_equal(bs_trim_new(rules, EXCERPT_BYTES, NULL, &run->trim, NULL), BS_OK);
	assert_int_equal(
		bs_redact_new((struct bs_line_sink){take, run}, NULL, &run->redact, NULL), BS_OK);
	know(run, "A_TOKEN", "hush-73519-hush");
	know(run, "B_TOKEN", "846301957");
	assert_int_equal(bs_clean_new(flags, (struct bs_line_sink){bs_redact_take, run->redact},
				 &run->clean, NULL),
		BS_OK);
	enum bs_status status = bs_clean_feed(run->clean, log, NULL);
	if (status == BS_OK)
		status = bs_clean_finish(run->clean, NULL);
	if (status == BS_OK)
		status = bs_redact_finish(run->redact, NULL);
	if (status == BS_OK)
		status = bs_trim_finish(run->trim, arena, &run->excerpt, NULL);
	run->excerpt.redactions = bs_redact_count(run->redact);
	bs_clean_free(run->clean);
	bs_redact_free(run->redact);
	bs_trim_free(run->trim);
	return status == BS_OK;
}

static void assert_same(struct bs_rules *rules, const char *name, struct bs_str log)
{
	struct bs_arena arena;
	struct run once, each;
	bs_arena_init(&arena, 32 * 1024 * 1024);
	bool there = pass(&once, rules, 0, log, &arena);
	assert_int_equal(there, pass(&each, rules, BS_CLEAN_NO_KINDS, log, &arena));
	if (once.lines_hash != each.lines_hash)
		fail_msg("%s: a line is redacted in another way", name);
	if (there && !bs_str_eq(once.excerpt.text, each.excerpt.text))
		fail_msg("%s: another excerpt", name);
	assert_int_equal(once.excerpt.redactions, each.excerpt.redactions);
	assert_int_equal(once.excerpt.findings_count, each.excerpt.findings_count);
	for (size_t i = 0; i < once.excerpt.findings_count; i++) {
		const struct bs_finding *a = &once.excerpt.findings[i];
		const struct bs_finding *b = &each.excerpt.findings[i];
		assert_ptr_equal(a->rule, b->rule);
		assert_int_equal(a->line_number, b->line_number);
		assert_true(bs_str_eq(a->name, b->name) && bs_str_eq(a->message, b->message));
	}
	bs_arena_release(&arena);
}

// --- logs made of the golden ones

static uint32_t draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

static void add_token(uint32_t *seed, struct bs_buf *out)
{
	static const char *const heads[] = {"gh"
					    "p_",
		"AK"
		"IA",
		"sk_"
		"live_",
		"glp"
		"at-",
		""};
	size_t head = draw(seed, sizeof(heads) / sizeof(heads[0]));
	bs_buf_add(out, bs_str_c(heads[head]));
	for (size_t i = 0; i < 36; i++)
		bs_buf_add_char(
			out, (char)(draw(seed, 3) ? 'A' + draw(seed, 26) : '0' + draw(seed, 10)));
}

static void add_secret(uint32_t *seed, struct bs_buf *out)
{
	static const char *const leads[] = {" password=", "token: ", "https://user:", " --secret ",
		"", "", "  API_KEY: ", "data:\n  key: ",
		("-----BEGIN RSA PRIV"
		 "ATE KEY-----\n")};
	bs_buf_add(out, bs_str_c(leads[draw(seed, sizeof(leads) / sizeof(leads[0]))]));
	switch (draw(seed, 5)) {
	case 0:
		bs_buf_addf(out, "hush-%u-hush", draw(seed, 2) ? 73519 : draw(seed, 99999));
		break;
	case 1:
		bs_buf_addf(out, "%s", draw(seed, 2) ? "846301957" : "846301958");
		break;
	case 2:
		add_token(seed, out);
		bs_buf_addf(out, "%s", draw(seed, 2) ? "@host.test/x" : "\n");
		break;
	case 3:
		add_token(seed, out);
		add_token(seed, out);
		break;
	default:
		bs_buf_add(out, BS_LIT("hush-73"));
		bs_buf_add(out, draw(seed, 2) ? BS_LIT("\n519-hush") : BS_LIT("510-hush"));
	}
}

static struct bs_str nth_line(struct bs_str log, size_t at)
{
	while (at > 0 && log.ptr[at - 1] != '\n')
		at--;
	struct bs_str rest = bs_str_from(log, at), line = {0};
	(void)bs_str_split(&rest, '\n', &line);
	return bs_str_sub(line, 0, 2000);
}

// Lines of the log in any order, some several times, with other digits, secrets, colours.
static void make_log(struct bs_str log, uint32_t *seed, struct bs_buf *out)
{
	bs_buf_clear(out);
	for (size_t n = 0; n < 400 && log.len > 0; n++) {
		struct bs_str line = nth_line(log, draw(seed, (uint32_t)log.len));
		uint32_t what = draw(seed, 8), copies = draw(seed, 4);
		for (uint32_t copy = 0; copy <= copies; copy++) {
			size_t cut = what == 1 && line.len ? draw(seed, (uint32_t)line.len)
							   : SIZE_MAX;
			for (size_t i = 0; i < line.len; i++) {
				bool other = what > 3 && bs_is_digit(line.ptr[i]);
				if (i == cut)
					add_secret(seed, out);
				bs_buf_add_char(
					out, other ? (char)('0' + draw(seed, 10)) : line.ptr[i]);
			}
			if (what == 2)
				add_secret(seed, out);
			bs_buf_add_char(out, '\n');
		}
	}
}

static void kinds_change_nothing(void **state)
{
	(void)state;
	struct bs_arena arena;
	struct bs_rules rules;
	struct bs_buf made;
	glob_t logs = {0};
	uint32_t seed = 11;
	bs_buf_init(&made, LOG_BYTES_MAX);
	bs_arena_init(&arena, 64 * 1024 * 1024);
	assert_int_equal(bs_rules_load(&rules, NULL, 0, &arena, NULL), BS_OK);
	assert_int_equal(glob("tests/cases/*/*/log.txt", 0, NULL, &logs), 0);
	assert_true(logs.gl_pathc > 50);
	for (size_t i = 0; i < logs.gl_pathc; i++) {
		struct bs_str log = {0};
		assert_int_equal(
			bs_file_load(logs.gl_pathv[i], LOG_BYTES_MAX, &arena, &log, NULL), BS_OK);
		if (log.len < 200 * 1024)
			assert_same(&rules, logs.gl_pathv[i], log);
		make_log(log, &seed, &made);
		assert_same(&rules, "a log that was made", bs_buf_str(&made));
	}
	globfree(&logs);
	bs_buf_release(&made);
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

static void what_a_rule_excepts_may_hang_on_digits(void **state)
{
	(void)state;
	static const char pack[] = "pack: zog\n"
				   "rules:\n"
				   "  - {id: z1, match: zogfault, unless: 'fault 7[0-4] '}\n"
				   "  - {id: z2, match: 'zogloss [1-9]', unless: forgiven}\n"
				   "  - {id: z3, match: zogquiet, unless: forgiven}\n";
	static const char log[] = "a zogfault 71 came\na zogfault 76 came\na zogfault 72 came\n"
				  "a zogfault 77 came\na zogloss 0\na zogloss 1\na zogloss 0\n"
				  "a zogloss 2\nforgiven zogloss 1\nforgiven zogloss 0\n"
				  "forgiven zogloss 2\nforgiven zogquiet 1\n"
				  "forgiven zogquiet 2\na zogquiet 1\na zogquiet 2\n";
	char path[] = "/tmp/buildsum-kinds-XXXXXX";
	const char *paths[] = {path};
	struct bs_arena arena;
	struct bs_rules rules;
	struct bs_buf made;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, pack, sizeof(pack) - 1), (ssize_t)sizeof(pack) - 1);
	close(fd);
	bs_arena_init(&arena, 64 * 1024 * 1024);
	bs_buf_init(&made, LOG_BYTES_MAX);
	assert_int_equal(bs_rules_load(&rules, paths, 1, &arena, NULL), BS_OK);
	(void)unlink(path);
	for (unsigned i = 0; i < 12; i++) {
		bs_buf_add_c(&made, log);
		for (unsigned k = 0; k < 400; k++)
			bs_buf_addf(&made, "nothing to be said of %x here\n", i * 400 + k);
	}
	assert_same(&rules, "a log of exceptions", bs_buf_str(&made));
	bs_buf_release(&made);
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

// A line may be none of a secret as it stands, and one with other digits or behind another line.
static void lines_of_a_dull_kind_are_redacted_all_the_same(void **state)
{
	(void)state;
	static const char *const logs[] = {
		// "%": a line of letters and digits
		"see sk-"
		"ant-api03-% :\nsee sk-"
		"ant-api03-% :\nsee sk-"
		"ant-api03-% :\nsee sk-"
		"ant-api04-% :\n",
		"ush-73519-hush.\n%\nush-73519-hush.\n%\nush-73519-hush.\n%h\nush-73519-hush.\n",
	};
	const char *body = "Qm4XcZt7bLw2RkVp9HsYd3NfGj6TuAe8KqWoIiCv5MrE";
	struct bs_arena arena;
	struct bs_rules rules;
	bs_arena_init(&arena, 64 * 1024 * 1024);
	assert_int_equal(bs_rules_load(&rules, NULL, 0, &arena, NULL), BS_OK);
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		struct run run;
		struct bs_buf log;
		bs_buf_init(&log, 4096);
		for (const char *c = logs[i]; *c; c++)
			bs_buf_add(&log, *c == '%' ? bs_str_c(body) : bs_str(c, 1));
		assert_true(pass(&run, &rules, 0, bs_buf_str(&log), &arena));
		assert_int_equal(run.excerpt.redactions, 1);
		assert_same(&rules, logs[i], bs_buf_str(&log));
		bs_buf_release(&log);
	}
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

// Rules whose digits matter see every line of a kind without what stands before it.
static void lines_of_a_told_kind_are_seen_without_their_prefix(void **state)
{
	(void)state;
	static const char *const lines[] = {"make: *** [Makefile:%: all] Error %\n",
		"FAILED (failures=%)\n", "Tests:       % failed, 3 passed\n", "%) a test\n",
		"exit status %\n", "% tests, % failures\n"};
	struct bs_arena arena;
	struct bs_rules rules;
	struct bs_buf log;
	bs_arena_init(&arena, 64 * 1024 * 1024);
	bs_buf_init(&log, 64 * 1024);
	assert_int_equal(bs_rules_load(&rules, NULL, 0, &arena, NULL), BS_OK);
	for (unsigned i = 0; i < 600; i++)
		bs_buf_addf(&log, "a line that says nothing at all, number %u\n", i);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		for (unsigned digit = 0; digit < 6; digit++) {
			bs_buf_add(&log, BS_LIT("web_1  | "));
			for (const char *c = lines[i]; *c; c++)
				bs_buf_add_char(&log, *c == '%' ? (char)('0' + digit) : *c);
		}
	for (unsigned i = 0; i < 600; i++)
		bs_buf_addf(&log, "a line that says nothing at all, number %u\n", i);
	assert_same(&rules, "lines behind a prefix", bs_buf_str(&log));
	bs_buf_release(&log);
	bs_rules_release(&rules);
	bs_arena_release(&arena);
}

static struct bs_kind *kind_of(struct bs_kinds *kinds, struct bs_str text, unsigned flags)
{
	return bs_kinds_of(kinds, bs_kinds_hash(kinds, text, flags));
}

static void kinds_are_told_by_everything_but_digits(void **state)
{
	(void)state;
	struct bs_kinds *kinds = NULL;
	assert_int_equal(bs_kinds_new(&kinds, NULL), BS_OK);
	const char *const lines[] = {"", "a", "9", "aa", "ok 12 of 340 in 0.5 s", "ok 12 of 341",
		"0123456789abcde", "0123456789abcdef", "0123456789abcdefg",
		"a line that is longer than two steps of the hash, 12:30"};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char other[128];
		size_t len = strlen(lines[i]);
		for (size_t k = 0; k < len; k++)
			other[k] = bs_is_digit(lines[i][k]) ? (char)('9' - lines[i][k] + '0')
							    : lines[i][k];
		uint64_t hash = kind_of(kinds, bs_str_c(lines[i]), 0)->hash;
		assert_int_equal(kind_of(kinds, bs_str(other, len), 0)->hash, hash);
		assert_int_not_equal(kind_of(kinds, bs_str(other, len), 1)->hash, hash);
		for (size_t k = 0; k < len; k++) { // any other byte matters, wherever it stands
			char before = other[k];
			other[k] = '~';
			assert_int_not_equal(kind_of(kinds, bs_str(other, len), 0)->hash, hash);
			other[k] = before;
		}
	}
	bs_kinds_free(kinds);
	bs_kinds_free(NULL);
}

// What was written into a record is there when its kind comes again, or the record is new.
static void kinds_never_give_the_record_of_another(void **state)
{
	(void)state;
	struct bs_kinds *kinds = NULL;
	size_t found = 0;
	assert_int_equal(bs_kinds_new(&kinds, NULL), BS_OK);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 3 * BS_KINDS_MAX / 4; i++) {
			char line[32];
			int len = snprintf(line, sizeof(line), "%c%c%c%c%c line", 'a' + i % 26,
				'a' + i / 26 % 26, 'a' + i / 676 % 26, 'a' + i / 17576 % 26,
				'a' + i / 456976);
			struct bs_kind *kind = kind_of(kinds, bs_str(line, (size_t)len), 0);
			if (kind->is_scanned)
				assert_int_equal(kind->rule, i % 60000);
			found += kind->is_scanned;
			kind->is_scanned = true;
			kind->rule = (uint16_t)(i % 60000);
		}
	assert_true(found > BS_KINDS_MAX / 4);
	bs_kinds_free(kinds);
}

static void digits_that_a_pattern_tells_apart_are_seen(void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		bool alike;
		const char *relaxed; // NULL: cannot be
	} examples[] = {
		{"^\\d+ [0-9a-f]{7,40} (?<name>\\w+)$", true, NULL},
		{"a{2}b{3,}c{,d", true, NULL},
		{"[^\\s:]+(?i:x)(?!y)(?<=z)[]a]", true, NULL},
		{"[1-9]\\d* failed", false, "[0-9]\\d* failed"},
		{"exit 1(?!0\\b)x", false, "exit \\dx"},
		{"[^0-9][^a0](?:4[0-46]|5)", false, "[^0-9][^a](?:\\d[0-90-9]|\\d)"},
		{"(\\w) \\1", false, NULL},
		{"[+-9]", false, NULL},
		{"[^7]", false, NULL},
		{"7++", false, NULL},
		{"(?>7)", false, NULL},
		{"(?(1)a|b)", false, NULL},
		{"\\x37", false, NULL},
	};
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct bs_buf out;
		struct bs_str pattern = bs_str_c(examples[i].pattern);
		bs_buf_init(&out, 1000);
		if (bs_digits_are_alike(pattern) != examples[i].alike)
			fail_msg("%s", examples[i].pattern);
		if (!examples[i].alike) {
			bool relaxed = bs_digits_relax(pattern, &out);
			if (relaxed != (examples[i].relaxed != NULL))
				fail_msg("%s", examples[i].pattern);
			if (relaxed)
				assert_str(bs_buf_str(&out), examples[i].relaxed);
		}
		bs_buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_change_nothing),
		cmocka_unit_test(lines_of_a_dull_kind_are_redacted_all_the_same),
		cmocka_unit_test(what_a_rule_excepts_may_hang_on_digits),
		cmocka_unit_test(lines_of_a_told_kind_are_seen_without_their_prefix),
		cmocka_unit_test(kinds_are_told_by_everything_but_digits),
		cmocka_unit_test(kinds_never_give_the_record_of_another),
		cmocka_unit_test(digits_that_a_pattern_tells_apart_are_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
