// SPDX-License-Identifier: MIT
// core/text/clean: what a log's bytes become, however they are cut into pieces.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/text/clean.h"

// Lines joined by '\n', each with "<red>" or "<cut>" after it when flagged.
struct seen {
	struct bs_buf text;
	uint64_t last_number;
};

static enum bs_status note(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	struct seen *seen = ctx;
	assert_true(line->number == seen->last_number + 1);
	seen->last_number = line->number;
	bs_buf_add(&seen->text, line->text);
	if (line->flags & BS_LINE_RED)
		bs_buf_add_c(&seen->text, "<red>");
	if (line->flags & BS_LINE_CUT)
		bs_buf_add_c(&seen->text, "<cut>");
	bs_buf_add_char(&seen->text, '\n');
	return bs_buf_status(&seen->text, "lines", err);
}

#define WHOLE SIZE_MAX

// Feeds `input` as [0, cut) and [cut, end), or in steps of `step` bytes.
static void clean_in_pieces(struct bs_str input, unsigned flags, size_t cut, size_t step,
	struct seen *seen, struct bs_clean_stats *ret_stats)
{
	struct bs_clean *clean = NULL;
	struct bs_err err = {0};
	*seen = (struct seen){0};
	bs_buf_init(&seen->text, 64 * 1024 * 1024);
	assert_int_equal(
		bs_clean_new(flags, (struct bs_line_sink){note, seen}, &clean, &err), BS_OK);
	for (size_t i = 0; i < input.len;) {
		size_t n = step ? step : i < cut ? cut : input.len;
		// A copy of its own, so that a read past the piece's end is seen.
		struct bs_str piece = bs_str_sub(input, i, n);
		char *copy = malloc(piece.len ? piece.len : 1);
		assert_non_null(copy);
		memcpy(copy, piece.ptr, piece.len);
		if (bs_clean_feed(clean, bs_str(copy, piece.len), &err) != BS_OK)
			fail_msg("%s", err.msg);
		free(copy);
		i += piece.len;
	}
	assert_int_equal(bs_clean_finish(clean, &err), BS_OK);
	if (ret_stats)
		*ret_stats = bs_clean_stats(clean);
	bs_clean_free(clean);
}

// The first BS_SNIFF_BYTES are held back: only behind them do the cuts reach the lines.
#define PADDING_LINE "nothing of note in this one....\n"
_Static_assert(BS_SNIFF_BYTES % (sizeof(PADDING_LINE) - 1) == 0, "padding fills the first bytes");

static void assert_lines_behind_padding(struct bs_str input, unsigned flags, struct bs_str expected)
{
	struct bs_buf padded;
	bs_buf_init(&padded, 64 * 1024);
	while (padded.len < BS_SNIFF_BYTES)
		bs_buf_add_c(&padded, PADDING_LINE);
	bs_buf_add(&padded, input);
	for (size_t cut = 0; cut <= input.len; cut++) {
		struct seen seen;
		clean_in_pieces(bs_buf_str(&padded), flags, BS_SNIFF_BYTES + cut,
			cut == input.len ? 1 : 0, &seen, NULL);
		struct bs_str text = bs_str_from(bs_buf_str(&seen.text), BS_SNIFF_BYTES);
		if (!bs_str_eq(text, expected))
			fail_msg("\"%.*s\" cut at %zu gives \"%.*s\", expected \"%.*s\"",
				BS_FMT(input), cut, BS_FMT(text), BS_FMT(expected));
		bs_buf_release(&seen.text);
	}
	bs_buf_release(&padded);
}

static void assert_lines(struct bs_str input, unsigned flags, struct bs_str expected)
{
	for (size_t cut = 0; cut <= input.len; cut++) {
		struct seen seen;
		clean_in_pieces(input, flags, cut, cut == input.len ? 1 : 0, &seen, NULL);
		if (!bs_str_eq(bs_buf_str(&seen.text), expected))
			fail_msg("\"%.*s\" cut at %zu gives \"%.*s\", expected \"%.*s\"",
				BS_FMT(input), cut, BS_FMT(bs_buf_str(&seen.text)),
				BS_FMT(expected));
		bs_buf_release(&seen.text);
	}
}

struct example {
	struct bs_str input, expected;
};

#define EXAMPLE(input, expected)                       \
	{                                              \
		{input, sizeof(input) - 1},            \
		{                                      \
			expected, sizeof(expected) - 1 \
		}                                      \
	}

static void assert_examples(const struct example *examples, size_t count, unsigned flags)
{
	for (size_t i = 0; i < count; i++) {
		assert_lines(examples[i].input, flags, examples[i].expected);
		assert_lines_behind_padding(examples[i].input, flags, examples[i].expected);
		assert_lines(examples[i].input, flags | BS_CLEAN_CAREFUL, examples[i].expected);
	}
}

// For what only the first bytes of an input decide.
static void assert_inputs(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_lines(examples[i].input, 0, examples[i].expected);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void clean_splits_lines(void **state)
{
	(void)state;
	static const struct example examples[] = {
		EXAMPLE("", ""),
		EXAMPLE("\n", "\n"),
		EXAMPLE("one", "one\n"),
		EXAMPLE("one\n", "one\n"),
		EXAMPLE("one\n\ntwo\n", "one\n\ntwo\n"),
		EXAMPLE("\tone\ttwo \n", "\tone\ttwo \n"),
		EXAMPLE("one\r\ntwo\r\n", "one\ntwo\n"),
		EXAMPLE("one\r\r\ntwo\r", "one\ntwo\n"),
		EXAMPLE("a\vb\fc\n", "abc\n"),
		EXAMPLE("a\xE2\x80\xA8"
			"b\xE2\x80\xA9"
			"c\n",
			"a\xE2\x80\xA8"
			"b\xE2\x80\xA9"
			"c\n"),
	};
	assert_examples(examples, COUNT(examples), 0);
}

static void clean_resolves_redraws(void **state)
{
	(void)state;
	static const struct example examples[] = {
		EXAMPLE("abc\rX\n", "Xbc\n"),
		EXAMPLE("abc\rX\r\n", "Xbc\n"),
		EXAMPLE(" 10%\r 50%\r100%\n", "100%\n"),
		EXAMPLE("Reading... 5\rReading... Done\nnext\n", "Reading... Done\nnext\n"),
		EXAMPLE("ab\b\bXY\bZ\n", "XZ\n"),
		EXAMPLE("\b\bab\n", "ab\n"),
		EXAMPLE("long progress\r\033[Kdone\n", "done\n"),
		EXAMPLE("long progress\r\033[0Kdone\n", "done\n"),
		EXAMPLE("long progress\033[2K\rdone\n", "done\n"),
		EXAMPLE("\033[31mlong\033[0m progress\033[100D\033[Kdone\033[2Dl\033[K\n",
			"dol<red>\n"),
		EXAMPLE("long progress\rmiddle\r\rup\r\n", "upddlerogress\n"),
		EXAMPLE("\xE2\x94\x81\xE2\x94\x81\rx\rno\033[Kt\n", "not\n"),
		EXAMPLE("long progress\033[2K\033[1Gdone\n", "done\n"),
		EXAMPLE("abcd\033[2D\033[1K\033[9Cx\n", "   d       x\n"),
		EXAMPLE("[....] x\033[6D\033[4Gok\n", "[..ok] x\n"),
		EXAMPLE("a\033[3Cb\033[999Gc\n",
			"a   b                                                              "
			"                                                                   "
			"                          c\n"),
		EXAMPLE("h\xC3\xA9llo\rHE\n", "HEllo\n"),
		EXAMPLE("section_start:15:x\r\033[0Ktitle\n", "title\n"),
	};
	assert_examples(examples, COUNT(examples), 0);
	static const struct example kept[] = {
		EXAMPLE("abc\rX\n", "abc X\n"),
		EXAMPLE("a\rb\rc\r\n", "a b c\n"),
		EXAMPLE("abc\r\033[Kd\n", "abc d\n"),
		EXAMPLE("abx\bc\n", "abc\n"),
		EXAMPLE("abc\r\n", "abc\n"),
	};
	assert_examples(kept, COUNT(kept), BS_CLEAN_KEEP_REDRAWS);
}

static void clean_takes_escapes_out(void **state)
{
	(void)state;
	static const struct example examples[] = {
		EXAMPLE("\033[1;32mok\033[0m \033(Bx\033=\0337\n", "ok x\n"),
		EXAMPLE("\033]8;;http://e.x/\033\\link\033]8;;\a!\n", "link!\n"),
		EXAMPLE("a\033]1339;url=http://e.x\ab\033]1338;url=x\ac\033]1337;File=x:aGk=\ad\n",
			"abcd\n"),
		EXAMPLE("\033_bk;t=1712345678901\atext\n", "text\n"),
		EXAMPLE("_bk;t=1712345678901\atext\n_bk;t=12text\n", "text\ntext\n"),
		EXAMPLE("_bk;t=5\a\n_bk;t=\n_bk;x\n_\n", "\n_bk;t=\n_bk;x\n_\n"),
		EXAMPLE("a _bk;t=5\n_bk;t=5", "a _bk;t=5\n\n"),
		EXAMPLE("abc\r_bk;t=77\aX\n", "Xbc\n"),
		EXAMPLE("_bk\033[2Cx\n", "_bk  x\n"),
		EXAMPLE("\033P1$r\033\\a\033^pm\033\\b\033Xsos\033\\c\n", "abc\n"),
		EXAMPLE("a\033]never ends\nb\n", "a\nb\n"),
		EXAMPLE("a\033[31\nb\033\nc\033[", "a\nb\nc\n"),
		EXAMPLE("a\033[\x9B"
			"31mb\n",
			"a\xEF\xBF\xBD"
			"31mb\n"),
		EXAMPLE("\033[12\033[1mx\033[3\xC3\xA9y\n", "x\xC3\xA9y\n"),
		EXAMPLE("\033]0;t\x18x\n", "x\n"),
		EXAMPLE("\xC2\x9B"
			"32mx\xC2\x9D"
			"0;t\xC2\x9Cy\xC2\x85z\n",
			"xyz\n"),
		EXAMPLE("\x9B"
			"1;32mx\x9Bmy\033]0;t\x9Cz\n",
			"xyz\n"),
		EXAMPLE("\x9B\n\x9B\xC3\xA9\n\x9B",
			"\xEF\xBF\xBD\n\xEF\xBF\xBD\xC3\xA9\n\xEF\xBF\xBD\n"),
		EXAMPLE("a\0b\001c\177d\a\n", "abcd\n"),
		EXAMPLE("^[[1;32mdumped^[[0m by cat -v^[[K\n", "dumped by cat -v\n"),
		EXAMPLE("a^[[ ^[[x ^[[31\xC3\xA9 ^ ^[[5A ^[[\n",
			"a^[[ ^[[x ^[[31\xC3\xA9 ^ ^[[5A ^[[\n"),
		EXAMPLE("\033[?25l\033[>4;1mx\033[5n\n", "x\n"),
	};
	assert_examples(examples, COUNT(examples), 0);
}

static void clean_remembers_red(void **state)
{
	(void)state;
	static const struct example examples[] = {
		EXAMPLE("\033[31mbad\033[0m\nfine\n", "bad<red>\nfine\n"),
		EXAMPLE("\033[91mbad\n", "bad<red>\n"),
		EXAMPLE("\033[1;31mbad\n", "bad<red>\n"),
		EXAMPLE("\033[38;5;196mbad\n\033[38;5;1mx\n\033[38:5:9mx\n",
			"bad<red>\nx<red>\nx<red>\n"),
		EXAMPLE("\033[38;2;200;10;10mbad\n", "bad<red>\n"),
		EXAMPLE("\033[38;5;31mblue\n\033[48;5;31mx\n\033[1;38;5;46mgreen\n",
			"blue\nx\ngreen\n"),
		EXAMPLE("\033[31m\033[0mx\n\033[31m \033[39mx\n\033[31;32mx\n", "x\n x\nx\n"),
		EXAMPLE("\033[31m\033[mx\n", "x\n"),
		EXAMPLE("\033[?31mx\n", "x\n"),
		EXAMPLE("^[[31mbad^[[0m\n^[[31m^[[0mfine\n", "bad<red>\nfine\n"),
		EXAMPLE("\033[31m\xE2\x9C\x97\n", "\xE2\x9C\x97<red>\n"),
	};
	assert_examples(examples, COUNT(examples), 0);
}

static void clean_repairs_utf8(void **state)
{
	(void)state;
#define BAD "\xEF\xBF\xBD"
	static const struct example examples[] = {
		EXAMPLE("a\xFF"
			"b\xC3\n",
			"a" BAD "b" BAD "\n"),
		EXAMPLE("\xE2\x82\n\xE2\x82x\n", BAD "\n" BAD "x\n"),
		EXAMPLE("\xC0\xAF\n", BAD BAD "\n"),                 // overlong
		EXAMPLE("\xE0\x80\xAF\n", BAD BAD BAD "\n"),         // overlong
		EXAMPLE("\xED\xA0\x80\n", BAD BAD BAD "\n"),         // a surrogate
		EXAMPLE("\xF4\x90\x80\x80\n", BAD BAD BAD BAD "\n"), // beyond U+10FFFF
		EXAMPLE("\xF0\x9F\x9A", BAD "\n"),
		EXAMPLE("\xE2\x82\xE2\x82\xAC\n", BAD "\xE2\x82\xAC\n"),
		EXAMPLE("a\xEF\xBB\xBF\n" BAD "\n", "a\xEF\xBB\xBF\n" BAD "\n"),
	};
	assert_examples(examples, COUNT(examples), 0);
}

static void clean_tells_encodings_apart(void **state)
{
	(void)state;
	static const struct example inputs[] = {
		EXAMPLE("first line\rsecond line\rthird one\r",
			"first line\nsecond line\nthird one\n"),
		EXAMPLE("\xEF\xBB\xBFgr\xC3\xBC\xC3\x9F \xF0\x9F\x9A\xA8\n",
			"gr\xC3\xBC\xC3\x9F \xF0\x9F\x9A\xA8\n"),
		EXAMPLE("\xFF\xFEo\0k\0\r\0\n\0\xE9\0", "ok\n\xC3\xA9\n"),
		EXAMPLE("\xFE\xFF\0o\0k\0\n\0x", "ok\nx\n"),
		EXAMPLE("e\0r\0r\0o\0r\0!\0\n\0", "error!\n"),
		EXAMPLE("\0e\0r\0r\0o\0r\0!\0\n", "error!\n"),
		EXAMPLE("\xFF\xFE\x3D\xD8\xA8\xDE\n\0", "\xF0\x9F\x9A\xA8\n"),
		EXAMPLE("\xFF\xFE\x3D\xD8x\0\xA8\xDE\n\0", BAD "x" BAD "\n"),
		EXAMPLE("\xFF\xFE\x3D\xD8", BAD "\n"),
		EXAMPLE("\xFF\xFEx\0y", "x" BAD "\n"),
		EXAMPLE("\xFF\xFE\x1B\0[\0"
			"3\0"
			"1\0m\0x\0\n\0",
			"x<red>\n"),
	};
	assert_inputs(inputs, COUNT(inputs));
}

// However a feed cuts a pair, also beyond the first bytes.
static void clean_decodes_long_utf16(void **state)
{
	(void)state;
	struct bs_buf input;
	bs_buf_init(&input, 64 * 1024);
	bs_buf_add(&input, BS_LIT("\xFF\xFE"));
	while (input.len < BS_SNIFF_BYTES + 100)
		bs_buf_add(&input, BS_LIT("o\0k\0\x3D\xD8\xA8\xDE\n\0"));
	struct seen whole;
	clean_in_pieces(bs_buf_str(&input), 0, WHOLE, 0, &whole, NULL);
	assert_true(bs_str_starts(bs_buf_str(&whole.text), BS_LIT("ok\xF0\x9F\x9A\xA8\nok")));
	for (size_t step = 1; step < 12; step++) {
		struct seen seen;
		clean_in_pieces(bs_buf_str(&input), 0, WHOLE, step, &seen, NULL);
		assert_true(bs_str_eq(bs_buf_str(&seen.text), bs_buf_str(&whole.text)));
		bs_buf_release(&seen.text);
	}
	bs_buf_release(&whole.text);
	bs_buf_release(&input);
}

static void clean_strips_stamps_of_ci_systems(void **state)
{
	(void)state;
	static const struct example examples[] = {
		EXAMPLE("[2026-08-21T10:20:30Z] x\n", "x\n"),
		EXAMPLE("[2026-08-21T10:20:30.123+02:00] x\n", "x\n"),
		EXAMPLE("2026-08-21T10:20:30.1234567Z x\n2026-08-21T10:20:30.1234567Z\n", "x\n\n"),
		EXAMPLE("2026-08-21T10:20:30.123456Z 00O x\n2026-08-21T10:20:30.123456Z 01E+x\n",
			"x\nx\n"),
		EXAMPLE("[task 2026-08-21T10:20:30.123Z] x\n", "x\n"),
		EXAMPLE("[vcs 2026-08-21T10:20:30.123Z] x\n", "x\n"),
		EXAMPLE("[vcs\n[v2026] x\n", "[vcs\n[v2026] x\n"),
		EXAMPLE("build\tRun make\t2026-08-21T10:20:30.1234567Z x\n", "x\n"),
		EXAMPLE("build\tRun\t\xEF\xBB\xBF"
			"2026-08-21T10:20:30.1234567Z x\n",
			"x\n"),
		EXAMPLE("\033_bk;t=1\a[2026-08-21T10:20:30Z] x\n", "x\n"),
		// not stamps of a CI system, or not surely
		EXAMPLE("10:20:30 x\n2026-08-21 10:20:30 x\n",
			"10:20:30 x\n2026-08-21 10:20:30 x\n"),
		EXAMPLE("[2026-08-21] x\n2026-08-21T10:20:30Zx\n",
			"[2026-08-21] x\n2026-08-21T10:20:30Zx\n"),
		EXAMPLE("2026-08-21T10:20:30\n[2026-08-21T10:20:30Z\n",
			"2026-08-21T10:20:30\n[2026-08-21T10:20:30Z\n"),
		EXAMPLE("[task\n[\n2\na\tb\n", "[task\n[\n2\na\tb\n"),
	};
	assert_examples(examples, COUNT(examples), 0);
	static const struct example kept[] = {
		EXAMPLE("[2026-08-21T10:20:30Z] x\n\033_bk;t=1\ay\n",
			"[2026-08-21T10:20:30Z] x\ny\n"),
	};
	assert_examples(kept, COUNT(kept), BS_CLEAN_KEEP_STAMPS);
}

// A string of `bytes` bytes made of `unit` over and over, then `end`.
static struct bs_buf repeated(const char *unit, size_t bytes, const char *end)
{
	struct bs_buf buf;
	bs_buf_init(&buf, 64 * 1024 * 1024);
	while (buf.len < bytes)
		bs_buf_add_c(&buf, unit);
	bs_buf_add_c(&buf, end);
	return buf;
}

static void clean_keeps_head_and_tail_of_a_long_line(void **state)
{
	(void)state;
	static const char *const units[] = {"0123456789", "\xE2\x82\xAC", "\xF0\x9F\x9A\xA8x"};
	static const size_t sizes[] = {BS_LINE_BYTES_MAX - 24, BS_LINE_BYTES_MAX + 1, 300 * 1000};
	for (size_t i = 0; i < COUNT(units); i++)
		for (size_t k = 0; k < COUNT(sizes); k++) {
			struct bs_buf input = repeated(units[i], sizes[k], "the end");
			struct seen seen, again;
			clean_in_pieces(bs_buf_str(&input), 0, WHOLE, 4096, &seen, NULL);
			clean_in_pieces(bs_buf_str(&input), 0, WHOLE, 0, &again, NULL);
			assert_true(bs_str_eq(bs_buf_str(&seen.text), bs_buf_str(&again.text)));
			struct bs_str text = bs_buf_str(&seen.text);
			assert_true(bs_str_is_utf8(text));
			bool cut = sizes[k] > BS_LINE_BYTES_MAX;
			assert_true(bs_str_has(text, BS_LIT(" bytes left out…] ")) == cut);
			assert_true(bs_str_ends(
				text, cut ? BS_LIT("the end<cut>\n") : BS_LIT("the end\n")));
			assert_true(text.len <= BS_LINE_BYTES_MAX + sizeof("<cut>"));
			assert_true(bs_str_starts(text, bs_str_c(units[i])));
			bs_buf_release(&seen.text);
			bs_buf_release(&again.text);
			bs_buf_release(&input);
		}
	// The number in the marker is what is missing.
	struct bs_buf input = repeated("0123456789", 100 * 1000, "");
	struct seen seen;
	clean_in_pieces(bs_buf_str(&input), 0, WHOLE, 1000, &seen, NULL);
	struct bs_str text = bs_buf_str(&seen.text);
	size_t marker = bs_str_find(text, BS_LIT(" […"));
	size_t after = bs_str_find(text, BS_LIT("…] "));
	assert_int_equal(marker, BS_LINE_HEAD_BYTES);
	struct bs_str rest = bs_str_from(text, marker + sizeof(" […") - 1), number;
	uint64_t missing = 0;
	assert_true(bs_str_split(&rest, ' ', &number));
	assert_true(bs_str_to_u64(number, &missing));
	size_t tail = text.len - after - (sizeof("…] ") - 1) - (sizeof("<cut>\n") - 1);
	assert_int_equal(missing + marker + tail, 100 * 1000);
	bs_buf_release(&seen.text);
	bs_buf_release(&input);
}

static void clean_gives_an_endless_escape_up_after_4_kib(void **state)
{
	(void)state;
	struct bs_buf input;
	bs_buf_init(&input, 100000);
	bs_buf_add_c(&input, "a\033]8;;");
	for (size_t i = 0; i < 5000; i++)
		bs_buf_add_char(&input, 'x');
	bs_buf_add_c(&input, "error\n");
	struct seen seen;
	clean_in_pieces(bs_buf_str(&input), 0, WHOLE, 0, &seen, NULL);
	struct bs_str text = bs_buf_str(&seen.text);
	assert_true(bs_str_ends(text, BS_LIT("xerror\n")));
	assert_true(text.len + BS_ESCAPE_BYTES_MAX >= input.len);
	bs_buf_release(&seen.text);
	bs_buf_release(&input);
}

static void clean_collapses_a_million_redraws(void **state)
{
	(void)state;
	struct bs_buf input;
	bs_buf_init(&input, 64 * 1024 * 1024);
	for (unsigned i = 0; i < 1000000; i++)
		bs_buf_addf(&input, "\r%7u of 1000000", i);
	bs_buf_add_c(&input, "\ndone\n");
	struct seen seen;
	clean_in_pieces(bs_buf_str(&input), 0, WHOLE, 65536, &seen, NULL);
	assert_str(bs_buf_str(&seen.text), " 999999 of 1000000\ndone\n");
	bs_buf_release(&seen.text);
	bs_buf_release(&input);
}

static void clean_counts_what_it_saw(void **state)
{
	(void)state;
	struct seen seen;
	struct bs_clean_stats stats;
	clean_in_pieces(BS_LIT(" \t\n\033[0m\n \n"), 0, 3, 0, &seen, &stats);
	assert_int_equal(stats.input_bytes, 10);
	assert_int_equal(stats.input_lines, 3);
	assert_false(stats.had_content);
	bs_buf_release(&seen.text);
	clean_in_pieces(BS_LIT("\n\nx"), 0, 3, 0, &seen, &stats);
	assert_int_equal(stats.input_lines, 3);
	assert_true(stats.had_content);
	bs_buf_release(&seen.text);
}

#define HOLE 5000

static void assert_binary(struct bs_str input, const char *words)
{
	struct bs_clean *clean = NULL;
	struct bs_err err = {0};
	struct seen seen = {0};
	bs_buf_init(&seen.text, 1024 * 1024);
	assert_int_equal(bs_clean_new(0, (struct bs_line_sink){note, &seen}, &clean, &err), BS_OK);
	enum bs_status status = bs_clean_feed(clean, input, &err);
	if (status == BS_OK)
		status = bs_clean_finish(clean, &err);
	assert_int_equal(status, BS_INPUT);
	assert_int_equal(seen.last_number, 0);
	if (!strstr(err.msg, words))
		fail_msg("\"%s\" does not say \"%s\"", err.msg, words);
	bs_clean_free(clean);
	bs_buf_release(&seen.text);
}

static void clean_refuses_what_is_no_text(void **state)
{
	(void)state;
	assert_binary(BS_LIT("\x1f\x8b\x08\0"), "gzip -dc");
	assert_binary(BS_LIT("PK\x03\x04"), "zip archive");
	assert_binary(BS_LIT("\x7f"
			     "ELF\x02"),
		"ELF");
	assert_binary(BS_LIT("\x28\xb5\x2f\xfd"), "zstd");
	assert_binary(BS_LIT("BZh91AY&SY"), "bzip2");
	assert_binary(BS_LIT("%PDF-1.7"), "PDF");
	char noise[10000];
	uint32_t seed = 1;
	for (size_t i = 0; i < sizeof(noise); i++) {
		seed = seed * 1664525 + 1013904223;
		noise[i] = (char)(seed >> 24);
	}
	assert_binary(bs_str(noise, sizeof(noise)), "binary data");
	assert_binary(bs_str(noise, 2000), "binary data");
	memset(noise, 0, HOLE);
	assert_binary(
		bs_str(noise, sizeof(noise)), "binary data"); // behind the hole it is still noise
}

// What copytruncate leaves of a log that somebody went on writing to.
static void clean_passes_over_a_hole_at_the_front(void **state)
{
	(void)state;
	static const size_t holes[] = {4, 300, HOLE, 3 * BS_SNIFF_BYTES + 5};
	for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++)
		for (size_t step = 0; step <= 7; step += 7) {
			struct bs_buf input;
			struct seen seen;
			bs_buf_init(&input, 1024 * 1024);
			for (size_t k = 0; k < holes[i]; k++)
				bs_buf_add_char(&input, '\0');
			bs_buf_add(&input, BS_LIT("make: *** [all] Error 2\nwell\n"));
			clean_in_pieces(bs_buf_str(&input), 0, step ? step : WHOLE, 0, &seen, NULL);
			assert_str(bs_buf_str(&seen.text), "make: *** [all] Error 2\nwell\n");
			bs_buf_release(&seen.text);
			bs_buf_release(&input);
		}
}

static void clean_takes_a_log_with_some_odd_bytes(void **state)
{
	(void)state;
	struct bs_buf input = repeated("a normal line of some length\n", 4000, "");
	for (int c = 0; c < 256; c++)
		bs_buf_add_char(&input, (char)c);
	struct seen seen;
	clean_in_pieces(bs_buf_str(&input), 0, WHOLE, 0, &seen, NULL);
	assert_true(bs_str_is_utf8(bs_buf_str(&seen.text)));
	bs_buf_release(&seen.text);
	bs_buf_release(&input);
}

static enum bs_status refuse(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	(void)ctx;
	return line->number == 2 ? bs_fail(err, BS_LIMIT, "enough") : BS_OK;
}

static void clean_passes_a_failure_of_its_sink_up(void **state)
{
	(void)state;
	struct bs_clean *clean = NULL;
	struct bs_err err = {0};
	assert_int_equal(bs_clean_new(0, (struct bs_line_sink){refuse, NULL}, &clean, &err), BS_OK);
	assert_int_equal(bs_clean_feed(clean, BS_LIT("1\n2\n3\n"), &err), BS_OK);
	assert_int_equal(bs_clean_finish(clean, &err), BS_LIMIT);
	assert_string_equal(err.msg, "enough");
	bs_clean_free(clean);
	bs_clean_free(NULL);
}

static void clean_inline_leaves_one_harmless_line(void **state)
{
	(void)state;
	static const struct example examples[] = {
		EXAMPLE("plain", "plain"),
		EXAMPLE("a\nb\r\nc\td\xE2\x80\xA8"
			"e",
			"a b  c d e"),
		EXAMPLE("\033[31mred\033[0m \033]8;;http://e.x\alink\033]8;;\a", "red link"),
		EXAMPLE("a\xE2\x80\xAE"
			"b\xE2\x80\x8B"
			"c\xE2\x81\xA6"
			"d\xEF\xBB\xBF"
			"e",
			"abcde"),
		EXAMPLE("\0x\177\xC2\x85y\a", "xy"),
		EXAMPLE("\xFFx\xE2\x82", BAD "x" BAD),
		EXAMPLE("\xE2\x82\xE2\x82\xAC", BAD "\xE2\x82\xAC"),
		EXAMPLE("\xF3\xA0\x81\x81tag", "tag"),
	};
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct bs_buf out;
		bs_buf_init(&out, 1000);
		bs_clean_inline(examples[i].input, &out);
		assert_str(bs_buf_str(&out), examples[i].expected.ptr);
		bs_buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_splits_lines),
		cmocka_unit_test(clean_resolves_redraws),
		cmocka_unit_test(clean_takes_escapes_out),
		cmocka_unit_test(clean_remembers_red),
		cmocka_unit_test(clean_repairs_utf8),
		cmocka_unit_test(clean_tells_encodings_apart),
		cmocka_unit_test(clean_decodes_long_utf16),
		cmocka_unit_test(clean_strips_stamps_of_ci_systems),
		cmocka_unit_test(clean_keeps_head_and_tail_of_a_long_line),
		cmocka_unit_test(clean_gives_an_endless_escape_up_after_4_kib),
		cmocka_unit_test(clean_collapses_a_million_redraws),
		cmocka_unit_test(clean_counts_what_it_saw),
		cmocka_unit_test(clean_refuses_what_is_no_text),
		cmocka_unit_test(clean_passes_over_a_hole_at_the_front),
		cmocka_unit_test(clean_takes_a_log_with_some_odd_bytes),
		cmocka_unit_test(clean_passes_a_failure_of_its_sink_up),
		cmocka_unit_test(clean_inline_leaves_one_harmless_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
